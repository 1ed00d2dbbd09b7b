"""The forms that the articles hold: near a form, beginning with letters, how many articles each.

Which forms there ever were stands in an index of their own, one entry each, where typing errors
are looked up; how many articles hold a form now is counted in the articles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from indexer.engines import deadline
from indexer.engines.contract import Fuzzy, Scope
from indexer.engines.expansion import expand, within
from indexer.engines.opensearch import builds
from indexer.engines.opensearch.connection import Connection
from indexer.engines.opensearch.counting import ask, counts
from indexer.engines.opensearch.entry import key, term
from indexer.engines.opensearch.matching import FORMS, Query
from indexer.italian import fold

MOST_KNOWN = 1_000_000  # forms, some 100 MB
_ONE_BY_ONE = 400  # forms; more are counted together, which takes longer where they are few
_COUNTED_AT_ONCE = 1_000  # forms
_MANY = 10_000
_QUICK_LOOK = 20_000  # articles of each shard
_MOST_EDITS = 2  # that Lucene looks up
_LONGEST_PREFIX = 200


class Known:
    """The forms that a writer has seen in the cluster, so as not to send them again."""

    def __init__(self) -> None:
        self._index = ""
        self._forms: set[str] = set()

    def new(self, index: str, forms: Iterable[str]) -> list[str]:
        """Return those of *forms* that *index* may lack."""
        if index != self._index or len(self._forms) > MOST_KNOWN:
            self._index, self._forms = index, set()
        return [form for form in forms if form not in self._forms]

    def learn(self, forms: Iterable[str]) -> None:
        """Remember that *forms* are there."""
        self._forms.update(forms)


def lines(forms: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    """Return the lines of a bulk that puts *forms* there."""
    for form in forms:
        yield {"create": {"_id": key(form)}}
        yield {"form": form}


class Lexicon:
    """The forms of the index that *name* stands for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._name = connection.address.name

    def of(self, clause: Fuzzy) -> tuple[str, ...]:
        """Return the forms that *clause* stands for. Raise QueryTooBroad."""
        near = self._near(fold(clause.form), clause.edits, 1)
        # Of those that no article holds any more there may be many.
        if len(near) > clause.most:
            near = self._living(near, FORMS[clause.scope], clause.most)
        return expand(clause, sorted(near))

    def near(self, form: str, edits: int) -> dict[str, int]:
        """Return the forms at most *edits* edits from *form*, and how many articles hold each."""
        wanted = fold(form)
        near = self._near(wanted, edits, 0) if edits else [wanted]
        found = [its for its in near if within(wanted, its, edits)]
        return {its: number for its, number in self._holding(found).items() if number}

    def beginning(self, prefix: str, limit: int) -> dict[str, int]:
        """Return frequent forms that begin with *prefix*, and how many articles hold each.

        Those of some articles of each shard are looked at, and the most frequent counted.
        """
        start = term(fold(prefix))
        if not start:
            return {}
        forms: Mapping[str, Any] = {
            "field": "lexicon",
            "include": _literally(start[:_LONGEST_PREFIX]) + ".*",
            "size": 4 * limit + 64,
        }
        search = {
            "size": 0,
            "query": {"prefix": {FORMS[Scope.ARTICLE]: {"value": start}}},
            "aggs": {
                "some": {
                    "sampler": {"shard_size": _QUICK_LOOK},
                    "aggs": {"forms": {"terms": forms}},
                }
            },
        }
        (answer,) = ask(self._connection, self._name, [search])
        buckets = answer["aggregations"]["some"]["forms"]["buckets"]
        begun = [bucket["key"] for bucket in buckets if bucket["key"].startswith(start)]
        holding = self._holding(begun)
        ranked = sorted(holding.items(), key=lambda pair: (-pair[1], pair[0]))
        return dict(ranked[:limit])

    def _living(self, forms: list[str], field: str, most: int) -> list[str]:
        """Return those that an article still holds, as far as they are more than *most*."""
        living: list[str] = []
        for begin in range(0, len(forms), _COUNTED_AT_ONCE):
            some = forms[begin : begin + _COUNTED_AT_ONCE]
            found = counts(self._connection, self._name, [{"term": {field: its}} for its in some])
            living += [form for form, number in zip(some, found, strict=True) if number]
            if len(living) > most:
                break
        return living

    def _near(self, form: str, edits: int, right: int) -> list[str]:
        """Return the forms near *form*, whose first *right* letters are as they should be."""
        query = _alike(term(form), min(edits, _MOST_EDITS), right)
        found: list[str] = []
        behind: list[Any] = []
        while True:
            search = {"size": _MANY, "query": query, "sort": ["form"], "track_total_hits": False}
            if behind:
                search["search_after"] = behind
            (answer,) = ask(self._connection, builds.forms(self._name), [search])
            hits = answer["hits"]["hits"]
            found += [hit["_source"]["form"] for hit in hits]
            if len(hits) < _MANY:
                return found
            deadline.check()
            behind = hits[-1]["sort"]

    def _holding(self, forms: list[str]) -> dict[str, int]:
        field = FORMS[Scope.ARTICLE]
        if len(forms) <= _ONE_BY_ONE:
            asked: list[Query] = [{"term": {field: form}} for form in forms]
            found = counts(self._connection, self._name, asked)
            return dict(zip(forms, found, strict=True))
        return {
            bucket["key"]: bucket["doc_count"]
            for begin in range(0, len(forms), _MANY)
            for bucket in self._together(forms[begin : begin + _MANY])
        }

    def _together(self, forms: list[str]) -> list[Mapping[str, Any]]:
        counted = {"terms": {"field": "lexicon", "include": forms, "size": len(forms)}}
        search = {
            "size": 0,
            "query": {"terms": {FORMS[Scope.ARTICLE]: forms}},
            "aggs": {"forms": counted},
        }
        (answer,) = ask(self._connection, self._name, [search])
        buckets: list[Mapping[str, Any]] = answer["aggregations"]["forms"]["buckets"]
        return buckets


def _alike(form: str, edits: int, right: int) -> Query:
    if not edits:
        return {"term": {"form": form}}
    if not form:  # Lucene finds nothing near nothing
        return {"regexp": {"form": f".{{1,{edits}}}"}}
    near = {"value": form, "fuzziness": edits, "prefix_length": right}
    return {"fuzzy": {"form": {**near, "rewrite": "constant_score"}}}


def _literally(text: str) -> str:
    return "".join(letter if letter.isalnum() else f"\\{letter}" for letter in text)
