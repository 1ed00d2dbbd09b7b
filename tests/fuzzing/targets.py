"""What is fuzzed, and what must hold of every input."""

from __future__ import annotations

import gzip
import re
import tempfile
from collections.abc import Callable
from functools import cache
from html import unescape
from pathlib import Path

import msgspec

from indexer.articles import Article, check_id
from indexer.articles.reading import read_articles
from indexer.engines.contract import Phrase, Scope
from service.limits import DEFAULTS
from service.query import Parsed, QueryError, parse
from service.query.clauses import leaves
from service.snippets import Marked, mark, snippets
from tests.fuzzing import mutations

Target = Callable[[int, int], None]

_CODE = re.compile(r"query-[a-z-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_ENDINGS = (*["x.txt"] * 5, *["x.jsonl"] * 5, "x.md", "x.txt.gz", "x.jsonl.gz")
_PAGES = 50  # of so many inputs of the readers one is a web page: they take the most time


@cache
def _queries() -> list[str]:
    return mutations.corpus("queries.txt")


@cache
def _texts() -> list[str]:
    return mutations.corpus("texts.txt")


def _understood(made: str) -> Parsed | QueryError:
    try:
        return parse(made)
    except QueryError as error:
        return error


def parser(seed: int, number: int) -> None:
    """Parse a query: understood, or refused by one of the documented codes."""
    made = mutations.text(_queries(), "parser", seed, number)
    parsed = _understood(made)
    if isinstance(parsed, QueryError):
        assert _CODE.fullmatch(parsed.code), parsed.code
        (str(parsed) + parsed.italian).encode()
        return
    asked = [leaf for leaf, _ in leaves(parsed.clause)]
    assert (
        sum(len(leaf.words) if isinstance(leaf, Phrase) else 1 for leaf in asked)
        <= DEFAULTS.query_words
    )
    assert hash(parsed.clause) == hash(parsed.clause)
    for warning in parsed.warnings:
        assert warning.endswith("."), warning


def readers(seed: int, number: int) -> None:
    """Read a file: articles that can be indexed and answered, or a report of each that is none."""
    name = "x.html" if number % _PAGES == 0 else _ENDINGS[number % len(_ENDINGS)]
    source = {"h": "pages.txt", "j": "lines.txt"}.get(name.split(".")[1][0], "texts.txt")
    made = mutations.text(mutations.corpus(source), "readers", seed, number)
    payload = mutations.as_bytes(made, "readers", seed, number)
    path = _folder() / name
    path.write_bytes(gzip.compress(payload, 1) if name.endswith(".gz") else payload)
    reported: list[str] = []
    for article in read_articles([path], lambda error: reported.append(str(error))):
        _check_article(article)
    for line in reported:
        assert line.startswith(str(path)), line


def snippet(seed: int, number: int) -> None:
    """Mark a title and cut snippets: escaped, in place, and found where the text is."""
    text = mutations.text(_texts(), "snippet", seed, number)
    query = mutations.text(_queries(), "marks", seed, number)
    parsed = _understood(query)
    marks = () if isinstance(parsed, QueryError) else parsed.marks
    count, length = number % 5 + 1, 40 + number % 300
    found = snippets(text, marks, count=count, length=length)
    assert len(found) <= count
    for each in (*found, mark(text[:200], marks), mark(text[:200], marks, Scope.TEXT)):
        _check_marked(each)


TARGETS: dict[str, Target] = {"parser": parser, "readers": readers, "snippet": snippet}


def _check_article(article: Article) -> None:
    check_id(article.id)
    assert article.text.strip() or article.title.strip()
    for text in (article.title, article.text, article.source, article.author, article.section):
        assert not _CONTROL.search(text or ""), text
    if article.date:
        assert re.fullmatch(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", article.date), article.date
    assert msgspec.json.decode(msgspec.json.encode(article), type=Article) == article


def _check_marked(found: Marked) -> None:
    bare = re.sub("</?mark>", "", found.html)
    assert not set(bare) & set("<>\"'"), found
    assert unescape(bare) == found.text or "&" in found.text, found
    places = [place for start_end in found.marks for place in start_end]
    assert places == sorted(places), found
    assert not places or places[-1] <= len(found.text), found
    assert not _CONTROL.search(found.text), found


@cache
def _folder() -> Path:
    folder = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="ritaglio-fuzz-", dir=folder if folder.is_dir() else None))
