import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.articles.titles import LONGEST_DERIVED, derive_title, is_title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("La città è ferma. Domani no.", "La città è ferma"),
        ("\n\n  La città è ferma\n\nDomani no.", "La città è ferma"),
        ("Che cosa succede? Nessuno lo sa.", "Che cosa succede?"),
        ("«Basta!» Così il sindaco.", "«Basta!»"),
        (
            "Il sig. Rossi e l’on. Bianchi si sono visti. Poi basta.",
            "Il sig. Rossi e l’on. Bianchi si sono visti",
        ),
        ("J. D. Vance e J.D. Vance sono a Roma. Da ieri.", "J. D. Vance e J.D. Vance sono a Roma"),
        ("Il 3.5 per cento, poi l’art. 18 e n. 4. Fine.", "Il 3.5 per cento, poi l’art. 18 e n. 4"),
        ("Uno, due, tre:\ncontinua", "Uno, due, tre"),
        ("MODENA. I carabinieri sono arrivati. Poi basta.", "MODENA. I carabinieri sono arrivati"),
        ("Alle 9. 30 di ieri un ladro è entrato. Fine.", "Alle 9. 30 di ieri un ladro è entrato"),
        ("CARPI.", "CARPI"),
        ("...", "..."),
        ("", ""),
        (
            "Il consiglio comunale ha approvato nella notte il nuovo piano del traffico in città.",
            "Il consiglio comunale ha approvato nella notte il nuovo piano del traffico in città",
        ),
        (
            "Il consiglio comunale ha approvato nella notte il piano del traffico per la tutela "
            "della salute",
            "Il consiglio comunale ha approvato nella notte il piano del traffico per la tutela…",
        ),
        (
            "Il consiglio comunale ha approvato nella notte il piano (con quaranta e più voti in "
            "favore)",
            "Il consiglio comunale ha approvato nella notte il piano…",
        ),
        ("x" * 200, "x" * 90 + "…"),
        ("xy " * 60, "xy " * 29 + "xy…"),
    ],
)
def test_derives_a_title_from_the_first_sentence(text: str, title: str) -> None:
    assert derive_title(text) == title


@given(st.text())
def test_a_derived_title_is_one_short_line_from_the_text(text: str) -> None:
    title = derive_title(text)
    assert len(title) <= LONGEST_DERIVED + 1
    assert "\n" not in title
    assert title.removesuffix("…") in text or not title
    assert bool(title) == bool(text.strip())


@pytest.mark.parametrize(
    ("line", "following"),
    [
        ("Guerra in Ucraina: il piano (in 28 punti)", None),
        ("«Piano approvato». Il sindaco: «Ora avanti»", None),
        ("Che cosa succede adesso?", None),
        ("Traffico, passa il piano", "Il consiglio " + "comunale " * 20),
    ],
)
def test_knows_a_title(line: str, following: str | None) -> None:
    assert is_title(line, following)


@pytest.mark.parametrize(
    ("line", "following"),
    [
        ("Il consiglio ha approvato il piano.", None),
        ("Ecco i punti:", None),
        ("Roma", None),
        ("continua dalla prima pagina", None),
        ("12 34", None),
        ("Parola " * 30, None),
        ("Il presidente della Repubblica ha detto ieri a", "molti che lo ascoltavano " * 8),
        ("Il presidente della Repubblica ha detto ieri che", "Roma è la capitale di tutti"),
    ],
)
def test_knows_what_is_none(line: str, following: str | None) -> None:
    assert not is_title(line, following)
