"""Many lines, each an article: written in batches, so that neither memory nor others wait for all.

Every line has its result, in order. What is durable stays so when a later batch cannot be
written; then the rest of the lines is passed over, and told as unwritten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from indexer.engines.contract import EngineError, IndexBusy, NoRoom
from service.metrics import REFUSED, Metrics
from service.writing.orders import TAKEN, Outcome, Put, Taken
from service.writing.reading import InvalidArticle, InvalidBody, read_article
from service.writing.writer import Writer

_LINES = 2_000  # to a batch
_BYTES = 8 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenLine:
    """A line that is in the index."""

    line: int
    id: str
    result: Taken


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedLine:
    """A line that is not: ``refused`` is for its author to mend, ``unwritten`` to be sent again."""

    line: int
    result: Literal["refused", "unwritten"]
    code: str
    detail: str | None = None


LineResult = TakenLine | RefusedLine
_Read = tuple[int, Put | RefusedLine | None]  # a line's number; None is no longer read


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What became of all lines; ``code`` and ``detail`` tell why some are unwritten."""

    lines: int
    created: int
    replaced: int
    unchanged: int
    refused: int
    unwritten: int
    code: str | None = None
    detail: str | None = None


class Load:
    """Writes lines through *writer*, and counts what becomes of them in *metrics* too.

    A line has *longest* bytes at most; one that had more comes as None.
    """

    def __init__(self, writer: Writer, metrics: Metrics, longest: int) -> None:
        self._writer = writer
        self._metrics = metrics
        self._longest = longest
        self._counts: Counter[str] = Counter()
        self.first_refusal: RefusedLine | None = None
        self.stopped: InvalidBody | EngineError | None = None

    def results(self, lines: Iterable[bytes | None]) -> Iterator[LineResult]:
        """Yield what became of each of *lines* that is not blank."""
        for batch in self._batches(lines):
            for result in self._written(batch):
                self._counts[result.result] += 1
                yield result

    def loaded(self) -> Loaded:
        """Return what became of all of them."""
        return Loaded(
            lines=self._counts.total(),
            created=self._counts["created"],
            replaced=self._counts["replaced"],
            unchanged=self._counts["unchanged"],
            refused=self._counts["refused"],
            unwritten=self._counts["unwritten"],
            code=code_of(self.stopped) if self.stopped else None,
            detail=str(self.stopped) if self.stopped else None,
        )

    @property
    def durable(self) -> bool:
        """Whether any line is in the index."""
        return any(self._counts[result] for result in ("created", "replaced", "unchanged"))

    def _batches(self, lines: Iterable[bytes | None]) -> Iterator[list[_Read]]:
        batch: list[_Read] = []
        size = 0
        try:
            for number, line in enumerate(lines, 1):
                if line is not None and not line.strip():
                    continue
                batch.append((number, self._read(number, line)))
                size += len(line or b"")
                if len(batch) >= _LINES or size >= _BYTES:
                    yield batch
                    batch, size = [], 0
        except InvalidBody as error:
            self.stopped = error
        yield batch

    def _read(self, number: int, line: bytes | None) -> Put | RefusedLine | None:
        if self.stopped:
            return None
        try:
            if line is None:
                raise InvalidArticle(
                    code="line-too-long", message=f"A line has {self._longest} bytes at most."
                )
            return Put(read_article(line))
        except InvalidArticle as error:
            refused = RefusedLine(line=number, result="refused", code=error.code, detail=str(error))
            self._metrics.count(REFUSED, "article")
            self.first_refusal = self.first_refusal or refused
            return refused

    def _written(self, batch: list[_Read]) -> Iterator[LineResult]:
        orders = [put for _, put in batch if isinstance(put, Put)]
        outcomes: Iterator[Outcome] = iter(())
        if orders and not self.stopped:
            try:
                outcomes = iter(self._writer.write(orders))
            except EngineError as error:
                self.stopped = error
        for number, read in batch:
            if isinstance(read, RefusedLine):
                yield read
            elif read is None or self.stopped:
                code = code_of(self.stopped)
                yield RefusedLine(line=number, result="unwritten", code=code)
            else:
                result = TAKEN[next(outcomes).result]
                yield TakenLine(line=number, id=read.id, result=result)


def code_of(error: Exception | None) -> str:
    """Return the code that tells programs of *error*, as it is told where nothing is written."""
    match error:
        case InvalidBody():
            return error.code
        case IndexBusy():
            return "index-busy"
        case NoRoom():
            return "no-room"
        case _:
            return "index-unavailable"
