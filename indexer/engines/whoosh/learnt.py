"""What building a segment teaches and the next one uses again: words, and what texts repeat."""

from __future__ import annotations

from indexer.engines.whoosh.lexicon import Lexicon
from indexer.engines.whoosh.packing import Dictionaries


class Learnt:
    """For one writer at a time; those of several *processes* keep no more than one."""

    def __init__(self, processes: int = 1) -> None:
        self.lexicon = Lexicon(processes)
        self.dictionaries = Dictionaries()

    def forget(self) -> None:
        """Know nothing: whoever learnt was interrupted, perhaps halfway through a word."""
        self.lexicon.forget()
        self.dictionaries = Dictionaries()
