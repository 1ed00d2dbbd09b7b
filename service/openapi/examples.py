"""Answers as they look: what the first seeds answer, shortened."""

from __future__ import annotations

from datetime import date

from indexer.engines.contract import Writes
from service.resources.articles import WrittenArticle
from service.resources.health import Ready, Status
from service.search import Count, Result, Results
from service.search.completing import (
    CompletedName,
    CompletedTitle,
    CompletedWord,
    Completions,
)
from service.search.similar import Similar, SimilarArticle
from service.search.timeline import Step, StepCount, Timeline
from service.snippets import Snippet

_ID = "001_893e1bd431c83a89"
_TITLE = "Guerra in Ucraina: cosa prevede il piano di pace"

RESULTS = Results(
    query="piano di pace",
    total=5,
    offset=0,
    limit=1,
    took_ms=1.9,
    warnings=(),
    suggestion=None,
    next="/search?q=piano+di+pace&offset=1&limit=1&facets=source",
    facets={"source": (Count("Panorama", 1),)},
    results=(
        Result(
            id=_ID,
            title=_TITLE,
            title_html=_TITLE.replace("piano", "<mark>piano</mark>").replace(
                "pace", "<mark>pace</mark>"
            ),
            date="2025-11-19",
            source="Panorama",
            author=None,
            section=None,
            tags=(),
            url=None,
            score=7.31,
            explanation=None,
            snippets=(
                Snippet(
                    html="Un nuovo <mark>piano</mark> per l’Ucraina.",
                    text="Un nuovo piano per l’Ucraina.",
                    marks=((9, 14),),
                ),
            ),
        ),
    ),
)

ARTICLE = {
    "id": _ID,
    "title": _TITLE,
    "title_derived": False,
    "text": "Un nuovo piano per l’Ucraina. …",
    "date": "2025-11-19",
    "modified": None,
    "source": "Panorama",
    "author": None,
    "section": None,
    "url": None,
    "tags": [],
    "extra": {},
    "indexed_at": "2025-11-20T08:00:00+00:00",
}

WRITTEN = WrittenArticle(id=_ID, result="created", indexed_at="2025-11-20T08:00:00+00:00")

LOADED = """\
{"line":1,"id":"uno","result":"created"}
{"line":2,"id":"due","result":"replaced"}
{"lines":2,"created":1,"replaced":1,"unchanged":0,"refused":0,"unwritten":0,"code":null,"detail":null}
"""

SIMILAR = Similar(
    id=_ID,
    took_ms=3.1,
    results=(
        SimilarArticle(
            id="004_3a0a6e0d2bdb1d63",
            title="Il piano segreto per la pace",
            date="2025-11-19",
            source="Agenzia Dire",
            author=None,
            section=None,
            tags=(),
            url=None,
            similarity=0.42,
            reasons=("Witkoff", "piano", "Zelensky"),
        ),
    ),
)

TIMELINE = Timeline(
    query="ucraina",
    total=4,
    undated=0,
    step=Step.WEEK,
    warnings=(),
    steps=(StepCount(date(2025, 11, 17), date(2025, 11, 23), 4),),
)

COMPLETIONS = Completions(
    query="piano di pa",
    words=(CompletedWord("piano di pace", 5),),
    names=(CompletedName("Panorama", "source", 1),),
    titles=(CompletedTitle(_ID, _TITLE),),
)

STATUS = Status(
    detail="The service answers from 5 articles.",
    version="0.1.0",
    articles=5,
    index_bytes=123_456,
    index_format=1,
    chain=1,
    generation=1,
    last_commit="2025-11-20T08:00:00+00:00",
)

READY = Ready(
    articles=5,
    generation=1,
    last_commit="2025-11-20T08:00:00+00:00",
    writes=Writes.READY,
    free_bytes=10**10,
)

PROBLEM = {
    "type": "about:blank",
    "title": "Bad Request",
    "status": 400,
    "detail": "limit is a number from 1 to 100, not 'dieci'.",
    "instance": "/search",
    "code": "invalid-parameter",
    "request_id": "5c1b6f0e8c5b4f6f9d3c0a7b1e2d3f40",
}
