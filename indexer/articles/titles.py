"""The title of a story that has none of its own marked: its first line, or its first sentence."""

from __future__ import annotations

import re
from functools import cache

from indexer.articles.lists import read_list

LONGEST_DERIVED = 90

_LONGEST_LINE = 150
_FEWEST_WORDS = 4  # of a plain sentence that can be a title
_NOT_AT_THE_END = ".,;:-–—…"
_SENTENCE_END = re.compile(r"(?<=[.!?…])([»”\"’)]*)\s+(?=[«“\"‘(–—-]*\s?[A-ZÀ-Þ0-9])")
_LAST_WORD = re.compile(r"[\w.]*\w(?=\.$)")
_WORD = re.compile(r"\w+")


def is_title(line: str, following: str | None) -> bool:
    """Say whether the first *line* of a story reads like its title.

    *following* is the line right below, None where a blank line or an imprint stands between.
    """
    if len(line.split()) < 2 or len(line) > _LONGEST_LINE:
        return False
    if line[-1] in ".,;:" and not line.endswith("..."):
        return False
    if line[:1].islower() or not any(map(str.isalpha, line)):
        return False
    if following is None:
        return True
    # Old files break their lines at a fixed width: there the second line is as long as the first.
    return not following[:1].islower() and len(following) > max(_LONGEST_LINE, len(line))


def derive_title(text: str) -> str:
    """Return the first sentence of *text*, at most 90 characters of it and then «…».

    A plain one of very few words goes on with the next.
    """
    sentence = next((line.strip() for line in text.split("\n") if line.strip()), "")
    # No more is ever shown, and a hostile line may have millions of characters.
    sentence = _first_sentence(sentence[: 10 * LONGEST_DERIVED])
    if len(sentence) <= LONGEST_DERIVED:
        return sentence.rstrip(_NOT_AT_THE_END + " ") or sentence
    cut = sentence[: LONGEST_DERIVED + 1]
    if " " in cut:
        cut = _trimmed(cut.rsplit(" ", 1)[0])
    return cut[:LONGEST_DERIVED].rstrip(_NOT_AT_THE_END + " ") + "…"


def _first_sentence(text: str) -> str:
    for end in _SENTENCE_END.finditer(text):
        sentence = text[: end.end(1)]
        word = _LAST_WORD.search(sentence[-20:])
        # «MODENA. I carabinieri…»: where it happened says nothing of what.
        if sentence.endswith(".") and len(sentence.split()) < _FEWEST_WORDS:
            continue
        if not word or not (_is_initial(word[0]) or word[0].lower() in _abbreviations()):
            return sentence
    return text


def _is_initial(word: str) -> bool:
    return len(word.rpartition(".")[2]) == 1 and word[-1].isupper()


def _trimmed(words: str) -> str:
    """Take off what cannot end a title: «… segreti (tra cui uno a» is «… segreti»."""
    whole = words
    opened = words.rfind("(")
    if opened > LONGEST_DERIVED // 2 and ")" not in words[opened:]:
        words = words[:opened].rstrip()
    while " " in words and (last := _WORD.findall(words.rsplit(" ", 1)[1].lower())):
        if last[-1] not in _small_words():
            break
        words = words.rsplit(" ", 1)[0].rstrip()
    return words if len(words) > LONGEST_DERIVED // 2 else whole


@cache
def _small_words() -> frozenset[str]:
    return frozenset(read_list("small_words.txt"))


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset(line.lower() for line in read_list("abbreviations.txt"))
