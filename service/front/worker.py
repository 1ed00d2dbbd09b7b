"""gunicorn's worker, with a loop that deals with slow clients so that no thread has to.

    loop     accepts, and keeps what arrives          →  until a request is whole
    thread   parses, answers, sends what can be sent  →  a thread for as long as the work lasts,
                                                         and for a moment more (lanes.py)
    loop     sends the rest as the client takes it    →  then waits for the next request

Every connection has a time to be over in each state. Where there are too many connections, the
address that has the most of them loses the one that has waited longest.
"""

from __future__ import annotations

import errno
import logging
import os
import selectors
import socket
import sys
from collections import deque
from concurrent.futures import Future
from contextlib import suppress
from time import monotonic
from typing import Any

from gunicorn.http.errors import ParseException
from gunicorn.workers.gthread import ThreadWorker

from service.front.arrival import Stage
from service.front.bounds import Bounds, Memory, Task
from service.front.clients import Clients
from service.front.connection import Connection, State
from service.front.lanes import Lanes
from service.front.precedence import Precedence
from service.front.refusals import Crowded, refuse
from service.front.stream import TooSlow
from service.metrics import CLOSED, REPLACED, Metrics

_READ, _WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE
_LINGER = 2.0  # seconds for a client to read the end of an answer, and to close
_SWITCH = 0.0002  # seconds for which a search keeps the loop, and quicker requests, from going on
_OUT_OF_FILES = (errno.EMFILE, errno.ENFILE)

_log = logging.getLogger(__name__)


class Worker(ThreadWorker):
    """Answers requests on threads, and waits for clients in its loop."""

    bounds = Bounds()
    metrics = Metrics(())
    task: Task | None = None
    precedence: Precedence | None = None
    alive: bool
    _clients: Clients

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._queue: deque[Connection] = deque()  # long bodies, for want of a thread
        self._streamed = 0  # threads that read one
        self._next_sweep = 0.0
        self._memory = Memory()

    def run(self) -> None:
        """Answer until told to stop, then let end what is under way; with a `task`, do that."""
        if self.task:
            self.task(self._goes_on, self.cfg.graceful_timeout - 1.0)
            return
        sys.setswitchinterval(_SWITCH)
        self.tpool = Lanes(self.cfg.threads, self.precedence)
        self._clients = Clients(self.poller, self.cfg.worker_connections)
        self.poller.register(self.method_queue.fileno(), _READ, self.method_queue.run_callbacks)
        for listener in self.sockets:
            listener.setblocking(False)
            self.poller.register(listener, _READ, self.accept)
        while self.alive and self.is_parent_alive():
            self._turn()
        self._stop()

    def _goes_on(self) -> bool:
        self.notify()
        self._look_at_memory()
        return self.alive and self.is_parent_alive()

    def _turn(self) -> None:
        self.wait_for_and_dispatch_events(timeout=0.5)
        if monotonic() >= self._next_sweep:
            self._next_sweep = monotonic() + 0.5
            self.notify()
            self._sweep()

    def _stop(self) -> None:
        """Answer what was accepted and what stands at the door, within the grace time."""
        until = monotonic() + self.cfg.graceful_timeout - 0.5  # gunicorn kills when it is over
        for listener in self.sockets:
            while self.accept(listener):
                pass
            self.poller.unregister(listener)
            listener.close()
        for connection in self._clients:
            if connection.state is State.IDLE:  # it may be about to ask
                connection.enter(State.IDLE, _LINGER)
        while self._clients and monotonic() < until:
            self._turn()
        hanging = any(each.state is State.UNDER_WAY for each in self._clients)
        for connection in self._clients:
            self._clients.drop(connection)
        self.tpool.shutdown(wait=False, cancel_futures=True)
        if hanging:
            os._exit(0)  # else the interpreter would wait for the thread that hangs

    def accept(self, listener: socket.socket) -> bool:
        """Take in a client that waits at *listener*; tell whether there was one."""
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno in _OUT_OF_FILES:
                self.metrics.count(CLOSED, "crowd")
                self._clients.make_room()
            elif error.errno not in (errno.EAGAIN, errno.ECONNABORTED):
                raise
            return False
        server = listener.getsockname()
        connection = Connection(self.cfg, client, address, server, self.bounds)
        self._clients.add(connection)
        self._receive(connection)
        return True

    def _receive(self, connection: Connection, _: object = None) -> None:
        if connection.state is State.UNDER_WAY:  # what it sends before it is answered can wait
            self._clients.wait(connection, 0)
            return
        try:
            size = connection.sock.receive()
        except BlockingIOError:
            self._clients.wait(connection, _READ, self._receive)
        except OSError:
            self._clients.drop(connection)
        else:
            if size:
                self._advance(connection)
            else:
                self._clients.drop(connection)

    def _advance(self, connection: Connection) -> None:
        """Give *connection* to a thread if its request has come."""
        try:
            stage = connection.sock.arrival.stage()
        except ParseException as error:
            self._refuse(connection, error)
            return
        if stage is Stage.WHOLE:
            self._begin(connection)
        elif stage is Stage.STREAMED:
            self._clients.wait(connection, 0)
            connection.enter(State.QUEUED, self.bounds.patience)
            self._queue.append(connection)
            self._begin_queued()
        else:
            if stage is not Stage.NOTHING and connection.state is State.IDLE:
                connection.sock.renew()
                connection.enter(State.ARRIVING)
            self._clients.wait(connection, _READ, self._receive)

    def _begin(self, connection: Connection) -> None:
        # Most send nothing before they are answered: those the selector need not forget.
        connection.enter(State.UNDER_WAY, self.bounds.longest)
        self.enqueue_req(connection)

    def _begin_queued(self) -> None:
        # A quarter of the threads: slow senders of long bodies leave the others to readers.
        while self._queue and self._streamed < max(1, self.cfg.threads // 4):
            connection = self._queue.popleft()
            if connection.state is State.QUEUED:
                connection.sock.renew()
                connection.streamed = connection.sock.waiting = True
                self._streamed += 1
                self._begin(connection)

    def handle(self, conn: Connection) -> bool:
        """Answer the request of *conn*, on a thread; tell whether it stays open."""
        kept = bool(super().handle(conn))
        with suppress(OSError):  # the loop will meet it again
            conn.sock.renew()
            conn.sock.flush()
        return kept

    def finish_request(self, conn: Connection, fs: Future[bool]) -> None:
        """Take *conn* back from its thread."""
        if conn.streamed:
            conn.streamed = conn.sock.waiting = False
            self._streamed -= 1
            self._begin_queued()
        conn.keep = not fs.cancelled() and fs.exception() is None and fs.result()
        self._send(conn)

    def _send(self, connection: Connection, _: object = None) -> None:
        """Send what the client takes, then wait for its next request or for its leaving."""
        try:
            connection.sock.flush()
            if connection.sock.unsent:
                self._clients.wait(connection, _WRITE, self._send)
                if connection.state is not State.SENDING:
                    connection.enter(State.SENDING)
                    self._clients.drop_slowest_readers()
            elif connection.keep:
                connection.take_back()
                connection.enter(State.IDLE, self.cfg.keepalive if self.alive else _LINGER)
                self._advance(connection)
            else:
                connection.sock.shutdown(socket.SHUT_WR)
                connection.enter(State.LINGERING, _LINGER)
                self._clients.wait(connection, _READ, self._linger)
        except OSError:
            self._clients.drop(connection)

    def _linger(self, connection: Connection, _: object = None) -> None:
        if connection.sock.over():
            self._clients.drop(connection)

    def _refuse(self, connection: Connection, error: Exception) -> None:
        self.handle_error(None, connection.sock, connection.client, error)
        connection.keep = False
        connection.sock.renew()
        self._send(connection)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Refuse a request that could not be read; leave faults to gunicorn."""
        if answer := refuse(exc, addr[0] if addr else ""):
            client.sendall(answer)
            return
        if getattr(req, "uri", None):
            req.uri = req.uri.partition("?")[0]  # it is logged
        super().handle_error(req, client, addr, exc)

    def _sweep(self) -> None:
        """End what has outlived its time."""
        now = monotonic()
        for connection in self._clients:
            if connection.until >= now:
                continue
            match connection.state:
                case State.ARRIVING:
                    self.metrics.count(CLOSED, "request")
                    self._refuse(connection, TooSlow("the request comes too slowly"))
                case State.QUEUED:
                    self._refuse(connection, Crowded("a long body found no thread"))
                case State.UNDER_WAY if connection.still_comes(self.bounds.longest):
                    pass  # a long load: as long as it is read, nothing hangs
                case State.UNDER_WAY:
                    connection.enter(State.UNDER_WAY, self.bounds.longest)
                    self._leave("hanging", "a request has been under way too long")
                case State.SENDING:
                    self.metrics.count(CLOSED, "answer")
                    self._clients.drop(connection)
                case _:
                    self._clients.drop(connection)
        self._look_at_memory()

    def _look_at_memory(self) -> None:
        taken = self._memory.look(self.metrics)
        if 0 < self.bounds.memory < taken and not self._streamed:  # a load may take its time
            self._leave("memory", f"{taken >> 20} MiB are more than this worker may have")

    def _leave(self, reason: str, why: str) -> None:
        """Take no more clients, finish the requests under way, and let another worker come."""
        if self.alive:
            self.alive = False
            self.metrics.count(REPLACED, reason)
            _log.warning("%s: it is replaced", why)
