"""How long do two normal clients wait while many slow ones hold on to a service?

    python -m service &
    python -m benchmarks.slow_clients http://127.0.0.1:8000 --slow 200 --seconds 30

A third of the slow ones send a head a byte a second, a third a body so, and a third ask for a long
answer and read it a byte at a time. Those that the service closes come back at once.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import socket
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from urllib.parse import urlsplit

QUERY = "/search?q=piano+di+pace"
LONG_ANSWER = "/search?limit=100&snippets=5&snippet_length=1000"

_Client = Callable[[str, int], Coroutine[None, None, None]]


async def slow_head(host: str, port: int) -> None:
    """Send a request whose head never ends."""
    await _drip(host, port, b"GET /search?q=pace HTTP/1.1\r\nHost: a\r\nX-Slow: ")


async def slow_body(host: str, port: int) -> None:
    """Send a request whose body never ends."""
    await _drip(
        host,
        port,
        b"POST /search HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        b"Content-Length: 50000\r\n\r\n",
    )


async def slow_stream(host: str, port: int) -> None:
    """Send a body that only a thread can read, a byte at a time."""
    await _drip(
        host,
        port,
        b"POST /search HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        b"Transfer-Encoding: chunked\r\n\r\nffff\r\n",
    )


async def slow_reader(host: str, port: int) -> None:
    """Ask for long answers, one behind the other, and read them a byte a second."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
    client.setblocking(False)
    loop = asyncio.get_running_loop()
    try:
        await loop.sock_connect(client, (host, port))
        await loop.sock_sendall(
            client, f"GET {LONG_ANSWER} HTTP/1.1\r\nHost: a\r\n\r\n".encode() * 2
        )
        while await loop.sock_recv(client, 1):
            await asyncio.sleep(1)
    finally:
        client.close()


async def _drip(host: str, port: int, beginning: bytes) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(beginning)
        while not reader.at_eof():
            writer.write(b"a")
            await writer.drain()
            try:
                await asyncio.wait_for(reader.read(65536), 1)
            except TimeoutError:
                continue
    finally:
        writer.close()


KINDS: tuple[_Client, ...] = (slow_head, slow_body, slow_reader, slow_stream)


async def besiege(host: str, port: int, slow: int, until: float) -> None:
    """Keep *slow* clients connected until the clock shows *until*."""

    async def again(kind: _Client) -> None:
        while True:
            try:
                await kind(host, port)
            except OSError:
                await asyncio.sleep(0.1)

    clients = [asyncio.create_task(again(KINDS[i % len(KINDS)])) for i in range(slow)]
    await asyncio.sleep(until - time.monotonic())
    for client in clients:
        client.cancel()
    await asyncio.gather(*clients, return_exceptions=True)


def ask(host: str, port: int, until: float, times: list[float]) -> None:
    """Search, one question after the other, and note the seconds that each answer took."""
    while time.monotonic() < until:
        started = time.monotonic()
        connection = http.client.HTTPConnection(host, port, timeout=60)
        try:
            connection.request("GET", QUERY)
            connection.getresponse().read()
        except OSError:
            times.append(60.0)
        else:
            times.append(time.monotonic() - started)
        finally:
            connection.close()
        time.sleep(0.01)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url")
    parser.add_argument("--slow", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=30)
    options = parser.parse_args()
    address = urlsplit(options.url)
    host, port = address.hostname or "127.0.0.1", address.port or 80
    try:
        socket.create_connection((host, port), timeout=10).close()
    except OSError as error:
        sys.exit(f"Nothing answers at {options.url} ({error}): start a service there.")
    until = time.monotonic() + options.seconds
    times: list[float] = []
    normal = [threading.Thread(target=ask, args=(host, port, until, times)) for _ in range(2)]

    async def together() -> None:
        siege = asyncio.create_task(besiege(host, port, options.slow, until))
        await asyncio.sleep(1)
        for client in normal:
            client.start()
        await siege

    asyncio.run(together())
    for client in normal:
        client.join()
    times.sort()
    shown = {"median": 0.5, "99th percentile": 0.99, "longest": 1}
    figures = (
        f"{name} {times[int((len(times) - 1) * at)] * 1000:.1f} ms" for name, at in shown.items()
    )
    print(f"{options.slow} slow clients, 2 normal ones, {len(times)} answers:", ", ".join(figures))


if __name__ == "__main__":
    main()
