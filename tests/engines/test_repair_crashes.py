"""Does a crash between any two steps of a repair lose nothing more than the damage has?

After each the index is whole and holds all that could be read, or it can be repaired as before.
"""

from __future__ import annotations

import errno
import random
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import pytest

from indexer.articles import Article
from indexer.engines.contract import EVERYTHING, EngineError, NoRoom, Query, StoredArticle
from indexer.engines.integrity import Repair
from indexer.engines.whoosh import Folder, WhooshEngine, check, contents, create, repair, sections
from tests.engines.faults import Calm, Files, Memory, Moment, Refusal, Watched, laid_out

Stored = dict[str, StoredArticle]

_ARTICLES = 24
_LOCK = "MAIN_WRITELOCK"


def article(number: int) -> StoredArticle:
    words = random.Random(number).choices(range(4_000), k=120)
    text = " ".join(f"parola{word}" for word in words)
    return StoredArticle(Article(id=f"a{number}", text=text), f"2026-01-01T00:00:{number:02}+00:00")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Calm(tmp_path_factory.mktemp("original"))
    create(folder)
    engine = WhooshEngine(folder)
    engine.change(lambda: {f"a{number}": article(number) for number in range(_ARTICLES)})
    engine.change(lambda: {"b": StoredArticle(Article(id="b", text="neve"), "2026-02-01T00:00:00")})
    engine.change(lambda: {"a3": None, "a4": StoredArticle(Article(id="a4", text="sole"), "2026")})
    engine.close()
    (folder.path / _LOCK).unlink()
    return folder.path


def largest(path: Path) -> Path:
    return max(path.glob("*.seg"), key=lambda each: each.stat().st_size)


def table(path: Path) -> Path:
    (found,) = path.glob("*.toc")
    return found


def overwrite(path: Path, place: int, content: bytes) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:place] + content + whole[place + len(content) :])


def flip_a_bit(path: Path) -> None:
    segment = largest(path)
    place = segment.stat().st_size * 3 // 4
    overwrite(segment, place, bytes([segment.read_bytes()[place] ^ 1]))


def lose_texts(path: Path) -> None:
    segment = largest(path)
    offset, length, _ = sections.Sections(Folder(path).open(segment.name))._table["text_blocks"]
    overwrite(segment, offset + length // 2, random.Random(2).randbytes(256))


def lose_a_segment(path: Path) -> None:
    largest(path).unlink()


def flip_a_bit_of_the_table(path: Path) -> None:
    overwrite(table(path), 90, bytes([table(path).read_bytes()[90] ^ 4]))


def lose_the_table(path: Path) -> None:
    table(path).write_bytes(b"x" * 3_000)


DAMAGES: dict[str, Callable[[Path], None]] = {
    "a flipped bit": flip_a_bit,
    "lost texts": lose_texts,
    "a missing segment": lose_a_segment,
    "a flipped bit of the table": flip_a_bit_of_the_table,
    "a lost table": lose_the_table,
    "a table that is gone": lambda path: table(path).unlink(),
}


@dataclass(frozen=True)
class Case:
    """A damaged index, and what its repair comes to where nothing disturbs it."""

    damaged: Path
    repaired: Repair
    after: Stored
    aside: dict[str, bytes]
    moments: list[Moment]


@pytest.fixture(scope="module", params=DAMAGES)
def case(
    request: pytest.FixtureRequest, original: Path, tmp_path_factory: pytest.TempPathFactory
) -> Case:
    path = tmp_path_factory.mktemp("damaged") / "index"
    shutil.copytree(original, path)
    DAMAGES[request.param](path)
    disturbed = tmp_path_factory.mktemp("repaired") / "index"
    shutil.copytree(path, disturbed)
    memory = Memory(disturbed)
    repaired = mend(Watched(disturbed, memory))
    memory.done += 1
    memory.rest()
    assert repaired.damages
    aside = {each.name: each.read_bytes() for each in disturbed.glob("*.damaged")}
    return Case(path, repaired, held(Calm(disturbed)), aside, memory.moments)


def mend(folder: Folder) -> Repair:
    return repair(folder, lambda total: None, lambda size: None, jobs=1)


def whole(folder: Folder) -> bool:
    return check(folder, lambda total: None, lambda size: None).whole


def held(folder: Folder) -> Stored:
    engine = WhooshEngine(folder)
    ids = [hit.article.id for hit in engine.search(Query(EVERYTHING), limit=1_000).hits]
    kept = {name: stored for name in ids if (stored := engine.get(name))}
    assert len(kept) == len(ids) == engine.stats().articles
    engine.close()
    return kept


def lost(repair: Repair) -> tuple[object, ...]:
    return (
        sorted(repair.lost), repair.unknown_lost, repair.without_raw, repair.deletions_forgotten
    )  # fmt: skip


class Inquest:
    """Looks at what crashes of one repair left, at each different one once."""

    def __init__(self, folder: Path, case: Case) -> None:
        self._folder = folder
        self._case = case
        self._known: set[object] = set()
        self._numbers = count()
        self.repaired_again = 0

    def look(self, moment: Moment, files: Files) -> None:
        left = (moment.done, frozenset(files.items()))
        if left in self._known:
            return
        self._known.add(left)
        folder = laid_out(self._folder / str(next(self._numbers)), files)
        self.goes_on(folder, f"at {moment.step}", done=moment.done > 0)

    @property
    def looked_at(self) -> int:
        return len(self._known)

    def goes_on(self, folder: Folder, told: str, *, done: bool = False) -> None:
        if not whole(folder):
            assert not done, told
            self._tells_no_other_loss(mend(folder), told)
            self.repaired_again += 1
        assert whole(folder), told
        assert held(folder) == self._case.after, told
        engine = WhooshEngine(folder, patience=0)  # the lock is free
        engine.write([Article(id="next", text="dopo")])
        engine.close()
        assert held(folder).keys() == {*self._case.after, "next"}, told
        self._nothing_left_over(folder, told)

    def _tells_no_other_loss(self, again: Repair, told: str) -> None:
        first = self._case.repaired
        if again.unknown_lost != first.unknown_lost:
            # Where no table tells what was begun, a file of which only the end reached the disk
            # may as well be damage: all that it was to hold counts as perhaps lost.
            assert first.deletions_forgotten, told
            assert again.unknown_lost == first.unknown_lost + len(self._case.after), told
            again = replace(again, unknown_lost=first.unknown_lost)
        assert lost(again) == lost(first), told

    def _nothing_left_over(self, folder: Folder, told: str) -> None:
        generation = contents.latest_generation(folder)
        named = contents.read_contents(folder, generation).segments
        expected = {_LOCK, contents.file_name(generation), *(each.file_name for each in named)}
        left = set(folder.names()) - expected
        assert all(name.endswith(".damaged") for name in left), told
        for name, content in self._case.aside.items():
            assert (folder.path / name).read_bytes() == content, told
        # Where no table tells what was begun, a file cut short may as well be damage: it is kept.
        assert left == set(self._case.aside) or self._case.repaired.deletions_forgotten, told


def test_what_can_be_read_is_kept_and_what_is_lost_is_lost_to_the_damage(case: Case) -> None:
    articles = {f"a{number}" for number in range(_ARTICLES)} | {"b"}
    if not case.repaired.deletions_forgotten:
        articles.remove("a3")
    gone = len(case.repaired.lost) + case.repaired.unknown_lost
    assert len(case.after) == len(articles) - gone
    assert set(case.after) <= articles


def test_a_repair_killed_between_any_two_steps_loses_nothing_more(
    case: Case, tmp_path: Path
) -> None:
    inquest = Inquest(tmp_path, case)
    for moment in case.moments:
        inquest.look(moment, moment.killed())
    assert inquest.looked_at > 5
    assert inquest.repaired_again > 3


def test_a_power_cut_between_any_two_steps_of_a_repair_loses_nothing_more(
    case: Case, tmp_path: Path, faults: int
) -> None:
    inquest = Inquest(tmp_path, case)
    chance = random.Random(3)
    for moment in case.moments:
        for files in moment.power_cuts(chance, faults):
            inquest.look(moment, files)
    assert inquest.looked_at > 5


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO], ids=errno.errorcode.get)
def test_a_step_of_a_repair_that_the_disk_refuses_loses_nothing_more(
    case: Case, tmp_path: Path, code: int, faults: int
) -> None:
    if code == errno.ENOSPC and faults < 10:
        pytest.skip("asked with --faults 10 or more")
    inquest = Inquest(tmp_path, case)
    for at in count(1):
        path = tmp_path / str(at)
        shutil.copytree(case.damaged, path)
        refusal = Refusal(at, code)
        with suppress(NoRoom if code == errno.ENOSPC else EngineError):
            mend(Watched(path, refusal))
        inquest.goes_on(Calm(path), f"at {refusal.refused}")
        if refusal.refused is None:
            break
    assert at > 8


def test_without_a_table_what_cannot_be_read_counts_once(tmp_path: Path) -> None:
    folder = Calm(tmp_path)
    create(folder)
    engine = WhooshEngine(folder)
    engine.write(Article(id=f"{number}", text="neve") for number in range(20))
    engine.close()
    end, *_ = sections.TRAILER.unpack(largest(tmp_path).read_bytes()[-sections.TRAILER.size :])
    overwrite(largest(tmp_path), 64, bytes(end - 64))
    lose_the_table(tmp_path)
    assert mend(folder).unknown_lost == 20
