"""An engine without an index: every clause is put to every article, one after the other.

It keeps the contract as plainly as it can be read, knows no other engine, and is therefore the
oracle of the others; the service tests use it too.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import NamedTuple

from msgspec import structs

from indexer import italian
from indexer.articles import Article
from indexer.engines import deadline, facets, ranking
from indexer.engines.contract import (
    AllOf,
    AnyOf,
    Between,
    Clause,
    Decide,
    Field,
    Fuzzy,
    Hit,
    IndexBusy,
    Is,
    Not,
    Page,
    Phrase,
    Place,
    Prefix,
    Query,
    Scope,
    Sort,
    Stats,
    StoredArticle,
    Word,
    Written,
)
from indexer.engines.expansion import expand, lead, within
from indexer.engines.order import UNDATED, date_of, day, days, place, sort_key, sort_title

PATIENCE = 10.0  # seconds
WHOLE_ARTICLE = (Scope.TITLE, Scope.TEXT)
FIELD_SCOPES = (Scope.AUTHOR, Scope.SOURCE)
_FACTORS = {scope: ranking.TITLE if scope is Scope.TITLE else 1.0 for scope in Scope}


class Seen(NamedTuple):
    """A reading of a word, and where it stands."""

    form: str
    stem: str | None
    position: int
    capital: bool
    accented: bool


@dataclass(frozen=True)
class Entry:
    article: Article
    indexed_at: str
    words: dict[Scope, tuple[Seen, ...]]

    @property
    def length(self) -> int:
        return sum(len({seen.position for seen in self.words[part]}) for part in WHOLE_ARTICLE)

    def seen(self, scope: Scope) -> Iterator[Seen]:
        for part in _parts(scope):
            yield from self.words[part]

    def values(self, field: Field) -> tuple[str, ...]:
        if field is Field.TAG:
            return self.article.tags
        value = getattr(self.article, field.value)
        return (value,) if value else ()


def _entry(article: Article) -> Entry:
    texts = {
        Scope.TITLE: article.own_title,
        Scope.TEXT: article.text,
        Scope.AUTHOR: article.author or "",
        Scope.SOURCE: article.source or "",
    }
    words = {
        scope: tuple(
            Seen(
                folded := italian.fold(token.form),
                token.stem,
                token.position,
                token.capital,
                folded != token.form,
            )
            for token in italian.analyse(text)
        )
        for scope, text in texts.items()
    }
    return Entry(article, datetime.now(UTC).isoformat(timespec="seconds"), words)


def _ranked(found: list[Entry], scores: dict[str, float], sort: Sort) -> list[Entry]:
    return sorted(
        found,
        key=lambda entry: sort_key(
            sort,
            score=scores[entry.article.id],
            day=day(entry.article.date),
            title=sort_title(entry.article.title),
            article_id=entry.article.id,
        ),
    )


def _behind(ranked: list[Entry], query: Query) -> list[Entry]:
    if query.after is None:
        return ranked
    last = _place_key(query.after, query.sort)
    return [e for e in ranked if _place_key(place(e.article), query.sort) > last]


def _place_key(at: Place, sort: Sort) -> tuple[float | str, ...]:
    assert not sort.by_score
    return sort_key(sort, score=0.0, day=at.day, title=at.title, article_id=at.id)


class MemoryEngine:
    """Keeps the contract by brute force."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._generation = 0
        self._last_commit: str | None = None
        self._lock = threading.Lock()

    def write(self, articles: Iterable[Article]) -> Written:
        new = {article.id: _entry(article) for article in articles}
        with self._lock:
            replaced = len(new.keys() & self._entries.keys())
            if new:
                self._commit(self._entries | new)
        return Written(added=len(new) - replaced, replaced=replaced)

    def delete(self, ids: Iterable[str]) -> int:
        with self._lock:
            gone = set(ids) & self._entries.keys()
            if gone:
                self._commit({i: entry for i, entry in self._entries.items() if i not in gone})
        return len(gone)

    def change(self, decide: Decide, *, patience: float | None = None) -> None:
        if not self._lock.acquire(timeout=PATIENCE if patience is None else patience):
            raise IndexBusy("Another thread has been writing for too long.")
        try:
            decided = decide()
            coming = {
                its: replace(_entry(stored.article), indexed_at=stored.indexed_at)
                for its, stored in decided.items()
                if stored
            }
            gone = decided.keys() - coming.keys()
            if coming or gone & self._entries.keys():
                kept = {its: entry for its, entry in self._entries.items() if its not in gone}
                self._commit(kept | coming)
        finally:
            self._lock.release()

    def _commit(self, entries: dict[str, Entry]) -> None:
        self._entries = entries
        self._generation += 1
        self._last_commit = datetime.now(UTC).isoformat(timespec="seconds")

    def get(self, article_id: str) -> StoredArticle | None:
        entry = self._entries.get(article_id)
        return StoredArticle(entry.article, entry.indexed_at) if entry else None

    def get_all(self, ids: Collection[str]) -> Mapping[str, StoredArticle]:
        return {its_id: stored for its_id in ids if (stored := self.get(its_id))}

    def search(self, query: Query, *, offset: int = 0, limit: int = 10) -> Page:
        deadline.check()
        corpus = Corpus(tuple(self._entries.values()))
        found = [entry for entry in corpus.entries if corpus.holds(entry, query.clause)]
        scores = {entry.article.id: 0.0 for entry in found}
        if query.sort.by_score:
            worth = {
                entry.article.id: corpus.recency(entry) if query.sort is Sort.MIX else 1.0
                for entry in found
            }
            scores = {
                entry.article.id: worth[entry.article.id] * corpus.score(entry, query.clause)
                for entry in found
            }
            for entry in _ranked(found, scores, query.sort)[: ranking.NEAR_DEPTH]:
                its = entry.article.id
                scores[its] += worth[its] * corpus.nearness(entry, query.clause)
        return Page(
            hits=tuple(
                Hit(structs.replace(entry.article, raw=None), scores[entry.article.id])
                for entry in _behind(_ranked(found, scores, query.sort), query)[
                    offset : offset + limit
                ]
            ),
            total=len(found),
            facets={
                field: facets.count(entry.values(field) for entry in found)
                for field in query.facets
            },
            days=days(Counter(day(entry.article.date) for entry in found).items())
            if query.days
            else (),
        )

    def holding(self, clauses: Sequence[Clause]) -> tuple[int, ...]:
        deadline.check()
        corpus = Corpus(tuple(self._entries.values()))
        return tuple(
            sum(corpus.holds(entry, clause) for entry in corpus.entries) for clause in clauses
        )

    def forms_near(self, form: str, edits: int) -> Mapping[str, int]:
        forms = Counter(
            its
            for entry in self._entries.values()
            for its in {seen.form for seen in entry.seen(Scope.ARTICLE)}
        )
        wanted = italian.fold(form)
        return {its: held for its, held in forms.items() if within(wanted, its, edits)}

    def forms_beginning(self, prefix: str, limit: int) -> Mapping[str, int]:
        start = italian.fold(prefix)
        forms = Counter(
            its
            for entry in self._entries.values()
            for its in {seen.form for seen in entry.seen(Scope.ARTICLE)}
            if start and its.startswith(start)
        )
        ranked = sorted(forms.items(), key=lambda pair: (-pair[1], pair[0]))
        return dict(ranked[:limit])

    def generation(self) -> int:
        return self._generation

    def last_commit(self) -> str | None:
        return self._last_commit

    def stats(self) -> Stats:
        return Stats(
            articles=len(self._entries),
            bytes=0,
            generation=self._generation,
            last_commit=self._last_commit,
            format=0,
            chain=italian.CHAIN,
        )

    def check_met(self) -> None: ...

    def close(self) -> None:
        self._entries = {}


class Terms(NamedTuple):
    """What counts as one term: all readings whose *kind* (their form or their stem) is among."""

    kind: str
    among: frozenset[str]

    def places(self, words: Iterable[Seen]) -> set[tuple[str, int]]:
        read = [(getattr(seen, self.kind), seen.position) for seen in words]
        return {(term, position) for term, position in read if term in self.among}


NOTHING = Terms("form", frozenset())


class Corpus:
    """All articles at one moment: what scores are reckoned over."""

    def __init__(self, entries: tuple[Entry, ...]) -> None:
        self.entries = entries
        self._average = sum(entry.length for entry in entries) / max(1, len(entries))
        self._wide = cache(self._wide)
        self._holding = cache(self._holding)

    def holds(self, entry: Entry, clause: Clause) -> bool:
        match clause:
            case Word() | Prefix() | Fuzzy():
                words = tuple(entry.seen(clause.scope))
                return bool(self._wide(clause).places(words) or _exact(clause).places(words))
            case Phrase(words, scope):
                return any(_stand_together(entry.words[part], words) for part in _parts(scope))
            case Is(field, values):
                wanted = {italian.fold(value) for value in values}
                return any(italian.fold(value) in wanted for value in entry.values(field))
            case Between(first, last):
                own = day(entry.article.date)
                return own != UNDATED and (
                    (first is None or day(first.isoformat()) <= own)
                    and (last is None or own <= day(last.isoformat()))
                )
            case AllOf(clauses):
                return all(self.holds(entry, each) for each in clauses)
            case AnyOf(clauses):
                return any(self.holds(entry, each) for each in clauses)
            case Not(each):
                return not self.holds(entry, each)

    def score(self, entry: Entry, clause: Clause) -> float:
        match clause:
            case Word() | Prefix() | Fuzzy():
                wide = self._bm25(entry, clause.scope, self._wide(clause))
                exact = self._bm25(entry, clause.scope, _exact(clause))
                score = wide + ranking.EXACT * _agreement(entry, clause) * exact
                return score * (clause.weight if isinstance(clause, Word) else 1)
            case Phrase(words, scope):
                return sum(self.score(entry, structs.replace(word, scope=scope)) for word in words)
            case AllOf(clauses) | AnyOf(clauses):
                return sum(self.score(entry, each) for each in clauses if self.holds(entry, each))
            case Is() | Between() | Not():
                return 0.0

    def recency(self, entry: Entry) -> float:
        """What the score of *entry* is worth in the order MIX."""
        newest = date_of(max(day(each.article.date) for each in self.entries))
        own = date_of(day(entry.article.date))
        return ranking.recency((newest - own).days if newest and own else None)

    def nearness(self, entry: Entry, clause: Clause) -> float:
        """What the neighbours of the query earn where they stand close together."""
        return sum(self._near(entry, *pair) for pair in ranking.neighbours(clause))

    def _near(self, entry: Entry, scope: Scope, one: str, other: str) -> float:
        frequency = 0.0
        for part in _parts(scope):
            places, others = _places(entry, part, one), _places(entry, part, other)
            frequency += _FACTORS[part] * sum(
                any(0 < abs(place - its) <= ranking.NEAR_WINDOW for its in others)
                for place in places
            )
        if not frequency:
            return 0.0
        rarities = [self._idf(scope, Terms("stem", frozenset({stem}))) for stem in (one, other)]
        return ranking.NEAR * sum(rarities) / 2 * self._weight(entry, frequency)

    def _wide(self, clause: Word | Prefix | Fuzzy) -> Terms:
        if isinstance(clause, Word):
            if clause.stem is None or clause.scope in FIELD_SCOPES:
                return NOTHING
            return Terms("stem", frozenset({clause.stem}))
        lexicon = {seen.form for entry in self.entries for seen in entry.seen(clause.scope)}
        forms = expand(clause, (form for form in lexicon if form.startswith(lead(clause))))
        return Terms("form", frozenset(forms))

    def _bm25(self, entry: Entry, scope: Scope, terms: Terms) -> float:
        frequency = sum(
            _FACTORS[part] * len(terms.places(entry.words[part])) for part in _parts(scope)
        )
        if not frequency:
            return 0.0
        if scope in FIELD_SCOPES:
            return self._idf(scope, terms) * ranking.weight(frequency, 1.0)
        return self._idf(scope, terms) * self._weight(entry, frequency)

    def _weight(self, entry: Entry, frequency: float) -> float:
        return ranking.weight(frequency, entry.length / self._average)

    def _idf(self, scope: Scope, terms: Terms) -> float:
        return ranking.idf(len(self.entries), self._holding(scope, terms))

    def _holding(self, scope: Scope, terms: Terms) -> int:
        return sum(bool(terms.places(entry.seen(scope))) for entry in self.entries)


def _parts(scope: Scope) -> tuple[Scope, ...]:
    return WHOLE_ARTICLE if scope is Scope.ARTICLE else (scope,)


def _places(entry: Entry, part: Scope, stem: str) -> set[int]:
    return {seen.position for seen in entry.words[part] if seen.stem == stem}


def _exact(clause: Word | Prefix | Fuzzy) -> Terms:
    return Terms("form", frozenset({italian.fold(clause.form)}))


def _agreement(entry: Entry, clause: Word | Prefix | Fuzzy) -> float:
    if clause.scope in FIELD_SCOPES:
        return 1.0
    form = italian.fold(clause.form)
    written = {
        (part, seen.position): seen
        for part in WHOLE_ARTICLE
        for seen in entry.words[part]
        if seen.form == form
    }.values()
    capital = isinstance(clause, Word) and clause.capital
    accented = 2 * sum(seen.accented for seen in written) >= len(written)
    return ranking.agreement(
        accents=accented is (form != clause.form),
        case=not capital or 2 * sum(seen.capital for seen in written) >= len(written),
    )


def _stand_together(words: tuple[Seen, ...], phrase: tuple[Word, ...]) -> bool:
    there = {(seen.form, seen.position) for seen in words}
    forms = [italian.fold(word.form) for word in phrase]
    return any(
        all((form, seen.position + step) in there for step, form in enumerate(forms))
        for seen in words
    )
