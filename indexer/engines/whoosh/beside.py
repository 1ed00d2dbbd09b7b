"""Many articles that are in memory, made into segments by processes that are there already.

    articles → parts  ┬→ this process      ┐
                      └→ helpers beside it ┴→ a segment each

Each of them remembers words from one change to the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import msgspec

from indexer.batches import by_number
from indexer.engines.contract import StoredArticle
from indexer.engines.helper import Helper
from indexer.engines.processes import Starter
from indexer.engines.whoosh.bulk import Built, build, give_memory_back
from indexer.engines.whoosh.learnt import Learnt
from indexer.engines.whoosh.storage import Folder

Part = bytes | Sequence[StoredArticle]
PartHelper = Helper[Part, list[Built]]

_PARTS = msgspec.msgpack.Decoder(list[StoredArticle])

MANY = 1_000
"""Articles of which a part is worth handing over."""


def helpers(folder: Folder, number: int) -> list[PartHelper]:
    """Return so many helpers for the index in *folder*: copies of this process, if it is alone."""
    starter = Starter()
    return [Helper(partial(_builder, folder, number + 1), starter) for _ in range(number)]


def build_beside(
    helpers: Sequence[PartHelper],
    folder: Folder,
    articles: Sequence[StoredArticle],
    learnt: Learnt,
) -> Iterator[Built]:
    """Write a segment of each part of *articles*; this process does the first.

    So it does with the part of a helper that is gone.
    """
    own, *others = by_number(articles, -(-len(articles) // (len(helpers) + 1)))
    given = [
        (each, part, each.begin(_packed(part))) for each, part in zip(helpers, others, strict=False)
    ]
    yield from build(folder, own, 1, learnt)
    place = len(own)
    for each, part, begun in given:
        built = each.end() if begun else None
        if built is None:
            built = list(build(folder, part, 1, learnt))
        yield from (Built(segment, order + place) for segment, order in built)
        place += len(part)


def _packed(part: Sequence[StoredArticle]) -> Part:
    """Return *part* as it travels in a third of the time; half a surrogate pair could not."""
    try:
        return msgspec.msgpack.encode(part)
    except (TypeError, ValueError, OverflowError):
        return part


def _builder(folder: Folder, processes: int) -> Callable[[Part], list[Built]]:
    give_memory_back()
    learnt = Learnt(processes)

    def builder(part: Part) -> list[Built]:
        articles = _PARTS.decode(part) if isinstance(part, bytes) else part
        try:
            return list(build(folder, articles, 1, learnt))
        except BaseException:
            learnt.forget()
            raise

    return builder
