"""Do the parser, the readers and the snippets bear what nobody would write? A few thousand inputs
of the millions that `make fuzz` puts to them."""

import pytest

from tests.fuzzing.__main__ import run
from tests.fuzzing.targets import TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_no_input_finds_a_fault(name: str) -> None:
    assert run(name, 1_500) == []
