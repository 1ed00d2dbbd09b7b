"""Which articles does each clause find?"""

from __future__ import annotations

from datetime import date

import pytest

from indexer.articles import Article
from indexer.engines.contract import (
    EVERYTHING,
    AllOf,
    AnyOf,
    Between,
    Clause,
    Engine,
    Field,
    Fuzzy,
    Is,
    Not,
    Prefix,
    Query,
    QueryTooBroad,
    Scope,
    Word,
)
from tests.engines.asking import any_of, found, phrase, word

ARTICLES = [
    Article(
        id="po",
        title="Il fiume Po",
        text="Nasce sul Monviso. Il fiume più lungo d’Italia attraversa la città di Torino.",
        date="2025-11-19",
        source="Panorama",
        author="Mario Rossi",
        section="Natura",
        tags=("acqua", "Nord"),
    ),
    Article(
        id="etna",
        title="La neve sull’Etna",
        text="Il vulcano è alto; i vulcani spenti no. Neve a novembre, metà della montagna.",
        date="2025-11",
        source="ANSA",
        author="Anna Po",
    ),
    Article(
        id="meta",
        title="Meta compra tutto",
        title_derived=True,
        text="Meta compra tutto. Il Movimento 5 Stelle protesta: «essere o non essere»?",
        date="2024",
        source="panorama",
        section="natura",
        tags=("nord", "Borsa"),
    ),
    Article(id="vuoto"),
]
ALL = {"po", "etna", "meta", "vuoto"}

MOST = Fuzzy("").most  # forms that a Fuzzy may stand for


@pytest.fixture
def engine(engine: Engine) -> Engine:
    engine.write(ARTICLES)
    return engine


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        # a word, inflected or not, in title or text
        (word("fiumi"), {"po"}),
        (word("vulcano"), {"etna"}),
        (word("Po"), {"po"}),
        (word("inesistente"), set()),
        # accents are no condition, in neither direction
        (word("citta"), {"po"}),
        (word("CITTÀ"), {"po"}),
        (word("metà"), {"etna", "meta"}),
        # elided or not; a stop word matches by its form
        (word("Italia"), {"po"}),
        (word("il"), {"po", "etna", "meta"}),
        (word("5"), {"meta"}),
        # where it stands
        (word("fiume", Scope.TITLE), {"po"}),
        (word("vulcani", Scope.TITLE), set()),
        (word("Etna", Scope.TEXT), set()),
        (word("compra", Scope.TITLE), set()),  # a derived title is no title
        (word("compra", Scope.TEXT), {"meta"}),
        # people and papers, by form alone
        (word("po", Scope.AUTHOR), {"etna"}),
        (word("rossi", Scope.AUTHOR), {"po"}),
        (word("rosso", Scope.AUTHOR), set()),
        (word("Panorama", Scope.SOURCE), {"po", "meta"}),
        (Word("mario", "mar", Scope.SOURCE), set()),
        # phrases: forms one behind the other in one field, stop words and accents as they come
        (phrase("il fiume Po"), {"po"}),
        (phrase("fiume il"), set()),
        (phrase("fiumi Po"), set()),
        (phrase("piu lungo"), {"po"}),
        (phrase("d'Italia"), {"po"}),
        (phrase("essere o non essere"), {"meta"}),
        (phrase("essere essere"), set()),
        (phrase("Po nasce"), set()),  # never across title and text
        (phrase("Il fiume", Scope.TEXT), {"po"}),
        (phrase("neve sull'Etna", Scope.TEXT), set()),
        (phrase("Mario Rossi", Scope.AUTHOR), {"po"}),
        (phrase("5 stelle"), {"meta"}),
        # beginnings
        (Prefix("vulc"), {"etna"}),
        (Prefix("CITTÀ"), {"po"}),
        (Prefix("met"), {"etna", "meta"}),
        (Prefix("zzz"), set()),
        (Prefix("fi", Scope.TITLE), {"po"}),
        (Prefix("na", Scope.TITLE), set()),
        (Prefix("pano", Scope.SOURCE), {"po", "meta"}),
        # typing errors: the first letter is taken as right
        (Fuzzy("monvizo"), {"po"}),
        (Fuzzy("monvsio"), {"po"}),
        (Fuzzy("monvizzo"), set()),
        (Fuzzy("monvizzo", 2), {"po"}),
        (Fuzzy("tonviso"), set()),
        (Fuzzy("vulcan"), {"etna"}),
        (Fuzzy("citra"), {"po"}),
        (Fuzzy("rosso", 1, Scope.AUTHOR), {"po"}),
        (Fuzzy("po", 0), {"po"}),
        # whole values, whatever their case and accents
        (Is(Field.SOURCE, ("PANORAMA",)), {"po", "meta"}),
        (Is(Field.SOURCE, ("pano",)), set()),
        (Is(Field.SOURCE, ("ansa", "Panorama")), {"po", "etna", "meta"}),
        (Is(Field.SOURCE, ()), set()),
        (Is(Field.AUTHOR, ("Màrio  rossi",)), {"po"}),
        (Is(Field.AUTHOR, ("Rossi",)), set()),
        (Is(Field.SECTION, ("natura",)), {"po", "meta"}),
        (Is(Field.TAG, ("nord",)), {"po", "meta"}),
        (Is(Field.TAG, ("acqua",)), {"po"}),
        (Is(Field.TAG, ("",)), set()),
        # days, both included; a year or month alone is its first day; no date lies nowhere
        (Between(date(2025, 11, 19), date(2025, 11, 19)), {"po"}),
        (Between(date(2025, 11, 1), None), {"po", "etna"}),
        (Between(date(2025, 11, 2), None), {"po"}),
        (Between(None, date(2024, 1, 1)), {"meta"}),
        (Between(None, date(2023, 12, 31)), set()),
        (Between(None, None), {"po", "etna", "meta"}),
        (Between(date(2026, 1, 1), date(2024, 1, 1)), set()),
        # all, any, none
        (EVERYTHING, ALL),
        (AnyOf(()), set()),
        (any_of("neve fiumi"), {"po", "etna"}),
        (AllOf((word("novembre"), word("neve"))), {"etna"}),
        (AllOf((word("fiume"), word("neve"))), set()),
        (AllOf((word("il"), Is(Field.SOURCE, ("panorama",)))), {"po", "meta"}),
        (Not(word("il")), {"vuoto"}),
        (Not(Not(word("il"))), {"po", "etna", "meta"}),
        (Not(EVERYTHING), set()),
        (AllOf((Not(word("neve")), Not(word("fiume")))), {"meta", "vuoto"}),
        (AllOf((word("il"), Not(word("neve")))), {"po", "meta"}),
        (AnyOf((word("neve"), Not(word("il")))), {"etna", "vuoto"}),
        (Not(AnyOf((word("neve"), Not(word("il"))))), {"po", "meta"}),
        (Not(Is(Field.SECTION, ("natura",))), {"etna", "vuoto"}),
        (AnyOf((Is(Field.TAG, ("acqua",)), word("neve"))), {"po", "etna"}),
    ],
    ids=str,
)
def test_finds(engine: Engine, clause: Clause, expected: set[str]) -> None:
    assert found(engine, clause) == expected


def test_finds_nothing_in_an_empty_index(engine: Engine) -> None:
    engine.delete(ALL)
    for clause in (EVERYTHING, word("neve"), Not(word("neve")), Prefix("n"), Between(None, None)):
        assert found(engine, clause) == set()


def test_a_prefix_may_stand_for_any_number_of_words(engine: Engine) -> None:
    engine.write([Article(id="a", text=" ".join(f"z{number}" for number in range(MOST + 1)))])
    assert found(engine, Prefix("z")) == {"a"}


def test_refuses_to_look_up_too_many_misspelt_words(engine: Engine) -> None:
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    many = [f"zz{one}{other}" for one in letters for other in letters][: MOST + 1]
    engine.write([Article(id="a", text=" ".join(many[:-1]))])
    assert found(engine, Fuzzy("zz", 2)) == {"a"}
    engine.write([Article(id="b", text=many[-1])])
    with pytest.raises(QueryTooBroad, match=f"«zz».* more than {Fuzzy('z').most} words"):
        engine.search(Query(Fuzzy("zz", 2)))
