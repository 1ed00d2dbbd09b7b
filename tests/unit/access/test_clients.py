"""Who asks: is nobody believed who was not named?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.access.clients import (
    Proxies,
    is_at_this_machine,
    is_loopback,
    is_this_machine,
    partition,
)


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "client"),
    [
        ("0", "192.0.2.1", "", "192.0.2.1"),
        ("0", "192.0.2.1", "198.51.100.7", "192.0.2.1"),  # nobody is named, nobody believed
        ("1", "127.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("1", "127.0.0.1", "6.6.6.6, 198.51.100.7", "198.51.100.7"),  # the left one is made up
        ("2", "127.0.0.1", "6.6.6.6, 198.51.100.7, 10.0.0.1", "198.51.100.7"),
        ("2", "127.0.0.1", "198.51.100.7", "198.51.100.7"),  # one proxy fewer than there may be
        ("1", "127.0.0.1", "", "127.0.0.1"),
        ("1", "127.0.0.1", "198.51.100.7:4711", "198.51.100.7"),
        ("1", "127.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"),
        ("1", "127.0.0.1", '"[2001:db8::1]"', "2001:db8::1"),
        ("1", "127.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("1", "127.0.0.1", "unknown", "127.0.0.1"),
        ("1", "127.0.0.1", "198.51.100.7, _hidden", "127.0.0.1"),
        ("1", "127.0.0.1", ",,,", "127.0.0.1"),
        ("1", "", "198.51.100.7", "198.51.100.7"),  # a unix socket has no peer
        ("0", "", "198.51.100.7", ""),
        ("10.0.0.0/8,::1", "10.1.2.3", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.0/8,::1", "10.1.2.3", "6.6.6.6, 198.51.100.7, 10.9.9.9", "198.51.100.7"),
        ("10.0.0.0/8,::1", "192.0.2.1", "198.51.100.7", "192.0.2.1"),  # past the proxy
        ("10.0.0.0/8,::1", "::1", "10.0.0.5, 10.0.0.6", "10.0.0.5"),
        ("10.0.0.0/8", "::ffff:10.1.2.3", "198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "127.0.0.1", "198.51.100.7, not an address", "127.0.0.1"),
    ],
)
def test_the_client_is_the_last_address_that_no_named_proxy_has(
    proxies: str, peer: str, forwarded: str, client: str
) -> None:
    assert Proxies.parse(proxies).client(peer, forwarded) == client


@given(st.text(max_size=200), st.sampled_from(["0", "1", "16", "10.0.0.0/8", "0.0.0.0/0"]))
def test_whatever_is_forwarded_the_client_is_the_peer_or_an_address(
    forwarded: str, proxies: str
) -> None:
    client = Proxies.parse(proxies).client("10.0.0.1", forwarded)
    assert partition(client) != "unknown"


@given(st.text(max_size=200))
def test_what_a_client_sends_does_not_change_where_one_proxy_heard_it(sent: str) -> None:
    forwarded = f"{sent}, 198.51.100.7"  # the proxy appends
    assert Proxies.parse("1").client("127.0.0.1", forwarded) == "198.51.100.7"
    assert Proxies.parse("127.0.0.1").client("127.0.0.1", forwarded) == "198.51.100.7"


@pytest.mark.parametrize("text", ["-1", "17", "1.5", "10.0.0.1/8", "proxy", "10.0.0.0/33", "1,2x"])
def test_what_names_no_proxies_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        Proxies.parse(text)


@pytest.mark.parametrize("text", ["0", "2", "10.0.0.0/8,::1/128"])
def test_proxies_are_shown_as_they_are_written(text: str) -> None:
    assert str(Proxies.parse(text)) == text
    assert bool(Proxies.parse(text)) == (text != "0")


@pytest.mark.parametrize(
    ("client", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("nonsense", "unknown"),
    ],
)
def test_clients_are_counted_by_address_and_of_ipv6_by_network(client: str, counted: str) -> None:
    assert partition(client) == counted


@pytest.mark.parametrize(
    "host", ["localhost", "LocalHost.", "127.0.0.1", "127.9.9.9", "::1", "[::1]", "a.localhost"]
)
def test_this_machine_has_these_names(host: str) -> None:
    assert is_this_machine(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "0.0.0.0",
        "::",
        "192.0.2.1",
        "example.org",
        "localhost.example.org",
        "127.0.0.1.nip.io",
        "2130706433",
        "0177.0.0.1",
    ],
)
def test_other_hosts_are_not_this_machine(host: str) -> None:
    assert not is_this_machine(host)


def test_an_address_of_ipv4_within_ipv6_may_be_loopback() -> None:
    assert is_loopback("::ffff:127.0.0.1")
    assert not is_loopback("localhost")


HERE = {
    "REMOTE_ADDR": "127.0.0.1",
    "HTTP_HOST": "127.0.0.1:8000",
    "SERVER_PROTOCOL": "HTTP/1.1",
}


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"REMOTE_ADDR": "::1", "HTTP_HOST": "[::1]:8000"},
        {"HTTP_HOST": "localhost"},
        {"HTTP_ORIGIN": "http://127.0.0.1:8000", "HTTP_SEC_FETCH_SITE": "same-origin"},
        {"HTTP_SEC_FETCH_SITE": "none"},
        {"HTTP_USER_AGENT": "curl/8", "HTTP_ACCEPT": "*/*"},
    ],
)
def test_a_program_of_this_machine_is_known(more: dict[str, str]) -> None:
    assert is_at_this_machine(HERE | more)


@pytest.mark.parametrize(
    "more",
    [
        {"REMOTE_ADDR": "192.0.2.1"},
        {"REMOTE_ADDR": ""},  # a unix socket: a proxy's
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_X_FORWARDED_FOR": ""},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
        {"HTTP_X_REAL_IP": "127.0.0.1"},
        {"HTTP_VIA": "1.1 proxy"},
        {"HTTP_X_FORWARDED_PREFIX": "/a"},
        {"HTTP_CF_CONNECTING_IP": "127.0.0.1"},
        {"SERVER_PROTOCOL": "HTTP/1.0"},
        {"HTTP_HOST": "evil.example:8000"},
        {"HTTP_HOST": ""},
        {"HTTP_HOST": "0.0.0.0:8000"},
        {"HTTP_ORIGIN": "https://evil.example"},
        {"HTTP_ORIGIN": "null"},
        {"HTTP_ORIGIN": "http://127.0.0.1:3000"},
        {"HTTP_ORIGIN": "http://localhost:8000"},
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
        {"HTTP_SEC_FETCH_SITE": "same-site"},
    ],
)
def test_a_stranger_by_way_of_this_machine_is_known_too(more: dict[str, str]) -> None:
    assert not is_at_this_machine(HERE | more)
