"""Those who use the service during a soak: each a loop of one thing, checked against the model."""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from tests.soak.model import Model, State, Wrong, begin_all
from tests.soak.processes import Answer, LostError, Service, indexer
from tests.soak.texts import WORDS, article, article_id, marker, version_of

BUSY = 503
KILLED = -9


class Field:
    """What all of them share."""

    def __init__(self, service: Service, model: Model, url: str, folder: Path) -> None:
        self.service = service
        self.model = model
        self.url = url
        self.folder = folder
        self.counts: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.ending = threading.Event()

    def repeat(self, role: Callable[[], object], pause: float) -> threading.Thread:
        """Run *role* again and again, in a thread, until the end or until something is wrong."""

        def run() -> None:
            while not self.ending.is_set():
                try:
                    role()
                except LostError as error:
                    if not self.service.kills:
                        self.report(error)
                    self.counts["requests lost to kills"] += 1
                except Exception as error:
                    self.report(error)
                self.ending.wait(pause * random.uniform(0.5, 1.5))

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        return thread

    def report(self, error: BaseException) -> None:
        """Remember what went wrong, and end."""
        self.wrong.append(f"{type(error).__name__}: {error}")
        self.ending.set()


class Writer:
    """Writes and deletes single articles over HTTP, and reads each back at once."""

    def __init__(self, field: Field, owner: str, articles: int) -> None:
        self._field = field
        self._ids = [article_id(owner, number) for number in range(articles)]
        self._version = 0

    def __call__(self) -> None:
        """Write one."""
        field, identifier = self._field, random.choice(self._ids)
        with field.model.writing():
            self._version += 1
            state: State = None if random.random() < 0.2 else self._version
            write = field.model.begin(identifier, state)
            path = f"/articles/{quote(identifier)}"
            if state is None:
                answer = field.service.ask("DELETE", path)
            else:
                answer = field.service.ask("PUT", path, article(identifier, state))
            if not _taken(field, answer, (200, 201, 204, 404)):
                field.model.refused(identifier, write)
                return
            field.model.acknowledged(identifier, write)
            field.counts["single writes"] += 1
        read_article(field, identifier)


class Loader:
    """Loads many articles over HTTP, as lines."""

    def __init__(self, field: Field, owner: str, articles: int) -> None:
        self._field = field
        self._ids = [article_id(owner, number) for number in range(articles)]
        self._version = 0

    def __call__(self) -> None:
        """Load half of them."""
        field, chosen = self._field, random.sample(self._ids, len(self._ids) // 2)
        with field.model.writing():
            self._version += 1
            writes = begin_all(field.model, chosen, self._version)
            lines = [article(identifier, self._version) for identifier in chosen]
            answer = field.service.ask("POST", "/articles", lines, lines=True)
            if not _taken(field, answer, (200,)):
                for identifier, write in writes.items():
                    field.model.refused(identifier, write)
                return
            for told in answer.body:
                if told.get("result") in ("created", "replaced", "unchanged"):
                    field.model.acknowledged(told["id"], writes[told["id"]])
                    field.counts["articles loaded over HTTP"] += 1
                elif told.get("result") == "refused":
                    raise Wrong(f"a line was refused: {told}")


class Indexer:
    """Loads many articles by the command line: all or none."""

    def __init__(self, field: Field, owner: str, articles: int) -> None:
        self._field = field
        self._ids = [article_id(owner, number) for number in range(articles)]
        self._version = 0
        self._file = field.folder / f"{owner}.jsonl"

    def __call__(self, kill_after: float | None = None) -> bool:
        """Load or, one time in five, delete all of them; tell whether a kill came in time."""
        field = self._field
        with field.model.writing():
            self._version += 1
            state = None if random.random() < 0.2 else self._version
            writes = begin_all(field.model, self._ids, state)
            if state is None:
                process = indexer("delete", *self._ids, "--index", field.url)
            else:
                lines = (json.dumps(article(identifier, state)) for identifier in self._ids)
                self._file.write_text("\n".join(lines))
                process = indexer("add", str(self._file), "--jobs", "1", "--index", field.url)
            if kill_after is not None:
                time.sleep(kill_after)
                process.kill()
            said = process.communicate()[1]
            if process.returncode in (0, 1) or "no article has the id" in said:
                for identifier, write in writes.items():
                    field.model.acknowledged(identifier, write)
                field.counts["articles written by the command line"] += len(writes)
            elif process.returncode == 2 and "has been writing" in said:
                for identifier, write in writes.items():
                    field.model.refused(identifier, write)
                field.counts["told to come back"] += 1
            elif process.returncode != KILLED:
                raise Wrong(f"add or delete ended with {process.returncode}: {said}")
        return process.returncode == KILLED


def rebuild(field: Field) -> None:
    """Build the index anew while everybody goes on."""
    process = indexer("rebuild", "--jobs", "1", "--index", field.url)
    said = process.communicate()[1]
    if process.returncode == 2 and "has been writing" in said:
        field.counts["told to come back"] += 1
    elif process.returncode:
        raise Wrong(f"rebuild ended with {process.returncode}: {said}")
    else:
        field.counts["rebuilds"] += 1


def read_article(field: Field, identifier: str | None = None) -> None:
    """Read one article whole."""
    identifier = identifier or random.choice(field.model.ids() or ["none"])
    since = field.model.mark(identifier)
    answer = asked(field, f"/articles/{quote(identifier)}")
    if answer.status not in (200, 404):
        raise Wrong(f"{identifier} was answered with {answer.status}: {answer.body}")
    field.model.check(identifier, since, version_of(answer.body) if answer.status == 200 else None)
    field.counts["articles read"] += 1


def search_marker(field: Field) -> None:
    """Search the word that one article alone has in its title."""
    identifier = random.choice(field.model.ids() or ["none"])
    since = field.model.mark(identifier)
    body = _searched(field, f"/search?q=%22{marker(identifier)}%22")
    seen = {each["id"]: int(each["title"].split()[-1]) for each in body["results"]}
    if body["total"] != len(seen) or set(seen) - {identifier}:
        raise Wrong(f"{marker(identifier)} stands in {identifier} alone, found in {seen}")
    field.model.check(identifier, since, seen.get(identifier))
    field.counts["searches"] += 1


def search_words(field: Field) -> None:
    """Search as people do; what is answered must hang together."""
    asked = random.sample(WORDS, 2)
    body = _searched(field, f"/search?q={'+'.join(asked)}&facets=source&snippets=1&limit=20")
    if sum(each["count"] for each in body["facets"]["source"]) != body["total"]:
        raise Wrong(f"the facets of {asked} are not those of {body['total']} hits")
    if len(body["results"]) != min(20, body["total"]):
        raise Wrong(f"{len(body['results'])} of {body['total']} results for {asked}")
    if not all("<mark>" in each["snippets"][0]["html"] for each in body["results"]):
        raise Wrong(f"a result without a match for {asked}")
    field.counts["searches"] += 1


def _searched(field: Field, path: str) -> dict[str, object]:
    answer = asked(field, path)
    if answer.status != 200:
        raise Wrong(f"{path} was answered with {answer.status}: {answer.body}")
    body: dict[str, object] = answer.body
    return body


def asked(field: Field, path: str) -> Answer:
    """Ask, and ask again where a kill took the connection: of that a reader must not suffer."""
    for _ in range(100):
        kills = field.service.kills
        try:
            return field.service.ask("GET", path)
        except LostError:
            if not kills and not field.service.kills:
                raise
            field.counts["requests lost to kills"] += 1
            time.sleep(0.1)
    raise Wrong(f"{path} was not answered")


def _taken(field: Field, answer: Answer, expected: tuple[int, ...]) -> bool:
    if answer.status in expected:
        return True
    if answer.status == BUSY:
        field.counts["told to come back"] += 1
        return False
    raise Wrong(f"a write was answered with {answer.status}: {answer.body}")
