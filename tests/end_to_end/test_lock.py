"""Do the locks install what pyproject.toml asks for, on every Python it allows?"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DEVELOPMENT = [entry for entry in PROJECT["dependency-groups"]["dev"] if isinstance(entry, str)]
BUILD = PROJECT["build-system"]["requires"]
PYTHONS = ["3.11", "3.12", "3.13"]

ENTRY = re.compile(
    r"^(?P<name>[\w.-]+)==(?P<version>\S+)(?: ; (?P<marker>.*?))? \\\n"
    r"(?P<hashes>(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)",
    re.MULTILINE,
)


def locked(name: str, python: str) -> dict[str, Version]:
    """Package → version that one lock installs on *python*.

    Every line of a lock is an entry with hashes, or a comment.
    """
    text = (ROOT / name).read_text(encoding="utf-8")
    rest = [line for line in ENTRY.sub("", text).splitlines() if not line.lstrip().startswith("#")]
    assert rest == []
    here = {"python_version": python, "python_full_version": f"{python}.1"}
    versions: dict[str, Version] = {}
    for entry in ENTRY.finditer(text):
        if entry["marker"] is None or Marker(entry["marker"]).evaluate(here):
            assert entry["name"] not in versions, f"{python} finds two versions in {name}"
            versions[canonicalize_name(entry["name"])] = Version(entry["version"])
    return versions


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize(
    ("lock", "asked"),
    [
        ("requirements.lock", PROJECT["project"]["dependencies"] + BUILD),
        ("requirements-dev.lock", PROJECT["project"]["dependencies"] + DEVELOPMENT + BUILD),
        ("requirements-bench.lock", PROJECT["dependency-groups"]["bench"]),
    ],
)
def test_each_requirement_is_locked_to_a_version_it_allows(
    lock: str, asked: list[str], python: str
) -> None:
    versions = locked(lock, python)
    for requirement in map(Requirement, asked):
        version = versions.get(canonicalize_name(requirement.name))
        assert version is not None, f"make lock: {requirement} is not in {lock}"
        assert version in requirement.specifier, f"make lock: {lock} has {version}"


@pytest.mark.parametrize("python", PYTHONS)
def test_development_and_run_time_agree(python: str) -> None:
    development = locked("requirements-dev.lock", python)
    assert locked("requirements.lock", python).items() <= development.items()


@pytest.mark.parametrize("python", PYTHONS)
def test_the_run_time_lock_leaves_the_development_tools_out(python: str) -> None:
    tools = {canonicalize_name(Requirement(entry).name) for entry in DEVELOPMENT}
    assert not tools & locked("requirements.lock", python).keys()


@pytest.mark.parametrize("lock", sorted(path.name for path in ROOT.glob("*.lock")))
def test_a_lock_names_no_place_to_install_from(lock: str) -> None:
    assert "://" not in (ROOT / lock).read_text(encoding="utf-8")
