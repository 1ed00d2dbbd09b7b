"""Endings that say little about a word and that Snowball leaves or takes for others.

velocissimo → veloce    andarsene → andare    lasciatemi → lasciate    direttrice → direttore
"""

from __future__ import annotations

import re

from indexer.italian import verbs

_SUPERLATIVE = re.compile(r"(.{2,}?)h?issim(?:[oaie]|amente)")
_CLITIC = r"(?:(?:me|te|ce|ve|se|glie)(?:l[oaie]|ne)|mi|ti|ci|vi|si|gli|l[oaie]|ne)"
_INFINITIVE = re.compile(rf"(.*[aeiou]r){_CLITIC}")
_GERUND = re.compile(rf"(.+[ae]ndo){_CLITIC}")
_IMPERATIVE = re.compile(
    r"(.{2,}(?:[aei]te|iamo))(?:(?:me|te|ce|ve|glie)(?:l[oaie]|ne)|mi|ci|vi|gli|l[oaie]|ne)"
)
_PARTICIPLE = re.compile(r"(.{2,}[au]t[oai])si")
_AGENT = re.compile(r"(.{3,}t)rice|(.{3,}[ai]t)rici|(.{3,}at)ori[oae]")
_NO_AGENT = frozenset(["matrice", "matrici", "cicatrice", "cicatrici", "meretrice", "beatrice"])
_OFFICE = re.compile(r"(.{2,}ier)[oaie]")
_NO_CLITIC = re.compile(r"(.*er[ltsnmc])[oaie]")
_MAKING = re.compile(r"(.{2,}ific)(?:o|a|i|he|hi)")


def degree(form: str) -> str | None:
    """Return the root of the superlative *form*: velocissimo → veloc; None: it is none."""
    match = _SUPERLATIVE.fullmatch(form) if "issim" in form else None
    return match[1] if match else None


def plain(form: str) -> str | None:
    """Return *form* without the clitics or the gender that hide its stem; None: there are none."""
    if form.endswith(("trice", "trici", "toria", "torio", "torie")) and form not in _NO_AGENT:
        match = _AGENT.fullmatch(form)
        if match:
            return f"{match[1] or match[2] or match[3]}ore"
    return _without_clitics(form)


def noun(form: str) -> str | None:
    """Return the stem of a noun or adjective that Snowball takes for a verb by its ending."""
    match = _OFFICE.fullmatch(form) or _NO_CLITIC.fullmatch(form) or _MAKING.fullmatch(form)
    return match[1] if match else None


def _without_clitics(form: str) -> str | None:
    match = _INFINITIVE.fullmatch(form)
    if match:
        return _infinitive(match[1], form)
    match = _GERUND.fullmatch(form) or _IMPERATIVE.fullmatch(form) or _PARTICIPLE.fullmatch(form)
    return match[1] if match else None


def _infinitive(cut: str, form: str) -> str | None:
    """Return the infinitive of which a clitic has left *cut*: prender, por."""
    for whole in (f"{cut}e", f"{cut}re"):
        verb = verbs.infinitive(whole)
        if verb is not None and verb.name == whole and not form.endswith("orti"):
            return whole
    return f"{cut}e" if len(cut) > 4 and cut.endswith(("ar", "ir")) else None
