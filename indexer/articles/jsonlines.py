"""JSON Lines: one article a line, taken as given."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from math import isfinite
from typing import BinaryIO

from indexer.articles.article import Article, ArticleError
from indexer.articles.encoding import decode
from indexer.articles.keys import article_from

MAX_LINE = 16 * 2**20
"""Bytes; a longer line is no article but a file whose line ends got lost."""


def read_lines(
    stream: BinaryIO, path: str, on_error: Callable[[ArticleError], None]
) -> Iterator[tuple[str, Article]]:
    """Yield the place («a.jsonl:12») and the article of each line; report those that have none."""
    number = 0
    while line := stream.readline(MAX_LINE + 1):
        number += 1
        place = f"{path}:{number}"
        try:
            if len(line) > MAX_LINE and not line.endswith(b"\n"):
                _skip_line(stream)
                raise ValueError(f"the line is longer than {MAX_LINE // 2**20} MiB")
            if line.strip():
                yield place, article_from(_keys(line))
        except ValueError as error:
            on_error(ArticleError(place, str(error)))


def _skip_line(stream: BinaryIO) -> None:
    while (rest := stream.readline(MAX_LINE)) and not rest.endswith(b"\n"):
        pass


def _keys(line: bytes) -> dict[str, object]:
    text = decode(line).strip()
    try:
        keys = json.loads(text, parse_float=_float, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        remedy = "; write one article a line, without [ ] around them" if text[:1] == "[" else ""
        raise ValueError(f"no JSON: {error.msg} at character {error.pos + 1}{remedy}") from None
    except RecursionError:
        raise ValueError("the JSON is nested too deeply") from None
    if not isinstance(keys, dict):
        raise ValueError('not an object: write {"id": …, "title": …, "text": …}')
    # Half a surrogate pair can be written in JSON, but no file could hold it.
    return _whole(keys) if "\\u" in text else keys  # type: ignore[return-value]


def _float(digits: str) -> float:
    number = float(digits)
    return number if isfinite(number) else _refuse(digits)


def _refuse(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")


def _whole(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_whole(part) for part in value]
    if isinstance(value, dict):
        return {_whole(key): _whole(part) for key, part in value.items()}
    return value
