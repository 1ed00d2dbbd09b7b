"""What an author published, in the words of this project: one frozen value."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

MAX_ID_LENGTH = 200


class ArticleError(Exception):
    """An article that cannot be read: *place* says where («a.jsonl:12»), *reason* what to mend."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(place, reason)  # so that it can be told to another process
        self.place = place
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """One article: a structure of msgspec's, of which ten are made for each page of hits.

    ``title_derived`` tells that the title is the beginning of the text: it is shown, and
    not indexed as a title, since its words would count twice.
    ``raw`` is the text before cleaning, where cleaning changed it.
    ``date`` is ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; ``modified`` is such a date, or a time
    in ISO 8601 with its offset. ``extra`` holds the keys of a JSON line, or of front matter, that
    we have no field for, and a date that cannot be read.
    """

    id: str
    title: str = ""
    title_derived: bool = False
    text: str = ""
    raw: str | None = None
    date: str | None = None
    modified: str | None = None
    source: str | None = None
    author: str | None = None
    section: str | None = None
    url: str | None = None
    tags: tuple[str, ...] = ()
    extra: Mapping[str, object] = msgspec.field(default_factory=dict)

    @property
    def own_title(self) -> str:
        """The title that is indexed: empty where it only repeats the text."""
        return "" if self.title_derived else self.title


def check_id(article_id: str) -> None:
    """Raise ValueError, with the remedy, unless *article_id* may name an article."""
    if not article_id or len(article_id) > MAX_ID_LENGTH:
        raise ValueError(f"an id has 1 to {MAX_ID_LENGTH} characters, this one {len(article_id)}")
    if article_id in (".", ".."):
        raise ValueError(f"an id is neither «.» nor «..», which an address loses: {article_id!r}")
    if "/" in article_id:
        raise ValueError(f"an id holds no slash: {article_id!r}")
    if not article_id.isprintable() or article_id != article_id.strip():
        raise ValueError(
            "an id holds no control character or other invisible one, and no blank at its ends: "
            f"{article_id!r}"
        )
