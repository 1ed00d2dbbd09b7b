"""A refusal → a page that says it to a reader, and keeps what was typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from service.page.links import HOME, Links
from service.page.templates import render


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What is refused, in the words of the API; *italian* where there is a better sentence."""

    status: int
    code: str
    detail: str
    request_id: str
    italian: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What of a search can be read where the whole is refused, as an address without the rest.

    Dates that exclude one another stand in *first* and *last* and not in the address; *dated*
    tells that any were given.
    """

    links: Links
    first: date | None = None
    last: date | None = None
    dated: bool = False


_BY_CODE = {
    "article-not-found": (
        "Articolo non trovato",
        "L’archivio non ha, o non ha più, questo articolo.",
    ),
    "search-too-slow": (
        "Ricerca troppo lunga",
        "Questa ricerca vuole più tempo di quanto ce n’è: usa meno parole, o parole più rare.",
    ),
    "path-not-found": ("Pagina non trovata", "A questo indirizzo non c’è niente."),
}
_BY_STATUS = {
    400: ("Ricerca non riuscita", "C’è qualcosa, nella richiesta, che non si può leggere."),
    401: (
        "Accesso riservato",
        "Questo archivio si legge solo con una chiave, che un browser non sa mandare: "
        "chiedi a chi lo gestisce come entrare.",
    ),
    403: ("Accesso negato", "Chi gestisce questo archivio non lo permette."),
    429: ("Troppe richieste", "Aspetta qualche secondo e riprova."),
    503: ("Archivio non disponibile", "L’indice in questo momento non risponde. Riprova tra poco."),
}
_FAULT = ("Qualcosa è andato storto", "È un guasto del servizio, non colpa tua. Riprova tra poco.")
_REFUSED = ("Richiesta non accettata", "Il servizio non risponde a una richiesta così.")
_AGAIN = (429, 500, 503)


def problem_page(
    refusal: Refusal, q: str = "", address: str = HOME, kept: Kept | None = None
) -> bytes:
    """Return the page of *refusal*, which answers a request for *address* that searches for *q*."""
    fallback = _FAULT if refusal.status >= 500 else _REFUSED
    title, sentence = _BY_CODE.get(refusal.code) or _BY_STATUS.get(refusal.status, fallback)
    return render(
        "problem",
        q=q,
        title=title,
        sentence=refusal.italian or sentence,
        again=address if refusal.status in _AGAIN else None,
        back=kept.links.address() if kept else HOME,
        hidden=kept.links.hidden("q") if kept else (),
        hidden_period=kept.links.hidden("from", "to") if kept else (),
        dated=kept is not None and kept.dated,
        first=kept and kept.first,
        until=kept and kept.last,
        status=refusal.status,
        code=refusal.code,
        detail=refusal.detail,
        request_id=refusal.request_id,
    )
