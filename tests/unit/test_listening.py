"""Is a port taken once, named as a client reaches it, and refused with the remedy?"""

from __future__ import annotations

import socket

import pytest

from service.server import ListenError, listen, url


@pytest.mark.parametrize(
    ("host", "address"),
    [("127.0.0.1", "http://127.0.0.1:{}"), ("0.0.0.0", "http://127.0.0.1:{}")],
)
def test_the_address_named_is_one_that_answers(host: str, address: str) -> None:
    with listen(host, 0) as listener:
        port = listener.getsockname()[1]
        assert url(listener) == address.format(port)
        socket.create_connection(("127.0.0.1", port)).close()


def test_ipv6_addresses_are_written_in_brackets() -> None:
    try:
        listener = listen("::", 0)
    except ListenError:
        pytest.skip("this machine has no IPv6")
    with listener:
        assert url(listener) == f"http://[::1]:{listener.getsockname()[1]}"


def test_a_port_that_is_taken_is_refused_with_another_to_choose() -> None:
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(ListenError, match=f"{port}: another program does.*RITAGLIO_PORT="):
            listen("127.0.0.1", port)


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host"])
def test_an_address_of_another_machine_is_refused_with_one_of_this(host: str) -> None:
    with pytest.raises(ListenError, match=r"RITAGLIO_HOST is an address of this machine"):
        listen(host, 0)
