"""The web application, wired from finished parts: an engine and settings in, WSGI out."""

from __future__ import annotations

from pathlib import Path

import falcon
import msgspec
from falcon.media import JSONHandler

from indexer.engines import open_engine
from indexer.engines.contract import Engine
from service.access.clients import is_this_machine
from service.access.keyfile import Keys, read
from service.access.keys import Keyring, KeysError
from service.access.quotas import Quotas
from service.lasthour import LastHour
from service.metrics import Metrics
from service.openapi import describe, page
from service.page import templates
from service.release import release
from service.resources.articles import ArticleResource
from service.resources.clients import Clients
from service.resources.compression import Compression
from service.resources.descriptions import WrittenResource
from service.resources.feeds import DescriptionResource, FeedResource
from service.resources.freshness import Freshness
from service.resources.guard import Guard
from service.resources.health import (
    AliveResource,
    MetricsResource,
    ReadyResource,
    StatusResource,
)
from service.resources.loading import ArticlesResource
from service.resources.negotiation import Negotiation
from service.resources.noting import Noting
from service.resources.origins import Origins
from service.resources.pages import AssetResource, SearchPageResource, StateResource
from service.resources.problems import Problem, answer_problem
from service.resources.search import SearchResource
from service.resources.similar import SimilarResource
from service.resources.suggest import SuggestResource
from service.resources.timeline import TimelineResource
from service.resources.timing import SearchTime
from service.resources.traffic import Traffic
from service.search import prepare
from service.settings import Settings, SettingsError, read_settings
from service.writing.messenger import Messenger
from service.writing.shelf import Shelf
from service.writing.writer import Writer

App = falcon.App[falcon.Request, falcon.Response]

FROM_INDEX = (
    "/",
    "/search",
    "/search.atom",
    "/articles/{article_id}",
    "/articles/{article_id}/similar",
    "/timeline",
    "/suggest",
    "/opensearch.xml",
)
"""The paths whose answers change with the index alone."""

SEARCHES = tuple(
    path for path in FROM_INDEX if path not in ("/articles/{article_id}", "/opensearch.xml")
)
"""The paths whose answers take long to find."""

ROUTES = (
    *FROM_INDEX,
    "/stato",
    "/static/{name}",
    "/articles",
    "/status",
    "/healthz",
    "/readyz",
    "/metrics",
    "/openapi.json",
    "/docs",
)


def create_app(
    engine: Engine,
    settings: Settings,
    metrics: Metrics | None = None,
    quotas: Quotas | None = None,
    hour: LastHour | None = None,
    shared: Path | None = None,
) -> App:
    """Return the application that answers from *engine*, counts in *metrics*, limits by *quotas*.

    What is searched is noted in *hour*. The last four are made before workers are forked, so that
    all of them count together, and share commits by the folder *shared*.
    """
    metrics = metrics or Metrics(ROUTES)
    quotas = quotas or Quotas(settings.read_rate, settings.write_rate)
    hour = hour or LastHour()
    noting = Noting(metrics, hour)
    writer = (
        Writer(engine, metrics, Shelf(shared), messenger=Messenger(shared))
        if shared
        else Writer(engine, metrics)
    )
    freshness = Freshness(engine, FROM_INDEX, f"{release()} {settings.page_size}")
    app = falcon.App()
    app.add_middleware(Traffic(metrics, log=settings.access_log))
    app.add_middleware(Clients(settings.proxies))
    keys = Keys(settings.keys, settings.keys_file)
    app.add_middleware(Guard(keys, quotas, local_writes=local_writes(settings)))
    if settings.origins:
        app.add_middleware(Origins(settings.origins))
    app.add_middleware(SearchTime(settings.search_time))
    app.add_middleware(Compression())
    app.add_middleware(Negotiation())
    app.add_middleware(freshness)
    app.add_middleware(_NoBody())
    app.resp_options.media_handlers[falcon.MEDIA_JSON] = JSONHandler(dumps=msgspec.json.encode)
    app.add_error_handler((Exception, falcon.HTTPError), answer_problem)
    limits = settings.limits
    description = describe(settings.page_size, limits, settings.contact, settings.terms)
    templates.prepare()
    resources = {
        "/": SearchPageResource(engine, settings.page_size, limits, noting.note),
        "/static/{name}": AssetResource(),
        "/search": SearchResource(engine, settings.page_size, limits, noting.note),
        "/search.atom": FeedResource(engine, limits),
        "/articles": ArticlesResource(writer, metrics, limits),
        "/articles/{article_id}": ArticleResource(engine, writer, metrics, limits),
        "/articles/{article_id}/similar": SimilarResource(engine),
        "/timeline": TimelineResource(engine, limits),
        "/suggest": SuggestResource(engine),
        "/opensearch.xml": DescriptionResource(),
        "/stato": StateResource(engine, hour),
        "/status": StatusResource(engine),
        "/healthz": AliveResource(),
        "/readyz": ReadyResource(engine),
        "/metrics": MetricsResource(engine, metrics),
        "/openapi.json": WrittenResource(msgspec.json.encode(description), falcon.MEDIA_JSON),
        "/docs": WrittenResource(page(description), "text/html; charset=utf-8"),
    }
    for path in ROUTES:
        app.add_route(path, resources[path])
    return app


def get_app() -> App:
    """Return the application that the environment describes, for any WSGI server.

    Of several processes each counts and limits for itself: `python -m service` lets them share.
    Raise SettingsError, or EngineError when there is no such index.
    """
    settings = read_settings()
    read_keys(settings)
    engine = open_engine(settings.index)
    prepare()
    return create_app(engine, settings)


def read_keys(settings: Settings) -> Keyring:
    """Return the keys, read before anything is served with them. Raise SettingsError."""
    try:
        return read(settings.keys, settings.keys_file)
    except KeysError as error:
        raise SettingsError(str(error)) from None


def local_writes(settings: Settings) -> bool:
    """Tell whether programs of this machine may write while there are no keys.

    Only where nobody else is heard: who listens to more than this machine, or stands behind a
    proxy, takes every client for a stranger.
    """
    return is_this_machine(settings.host) and not settings.proxies


class _NoBody:
    """Refuses bodies that nobody reads: gunicorn has no limit of its own."""

    def process_resource(
        self, req: falcon.Request, _resp: falcon.Response, resource: object, _params: object
    ) -> None:
        if req.method not in ("GET", "HEAD", "DELETE"):
            return
        if not hasattr(resource, f"on_{req.method.lower()}"):
            return  # 405, whatever it brings
        if req.content_length or req.get_header("Transfer-Encoding"):
            raise Problem(
                413,
                "unexpected-body",
                f"{req.method} takes no body here: put the parameters behind the question mark.",
            )
