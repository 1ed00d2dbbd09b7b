from collections import Counter

import pytest

from indexer.articles.characters import fold
from indexer.articles.lists import read_list
from indexer.articles.outlets import is_newsroom, known_outlet


@pytest.mark.parametrize(
    ("name", "outlet"),
    [
        ("Panorama", "Panorama"),
        ("PANORAMA", "Panorama"),
        ("repubblica", "La Repubblica"),
        ("La Repubblica.it", "La Repubblica"),
        ("www.repubblica.it", "La Repubblica"),
        ("https://www.repubblica.it/esteri/2025/", "La Repubblica"),
        ("L’Espresso", "L'Espresso"),
        ("agenzia dire", "Agenzia DIRE"),
        ("il Sole 24 ore", "Il Sole 24 Ore"),
        ("Radio Citta Sconosciuta", None),
        ("Mario Rossi", None),
        ("http://[", None),
        ("", None),
    ],
)
def test_knows_an_outlet_by_any_of_its_names(name: str, outlet: str | None) -> None:
    assert known_outlet(name) == outlet


@pytest.mark.parametrize(
    "name", ["redazione", "La Redazione", "Redazione Online", "admin", "REDAZIONE WEB"]
)
def test_the_newsroom_is_nobody(name: str) -> None:
    assert is_newsroom(name)


@pytest.mark.parametrize("name", ["Mario Rossi", "Redazionale Rossi", "Staffan", ""])
def test_people_are_somebody(name: str) -> None:
    assert not is_newsroom(name)


def test_no_name_means_two_outlets() -> None:
    names: Counter[str] = Counter()
    for line in read_list("outlets.tsv"):
        name, _, others = line.partition("\t")
        names.update({fold(spelling) for spelling in (name, *others.split(";")) if spelling})
    assert [name for name, times in names.items() if times > 1] == []
