import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.articles.characters import fold, one_line, tidy


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("citt&agrave; &#232; pi&#xF9;", "città è più"),
        ("citt&amp;agrave;", "città"),
        ("Rock &amp; roll", "Rock & roll"),
        ("R&D, AT&T; ?a=1&copy=2&lang=it", "R&D, AT&T; ?a=1&copy=2&lang=it"),
        ("&unknown; &#xD800;", "&unknown; \ufffd"),
        ("citta\u0300", "città"),
        ("dell\x92Ucraina \x85", "dell’Ucraina …"),
        ("Ucrai\xadna\u200b", "Ucraina"),
        ("a\x00b\x1bc", "abc"),
        ("a\r\nb\rc\u2028d\x0ce", "a\nb\nc\nd\ne"),
        ("a\tb", "a\tb"),
        ("\ud800", "\ufffd"),
        ("😀 «Зеленський»", "😀 «Зеленський»"),
    ],
)
def test_tidies(text: str, tidied: str) -> None:
    assert tidy(text) == tidied


@given(st.text(st.characters()))
def test_what_is_tidy_can_be_kept_and_holds_no_control(text: str) -> None:
    tidied = tidy(text)
    tidied.encode("utf-8")
    assert unicodedata.is_normalized("NFC", tidied)
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in tidied if c not in "\n\t")


@given(st.text(st.sampled_from("a è&;\n\t\r\xa0\xad\x85œ\u02ff\u0300\u2000’\u2028€\ud800😀")))
def test_what_seems_tidy_at_once_is_read_as_the_rest(text: str) -> None:
    # A control character is not there for who reads, but has all be looked at.
    assert tidy(text) == tidy(f"\x01{text}")


def test_one_line_has_no_blank_to_spare() -> None:
    assert one_line("  La \n\n guerra\xa0&nbsp; fredda\t") == "La guerra fredda"


@pytest.mark.parametrize(
    ("text", "folded"),
    [("L’UNITÀ", "l'unita"), (" Il  Fatto\nQuotidiano", "il fatto quotidiano"), ("è", "e")],
)
def test_folds_names(text: str, folded: str) -> None:
    assert fold(text) == folded
