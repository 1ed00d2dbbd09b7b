"""Endings that Snowball does not know, or takes for others: what to stem in place of the word.

velocissimo → veloce    gravemente → grave    andarsene → andare    lasciatemi → lasciate
direttrice → direttore    articolari → articolare    qualita → qualità
"""

from __future__ import annotations

import re

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

_AGENT_ENDS = ("trice", "trici", "torio", "toria", "torie")
_WISHED_ENDS = ("isse", "issi")
_CLITIC_ENDS = ("mi", "ti", "ci", "vi", "si", "ne", "li", "lo", "la", "le")


# The last two letters of all that is looked for here: most words are done with one comparison.
_TAILS = frozenset(
    "mo ma me mi te ce ci io ia ie ri se si ta ti vi ne li lo la le".split()  # noqa: SIM905
)


def plain(form: str) -> str | None:
    """Return *form* less the degree, gender or clitics that hide its stem; None: it has none."""
    if form[-2:] not in _TAILS:
        return None
    if "issim" in form and (match := _SUPERLATIVE.fullmatch(form)):
        return _adjective(match[1])
    # Comparing the last letters first spares nearly every word its patterns, here too.
    if form.endswith("mente") and form not in _NO_MANNER and (match := _MANNER.fullmatch(form)):
        return match[1] + ("o" if match[2] else "e")
    if form.endswith(_AGENT_ENDS) and not _NO_AGENT.fullmatch(form):
        match = _AGENT.fullmatch(form)
        if match:
            return f"{match[1] or match[2]}ore"
    if form.endswith("lari") and len(form) > _SHORT_IN_LARI:
        return f"{form[:-1]}e"
    if form.endswith(_WISHED_ENDS) and (match := _WISHED.fullmatch(form)):
        return f"{match[1]}ire"
    return missing_accent(form) or _without_clitics(form)


def _adjective(root: str) -> str:
    if root in _ENDING_IN_E or (root.endswith(_ALWAYS_IN_E) and root not in _NOT_IN_E):
        return f"{root}e"
    return f"{root}o"


def _without_clitics(form: str) -> str | None:
    if not form.endswith(_CLITIC_ENDS):
        return None
    if form.endswith("ti") and form[-3:-2] not in "ro":  # lavarti, lavandoti: most are lavati
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
