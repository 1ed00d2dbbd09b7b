"""Does every byte string come back as it went in, however it was packed and copied?"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from indexer.engines.whoosh import packing
from indexer.engines.whoosh.blocks import Store
from indexer.engines.whoosh.draft import Draft
from indexer.engines.whoosh.packing import HEADS, TEXTS, Packing, StoreWriter
from indexer.engines.whoosh.sections import Sections
from indexer.engines.whoosh.storage import Folder


def written(folder: Path, writer: StoreWriter) -> Store:
    name = f"{len(list(folder.iterdir()))}.seg"
    file = Folder(folder).create(name)
    draft = Draft(file, writer.layout(), {})
    writer.fill(draft)
    draft.seal()
    file.close()
    writer.close()
    return Store("text", Sections(Folder(folder).open(name)))


def stored(folder: Path, entries: Sequence[bytes], how: Packing = TEXTS) -> Store:
    writer = StoreWriter("text", Folder(folder), how)
    for entry in entries:
        writer.add(entry)
    return written(folder, writer)


def texts(count: int, seed: int = 1, words: int = 400) -> list[bytes]:
    chance = random.Random(seed)
    rows = ([f"parola{chance.randrange(900)}" for _ in range(words)] for _ in range(count))
    return [f"{seed}-{number} {' '.join(row)}".encode() for number, row in enumerate(rows)]


CASES = {
    "none": [],
    "empty ones": [b"", b"", b""],
    "a few": texts(7),
    "some with a dictionary": texts(400),
    "nothing to train on": [bytes([n % 256]) * 3_000 for n in range(400)],
    "heads with a dictionary": [b'{"id":"%d","title":"Titolo"}' % n for n in range(1_100)],
    "one that is large": [*texts(3), b"x" * 3_000_000, *texts(3)],
}


@pytest.mark.parametrize("how", [HEADS, TEXTS], ids=["as heads", "as texts"])
@pytest.mark.parametrize("entries", CASES.values(), ids=CASES.keys())
def test_what_goes_in_comes_out(tmp_path: Path, entries: list[bytes], how: Packing) -> None:
    store = stored(tmp_path, entries, how)
    assert [store[number] for number in range(len(store))] == entries


def test_many_texts_share_a_dictionary(tmp_path: Path) -> None:
    assert len(stored(tmp_path, texts(400)).dictionaries()) == 1
    assert stored(tmp_path, texts(20)).dictionaries() == []


@pytest.mark.parametrize("kept_share", [1.0, 0.8, 0.3])
def test_copies_hold_what_was_kept_of_each(tmp_path: Path, kept_share: float) -> None:
    sources = [texts(400, 1), texts(5, 2), texts(350, 3), texts(60, 4)]
    writer = StoreWriter("text", Folder(tmp_path), TEXTS)
    expected = []
    for source in sources:
        numbers = np.arange(int(len(source) * kept_share))
        writer.copy(stored(tmp_path, source), numbers)
        expected += [source[number] for number in numbers]
    writer.add(b"one more")
    copied = written(tmp_path, writer)
    assert [copied[number] for number in range(len(copied))] == [*expected, b"one more"]


def test_what_was_dropped_long_ago_leaves_in_the_end(tmp_path: Path) -> None:
    kept = [b'{"id":"%d","title":"Titolo"}' % number for number in range(1_500)]
    store = stored(tmp_path, kept, HEADS)
    for _ in range(8):
        kept = kept[: len(kept) * 4 // 5]
        writer = StoreWriter("text", Folder(tmp_path), HEADS)
        writer.copy(store, np.arange(len(kept)))
        store = written(tmp_path, writer)
        assert [store[number] for number in range(len(store))] == kept
        blocks = len(store.everything()[2])
        assert blocks * 3 <= len(kept) * 4, "more than a quarter of the blocks holds nothing"


def test_dictionaries_do_not_pile_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "_MOST_DICTIONARIES", 2)
    sources = [texts(320, seed) for seed in range(4)]
    writer = StoreWriter("text", Folder(tmp_path), TEXTS)
    for source in sources:
        writer.copy(stored(tmp_path, source), np.arange(len(source)))
    copied = written(tmp_path, writer)
    assert len(copied.dictionaries()) <= 3
    assert [copied[number] for number in range(len(copied))] == [t for s in sources for t in s]
