"""POST /articles: one article without an address of its own, or as many as one likes as lines."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from tempfile import SpooledTemporaryFile
from urllib.parse import quote

import falcon
import msgspec

from service.limits import Limits
from service.metrics import REFUSED, Metrics
from service.resources.articles import take
from service.resources.parameters import read_given
from service.resources.problems import Problem
from service.resources.uploads import LINES, read_body, reader, type_of
from service.writing.loading import Load
from service.writing.orders import Put
from service.writing.reading import InvalidArticle, bounded, read_article, read_lines
from service.writing.writer import Writer

_IN_MEMORY = 1 << 20  # bytes of results; more lie in a temporary file


class ArticlesResource:
    """Takes articles."""

    def __init__(self, writer: Writer, metrics: Metrics, limits: Limits) -> None:
        self._writer = writer
        self._metrics = metrics
        self._limits = limits

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Write one article, or many."""
        read_given(req.params)
        if req.get_header("If-Match") is not None or req.get_header("If-None-Match") is not None:
            raise Problem(
                400,
                "condition-without-article",
                "If-Match and If-None-Match ask about one article: PUT it at /articles/{id}.",
            )
        if type_of(req, falcon.MEDIA_JSON, LINES) == LINES:
            self._load(req, resp)
        else:
            self._take(req, resp)

    def _take(self, req: falcon.Request, resp: falcon.Response) -> None:
        try:
            article = read_article(read_body(req, self._limits.article_bytes))
        except InvalidArticle:
            self._metrics.count(REFUSED, "article")
            raise
        take(self._writer, Put(article), resp)
        resp.set_header("Location", f"/articles/{quote(article.id, safe='')}")

    def _load(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Read every line before the first byte of the answer: most clients do not read before."""
        longest = self._limits.article_bytes
        load = Load(self._writer, self._metrics, longest)
        read = bounded(reader(req), self._limits.body_bytes)
        told = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed once it is sent
        try:
            for result in load.results(read_lines(read, longest)):
                told.write(_line(result))
            if not load.durable:
                _refuse(load)
            told.write(_line(load.loaded()))
            resp.content_type = LINES
            resp.content_length = told.tell()
            resp.stream = _sent(told)
        except BaseException:
            told.close()
            raise


def _refuse(load: Load) -> None:
    if load.stopped:
        raise load.stopped
    first = load.first_refusal
    told = f"; line {first.line}: {first.detail}" if first else ": the body is empty."
    raise Problem(400, "no-article", f"None of the lines is an article{told}")


def _line(told: object) -> bytes:
    return msgspec.json.encode(told) + b"\n"


def _sent(told: SpooledTemporaryFile[bytes]) -> Iterator[bytes]:
    with told:
        told.seek(0)
        yield from iter(partial(told.read, 1 << 16), b"")
