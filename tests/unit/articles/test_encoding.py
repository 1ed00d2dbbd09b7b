import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.articles.encoding import decode, mend

ITALIAN = "Perché la città dell’Aquila è così: «più» di là, «né» di qua."


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "mac_roman"]
)
def test_reads_italian_whatever_computer_wrote_it(encoding: str) -> None:
    assert decode(ITALIAN.encode(encoding)) == ITALIAN


def test_reads_dos_italian() -> None:
    text = "Perché la città è così: più di là, né di qua."
    assert decode(text.encode("cp850")) == text


@pytest.mark.parametrize(
    "word", ["città", "perché", "è", "È", "più", "dell’Ucraina", "«no»", "€ 5"]
)
def test_one_word_of_windows_is_enough(word: str) -> None:
    assert decode(word.encode("cp1252")) == word


def test_a_file_glued_from_two_encodings_is_read_line_by_line() -> None:
    glued = "la città\n".encode() + "perché\n".encode("cp1252") + "più".encode()
    assert decode(glued) == "la città\nperché\npiù"


def test_utf_8_broken_off_inside_a_letter_loses_that_letter_only() -> None:
    assert decode("è una città".encode()[:-1]) == "è una citt"


def test_a_page_may_declare_another_alphabet() -> None:
    russian = "Зеленский"
    assert decode(russian.encode("koi8-r"), "koi8-r") == russian


@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", "x-unknown", ""])
def test_a_wrong_claim_does_no_harm(declared: str) -> None:
    assert decode("l’età".encode("cp1252"), declared) == "l’età"


@pytest.mark.parametrize(
    "payload", [bytes(range(256)) * 4, b"\x00" * 50, "ciao".encode("utf-16-le")]
)
def test_what_is_no_text_is_refused_with_a_remedy(payload: bytes) -> None:
    with pytest.raises(ValueError, match="save it as UTF-8"):
        decode(payload)


@given(st.text())
def test_utf_8_always_survives(text: str) -> None:
    payload = text.encode("utf-8", "ignore")
    try:
        assert decode(payload) == payload.decode().removeprefix("\ufeff")
    except ValueError:
        assert any(letter < " " for letter in text)


@pytest.mark.parametrize(
    ("line", "mended"),
    [
        ("perchÃ© no", "perché no"),
        ("dellâ€™Ucraina", "dell’Ucraina"),
        ("cittÃ\xa0", "città"),
        ("SÃO PAULO", "SÃO PAULO"),
        ("perchÃ© è", "perchÃ© è"),  # half of the line is right: nothing is certain
        ("perché", "perché"),
    ],
)
def test_mends_what_was_read_in_the_wrong_encoding(line: str, mended: str) -> None:
    assert mend(line) == mended
