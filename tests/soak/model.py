"""What the index must hold: of every article the writes that were begun, and which of them count.

    states of an article   None · 1 · 2 · 3          (versions, None for no article)
    acknowledged               ↑ the last one that is certain
    a reader may see           ↑···↑  it, or any that was begun after it

An article has one writer at a time, so its states are a list. A write of which nobody knows, since
its process was killed, stays possible until a later one is acknowledged.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

State = int | None


class Wrong(Exception):
    """The service or the index did what it must not."""


class _History:
    __slots__ = ("certain", "refused", "states")

    def __init__(self) -> None:
        self.states: list[State] = [None]
        self.certain = 0
        self.refused: set[int] = set()


class Model:
    """The histories of all articles. Any thread may ask."""

    def __init__(self) -> None:
        self._histories: dict[str, _History] = {}
        self._lock = threading.Lock()
        self._quiet = threading.Condition()
        self._writing = 0
        self._paused = False

    def _of(self, identifier: str) -> _History:
        with self._lock:
            return self._histories.setdefault(identifier, _History())

    # Writers.

    def begin(self, identifier: str, state: State) -> int:
        """Tell that *state* is about to be written; return the number of this write."""
        history = self._of(identifier)
        with self._lock:
            history.states.append(state)
            return len(history.states) - 1

    def acknowledged(self, identifier: str, write: int) -> None:
        """Tell that a write was answered with success."""
        self._of(identifier).certain = write

    def refused(self, identifier: str, write: int) -> None:
        """Tell that a write was answered with a refusal: nothing was written."""
        self._of(identifier).refused.add(write)

    # Readers.

    def ids(self) -> list[str]:
        """Return the ids of all articles that ever were."""
        with self._lock:
            return list(self._histories)

    def mark(self, identifier: str) -> int:
        """Return what a reader who asks from now on must see at least."""
        return self._of(identifier).certain

    def allowed(self, identifier: str, since: int) -> list[State]:
        """Return the states that a reader who asked since the mark *since* may have seen."""
        history = self._of(identifier)
        states = enumerate(list(history.states))
        return [s for n, s in states if n >= since and n not in history.refused]

    def check(self, identifier: str, since: int, seen: State) -> None:
        """Raise Wrong unless *seen* was there at some moment since the mark *since*."""
        allowed = self.allowed(identifier, since)
        if seen not in allowed:
            raise Wrong(f"{identifier}: seen {seen}, allowed {allowed[:5]}… of {len(allowed)}")

    def settle(self, seen: Mapping[str, int]) -> None:
        """Check all that there is, while nobody writes; what was in doubt is certain then."""
        if unknown := [identifier for identifier in seen if identifier not in self._histories]:
            raise Wrong(f"{len(unknown)} articles that nobody wrote, such as {unknown[0]}")
        for identifier in self.ids():
            history, state = self._of(identifier), seen.get(identifier)
            self.check(identifier, history.certain, state)
            numbers = range(history.certain, len(history.states))
            history.certain = max(
                n for n in numbers if history.states[n] == state and n not in history.refused
            )
            history.refused |= set(range(history.certain + 1, len(history.states)))

    # Quiet.

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Wait while somebody wants quiet; then there is none before the block ends."""
        with self._quiet:
            self._quiet.wait_for(lambda: not self._paused)
            self._writing += 1
        try:
            yield
        finally:
            with self._quiet:
                self._writing -= 1
                self._quiet.notify_all()

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """Let writes end, and none begin before the block ends."""
        with self._quiet:
            self._quiet.wait_for(lambda: not self._paused)
            self._paused = True
            self._quiet.wait_for(lambda: not self._writing)
        try:
            yield
        finally:
            with self._quiet:
                self._paused = False
                self._quiet.notify_all()


def begin_all(model: Model, identifiers: Iterable[str], state: State) -> dict[str, int]:
    """Begin a write of many articles at once."""
    return {identifier: model.begin(identifier, state) for identifier in identifiers}
