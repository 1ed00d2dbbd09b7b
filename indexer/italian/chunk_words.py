"""The words of one chunk: the second level of the chain, where all that is Italian happens.

dell'Ucraina → dell' + ucraina    citta' → città    U.S.A. → usa    1.000 → 1000
Ivano-Frankivsk → ivano, frankivsk, and at the place of the first ivanofrankivsk
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from indexer.italian import listed
from indexer.italian.accents import right_accent, typed_accent
from indexer.italian.letters import LETTER, composed, is_composed
from indexer.italian.lists import rows
from indexer.italian.numbers import SIGNS, number_form
from indexer.italian.stems import stem
from indexer.italian.tokens import ChunkToken

_SHORTENED = {shortened: whole for shortened, whole in rows("shortened.tsv")}
_MOST_PARTS = 5  # a longer chain of hyphens is a line, not a word
_LONGEST_REMEMBERED = 64  # a longer chunk hardly comes twice, and thousands could fill the memory

_NO_DIGIT = r"[^\W\d_]"
_UNIT = re.compile(
    rf"""
      (?P<number> \d+ (?: [.,']\d+ )* [{SIGNS}]? ) (?!\w)
    | (?P<initials> (?<!\w) (?: (?:{_NO_DIGIT}\.){{2,}} (?:{_NO_DIGIT}(?!\w))?
                              | (?:{_NO_DIGIT}\.)+ {_NO_DIGIT}(?!\w) ) )
    | (?P<sign> (?<!\w) [A-Za-z] (?: \+\+ | \# ) (?!\w) )
    | (?P<address> \w[\w.+-]{{0,63}} @ \w[\w-]* (?: \.[\w-]+ )+ )
    | (?P<word> {LETTER}+ (?: [-._&‐‑] {LETTER}+ )* '? )
    | (?P<picture> [\U0001f1e6-\U0001f1ff]{{2}}
                 | (?![\U0001f3fb-\U0001f3ff]) [\u2600-\u27bf\u2b50\u2b55\U0001f000-\U0001faff]
                   (?: [\ufe0f\U0001f3fb-\U0001f3ff]
                     | \u200d[\u2600-\u27bf\U0001f000-\U0001faff] )* )
    """,
    re.VERBOSE,
)
_PART = re.compile(f"{LETTER}+")
_HUMP = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])")
_DOMAIN = re.compile(r"[a-z0-9-]{2,}(?:\.[a-z0-9-]{2,})*\.[a-z]{2,6}")
_TIME = re.compile(r"(?:[01]?\d|2[0-4])\.[0-5]\d")  # or a price: found as either
_COLOUR = re.compile("[\ufe0f\U0001f3fb-\U0001f3ff]")  # and the sign that asks for one


def analyse_chunk(chunk: str) -> tuple[ChunkToken, ...]:
    """Return the tokens of *chunk*, which ``chunks.cut`` or ``bulk.split`` has cut; maybe none."""
    return _remembered(chunk) if len(chunk) <= _LONGEST_REMEMBERED else analyse_new_chunk(chunk)


def only_form(chunk: str) -> str | None:
    """Return the form of a *chunk* that is one word with one reading: nearly all are."""
    if chunk.isalpha():
        if not (len(chunk) == 1 or chunk[1:].islower() or chunk.isupper()):
            return None
        if chunk.isascii():
            return chunk.lower()
        return right_accent(chunk.lower()) if is_composed(chunk) else None
    return chunk if chunk.isascii() and chunk.isdigit() else None


@lru_cache(maxsize=1 << 16)
def _remembered(chunk: str) -> tuple[ChunkToken, ...]:
    return analyse_new_chunk(chunk)


def analyse_new_chunk(chunk: str) -> tuple[ChunkToken, ...]:
    """Do the same, for who asks about no chunk twice: nothing is remembered."""
    form = only_form(chunk)
    if form is not None:
        return (_token(form, chunk, 0),)
    if is_composed(chunk):
        return tuple(_tokens(chunk))
    clean, offsets = composed(chunk)
    return tuple(
        token._replace(start=offsets[token.start], end=offsets[token.end])
        for token in _tokens(clean)
    )


def _tokens(chunk: str) -> Iterator[ChunkToken]:
    if chunk.isalpha():
        yield from _plain(chunk, 0)
        return
    for match in _UNIT.finditer(chunk):
        text, start = match.group(), match.start()
        match match.lastgroup:
            case "word":
                yield from _word(text, start)
            case "number":
                yield from _number(text, start)
            case "address":
                yield from _parts(text, start, whole=text.lower())
            case "initials":
                yield _token(text.replace(".", "").lower(), text, start)
            case "picture":
                yield _token(_COLOUR.sub("", text), text, start)
            case _:
                yield _token(text.lower(), text, start)


def _word(text: str, start: int) -> Iterator[ChunkToken]:
    """Yield the tokens of parts and hyphens, where only the last part can bear an apostrophe."""
    if text.endswith(("gli_dei", "gli_Dei")):
        yield from _gods(text, start)
        return
    body = text.removesuffix("'")
    parts = [match.span() for match in _PART.finditer(body)]
    whole = _whole(body) if len(parts) > 1 else None
    for number, (first, last) in enumerate(parts):
        if last == len(body) and body != text:
            yield _before_apostrophe(body[first:], start + first)
        else:
            yield from _plain(body[first:last], start + first)
        if number == 0 and whole:
            yield _token(whole, body, start, step=0)


def _gods(text: str, start: int) -> Iterator[ChunkToken]:
    """Yield the words of «gli dei», which ``chunks.prepare`` has joined: no article, a noun.

    The author may have joined others to it: «la_storia_degli dei».
    """
    before, _, noun = text.rpartition("_")
    yield from _word(before, start)
    gods = _token(noun.lower(), noun, start + len(before) + 1)
    yield gods._replace(stem=listed.stems()[gods.form])


def _whole(compound: str) -> str | None:
    """Return the reading of a *compound* as one word: cyber-attacco is also cyberattacco."""
    if "." in compound:
        domain = compound[0].lower() + compound[1:]
        return domain if _DOMAIN.fullmatch(domain) else None
    parts = _PART.findall(compound)
    return "".join(parts).lower() if len(parts) <= _MOST_PARTS else None


def _before_apostrophe(word: str, start: int) -> ChunkToken:
    lower = word.lower()
    whole = _SHORTENED.get(lower)
    if whole is not None:
        return ChunkToken(f"{lower}'", stem(whole), start, start + len(word) + 1, 1, _capital(word))
    accented = typed_accent(lower)
    if accented is not None:
        return _token(accented, f"{word}'", start)
    return _token(lower, word, start)


def _plain(word: str, start: int) -> Iterator[ChunkToken]:
    lower = word.lower()
    yield _token(lower if lower.isascii() else right_accent(lower), word, start)
    if lower == word or word.isupper():
        return
    humps = [hump for hump in _HUMP.split(word) if hump]
    if len(humps) > 1 and all(len(hump) > 1 and hump != "Mc" for hump in humps):
        for hump in humps:
            yield _token(hump.lower(), hump, start, step=0)
            start += len(hump)


def _number(text: str, start: int) -> Iterator[ChunkToken]:
    digits = text.rstrip(SIGNS)
    form = number_form(digits)
    if form is None:
        yield from _parts(digits, start, whole=digits)
        return
    if text == digits and _TIME.fullmatch(digits):
        yield from _parts(digits, start, whole=form)
        return
    yield _token(form, digits, start)
    if text != digits:
        yield _token(form + text[-1].replace("º", "°"), text, start, step=0)


def _parts(text: str, start: int, whole: str) -> Iterator[ChunkToken]:
    for number, part in enumerate(_PART.finditer(text)):
        yield _token(part.group().lower(), part.group(), start + part.start())
        if number == 0:
            yield _token(whole, text, start, step=0)


def _token(form: str, written: str, start: int, step: int = 1) -> ChunkToken:
    return ChunkToken(form, stem(form), start, start + len(written), step, _capital(written))


def _capital(written: str) -> bool:
    return written[:1].isupper()
