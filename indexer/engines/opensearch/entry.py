"""An article as the cluster keeps it: terms of our chain for searching, the article itself as JSON.

    title_forms, text_forms   «Il conte dell’Ucraina»  →  il conte dell' ucraina
    title_stems, text_stems                            →  = cont = ucrain
    title_written, …          how each is written      →  c--c
    title_readings, …         in the place of _forms where a word has more than one reading:
                              «Ivano-Frankivsk»  →  ivano|ivanofrankivsk frankivsk

A blank stands between words, a bar between readings of one word. A stop word has no stem: = holds
its place. Written is a letter for each reading: a with an accent, c with a capital, b with both.
The cluster itself copies the words of both parts, a title's twice, into the fields that rank.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from msgspec import structs

from indexer.articles import Article
from indexer.engines.contract import Field, StoredArticle
from indexer.engines.order import UNDATED, date_of, day, sort_title
from indexer.italian import analyse_chunk, fold, split

FILLING = "="
LATEST = 99_999_999  # a day behind all days
SAMPLED = 8  # of so many articles one tells its forms to who completes words (lexicon.py)
_WRITTEN = "-acb"
_PASSED_OVER = (b",", b".")
ACCENTED, CAPITAL = b"ab", b"cb"
_LONGEST_ID = 512  # bytes, of OpenSearch
_LONGEST_TERM = 8_000  # characters; Lucene takes 32,766 bytes
KEPT = ("article", "raw", "indexed_at")
"""What of an entry is not made of the rest."""
_HITS = ("id", "indexed_at", "article", "day")
HIT_SOURCES = list(_HITS)
RANKED_SOURCES = [
    *_HITS,
    "length",
    *(f"{part}_forms" for part in ("title", "text", "author", "source")),
    *(f"{part}_readings" for part in ("title", "text", "author", "source")),
    *(f"{part}_{kind}" for part in ("title", "text") for kind in ("stems", "written")),
    *(f"{field.value}_key" for field in Field),
]


class _Words(NamedTuple):
    """What one chunk, or a whole text, comes to."""

    forms: str = ""
    stems: str = ""
    written: str = ""
    number: int = 0


class Made(NamedTuple):
    """An entry, what the cluster calls it, and all the folded forms in it, whatever their field."""

    key: str
    fields: dict[str, Any]
    forms: set[str]


def key(name: str) -> str:
    """Return what the cluster calls the article, or the form, of this *name*."""
    # A lone surrogate is no UTF-8; no id holds a slash.
    if len(name.encode("utf-8", "surrogatepass")) < _LONGEST_ID and term(name) == name:
        return name
    return "/" + sha256(name.encode("utf-8", "surrogatepass")).hexdigest()


@lru_cache(1 << 16)
def term(text: str) -> str:
    """Return *text* as Lucene takes it: whole characters, not too many of them."""
    if not text.isascii():
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if len(text) <= _LONGEST_TERM:
        return text
    return text[:_LONGEST_TERM] + sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def entry(stored: Mapping[str, Any], write: str) -> Made:
    """Return the entry of an article that was `kept`, put there by this *write*."""
    article = stored_in(stored).article
    title, text = _words(article.own_title), _words(article.text)
    its_day = day(article.date)
    date = date_of(its_day)
    order = sort_title(article.title)
    name = key(article.id)
    made: dict[str, Any] = {
        "id": article.id if term(article.id) == article.id else name,
        "write": write,
        **stored,
        "day": its_day,
        "oldest": its_day if its_day != UNDATED else LATEST,
        "title_order": f"0{term(order)}" if order else "1",
        "length": title.number + text.number,
        **_part("title", title),
        **_part("text", text),
        "title_stems": title.stems,
        "text_stems": text.stems,
        "title_written": title.written.rstrip("-"),
        "text_written": text.written.rstrip("-"),
    }
    forms = {*_each(title), *_each(text)}
    if int.from_bytes(sha256(name.encode()).digest()[:4]) % SAMPLED == 0:
        made["lexicon"] = sorted(forms)
    if date:
        made["age"] = date.toordinal()
    for field in Field:
        # Values of one article that differ in case and accents alone are one: the first writing.
        values = {fold(value): value for value in reversed(values_of(article, field))}
        if values:
            made[field.value] = [term(value) for value in values.values()]
            made[f"{field.value}_key"] = [term(value) for value in values]
    for part in ("author", "source"):
        if value := getattr(article, part):
            words = _words(value)
            made |= _part(part, words)
            forms.update(_each(words))
    return Made(name, made, forms)


def _part(part: str, words: _Words) -> dict[str, str]:
    return {f"{part}_{'readings' if '|' in words.forms else 'forms'}": words.forms}


def _each(words: _Words) -> list[str]:
    return words.forms.replace("|", " ").split()


def values_of(article: Article, field: Field) -> tuple[str, ...]:
    """Return what *article* has in *field*."""
    if field is Field.TAG:
        return article.tags
    value = getattr(article, field.value)
    return (value,) if value else ()


def kept(stored: StoredArticle) -> dict[str, str]:
    """Return the part of an entry that `stored_in` reads.

    Articles are JSON within JSON: so half a surrogate pair and a number of forty digits come back.
    """
    article = stored.article
    values = {
        name: value for name, value in _values(article) if name != "raw" and value != _EMPTY[name]
    }
    made = {"indexed_at": stored.indexed_at, "article": _json(values)}
    if article.raw is not None:
        made["raw"] = _json(article.raw)
    return made


def line(stored: StoredArticle) -> bytes:
    """Return what is kept of a *stored* article as one line."""
    return json.dumps(kept(stored), ensure_ascii=False).encode()


def _json(value: object) -> str:
    plain = json.dumps(value, ensure_ascii=False)
    # Half a surrogate pair is no UTF-8: it is written as an escape, and everything else with it.
    return plain if _whole(plain) else json.dumps(value)


def _whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def stored_in(source: Mapping[str, Any]) -> StoredArticle:
    """Return the article of an entry, with its raw text where the *source* has it."""
    kept = json.loads(source["article"])
    raw = json.loads(source["raw"]) if "raw" in source else None
    article = Article(**{**kept, "raw": raw, "tags": tuple(kept.get("tags", ()))})
    return StoredArticle(article, source["indexed_at"])


def _values(article: Article) -> Iterable[tuple[str, Any]]:
    for name, value in structs.asdict(article).items():
        yield name, dict(value) if name == "extra" else value


def _words(text: str) -> _Words:
    # The chain passes over a final comma or stop: without it there are fewer chunks to know.
    chunks = [
        words
        for chunk in split(text)
        if (words := _chunk(chunk[:-1] if chunk.endswith(_PASSED_OVER) else chunk)).number
    ]
    if not chunks:
        return _Words()
    forms, stems, written, numbers = zip(*chunks, strict=True)
    return _Words(" ".join(forms), " ".join(stems), "".join(written), sum(numbers))


@lru_cache(1 << 17)
def _chunk(chunk: bytes) -> _Words:
    words: list[list[tuple[str, str]]] = []
    written = ""
    for form, stem, _, _, step, capital in analyse_chunk(chunk.decode()):
        folded = fold(form)
        if step or not words:
            words.append([])
        written += _WRITTEN[(folded != form) + 2 * capital]
        words[-1].append((term(folded), term(stem) if stem else ""))
    return _Words(
        " ".join("|".join(form for form, _ in word) for word in words),
        " ".join("|".join(_distinct(stem for _, stem in word)) or FILLING for word in words),
        written,
        len(words),
    )


def _distinct(terms: Iterable[str]) -> list[str]:
    return [each for each in dict.fromkeys(terms) if each]


_EMPTY = dict(_values(Article(id="")))
