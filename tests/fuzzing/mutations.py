"""Inputs without end from a small corpus: cut, joined, repeated, and strewn with odd characters.

Input number *n* of a seed is always the same, so that a fault is told by a number.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"
LONGEST = 4_000  # characters; what is longer costs time and finds little more

ODD = [
    *"\x00\x01\x08\t\n\x0b\x0c\r\x1b\x1c\x1f \x7f\x80\x85\x92\xa0\xad",  # controls and blanks
    *"\u0300\u0301\u200b\u200c\u200d\u2028\u2029\u202e\u2066\u2069\ufeff\ufffd\uffff",
    *"\ud800\udbff\udc00\udfff",  # halves of pairs
    *"'\"’‘ʼ´`′＇“”„«»<>&()[]{}*~_#|\\/-–—…:;,.!?%@+=^$",
    *"àèéìòùÀÈÉÌÒÙßŒœﬁĳǅİıſ",
    *"0123456789٣４²½Ⅳ",
    *"яЗअ中日🙂👨\U000e0001\U0010ffff",
]
FRAGMENTS = [
    *["titolo:", "testo:", "fonte:", "autore:", "dal:", "al:", " E ", " O ", " NON ", " AND ", "-"],
    *[
        "dell’",
        "l'",
        "citta'",
        "perché",
        "un po' di",
        "1.000",
        "U.S.A.",
        "~2",
        "*",
        '"',
        "((",
        "))",
    ],
    *["2025-11-19", "19 novembre 2025", "31/02/99", "0000", "9999-12-31", "ieri", "ore 25:61"],
    *["&amp;", "&#0;", "&#xD800;", "&#1114112;", "&nbsp", "<b>", "</b>", "<script>", "<!--", "-->"],
    *["](", "![", "```", "---\n", "# ", "\n\n", "\r\n", "| ", "* ", "<p>", "<br/>", "</article>"],
    *[
        '{"id": "',
        '", "text": "',
        "null",
        "[[[[",
        '\\u0000"',
        "\\ud83d",
        "1e400",
        "-Infinity",
        "}\n{",
    ],
    *["tıtolo:", "teſto:", "l'l'l'", "(((", "E' "],
    *["http://a.b/?c=d&e#f", "a@b.it", "«»", "“”", "...", "?!", "ﬁ", "e\u0301", "città", "CITTÀ"],
]


def corpus(name: str) -> list[str]:
    """Return the texts of one file of the corpus, which lines of «%%» part, or line ends."""
    text = (CORPUS / name).read_text(encoding="utf-8")
    return text.split("\n%%\n") if "\n%%\n" in text else text.splitlines()


def text(seeds: Sequence[str], kind: str, seed: int, number: int) -> str:
    """Return input *number* of a *seed*, mutated from *seeds*."""
    chance = random.Random(f"{kind}/{seed}/{number}")
    made = chance.choice(seeds)
    for _ in range(min(int(chance.expovariate(0.35)) + 1, 12)):
        made = chance.choice(_MUTATIONS)(made, chance, seeds)[:LONGEST]
    return made


def as_bytes(made: str, kind: str, seed: int, number: int) -> bytes:
    """Return *made* as some computer may have written it, or some disk have damaged it."""
    chance = random.Random(f"bytes/{kind}/{seed}/{number}")
    if (way := chance.random()) < 0.7:
        payload = made.encode("utf-8", "surrogatepass")
    elif way < 0.85:
        payload = made.encode(chance.choice(("cp1252", "mac_roman", "cp850")), "replace")
    else:
        payload = made.encode(chance.choice(("utf-8-sig", "utf-16", "utf-32")), "replace")
    if chance.random() < 0.25:
        damaged = bytearray(payload)
        for _ in range(chance.randint(1, 8)):
            at = chance.randrange(len(damaged) + 1)
            damaged[at : at + chance.randint(0, 2)] = chance.choice(_BYTES)
        payload = bytes(damaged)
    return payload


_BYTES = (
    b"\xff",
    b"\xc0\xaf",
    b"\xe0\x80\xaf",
    b"\xed\xa0\x80",
    b"\xf8\x88\x80\x80",
    b"\x80",
    b"\x00",
    b"",
)

_Mutation = Callable[[str, random.Random, Sequence[str]], str]


def _place(made: str, chance: random.Random) -> int:
    return chance.randint(0, len(made))


def _insert_odd(made: str, chance: random.Random, _: Sequence[str]) -> str:
    at = _place(made, chance)
    return made[:at] + chance.choice(ODD) * chance.choice((1, 1, 1, 2, 5)) + made[at:]


def _insert_fragment(made: str, chance: random.Random, _: Sequence[str]) -> str:
    at = _place(made, chance)
    return made[:at] + chance.choice(FRAGMENTS) + made[at:]


def _replace(made: str, chance: random.Random, _: Sequence[str]) -> str:
    at = _place(made, chance)
    return made[:at] + chance.choice(ODD) + made[at + 1 :]


def _cut(made: str, chance: random.Random, _: Sequence[str]) -> str:
    first, last = sorted((_place(made, chance), _place(made, chance)))
    return made[:first] + made[last:]


def _keep(made: str, chance: random.Random, _: Sequence[str]) -> str:
    first, last = sorted((_place(made, chance), _place(made, chance)))
    return made[first:last]


def _repeat(made: str, chance: random.Random, _: Sequence[str]) -> str:
    first = _place(made, chance)
    stretch = made[first : first + chance.choice((1, 2, 3, 8, 40))]
    return made[:first] + stretch * chance.choice((2, 3, 10, 100, 1_000)) + made[first:]


def _splice(made: str, chance: random.Random, seeds: Sequence[str]) -> str:
    other = chance.choice(seeds)
    return made[: _place(made, chance)] + other[_place(other, chance) :]


def _swap_case(made: str, _: random.Random, __: Sequence[str]) -> str:
    return made.swapcase()


def _one_kind(made: str, chance: random.Random, _: Sequence[str]) -> str:
    return "".join(chance.choices(ODD, k=chance.randint(1, 30)))


_MUTATIONS: tuple[_Mutation, ...] = (
    *[_insert_odd] * 4,
    *[_insert_fragment] * 4,
    *[_replace] * 3,
    *[_cut] * 2,
    _keep,
    _repeat,
    *[_splice] * 2,
    _swap_case,
    _one_kind,
)
