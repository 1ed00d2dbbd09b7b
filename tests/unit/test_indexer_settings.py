"""Does the indexer refuse what is nearly a setting of its own, and nothing that may be set?"""

from __future__ import annotations

import pytest

from indexer.settings import SettingsError, check_names
from service.settings import VARIABLES


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("RITAGLIO_INDXE", "RITAGLIO_INDEX"),
        ("RITAGLIO_INDEXES", "RITAGLIO_INDEX"),
        ("RITAGLIO_INDICE", "RITAGLIO_INDEX"),
        ("RITAGLIO_INDEX_PASWORD", "RITAGLIO_INDEX_PASSWORD"),
        ("RITAGLIO_INDEX_KEYS", "RITAGLIO_INDEX_KEY"),
    ],
)
def test_a_misspelt_name_is_refused_with_the_right_one(written: str, meant: str) -> None:
    with pytest.raises(SettingsError, match=rf"no setting {written}: did you mean {meant}\?"):
        check_names(["PATH", written])


def test_what_the_service_knows_and_kubernetes_makes_up_is_passed_over() -> None:
    made_up = ["RITAGLIO_SERVICE_HOST", "RITAGLIO_INDEX_PORT", "RITAGLIO_INDEX_SERVICE_HOST"]
    check_names([*VARIABLES, *made_up, "HOME", "INDXE"])
