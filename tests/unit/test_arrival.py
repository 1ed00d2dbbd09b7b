"""Is it told of any bytes how far the request in them has come?"""

from contextlib import suppress

import pytest
from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException
from hypothesis import given
from hypothesis import strategies as st

from service.front.arrival import LONGEST_BODY, Arrival, Stage
from service.limits import DEFAULTS


def stage(held: bytes) -> Stage:
    return Arrival(held).stage()


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (b"", Stage.NOTHING),
        (b"G", Stage.HEAD),
        (b"GET / HTTP/1.1\r\nHost: a\r\n", Stage.HEAD),
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", Stage.WHOLE),
        (b"GET / HTTP/1.1\r\n\r\n", Stage.WHOLE),
        (b"\r\nGET / HTTP/1.1\r\n\r\n", Stage.WHOLE),
        (b"POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\ncia", Stage.BODY),
        (b"POST / HTTP/1.1\r\ncontent-length:4\r\n\r\nciao", Stage.WHOLE),
        (b"POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nciaoGET", Stage.WHOLE),
        (b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % LONGEST_BODY, Stage.BODY),
        (b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (LONGEST_BODY + 1), Stage.STREAMED),
        (b"POST / HTTP/1.1\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n", Stage.STREAMED),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", Stage.STREAMED),
        # gunicorn refuses these; no thread waits for a body that nobody can tell the length of.
        (b"POST / HTTP/1.1\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\n", Stage.STREAMED),
        (b"POST / HTTP/1.1\r\nContent-Length: +4\r\n\r\n", Stage.STREAMED),
        (b"POST / HTTP/1.1\r\nContent-Length: " + b"9" * 5_000 + b"\r\n\r\n", Stage.STREAMED),
        ("POST / HTTP/1.1\r\nContent-Length: ４\r\n\r\n".encode(), Stage.STREAMED),
    ],
)
def test_how_far_a_request_has_come(held: bytes, expected: Stage) -> None:
    assert stage(held) is expected


@pytest.mark.parametrize(
    ("held", "refusal"),
    [
        (b"\x16\x03\x01", ParseException),
        (b" GET / HTTP/1.1\r\n", ParseException),
        (b"GET / HTTP/1.1\nHost: a", ParseException),
        (b"\n", ParseException),
        (b"GET /" + b"a" * 8_200, LimitRequestLine),
        (b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 12_000, LimitRequestHeaders),
    ],
)
def test_what_becomes_no_request_is_refused_at_once(
    held: bytes, refusal: type[ParseException]
) -> None:
    with pytest.raises(refusal):
        stage(held)


def test_a_head_may_have_its_bytes_to_the_last() -> None:
    head = b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 9_000
    head += b"c: " + b"d" * (DEFAULTS.head_size - len(head) - 3)
    assert stage(head) is Stage.HEAD
    with pytest.raises(LimitRequestHeaders):
        stage(head + b"d")
    with pytest.raises(LimitRequestHeaders):  # though all of it came at once
        stage(head + b"d\r\n\r\n")


REQUESTS = st.lists(
    st.sampled_from(
        [
            b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            b"POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nci\r\n",
            b"POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
        ]
    ),
    min_size=1,
)


@given(REQUESTS, st.data())
def test_however_requests_are_cut_into_packets_each_is_whole_at_its_last_byte(
    requests: list[bytes], data: st.DataObject
) -> None:
    arrival = Arrival()
    rest = b"".join(requests)
    for request in requests:
        while arrival.stage() is not Stage.WHOLE:
            assert len(arrival) < len(request)
            size = data.draw(st.integers(1, len(rest)))
            arrival.add(rest[:size])
            rest = rest[size:]
        assert arrival.take(len(request)) == request


@given(st.binary(max_size=200))
def test_no_bytes_are_more_than_refused(held: bytes) -> None:
    with suppress(ParseException):
        stage(held)
