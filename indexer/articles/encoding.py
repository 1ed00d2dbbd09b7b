"""From the bytes of a file to its text, whatever computer wrote it.

    byte order mark  →  UTF-8  →  by line: UTF-8, or the code page that makes most Italian of it

Old Italian files are Windows-1252, now and then Mac Roman or DOS 850. Which one is told by the
accents and quotation marks that come out: a general detector reads three in ten short files
wrong (docs/decisions.md).
"""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PAGES = ("cp1252", "mac_roman", "cp850")  # the first wins a draw
_ITALIAN = frozenset("àèéìòùÀÈÉÌÒÙ’“”«»")
_INNOCENT = frozenset("‘–—…€°ª·íóúáçñüöä§")

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_CONTROLS = bytes([*range(0x09), *range(0x0E, 0x20)])
_MOST_CONTROLS = 0.02

# What UTF-8 looks like once it was taken for Windows-1252: «Ã¨» for è, «â€™» for ’.
_MISREAD = re.compile(r"[ÃÂ][\x80-\xbf€‚-™]|â€")


def decode(payload: bytes, declared: str | None = None) -> str:
    """Return the text of *payload*; *declared* is the encoding a web page claims for itself.

    Raises ValueError when these bytes are no text.
    """
    text = _decode(payload, declared)
    # No encoding makes a control character of bytes that are none. They are told apart at a tenth
    # of what looking at every letter costs.
    if len(payload.translate(None, _CONTROLS)) < len(payload) and (
        len(_CONTROL.findall(text)) > _MOST_CONTROLS * len(text)
    ):
        raise ValueError("this is no text: it is full of control characters; save it as UTF-8")
    return text


def mend(line: str) -> str:
    """Return *line* as it was before UTF-8 was taken for Windows-1252, if that befell it."""
    if not _MISREAD.search(line):
        return line
    try:
        return b"".join(map(_byte, line)).decode("utf-8")
    except ValueError:
        return line


def _decode(payload: bytes, declared: str | None) -> str:
    for mark, encoding in _MARKS:
        if payload.startswith(mark):
            # Those of 16 and 32 bits take the byte order from the mark; UTF-8 must lose it.
            return payload.removeprefix(codecs.BOM_UTF8).decode(encoding, "replace")
    try:
        return payload.decode("utf-8")
    except UnicodeDecodeError as error:
        whole = payload[: error.start]
        if error.reason == "unexpected end of data" and not whole.isascii():
            return whole.decode("utf-8")  # a download that broke off inside a letter
    try:
        if declared and codecs.lookup(declared).name not in ("utf-8", "iso8859-1", "ascii"):
            return payload.decode(declared)
    except (LookupError, ValueError):
        pass  # what a page claims is often wrong
    return _decode_lines(payload.split(b"\n"))


def _decode_lines(lines: list[bytes]) -> str:
    # Files glued together from several sources mix encodings; a line never does.
    page = _best_page(b"\n".join(line for line in lines if not _is_utf8(line)))
    return "\n".join(
        line.decode("utf-8") if _is_utf8(line) else line.decode(page, "replace") for line in lines
    )


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _best_page(payload: bytes) -> str:
    return max(_PAGES, key=lambda page: _italian(payload.decode(page, "replace")))


def _italian(text: str) -> int:
    foreign = [letter for letter in text if letter > "\x7f" and letter not in _INNOCENT]
    return sum(2 if letter in _ITALIAN else -1 for letter in foreign)


def _byte(letter: str) -> bytes:
    # Windows-1252 leaves five bytes open; programs pass them through as control characters.
    return letter.encode("latin-1" if "\x80" <= letter <= "\x9f" else "cp1252")
