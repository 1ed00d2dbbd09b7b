"""Who is meant by a name: a newspaper or agency we know, or nobody, the anonymous newsroom."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import urlsplit

from indexer.articles.characters import fold
from indexer.articles.lists import read_list

_ARTICLE = re.compile(r"(?:il|lo|la|i|gli|le) |l'")
_NEWSROOM = re.compile(
    r"(?:a cura della |dalla |la )?redazione(?: \S+){0,2}"
    r"|redattore|admin(?:istrator)?|webmaster|staff|(?:web |la )?editor|agenzie|red\."
)


def known_outlet(name: str) -> str | None:
    """Return the outlet that *name* or web address means, as we write it; None for an unknown."""
    folded = fold(name)
    if "." in folded and " " not in folded:
        host = urlsplit(folded if "//" in folded else f"//{folded}").hostname or ""
        return _outlets().get(host.removeprefix("www."))
    return _outlets().get(_ARTICLE.sub("", folded, count=1))


def is_newsroom(name: str) -> bool:
    """Say whether *name* only says that the newsroom wrote it: «redazione», «admin»."""
    return _NEWSROOM.fullmatch(fold(name)) is not None


@cache
def _outlets() -> dict[str, str]:
    outlets: dict[str, str] = {}
    for line in read_list("outlets.tsv"):
        name, _, others = line.partition("\t")
        for spelling in (name, *filter(None, others.split(";"))):
            outlets[_ARTICLE.sub("", fold(spelling), count=1)] = name
    return outlets
