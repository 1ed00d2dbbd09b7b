"""Articles turned around: from words in reading order to articles per term.

    texts of a batch  →  chunks, and what each stands for  (look-ups in the lexicon)
                      →  postings                          (turning.py)
                      →  stems' own terms                  (where a stem and an article meet again)

All of it is done with whole arrays, never a word at a time.
"""

from __future__ import annotations

import numpy as np

from indexer.engines.whoosh.chunking import Text
from indexer.engines.whoosh.lexicon import Lexicon
from indexer.engines.whoosh.native.turning import Chunks
from indexer.engines.whoosh.postings import Postings, encode
from indexer.engines.whoosh.sections import Array
from indexer.engines.whoosh.turning import meet, turn

_STRETCH = 1 << 18  # bytes cut at once: what they need fits the processor's cache


class Batch:
    """Articles to be inverted together."""

    def __init__(self, lexicon: Lexicon, first_number: int) -> None:
        self._lexicon = lexicon
        self._first = first_number
        self._texts: list[bytes] = []  # of each article its title and its text
        self.size = 0  # bytes

    def add(self, title: bytes, text: bytes) -> None:
        """Take the next article, in UTF-8."""
        self._texts += (title, text)
        self.size += len(title) + len(text)

    def __len__(self) -> int:
        return len(self._texts) // 2

    def _numbered(self) -> tuple[Array, Array]:
        """Return the numbers of all chunks, and how many each text has."""
        numbers, counts, first = [], [], 0
        while first < len(self._texts):
            beyond, size = first, 0
            while beyond < len(self._texts) and size < _STRETCH:
                size += len(self._texts[beyond])
                beyond += 1
            text = Text(self._texts[first:beyond])
            numbers.append(self._lexicon.number(text))
            counts.append(text.counts)
            first = beyond
        return np.concatenate(numbers), np.concatenate(counts)

    def invert(self) -> tuple[Postings, Array, Array]:
        """Return the postings, and the number of words of each title and of each text."""
        lexicon = self._lexicon
        chunks = Chunks(*self._numbered(), *lexicon.values())
        turned = turn(chunks, self._first, len(lexicon.vocabulary))
        meetings = meet(lexicon.stems_of(turned.terms), turned)
        big, positions = turned.big, turned.positions
        narrow = positions.max(initial=0) < 1 << 16
        forms = Postings(
            vocabulary=lexicon.vocabulary,
            terms=turned.terms,
            starts=turned.begins,
            position_starts=turned.bounds[turned.begins],
            numbers=turned.articles,
            codes=turned.codes,
            positions=positions.astype(np.uint16) if narrow else positions,
            big=np.stack([big, turned.titles[big], turned.texts[big]]).astype(np.int64),
        )
        postings = _with_stems(forms, meetings) if len(meetings) else forms
        return postings, turned.words[0::2], turned.words[1::2]


def _with_stems(forms: Postings, meetings: Array) -> Postings:
    """Return *forms* with the stems' own terms behind them, whose articles *meetings* tell."""
    codes, big = encode(meetings["title"], meetings["text"])
    big[0] += len(forms.numbers)
    stems = meetings["stem"]
    changes = np.flatnonzero(np.concatenate([[True], stems[1:] != stems[:-1]]))
    starts = np.append(changes, len(stems)) + len(forms.numbers)
    return Postings(
        vocabulary=forms.vocabulary,
        terms=np.concatenate([forms.terms, stems[changes]]),
        starts=np.concatenate([forms.starts[:-1], starts]),
        position_starts=np.concatenate(
            [forms.position_starts, np.full(len(changes), forms.position_starts[-1])]
        ),
        numbers=np.concatenate([forms.numbers, meetings["article"].astype(np.uint16)]),
        codes=np.concatenate([forms.codes, codes]),
        positions=forms.positions,
        big=np.concatenate([forms.big, big], axis=1),
    )
