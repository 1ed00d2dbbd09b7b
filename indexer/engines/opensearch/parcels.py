"""Articles made into entries and packed as requests, in several processes where there are cores.

lines of kept articles → batches → entries, made and compressed → parcels, ready to be sent
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Iterator
from functools import partial

from indexer.batches import by_number, more_than
from indexer.engines.jobs import shared
from indexer.engines.opensearch import bulk
from indexer.engines.opensearch.bulk import Item, Parcel
from indexer.engines.opensearch.entry import entry
from indexer.engines.opensearch.lexicon import Known

_FEW = 2_000  # articles that one process has done before two have started
_BATCH = 64


def parcels(lines: Iterable[bytes], index: str, write: str, jobs: int) -> Generator[Parcel]:
    """Pack the articles in *lines* (entry.py: `line`) for *index*, with up to *jobs* processes."""
    many, coming = more_than(_FEW, lines)
    batches = by_number(coming, _BATCH)
    work = partial(_packed, index, write)
    if many and jobs > 1:
        yield from shared(work, batches, jobs)
    else:
        yield from work(batches)


def _packed(index: str, write: str, batches: Iterable[list[bytes]]) -> Iterator[Parcel]:
    told = Known()
    forms: set[str] = set()

    def items() -> Iterator[Item]:
        for batch in batches:
            for line in batch:
                made = entry(json.loads(line), write)
                forms.update(made.forms)
                body = json.dumps(made.fields, ensure_ascii=False).encode()
                yield Item("create", index, made.key, body)

    for some in bulk.chunks(items()):
        # A few of these forms are of the next parcel already: they are merely early.
        yield Parcel.of(some, told.take(index, forms))
        forms.clear()
