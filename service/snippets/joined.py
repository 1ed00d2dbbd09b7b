"""Some texts, one behind the other, so that all of a page are looked through at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from indexer.italian.chunks import prepare
from service.snippets.letters import Codes, Places, codes

EDGE = "\n" * 8  # around all of them: letters are compared eight at a time


class Joined:
    """Texts, with a new line between two of them: text number i begins at ``starts[i]``.

    There is one start more, where another text would begin.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self.whole = "\n".join((EDGE[1:], *texts, EDGE))
        ends = accumulate([len(text) + 1 for text in texts], initial=len(EDGE))
        self.starts: Places = np.fromiter(ends, np.int64, len(texts) + 1)

    def __len__(self) -> int:
        return len(self.texts)

    @cached_property
    def codes(self) -> Codes:
        """The code points of all texts."""
        return codes(self.whole)

    def numbers_at(self, places: npt.ArrayLike) -> Places:
        """Return the numbers of the texts in which *places* lie."""
        numbers: Places = self.starts.searchsorted(places, "right") - 1
        return numbers

    def prepared(self, numbers: Iterable[int]) -> Joined:
        """Return these texts, of which the chain has prepared some."""
        texts = list(self.texts)
        for number in numbers:
            texts[number] = prepare(texts[number])
        return Joined(texts)
