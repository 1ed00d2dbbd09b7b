"""Many lines, each an article: written in batches, so that neither memory nor others wait for all.

While a batch is being committed the next one is read. Every line has its result, in order. What is
durable stays so when a later batch cannot be written; then the rest of the lines is passed over,
and told as unwritten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Literal, NamedTuple

from indexer.engines.contract import EngineError, IndexBusy, NoRoom
from service.metrics import REFUSED, Metrics
from service.writing.batch import Batch
from service.writing.orders import TAKEN, Outcome, Put, Taken
from service.writing.reading import InvalidArticle, InvalidBody, read_article
from service.writing.writer import Writer

# To a batch: the longer it is the less a line costs, and the longer others wait for its commit.
_LINES = 2_000  # of the first, and of others at least
_MOST = 6_000
_SECONDS = 2.0  # that a commit should take, less than others have patience
_BYTES = 16 << 20


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


class _Coming(NamedTuple):
    """Lines, and the orders in them to be written, if there are any."""

    lines: list[_Read]
    batch: Batch | None


class _UnderWay(NamedTuple):
    """Lines whose articles are being written, or are not where there is no batch."""

    lines: list[_Read]
    batch: Batch | None
    since: float


class _Ended(NamedTuple):
    """Lines, and what became of their articles; where nothing did, what *stopped* it."""

    lines: list[_Read]
    outcomes: Sequence[Outcome]
    stopped: InvalidBody | EngineError | None


class Load:
    """Writes lines through *writer*, and counts what becomes of them in *metrics* too.

    A line has *longest* bytes at most; one that had more comes as None.
    """

    def __init__(self, writer: Writer, metrics: Metrics, longest: int) -> None:
        self._writer = writer
        self._metrics = metrics
        self._longest = longest
        self._counts: Counter[str] = Counter()
        self._lines = _LINES
        self.first_refusal: RefusedLine | None = None
        self.stopped: InvalidBody | EngineError | None = None

    def results(self, lines: Iterable[bytes | None]) -> Iterator[LineResult]:
        """Yield what became of each of *lines* that is not blank."""
        under_way: _UnderWay | None = None
        try:
            for some in self._batches(lines):
                coming = self._prepared(some)
                ended = self._ended(under_way) if under_way else None
                under_way = self._begun(coming)
                if ended:
                    yield from self._told(ended)  # while the next batch is committed
            if under_way:
                last, under_way = under_way, None
                yield from self._told(self._ended(last))
        finally:
            if under_way:  # nobody reads on
                self._writer.leave()

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
                if len(batch) >= self._lines or size >= _BYTES:
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
            return Put(read_article(line), tagged=False)
        except InvalidArticle as error:
            refused = RefusedLine(line=number, result="refused", code=error.code, detail=str(error))
            self._metrics.count(REFUSED, "article")
            self.first_refusal = self.first_refusal or refused
            return refused

    def _prepared(self, lines: list[_Read]) -> _Coming:
        orders = [put for _, put in lines if isinstance(put, Put)]
        batch = Batch(orders) if orders else None
        if batch:
            self._writer.prepare(batch)
        return _Coming(lines, batch)

    def _begun(self, coming: _Coming) -> _UnderWay:
        batch = None if self.stopped else coming.batch
        if batch:
            self._writer.begin(batch)
        return _UnderWay(coming.lines, batch, monotonic())

    def _ended(self, under_way: _UnderWay) -> _Ended:
        outcomes: Sequence[Outcome] = ()
        if under_way.batch:
            try:
                outcomes = self._writer.end(under_way.batch)
            except EngineError as error:
                self.stopped = error
            else:
                self._measure(len(under_way.lines), monotonic() - under_way.since)
        return _Ended(under_way.lines, outcomes, None if outcomes else self.stopped)

    def _told(self, ended: _Ended) -> Iterator[LineResult]:
        outcomes = iter(ended.outcomes)
        for number, read in ended.lines:
            result = self._result(number, read, outcomes, ended.stopped)
            self._counts[result.result] += 1
            yield result

    def _result(
        self,
        number: int,
        read: Put | RefusedLine | None,
        outcomes: Iterator[Outcome],
        stopped: InvalidBody | EngineError | None,
    ) -> LineResult:
        if isinstance(read, RefusedLine):
            return read
        if read is None or stopped:
            return RefusedLine(line=number, result="unwritten", code=code_of(stopped))
        return TakenLine(line=number, id=read.id, result=TAKEN[next(outcomes).result])

    def _measure(self, lines: int, seconds: float) -> None:
        """Let the next batch have as many lines as can be committed in good time."""
        wanted = int(lines * _SECONDS / max(seconds, 0.001))
        self._lines = min(max(wanted, _LINES), _MOST)


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
