"""Can a test that CI requires pass by being skipped?"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).parents[1] / "conftest.py"

SKIPS = {
    "call": """
import pytest
def test_it():
    pytest.skip("buildah is not installed")
""",
    "mark": """
import pytest
@pytest.mark.skipif(True, reason="buildah is not installed")
def test_it(): ...
""",
    "fixture": """
import pytest
@pytest.fixture
def image():
    pytest.skip("buildah is not installed")
def test_it(image): ...
""",
    "module": """
import pytest
pytest.skip("buildah is not installed", allow_module_level=True)
""",
}


@pytest.mark.parametrize(
    ("required", "outcome"),
    [("", "4 skipped"), ("chromium", "4 skipped"), ("chromium buildah", "1 failed, 3 errors")],
)
def test_a_skip_that_names_what_is_required_is_a_failure(
    tmp_path: Path, required: str, outcome: str
) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST.read_text(encoding="utf-8"), encoding="utf-8")
    for way, source in SKIPS.items():
        (tmp_path / f"test_{way}.py").write_text(source, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "--continue-on-collection-errors", "--rootdir", tmp_path],
        cwd=tmp_path,
        env={**os.environ, "RITAGLIO_REQUIRE": required},
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome in run.stdout.splitlines()[-1]
    forbidden = "buildah is not installed (RITAGLIO_REQUIRE forbids this skip)" in run.stdout
    assert forbidden == ("skipped" not in outcome)
