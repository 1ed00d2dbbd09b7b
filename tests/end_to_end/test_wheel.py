"""Does a wheel hold all that runs and nothing else, and run far from the checkout?"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Environments of others leak in by these; where pip finds packages stays the caller's choice.
LEAKS = ("PYTHON", "VIRTUAL_ENV", "MAKE", "MFLAGS", "RITAGLIO_")


@pytest.fixture(scope="module")
def clean() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(LEAKS)}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory, clean: dict[str, str]) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    # A build leaves build/ and *.egg-info/ behind: let it do so in a copy.
    shutil.copytree(
        ROOT, source, ignore=shutil.ignore_patterns(".git", ".venv*", "var", "build", "*.egg-info")
    )
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, source],
        env=clean,
        check=True,
        capture_output=True,
    )
    return next(folder.glob("ritaglio-*.whl"))


@pytest.fixture(scope="module")
def scripts(wheel: Path, tmp_path_factory: pytest.TempPathFactory, clean: dict[str, str]) -> Path:
    """The console scripts of an environment with the wheel and the run-time lock alone."""
    venv = tmp_path_factory.mktemp("elsewhere") / "venv"
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    pip = [venv / "bin/python", "-m", "pip", "-q", "--disable-pip-version-check", "install"]
    locked = [*pip, "--require-hashes", "-r", ROOT / "requirements.lock"]
    installed = subprocess.run(locked, env=clean, capture_output=True, text=True, check=False)
    if installed.returncode:
        pytest.skip(f"no package index to install from: {installed.stderr[-500:]}")
    subprocess.run([*pip, "--no-deps", wheel], env=clean, check=True)
    return venv / "bin"


def test_all_files_of_the_packages_are_in_and_nothing_else(wheel: Path) -> None:
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    ours = {
        path.relative_to(ROOT).as_posix()
        for package in ("indexer", "service")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert packed == ours


def test_the_licence_is_in(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_both_console_scripts_run_elsewhere(
    scripts: Path, tmp_path: Path, clean: dict[str, str]
) -> None:
    def run(script: str, *arguments: str | Path) -> str:
        return subprocess.run(
            [scripts / script, *arguments],
            cwd=tmp_path,
            env=clean,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    run("ritaglio-indexer", "add", ROOT / "seeds")
    assert (tmp_path / "var/index").is_dir()
    assert "5" in run("ritaglio-indexer", "stats")
    assert "Wall Street Journal" in run("ritaglio-service", "search", '"Wall Street Journal"')
    for script in ("ritaglio-indexer", "ritaglio-service"):
        assert run(script, "--version").split()[-1] == "0.1.0"
