"""What a page shows, by the kernels: what windows.py and marked.py make in Python."""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Iterator, Sequence
from ctypes import POINTER, byref, c_int64, c_void_p
from functools import cache
from itertools import accumulate, chain

import numpy as np

from indexer.compiled import address
from service.snippets.finding import Places
from service.snippets.joined import Joined
from service.snippets.marked import Cut, Marked
from service.snippets.native.characters import ADDRESS, learnt
from service.snippets.sentences import ABBREVIATIONS

_WORDS = b"".join(word.encode("ascii") + b"\0" for word in sorted(ABBREVIATIONS))
_ROOM = 16_384  # bytes of HTML and of text, and numbers, at first


class _Places(ctypes.Structure):
    _fields_ = [
        ("texts", c_void_p),
        ("offsets", c_void_p),
        ("stretches", c_void_p),
        ("count", c_int64),
        ("held", c_void_p),
        ("ends", c_void_p),
        ("stretch_count", c_int64),
    ]


class _Abbreviations(ctypes.Structure):
    _fields_ = [("words", ctypes.c_char_p), ("size", c_int64)]


class _Writer(ctypes.Structure):
    _fields_ = [("bytes", c_void_p), ("room", c_int64), ("size", c_int64), ("letters", c_int64)]


class _Numbers(ctypes.Structure):
    _fields_ = [("numbers", c_void_p), ("room", c_int64), ("size", c_int64)]


class _Output(ctypes.Structure):
    _fields_ = [("html", _Writer), ("plain", _Writer), ("numbers", _Numbers)]


_KNOWN = _Abbreviations(_WORDS, len(_WORDS))


@cache
def _typed(kernels: ctypes.CDLL) -> ctypes.CDLL:
    """Tell the library's functions what they take."""
    kernels.show_texts.argtypes = [
        *(c_void_p, c_void_p, c_int64, c_void_p, POINTER(_Places), c_void_p),
        *(c_int64, c_int64, POINTER(_Abbreviations), POINTER(_Output)),
    ]
    kernels.show_texts.restype = c_int64
    return kernels


def cut_all(
    kernels: ctypes.CDLL,
    texts: Joined,
    places: Places,
    wanted: Sequence[int],
    length: int,
    terms: int,
) -> list[Cut]:
    """Return what is shown of *texts*, where terms below *terms* stand: see cutting.py."""
    held = array("i", chain.from_iterable(chain.from_iterable(places.held)))
    ends = array("q", accumulate(map(len, places.held)))
    where = [np.ascontiguousarray(each, np.int32) for each in places[:3]]
    found = _Places(
        *map(address, where),
        len(places.texts),
        *(held.buffer_info()[0], ends.buffer_info()[0], len(ends)),
    )
    counts = array("q", wanted)
    asked = (
        *(address(texts.codes), address(texts.starts), len(texts), ADDRESS),
        *(byref(found), counts.buffer_info()[0], length, terms, byref(_KNOWN)),
    )
    html, plain, numbers = _made(_typed(kernels), asked)
    return [*_taken_apart(html, plain, numbers)]


def _made(kernels: ctypes.CDLL, asked: tuple[object, ...]) -> tuple[str, str, list[int]]:
    """Return HTML, plain text, and what takes them apart."""
    room = _ROOM
    while True:
        html, plain = np.empty((2, room), np.uint8)
        numbers = np.empty(room, np.int32)
        output = _Output(
            _Writer(address(html), room),
            _Writer(address(plain), room),
            _Numbers(address(numbers), room),
        )
        if failed := learnt(kernels.show_texts, *asked, byref(output)):
            raise MemoryError if failed == 1 else ValueError("a match stands outside its text")
        sizes = (output.html.size, output.plain.size, output.numbers.size)
        if max(sizes) <= room:
            return (
                html[: sizes[0]].tobytes().decode(),
                plain[: sizes[1]].tobytes().decode(),
                numbers[: sizes[2]].tolist(),
            )
        room = max(sizes)


def _taken_apart(html: str, plain: str, numbers: list[int]) -> Iterator[Cut]:
    place = of_html = of_plain = 0
    while place < len(numbers):
        exact_end = place + 1 + numbers[place]
        exact = numbers[place + 1 : exact_end]
        place = exact_end + 1
        stretches = []
        for _ in range(numbers[exact_end]):
            html_end = of_html + numbers[place]
            plain_end = of_plain + numbers[place + 1]
            first, place = place + 3, place + 3 + 2 * numbers[place + 2]
            marks = tuple(zip(numbers[first:place:2], numbers[first + 1 : place : 2], strict=True))
            stretches.append(Marked(html[of_html:html_end], plain[of_plain:plain_end], marks))
            of_html, of_plain = html_end, plain_end
        yield Cut(tuple(stretches), frozenset(exact))
