"""A text cut where nothing ever joins: the first level of the chain.

    «Dell’Ucraina, l'U.R.S.S.: 'la sera'»  →  Dell'Ucraina,  l'U.R.S.S.  la  sera

The cut knows no Italian and no context, only character classes, so that ``bulk.split`` can make
the same cut on bytes. What a chunk means is told by ``chunk_words.analyse_chunk``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.italian.folding import APOSTROPHES

# Characters that end a chunk: of ASCII all but letters, digits and what may stand inside a word;
# beyond ASCII only the punctuation of everyday text, the rest is left to the second level.
JOINING = "'-._,@&%+#"
ASCII_BREAKS = "".join(
    chr(code) for code in range(128) if not chr(code).isalnum() and chr(code) not in JOINING
)
WIDE_BREAKS = "«»“”„–—…\u00a0•"

_CHUNK = re.compile(f"[^{re.escape(ASCII_BREAKS)}{WIDE_BREAKS}\ud800-\udfff]+")

# «'la sera'», not «l'una», not «'80»: opens before a word, closes behind one on the same line.
# Between stand elisions, with a blank after them or none: «'la sera dell' Epifania'». Why an
# apostrophe may stand there is asked once (?>): three reasons for each of «l'l'l'l'» are 3ⁿ ways.
# The apostrophe comes first and what must not stand before it second: so re runs from one
# apostrophe to the next instead of trying every character, which took most of the cutting.
_QUOTED = re.compile(
    r"""
    ' (?<![\w']') (?=[^\W\d]) (?!nd)
    ( (?: [^'\n] | ' (?> (?<=\w')(?=\w) | (?<=ll'|gl'|un'|po') | (?<=\b[cdlmnstv]') ) ){1,300}? )
    (?<!ll|gl|un|po) (?<!\b[cdlmnstv]) ' (?!\w)
    """,
    re.VERBOSE | re.IGNORECASE,
)

# Who has accents on the keyboard types no «citta'»: what stands behind a longer word is a quote
# whose other half is elsewhere. Capitals are another matter: «E' VERO» is typed beside «è vero».
_ACCENTS = "èàùòìé"
_HALF_QUOTED = re.compile(r"'(?<=[a-z]{3}[aeiou]')(?!\w)")


# Behind «gli» no article follows: «gli dei» are gods. A sign that joins tells it to the chunk. The
# blank comes first, so that re runs from one to the next.
_GODS = re.compile(
    r"[ ](?=dei\b)(?:(?<=\bgli )|(?<=\bagli )|(?<=\b(?:da|de|ne|su)gli )|(?<=\bquegli ))",
    re.IGNORECASE,
)


def prepare(text: str) -> str:
    """Return *text*, as long as before, with normal apostrophes and without quoting ones."""
    if "li dei" in text or "li Dei" in text:
        text = _GODS.sub("_", text)
    for apostrophe in APOSTROPHES:
        text = text.replace(apostrophe, "'")
    if "'" not in text:
        return text
    text = text.replace("''", "  ")
    text = _QUOTED.sub(r" \1 ", text)
    return _HALF_QUOTED.sub(" ", text) if any(map(text.__contains__, _ACCENTS)) else text


def cut(text: str) -> Iterator[tuple[int, str]]:
    """Yield the chunks of a prepared *text*, each with the offset it starts at."""
    for match in _CHUNK.finditer(text):
        yield match.start(), match.group()
