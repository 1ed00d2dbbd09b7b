"""Does what processes say to each other arrive as it was said?"""

from __future__ import annotations

import pickle
import socket

import pytest

from indexer.articles import Article
from indexer.engines.contract import IndexBusy
from service.writing.orders import ANY, Condition, Delete, Outcome, Put, Result
from service.writing.wire import ANSWER, ORDERS, WITHDRAW, Frames, frame

ODD = {"whole": 1, "broken": 1.0, "true": True, "none": None, "deep": {"er": [[], {}, "", 2.5]}}
SAID = [
    (ORDERS, (7, ()), False),
    (ORDERS, (2**62, (Put(Article(id="a", tags=("x", "y"))), Delete("b"))), False),
    (ORDERS, (1, (Put(Article(id="a", extra=ODD), Condition((ANY,), ("t",))),)), False),
    (ORDERS, (1, (Put(Article(id="a", title="mezza \ud83d", extra=ODD)), Delete("b"))), True),
    (ORDERS, (1, (Put(Article(id="a", extra={"n": 2**70})), Delete("b"))), True),
    (ANSWER, (1, [Outcome(Result.CREATED, "tag", "2026"), Outcome(Result.MISSING)], None), False),
    (WITHDRAW, 7, False),
]


@pytest.mark.parametrize(("kind", "what", "pickled"), SAID)
def test_what_is_said_arrives(
    kind: bytes, what: object, pickled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    unpickled: list[object] = []
    loads = pickle.loads
    monkeypatch.setattr(pickle, "loads", lambda said: unpickled.append(kind) or loads(said))
    near, far = socket.socketpair()
    with near, far:
        frames = Frames(far)
        near.sendall(frame(kind, what) + frame(WITHDRAW, 1))
        heard: list[tuple[bytes, object]] = []
        while len(heard) < 2 and frames.receive():
            heard += frames.whole()
    assert heard == [(kind, what), (WITHDRAW, 1)]
    assert repr(heard[0][1]) == repr(what)  # which tells 1 from 1.0 and from True
    assert len(unpickled) == pickled


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


def test_the_answer_to_a_load_needs_no_reader() -> None:
    near, far = socket.socketpair()
    with near, far:
        near.setblocking(False)
        said = frame(ANSWER, (1, [Outcome(Result.UNCHANGED)] * 6_000, None))
        assert near.send(said) == len(said)
