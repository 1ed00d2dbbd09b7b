"""An article as the index holds it: its words for searching, itself as JSON.

The JSON names only the fields that differ from an empty article's, so that an index outlives a
field that is added to Article: `decode` reads what older versions wrote.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping

from msgspec import structs

from indexer.articles import Article
from indexer.engines.contract import Field, Scope
from indexer.engines.order import day, sort_title
from indexer.italian import Token, analyse, fold
from tests.engines.stock.schema import ACCENTS, CAPITALS, FORMS, STEMS, WRITTEN

_EMPTY = Article(id="")

Places = dict[str, list[int]]


def entry(article: Article, indexed_at: str) -> dict[str, object]:
    """Return the fields of *article* for Whoosh's ``add_document``."""
    title, text = analyse(article.own_title), analyse(article.text)
    return {
        "id": {article.id: [0]},
        FORMS[Scope.TITLE]: _forms(title),
        FORMS[Scope.TEXT]: _forms(text),
        FORMS[Scope.AUTHOR]: _forms(analyse(article.author or "")),
        FORMS[Scope.SOURCE]: _forms(analyse(article.source or "")),
        CAPITALS: _mostly(lambda token: token.capital, title, text),
        ACCENTS: _mostly(lambda token: token.form != fold(token.form), title, text),
        STEMS[Scope.TITLE]: _stems(title),
        STEMS[Scope.TEXT]: _stems(text),
        **{field.value: {fold(value): [0] for value in values(article, field)} for field in Field},
        **{WRITTEN[field]: _encoded(values(article, field)) for field in Field},
        "written_id": _bytes(article.id),
        "day": day(article.date),
        "length": _length(title) + _length(text),
        "sort_title": _bytes(sort_title(article.title)),
        "article": encode(structs.replace(article, raw=None)),
        "raw": article.raw,
        "indexed_at": indexed_at,
    }


def values(article: Article, field: Field) -> tuple[str, ...]:
    """Return the values *article* has in *field*: none, one, or its tags."""
    match field:
        case Field.SOURCE:
            return (article.source,) if article.source else ()
        case Field.AUTHOR:
            return (article.author,) if article.author else ()
        case Field.SECTION:
            return (article.section,) if article.section else ()
        case Field.TAG:
            return article.tags


def encode(article: Article) -> str:
    """Return *article* as JSON."""
    differing = {
        name: value
        for name, value in structs.asdict(article).items()
        if value != getattr(_EMPTY, name)
    }
    return json.dumps(differing, ensure_ascii=False, default=dict)


def decode(stored: Mapping[str, str], *, raw: bool) -> Article:
    """Return the article that was stored, with its *raw* text or without."""
    known = json.loads(stored["article"])
    known["tags"] = tuple(known.get("tags", ()))
    return Article(**known, raw=stored.get("raw") if raw else None)


def _forms(tokens: Iterable[Token]) -> Places:
    return _places((fold(token.form), token.position) for token in tokens)


def _stems(tokens: Iterable[Token]) -> Places:
    return _places((token.stem, token.position) for token in tokens if token.stem is not None)


def _mostly(so: Callable[[Token], bool], *parts: Iterable[Token]) -> Places:
    """Return the forms of which at least half the places are written *so*."""
    written = {
        (part, token.position, fold(token.form)): so(token)
        for part, tokens in enumerate(parts)
        for token in tokens
    }
    all_places = Counter(form for _, _, form in written)
    places = Counter(form for (_, _, form), is_so in written.items() if is_so)
    return {form: [0] for form, times in places.items() if times * 2 >= all_places[form]}


def _places(terms: Iterable[tuple[str, int]]) -> Places:
    places: defaultdict[str, list[int]] = defaultdict(list)
    for term, position in terms:
        positions = places[term]
        if not positions or positions[-1] != position:  # two readings of one word may share a term
            positions.append(position)
    return places


def _length(tokens: Iterable[Token]) -> int:
    return len({token.position for token in tokens})


def _encoded(written: tuple[str, ...]) -> bytes:
    return json.dumps(written).encode()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
