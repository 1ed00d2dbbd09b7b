"""From Italian text to the terms we index. Pure: knows no file but its word lists, no engine.

    text → chunks (cut by character class) → tokens (all that is Italian, one chunk at a time)

``analyse`` does both, with offsets. For indexing, ``split`` makes the same chunks at the speed of
bytes, and ``analyse_new_chunk`` is asked once for each that differs.
"""

from indexer.italian.analysis import analyse
from indexer.italian.bulk import blanked, split
from indexer.italian.chunk_words import analyse_chunk, analyse_new_chunk, only_form
from indexer.italian.folding import fold
from indexer.italian.stems import stem, stems_of
from indexer.italian.tokens import ChunkToken, Token
from indexer.italian.verbs import homographs

CHAIN = 3
"""Changes whenever the same text may yield other terms: an index knows the chain that built it."""

__all__ = [
    "CHAIN",
    "ChunkToken",
    "Token",
    "analyse",
    "analyse_chunk",
    "analyse_new_chunk",
    "blanked",
    "fold",
    "homographs",
    "only_form",
    "split",
    "stem",
    "stems_of",
]
