"""Are requests sent at once, no more than so many, and all over when one fails?"""

from __future__ import annotations

import gzip
import json
import threading

import pytest

from indexer.engines.opensearch import sending
from indexer.engines.opensearch.bulk import Item, Parcel, chunks


def test_no_more_requests_are_under_way_than_told() -> None:
    meeting = threading.Barrier(3)
    lock = threading.Lock()
    now = most = 0

    def send(number: int) -> int:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        meeting.wait(timeout=10)
        with lock:
            now -= 1
        return number

    assert sorted(sending.each(send, range(30), at_once=3)) == list(range(30))
    assert most == 3


def test_a_request_that_fails_is_raised_when_the_others_are_over() -> None:
    ended = []

    def send(number: int) -> int:
        if number == 1:
            raise ValueError("no 1")
        ended.append(number)
        return number

    with pytest.raises(ValueError, match="no 1"):
        list(sending.each(send, range(100), at_once=2))
    before = list(ended)
    assert len(before) < 100
    assert ended == before


def test_a_parcel_is_what_was_packed() -> None:
    items = [Item("create", "i", name, b'{"id": "%d"}' % n) for n, name in enumerate(["a", "è"])]
    parcel = Parcel.of(items, ["citta"])
    assert list(parcel) == items
    assert parcel.ids == ["a", "è"]
    lines = [json.loads(line) for line in gzip.decompress(parcel.packed).splitlines()]
    assert lines[2:] == [{"create": {"_index": "i", "_id": "è"}}, {"id": "1"}]


def test_a_request_takes_no_more_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.engines.opensearch.bulk.MOST_BYTES", 10)
    items = [Item("create", "i", str(size), b"x" * size) for size in (4, 4, 4, 30, 1)]
    assert [[item.id for item in chunk] for chunk in chunks(items)] == [
        ["4", "4"],
        ["4"],
        ["30"],
        ["1"],
    ]
