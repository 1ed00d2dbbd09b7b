"""Do backups, restores and rollbacks work on the command line, with a service that answers on?"""

from __future__ import annotations

import gzip
import http.client
import json
import os
import pty
import re
import resource
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import zstandard

from tests.end_to_end.waiting import until

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seeds") / "index"
    assert run("add", "seeds/", "--index", f"whoosh:{folder}").returncode == 0
    return folder


@pytest.fixture
def url(seeds: Path, tmp_path: Path) -> str:
    """An index of five articles, the test's own."""
    shutil.copytree(seeds, tmp_path / "index")
    return f"whoosh:{tmp_path / 'index'}"


def run(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    options = {"capture_output": True, "text": True, "timeout": 60, **options}
    return subprocess.run([*indexer(*arguments)], cwd=ROOT, check=False, **options)


def indexer(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "indexer", *arguments]


def articles(url: str) -> int:
    return int(json.loads(run("stats", "--json", "--index", url).stdout)["articles"])


def test_a_backup_brings_back_what_was_deleted(url: str, tmp_path: Path) -> None:
    file = str(tmp_path / "ritaglio.tar.zst")
    backed = run("backup", file, "--index", url)
    assert (backed.returncode, backed.stderr) == (0, "")
    assert backed.stdout.startswith(f"{file}: 5 articles of generation 1, 0.1 MB, 0.1 MB unpacked")
    run("delete", "001_893e1bd431c83a89", "--index", url)

    refused = run("restore", file, "--index", url)
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert "--replace" in refused.stderr
    assert articles(url) == 4

    restored = run("restore", file, "--replace", "--index", url)
    assert (restored.returncode, restored.stderr) == (0, "")
    assert restored.stdout.startswith(f"{url}: 5 articles restored, as backed up 20")
    assert "kept for a rollback: 4 articles until 20" in restored.stdout
    assert articles(url) == 5
    assert "kept         4 articles until 20" in run("stats", "--index", url).stdout

    back = run("rollback", "--index", url)
    assert (back.returncode, back.stderr) == (0, "")
    assert back.stdout.startswith(f"{url}: back to 4 articles, as of 20")
    assert articles(url) == 4

    forgotten = run("rollback", "--forget", "--index", url)
    assert forgotten.stdout == f"{url}: forgot 5 articles, 0.1 MB freed\n"
    assert run("rollback", "--index", url).returncode == 2
    assert "kept" not in run("stats", "--index", url).stdout


def test_a_rebuild_says_what_it_keeps_and_may_keep_nothing(url: str) -> None:
    assert "\nkept for a rollback: 5 articles" in run("rebuild", "--index", url).stdout
    run("rollback", "--forget", "--index", url)
    assert "kept" not in run("rebuild", "--no-keep", "--index", url).stdout


def test_a_rebuild_after_an_upgrade_says_who_can_go_back(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests/engines/format2", tmp_path / "index")
    url = f"whoosh:{tmp_path / 'index'}"
    cannot = "an index that this version cannot put back (another version's, or damaged) until 20"
    assert f"\nkept for a rollback: {cannot}" in run("rebuild", "--index", url).stdout
    refused = run("rollback", "--index", url)
    assert refused.returncode == 2
    assert "run rollback with that version" in refused.stderr
    assert articles(url) == 2


def test_a_backup_goes_through_a_pipe_to_another_index(url: str, tmp_path: Path) -> None:
    there = f"whoosh:{tmp_path / 'there'}"
    with subprocess.Popen(
        indexer("backup", "-", "--index", url),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as backing_up:
        restored = run("restore", "-", "--index", there, stdin=backing_up.stdout)
        assert backing_up.stderr is not None
        assert "5 articles" in backing_up.stderr.read()
    assert (restored.returncode, backing_up.returncode) == (0, 0)
    assert "kept" not in restored.stdout
    assert articles(there) == 5


def test_an_export_is_indexed_again_to_the_same_export(url: str, tmp_path: Path) -> None:
    there = f"whoosh:{tmp_path / 'there'}"
    exported = run("export", str(tmp_path / "a.jsonl.gz"), "--index", url)
    assert (exported.returncode, exported.stderr) == (0, "")
    assert exported.stdout.startswith(f"{tmp_path / 'a.jsonl.gz'}: 5 articles, ")
    assert run("add", str(tmp_path / "a.jsonl.gz"), "--index", there).returncode == 0
    run("export", str(tmp_path / "a.jsonl.zst"), "--index", url)
    again = run("add", str(tmp_path / "a.jsonl.zst"), "--index", there)
    assert again.stdout.startswith(f"{there}: 0 articles added, 5 replaced, 0 skipped, ")
    lines = [run("export", "-", "--index", each).stdout.splitlines() for each in (url, there)]
    first, second = (
        [{**json.loads(line), "indexed_at": ""} for line in exported] for exported in lines
    )
    assert first == second
    assert len(first) == 5
    assert all(each["raw"] or each["text"] for each in first)


@pytest.mark.parametrize("packing", ["none", "gz", "zst"])
def test_an_export_goes_through_a_pipe_to_another_index(
    url: str, tmp_path: Path, packing: str
) -> None:
    there = f"whoosh:{tmp_path / 'there'}"
    exported = run("export", "-", "--compress", packing, "--index", url, text=False).stdout
    added = run("add", "-", "--index", there, input=exported, text=False)
    assert added.stdout.decode().startswith(f"{there}: 5 articles added, 0 replaced, 0 skipped, ")


def test_an_export_is_packed_by_its_name_or_as_told(url: str, tmp_path: Path) -> None:
    plain = run("export", "-", "--index", url, text=False).stdout
    for name, packing, unpack in (
        ("a.jsonl", None, bytes),
        ("a.jsonl.gz", None, gzip.decompress),
        (
            "a.jsonl.zst",
            None,
            lambda packed: zstandard.ZstdDecompressor().decompressobj().decompress(packed),
        ),
        ("a.JSONL.GZ", None, gzip.decompress),
        ("a", "gz", gzip.decompress),
        ("b.gz", "gz", gzip.decompress),
    ):
        told = ["--compress", packing] if packing else []
        assert run("export", str(tmp_path / name), *told, "--index", url).returncode == 0
        assert unpack((tmp_path / name).read_bytes()) == plain
    packed = (tmp_path / "a.jsonl.gz").read_bytes()
    run("export", str(tmp_path / "a.jsonl.gz"), "--force", "--index", url)
    assert (tmp_path / "a.jsonl.gz").read_bytes() == packed  # no time in it


@pytest.mark.parametrize(
    ("name", "packing"),
    [("a.jsonl.gz", "zst"), ("a.jsonl.zst", "gz"), ("a.jsonl.GZ", "none"), ("a.jsonl", "gz")],
)
def test_an_export_whose_name_would_mislead_is_refused(
    url: str, tmp_path: Path, name: str, packing: str
) -> None:
    refused = run("export", str(tmp_path / name), "--compress", packing, "--index", url)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == (
        f"{tmp_path / name} ends in {Path(name).suffix.lower()} and would be read as that: "
        f"leave --compress {packing} out, or name another file.\n"
    )
    assert not (tmp_path / name).exists()


@pytest.mark.skipif(not shutil.which("zstd"), reason="zstd is not installed")
def test_a_backup_needs_only_tar_and_sha256sum_to_be_read(url: str, tmp_path: Path) -> None:
    run("backup", str(tmp_path / "b.tar.zst"), "--index", url)
    (tmp_path / "there").mkdir()
    subprocess.run(["tar", "--zstd", "-xf", "../b.tar.zst"], cwd=tmp_path / "there", check=True)
    subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=tmp_path / "there", check=True)
    assert articles(f"whoosh:{tmp_path / 'there'}") == 5


def test_the_commands_that_the_page_tells_of_do_what_it_says(url: str, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    section = page.partition("## Keeping the index")[2].partition("\n## ")[0]
    commands = [
        line
        for block in re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
        for line in block.splitlines()
    ]
    assert any("backup" in command for command in commands)
    for command in commands:
        words = command.split()
        assert words[:3] == ["python", "-m", "indexer"], command
        done = subprocess.run(
            [sys.executable, *words[1:]],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), "RITAGLIO_INDEX": url},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (command, done.stderr)
    assert articles(url) == 5


def test_a_file_is_overwritten_only_when_told(url: str, tmp_path: Path) -> None:
    file = tmp_path / "mine"
    file.write_text("mine")
    refused = run("backup", str(file), "--index", url)
    assert refused.returncode == 2
    assert refused.stderr == f"{file} exists: name another file, or overwrite it with --force.\n"
    assert file.read_text() == "mine"
    assert run("backup", str(file), "--force", "--index", url).returncode == 0
    assert run("restore", str(file), "--index", f"whoosh:{tmp_path / 'there'}").returncode == 0


@pytest.mark.parametrize(
    ("command", "name"), [("backup", "a"), ("export", "a.jsonl"), ("export", "a.jsonl.gz")]
)
@pytest.mark.parametrize("room", [0, 4_096])
def test_a_place_without_room_for_a_copy_is_told_in_a_sentence(
    url: str, tmp_path: Path, command: str, name: str, room: int
) -> None:
    (tmp_path / "to").mkdir()
    file = tmp_path / "to" / name
    refused = run(
        command, str(file), "--index", url,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
    )  # fmt: skip
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == (
        f"Cannot write {file} (File too large): see that its folder is there, has room, and may "
        "be written to.\n"
    )
    assert not list((tmp_path / "to").iterdir())


@pytest.mark.parametrize(
    "arguments",
    [["backup"], ["export"], ["export", "--compress", "gz"], ["export", "--compress", "zst"]],
)
def test_standard_output_without_room_for_a_copy_is_told_in_a_sentence(
    url: str, arguments: list[str]
) -> None:
    with Path("/dev/full").open("wb") as full:
        refused = run(*arguments, "-", "--index", url, capture_output=False, stdout=full,
                      stderr=subprocess.PIPE)  # fmt: skip
    assert refused.returncode == 2
    assert refused.stderr == (
        "Cannot write to standard output (No space left on device): see that there is room where "
        "it leads.\n"
    )


@pytest.mark.parametrize("command", [["backup"], ["export"], ["restore", "--replace"]])
def test_an_empty_file_name_is_refused(url: str, command: list[str]) -> None:
    refused = run(*command, "", "--index", url)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.endswith("an empty name is none: see whether a variable is unset\n")
    assert articles(url) == 5


def without_rights(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the indexer so that the rights of files hold, for root too."""
    rights = ["setpriv", "--inh-caps=-all", "--bounding-set=-all"] if os.geteuid() == 0 else []
    if rights:
        try:
            subprocess.run([*rights, "true"], capture_output=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            pytest.skip("setpriv cannot take the rights of root away here")
    return subprocess.run(
        [*rights, *indexer(*arguments)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


@pytest.mark.parametrize("command", ["rebuild", "restore"])
def test_a_folder_that_may_not_be_written_is_told_in_a_sentence(
    url: str, tmp_path: Path, command: str
) -> None:
    file, folder = tmp_path / "b", tmp_path / "index"
    run("backup", str(file), "--index", url)
    folder.chmod(0o555)
    more = [str(file), "--replace"] if command == "restore" else []
    refused = without_rights(command, *more, "--index", url)
    folder.chmod(0o755)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == (
        f"The disk refuses {folder} (Permission denied): see that this user may read and write "
        "there, and that the disk is sound; nothing was changed.\n"
    )
    assert articles(url) == 5


def test_an_interrupt_behind_the_switch_claims_nothing_that_is_untrue(
    url: str, tmp_path: Path
) -> None:
    run("backup", str(tmp_path / "b"), "--index", url)
    run("delete", "001_893e1bd431c83a89", "--index", url)
    read, write = os.pipe()
    os.set_blocking(write, False)
    with suppress(BlockingIOError):
        while True:
            os.write(write, b"x" * 4096)
    os.set_blocking(write, True)
    restoring = subprocess.Popen(
        indexer("restore", str(tmp_path / "b"), "--replace", "--index", url),
        cwd=ROOT, stdout=write, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    os.close(write)
    until(lambda: articles(url) == 5, "it has switched")  # and waits to say so
    restoring.send_signal(signal.SIGINT)
    with os.fdopen(read, "rb") as full:
        full.read()
    _, told = restoring.communicate(timeout=60)
    assert restoring.returncode == 130
    assert told == (
        "Interrupted: the index is as it was, or else all was done already: "
        f"python -m indexer stats --index {url} tells which.\n"
    )


def test_a_backup_that_fails_leaves_no_file(url: str, tmp_path: Path) -> None:
    (segment,) = (tmp_path / "index").glob("*.seg")
    content = bytearray(segment.read_bytes())
    content[len(content) // 2] ^= 1
    segment.write_bytes(content)
    (tmp_path / "to").mkdir()
    failed = run("backup", str(tmp_path / "to" / "b"), "--index", url)
    assert failed.returncode == 2
    assert failed.stderr.count("\n") == 1
    assert "damaged" in failed.stderr
    assert not list((tmp_path / "to").iterdir())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["backup", "{tmp}/no/b"], "see that its folder is there"),
        (["backup", "{tmp}"], "exists"),
        (["backup", ".", "--force"], "name a file in it"),
        (["backup", "/"], "name a file in it"),
        (["restore", "{tmp}/no"], "Cannot read"),
        (["restore", "seeds/000_619899935692ca9f.txt", "--replace"], "is damaged, or is none"),
        (["export", "{tmp}"], "exists"),
        (["rollback"], "Nothing is kept"),
        (["rollback", "--forget"], "Nothing is kept"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    url: str, tmp_path: Path, arguments: list[str], said: str
) -> None:
    filled = [each.replace("{tmp}", str(tmp_path)) for each in arguments]
    refused = run(*filled, "--index", url)
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert said in refused.stderr
    assert articles(url) == 5


@pytest.mark.parametrize(
    "arguments", [["backup", "-"], ["export", "-"], ["rollback"], ["rollback", "--forget"]]
)
def test_without_an_index_there_is_nothing_to_copy(tmp_path: Path, arguments: list[str]) -> None:
    refused = run(*arguments, "--index", f"whoosh:{tmp_path / 'none'}")
    assert refused.returncode == 2
    assert "There is no index" in refused.stderr
    assert not (tmp_path / "none").exists()


def test_a_backup_is_not_written_to_a_terminal_or_to_nobody(url: str) -> None:
    master, slave = pty.openpty()
    refused = run("backup", "-", "--index", url, capture_output=False, stdout=slave,
                  stderr=subprocess.PIPE)  # fmt: skip
    os.close(slave)
    os.close(master)
    assert refused.returncode == 2
    assert "terminal" in refused.stderr
    read, write = os.pipe()
    os.close(read)
    left = run("backup", "-", "--index", url, capture_output=False, stdout=write,
               stderr=subprocess.PIPE)  # fmt: skip
    os.close(write)
    assert (left.returncode, left.stderr) == (
        2,
        "The program that was to take the copy went away.\n",
    )


def test_what_a_killed_backup_left_is_written_over(url: str, tmp_path: Path) -> None:
    (tmp_path / ".b.part").write_bytes(b"x" * 1_000_000)
    assert run("backup", str(tmp_path / "b"), "--index", url).returncode == 0
    assert not (tmp_path / ".b.part").exists()
    assert run("restore", str(tmp_path / "b"), "--index", f"whoosh:{tmp_path}/i").returncode == 0


def test_a_service_answers_on_through_restores_rebuilds_and_rollbacks(
    url: str, tmp_path: Path
) -> None:
    run("backup", str(tmp_path / "b"), "--index", url)
    run("delete", "001_893e1bd431c83a89", "--index", url)
    with _serving(url) as port, _asking(port) as totals:
        for command in (
            ["restore", str(tmp_path / "b"), "--replace"],
            ["rollback"],
            ["rollback"],
            ["rebuild"],
            ["restore", str(tmp_path / "b"), "--replace"],
        ):
            done = run(*command, "--index", url)
            assert done.returncode == 0, done.stderr
            # Acknowledged means seen, by every worker.
            expected = articles(url)
            assert {_total(port) for _ in range(10)} == {expected}
    assert set(totals) == {4, 5}


@contextmanager
def _asking(port: int) -> Iterator[list[int]]:
    """Search without a pause while the block runs; yield the totals, of answers alone."""
    totals: list[int] = []
    errors: list[BaseException] = []
    ending = threading.Event()

    def ask() -> None:
        try:
            while not ending.is_set():
                totals.append(_total(port))
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield totals
    finally:
        ending.set()
        thread.join()
    assert not errors


def _total(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", "/search?limit=100")
        answer = connection.getresponse()
        body = json.loads(answer.read())
        assert answer.status == 200, body
        assert len(body["results"]) == body["total"]
        return int(body["total"])
    finally:
        connection.close()


@contextmanager
def _serving(url: str) -> Iterator[int]:
    environ = {**os.environ, "RITAGLIO_INDEX": url, "RITAGLIO_PORT": "0", "RITAGLIO_WORKERS": "2"}
    with subprocess.Popen(
        [sys.executable, "-m", "service"],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        greeting = process.stdout.readline() + process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", greeting)
        assert found, greeting + process.stderr.read()
        try:
            yield int(found[1])
        finally:
            process.terminate()
            process.wait(20)
        assert "Traceback" not in process.stderr.read()


def test_a_killed_restore_leaves_the_index_as_it_was_and_no_trace(url: str, tmp_path: Path) -> None:
    run("backup", str(tmp_path / "b"), "--index", url)
    slow = tmp_path / "slow"
    os.mkfifo(slow)
    restoring = subprocess.Popen(
        indexer("restore", str(slow), "--replace", "--index", url),
        cwd=ROOT,
        stderr=subprocess.PIPE,
    )
    with slow.open("wb") as pipe:
        pipe.write((tmp_path / "b").read_bytes()[:30_000])
        pipe.flush()
        until(lambda: list((tmp_path / "index").glob("unpacking-*")), "it unpacks")
        restoring.send_signal(signal.SIGKILL)
        restoring.communicate()
    assert list((tmp_path / "index").glob("unpacking-*"))
    assert articles(url) == 5
    assert run("delete", "001_893e1bd431c83a89", "--index", url).returncode == 0
    assert not list((tmp_path / "index").glob("unpacking-*"))
