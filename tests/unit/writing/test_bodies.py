"""Is whatever a body holds an article, a line, or a reason why not?"""

from __future__ import annotations

import gzip
import io
import json
from collections import deque
from contextlib import suppress
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.articles import Article, check_id
from indexer.articles.jsonlines import MAX_LINE
from service.writing.reading import InvalidArticle, InvalidBody, read_article, read_lines
from service.writing.unpacking import Gunzip

CODES = {"invalid-json", "invalid-article"}


def article_in(body: bytes, article_id: str | None = None) -> Article | InvalidArticle:
    try:
        return read_article(body, article_id)
    except InvalidArticle as error:
        return error


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode()))
def test_any_bytes_are_an_article_or_refused(body: bytes) -> None:
    outcome = article_in(body)
    assert isinstance(outcome, Article) or str(outcome).endswith(".")


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)
names = st.sampled_from(["id", "title", "text", "tags", "date", "extra", "raw", "url", "x"])


@given(st.dictionaries(names | st.text(max_size=3), values), st.none() | st.text(max_size=8))
def test_any_object_is_an_article_that_can_be_kept_or_refused(
    keys: dict[str, object], article_id: str | None
) -> None:
    outcome = article_in(json.dumps(keys).encode(), article_id)
    if isinstance(outcome, InvalidArticle):
        assert outcome.code in CODES
        return
    check_id(outcome.id)
    assert article_id in (None, outcome.id)
    json.dumps(dict(outcome.extra), ensure_ascii=False, allow_nan=False).encode()


@given(st.lists(st.binary(max_size=30)), st.integers(1, 20), st.integers(1, 25))
def test_lines_are_those_of_the_whole_body_however_it_arrives(
    parts: list[bytes], step: int, longest: int
) -> None:
    body = b"".join(parts)
    expected = body.split(b"\n")
    if not expected[-1]:
        expected.pop()
    stream = io.BytesIO(body)
    found = list(read_lines(lambda _: stream.read(step), longest))
    assert found == [line if len(line) <= longest else None for line in expected]


def unpacked(body: bytes, step: int = 1_000) -> bytes:
    read = Gunzip(io.BytesIO(body).read).read
    parts = list(iter(lambda: read(step), b""))
    assert all(len(part) <= step for part in parts)
    return b"".join(parts)


@given(st.lists(st.binary(max_size=5_000), min_size=1, max_size=4), st.integers(1, 3_000))
def test_what_was_packed_comes_out_again(members: list[bytes], step: int) -> None:
    body = b"".join(map(gzip.compress, members))
    assert unpacked(body, step) == b"".join(members)


@given(st.binary(max_size=3_000), st.integers(0, 3_000), st.binary(min_size=1, max_size=3))
def test_a_packed_body_is_whole_or_refused(whole: bytes, place: int, damage: bytes) -> None:
    packed = gzip.compress(whole, mtime=0)
    place %= len(packed)
    broken = packed[:place] + damage + packed[place + len(damage) :]
    for body in (broken, packed[:place]):
        with suppress(InvalidBody):
            found = unpacked(body)
            assert found == whole or not body


def test_zeros_after_the_last_member_are_no_member() -> None:
    with pytest.raises(InvalidBody):
        unpacked(gzip.compress(b"neve") + b"\0" * 10)


def test_a_bomb_is_given_up_early() -> None:
    packed = gzip.compress(b"\0" * 50_000_000)
    stream = io.BytesIO(packed)
    with pytest.raises(InvalidBody, match="200 times") as refused:
        deque(iter(partial(Gunzip(stream.read).read, 1 << 16), b""), maxlen=0)
    assert refused.value.code == "body-expands-too-far"


def test_a_text_as_long_as_allowed_is_an_article() -> None:
    body = json.dumps({"text": "neve " * (MAX_LINE // 5 - 10)}).encode()
    assert len(read_article(body).text) > MAX_LINE - 100
