"""JSON Lines: one article a line, taken as given."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from math import isfinite
from typing import BinaryIO, NoReturn

import msgspec
from msgspec import structs

from indexer.articles.article import Article, ArticleError
from indexer.articles.encoding import decode
from indexer.articles.keys import article_from

MAX_LINE = 16 * 2**20
"""Bytes; a longer line is no article but a file whose line ends got lost."""

MAX_DEPTH = 32
"""Objects and lists inside each other."""

_MOST_DIGITS = 40
_STRICT = msgspec.json.Decoder()
_SIMPLE = frozenset((str, bool, type(None)))
_TOO_DEEP = f"the JSON is nested too deeply: {MAX_DEPTH} levels at most"


def read_lines(
    stream: BinaryIO, path: str, on_error: Callable[[ArticleError], None], *, first: int = 1
) -> Iterator[tuple[int, Article]]:
    """Yield the number, from *first*, and the article of each line; report those that have none."""
    number = first - 1
    while line := stream.readline(MAX_LINE + 1):
        number += 1
        if line.isspace() and len(line) <= MAX_LINE:
            continue  # before anything else: a packed file may hold millions
        try:
            if len(line) > MAX_LINE and not line.endswith(b"\n"):
                _skip_line(stream)
                raise ValueError(f"the line is longer than {MAX_LINE // 2**20} MiB")
            if line.strip():
                yield number, article_from(_keys(line))
        except ValueError as error:
            on_error(ArticleError(f"{path}:{number}", str(error)))


def line_of(article: Article, indexed_at: str) -> bytes:
    """Return the line, without its end, that `read_lines` reads as *article*.

    It has every field, always in this order, and tells when an index took the article in.
    """
    keys = structs.asdict(article)
    keys |= {"extra": dict(article.extra), "indexed_at": indexed_at}
    try:
        return json.dumps(keys, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half a surrogate pair, which only an escape can tell
        return json.dumps(keys).encode()


def _skip_line(stream: BinaryIO) -> None:
    while (rest := stream.readline(MAX_LINE)) and not rest.endswith(b"\n"):
        pass


def _keys(line: bytes) -> dict[str, object]:
    keys = _simple_keys(line)
    if keys is not None:
        return keys
    text = decode(line).strip()
    try:
        return read_keys(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"{no_json(error)}{_remedy(text)}") from None


def no_json(error: json.JSONDecodeError) -> str:
    """Return why what was read is no JSON, and where."""
    return f"no JSON: {error.msg.removesuffix(' at')} at character {error.pos + 1}"


def _remedy(text: str) -> str:
    if text[:1] == "[":
        return "; write one article a line, without [ ] around them"
    if text[:1] != "{" or text[-1:] != "}":  # a piece of what was written over several lines
        return "; write one article a line, from { to }"
    return ""


def _simple_keys(line: bytes) -> dict[str, object] | None:
    """Return the keys of a *line* as nearly all are, an object of strings; None for any other.

    They are read in a quarter of the time, and as `read_keys` reads them; but of a key that is
    there twice only what it says last is looked at.
    """
    try:
        keys = _STRICT.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if not isinstance(keys, dict):
        return None
    for value in [value for value in keys.values() if type(value) not in _SIMPLE]:
        if type(value) is not list or not _SIMPLE.issuperset(map(type, value)):
            return None
    return keys


def read_keys(text: str, *, once: bool = False) -> dict[str, object]:
    """Return the keys of the object that *text* is; with *once*, none may be there twice.

    Raises JSONDecodeError, or ValueError with what to mend.
    """
    try:
        keys = json.loads(
            text,
            parse_int=_int,
            parse_float=_float,
            parse_constant=_refuse,
            object_pairs_hook=_once if once else None,
        )
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    if not isinstance(keys, dict):
        raise ValueError('not an object: write {"id": …, "title": …, "text": …}')
    _check_depth(keys)
    # Half a surrogate pair can be written in JSON, but no file could hold it.
    return _whole(keys) if "\\u" in text else keys  # type: ignore[return-value]


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    keys = dict(pairs)
    if len(keys) < len(pairs):
        times = Counter(name for name, _ in pairs)
        twice = next(name for name in times if times[name] > 1)
        raise ValueError(f"the key {twice[:50]!r} is there twice")
    return keys


def _check_depth(keys: dict[str, object]) -> None:
    level: list[object] = [keys]
    for _ in range(MAX_DEPTH):
        level = [
            part
            for value in level
            for part in (value.values() if isinstance(value, dict) else value)  # type: ignore[attr-defined]
            if isinstance(part, (dict, list))
        ]
        if not level:
            return
    raise ValueError(_TOO_DEEP)


def _int(digits: str) -> int:
    return int(digits) if len(digits) <= _MOST_DIGITS else _refuse(digits)


def _float(digits: str) -> float:
    number = float(digits)
    return number if isfinite(number) else _refuse(digits)


def _refuse(number: str) -> NoReturn:
    shown = number if len(number) <= 30 else f"{number[:30]}…"
    raise ValueError(f"{shown} is no number that every program reads: put it in quotes")


def _whole(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_whole(part) for part in value]
    if isinstance(value, dict):
        return {_whole(key): _whole(part) for key, part in value.items()}
    return value
