"""`pytest tests/relevance --update-ranks` accepts the ranks as they are now; review the diff."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-ranks", action="store_true", help="write tests/relevance/ranks.txt")
