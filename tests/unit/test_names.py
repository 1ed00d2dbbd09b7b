"""Is the list of names one that a search can use, and one that says where it comes from?"""

from __future__ import annotations

from collections import Counter
from importlib.resources import files

import pytest

from indexer.italian import analyse, fold

TABLE = files("service.search").joinpath("names.tsv").read_text(encoding="utf-8")
NAMES = [
    name
    for line in TABLE.splitlines()
    if line and not line.startswith("#")
    for name in line.split("\t")
]


@pytest.mark.parametrize("block", [block for block in TABLE.split("\n\n")[1:] if block])
def test_every_block_names_its_source(block: str) -> None:
    assert "# source: " in block
    assert all("\t" in line for line in block.splitlines() if line and not line.startswith("#"))


def test_every_spelling_is_one_word() -> None:
    # Of «L'viv» the variant would be «l'», which stands everywhere.
    assert [name for name in NAMES if len(analyse(name)) != 1] == []


def test_no_spelling_stands_in_two_lines() -> None:
    counts = Counter(fold(name) for name in NAMES)
    assert [name for name, times in counts.items() if times > 1] == []


def test_no_spelling_is_a_word_too_common_to_rank_by() -> None:
    assert [name for name in NAMES if analyse(name)[0].stem is None] == []
