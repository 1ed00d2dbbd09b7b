"""From named values, the keys of a JSON line or of Markdown's front matter, to an article."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b

from indexer.articles.article import Article, check_id
from indexer.articles.characters import one_line, tidy
from indexer.articles.dates import read_date, read_moment
from indexer.articles.titles import derive_title

# What the service answers of an article besides is the index's to say.
_KNOWN = frozenset(Article.__struct_fields__) | {"indexed_at"}
_LOOKED_AT = 2_000  # characters of a text for its title, which has 90 at most


def article_from(given: Mapping[str, object]) -> Article:
    """Return the article *given* describes; keys we have no field for stay in ``extra``.

    A date that cannot be read leaves the field empty and stays in ``extra`` as it was given.
    So an article as the service answers it, its ``extra`` an object, is read as what it was.
    Raises ValueError with what to mend.
    """
    title = one_line(_string(given, "title") or "")
    text = tidy(_string(given, "text") or "").strip("\n")
    if not title and not text.strip():
        raise ValueError("neither a title nor a text: write at least one of the two")
    url = _line(given, "url")
    date = _string(given, "date", number=True) or ""
    modified = _string(given, "modified", number=True) or ""
    extra = {key: value for key, value in given.items() if key not in _KNOWN}
    if isinstance(given.get("extra"), dict):
        extra = {**given["extra"], **extra}  # type: ignore[dict-item]
    elif "extra" in given:
        extra["extra"] = given["extra"]
    read = {"date": read_date(date), "modified": _moment(modified)}
    unread = {key: given[key] for key in read if given.get(key) not in (None, "") and not read[key]}
    return Article(
        id=_id(given, title, text, url),
        title=title or one_line(derive_title(text)),
        title_derived=not title or (given.get("title_derived") is True and _begins(text, title)),
        text=text,
        raw=_string(given, "raw"),
        date=read["date"],
        modified=read["modified"],
        source=_line(given, "source"),
        author=_line(given, "author"),
        section=_line(given, "section"),
        url=url,
        tags=_strings(given, "tags"),
        extra=extra | unread,
    )


def _begins(text: str, title: str) -> bool:
    """Tell whether *title* is where *text* begins: whoever changed the one gave it a title."""
    return one_line(text[:_LOOKED_AT]).startswith(title.removesuffix("…"))


def _id(given: Mapping[str, object], title: str, text: str, url: str | None) -> str:
    """The id that is given, else one made of the address, else of the words.

    So an article without one keeps its id when lines move; its number in the file would not.
    An empty one is not missing: a faulty export would fill an index with ids nobody knows.
    """
    written = _string(given, "id", number=True)
    if written == "":
        raise ValueError("the id is empty: write one, or leave it out (or null) for one we make")
    if written is not None:
        check_id(written)
        return written
    return blake2b((url or f"{title}\n{text}").encode(), digest_size=8).hexdigest()


def _moment(text: str) -> str | None:
    moment = read_moment(text) if text else None
    return str(moment) if moment else read_date(text)


def _string(given: Mapping[str, object], key: str, *, number: bool = False) -> str | None:
    value = given.get(key)
    if value is None or isinstance(value, str):
        return value
    if number and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise ValueError(f"{key!r} is {_told(value)}, not a string")


def _line(given: Mapping[str, object], key: str) -> str | None:
    value = given.get(key)
    if value is None:
        return None
    if isinstance(value, list):  # «"author": ["Anna Neri", "Ugo Bianchi"]»
        return ", ".join(_strings(given, key)) or None
    return one_line(_string(given, key) or "") or None


def _strings(given: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = given.get(key)
    if value is None:
        return ()
    parts = value if isinstance(value, (list, tuple)) else (_string(given, key) or "").split(",")
    if not all(isinstance(part, str) for part in parts):
        raise ValueError(f"{key!r} holds something that is no string")
    lines = (one_line(part) for part in parts)
    return tuple(dict.fromkeys(line for line in lines if line))


def _told(value: object) -> str:
    names = {list: "a list", dict: "an object", bool: "true or false", int: "a number"}
    return names.get(type(value), "a number")
