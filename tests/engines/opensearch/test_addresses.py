"""Which cluster does a URL name, and what is said to whoever writes another?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from indexer import engines
from indexer.engines.contract import EngineError
from indexer.engines.opensearch.address import Address, parse


def test_an_address_has_hosts_a_name_and_what_the_operator_chose(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("s3gr3to\n")
    url = (
        f"opensearch://indice@uno:9201,due/articoli?password_file={secret}"
        "&ca=/etc/ca.pem&shards=5&replicas=2&timeout=9&partial=yes"
    )
    address = parse(url)
    assert address == Address(
        hosts=("uno:9201", "due:9200"),
        name="articoli",
        user="indice",
        password_file=str(secret),
        ca="/etc/ca.pem",
        shards=5,
        replicas=2,
        timeout=9,
        partial=True,
    )
    assert address.tls
    assert str(address) == url  # as an operator has to write it again


@pytest.mark.parametrize(
    ("url", "remedy"),
    [
        ("opensearch:", "write opensearch://USER@HOST:9200/NAME"),
        ("opensearch://uno", "write opensearch://USER@HOST:9200/NAME"),
        ("opensearch://uno/", "write opensearch://USER@HOST:9200/NAME"),
        ("opensearch://uno/Articoli", "in small letters"),
        ("opensearch://uno/a/b", "write opensearch://USER@HOST:9200/NAME"),
        ("opensearch://io:segreto@uno/a", "password_file=/path/to/it"),
        ("opensearch://uno/a b?password_file=segreto", "write opensearch://USER@HOST:9200/NAME"),
        ("opensearch://segreto@/a", "write opensearch://USER@HOST:9200/NAME"),
        ("opensearch://segreto@uno:x/a", "write NAME or NAME:9200"),
        ("opensearch://uno/a?password=segreto", "'password' is nothing"),
        ("opensearch://io@uno/a?key_file=x", "names a key and a user or password"),
        ("opensearch://uno:x/a", "write NAME or NAME:9200"),
        ("opensearch://uno/a?shards=0", "write 1 or more"),
        ("opensearch://uno/a?tls=1", "write yes or no"),
        ("opensearch://uno/a?shard=3", "there are password_file, key_file, ca, tls, shards"),
    ],
)
def test_a_url_that_names_no_index_is_told_the_right_one(url: str, remedy: str) -> None:
    with pytest.raises(EngineError, match=re.escape(remedy)) as raised:
        parse(url)
    assert "segreto" not in str(raised.value)


def test_what_a_cluster_does_itself_is_refused() -> None:
    url = "opensearch://127.0.0.1:9/a?tls=no"
    remedy = "make snapshots with OpenSearch"
    with pytest.raises(EngineError, match=remedy):
        engines.check(url, lambda size: None, lambda size: None)
    with pytest.raises(EngineError, match=remedy):
        engines.repair(url, lambda size: None, lambda size: None)
    with Path("/dev/null").open("r+b") as file:
        with pytest.raises(EngineError, match=remedy):
            engines.back_up(url, file, lambda done, total: None)
        with pytest.raises(EngineError, match=remedy):
            engines.restore(url, file, lambda done, total: None)


def test_a_cluster_that_is_not_there_is_told_of() -> None:
    with pytest.raises(EngineError, match=r"No host of \S* answers"):
        engines.open_engine("opensearch://127.0.0.1:9/a?tls=no")
