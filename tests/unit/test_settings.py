"""Is the environment read as it is documented, and what is unreadable said in one sentence?"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from service import cores, settings
from service.access.clients import Proxies
from service.access.keys import from_list
from service.access.quotas import Rate
from service.limits import RANGES, Limits
from service.logs import Style
from service.settings import Settings, SettingsError, explained, read_settings

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"


def test_nothing_set_serves_the_default_index_on_this_machine_alone() -> None:
    read = read_settings({})
    assert read.index == "whoosh:var/index"
    assert (read.host, read.port) == ("127.0.0.1", 8000)
    assert read.workers >= 1
    assert read.colour
    assert not read.access_log


def test_everything_can_be_chosen() -> None:
    assert read_settings(
        {
            "RITAGLIO_INDEX": "whoosh:///srv/articles",
            "RITAGLIO_HOST": "::1",
            "RITAGLIO_PORT": "9000",
            "RITAGLIO_WORKERS": "3",
            "RITAGLIO_THREADS": "5",
            "RITAGLIO_QUERY_LENGTH": "5000",
            "RITAGLIO_QUERY_WORDS": "20",
            "RITAGLIO_QUERY_DEPTH": "5",
            "RITAGLIO_QUERY_PATTERNS": "0",
            "RITAGLIO_QUERY_FORMS": "50",
            "RITAGLIO_OFFSET": "10000",
            "RITAGLIO_SEARCH_BODY": "2048",
            "RITAGLIO_ARTICLE_SIZE": "4",
            "RITAGLIO_BODY_SIZE": "100",
            "RITAGLIO_HEAD_SIZE": "16384",
            "RITAGLIO_GRACE": "20",
            "RITAGLIO_PAGE_SIZE": "25",
            "RITAGLIO_ACCESS_LOG": "1",
            "RITAGLIO_LOG_FORMAT": "json",
            "RITAGLIO_KEYS": "aaaa:write:redazione",
            "RITAGLIO_KEYS_FILE": "/etc/ritaglio/keys",
            "RITAGLIO_ORIGINS": "https://example.org, http://localhost:3000",
            "RITAGLIO_PROXIES": "10.0.0.0/8",
            "RITAGLIO_READ_RATE": "300/minute",
            "RITAGLIO_WRITE_RATE": "5/second",
            "RITAGLIO_CONTACT": "redazione@example.org",
            "RITAGLIO_TERMS": "https://example.org/condizioni",
            "NO_COLOR": "1",
        }
    ) == Settings(
        index="whoosh:///srv/articles",
        host="::1",
        port=9000,
        workers=3,
        threads=5,
        limits=Limits(
            query_length=5_000,
            query_words=20,
            query_depth=5,
            query_patterns=0,
            query_forms=50,
            offset=10_000,
            search_body=2_048,
            article_size=4,
            body_size=100,
            head_size=16_384,
        ),
        grace=20,
        page_size=25,
        access_log=True,
        log_format=Style.JSON,
        keys=from_list("aaaa:write:redazione", "RITAGLIO_KEYS"),
        keys_file="/etc/ritaglio/keys",
        origins="https://example.org,http://localhost:3000",
        proxies=Proxies.parse("10.0.0.0/8"),
        read_rate=Rate(300, 60),
        write_rate=Rate(5, 1),
        contact="redazione@example.org",
        terms="https://example.org/condizioni",
        colour=False,
    )


def test_an_empty_value_counts_as_unset() -> None:
    assert read_settings({"RITAGLIO_PORT": "", "RITAGLIO_INDEX": " "}) == read_settings({})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RITAGLIO_PORT", "http"),
        ("RITAGLIO_PORT", "65536"),
        ("RITAGLIO_PORT", "-1"),
        ("RITAGLIO_PORT", "8_000"),
        ("RITAGLIO_PORT", "٨٠٠٠"),
        ("RITAGLIO_PORT", "9" * 5000),
        ("RITAGLIO_WORKERS", "0"),
        ("RITAGLIO_THREADS", "many"),
        ("RITAGLIO_GRACE", "1.5"),
        ("RITAGLIO_PAGE_SIZE", "101"),
        ("RITAGLIO_ACCESS_LOG", "yes"),
        ("RITAGLIO_QUERY_LENGTH", "9"),
        ("RITAGLIO_ARTICLE_SIZE", "17"),
        ("RITAGLIO_OFFSET", "-1"),
        ("RITAGLIO_HEAD_SIZE", "64k"),
    ],
)
def test_what_cannot_be_read_is_named_with_what_it_may_be(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=rf"^{name} is a number from \d+ to \d+, not '.*'\.$"):
        read_settings({name: value})


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("RITAGLIO_PROT", "did you mean RITAGLIO_PORT?"),
        ("RITAGLIO_WORKER", "did you mean RITAGLIO_WORKERS?"),
        ("RITAGLIO_ZZZZZZZZZZZZ", "there are RITAGLIO_INDEX, RITAGLIO_INDEX_PASSWORD"),
    ],
)
def test_a_setting_that_does_not_exist_is_refused_with_the_right_one(name: str, hint: str) -> None:
    with pytest.raises(SettingsError, match=f"^There is no setting {name}: ") as refusal:
        read_settings({name: "1"})
    assert hint in str(refusal.value)


def test_a_log_is_text_or_json() -> None:
    with pytest.raises(SettingsError, match="RITAGLIO_LOG_FORMAT is text or json, not 'xml'"):
        read_settings({"RITAGLIO_LOG_FORMAT": "xml"})


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("RITAGLIO_KEYS", "SECRET", "Entry 1 of RITAGLIO_KEYS is no key: write KEY:SCOPE"),
        ("RITAGLIO_KEYS", "a:read,SECRET:all", "Entry 2 of RITAGLIO_KEYS has no scope"),
        ("RITAGLIO_ORIGINS", "example.org", "origins such as https://www.example.org"),
        ("RITAGLIO_ORIGINS", "https://example.org/", "without a path"),
        ("RITAGLIO_ORIGINS", "https://example.org,*", "or \\* alone"),
        ("RITAGLIO_ORIGINS", "null", "not 'null'"),
        ("RITAGLIO_PROXIES", "17", "a number from 0 to 16, or addresses"),
        ("RITAGLIO_PROXIES", "localhost", "not 'localhost'"),
        ("RITAGLIO_READ_RATE", "300", "as in 300/minute, or 0 for no limit, not '300'"),
        ("RITAGLIO_WRITE_RATE", "0/minute", "not '0/minute'"),
    ],
)
def test_who_may_and_how_often_is_refused_where_it_cannot_be_read(
    name: str, value: str, reason: str
) -> None:
    with pytest.raises(SettingsError, match=reason) as refusal:
        read_settings({name: value})
    assert name in str(refusal.value)
    assert "SECRET" not in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RITAGLIO_CONTACT", "foo"),
        ("RITAGLIO_CONTACT", "https://"),
        ("RITAGLIO_CONTACT", "ufficio stampa@example.org"),
        ("RITAGLIO_CONTACT", "mailto:redazione@example.org"),
        ("RITAGLIO_TERMS", "foo"),
        ("RITAGLIO_TERMS", "redazione@example.org"),
        ("RITAGLIO_TERMS", "javascript:alert(1)"),
        ("RITAGLIO_TERMS", "ftp://example.org"),
    ],
)
def test_an_address_that_is_published_is_one(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} is an address of .* not '{re.escape(value)}"):
        read_settings({name: value})


@pytest.mark.parametrize(
    "value", ["http://localhost:8000", "https://è.example/à?b#c", "HTTPS://example.org/"]
)
def test_an_address_of_the_web_is_taken_as_it_is(value: str) -> None:
    told = read_settings({"RITAGLIO_CONTACT": value, "RITAGLIO_TERMS": value})
    assert (told.contact, told.terms) == (value, value)


def test_what_kubernetes_tells_of_a_service_named_ritaglio_is_no_setting() -> None:
    told = ("SERVICE_HOST", "SERVICE_PORT", "SERVICE_PORT_HTTP", "PORT_8000_TCP_ADDR")
    assert read_settings({f"RITAGLIO_{name}": "10.0.0.1" for name in told}) == read_settings({})


def test_each_setting_is_shown_with_where_it_came_from() -> None:
    environ = {"RITAGLIO_PORT": "9000", "RITAGLIO_INDEX": "whoosh:a", "OTHER": "1"}
    environ |= {"RITAGLIO_QUERY_WORDS": "20"}
    environ |= {"RITAGLIO_KEYS": "SECRET:write", "RITAGLIO_READ_RATE": "9/hour"}
    asked = replace(read_settings(environ), index="whoosh:b", workers=3)
    lines = list(explained(asked, environ))
    assert len(lines) == len(settings.VARIABLES)
    assert "RITAGLIO_PORT=9000  # environment" in lines
    assert "RITAGLIO_INDEX=whoosh:b  # option" in lines
    assert "RITAGLIO_PAGE_SIZE=10  # default" in lines
    assert "RITAGLIO_QUERY_WORDS=20  # environment" in lines
    assert "RITAGLIO_QUERY_DEPTH=20  # default" in lines
    assert "RITAGLIO_KEYS=1 write  # environment" in lines
    assert "RITAGLIO_READ_RATE=9/hour  # environment" in lines
    assert "RITAGLIO_WRITE_RATE=0  # default" in lines
    assert "SECRET" not in "".join(lines)
    assert "RITAGLIO_ACCESS_LOG=0  # default" in lines


@pytest.mark.parametrize(
    ("quota", "workers"), [("100000 100000\n", 1), ("50000 100000\n", 1), ("max 100000\n", None)]
)
def test_a_container_gets_as_many_workers_as_its_share_of_cores(
    quota: str, workers: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlimited = read_settings({}).workers
    (tmp_path / "cpu.max").write_text(quota)
    monkeypatch.setattr(cores, "_CPU_QUOTA", tmp_path / "cpu.max")
    assert read_settings({}).workers == (workers or unlimited)


def test_every_limit_is_a_setting_with_a_range_that_holds_its_default() -> None:
    assert set(RANGES) == set(Limits.__dataclass_fields__)
    for name, (lowest, highest) in RANGES.items():
        assert lowest <= getattr(Limits(), name) <= highest


def test_every_setting_is_documented() -> None:
    documented = OPERATIONS.read_text(encoding="utf-8")
    names = [word for word in (settings.__doc__ or "").split() if word.startswith("RITAGLIO_")]
    assert names == list(settings.VARIABLES)
    for name in [*names, "NO_COLOR"]:
        assert f"`{name}`" in documented
