"""Lines and links a web page puts into its story that are certainly no article."""

from __future__ import annotations

import re
from functools import cache

from indexer.articles.characters import fold
from indexer.articles.dates import scan
from indexer.articles.lists import read_list
from indexer.articles.markup import Line

_LONGEST = 250  # characters
_LONGEST_NOTICE = 1000  # about cookies
_SHORTEST_CUT = 25
_ENDS = " \t.!:;…*_"
_ANNOUNCEMENTS = ("leggi anche", "leggi pure", "vedi anche", "guarda anche")

_POST_LINK = re.compile(r"\s*(?<![\w/])(?:https?://)?(?:pic\.(?:twitter|x)\.com|t\.co)/\w+")
_HANDLE = re.compile(r"(\s*[—–-]{1,2}\s*\S.{0,100}?)\s*\(@\w{1,30}\)\s*(.{0,40})$")
_POST_DATE = re.compile(r"[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}")
_WORDS = re.compile(r"[^\W_]+")


def is_boilerplate(line: Line) -> bool:
    """Say whether *line* is a share bar, an appeal or a notice."""
    if len(line.words) > (_LONGEST_NOTICE if "cookie" in line.words else _LONGEST):
        return False
    words = _bare(line)
    return (line.linked and words.startswith(_ANNOUNCEMENTS)) or bool(_pattern().fullmatch(words))


def announces_link(line: Line) -> bool:
    """Say whether *line* only announces a link below it: «Leggi anche:»."""
    return len(line.words) <= _LONGEST and _bare(line) in _ANNOUNCEMENTS


def drop_post_marks(line: str) -> str:
    """Return *line* without the link and the handle of an embedded post; its words stay."""
    if "/" in line:
        line = _POST_LINK.sub("", line)
    if "(@" in line and (match := _HANDLE.fullmatch(line)):
        found = scan(match[2])
        if not match[2] or _POST_DATE.fullmatch(match[2]) or (found and found[1] == len(match[2])):
            return match[1]
    return line


def footer_source(line: str) -> str | None:
    """Return the outlet whose footer *line* is, whole or cut off at its beginning or end."""
    letters = _letters(line)
    if len(letters) < _SHORTEST_CUT:
        return None
    footers = _footers().items()
    return next(
        (name for text, name in footers if text.endswith(letters) or text.startswith(letters)), None
    )


def _bare(line: Line) -> str:
    return fold(line.words).strip(_ENDS)


def _letters(text: str) -> str:
    return "".join(_WORDS.findall(fold(text)))


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{line})" for line in read_list("boilerplate.txt")))


@cache
def _footers() -> dict[str, str]:
    rows = (line.split("\t") for line in read_list("footers.tsv"))
    return {_letters(sentence): name for name, sentence in rows}
