import json
from collections.abc import Iterable
from contextlib import closing, nullcontext
from pathlib import Path

import pytest

from indexer import pipeline
from indexer.articles import Article, ArticleError
from indexer.engines import open_engine
from indexer.engines.contract import IndexMissing


class Witness:
    """An observer that remembers."""

    def __init__(self) -> None:
        self.bytes = 0
        self.articles = 0
        self.errors: list[str] = []

    def read(self, size: int) -> None:
        self.bytes += size

    def took(self, articles: int) -> None:
        self.articles = articles

    def skipped(self, error: ArticleError) -> None:
        self.errors.append(str(error))


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"whoosh:{tmp_path / 'index'}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two texts and three lines, one of them broken."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text("Il governo cade sulla legge di bilancio.\n", encoding="utf-8")
    (folder / "b.md").write_text("# Titolo\n\nLa città è ferma.\n", encoding="utf-8")
    lines = ['{"id": "c1", "text": "Uno."}', "broken", '{"id": "c2", "text": "Due."}']
    (folder / "c.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


def ids(url: str, *asked: str) -> set[str]:
    with closing(open_engine(url)) as engine:
        return {name for name in asked if engine.get(name)}


def count(url: str) -> int:
    with closing(open_engine(url)) as engine:
        return engine.stats().articles


def test_adds_what_can_be_read_and_reports_the_rest(url: str, folder: Path) -> None:
    witness = Witness()
    summary = pipeline.add(url, [folder], witness)
    assert (summary.added, summary.replaced, summary.skipped) == (4, 0, 1)
    assert ids(url, "a", "b", "c1", "c2") == {"a", "b", "c1", "c2"}
    assert [error.split(": ")[0] for error in witness.errors] == [f"{folder / 'c.jsonl'}:2"]
    assert witness.articles == 4


def test_adding_again_replaces(url: str, folder: Path) -> None:
    pipeline.add(url, [folder], Witness())
    summary = pipeline.add(url, [folder], Witness())
    assert (summary.added, summary.replaced) == (0, 4)
    assert count(url) == 4


def test_the_bytes_it_reports_are_those_it_announced(url: str, folder: Path) -> None:
    witness = Witness()
    pipeline.add(url, [folder], witness)
    sizes = sum(path.stat().st_size for path in folder.iterdir())
    assert witness.bytes == pipeline.total_size([folder]) == sizes


def test_makes_no_index_when_there_is_nothing_to_add(url: str, tmp_path: Path) -> None:
    witness = Witness()
    summary = pipeline.add(url, [tmp_path / "nowhere"], witness)
    assert (summary.added, summary.skipped) == (0, 1)
    with pytest.raises(IndexMissing):
        open_engine(url)


def test_replacing_all_forgets_the_rest_and_never_leaves_an_index_empty(
    url: str, folder: Path
) -> None:
    pipeline.add(url, [folder], Witness())
    summary = pipeline.replace_all(url, [folder / "a.txt"], Witness())
    assert summary.added == 1
    assert ids(url, "a", "b", "c1") == {"a"}
    pipeline.replace_all(url, [folder / "nowhere"], Witness())
    assert ids(url, "a") == {"a"}


def test_rebuilding_keeps_every_article_as_it_was(url: str, folder: Path) -> None:
    pipeline.add(url, [folder], Witness())
    with closing(open_engine(url)) as engine:
        before = engine.get("b")
    seen: list[int] = []
    summary = pipeline.rebuild_stored(url, seen.append)
    with closing(open_engine(url)) as engine:
        assert engine.get("b") == before
    assert summary.added == seen[-1] == 4


def test_an_interrupted_load_leaves_the_index_as_it_was(
    url: str, folder: Path, tmp_path: Path
) -> None:
    pipeline.add(url, [folder / "a.txt"], Witness())
    lines = [json.dumps({"id": f"n{number}", "text": "Parole."}) for number in range(50)]
    (tmp_path / "many.jsonl").write_text("\n".join(lines), encoding="utf-8")

    class Impatient(Witness):
        def took(self, articles: int) -> None:
            if articles == 30:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pipeline.add(url, [tmp_path / "many.jsonl"], Impatient())
    assert count(url) == 1
    assert pipeline.add(url, [folder], Witness()).added == 3  # nobody holds the lock


def test_an_interrupted_first_load_leaves_no_index(url: str, folder: Path) -> None:
    class Impatient(Witness):
        def took(self, articles: int) -> None:
            if articles == 2:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pipeline.add(url, [folder], Impatient())
    with pytest.raises(IndexMissing):
        open_engine(url)
    assert pipeline.add(url, [folder], Witness()).added > 0


def test_holds_one_article_at_a_time(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many there are: each is read when the engine asks for it."""
    lines = [json.dumps({"id": f"n{number}", "text": "Parole."}) for number in range(1000)]
    (folder / "d.jsonl").write_text("\n".join(lines), encoding="utf-8")
    ahead: list[int] = []
    witness = Witness()

    class Counting:
        def write(self, articles: Iterable[Article]) -> pipeline.Written:
            for taken, _ in enumerate(articles, 1):
                ahead.append(witness.articles - taken)
            return pipeline.Written(added=len(ahead), replaced=0)

        def close(self) -> None:
            pass

    monkeypatch.setattr(pipeline, "filling", lambda url, jobs: nullcontext((Counting(), False)))
    assert pipeline.add("memory:", [folder], witness).added == 1004
    assert set(ahead) == {0}
