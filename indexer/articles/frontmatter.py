"""The block of keys above a Markdown text, as static sites write it.

    ---
    title: Il piano di pace
    tags: [Ucraina, Russia]
    ---

Of YAML only what such blocks hold: one key a line, strings, and lists in brackets or dashes.
Anything else stays in the text.
"""

from __future__ import annotations

import re

_BLOCK = re.compile(r"\s*---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_KEY = re.compile(r"([A-Za-z][\w-]*)[ \t]*:(?:[ \t]+(.*))?$")
_ENTRY = re.compile(r"[ \t]*-[ \t]+(.*)$")
_QUOTES = "\"'"

# What static sites, and Italians, call our fields.
_FIELDS = {
    "titolo": "title",
    "data": "date",
    "autore": "author",
    "authors": "author",
    "fonte": "source",
    "category": "section",
    "categories": "section",
    "categoria": "section",
    "sezione": "section",
    "tag": "tags",
    "keywords": "tags",
    "lastmod": "modified",
    "updated": "modified",
    "permalink": "url",
    "link": "url",
}


def part_front_matter(text: str) -> tuple[dict[str, object], str]:
    """Return the keys above *text*, by the names of our fields, and the text below them."""
    block = _BLOCK.match(text)
    keys = _read(block[1].split("\n")) if block else None
    return (keys, text[block.end() :]) if block and keys else ({}, text)


def _read(lines: list[str]) -> dict[str, object] | None:
    keys: dict[str, object] = {}
    name = ""
    for line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        if match := _KEY.match(line):
            name = _FIELDS.get(match[1].lower(), match[1].lower())
            keys[name] = _value((match[2] or "").strip())
        elif (entry := _ENTRY.match(line)) and name:
            before = keys[name]
            keys[name] = [*(before if isinstance(before, list) else []), _unquoted(entry[1])]
        else:
            return None
    return keys


def _value(text: str) -> object:
    if text.startswith("[") and text.endswith("]"):
        return [_unquoted(part) for part in text[1:-1].split(",") if part.strip()]
    return _unquoted(text)


def _unquoted(text: str) -> str:
    text = text.strip()
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in _QUOTES
    return text[1:-1] if quoted else text
