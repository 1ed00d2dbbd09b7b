"""Endings that Snowball does not know, or takes for others: what to stem in place of the word.

velocissimo → veloce    gravemente → grave    andarsene → andare    lasciatemi → lasciate
direttrice → direttore    articolari → articolare    qualita → qualità
"""

from __future__ import annotations

import re
from collections.abc import Callable

from indexer.italian import verbs
from indexer.italian.accents import missing_accent

_SUPERLATIVE = re.compile(r"(.{2,}?)h?issim(?:[oaie]|amente)")
_MANNER = re.compile(r"(.{3,})(?:(a)|(e)|(?<=[lr]))mente")
_NO_MANNER = frozenset(["clemente", "inclemente", "veemente", "leggermente", "talmente"])

# Adjectives in -e whose stem is not what Snowball leaves of the same word in -o.
_ENDING_IN_E = frozenset(["grand", "giovan", "mal"])
_ALWAYS_IN_E = ("ant", "il")
_NOT_IN_E = frozenset(["tant", "quant", "sant", "altrettant"])

_AGENT = re.compile(r"(.{3,}t)ric[ei]|(.{3,}at)ori[oae]")
_NO_AGENT = re.compile(
    r"(?:ma|cica|mere|bea)tric[ei]|.*(?:elet|me|chia|eria|edia|cen|gas|os)trici"
)  # elettrici
_SHORT_IN_LARI = 6  # salari is no salare
_WISHED = re.compile(r"(.{2,})iss[ei]")

_TWO_CLITICS = r"(?:me|te|ce|ve|glie)(?:l[oaie]|ne)"
_CLITICS = rf"(?:{_TWO_CLITICS}|mi|ci|vi|gli|l[oaie]|ne)"
_CLITICS_OF_ANY = rf"(?:{_CLITICS}|se(?:l[oaie]|ne)|ti|si)"
_INFINITIVE = re.compile(rf"(.*[aeiou]r){_CLITICS_OF_ANY}")
_GERUND = re.compile(rf"(.+[ae]ndo){_CLITICS_OF_ANY}")
_IMPERATIVE = re.compile(rf"(.{{2,}}(?:[aei]te|iamo)){_CLITICS}")
_TOLD = re.compile(r"(.{2,}a)(?:mel[oaie]|gliel[oaie]|gliene)")  # portamelo
# Only behind forms of listed verbs: fatelo, prendimi, portalo, trattasi.
_COMMAND = re.compile(
    rf"""
      (.+[aei]te) {_CLITICS}
    | (.+i) (?: mi | lo | la | mel[oaie] | gliel[oaie] )
    | (.+a) (?: mi | lo )
    | (.{{4,}}[ae]) si
    """,
    re.VERBOSE,
)
_DONE = re.compile(r"(.{2,}[ts][oaie])si")  # resosi, but no costosi: costare has no such participle
_NOT_DONE = frozenset(["rivoltosi", "vistosi"])
_PARTICIPLE = re.compile(r"(.{2,}[au]t[oai])si")

# What stands in front of each clitic, by two letters and by one: most words that end like one are
# none, and told so by a look at these.
_VERB = "ar er ir or ur do"
_SEVERAL = f"{_VERB} te mo me ce ve ie se"
_BEFORE = {
    clitic: frozenset(pairs.split())
    for clitic, pairs in {
        "mi": f"{_VERB} te mo",
        "ti": _VERB,
        "ci": f"{_VERB} te mo",
        "vi": f"{_VERB} te mo",
        "si": f"{_VERB} to ta ti so",
        "ne": _SEVERAL,
        "lo": _SEVERAL,
        "la": _SEVERAL,
        "le": _SEVERAL,
        "li": f"{_SEVERAL} rg og eg",  # or «gli»
    }.items()
}
_VOWEL_BEFORE = {"mi": "ia", "lo": "ia", "la": "i", "si": "iae"}  # of a form of a listed verb


def plain(form: str) -> str | None:
    """Return *form* less the degree, gender or clitics that hide its stem; None: it has none."""
    hidden_by = TAILS.get(form[-2:])
    return hidden_by(form) if hidden_by else None


def _by_degree(form: str) -> str | None:
    match = _SUPERLATIVE.fullmatch(form) if "issim" in form else None
    return _adjective(match[1]) if match else None


def _by_manner(form: str) -> str | None:
    if form.endswith("mente") and form not in _NO_MANNER and (match := _MANNER.fullmatch(form)):
        return match[1] + ("o" if match[2] else "e")
    return None


def _by_agent(form: str) -> str | None:
    # Comparing some letters first spares nearly every word its pattern, here and below.
    match = _AGENT.fullmatch(form) if form[-4:-1] in ("ric", "ori") else None
    if match and not _NO_AGENT.fullmatch(form):
        return f"{match[1] or match[2]}ore"
    return None


def _in_lari(form: str) -> str | None:
    return f"{form[:-1]}e" if form.endswith("lari") and len(form) > _SHORT_IN_LARI else None


def _by_wish(form: str) -> str | None:
    match = _WISHED.fullmatch(form) if form[-4:-1] == "iss" else None
    return f"{match[1]}ire" if match else None


def _adjective(root: str) -> str:
    if root in _ENDING_IN_E or (root.endswith(_ALWAYS_IN_E) and root not in _NOT_IN_E):
        return f"{root}e"
    return f"{root}o"


def _without_clitics(form: str) -> str | None:
    clitic = form[-2:]
    if form[-4:-2] not in _BEFORE[clitic] and form[-3:-2] not in _VOWEL_BEFORE.get(clitic, ""):
        return None
    if match := _INFINITIVE.fullmatch(form):
        return _infinitive(match[1], form)
    match = _GERUND.fullmatch(form) or _IMPERATIVE.fullmatch(form) or _PARTICIPLE.fullmatch(form)
    if match:
        return match[1]
    if match := _TOLD.fullmatch(form):
        return f"{match[1]}re"
    match = _COMMAND.fullmatch(form)
    if match and (verb := verbs.behind(match[match.lastindex or 0])):
        # Only verbs in -are command with an «a»: «rottami» is no form of «rompere».
        return verb.name if not match[3] or verb.name.endswith("are") else None
    match = _DONE.fullmatch(form)
    if match and form not in _NOT_DONE and (verb := verbs.behind(match[1])):
        return None if verb.name.endswith("are") else verb.name
    return None


def _infinitive(cut: str, form: str) -> str | None:
    """Return the infinitive of which a clitic has left *cut* (prender, por) in *form*."""
    for whole in (f"{cut}e", f"{cut}re"):
        verb = verbs.infinitive(whole)
        if verb is not None and verb.name == whole and not form.endswith("orti"):
            return whole
    return f"{cut}e" if len(cut) > 4 and cut.endswith(("ar", "ir")) else None


TAILS: dict[str, Callable[[str], str | None]] = {
    **dict.fromkeys(["mo", "ma", "me"], _by_degree),
    "te": lambda form: _by_degree(form) or _by_manner(form),
    **dict.fromkeys(["ce", "io", "ia", "ie"], _by_agent),
    "ri": _in_lari,
    "se": _by_wish,
    "ta": missing_accent,
    "mi": lambda form: _by_degree(form) or _without_clitics(form),
    "ci": lambda form: _by_agent(form) or _without_clitics(form),
    "si": lambda form: _by_wish(form) or _without_clitics(form),
    **dict.fromkeys(["ti", "vi", "ne", "li", "lo", "la", "le"], _without_clitics),
}
"""By a word's last two letters, what may hide its stem: with any others `plain` finds nothing."""
