"""Everything that the index holds, compared with the model."""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from pathlib import Path

from msgspec.structs import asdict

from indexer.engines import open_engine, stored
from tests.soak.model import Wrong
from tests.soak.processes import indexer
from tests.soak.roles import Field, asked
from tests.soak.texts import WORDS, article, version_of

_FREE = 60.0  # seconds in which a commit must be over
_ASKED = 12  # times that each total is asked for: every worker answers some of them


def check_all(field: Field) -> dict[str, int]:
    """Compare index and model while nobody writes; return what there is."""
    with field.model.quiet():
        _wait_for_commit(field.url)
        seen = read_all(field.url)
        field.model.settle(seen)
        _check_totals(field, seen)
    field.counts["comparisons of everything"] += 1
    return seen


def check_index(field: Field, group: str) -> None:
    """Compare the index alone; the articles of *group* were written together, all or none."""
    with field.model.quiet():
        _wait_for_commit(field.url)
        seen = read_all(field.url)
        field.model.settle(seen)
    together = {seen.get(each) for each in field.model.ids() if each.startswith(f"{group}-")}
    if len(together) > 1:
        raise Wrong(f"of what was written together there is {together}")
    field.counts["comparisons of everything"] += 1


def _wait_for_commit(url: str) -> None:
    """Let a commit end that holds what a worker that was killed had asked for.

    Once it is over nothing of a dead worker may come any more.
    """
    engine = open_engine(url)
    engine.change(dict, patience=_FREE)
    engine.close()


def read_all(url: str) -> dict[str, int]:
    """Return the version of every article in the index at *url*, each of them whole."""
    seen: dict[str, int] = {}
    for each in stored(url):
        found = {**asdict(each.article), "tags": list(each.article.tags)}
        if each.article.id in seen:
            raise Wrong(f"{each.article.id} is there twice")
        seen[each.article.id] = version_of(found)
    return seen


def check_backup(field: Field) -> None:
    """Back up while others write; what comes out of it must have been there meanwhile."""
    since = {identifier: field.model.mark(identifier) for identifier in field.model.ids()}
    with tempfile.TemporaryDirectory(dir=field.folder) as folder:
        file, other = Path(folder) / "backup", f"whoosh:{folder}/index"
        _run("backup", str(file), "--index", field.url)
        _run("restore", str(file), "--index", other)
        seen = read_all(other)
    for identifier, mark in since.items():
        field.model.check(identifier, mark, seen.get(identifier))
    field.counts["backups"] += 1


def check_way_back(field: Field) -> None:
    """Back up, restore in place and roll back, while others read: nothing may change."""
    with field.model.quiet(), tempfile.TemporaryDirectory(dir=field.folder) as folder:
        before = read_all(field.url)
        _run("backup", f"{folder}/backup", "--index", field.url)
        _run("restore", f"{folder}/backup", "--replace", "--index", field.url)
        restored = read_all(field.url)
        _run("rollback", "--index", field.url)
        if not before == restored == read_all(field.url):
            raise Wrong("a restore or a rollback changed something")
    field.counts["restores in place"] += 1


def _check_totals(field: Field, seen: dict[str, int]) -> None:
    owners = Counter(identifier.partition("-")[0] for identifier in seen)
    word = random.choice(WORDS)
    texts = (str(article(identifier, version)["text"]) for identifier, version in seen.items())
    holding = sum(word in text.replace(".", " ").split() for text in texts)
    for _ in range(_ASKED):
        found = asked(field, "/search?limit=1&facets=source").body
        facets = {each["value"]: each["count"] for each in found["facets"]["source"]}
        if (found["total"], facets) != (len(seen), dict(owners)):
            late = set(seen.items()) ^ set(read_all(field.url).items())
            raise Wrong(
                f"{found['total']} articles {facets}, must be {len(seen)} {owners}; "
                f"in the index has changed since: {sorted(late)}"
            )
        total = asked(field, f"/search?limit=1&q={word}").body["total"]
        if total != holding:
            raise Wrong(f"{word} stands in {holding} articles, found in {total}")


def _run(*arguments: str) -> None:
    process = indexer(*arguments)
    said = process.communicate()[1]
    if process.returncode:
        raise Wrong(f"{arguments[0]} ended with {process.returncode}: {said}")
