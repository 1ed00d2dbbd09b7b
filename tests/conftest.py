"""What all tests stand on: nothing of the caller's settings leaks in, and CI may forbid skips.

``RITAGLIO_REQUIRE`` holds words, separated by blanks. A skip whose reason contains one of them is
a failure: .ci/run names there what it has installed, so that no test passes by not running.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import TypeVar

import pytest
from hypothesis import settings

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

REQUIRED = os.environ.get("RITAGLIO_REQUIRE", "").split()

for name in [name for name in os.environ if name.startswith("RITAGLIO_")]:
    del os.environ[name]

if not os.environ.get("CI"):  # in CI hypothesis brings a profile of its own
    settings.register_profile("ritaglio", deadline=None)  # a busy machine is not a failure
    settings.load_profile("ritaglio")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--faults", type=int, default=2, help="faults by chance where every one would take too long"
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _without_forbidden_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _without_forbidden_skip((yield))


def _without_forbidden_skip(report: Report) -> Report:
    if report.outcome == "skipped" and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if any(word in reason for word in REQUIRED):
            report.outcome = "failed"
            report.longrepr = f"{reason} (RITAGLIO_REQUIRE forbids this skip)"
    return report
