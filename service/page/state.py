"""How the service is → the page for who runs it: what it holds, what the last hour was like."""

from __future__ import annotations

from datetime import UTC, datetime

from indexer.articles.dates import ROME
from indexer.engines.contract import Stats
from service.lasthour import Asked, Kind, Told
from service.page.templates import render
from service.page.wording import number

_KINDS = {
    Kind.ONE_WORD: "una parola sola",
    Kind.WORDS: "più parole",
    Kind.PHRASE: "con una frase tra virgolette",
    Kind.PATTERN: "con * o ~",
    Kind.FILTERED: "con filtri o un periodo",
}
_PARTS = (
    ("words", "parola", "parole"),
    ("phrases", "frase", "frasi"),
    ("patterns", "parola con * o ~", "parole con * o ~"),
    ("filters", "filtro", "filtri"),
)


def state_page(stats: Stats, told: Told, release: str) -> bytes:
    """Return the page of an index and of the last hour."""
    empty = sum(told.empty.values())
    return render(
        "state",
        q="",
        stats=stats,
        release=release,
        searches=told.searches,
        mean=told.seconds * 1000 / told.searches if told.searches else 0.0,
        empty=empty,
        share=f"{100 * empty / told.searches:.1f} %".replace(".", ",") if empty else None,
        kinds=[(name, told.empty[kind]) for kind, name in _KINDS.items() if told.empty[kind]],
        slowest=[
            (_clock(slow.at), slow.asked.seconds * 1000, asked_for(slow.asked), slow.asked.found)
            for slow in told.slowest
        ],
    )


def asked_for(asked: Asked) -> str:
    """Return how a search was put, without its words: «3 parole, 1 filtro»."""
    counts = ((getattr(asked, field), one, many) for field, one, many in _PARTS)
    parts = [
        f"{number(count)} {one if count == 1 else many}" for count, one, many in counts if count
    ]
    return ", ".join(parts) or "tutti gli articoli"


def _clock(second: float) -> str:
    time = datetime.fromtimestamp(second, UTC).astimezone(ROME)
    return f"{time.hour}.{time.minute:02}"
