"""gunicorn, told how to serve searches: why each setting is as it is stands beside it.

listen   bind the port here   →  a taken one is one sentence, not five retries
serve    fork the workers     →  each opens the index for itself, after the fork
         and one more         →  which answers nobody, and commits for all of them
"""

from __future__ import annotations

import errno
import os
import socket
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from wsgiref.types import WSGIApplication

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.config import Config
from gunicorn.glogging import Logger

from indexer.engines.contract import EngineError
from service.front.bounds import Bounds, Task
from service.front.precedence import Precedence
from service.front.worker import Worker
from service.metrics import Metrics
from service.settings import Settings

_SHARED_MEMORY = Path("/dev/shm")


class ListenError(Exception):
    """The address cannot be listened on; the message tells the operator what to do."""


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on *host* and *port*; port 0 takes a free one.

    Raise ListenError.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        return socket.create_server(address, family=family, backlog=2048)
    except OSError as error:
        raise ListenError(f"Cannot listen on {host}:{port}: {_remedy(error, port)}") from error


def url(listener: socket.socket) -> str:
    """Return the address at which a client on this machine reaches *listener*."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(
    load: Callable[[int], WSGIApplication],
    listener: socket.socket,
    settings: Settings,
    greeting: str,
    metrics: Metrics,
    commit: Callable[[int], Task] | None = None,
    precedence: Precedence | None = None,
) -> None:
    """Serve the application that *load* makes in each worker, until a signal ends the process.

    One worker more carries out what *commit* makes. Both get a number that no other living worker
    has, below `seats`. By *precedence* searches give way to writes.

    The *listener* is gunicorn's from here on. Say *greeting* once requests are taken.
    TERM lets answers under way end, INT does not.
    """
    _Gunicorn(load, listener, settings, greeting, metrics, commit, precedence).run()


def seats(settings: Settings) -> int:
    """Return how many workers there may be at once: twice as many while all are replaced."""
    return settings.workers * 2 + 8


class _Gunicorn(BaseApplication):
    def __init__(
        self,
        load: Callable[[int], WSGIApplication],
        listener: socket.socket,
        settings: Settings,
        greeting: str,
        metrics: Metrics,
        commit: Callable[[int], Task] | None,
        precedence: Precedence | None,
    ) -> None:
        self._load = load
        self._commit = commit
        self._committers: set[int] = set()  # workers, counted from the start
        self._commits = False  # the one that is being made
        self._task: Task | None = None
        # Handed over: once gunicorn closes it, no connection waits at a door nobody opens.
        self._bind = f"fd://{listener.detach()}"
        self._settings = settings
        self._greeting = greeting
        self._metrics = metrics
        self._precedence = precedence
        self._seats: dict[int, int] = {}  # worker, counted from the start → seat
        self._seat = 0
        super().__init__()

    def load_config(self) -> None:
        settings = self._settings
        choices = {
            "bind": self._bind,
            "workers": settings.workers + (self._commit is not None),
            # A client that is slow to send or to read holds a place in its loop, not a thread.
            "worker_class": Worker,
            "threads": settings.threads,
            "worker_connections": settings.connections,
            "sendfile": False,  # it would wait for the client
            # No index handle, lock or thread crosses a fork; the code is loaded before it and
            # its memory shared all the same.
            "preload_app": False,
            # The heartbeat is a file: on a disk under load it stalls, and healthy workers die.
            "worker_tmp_dir": str(_SHARED_MEMORY) if os.access(_SHARED_MEMORY, os.W_OK) else None,
            "control_socket_disable": True,  # else a socket in $HOME takes commands
            "graceful_timeout": settings.grace,
            "keepalive": 30,  # idle connections hold no thread; proxies like to keep theirs
            # Whom a proxy speaks for is told by RITAGLIO_PROXIES. gunicorn would trust every
            # program of this machine to say what the scheme and the root of the paths are.
            "forwarded_allow_ips": "",
            "limit_request_line": 8190,  # the most gunicorn allows: long queries travel in it
            "limit_request_fields": 50,
            "loglevel": "warning",
            "logger_class": _Logger,
            "pre_fork": lambda arbiter, worker: self._sit_down(worker.age, arbiter.num_workers),
            "child_exit": lambda _arbiter, worker: self._get_up(worker.age),
            "post_worker_init": self._bind_worker,
            "proc_name": "ritaglio",
            "when_ready": lambda _arbiter: print(self._greeting, flush=True),
        }
        for name, value in choices.items():
            self.cfg.set(name, value)

    def _sit_down(self, worker: int, workers: int) -> None:
        # While all are replaced, those that will stay are the youngest.
        others = sorted(self._seats)[1 - workers :] if workers > 1 else []
        self._commits = self._commit is not None and self._committers.isdisjoint(others)
        if self._commits:
            self._committers.add(worker)
        taken = set(self._seats.values())
        self._seat = next(seat for seat in count() if seat not in taken)
        self._seats[worker] = self._seat

    def _get_up(self, worker: int) -> None:
        seat = self._seats.pop(worker, None)
        if self._precedence and seat is not None:
            self._precedence.leave(seat)
        self._committers.discard(worker)

    def _bind_worker(self, worker: Worker) -> None:
        settings = self._settings
        worker.task = self._task
        worker.bounds = Bounds(
            patience=settings.patience,
            longest=settings.request_time,
            head=settings.limits.head_size,
            memory=settings.memory * 2**20,
        )
        worker.metrics = self._metrics
        worker.precedence = self._precedence

    def load(self) -> WSGIApplication:
        try:
            if self._commits and self._commit is not None:
                self._task = self._commit(self._seat)
                return _nobody
            return self._load(self._seat)
        except EngineError as error:
            print(error, file=sys.stderr, flush=True)
            sys.exit(Arbiter.APP_LOAD_ERROR)  # the master stops instead of forking on and on


def _nobody(_environ: object, _start: object) -> list[bytes]:
    raise NotImplementedError("who commits answers nobody")


class _Logger(Logger):  # gunicorn's lines go where ours go, in our format
    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        self.error_log.handlers = []
        self.error_log.propagate = True


def _remedy(error: OSError, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65_535 else 8000
        return (
            "another program does. Stop it, or choose another port: "
            f"RITAGLIO_PORT={other} (make run PORT={other})."
        )
    if error.errno == errno.EACCES:
        return "ports below 1024 are the system's. Choose another: RITAGLIO_PORT=8000."
    reason = (error.strerror or str(error)).partition(" (")[0]
    return f"{reason}. RITAGLIO_HOST is an address of this machine, such as 127.0.0.1."
