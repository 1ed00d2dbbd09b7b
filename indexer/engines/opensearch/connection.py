"""Requests to a cluster: several hosts, a pool for each, again with back-off where that helps.

Whatever is sent here may be sent twice: a connection that breaks does not tell whether the request
arrived. Writers see to it that the second time changes nothing (writing.py).
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
import urllib3

from indexer.engines import deadline
from indexer.engines.contract import EngineError
from indexer.engines.opensearch.address import Address
from indexer.engines.opensearch.credentials import header
from indexer.engines.opensearch.refusals import Json, refusal, unreachable

CONNECT = 3.0  # seconds
TRIES = 6
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0  # seconds
RESTED = 10.0  # seconds before a host that did not answer is asked first again
POOL = 32  # connections that are kept to each host
_LATER = (429, 502, 503, 504)


class Packed(bytes):
    """A body that is compressed by gzip."""


@dataclass(slots=True)
class _Host:
    pool: urllib3.HTTPConnectionPool
    resting: float = 0.0


class Connection:
    """A way to the cluster at *address*, for any number of threads."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._hosts = [_Host(_pool(address, host)) for host in address.hosts]
        self._turn = random.randrange(len(self._hosts))
        self._turning = threading.Lock()
        self._headers = {"Content-Type": "application/json", **header(address)}

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        expected: tuple[int, ...] = (),
        **parameters: object,
    ) -> Json:
        """Return the answer, of success or of an *expected* status; raise what `refusal` says.

        It is not waited for longer than the thread has time (deadline.py).
        """
        if parameters:
            path += "?" + urlencode({key: _parameter(value) for key, value in parameters.items()})
        sent = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        headers = self._headers
        if isinstance(body, Packed):
            headers = {**headers, "Content-Encoding": "gzip"}
        for pause in pauses():
            status, answer = self._once(method, path, sent, headers)
            if status < 300 or status in expected:
                return answer
            error = refusal(self.address, status, answer)
            if status not in _LATER or pause is None:
                raise error
            wait(pause)
        raise AssertionError

    def lines(self, path: str, lines: Iterable[object], **parameters: object) -> Json:
        """Return the answer to a request of many *lines*."""
        body = b"".join(
            (each if isinstance(each, bytes) else json.dumps(each).encode()) + b"\n"
            for each in lines
        )
        return self.ask("POST", path, body, **parameters)  # type: ignore[arg-type]

    def close(self) -> None:
        """Let go of all connections."""
        for host in self._hosts:
            host.pool.close()

    def _once(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, Json]:
        failure: Exception | None = None
        for host in self._in_turn():
            deadline.check()
            try:
                answer = host.pool.urlopen(
                    method,
                    path,
                    body,
                    headers,
                    retries=False,
                    timeout=urllib3.Timeout(
                        connect=CONNECT, read=min(self.address.timeout, max(0.01, deadline.left()))
                    ),
                )
            except urllib3.exceptions.HTTPError as error:
                deadline.check()
                failure = error
                host.resting = time.monotonic() + RESTED
                continue
            return answer.status, _read(answer.data)
        raise unreachable(self.address, failure)

    def _in_turn(self) -> list[_Host]:
        with self._turning:
            self._turn = turn = (self._turn + 1) % len(self._hosts)
        hosts = self._hosts[turn:] + self._hosts[:turn]
        now = time.monotonic()
        return sorted(hosts, key=lambda host: host.resting > now)


def path_of(*parts: str) -> str:
    """Return the path of these names and ids."""
    return "".join(f"/{quote(part, safe='')}" for part in parts)


def pauses() -> Iterator[float | None]:
    """Yield how long to wait after each try, None after the last."""
    pause = FIRST_PAUSE
    for _ in range(TRIES - 1):
        yield pause * random.uniform(0.5, 1.0)  # so that who was refused together comes apart
        pause = min(2 * pause, LONGEST_PAUSE)
    yield None


def wait(pause: float) -> None:
    """Wait for *pause* seconds. Raise OutOfTime where the thread has no more time."""
    time.sleep(min(pause, max(0.0, deadline.left())))
    deadline.check()


def _pool(address: Address, host: str) -> urllib3.HTTPConnectionPool:
    name, _, port = host.rpartition(":")
    if not address.tls:
        return urllib3.HTTPConnectionPool(name, int(port), maxsize=POOL)
    try:
        return urllib3.HTTPSConnectionPool(
            name, int(port), maxsize=POOL, ca_certs=address.ca or None, cert_reqs="CERT_REQUIRED"
        )
    except OSError as error:
        raise EngineError(f"Cannot read the certificate {address.ca} ({error}).") from error


def _parameter(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value


def _read(body: bytes) -> dict[str, Any]:
    try:
        read = msgspec.json.decode(body) if body else {}
    except ValueError:  # a proxy in between speaks HTML
        return {"error": body[:200].decode(errors="replace")}
    return read if isinstance(read, dict) else {"answer": read}
