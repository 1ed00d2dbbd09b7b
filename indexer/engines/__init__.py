"""From the URL of an index to the engine that keeps it.

whoosh:///var/lib/ritaglio   the folder /var/lib/ritaglio
whoosh:var/index             the folder var/index, from where the program was started
opensearch://USER@HOST/NAME  an index of a cluster (opensearch/address.py)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from indexer.articles import Article
from indexer.engines.contract import (
    Copy,
    Engine,
    EngineError,
    Progress,
    Share,
    StoredArticle,
    Written,
)
from indexer.engines.integrity import Checkup, Looked, Repair

DEFAULT_INDEX = "whoosh:var/index"


def absolute(url: str) -> str:
    """Return *url* as it names the same index from every folder."""
    scheme, _, place = url.partition(":")
    if scheme != "whoosh" or place.startswith("/") or not place:
        return url
    return f"whoosh:{Path(place).absolute()}"


def open_engine(url: str, *, create: bool = False, jobs: int = 1, helpers: int = 0) -> Engine:
    """Open the index named by *url*; with *create*, make an empty one where there is none.

    A write of many articles is shared among *jobs* processes, as far as the engine can; so many
    *helpers* stay beside this one and take part in changes, where that is of use.

    Raises IndexMissing, IndexOutdated, or EngineError for a URL that names no place.
    """
    if _on_cluster(url):
        from indexer.engines import opensearch

        return opensearch.open_engine(url, create=create, jobs=jobs)
    path = _folder(url)
    from indexer.engines import whoosh  # an engine is loaded when it is asked for

    folder = whoosh.Folder(path)
    if create:
        whoosh.create(folder)
    return whoosh.WhooshEngine(folder, jobs=jobs, helpers=helpers)


@contextmanager
def filling(url: str, *, jobs: int = 1) -> Iterator[tuple[Engine, bool]]:
    """Open the index at *url*, to add to it; one that had to be made goes again if that fails.

    Yields whether it had to be made, too.
    """
    if _on_cluster(url):
        from indexer.engines import opensearch

        with opensearch.filling(url, jobs=jobs) as filled:
            yield filled
        return
    path = _folder(url)
    from indexer.engines import whoosh

    folder = whoosh.Folder(path)
    made = whoosh.create(folder)
    engine = whoosh.WhooshEngine(folder, jobs=jobs)
    try:
        yield engine, made
    except BaseException:
        if made:
            with suppress(EngineError):  # what went wrong first is what is told
                whoosh.discard_empty(folder)
        raise
    finally:
        engine.close()


def rebuild(
    url: str,
    articles: Iterable[Article] | None = None,
    progress: Progress | None = None,
    *,
    jobs: int = 1,
    keep: bool = True,
) -> Written:
    """Build the index at *url* anew, from *articles*, else from those it holds itself.

    The old index answers until the new one takes its place in one step, and writers go on: what
    they write meanwhile is in the new one too. With *keep* the old one stays, for `roll_back`.
    """
    if _on_cluster(url):
        from indexer.engines import opensearch

        with opensearch.connected(url) as connection:
            return opensearch.rebuild(connection, articles, progress, jobs=jobs, keep=keep)
    path = _folder(url)
    from indexer.engines import whoosh

    return whoosh.rebuild(whoosh.Folder(path), articles, progress, jobs=jobs, keep=keep)


def back_up(url: str, target: BinaryIO, progress: Share) -> Copy:
    """Write the index at *url*, as it is at this moment, to *target*; writing may go on."""
    _refuse_cluster(url)
    path = _folder(url)
    from indexer.engines import whoosh

    return whoosh.back_up(whoosh.Folder(path), target, progress)


def restore(
    url: str, source: BinaryIO, progress: Share, *, replace: bool = False, jobs: int = 1
) -> Copy:
    """Make the backup that *source* yields the index at *url*, in one step.

    A backup is trusted as an index is. With *replace* it may take the place of an index, which
    stays for `roll_back`. Raises EngineError, and changes nothing, for a damaged backup.
    """
    _refuse_cluster(url)
    path = _folder(url)
    from indexer.engines import whoosh

    return whoosh.restore(whoosh.Folder(path), source, progress, replace=replace, jobs=jobs)


def stored(url: str) -> Iterator[StoredArticle]:
    """Return every article of the index at *url* as it is now, in the order of ids."""
    if _on_cluster(url):
        from indexer.engines import opensearch

        return opensearch.stored(url)
    path = _folder(url)
    from indexer.engines import whoosh

    return whoosh.stored(whoosh.Folder(path))


def kept(url: str) -> Copy | None:
    """Return what was at *url* before the last rebuild or restore, None where nothing is kept."""
    if _on_cluster(url):
        from indexer.engines import opensearch

        with opensearch.connected(url) as connection:
            return opensearch.kept(connection)
    path = _folder(url)
    from indexer.engines import whoosh

    return whoosh.kept(whoosh.Folder(path))


def roll_back(url: str) -> Copy:
    """Put back what was before the last rebuild or restore; what there is now is kept in turn."""
    if _on_cluster(url):
        from indexer.engines import opensearch

        with opensearch.connected(url) as connection:
            return opensearch.roll_back(connection)
    path = _folder(url)
    from indexer.engines import whoosh

    return whoosh.roll_back(whoosh.Folder(path))


def forget(url: str) -> Copy:
    """Remove what `roll_back` would put back."""
    if _on_cluster(url):
        from indexer.engines import opensearch

        with opensearch.connected(url) as connection:
            return opensearch.forget(connection)
    path = _folder(url)
    from indexer.engines import whoosh

    return whoosh.forget(whoosh.Folder(path))


def check(url: str, began: Looked, looked: Looked) -> Checkup:
    """Look through all of the index at *url*, while others read and write it.

    *began* is told how many bytes there are, *looked* of each stretch of them.
    """
    _refuse_cluster(url)
    path = _folder(url)
    from indexer.engines import whoosh

    return whoosh.check(whoosh.Folder(path), began, looked)


def repair(url: str, began: Looked, looked: Looked, *, jobs: int = 1) -> Repair:
    """Look through the index at *url*, and put what can still be read in the place of damage."""
    _refuse_cluster(url)
    path = _folder(url)
    from indexer.engines import whoosh

    return whoosh.repair(whoosh.Folder(path), began, looked, jobs=jobs)


def _on_cluster(url: str) -> bool:
    return url.startswith("opensearch:")


def _refuse_cluster(url: str) -> None:
    if _on_cluster(url):
        raise EngineError(
            "A cluster keeps its own copies and looks after its own files: make snapshots with "
            "OpenSearch, as docs/operations.md says, or write the articles with "
            "python -m indexer export; backup, restore and check are for whoosh: indexes."
        )


def _folder(url: str) -> Path:
    scheme, _, place = url.partition(":")
    if scheme != "whoosh":
        raise EngineError(
            f"{url!r} names no index: write whoosh:///absolute/folder or whoosh:relative/folder, "
            "or opensearch://USER@HOST:9200/NAME."
        )
    if place.startswith("//"):
        place = place.removeprefix("//")
        if not place.startswith("/"):
            raise EngineError(
                f"No folder in {url!r}: write whoosh:///{place or 'folder'}, with three slashes, "
                "or whoosh:relative/folder, with none."
            )
    if not place.strip("/"):
        raise EngineError(f"No folder in {url!r}: write whoosh:///folder, with three slashes.")
    return Path(place)
