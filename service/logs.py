"""What the service writes about itself: a line for each event, for people or for programs.

Requests go to standard output, all else to standard error.
"""

from __future__ import annotations

import logging
import re
import sys
from enum import StrEnum
from typing import TextIO

import msgspec

# A key that `python -m service key` made, wherever somebody pasted it: into a search, say.
_MADE_KEY = re.compile(r"\brit_[A-Za-z0-9_-]{20,}")

ACCESS = logging.getLogger("ritaglio.access")


class Style(StrEnum):
    """How a line looks."""

    TEXT = "text"
    JSON = "json"


def configure(style: Style) -> None:
    """Send every log line of this process, and of those it forks, where it belongs."""
    formatter = _Json() if style is Style.JSON else _Text()
    logging.basicConfig(handlers=[_handler(sys.stderr, formatter)], force=True)
    ACCESS.handlers = [_handler(sys.stdout, formatter)]
    ACCESS.propagate = False
    ACCESS.setLevel(logging.INFO)


def _handler(stream: TextIO, formatter: logging.Formatter) -> logging.Handler:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    return handler


class _Text(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s [%(process)d] [%(levelname)s] %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        return _without_keys(super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:
        request_id = vars(record).get("request_id")
        return super().formatMessage(record) + (f" [{request_id}]" if request_id else "")


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        values: dict[str, object] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "process": record.process,
            "message": record.getMessage(),
        }
        extra = vars(record)
        for name in ("request_id", "client", "method", "path", "query", "status", "bytes", "ms"):
            if name in extra:
                values[name] = extra[name]
        if record.exc_info:
            values["trace"] = self.formatException(record.exc_info)
        return _without_keys(msgspec.json.encode(values).decode())


def _without_keys(line: str) -> str:
    return _MADE_KEY.sub("rit_[hidden]", line)
