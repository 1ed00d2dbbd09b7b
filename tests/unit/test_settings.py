"""Is the environment read as it is documented, and what is unreadable said in one sentence?"""

from __future__ import annotations

from pathlib import Path

import pytest

from service import settings
from service.settings import Settings, SettingsError, read_settings

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
            "RITAGLIO_GRACE": "20",
            "RITAGLIO_PAGE_SIZE": "25",
            "RITAGLIO_ACCESS_LOG": "1",
            "NO_COLOR": "1",
        }
    ) == Settings(
        index="whoosh:///srv/articles",
        host="::1",
        port=9000,
        workers=3,
        threads=5,
        grace=20,
        page_size=25,
        access_log=True,
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
    ],
)
def test_what_cannot_be_read_is_named_with_what_it_may_be(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=rf"^{name} is a number from \d+ to \d+, not '.*'\.$"):
        read_settings({name: value})


@pytest.mark.parametrize(
    ("quota", "workers"), [("100000 100000\n", 1), ("50000 100000\n", 1), ("max 100000\n", None)]
)
def test_a_container_gets_as_many_workers_as_its_share_of_cores(
    quota: str, workers: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlimited = read_settings({}).workers
    (tmp_path / "cpu.max").write_text(quota)
    monkeypatch.setattr(settings, "_CPU_QUOTA", tmp_path / "cpu.max")
    assert read_settings({}).workers == (workers or unlimited)


def test_every_setting_is_documented() -> None:
    documented = OPERATIONS.read_text(encoding="utf-8")
    names = [word for word in (settings.__doc__ or "").split() if word.startswith("RITAGLIO_")]
    assert len(names) == 8
    for name in [*names, "NO_COLOR"]:
        assert f"`{name}`" in documented
