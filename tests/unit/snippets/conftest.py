"""Whatever holds of snippets holds with the kernels and without them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from service.snippets import native


@pytest.fixture(params=["kernels", "Python"], scope="module", autouse=True)
def made_by(request: pytest.FixtureRequest) -> Iterator[str]:
    """Ask every test of both; who compares them asks for the library itself."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "Python":
            patch.setattr(native, "library", lambda: None)
        elif not native.library():
            pytest.skip("there was no C compiler")
        yield request.param
