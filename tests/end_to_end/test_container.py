"""Does the image serve, as its own user, from its volume, until it is told to stop?"""

from __future__ import annotations

import ast
import json
import os
import shutil
import signal
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BASE = "python:3.13-slim"
USER = 10001
GRACE = 10  # seconds until Docker kills
LONGEST = 180  # seconds for a container to come up on a busy machine
READ_ONLY_ROOT = Path(__file__).with_name("read_only_root.sh")


def buildah(*arguments: str | Path) -> str:
    run = subprocess.run(["buildah", *arguments], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout.strip()


def as_pip_is_configured(folder: Path) -> list[str]:
    """Options that show the build the caller's package folders, certificates and indexes."""
    show = subprocess.run(
        ["python3", "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    )
    values = {}
    for line in show.stdout.splitlines():
        name, _, value = line.partition("=")
        values[name.rpartition(".")[2]] = ast.literal_eval(value).split()
    text = "".join(f"{name} = {' '.join(value)}\n" for name, value in values.items())
    configuration = folder / "pip.conf"
    configuration.write_text(f"[global]\n{text}", encoding="utf-8")
    shown = {part for value in values.values() for part in value if Path(part).exists()}
    return [f"-v={path}:{path}:ro" for path in shown] + [f"-v={configuration}:/etc/pip.conf:ro"]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not shutil.which("buildah"):
        pytest.skip("buildah is not installed")
    if os.geteuid():
        pytest.skip("only root builds an image where there is no container engine")
    if subprocess.run(["buildah", "inspect", BASE], capture_output=True, check=False).returncode:
        pytest.skip(f"there is no image {BASE} here to build on")
    name = f"localhost/ritaglio-test-{os.getpid()}"
    options = ["--format=docker", "--isolation=chroot", "--network=host", "--pull-never"]
    configured = as_pip_is_configured(tmp_path_factory.mktemp("pip"))
    buildah("build", *options, *configured, "-t", name, ROOT)
    yield name
    buildah("rmi", "--force", name)


@dataclass
class Container:
    """A container of the image on a port of the host, whose network it shares."""

    name: str
    configuration: dict
    volume: Path
    port: int
    articles: Path | None = None
    process: subprocess.Popen[str] | None = None

    def command(self, *command: str) -> list[str]:
        mounts = [f"-v={self.volume}:/var/lib/ritaglio"]
        if self.articles:
            mounts.append(f"-v={self.articles}:/articles:ro")
        environment = [f"--env=RITAGLIO_PORT={self.port}"]
        options = [*mounts, *environment, "--isolation=chroot"]
        return ["buildah", "run", *options, self.name, "--", *command]

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        entry = self.configuration["Entrypoint"]
        return subprocess.run(
            self.command(*entry, *command), capture_output=True, text=True, check=False
        )

    def start(self) -> None:
        """Start what the image starts, and return once it is ready."""
        command = [*self.configuration["Entrypoint"], *self.configuration["Cmd"]]
        self.start_by(self.command(*command), self.is_healthy)

    def start_by(self, command: list[str], ready: Callable[[], bool]) -> None:
        """Start *command*, and return once it is *ready*."""
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        until = time.monotonic() + LONGEST
        while not ready():
            assert self.process.poll() is None, self.process.stdout.read()
            assert time.monotonic() < until
            time.sleep(0.1)

    def is_healthy(self) -> bool:
        kind, *command = self.configuration["Healthcheck"]["Test"]
        assert kind == "CMD"
        check = subprocess.run(self.command(*command), capture_output=True, check=False)
        return check.returncode == 0

    def processes(self) -> list[int]:
        """buildah's own processes, then those of the container, each after its parent."""
        found = [self.process.pid] if self.process and self.process.poll() is None else []
        for pid in found:
            for children in Path(f"/proc/{pid}/task").glob("*/children"):
                found += [int(child) for child in children.read_text().split()]
        return found

    def first_process(self) -> int:
        """The process that would be number 1."""
        for pid in self.processes():
            program = Path(f"/proc/{pid}/exe").readlink().name
            if not program.startswith(("buildah", "memfd:buildah")):
                return pid
        raise AssertionError("the container has no process")

    def stop(self) -> float:
        """Ask the first process to stop, as Docker does; return the seconds it took."""
        started = time.monotonic()
        os.kill(self.first_process(), signal.SIGTERM)
        self.process.communicate(timeout=2 * GRACE)
        return time.monotonic() - started

    def kill(self) -> None:
        """Leave nothing behind, whatever a test has left running."""
        for pid in reversed(self.processes()):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if self.process:
            self.process.communicate()

    def answers(self) -> bool:
        """Whether it can be asked from here, which takes no other container."""
        with suppress(OSError):
            return bool(self.search("piano"))
        return False

    def read_only(self, *command: str) -> list[str]:
        """Return the command that runs *command* on a read-only root, without any right."""
        root = buildah("mount", self.name)
        given = dict(each.split("=", 1) for each in self.configuration["Env"])
        given |= {"RITAGLIO_HOST": "127.0.0.1", "RITAGLIO_PORT": str(self.port)}
        environment = ["/usr/bin/env", "-i", *(f"{name}={value}" for name, value in given.items())]
        within = ["unshare", "-m", "sh", READ_ONLY_ROOT, root, self.volume, USER]
        return [*map(str, within), *environment, *self.configuration["Entrypoint"], *command]

    def search(self, words: str) -> list[str]:
        url = f"http://127.0.0.1:{self.port}/search?{urllib.parse.urlencode({'q': words})}"
        with urllib.request.urlopen(url, timeout=10) as answer:
            return sorted(result["id"][:3] for result in json.load(answer)["results"])


@pytest.fixture
def container(image: str, port: int, tmp_path: Path) -> Iterator[Container]:
    volume = tmp_path / "volume"
    volume.mkdir()
    os.chown(volume, USER, USER)
    name = buildah("from", image)
    configuration = json.loads(buildah("inspect", name))["Docker"]["config"]
    container = Container(name, configuration, volume, port)
    yield container
    container.kill()
    buildah("rm", container.name)


def test_it_serves_the_seeds_as_its_own_user_and_writes_nowhere_else(container: Container) -> None:
    started = time.time()
    container.start()
    assert container.search("piano di pace") == ["000", "001", "002", "003", "004"]

    status = Path(f"/proc/{container.first_process()}/status").read_text()
    assert f"\nUid:\t{USER}\t{USER}\t{USER}\t{USER}\n" in status
    assert f"\nGid:\t{USER}\t{USER}\t{USER}\t{USER}\n" in status

    root = Path(buildah("mount", container.name))
    written = [
        path
        for path in root.rglob("*")
        if path.is_file() and not path.is_symlink() and path.stat().st_ctime > started
    ]
    # buildah itself writes these for each run, as other engines do.
    assert {path.relative_to(root).as_posix() for path in written} <= {
        "etc/hosts",
        "run/.containerenv",
    }

    assert container.stop() < GRACE
    assert container.process.returncode == 0
    assert not container.is_healthy()


@pytest.mark.parametrize("package", ["indexer.engines.whoosh", "service.snippets"])
def test_it_has_the_kernels(container: Container, package: str) -> None:
    asked = f"from {package} import native; print(bool(native.library()))"
    assert container.run("python", "-c", asked).stdout == "True\n"


def test_the_index_survives_in_the_volume(container: Container, image: str) -> None:
    container.start()
    container.stop()
    deleted = container.run("ritaglio-indexer", "delete", "000_619899935692ca9f")
    assert deleted.returncode == 0, deleted.stderr

    buildah("rm", container.name)
    container.name = buildah("from", image)
    container.start()
    assert container.search("piano di pace") == ["001", "002", "003", "004"]


def test_articles_that_are_mounted_take_the_place_of_the_seeds(
    container: Container, tmp_path: Path
) -> None:
    container.articles = tmp_path / "articles"
    container.articles.mkdir()
    (container.articles / "bicicletta.txt").write_text("Il piano delle piste ciclabili.\n")
    container.start()
    assert container.search("piano") == ["bic"]


def test_a_volume_it_may_not_write_is_told_in_a_sentence(container: Container) -> None:
    os.chown(container.volume, 0, 0)
    run = container.run(*container.configuration["Cmd"])
    assert run.returncode != 0
    assert "Traceback" not in run.stderr
    assert "/var/lib/ritaglio" in run.stderr


def test_it_serves_and_writes_on_a_read_only_root_without_any_right(container: Container) -> None:
    probe = subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False)
    if probe.returncode:
        pytest.skip("no mount namespace of one's own here")

    def run(*command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            container.read_only(*command), capture_output=True, text=True, check=False
        )

    for path in ("/x", "/usr/share/ritaglio/x", "/var/tmp/x", "/dev/x"):
        assert "Read-only file system" in run("touch", path).stderr
    container.start_by(container.read_only(*container.configuration["Cmd"]), container.answers)
    assert container.search("piano di pace") == ["000", "001", "002", "003", "004"]
    status = Path(f"/proc/{container.process.pid}/status").read_text()
    assert f"\nUid:\t{USER}\t{USER}\t{USER}\t{USER}\n" in status
    assert "\nCapBnd:\t0000000000000000\n" in status
    assert "\nNoNewPrivs:\t1\n" in status

    put = urllib.request.Request(
        f"http://127.0.0.1:{container.port}/articles/zib",
        b'{"id": "zib", "text": "Uno zibaldone."}',
        {"Content-Type": "application/json"},
        method="PUT",
    )
    with urllib.request.urlopen(put, timeout=10) as answer:
        assert answer.status == 201
    assert run("ritaglio-indexer", "rebuild").returncode == 0
    assert run("ritaglio-indexer", "check").returncode == 0
    assert container.search("zibaldone") == ["zib"]

    started = time.monotonic()
    container.process.send_signal(signal.SIGTERM)
    container.process.communicate(timeout=2 * GRACE)
    assert container.process.returncode == 0
    assert time.monotonic() - started < GRACE
