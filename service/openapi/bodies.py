"""What requests that name or bring an article look like: address, conditions, types of keys."""

from __future__ import annotations

from typing import Any

from indexer.articles.article import MAX_ID_LENGTH
from indexer.articles.jsonlines import MAX_LINE

Json = dict[str, Any]
NAME = "ArticleToWrite"

CONDITIONS: list[Json] = [
    {
        "name": name,
        "in": "header",
        "required": False,
        "description": meaning,
        "schema": {"type": "string"},
    }
    for name, meaning in (
        ("If-Match", "Only if the article still has this ETag; * if there is one at all."),
        ("If-None-Match", "Only if the article has no such ETag; * if there is none yet."),
    )
]

_LINE: Json = {
    "anyOf": [{"type": ["string", "null"]}, {"type": "array", "items": {"type": "string"}}],
}
_DATE: Json = {
    "type": ["string", "integer", "null"],
    "description": "ISO 8601, or as one writes it: «19 novembre 2025».",
}
SCHEMA: Json = {
    "title": NAME,
    "type": "object",
    "description": "Title, text or both; keys that are not named here are kept in extra.",
    "properties": {
        "id": {
            "type": ["string", "integer", "null"],
            "minLength": 1,
            "maxLength": MAX_ID_LENGTH,
            "description": "In the address already; elsewhere made of url or text if not given.",
        },
        "title": {"type": ["string", "null"], "maxLength": MAX_LINE},
        "text": {"type": ["string", "null"], "maxLength": MAX_LINE},
        "raw": {"type": ["string", "null"], "description": "The text before cleaning."},
        "date": _DATE,
        "modified": _DATE,
        "source": _LINE,
        "author": _LINE,
        "section": _LINE,
        "url": _LINE,
        "tags": _LINE,
    },
}
EXAMPLE: Json = {
    "title": "Un piano in 28 punti",
    "text": "Un nuovo piano per l’Ucraina.",
    "date": "2025-11-19",
    "source": "Panorama",
    "tags": ["Ucraina"],
}
LINES_EXAMPLE = """\
{"id": "uno", "title": "Il piano", "text": "Un nuovo piano.", "date": "2025-11-19"}
{"id": "due", "text": "La risposta di Kiev."}
"""
