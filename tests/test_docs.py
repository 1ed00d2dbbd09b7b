"""Do the pages tell what there is, and point at what there is?

What the API page must tell is asked in tests/service/test_api_page.py.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [
    path.relative_to(ROOT).as_posix() for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
]
SETTING = re.compile(r"RITAGLIO_[A-Z_]+")
ROW = re.compile(r"^\| `(RITAGLIO_[A-Z_]+)` \| (.*?) \|", re.MULTILINE)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_setting_has_a_row_and_every_row_is_a_setting() -> None:
    settings = set(SETTING.findall(read("service/settings.py")))
    assert settings == set(dict(ROW.findall(read("docs/operations.md"))))


def test_the_readme_repeats_rows_of_the_settings() -> None:
    rows = ROW.findall(read("README.md"))
    assert rows
    assert set(rows) <= set(ROW.findall(read("docs/operations.md")))


@pytest.mark.parametrize("name", ["Dockerfile", "compose.yaml", "Makefile", *PAGES])
def test_no_setting_is_named_that_is_none(name: str) -> None:
    settings = set(SETTING.findall(read("service/settings.py")))
    assert set(SETTING.findall(read(name))) <= settings | {"RITAGLIO_REQUIRE"}


@pytest.mark.parametrize("name", ["compose.yaml", "README.md", "docs/operations.md", "Dockerfile"])
def test_the_port_is_published_on_this_machine_alone(name: str) -> None:
    published = re.findall(r"(?:-p |- \")(\S*:\d+)\b", read(name))
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_somewhere(name: str) -> None:
    page = ROOT / name
    for target in re.findall(r"\]\(([^)\s]+)\)", read(name)):
        if "://" in target:
            continue
        path, _, heading = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), target
        if heading:
            titles = re.findall(r"^#+ (.*)$", there.read_text(encoding="utf-8"), re.MULTILINE)
            assert heading in {anchor(title) for title in titles}, target


def anchor(title: str) -> str:
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
