"""Is a damaged file an error or still the right answer, and never another answer?"""

from __future__ import annotations

import faulthandler
import os
import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from indexer.articles import Article
from indexer.engines.contract import (
    EVERYTHING,
    AllOf,
    Between,
    Engine,
    EngineError,
    Field,
    Fuzzy,
    Is,
    Not,
    Prefix,
    Query,
    Sort,
)
from indexer.engines.whoosh import Folder, WhooshEngine, check, create
from tests.engines.asking import any_of, phrase, word
from tests.engines.faults import Calm

WORDS = [f"parola{number}" for number in range(400)]


def articles(count: int, seed: int, words: int) -> Iterator[Article]:
    chance = random.Random(seed)
    for number in range(count):
        text = " ".join(chance.choices(WORDS, k=words))
        yield Article(
            id=f"{seed}-{number}",
            title=f"Titolo {' '.join(chance.choices(WORDS, k=4))}",
            text=f"neve e sole {text}",
            raw=f"<p>{text}</p>" if number % 5 == 0 else None,
            date=f"2025-0{1 + number % 9}-11",
            source=chance.choice(["ANSA", "Panorama"]),
            tags=(chance.choice(["pace", "guerra"]),),
        )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """An index of a large segment, whose texts share a dictionary, and a few small ones."""
    folder = Calm(tmp_path_factory.mktemp("index"))
    create(folder)
    engine = WhooshEngine(folder)
    engine.write(articles(320, 1, 200))
    engine.write(articles(3, 2, 30))
    engine.write(articles(3, 3, 30))
    engine.delete(["1-7", "1-8", "2-0"])
    engine.close()
    return folder


def answers(engine: Engine) -> list[object]:
    """Ask in all the ways there are; every section of a file is read by one of them."""
    clauses = [
        EVERYTHING,
        word("parola7"),
        any_of("parola1 parola2 parola3 neve"),
        phrase("neve e sole"),
        Prefix("parola39"),
        Fuzzy("parola11", 1),
        Is(Field.SOURCE, ("ansa",)),
        Between(date(2025, 3, 1), date(2025, 5, 1)),
        AllOf((word("parola5"), Not(word("parola6")))),
    ]
    told: list[object] = []
    for clause in clauses:
        for sort in (Sort.RELEVANCE, Sort.NEWEST, Sort.TITLE):
            page = engine.search(Query(clause, sort, facets=(Field.SOURCE, Field.TAG)), limit=3)
            told.append(page)
    told.append(engine.holding(clauses))
    told.append(engine.forms_near("parola12", 1))
    told.append(engine.forms_beginning("par", 5))
    told += [engine.get(name) for name in ("1-0", "1-7", "1-100", "1-319", "2-1", "3-2", "no")]
    told.append(engine.stats().articles)
    return told


@dataclass(frozen=True)
class Index:
    folder: Folder
    answers: list[object]

    def look(self, damage: str) -> bool:
        """Tell whether the index still answers; that it answers as before is asserted."""
        try:
            engine = WhooshEngine(self.folder)
            told = answers(engine)
        except EngineError:
            return False
        assert told == self.answers, damage
        return True


@pytest.fixture(scope="module")
def index(folder: Folder, arithmetic: None) -> Index:
    engine = WhooshEngine(folder)
    return Index(folder, answers(engine))


def files(folder: Folder) -> list[Path]:
    return sorted(path for path in folder.path.iterdir() if path.suffix in {".seg", ".toc"})


def test_one_flipped_bit_anywhere_is_an_error_or_changes_no_answer(
    index: Index, faults: int
) -> None:
    chance = random.Random(2)
    for path in files(index.folder):
        noticed, size = 0, path.stat().st_size
        places = [*range(size - 60, size), *(chance.randrange(size) for _ in range(20 * faults))]
        for place in places:
            bit = chance.randrange(8)
            with flipped(path, place, bit):
                assert not sound(index.folder)
                noticed += not index.look(f"bit {bit} of byte {place} of {path.name}")
        assert noticed > len(places) / 2


def sound(folder: Folder) -> bool:
    return check(folder, lambda total: None, lambda size: None).whole


@contextmanager
def flipped(path: Path, place: int, bit: int) -> Iterator[None]:
    flip(path, place, bit)
    try:
        yield
    finally:
        flip(path, place, bit)


def flip(path: Path, place: int, bit: int) -> None:
    with path.open("r+b") as file:
        file.seek(place)
        (value,) = file.read(1)
        file.seek(place)
        file.write(bytes([value ^ 1 << bit]))


def test_a_truncated_file_is_an_error(index: Index, faults: int) -> None:
    chance = random.Random(3)
    for path in files(index.folder):
        whole = path.read_bytes()
        some = (chance.randrange(len(whole)) for _ in range(10 * faults))
        for length in (0, 1, 63, 64, len(whole) - 1, *some):
            cut = path.with_suffix(".cut")
            cut.write_bytes(whole[:length])
            path.unlink()
            cut.rename(path)  # another file: what an open one holds is not ours to shorten
            assert not index.look(f"{path.name} cut to {length}")
            assert not sound(index.folder)
        path.write_bytes(whole)
    assert index.look("mended")


def test_a_page_of_zeros_is_an_error_or_changes_no_answer(index: Index, faults: int) -> None:
    chance = random.Random(4)
    for path in files(index.folder):
        whole = path.read_bytes()
        for _ in range(5 * faults):
            place = chance.randrange(len(whole)) // 4096 * 4096
            path.write_bytes(whole[:place] + bytes(4096) + whole[place + 4096 :])
            index.look(f"{path.name}: zeros at {place}")
        path.write_bytes(whole)


@pytest.mark.parametrize("read_before", [False, True])
def test_a_file_cut_under_an_open_reader_gives_no_other_answer(
    index: Index, read_before: bool
) -> None:
    """We never shorten a file; where someone else does, the system may end the process."""
    largest = max(files(index.folder), key=lambda path: path.stat().st_size)
    whole = largest.read_bytes()
    child = os.fork()
    if child == 0:
        faulthandler.disable()
        engine = WhooshEngine(index.folder)
        if read_before:
            answers(engine)
        os.truncate(largest, len(whole) // 2)
        try:
            same = answers(engine) == index.answers
        except EngineError:
            os._exit(3)
        os._exit(0 if same else 1)
    _, status = os.waitpid(child, 0)
    largest.write_bytes(whole)
    code = os.waitstatus_to_exitcode(status)
    assert code in ({-signal.SIGBUS, 3, 0} if read_before else {3})
