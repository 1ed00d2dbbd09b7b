"""Do the pages tell what there is, and point at what there is?

What the API page must tell is asked in tests/service/test_api_page.py.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
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


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
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
