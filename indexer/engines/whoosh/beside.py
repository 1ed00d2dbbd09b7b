"""Many articles that are in memory, made into segments by processes that are there already.

    articles → parts  ┬→ this process      ┐
                      └→ helpers beside it ┴→ a segment each

Each of them remembers words from one change to the next.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial

import msgspec

from indexer.batches import by_number
from indexer.engines.contract import StoredArticle
from indexer.engines.freed import give_large_back
from indexer.engines.helper import Helper
from indexer.engines.processes import Starter
from indexer.engines.whoosh.bulk import Built, build, sync
from indexer.engines.whoosh.lexicon import Lexicon
from indexer.engines.whoosh.storage import Folder

Part = bytes | Sequence[StoredArticle]
PartHelper = Helper[Part, list[Built]]

_MANY = 1_000  # articles of which a part is worth handing over
_PARTS = msgspec.msgpack.Decoder(list[StoredArticle])

_log = logging.getLogger(__name__)


def start_helpers(folder: Folder, number: int) -> list[PartHelper]:
    """Return so many helpers for the index in *folder*: copies of this process, if it is alone.

    There are fewer where the system allows no more processes.
    """
    starter, started = Starter(), list[PartHelper]()
    try:
        for _ in range(number):
            started.append(Helper(partial(_builder, folder, number + 1), starter))
    except OSError as error:
        _log.warning("This process indexes with %d helpers: %s", len(started), error)
    return started


def build_beside(
    helpers: Sequence[PartHelper],
    folder: Folder,
    articles: Sequence[StoredArticle],
    lexicon: Lexicon,
) -> Iterator[Built]:
    """Write segments of *articles*: of many, each helper builds a part.

    This process, with *lexicon*, builds the first part, and that of a helper that is gone. When it
    ends, however it does, no helper is at work any longer.
    """
    if len(articles) < _MANY or not helpers:
        yield from build(folder, articles, 1, lexicon)
        return
    own, *others = by_number(articles, -(-len(articles) // (len(helpers) + 1)))
    begun = deque[PartHelper | None]()
    try:
        for helper, part in zip(helpers, others, strict=False):
            begun.append(helper if helper.begin(_packed(part)) else None)
        yield from build(folder, own, 1, lexicon)
        place = len(own)
        for part in others:
            asked = begun.popleft()
            built = asked.end() if asked else None
            if built is None:
                built = list(build(folder, part, 1, lexicon))
            yield from (Built(segment, order + place) for segment, order in built)
            place += len(part)
    finally:
        for asked in filter(None, begun):  # it came to grief
            with suppress(Exception):
                asked.end()


def _packed(part: Sequence[StoredArticle]) -> Part:
    """Return *part* as it travels in a third of the time; half a surrogate pair could not."""
    try:
        return msgspec.msgpack.encode(part)
    except (TypeError, ValueError, OverflowError):
        return part


def _builder(folder: Folder, processes: int) -> Callable[[Part], list[Built]]:
    give_large_back()
    lexicon = Lexicon(processes)

    def builder(part: Part) -> list[Built]:
        articles = _PARTS.decode(part) if isinstance(part, bytes) else part
        try:
            built = list(build(folder, articles, 1, lexicon))
        except BaseException:
            lexicon.forget()  # it was perhaps halfway through a word
            raise
        for each in built:
            sync(folder, each)
        return built

    return builder
