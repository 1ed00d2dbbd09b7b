"""Every path, what it takes and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field

import falcon

from indexer.articles import Article
from service.feeds import ATOM, DESCRIPTION, SUGGESTIONS
from service.openapi import bodies, examples
from service.resources import articles, feeds, health, pages, similar, suggest, timeline, uploads
from service.resources import search as searching
from service.resources.parameters import Parameter
from service.search import Results
from service.search.completing import Completions
from service.search.similar import Similar
from service.search.timeline import Timeline

HTML = "text/html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What one method does at one path; ``summary`` is in English, ``about`` in Italian.

    *answers* maps each media type to the type of its body, None for what is no JSON of ours;
    *statuses* are those that come with it. *takes* maps the types of a request's body to examples.
    """

    path: str
    method: str = "get"
    name: str
    summary: str
    about: str
    parameters: tuple[Parameter[object], ...] = ()
    statuses: tuple[int, ...] = (200,)
    answers: dict[str, type | None]
    example: object = None
    takes: dict[str, object] = field(default_factory=dict)
    refusals: tuple[int, ...] = (400,)
    from_index: bool = True
    body: bool = False  # the same parameters also by POST

    @property
    def writes(self) -> bool:
        """Whether it changes what the index holds."""
        return self.method != "get"


OPERATIONS = (
    Operation(
        path="/",
        name="page",
        summary="Search the articles, in a browser.",
        about="La pagina di ricerca; i parametri sono quelli di /search.",
        parameters=pages.PAGE_PARAMETERS,
        answers={HTML: None},
    ),
    Operation(
        path="/search",
        name="search",
        summary="Search the articles.",
        about="Cerca negli articoli: risultati in ordine di rilevanza, con le parole evidenziate.",
        parameters=searching.PARAMETERS,
        answers={falcon.MEDIA_JSON: Results},
        example=examples.RESULTS,
        body=True,
    ),
    Operation(
        path="/search.atom",
        name="feed",
        summary="Follow a search as an Atom feed.",
        about="Una ricerca come feed Atom, dalla notizia più recente.",
        parameters=feeds.PARAMETERS,
        answers={ATOM: None},
    ),
    Operation(
        path="/articles/{article_id}",
        name="article",
        summary="Read one article, whole.",
        about="Un articolo intero.",
        parameters=articles.PARAMETERS,
        answers={falcon.MEDIA_JSON: Article, HTML: None},
        example=examples.ARTICLE,
        refusals=(400, 404),
    ),
    Operation(
        path="/articles/{article_id}",
        method="put",
        name="write-article",
        summary="Write one article.",
        about="Scrive un articolo, o lo sostituisce; la risposta arriva quando è al sicuro.",
        statuses=(200, 201),
        answers={falcon.MEDIA_JSON: articles.WrittenArticle},
        example=examples.WRITTEN,
        takes={falcon.MEDIA_JSON: bodies.EXAMPLE},
        refusals=(400, 404, 412, 413, 415),
    ),
    Operation(
        path="/articles/{article_id}",
        method="delete",
        name="delete-article",
        summary="Delete one article.",
        about="Toglie un articolo.",
        statuses=(204,),
        answers={},
        refusals=(400, 404, 412, 413),
    ),
    Operation(
        path="/articles",
        method="post",
        name="load-articles",
        summary="Write one article, or many as lines of JSON.",
        about="Scrive un articolo, o molti, uno per riga; di ogni riga dice che cosa ne è stato.",
        statuses=(200, 201),
        answers={falcon.MEDIA_JSON: articles.WrittenArticle, uploads.LINES: None},
        example=examples.WRITTEN,
        takes={falcon.MEDIA_JSON: bodies.EXAMPLE, uploads.LINES: bodies.LINES_EXAMPLE},
        refusals=(400, 413, 415),
        from_index=False,
    ),
    Operation(
        path="/articles/{article_id}/similar",
        name="similar",
        summary="Find articles that tell of the same.",
        about="Gli articoli che parlano della stessa cosa, con le parole che hanno in comune.",
        parameters=similar.PARAMETERS,
        answers={falcon.MEDIA_JSON: Similar},
        example=examples.SIMILAR,
        refusals=(400, 404),
    ),
    Operation(
        path="/timeline",
        name="timeline",
        summary="Count articles over time.",
        about="Quanti articoli per giorno, settimana, mese o anno.",
        parameters=timeline.PARAMETERS,
        answers={falcon.MEDIA_JSON: Timeline},
        example=examples.TIMELINE,
    ),
    Operation(
        path="/suggest",
        name="suggest",
        summary="Complete what is being typed.",
        about="Parole, nomi e titoli che completano quanto si sta scrivendo.",
        parameters=suggest.PARAMETERS,
        answers={falcon.MEDIA_JSON: Completions, SUGGESTIONS: None},
        example=examples.COMPLETIONS,
    ),
    Operation(
        path="/opensearch.xml",
        name="search-description",
        summary="Describe the search to browsers and newsreaders.",
        about="La descrizione OpenSearch del servizio.",
        answers={DESCRIPTION: None},
    ),
    Operation(
        path="/stato",
        name="state",
        summary="Tell who runs the service how it is, in a browser.",
        about="La pagina di chi gestisce il servizio: l’archivio, e com’è andata l’ultima ora.",
        answers={HTML: None},
        from_index=False,
    ),
    Operation(
        path="/static/{name}",
        name="static",
        summary="Style sheet, scripts and icon of the pages.",
        about="Ciò di cui sono fatte le pagine, a indirizzi che cambiano con il contenuto.",
        answers={"text/css": None, "text/javascript": None, "image/svg+xml": None},
        refusals=(400, 404),
        from_index=False,
    ),
    Operation(
        path="/status",
        name="status",
        summary="Tell how the service is.",
        about="Lo stato del servizio.",
        answers={falcon.MEDIA_JSON: health.Status},
        example=examples.STATUS,
        from_index=False,
    ),
    Operation(
        path="/healthz",
        name="alive",
        summary="Tell that the process lives.",
        about="Il processo è vivo.",
        answers={falcon.MEDIA_JSON: health.Alive},
        example=health.Alive(),
        from_index=False,
    ),
    Operation(
        path="/readyz",
        name="ready",
        summary="Tell that searches can be answered.",
        about="Il servizio può rispondere alle ricerche.",
        parameters=health.READINESS,
        answers={falcon.MEDIA_JSON: health.Ready},
        example=examples.READY,
        from_index=False,
    ),
    Operation(
        path="/metrics",
        name="metrics",
        summary="Tell Prometheus what was counted.",
        about="Le metriche per Prometheus, di tutti i processi.",
        answers={"text/plain": None},
        from_index=False,
    ),
    Operation(
        path="/openapi.json",
        name="openapi",
        summary="Describe the API to programs.",
        about="Questa descrizione.",
        answers={falcon.MEDIA_JSON: None},
        from_index=False,
    ),
    Operation(
        path="/docs",
        name="docs",
        summary="Describe the API to people.",
        about="Questa descrizione, da leggere.",
        answers={HTML: None},
        from_index=False,
    ),
)
