"""From files and folders to articles.

    files      .txt .md .html .jsonl .ndjson, packed or not; folders to the bottom, in name order
    decoding   UTF-8, else what makes Italian of the bytes
    cleaning   texts and pages; JSON lines are taken as given
    ids        one article for one id: the first read

What cannot be read is reported with its place, and the rest goes on.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from indexer.articles.article import Article, ArticleError
from indexer.articles.cutting import cut
from indexer.articles.portions import OnError, Portion, Unread, read_here
from indexer.articles.seen import Seen


def read_articles(
    paths: Iterable[Path | str],
    on_error: OnError,
    on_bytes: Callable[[int], None] = lambda count: None,
) -> Iterator[Article]:
    """Yield the articles in *paths*, one by one.

    *on_bytes* hears how many more bytes of the files, packed as they lie there, are done with.
    """
    return iter(Reading(paths, on_error, on_bytes))


class Reading:
    """The articles in *paths*: one by one when iterated, or in portions that others read.

    Either uses them up. Whoever reads portions tells `took` of each, and `repeated` of ids that
    came twice. *on_bytes* and *on_articles* hear how many more are done with, *on_articles* of one
    less where it was an article that does not stay.
    """

    def __init__(
        self,
        paths: Iterable[Path | str],
        on_error: OnError,
        on_bytes: Callable[[int], None] = lambda count: None,
        on_articles: Callable[[int], None] = lambda count: None,
    ) -> None:
        self._on_error, self._on_bytes, self._on_articles = on_error, on_bytes, on_articles
        self._rest = cut(map(Path, paths), on_error)
        self._held = deque[Portion]()
        self._sources: list[Unread] = []  # of the portions given out

    def is_empty(self) -> bool:
        """Tell whether there is no article at all; a first one is looked for."""
        while not self._held and (portion := next(self._rest, None)):
            first = read_here(portion, self._on_error)
            if first.articles:
                self._held.append(first)
            else:
                self._on_bytes(first.size)
        return not self._held

    def is_longer_than(self, weight: int) -> bool:
        """Tell whether there are more bytes than *weight*; so many are held in memory."""
        held = sum(portion.weight for portion in self._held)
        while held <= weight and (portion := next(self._rest, None)):
            self._held.append(portion)
            held += portion.weight
        return held > weight

    def __iter__(self) -> Iterator[Article]:
        """Read here, one by one."""
        seen, begins, reached = Seen(), list[int](), 0  # where portions begin, in rows of all
        for portion in self.portions():
            begins.append(begin := reached)
            for row, article in portion.read(self._on_error):
                reached = begin + row + 1
                first = seen.add(article.id, begin + row)
                if first is None:
                    self._on_articles(1)
                    yield article
                else:
                    number = bisect_right(begins, first) - 1
                    before = self._sources[number].place(first - begins[number])
                    self._report_repeated(article.id, self._sources[-1].place(row), before)
            self._on_bytes(portion.size)

    def portions(self) -> Iterator[Portion]:
        """Yield everything in portions, numbered from 0."""
        for portion in self._coming():
            self._sources.append(portion.emptied())
            yield portion

    def took(self, portion: int, articles: int, errors: Sequence[ArticleError]) -> None:
        """Hear that so many *articles* were read of *portion*, and what could not be read."""
        for error in errors:
            self._on_error(error)
        self._on_articles(articles)
        self._on_bytes(self._sources[portion].size)

    def repeated(self, article_id: str, again: tuple[int, int], before: tuple[int, int]) -> None:
        """Hear that an id came *again*, where it had come *before*: each a portion and a row."""
        (number, row), (earlier, its_row) = again, before
        self._on_articles(-1)
        place = self._sources[number].place(row)
        self._report_repeated(article_id, place, self._sources[earlier].place(its_row))

    def _report_repeated(self, article_id: str, place: str, before: str) -> None:
        told = f"the id {article_id!r} was read before, in {before}"
        self._on_error(ArticleError(place, f"{told}; only the first of two is taken"))

    def _coming(self) -> Iterator[Portion]:
        while self._held:
            yield self._held.popleft()
        yield from self._rest
