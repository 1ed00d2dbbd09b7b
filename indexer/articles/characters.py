"""One way to write each character, so that equal words are equal strings."""

from __future__ import annotations

import html
import re
import unicodedata

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b\u2028\u2029\u2060\ud800-\udfff\ufeff]")
# Bytes of ASCII that stay, and what may stand between them in UTF-8: letters up to U+02FF, which no
# mark behind them changes since marks come later, and the signs of everyday text.
_PLAIN = bytes(code for code in (9, 10, *range(32, 127)) if code != ord("&"))
_STAYING = re.compile(
    rb"(?:\xc2[\xa0-\xac\xae-\xbf]|[\xc3-\xcb][\x80-\xbf]|\xe2\x80[\x90-\xa7]|\xe2\x82\xac)*+"
)
_ACCENTS = re.compile("[\u0300-\u036f]")
_NEW_LINES = frozenset("\x0b\x0c\r\u2028\u2029")


def tidy(text: str) -> str:
    """Return *text* with entities decoded, in NFC, lines ended by a line feed.

    Characters nobody sees go: controls, soft hyphens («Ucrai\\xadna»), zero-width spaces.
    Half a surrogate pair becomes U+FFFD, since no file could hold it.
    """
    if text.isascii() and text.isprintable() and "&" not in text:
        return text
    # What is left of most texts without the bytes that stay is short.
    if _STAYING.fullmatch(text.encode("utf-8", "surrogatepass").translate(None, _PLAIN)):
        return text
    text = decode_entities(text).replace("\r\n", "\n")
    return unicodedata.normalize("NFC", _ODD.sub(_replacement, text))


def decode_entities(text: str) -> str:
    """Return *text* with «&egrave;» decoded, and «&amp;egrave;», as feeds often have it."""
    # Only with a semicolon: «?a=1&copy=2» is an address.
    for _ in range(2):
        if "&" in text:
            text = _ENTITY.sub(lambda match: html.unescape(match.group()), text)
    return text


def one_line(text: str) -> str:
    """Return *text* tidy, with every run of blanks a single space and none at the ends."""
    return " ".join(tidy(text).split())


def fold(text: str) -> str:
    """Return what names are compared by: no case, accents, apostrophe styles or extra blanks."""
    text = text.casefold()
    if not text.isascii():
        text = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.replace("’", "'")))
    return " ".join(text.split())


def _replacement(match: re.Match[str]) -> str:
    letter = match.group()
    if letter in _NEW_LINES:
        return "\n"
    if "\x80" <= letter <= "\x9f":
        # A control that Windows-1252 has a letter for, as HTML reads it too: \x92 is ’.
        return letter.encode("latin-1").decode("cp1252", "ignore")
    return "\ufffd" if "\ud800" <= letter <= "\udfff" else ""
