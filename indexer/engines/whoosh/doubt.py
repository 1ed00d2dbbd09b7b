"""Whether what went wrong in reading is a fault of ours, or a file that is no longer what it was.

Blocks are compared with their checksums when they are read first. What has changed since may end
in any exception; a disk that reads otherwise than before leaves no trace in a file's time. So what
ends in an exception that nobody expects is asked once more, of files that nobody has read yet.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from indexer.engines.contract import EngineError, QueryTooBroad
from indexer.engines.deadline import OutOfTime
from indexer.engines.whoosh.snapshot import Snapshot


class _Opened(Protocol):
    def open_anew(self) -> Snapshot: ...


_Engine = TypeVar("_Engine", bound=_Opened)
_Asked = ParamSpec("_Asked")
_Told = TypeVar("_Told")


def doubting(
    method: Callable[Concatenate[_Engine, _Asked], _Told],
) -> Callable[Concatenate[_Engine, _Asked], _Told]:
    """Have *method* of an engine raise IndexDamaged where that is why it came to grief."""

    @wraps(method)
    def doubted(engine: _Engine, /, *args: _Asked.args, **named: _Asked.kwargs) -> _Told:
        try:
            return method(engine, *args, **named)
        except (EngineError, QueryTooBroad, OutOfTime):
            raise
        except Exception:
            engine.open_anew()
        return method(engine, *args, **named)

    return doubted
