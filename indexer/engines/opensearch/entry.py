"""An article as the cluster keeps it: terms of our chain for searching, the article itself as JSON.

    title_forms, text_forms   «Il conte dell’Ucraina»  →  il=c conte dell' ucraina=c
    title_stems, text_stems                            →  = cont = ucrain
    forms, stems              the terms of both, a title's twice: what counts in ranking.py

A blank stands between words, a bar between readings of one word. Behind = stands how the word was
written: a with an accent, c with a capital. A stop word has no stem: = holds its place.
"""

from __future__ import annotations

import json
import re
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
_FORM = re.compile(r"(?:^|(?<=[ |]))[^ |=]+")
LATEST = 99_999_999  # a day behind all days
_LONGEST_ID = 512  # bytes, of OpenSearch
_LONGEST_TERM = 8_000  # characters; Lucene takes 32,766 bytes
_HITS = ("id", "indexed_at", "article", "day")
HIT_SOURCES = list(_HITS)
RANKED_SOURCES = [
    *_HITS,
    "length",
    *(f"{part}_forms" for part in ("title", "text", "author", "source")),
    "title_stems",
    "text_stems",
]


class _Words(NamedTuple):
    """What one chunk, or a whole text, comes to."""

    forms: str = ""
    stems: str = ""
    all_forms: str = ""
    all_stems: str = ""
    number: int = 0


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


def entry(stored: StoredArticle, write: str) -> dict[str, Any]:
    """Return the entry of a *stored* article, put there by this *write*."""
    article = stored.article
    title, text = _words(article.own_title), _words(article.text)
    its_day = day(article.date)
    date = date_of(its_day)
    order = sort_title(article.title)
    forms = f"{text.all_forms} {title.all_forms}"
    made: dict[str, Any] = {
        "id": article.id if term(article.id) == article.id else key(article.id),
        "write": write,
        **kept(stored),
        "day": its_day,
        "oldest": its_day if its_day != UNDATED else LATEST,
        "title_order": f"0{term(order)}" if order else "1",
        "length": title.number + text.number,
        "forms": f"{forms} {title.all_forms}",
        "stems": f"{text.all_stems} {title.all_stems} {title.all_stems}",
        "lexicon": list(set(forms.split())),
        "title_forms": title.forms,
        "title_stems": title.stems,
        "text_forms": text.forms,
        "text_stems": text.stems,
    }
    if date:
        made["age"] = date.toordinal()
    for field in Field:
        # Values of one article that differ in case and accents alone are one: the first writing.
        values = {fold(value): value for value in reversed(values_of(article, field))}
        if values:
            made[field.value] = [term(value) for value in values.values()]
            made[f"{field.value}_key"] = [term(value) for value in values]
    for name in ("author", "source"):
        if value := getattr(article, name):
            made[f"{name}_forms"] = _words(value).forms
    return made


def forms_in(made: Mapping[str, Any]) -> set[str]:
    """Return all folded forms of an entry that `entry` has *made*, whatever their field."""
    fields = f"{made.get('author_forms', '')} {made.get('source_forms', '')}"
    return {*made["lexicon"], *_FORM.findall(fields)}


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
    made = {"indexed_at": stored.indexed_at, "article": json.dumps(values)}
    if article.raw is not None:
        made["raw"] = json.dumps(article.raw)
    return made


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
    chunks = [words for chunk in split(text) if (words := _chunk(chunk)).number]
    if not chunks:
        return _Words()
    return _Words(
        " ".join(each.forms for each in chunks),
        " ".join(each.stems for each in chunks),
        " ".join(each.all_forms for each in chunks),
        " ".join(each.all_stems for each in chunks),
        sum(each.number for each in chunks),
    )


@lru_cache(1 << 17)
def _chunk(chunk: bytes) -> _Words:
    words: list[list[tuple[str, str, str]]] = []
    for form, stem, _, _, step, capital in analyse_chunk(chunk.decode()):
        folded = fold(form)
        if step or not words:
            words.append([])
        written = "a" * (folded != form) + "c" * capital
        words[-1].append((term(folded), term(stem) if stem else "", written))
    return _Words(
        " ".join("|".join(form + (f"={how}" if how else "") for form, _, how in w) for w in words),
        " ".join("|".join(_distinct(stem for _, stem, _ in w)) or FILLING for w in words),
        " ".join(form for w in words for form in _distinct(form for form, _, _ in w)),
        " ".join(stem for w in words for stem in _distinct(stem for _, stem, _ in w) or [FILLING]),
        len(words),
    )


def _distinct(terms: Iterable[str]) -> list[str]:
    return [each for each in dict.fromkeys(terms) if each]


_EMPTY = dict(_values(Article(id="")))
