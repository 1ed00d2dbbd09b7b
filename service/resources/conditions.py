"""If-Match and If-None-Match: read whole, or refused. A condition that is dropped guards nothing.

*                       any article
"a", W/"b", c           these tags, in quotes as HTTP has them, or without
anything else           400
"""

from __future__ import annotations

import re
from typing import NamedTuple

import falcon

from service.resources.compression import unpacked
from service.resources.problems import Problem
from service.writing.orders import ANY, NO_CONDITION, Condition

_TAG = r'(?:(?:W/)?"[^"]*"|[^\s",*]+)'
_TAGS = re.compile(rf"\s*{_TAG}(?:\s*,\s*{_TAG})*\s*")
_EACH = re.compile(r'(W/)?(?:"([^"]*)"|([^\s",*]+))')
_NO_ARTICLE = ""  # the tag that none has


class Tag(NamedTuple):
    """A tag as it was sent."""

    text: str
    weak: bool = False


def tags(req: falcon.Request, header: str) -> tuple[Tag, ...]:
    """Return what *header* names, nothing where it is not there. Raise Problem."""
    value = req.get_header(header)
    if value is None:
        return ()
    if value.strip() == ANY:
        return (Tag(ANY),)
    if not _TAGS.fullmatch(value):
        raise Problem(
            400,
            "invalid-condition",
            f'{header} is *, or tags as an answer\'s ETag has them, with commas between: "a", "b".',
        )
    found = (Tag(quoted or bare, bool(weak)) for weak, quoted, bare in _EACH.findall(value))
    # A star in quotes is a tag like any other, and that of no article.
    return tuple(Tag(_NO_ARTICLE) if tag.text == ANY else tag for tag in found)


def condition(req: falcon.Request) -> Condition:
    """Return what *req* takes for granted of the article. Raise Problem."""
    match, none_match = tags(req, "If-Match"), tags(req, "If-None-Match")
    if not match and not none_match:
        return NO_CONDITION
    return Condition(
        # By If-Match a weak tag matches nothing: it does not tell every change.
        match=tuple(_NO_ARTICLE if tag.weak else unpacked(tag.text) for tag in match),
        none_match=tuple(unpacked(tag.text) for tag in none_match),
    )
