"""The web application, wired from finished parts: an engine and settings in, WSGI out."""

from __future__ import annotations

import falcon
import msgspec
from falcon.media import JSONHandler

from indexer.engines import open_engine
from indexer.engines.contract import Engine
from service.resources.articles import ArticleResource
from service.resources.health import AliveResource, ReadyResource
from service.resources.problems import Problem, answer_problem
from service.resources.search import SearchResource
from service.search import PATH, prepare
from service.settings import Settings, read_settings

App = falcon.App[falcon.Request, falcon.Response]


def create_app(engine: Engine, settings: Settings) -> App:
    """Return the application that answers from *engine*."""
    app = falcon.App(middleware=[_NoBody()])
    app.resp_options.media_handlers[falcon.MEDIA_JSON] = JSONHandler(dumps=msgspec.json.encode)
    app.add_error_handler((Exception, falcon.HTTPError), answer_problem)
    app.add_route(PATH, SearchResource(engine, settings.page_size))
    app.add_route("/articles/{article_id}", ArticleResource(engine))
    app.add_route("/healthz", AliveResource())
    app.add_route("/readyz", ReadyResource(engine))
    return app


def get_app() -> App:
    """Return the application that the environment describes, for any WSGI server.

    Raise SettingsError, or EngineError when there is no such index.
    """
    settings = read_settings()
    engine = open_engine(settings.index)
    prepare()
    return create_app(engine, settings)


class _NoBody:
    """Refuses bodies that nobody reads: gunicorn has no limit of its own."""

    def process_resource(
        self, req: falcon.Request, _resp: falcon.Response, _resource: object, _params: object
    ) -> None:
        if req.method in ("GET", "HEAD") and (
            req.content_length or req.get_header("Transfer-Encoding")
        ):
            raise Problem(
                413,
                "unexpected-body",
                f"{req.method} takes no body here: put the parameters behind the question mark.",
            )
