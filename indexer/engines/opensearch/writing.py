"""Who writes has the turn: what may be written to an index, and an index put in another's place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

from indexer.articles import Article
from indexer.engines.coming import counted, stamped
from indexer.engines.contract import (
    Decide,
    EngineError,
    Progress,
    Written,
)
from indexer.engines.opensearch import builds, previous
from indexer.engines.opensearch.change import Change
from indexer.engines.opensearch.connection import Connection
from indexer.engines.opensearch.control import PATIENCE, Control
from indexer.engines.opensearch.counting import counts
from indexer.engines.opensearch.entry import line
from indexer.engines.opensearch.journal import Journal
from indexer.engines.opensearch.lexicon import Known
from indexer.engines.opensearch.matching import ALL
from indexer.engines.opensearch.refusals import Json
from indexer.engines.opensearch.spool import Spool
from indexer.engines.opensearch.turns import Turn
from indexer.engines.opensearch.walking import walk

MANY = 2_000
"""Articles that fill an empty index sooner if they are copied once than if sent to every copy."""


class Writer:
    """The way into the index that the connection's name stands for."""

    def __init__(self, connection: Connection, control: Control, jobs: int) -> None:
        self._connection = connection
        self._control = control
        self._jobs = jobs
        self._known = Known()

    def add(self, articles: Iterable[Article]) -> Written:
        """Add or replace *articles*, all or none."""
        spool = Spool(stamped(articles))
        try:
            if not len(spool):
                return Written(0, 0)
            if len(spool) >= MANY and (first := self._first(spool)):
                return first
            with self._change(PATIENCE) as change:
                written = change.put(spool, self._jobs)
                change.commit()
                return written
        finally:
            spool.close()

    def _first(self, spool: Spool) -> Written | None:
        """Build an index of *spool* in the place of an empty one; None where it is not empty."""
        with self._control.writing(PATIENCE) as turn:
            self._control.commit()
            empty = builds.current(self._connection)
            if counts(self._connection, empty, [ALL]) != [0]:
                return None
            written = _built(self._connection, self._control, turn, spool, self._jobs)
            builds.remove(self._connection, empty)
        return written

    def delete(self, ids: Iterable[str]) -> int:
        """Remove the articles with these *ids*; return how many there were."""
        with self._change(PATIENCE) as change:
            if gone := change.delete(ids):
                change.commit()
        return gone

    def change(self, decide: Decide, patience: float) -> None:
        """Put in the place of ids what *decide* says, asked once nobody else can write."""
        with self._change(patience) as change:
            decided = decide()
            gone = change.delete(its for its, stored in decided.items() if stored is None)
            written = change.put(line(stored) for stored in decided.values() if stored)
            if gone or written != Written(0, 0):
                change.commit()

    @contextmanager
    def _change(self, patience: float) -> Iterator[Change]:
        with self._control.writing(patience) as turn:
            self._control.commit()
            index = builds.current(self._connection)
            journal = self._control.own_journal(turn)
            try:
                yield Change(self._connection, self._control, turn, index, self._known, journal)
            except BaseException as error:
                _take_back(self._control, turn, journal, error)
                raise
            with suppress(EngineError):  # what is done is done, notes or not
                journal.forget()


def rebuild(
    connection: Connection,
    articles: Iterable[Article] | None,
    progress: Progress | None,
    *,
    jobs: int,
    keep: bool,
) -> Written:
    """Write everything anew, from *articles* or those stored; readers see the old until the end."""
    builds.current(connection)  # without one nothing is rebuilt
    control = Control(connection)
    spool = None if articles is None else Spool(stamped(articles))
    try:
        with control.writing(PATIENCE) as turn:
            old = builds.current(connection)
            lines = map(_encoded, walk(connection, old)) if spool is None else spool
            written = _built(connection, control, turn, counted(lines, progress), jobs)
            previous.keep(connection, control, old, keep=keep)
    finally:
        if spool is not None:
            spool.close()
    return written


def _built(
    connection: Connection, control: Control, turn: Turn, lines: Iterable[bytes], jobs: int
) -> Written:
    """Make an index of *lines*, whole and copied, and let the name stand for it."""
    builds.sweep(connection, control.previous().get("index"))
    index = builds.make(connection, filling=True)
    try:
        written = Change(connection, control, turn, index, Known(), None).put(lines, jobs)
        builds.settle(connection, index)
        for each in (builds.forms(index), index):
            builds.refresh(connection, each)
        if counts(connection, index, [ALL]) != [written.added]:
            raise EngineError(
                f"The new index of {connection.address} lacks articles that were sent: the old "
                "one stays; try again."
            )
        turn.check()
        builds.switch(connection, index)
    except BaseException:
        builds.remove(connection, index)
        raise
    control.committed()
    return written


def _encoded(kept: Json) -> bytes:
    return json.dumps(kept, ensure_ascii=False).encode()


def _take_back(control: Control, turn: Turn, journal: Journal, error: BaseException) -> None:
    try:
        if journal and not turn.lost:
            control.take_back(turn, journal)
    except EngineError as other:
        turn.left = (turn.token,)
        raise EngineError(
            f"{error} What had been sent could not be taken back ({other}): whoever writes next "
            "does that first."
        ) from error
