"""What a person at a terminal sees of a load: a bar, what was skipped, a summary."""

from __future__ import annotations

import shutil
import sys
import time
from types import TracebackType
from typing import Self

from tqdm import tqdm

from indexer.articles import ArticleError
from indexer.pipeline import Summary

tqdm.monitor_interval = 0  # no thread of its own: a process that has one cannot be forked

_BAR = "{percentage:3.0f}% |{bar}| {postfix[0]}, {remaining} left"
_COUNT = "{postfix[0]}"  # how far it is nobody knows


class Bar:
    """Shows the progress of a load on standard error, where that is a terminal.

    The share done is that of *total*, in bytes or in articles; None is for not known.
    """

    def __init__(self, total: int | None) -> None:
        self._start = time.monotonic()
        columns, rows = shutil.get_terminal_size()
        self._bar = tqdm(
            total=total,
            disable=None,  # quiet unless it is a terminal
            leave=False,
            bar_format=_BAR if total else _COUNT,
            postfix=["reading"],
            # A terminal that does not know its size is no reason to show nothing, as tqdm would.
            ncols=columns,
            nrows=rows,
            file=sys.stderr,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.close()

    def read(self, size: int) -> None:
        """Move on by *size* bytes."""
        self._bar.update(size)

    def began(self, total: int) -> None:
        """Tell how many bytes there are, now that it is known."""
        self._bar.bar_format = _BAR
        self._bar.reset(total)

    def took(self, articles: int) -> None:
        """Tell how many *articles* the engine was given by now."""
        if not self._bar.disable:
            rate = articles / max(time.monotonic() - self._start, 1e-9)
            self._bar.postfix[0] = f"{articles:,} articles, {rate:,.0f}/s"

    def stored(self, articles: int) -> None:
        """Move on to so many *articles* of those the index holds."""
        self.took(articles)
        self._bar.update(articles - self._bar.n)

    def copied(self, done: int, total: int) -> None:
        """Move on to *done* bytes of *total*."""
        if not self._bar.disable:
            self._bar.total, self._bar.bar_format = total, _BAR
            self._bar.postfix[0] = f"{done / 1e6:,.1f} of {total / 1e6:,.1f} MB"
            self._bar.update(done - self._bar.n)

    def skipped(self, error: ArticleError) -> None:
        """Tell at once what was passed over, above the bar."""
        tqdm.write(f"skipped {error}", file=sys.stderr)


def summary_line(summary: Summary, url: str) -> str:
    """Return one line of what a load did to the index at *url*."""
    return (
        f"{url}: {_count(summary.added)} added, {summary.replaced:,} replaced, "
        f"{summary.skipped:,} skipped, {summary.seconds:.1f} s"
    )


def _count(articles: int) -> str:
    return "1 article" if articles == 1 else f"{articles:,} articles"
