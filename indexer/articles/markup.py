"""Markdown and stray HTML tags off a text; the words stay.

Scraped .txt files are half Markdown, so the same rules read both; each is narrow enough that
«2*3», «#Ucraina», «[ndr]» and «<3» stay as they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# The lengths in these patterns are there so that no text, however odd, takes long.
_HEADING = re.compile(r"(#{1,6})\s(.*)")
_CLOSING_MARKS = re.compile(r"\s#+$")
_RULE = re.compile(r"(?:[-*_=~]\s?){3,}$|(?:```|~~~)\S*$|\|?(?:\s?:?-{2,}:?\s?\|)+[\s:-]*$")
_BULLET = re.compile(r"(?:[-*+•▪●]\s|>\s?)+")
_DEFINITION = re.compile(r"\[[^\]]+\]:\s<?(?:https?:|mailto:|/|#)")

_TARGET = (
    r"\(\s?<?[^()\s]{0,2000}+(?:\([^()\s]{0,200}\)[^()\s]{0,200}){0,3}>?"
    r"(?:\s[\"'(][^)]{0,300})?\s?\)"
)
_IMAGE = re.compile(rf"!\[([^\[\]]{{0,500}})\](?:{_TARGET}|\[\d{{1,3}}\])")
_LINK = re.compile(rf"\[((?:[^\[\]]|\[[^\[\]]{{0,100}}\]){{1,500}}+)\](?:{_TARGET}|\[\d{{1,3}}\])")
_ADDRESS = re.compile(r"<((?:https?://|mailto:)[^<>\s]+)>")
_FOOTNOTE = re.compile(r"\[\^[^\[\]\s]{1,50}\]:?")
_CODE = re.compile(r"(`{1,3})(?!`)([^`]{1,500})\1(?!`)")
_EMPHASIS = re.compile(r"(?<![\w\\*])(\*{1,3})(?=[^\s*])([^*]*[^\s*\\])\1(?![\w*])")
_INNER_BOLD = re.compile(r"(?<!\\)\*\*(?=\S)([^*]+)(?<=\S)\*\*")
_UNDERLINE = re.compile(r"(?<![\w\\])(_{1,3}|~~)(?=[^\s_~])(.{0,500}?[^\s_~\\])\1(?!\w)")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!|>~-])")

_HIDDEN = re.compile(r"<!--|<(script|style|iframe|noscript)\b", re.IGNORECASE)
_BREAK = re.compile(
    r"(?i)<(?:br|hr)\b[^<>]*>|</?(?:p|div|h[1-6]|li|ul|ol|tr|table|blockquote|figure"
    r"|figcaption|section|article|header|footer)(?:\s[^<>]*)?/?>"
)
_TAG = re.compile(
    r"(?i)</?(?:a|abbr|b|big|cite|em|font|i|img|mark|q|s|small|span|strong|sub|sup|td"
    r"|th|u)(?:\s[^<>]*)?/?>"
)


def drop_tags(text: str) -> str:
    """Return *text* without the HTML tags that articles are set in; block tags end a line."""
    if "<" not in text:
        return text
    return _TAG.sub("", _BREAK.sub("\n", _drop_hidden(text)))


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its words, free of markup, and what its markup said.

    ``level`` is 1 to 6 for a heading, else 0; ``linked`` tells that a link stands in the line,
    ``only_link`` that nothing else does.
    """

    words: str
    level: int = 0
    linked: bool = False
    only_link: bool = False


BLANK = Line("")


def read_line(line: str) -> Line:
    """Return one *line* of Markdown without heading marks, bullets, emphasis, links, escapes."""
    line = " ".join(line.split())
    if not line or _RULE.match(line) or _DEFINITION.match(line):
        return BLANK
    if bullet := _BULLET.match(line):
        line = line[bullet.end() :]
    level, linked, only_link = 0, False, False
    if head := _HEADING.match(line):
        level, line = len(head[1]), _CLOSING_MARKS.sub("", head[2])
    if "[" in line or "<" in line:
        line = _IMAGE.sub(_caption, line)
        linked = _LINK.search(line) is not None
        only_link = linked and _LINK.fullmatch(line.strip(" *_")) is not None
        line = _LINK.sub(r"\1", _LINK.sub(r"\1", line))
        line = _ADDRESS.sub(r"\1", _FOOTNOTE.sub("", line))
    if "`" in line:
        line = _CODE.sub(r"\2", line)
    if "*" in line:
        line = _INNER_BOLD.sub(r"\1", _EMPHASIS.sub(r"\2", _EMPHASIS.sub(r"\2", line)))
    if "_" in line or "~~" in line:
        line = _UNDERLINE.sub(r"\2", line)
    if "\\" in line:
        line = _ESCAPE.sub(r"\1", line)
    return Line(" ".join(line.split()), level, linked, only_link)


def _caption(match: re.Match[str]) -> str:
    # «![Trump e Putin](foto.jpg)» has words for a reader, «![IMG_2041.jpg](…)» has none.
    return match[1] if " " in match[1].strip() else ""


def _drop_hidden(text: str) -> str:
    kept, at = [], 0
    unclosed = set()
    for opening in _HIDDEN.finditer(text):
        name = (opening[1] or "").lower()
        if opening.start() < at or name in unclosed:
            continue
        close = re.compile(rf"</{name}\s*>" if name else "-->", re.IGNORECASE)
        if closing := close.search(text, opening.end()):
            kept.append(text[at : opening.start()])
            at = closing.end()
        else:
            unclosed.add(name)
    return "".join([*kept, text[at:]])
