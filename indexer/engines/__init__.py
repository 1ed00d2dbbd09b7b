"""From the URL of an index to the engine that keeps it.

whoosh:///var/lib/ritaglio   the folder /var/lib/ritaglio
whoosh:var/index             the folder var/index, from where the program was started
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from indexer.articles import Article
from indexer.engines.contract import Engine, EngineError, Progress, Written

DEFAULT_INDEX = "whoosh:var/index"


def open_engine(url: str, *, create: bool = False, jobs: int = 1) -> Engine:
    """Open the index named by *url*; with *create*, make an empty one where there is none.

    A write of many articles is shared among *jobs* processes, as far as the engine can.

    Raises IndexMissing, IndexOutdated, or EngineError for a URL that names no place.
    """
    path = _folder(url)
    from indexer.engines import whoosh  # an engine is loaded when it is asked for

    folder = whoosh.Folder(path)
    if create:
        whoosh.create(folder)
    return whoosh.WhooshEngine(folder, jobs=jobs)


def rebuild(
    url: str,
    articles: Iterable[Article] | None = None,
    progress: Progress | None = None,
    *,
    jobs: int = 1,
) -> Written:
    """Build the index at *url* anew, from *articles*, else from those it holds itself.

    The old index answers until the new one takes its place in one step.
    """
    path = _folder(url)
    from indexer.engines import whoosh

    return whoosh.rebuild(whoosh.Folder(path), articles, progress, jobs=jobs)


def _folder(url: str) -> Path:
    scheme, _, place = url.partition(":")
    if scheme != "whoosh":
        raise EngineError(
            f"{url!r} names no index: write whoosh:///absolute/folder or whoosh:relative/folder."
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
