"""Why an article was found: which words of the query stand where, as a reader would say it.

Explained from the article itself, by the marks that snippets show: whatever is marked is named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from indexer.articles import Article
from indexer.engines.contract import Fuzzy, Phrase, Prefix, Scope, Textual, Word
from indexer.italian import fold, homographs
from service.search.variants import Variant
from service.snippets.finding import find
from service.snippets.sought import seek

MOST_FORMS = 5  # of one word; an article may hold dozens that begin with «in»

_IN = {"title": "nel titolo", "text": "nel testo", "author": "nell’autore", "source": "nella fonte"}
_ASKED = {
    "inflected": ", come forma di «{}»",
    "variant": ", come variante di «{}»",
    "prefix": ", che comincia con «{}»",
    "similar": ", simile a «{}»",
}


class Match(msgspec.Struct, frozen=True):
    """A word or phrase of the query, and how the article says it.

    ``how`` is «exact», «inflected», «variant», «phrase», «prefix» or «similar»; ``found`` are the
    words as written, ``fields`` where they stand: «title», «text», «author», «source».
    """

    asked: str
    how: str
    found: tuple[str, ...]
    fields: tuple[str, ...]


class Explanation(msgspec.Struct, frozen=True):
    """The matches, in the order of the query, and one Italian sentence that tells them."""

    sentence: str
    matches: tuple[Match, ...]


def explain(
    article: Article, marks: Sequence[Textual], variants: Mapping[str, Variant]
) -> Explanation:
    """Return why *article* holds the *marks* of a query, some of which are *variants*."""
    found: defaultdict[tuple[int, str], dict[str, str]] = defaultdict(dict)
    fields: defaultdict[tuple[int, str], dict[str, None]] = defaultdict(dict)
    for name, text, scope in _parts(article):
        for match in find(text, seek(tuple(marks), scope)):
            term = _term(match.term, marks)
            key = term, _how(marks[match.term], match.exact and term == match.term, variants)
            written = text[match.start : match.end]
            found[key].setdefault(fold(written), written)
            fields[key][name] = None
    matches = tuple(
        Match(
            _asked(marks[key[0]], variants),
            key[1],
            tuple(found[key].values())[:MOST_FORMS],
            tuple(fields[key]),
        )
        for key in sorted(found)
    )
    told = "; ".join(map(_told, matches))
    return Explanation(f"Trovato: {told}." if told else "Nessuna parola da trovare.", matches)


def _parts(article: Article) -> Iterator[tuple[str, str, Scope]]:
    yield "title", article.own_title, Scope.TITLE
    yield "text", article.text, Scope.TEXT
    yield "author", article.author or "", Scope.AUTHOR
    yield "source", article.source or "", Scope.SOURCE


def _how(mark: Textual, exact: bool, variants: Mapping[str, Variant]) -> str:
    match mark:
        case Phrase():
            return "phrase"
        case Prefix():
            return "prefix"
        case Fuzzy():
            return "similar"
    if _is_variant(mark, variants):
        return "variant"
    return "exact" if exact else "inflected"


def _term(term: int, marks: Sequence[Textual]) -> int:
    """Return the number of the word that the mark *term* is a homograph of: letto of leggere."""
    mark = marks[term]
    if isinstance(mark, Word) and mark.weight != 1:
        for number, word in enumerate(marks):
            if isinstance(word, Word) and mark.form in homographs(word.form):
                return number
    return term


def _is_variant(mark: Textual, variants: Mapping[str, Variant]) -> bool:
    return isinstance(mark, Word) and mark.weight != 1 and fold(mark.form) in variants


def _asked(mark: Textual, variants: Mapping[str, Variant]) -> str:
    if isinstance(mark, Phrase):
        return " ".join(word.form for word in mark.words).replace("' ", "'")
    return variants[fold(mark.form)].asked if _is_variant(mark, variants) else mark.form


def _told(match: Match) -> str:
    kind = "la frase " if match.how == "phrase" else ""
    found = _and([f"«{word}»" for word in match.found])
    where = _and([_IN[field] for field in match.fields])
    return f"{kind}{found} {where}{_ASKED.get(match.how, '').format(match.asked)}"


def _and(parts: Sequence[str]) -> str:
    return " e ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
