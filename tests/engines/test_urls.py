"""Where does an engine live, and what is said to whoever names no place?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from indexer.articles import Article
from indexer.engines import DEFAULT_INDEX, absolute, open_engine, rebuild
from indexer.engines.contract import EngineError, IndexMissing


@pytest.mark.parametrize(
    ("url", "remedy"),
    [
        ("whoosh:", "whoosh:///folder, with three slashes"),
        ("whoosh://", "whoosh:///folder, with three slashes"),
        ("whoosh:///", "whoosh:///folder, with three slashes"),
        ("whoosh://var/index", "whoosh:///var/index, with three slashes, or whoosh:relative"),
        ("/var/index", "write whoosh:///absolute/folder or whoosh:relative/folder"),
        ("", "write whoosh:///absolute/folder or whoosh:relative/folder"),
        ("elastic://host/index", "write whoosh:///absolute/folder"),
    ],
)
def test_a_url_that_names_no_place_is_told_the_right_one(url: str, remedy: str) -> None:
    for use in (open_engine, rebuild):
        with pytest.raises(EngineError, match=re.escape(remedy)):
            use(url)


@pytest.mark.parametrize("url", ["whoosh://{}/a/b", "whoosh:{}/a/b", "whoosh:a/b", DEFAULT_INDEX])
def test_an_index_is_made_where_the_url_says(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    url = url.format(tmp_path)
    with pytest.raises(IndexMissing, match=r"python -m indexer add PATH --index whoosh:\S*"):
        open_engine(url)
    open_engine(url, create=True).write([Article(id="a")])
    assert open_engine(url).stats().articles == 1
    assert open_engine(url, create=True).stats().articles == 1
    (toc,) = tmp_path.rglob("*.toc")
    assert toc.parent == tmp_path / ("var/index" if url == DEFAULT_INDEX else "a/b")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (DEFAULT_INDEX, "whoosh:{}/var/index"),
        ("whoosh:a b", "whoosh:{}/a b"),
        ("whoosh:/srv/index", "whoosh:/srv/index"),
        ("whoosh:///srv/index", "whoosh:///srv/index"),
        ("whoosh://var/index", "whoosh://var/index"),
        ("whoosh:", "whoosh:"),
        ("var/index", "var/index"),
        ("opensearch://127.0.0.1:9200/articoli", "opensearch://127.0.0.1:9200/articoli"),
    ],
)
def test_a_url_can_be_written_so_that_it_holds_from_every_folder(
    url: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert absolute(url) == expected.format(tmp_path)


def test_a_missing_index_is_not_made_by_looking(tmp_path: Path) -> None:
    for use in (open_engine, rebuild):
        with pytest.raises(IndexMissing):
            use(f"whoosh:{tmp_path}/a")
    assert list(tmp_path.iterdir()) == []
