"""The infinitive behind an irregular verb's form: preso → prendere, proviene → provenire.

``verbs.tsv`` tells what is irregular about a verb; here its roots meet their endings.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from indexer.italian.lists import rows, words

_TENSES = [("now", "present"), ("past", "past"), ("part", "participle"), ("then", "future")]

_AUXILIARIES = ("essere", "avere")

Traits = dict[str, list[str]]


class Infinitive(NamedTuple):
    """The infinitive behind a form."""

    name: str
    own: bool  # it is a stem itself: what Snowball leaves of it is the stem of another word


def infinitive(form: str) -> Infinitive | None:
    """Return the infinitive of *form*; None if it is of no listed verb, or first another word."""
    verb = _infinitives().get(form)
    return None if verb and form in _other_words() else verb


def behind(form: str) -> Infinitive | None:
    """Return the infinitive of *form*, as which it is meant though it may be another word."""
    return _infinitives().get(form)


def forms() -> Iterator[tuple[str, Infinitive]]:
    """Yield every form of every listed verb, with its infinitive."""
    yield from _infinitives().items()


def homographs(form: str) -> tuple[str, ...]:
    """Return what else *form*'s verb says in words that its stem does not find.

    They are first of all other words, as «letto» of «leggo», or stop words, as «ha» of «avere».
    """
    verb = infinitive(form)
    others = _homographs().get(verb, ()) if verb else ()
    return tuple(other for other in others if other != form)


@cache
def _homographs() -> dict[Infinitive, tuple[str, ...]]:
    found: dict[Infinitive, tuple[str, ...]] = {}
    for _, traits in _verbs():
        for form in traits.get("or", ()):
            verb = _infinitives()[form]
            found[verb] = (*found.get(verb, ()), form)
    stop_words = frozenset(words("stopwords.txt"))
    for name in _AUXILIARIES:
        # «è» is left out: forms meet without their accents, and «e» stands everywhere.
        forms = [form for form, verb in _infinitives().items() if verb.name == name]
        found[_infinitives()[name]] = tuple(sorted(stop_words.intersection(forms) - {"è"}))
    return found


@cache
def _infinitives() -> dict[str, Infinitive]:
    # Every form written out: one look-up a word, where trying each prefix took a dozen.
    endings = {tense: text.split() for tense, text in rows("verb_endings.tsv")}
    verbs: list[tuple[str, Infinitive, list[str]]] = []
    for name, traits in _verbs():
        forms = _forms(name, traits, endings)
        prefixes = [*traits.get("with", ()), *([] if "bare" in traits else [""])]
        verbs += [(pre, Infinitive(pre + name, "own" in traits), forms) for pre in prefixes]
    found: dict[str, Infinitive] = {}
    # Where two verbs have a form, that with the shorter prefix gets it, then the one listed first.
    for prefix, whole, forms in sorted(reversed(verbs), key=lambda verb: -len(verb[0])):
        found.update(dict.fromkeys([prefix + form for form in forms], whole))
    return found


@cache
def _other_words() -> frozenset[str]:
    return frozenset(
        word for _, traits in _verbs() for name in ("not", "or") for word in traits.get(name, ())
    )


@cache
def _verbs() -> list[tuple[str, Traits]]:
    return [(name, _traits(" ".join(rest))) for name, *rest in rows("verbs.tsv")]


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
