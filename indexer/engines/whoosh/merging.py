"""Several postings made one: the runs of a bulk load, or the segments of a merge.

Each source's articles keep their order and stand behind those of the source before, so a term's
postings are those of the sources one behind the other. Where each posting goes is computed for a
whole source at once, and written straight into the file being drafted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh import native
from indexer.engines.whoosh.directory import (
    SEVERAL,
    Directory,
    Forms,
    directory,
    in_order_of_forms,
)
from indexer.engines.whoosh.draft import Draft
from indexer.engines.whoosh.keys import Keys
from indexer.engines.whoosh.native.stretches import spread
from indexer.engines.whoosh.postings import SHARED, SKIP_BITS, TIMES, Postings
from indexer.engines.whoosh.sections import Array

_SKIPPED_AT_ONCE = 1 << 17
_STEMS_AT_ONCE = 1 << 10


@dataclass(frozen=True, slots=True)
class Source:
    """Postings to merge. ``renumber`` is the article's new number, -1 for one that is gone."""

    postings: Postings
    renumber: Array | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Where everything of a merge goes: the sections' sizes are known before the first byte."""

    sources: list[Source]
    ranks: list[Array]
    keys: Keys
    starts: Array
    position_starts: Array
    positions_type: npt.DTypeLike
    big: int
    stems: Directory
    forms: Forms

    def layout(self) -> dict[str, tuple[int, npt.DTypeLike]]:
        """Return name → (length, type) of the sections that ``fill`` fills."""
        terms = len(self.keys)
        return {
            "terms": (len(self.keys.text), np.uint8),
            "term_starts": (terms + 1, np.uint32),
            "stem_hashes": (len(self.stems.hashes), np.uint32),
            "stem_firsts": (len(self.stems.hashes), np.uint32),
            "stem_beyonds": (len(self.stems.hashes), np.uint32),
            "stem_rests": (len(self.stems.hashes), np.uint16),
            "form_order": (terms, np.uint32),
            "form_prefixes": (terms, np.uint32),
            "form_hashes": (len(self.forms.directory.hashes), np.uint32),
            "form_firsts": (len(self.forms.directory.hashes), np.uint32),
            "posting_starts": (terms + 1, np.uint32),
            "position_starts": (terms + 1, np.uint32),
            "position_skips": ((int(self.starts[-1]) >> SKIP_BITS) + 1, np.uint32),
            "numbers": (int(self.starts[-1]), np.uint16),
            "codes": (int(self.starts[-1]), np.uint8),
            "positions": (int(self.position_starts[-1]), self.positions_type),
            "big_places": (self.big, np.uint32),
            "big_titles": (self.big, np.uint32),
            "big_texts": (self.big, np.uint32),
        }

    def fill(self, draft: Draft) -> None:
        """Write terms and postings into *draft*."""
        self._fill_terms(draft)
        numbers, codes, positions = draft["numbers"], draft["codes"], draft["positions"]
        next_posting, next_position = self.starts[:-1].copy(), self.position_starts[:-1].copy()
        big: list[Array] = []
        for source, rank in zip(self.sources, self.ranks, strict=True):
            part, first = source.postings, next_posting[rank]
            _spread(part.numbers, part.starts, first, numbers)
            _spread(part.codes, part.starts, first, codes)
            _spread(part.positions, part.position_starts, next_position[rank], positions)
            terms = part.starts.searchsorted(part.big[0], "right") - 1
            places = part.big[0] - part.starts[terms] + first[terms]
            big.append(np.stack([places, part.big[1], part.big[2]]))
            next_posting[rank] += np.diff(part.starts)
            next_position[rank] += np.diff(part.position_starts)
        rows = np.concatenate([*big, np.zeros((3, 0), np.int64)], axis=1)
        rows = rows[:, np.argsort(rows[0])]
        draft["big_places"][:], draft["big_titles"][:], draft["big_texts"][:] = rows
        self._fill_skips(draft["position_skips"], codes, rows)
        stems = self.stems
        # Of the articles that hold a stem, all but one: 16 bits do.
        draft["stem_rests"][:] = _holders(codes, self.starts, stems.firsts) - 1

    def _fill_skips(self, skips: Array, codes: Array, big: Array) -> None:
        placed, passed = np.diff(self.position_starts) > 0, 0
        for first in range(0, len(codes), _SKIPPED_AT_ONCE):
            some = slice(first, first + _SKIPPED_AT_ONCE)
            terms = self.starts.searchsorted([first + 1, first + _SKIPPED_AT_ONCE])
            own = slice(int(terms[0]) - 1, int(terms[1]))
            ends = np.clip(self.starts[own.start : own.stop + 1] - first, 0, _SKIPPED_AT_ONCE)
            counts = TIMES[codes[some]]
            low, high = big[0].searchsorted([first, first + len(counts)])
            counts[big[0, low:high] - first] = big[1, low:high] + big[2, low:high]
            counts *= np.repeat(placed[own], np.diff(ends))
            before = passed + np.cumsum(counts) - counts
            passed += int(counts.sum())
            every = before[:: 1 << SKIP_BITS]
            skips[first >> SKIP_BITS : (first >> SKIP_BITS) + len(every)] = every

    def _fill_terms(self, draft: Draft) -> None:
        draft["terms"][:], draft["term_starts"][:] = self.keys.text, self.keys.starts
        draft["form_order"][:] = self.forms.order
        draft["form_prefixes"][:] = self.forms.prefixes
        draft["stem_hashes"][:], draft["stem_firsts"][:] = self.stems.hashes, self.stems.firsts
        draft["stem_beyonds"][:] = self.stems.beyonds
        forms = self.forms.directory
        several = np.where(forms.beyonds - forms.firsts > 1, SEVERAL, 0)
        draft["form_hashes"][:], draft["form_firsts"][:] = forms.hashes, forms.firsts | several
        draft["posting_starts"][:] = self.starts
        draft["position_starts"][:] = self.position_starts


def plan(sources: Iterable[Source]) -> Plan:
    """Drop what is gone, and lay out the rest."""
    living = [_without_gone(source) for source in sources]
    keys, ranks = _ranked([source.postings for source in living])
    postings, positions = np.zeros(len(keys), np.int64), np.zeros(len(keys), np.int64)
    for source, rank in zip(living, ranks, strict=True):
        postings[rank] += np.diff(source.postings.starts)
        positions[rank] += np.diff(source.postings.position_starts)
    return Plan(
        sources=living,
        ranks=ranks,
        keys=keys,
        starts=np.concatenate([[0], np.cumsum(postings)]),
        position_starts=np.concatenate([[0], np.cumsum(positions)]),
        positions_type=max((s.postings.positions.dtype for s in living), default=np.uint16),
        big=sum(source.postings.big.shape[1] for source in living),
        stems=directory(keys.stems()),
        forms=in_order_of_forms(keys),
    )


def _ranked(parts: Sequence[Postings]) -> tuple[Keys, list[Array]]:
    """Return all keys, sorted, and of each part's terms their places among them."""
    # The runs of one builder share a vocabulary: its keys are compared once, not once per run.
    vocabularies = {id(part.vocabulary): part.vocabulary for part in parts}
    held = {name: np.zeros(len(each), bool) for name, each in vocabularies.items()}
    for part in parts:
        held[id(part.vocabulary)][part.terms] = True
    used = {name: np.flatnonzero(its) for name, its in held.items()}
    unsorted = Keys.joined(_chosen(each, used[name]) for name, each in vocabularies.items())
    order = unsorted.whole().order()
    first = unsorted.whole().taken(order).changes()
    ranks = np.empty(len(order), np.int32)
    ranks[order] = np.cumsum(first) - 1
    places, begin = {}, 0
    for name, own in used.items():
        places[name] = np.empty(len(vocabularies[name]), np.int32)
        places[name][own] = ranks[begin : begin + len(own)]
        begin += len(own)
    return unsorted.chosen(order[first]), [places[id(p.vocabulary)][p.terms] for p in parts]


def _chosen(vocabulary: Keys | Sequence[bytes], terms: Array) -> Keys:
    if isinstance(vocabulary, Keys):
        return vocabulary.chosen(terms)
    return Keys.of([vocabulary[term] for term in terms.tolist()])


def _holders(codes: Array, starts: Array, firsts: Array) -> Array:
    """Return how many articles hold each stem, whose terms stand from *firsts* on."""
    if not len(firsts):
        return firsts
    order = np.argsort(firsts)  # one stem's terms stand behind another's, without a gap
    bounds = np.append(starts[firsts[order]], len(codes))
    holders = np.empty(len(firsts), np.uint32)
    for first in range(0, len(firsts), _STEMS_AT_ONCE):
        some = bounds[first : first + _STEMS_AT_ONCE + 1]
        own = codes[some[0] : some[-1]] < SHARED
        counted = np.add.reduceat(own, some[:-1] - some[0], dtype=np.uint32)
        holders[order[first : first + _STEMS_AT_ONCE]] = counted
    return holders


def _spread(source: Array, starts: Array, targets: Array, destination: Array) -> None:
    """Put each stretch of *source*, from one of *starts* to the next, to its target."""
    kernels = native.library()
    if kernels and source.dtype == destination.dtype:
        spread(kernels, source, starts, targets, destination)
        return
    moved = np.repeat(targets - starts[:-1], np.diff(starts))
    destination[moved + np.arange(starts[-1])] = source


def _without_gone(source: Source) -> Source:
    part, renumber = source.postings, source.renumber
    if renumber is None:
        return source
    numbers = renumber[part.numbers]
    if not (renumber < 0).any():
        return Source(replace(part, numbers=numbers.astype(np.uint16)))
    kept = numbers >= 0
    terms = np.repeat(np.arange(len(part.terms)), np.diff(part.starts))
    counts = np.bincount(terms[kept], minlength=len(part.terms))
    held = part.position_counts()
    kept_positions = np.repeat(kept, held)
    positions = np.bincount(terms[kept], held[kept], minlength=len(part.terms)).astype(np.int64)
    alive = np.flatnonzero(counts)
    new_places = np.cumsum(kept) - 1
    big = part.big[:, kept[part.big[0]]]
    big[0] = new_places[big[0]]
    return Source(
        Postings(
            vocabulary=part.vocabulary,
            terms=part.terms[alive],
            starts=np.concatenate([[0], np.cumsum(counts[alive])]),
            position_starts=np.concatenate([[0], np.cumsum(positions[alive])]),
            numbers=numbers[kept].astype(np.uint16),
            codes=part.codes[kept],
            positions=part.positions[kept_positions],
            big=big,
        )
    )
