"""The forms that the articles hold: near a form, beginning with letters, how many articles each.

Which forms there ever were stands in an index of their own, one entry each, where typing errors
are looked up; how many articles hold a form now is counted in the articles.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import Any

from indexer.engines import deadline
from indexer.engines.contract import Fuzzy, Scope
from indexer.engines.expansion import expand, within
from indexer.engines.opensearch import builds
from indexer.engines.opensearch.connection import Connection
from indexer.engines.opensearch.counting import ask, counts, total
from indexer.engines.opensearch.entry import term
from indexer.engines.opensearch.matching import FORMS, Query, holding
from indexer.italian import fold

MOST_KNOWN = 1_000_000  # forms, some 100 MB
_FEW = 200  # forms with one beginning that are all counted
_COUNTED_AT_ONCE = 1_000  # forms
_MANY = 10_000
_QUICK_LOOK = 5_000  # articles of each shard
_MOST_EDITS = 2  # that Lucene looks up
_LONGEST_PREFIX = 200


class Known:
    """The forms that a writer has seen in the cluster, so as not to send them again."""

    def __init__(self) -> None:
        self._index = ""
        self._forms: set[str] = set()
        self._taking = threading.Lock()

    def take(self, index: str, forms: Iterable[str]) -> list[str]:
        """Return those of *forms* that *index* may lack, which are known from now on."""
        with self._taking:
            if index != self._index or len(self._forms) > MOST_KNOWN:
                self._index, self._forms = index, set()
            new = set(forms) - self._forms
            self._forms |= new
        return sorted(new)

    def forget(self) -> None:
        """Know nothing again, where forms that were taken may not have arrived."""
        self._index = ""


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
            near = self._living(near, clause.scope, clause.most)
        return expand(clause, sorted(near))

    def near(self, form: str, edits: int) -> dict[str, int]:
        """Return the forms at most *edits* edits from *form*, and how many articles hold each."""
        wanted = fold(form)
        near = self._near(wanted, edits, 0) if edits else [wanted]
        found = [its for its in near if within(wanted, its, edits)]
        return {its: number for its, number in self._holding(found).items() if number}

    def beginning(self, prefix: str, limit: int) -> dict[str, int]:
        """Return frequent forms that begin with *prefix*, and how many articles hold each.

        Where there are many, those of some articles are looked at, and the most frequent counted.
        """
        start = term(fold(prefix))
        if not start:
            return {}
        search = {
            "size": _FEW,
            "query": {"prefix": {"form": start}},
            "track_total_hits": _FEW + 1,
            "_source": False,
            "docvalue_fields": ["form"],
        }
        (answer,) = ask(self._connection, builds.forms(self._name), [search])
        if total(answer) > _FEW:
            begun = self._frequent(start, 4 * limit + 64)
        else:
            begun = [hit["fields"]["form"][0] for hit in answer["hits"]["hits"]]
        holding = self._holding(begun)
        ranked = sorted(holding.items(), key=lambda pair: (-pair[1], pair[0]))
        return {form: number for form, number in ranked[:limit] if number}

    def _frequent(self, start: str, most: int) -> list[str]:
        """Return forms that begin so and are frequent in the articles that tell theirs."""
        forms: Mapping[str, Any] = {
            "field": "lexicon",
            "include": _literally(start[:_LONGEST_PREFIX]) + ".*",
            "size": most,
        }
        quick = {"sampler": {"shard_size": _QUICK_LOOK}, "aggs": {"forms": {"terms": forms}}}
        asked = [{"prefix": {field: start}} for field in FORMS[Scope.ARTICLE]]
        query = {"bool": {"filter": [*asked, {"exists": {"field": "lexicon"}}]}}
        search = {"size": 0, "query": query, "aggs": {"some": quick}}
        (answer,) = ask(self._connection, self._name, [search])
        buckets = answer["aggregations"]["some"]["forms"]["buckets"]
        return [bucket["key"] for bucket in buckets if bucket["key"].startswith(start)]

    def _living(self, forms: list[str], scope: Scope, most: int) -> list[str]:
        """Return those that an article still holds, as far as they are more than *most*."""
        living: list[str] = []
        for begin in range(0, len(forms), _COUNTED_AT_ONCE):
            some = forms[begin : begin + _COUNTED_AT_ONCE]
            asked = [holding(its, scope) for its in some]
            found = counts(self._connection, self._name, asked)
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
        # Lucene knows how many articles hold a term: a thousand of them are counted at once.
        asked = [holding(form, Scope.ARTICLE) for form in forms]
        return dict(zip(forms, counts(self._connection, self._name, asked), strict=True))


def _alike(form: str, edits: int, right: int) -> Query:
    if not edits:
        return {"term": {"form": form}}
    if not form:  # Lucene finds nothing near nothing
        return {"regexp": {"form": f".{{1,{edits}}}"}}
    near = {"value": form, "fuzziness": edits, "prefix_length": right}
    return {"fuzzy": {"form": {**near, "rewrite": "constant_score"}}}


def _literally(text: str) -> str:
    return "".join(letter if letter.isalnum() else f"\\{letter}" for letter in text)
