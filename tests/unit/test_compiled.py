"""Are only libraries loaded that were made of the source beside them?"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from indexer.compiled import load
from indexer.engines.whoosh import native as of_search
from service.snippets import native as of_snippets

FOLDERS = [Path(each.__file__).parent for each in (of_search, of_snippets)]


@pytest.fixture(params=FOLDERS, ids=str)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of a library and its source."""
    for pattern in ("*.[ch]", "*.so"):
        for each in request.param.glob(pattern):
            shutil.copy(each, tmp_path)
    return tmp_path


def test_there_are_kernels_where_there_is_a_compiler(folder: Path) -> None:
    if not any(map(shutil.which, ("cc", "gcc", "clang"))):
        pytest.skip("there is no C compiler")
    assert load(folder)


@pytest.mark.parametrize("suffix", [".c", ".h"])
def test_a_library_of_another_source_is_not_used(folder: Path, suffix: str) -> None:
    with next(folder.glob(f"*{suffix}")).open("a") as source:
        source.write("\n")
    assert load(folder) is None


def test_a_library_without_its_source_is_used(folder: Path) -> None:
    if not load(folder):
        pytest.skip("there is no C compiler")
    for source in folder.glob("*.[ch]"):
        source.unlink()
    assert load(folder)


def test_without_a_library_there_is_none(folder: Path) -> None:
    (folder / "kernels.so").unlink(missing_ok=True)
    assert load(folder) is None
