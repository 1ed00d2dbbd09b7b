"""Does what processes say to each other arrive as it was said?"""

from __future__ import annotations

import socket

import pytest

from indexer.articles import Article
from indexer.engines.contract import IndexBusy
from service.writing.orders import ANY, Condition, Delete, Outcome, Put, Result
from service.writing.wire import ANSWER, ORDERS, WITHDRAW, Frames, frame

SAID = [
    (ORDERS, (7, ())),
    (ORDERS, (2**62, (Put(Article(id="a", tags=("x", "y"))), Delete("b", Condition((ANY,)))))),
    (ORDERS, (1, (Put(Article(id="a", title="mezza \ud83d", extra={"n": [1.5, None]})),))),
    (ORDERS, (1, (Put(Article(id="a", extra={"n": 2**70, "deep": {"er": [{}]}})), Delete("b")))),
    (ANSWER, (1, [Outcome(Result.CREATED, "tag", "2026-11-29"), Outcome(Result.MISSING)], None)),
    (WITHDRAW, 7),
]


@pytest.mark.parametrize(("kind", "what"), SAID)
def test_what_is_said_arrives(kind: bytes, what: object) -> None:
    near, far = socket.socketpair()
    with near, far:
        frames = Frames(far)
        near.sendall(frame(kind, what) + frame(WITHDRAW, 1))
        heard: list[tuple[bytes, object]] = []
        while len(heard) < 2 and frames.receive():
            heard += frames.whole()
    assert heard == [(kind, what), (WITHDRAW, 1)]


def test_an_error_arrives_as_the_error_that_it_is() -> None:
    near, far = socket.socketpair()
    with near, far:
        frames = Frames(far)
        near.sendall(frame(ANSWER, (3, [], IndexBusy("Others write."))))
        frames.receive()
        ((kind, (name, outcomes, error)),) = frames.whole()
    assert (kind, name, outcomes) == (ANSWER, 3, [])
    assert isinstance(error, IndexBusy)
    assert str(error) == "Others write."
