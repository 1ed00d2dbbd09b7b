"""From a URL to an index that this code can read, or to the reason why not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

from indexer.engines.contract import EngineError, StoredArticle
from indexer.engines.opensearch import builds
from indexer.engines.opensearch.address import parse
from indexer.engines.opensearch.connection import Connection
from indexer.engines.opensearch.control import PATIENCE, Control
from indexer.engines.opensearch.counting import counts
from indexer.engines.opensearch.entry import stored_in
from indexer.engines.opensearch.index import OpenSearchEngine
from indexer.engines.opensearch.matching import ALL
from indexer.engines.opensearch.walking import walk


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """Yield a connection to the index at *url*, closed in the end."""
    with closing(Connection(parse(url))) as connection:
        yield connection


def make(connection: Connection) -> bool:
    """Make an empty index unless there is one; tell whether it was made."""
    control = Control(connection)
    if builds.there(connection):
        return False
    control.make()
    with control.writing(PATIENCE):
        if builds.there(connection):
            return False
        builds.switch(connection, builds.make(connection))
        control.committed()
    return True


def discard_empty(connection: Connection) -> None:
    """Remove the index if it holds nothing: there is none then."""
    control = Control(connection)
    with control.writing(PATIENCE):
        index = builds.current(connection)
        if counts(connection, index, [ALL]) == [0]:
            builds.remove(connection, index)
            control.clear()


def stored(url: str) -> Iterator[StoredArticle]:
    """Return every article of the index at *url*, as it is now, in the order of ids."""
    with connected(url) as connection:
        Control(connection).commit()
        yield from map(stored_in, walk(connection, builds.current(connection)))


def open_engine(url: str, *, create: bool, jobs: int = 1) -> OpenSearchEngine:
    """Open the index at *url*; with *create*, make an empty one where there is none."""
    connection = Connection(parse(url))
    try:
        if create:
            make(connection)
        return OpenSearchEngine(connection, jobs=jobs)
    except BaseException:
        connection.close()
        raise


@contextmanager
def filling(url: str, *, jobs: int = 1) -> Iterator[tuple[OpenSearchEngine, bool]]:
    """Open the index at *url*, to add to it; one that had to be made goes again if that fails.

    Yields whether it had to be made, too.
    """
    with connected(url) as connection:
        made = make(connection)
        try:
            yield OpenSearchEngine(connection, jobs=jobs), made
        except BaseException:
            if made:
                with suppress(EngineError):  # what went wrong first is what is told
                    discard_empty(connection)
            raise
