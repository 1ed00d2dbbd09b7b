"""A Falcon route that answers nothing, served exactly as the service is: what HTTP alone costs."""

from __future__ import annotations

import falcon

from service.metrics import Metrics
from service.server import listen, seats, serve
from service.settings import read_settings


class _Nothing:
    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        resp.media = {}


def _app() -> falcon.App[falcon.Request, falcon.Response]:
    app = falcon.App()
    app.add_route("/search", _Nothing())
    app.add_route("/readyz", _Nothing())
    return app


if __name__ == "__main__":
    settings = read_settings()
    serve(
        lambda _seat: _app(),
        listen(settings.host, settings.port),
        settings,
        "An empty route.",
        Metrics(["/search", "/readyz"], seats(settings)),
    )
