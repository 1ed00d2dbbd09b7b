"""What a page shows, by the kernels: what windows.py and marked.py make in Python."""

from __future__ import annotations

import ctypes
import threading
from array import array
from collections.abc import Sequence
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
_ROOM = 1 << 14  # bytes of HTML and of text, and numbers, at first
_MOST_KEPT = 1 << 20


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


class _Room(threading.local):
    """Where a thread's kernels write, until it is copied out: memory asked for anew costs more."""

    def __init__(self) -> None:
        self.make(_ROOM)

    def make(self, size: int) -> None:
        self.html, self.plain = np.empty((2, size), np.uint8)
        self.numbers = np.empty(size, np.int32)
        self.output = _Output(
            _Writer(address(self.html), size),
            _Writer(address(self.plain), size),
            _Numbers(address(self.numbers), size),
        )
        self.size = size


_room = _Room()


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
    room = _room
    while True:
        failed = learnt(
            _typed(kernels).show_texts,
            *(address(texts.codes), address(texts.starts), len(texts), ADDRESS),
            *(byref(found), counts.buffer_info()[0], length, terms),
            *(byref(_KNOWN), byref(room.output)),
        )
        if failed:
            raise MemoryError if failed == 1 else ValueError("a match stands outside its text")
        output = room.output
        html, plain, numbers = output.html.size, output.plain.size, output.numbers.size
        most = max(html, plain, numbers)
        if most <= room.size:
            break
        room = room if most <= _MOST_KEPT else _Room()
        room.make(most)
    return _taken_apart(
        room.html[:html].tobytes().decode(),
        room.plain[:plain].tobytes().decode(),
        room.numbers[:numbers].tolist(),
        len(texts),
    )


def _taken_apart(html: str, plain: str, numbers: list[int], texts: int) -> list[Cut]:
    cuts: list[Cut] = []
    place = html_end = plain_end = 0
    for _ in range(texts):
        first, place = place + 1, place + 1 + numbers[place]
        exact = frozenset(numbers[first:place])
        stretches = []
        last, place = numbers[place], place + 1
        for _ in range(last):
            of_html, of_plain, count = numbers[place : place + 3]
            first, place = place + 3, place + 3 + 2 * count
            html_start, html_end = html_end, html_end + of_html
            plain_start, plain_end = plain_end, plain_end + of_plain
            marks = zip(numbers[first:place:2], numbers[first + 1 : place : 2], strict=True)
            stretches.append(
                Marked(html[html_start:html_end], plain[plain_start:plain_end], tuple(marks))
            )
        cuts.append((tuple(stretches), exact))
    return cuts
