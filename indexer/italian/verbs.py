"""The infinitive behind an irregular verb's form: preso → prendere, proviene → provenire.

``verbs.tsv`` tells what is irregular about a verb; here its roots meet their endings.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from indexer.italian.lists import rows

_TENSES = [("now", "present"), ("past", "past"), ("part", "participle"), ("then", "future")]

Traits = dict[str, list[str]]


class Verb(NamedTuple):
    """A verb, and those its prefixes make of it."""

    infinitive: str
    prefixes: frozenset[str]
    own: bool


class Infinitive(NamedTuple):
    """The infinitive behind a form."""

    name: str
    own: bool  # it is a stem itself: what Snowball leaves of it is the stem of another word


class _Paradigms(NamedTuple):
    verbs: dict[str, list[Verb]]  # by form, prefix off
    other_words: frozenset[str]


def infinitive(form: str) -> Infinitive | None:
    """Return the infinitive of *form*; None if it is of no listed verb, or first another word."""
    return _infinitives().get(form)


def forms() -> Iterator[tuple[str, Infinitive]]:
    """Yield every form of every listed verb, with its infinitive."""
    for form, verbs in _paradigms().verbs.items():
        for verb in verbs:
            for prefix in verb.prefixes:
                yield prefix + form, Infinitive(prefix + verb.infinitive, verb.own)


@cache
def _infinitives() -> dict[str, Infinitive]:
    # Every form written out: one look-up a word, where trying each prefix took a dozen.
    found: dict[str, tuple[int, Infinitive]] = {}
    for form, verbs in _paradigms().verbs.items():
        for verb in verbs:
            for prefix in verb.prefixes:
                known = found.get(prefix + form)
                if known is None or len(prefix) < known[0]:
                    whole = Infinitive(prefix + verb.infinitive, verb.own)
                    found[prefix + form] = len(prefix), whole
    other_words = _paradigms().other_words
    return {form: whole for form, (_, whole) in found.items() if form not in other_words}


@cache
def _paradigms() -> _Paradigms:
    endings = {tense: text.split() for tense, text in rows("verb_endings.tsv")}
    verbs: dict[str, list[Verb]] = {}
    other_words: set[str] = set()
    for name, *rest in rows("verbs.tsv"):
        traits = _traits(" ".join(rest))
        prefixes = [*traits.get("with", ()), *([""] if "bare" not in traits else [])]
        verb = Verb(name, frozenset(prefixes), "own" in traits)
        for form in set(_forms(name, traits, endings)):
            verbs.setdefault(form, []).append(verb)
        other_words.update(traits.get("not", ()))
    return _Paradigms(verbs, frozenset(other_words))


def _traits(text: str) -> Traits:
    traits: Traits = {}
    for trait in text.split():
        name, _, values = trait.partition("=")
        traits[name] = [value for value in values.split(",") if value != "-"]
    return traits


def _forms(name: str, traits: Traits, endings: Traits) -> list[str]:
    base = traits.get("base", [name])[0]
    root, conjugation = base[:-3], base[-3:]
    regular = [conjugation, f"{conjugation} future"]
    regular += [f"{conjugation} present"] if "now" not in traits else []
    regular += [f"{conjugation} participle"] if "part" not in traits else []
    forms = [name, name.removesuffix("re") if name.endswith("rre") else name[:-1]]
    forms += traits.get("also", ())
    for tense in regular:
        forms += _inflected(root, endings[tense], hard=conjugation == "are")
    for trait, tense in _TENSES:
        for irregular in traits.get(trait, ()):
            forms += _inflected(irregular, endings[tense])
    return forms


def _inflected(root: str, endings: list[str], *, hard: bool = False) -> list[str]:
    """Return *root* with its *endings*; if it is *hard*, its last letter keeps its sound: paghi."""
    if hard and root[-1] in "cg":
        return [f"{root}h{end}" if end[0] in "ei" else root + end for end in endings]
    if root[-1] == "i":  # faccio, facciamo
        return [root + (end.removeprefix("i") or end) for end in endings]
    return [root + end for end in endings]
