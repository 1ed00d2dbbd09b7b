"""Which words does a text hold, and where does the reader see them?"""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.italian import analyse, fold
from tests.unit.italian.texts import italian_text


def forms(text):
    """Return the forms of *text*; readings of one word joined by «|»."""
    words = {}
    for token in analyse(text):
        words.setdefault(token.position, []).append(token.form)
    return ["|".join(readings) for readings in words.values()]


ELISIONS = [
    ("L’Opoponax", ["l'", "opoponax"]),
    ("dell’Ucraina", ["dell'", "ucraina"]),
    ("DELL'ARTE", ["dell'", "arte"]),
    ("dell' Egitto", ["dell'", "egitto"]),
    ("degl'inglesi", ["degl'", "inglesi"]),
    ("Sant’Antonio e quest’anno", ["sant'", "antonio", "e", "quest'", "anno"]),
    ("nient'altro, tutt'al più", ["nient'", "altro", "tutt'", "al", "più"]),
    ("com'è dov'era c'è", ["com'", "è", "dov'", "era", "c'", "è"]),
    ("trent'anni, diss'egli", ["trent'", "anni", "diss'", "egli"]),
    ("rock'n'roll", ["rock", "n'", "roll"]),
    ("Trump's", ["trump", "s"]),
]


@pytest.mark.parametrize(("text", "expected"), ELISIONS)
def test_an_elided_word_is_a_word_of_its_own(text, expected):
    assert forms(text) == expected


@pytest.mark.parametrize("apostrophe", "'’‘ʼ´`′＇")
def test_every_apostrophe_elides(apostrophe):
    assert forms(f"dell{apostrophe}accordo") == ["dell'", "accordo"]


def test_only_the_word_itself_is_seen_not_its_elided_article():
    text = "Sull’Ucraina"
    article, ucraina = analyse(text)
    assert text[article.start : article.end] == "Sull’"
    assert text[ucraina.start : ucraina.end] == "Ucraina"
    assert ucraina.capital


ACCENTS = [
    ("citta'", ["città"]),
    ("PERCHE'", ["perché"]),
    ("E' vero", ["è", "vero"]),
    ("c'e'stato", ["c'", "è", "stato"]),
    ("sara' virtu' arrivo' fini' lunedi'", ["sarà", "virtù", "arrivò", "finì", "lunedì"]),
    ("quì stà sù", ["qui", "sta", "su"]),
    ("un po' di pane", ["un", "po'", "di", "pane"]),
    ("a mo' d'esempio", ["a", "mo'", "d'", "esempio"]),
    ("di' fa' va' sta' da'", ["di'", "fa'", "va'", "sta'", "da'"]),
    ("perchè poichè nè sè ventitrè", ["perché", "poiché", "né", "sé", "ventitré"]),
    ("cioé caffé così cosí piú", ["cioè", "caffè", "così", "così", "più"]),
    ("Beyoncé", ["beyoncé"]),
    ("citta\u0300 e\u0300", ["città", "è"]),
]


@pytest.mark.parametrize(("text", "expected"), ACCENTS)
def test_an_accent_is_an_accent_however_it_is_typed(text, expected):
    assert forms(text) == expected


QUOTES = [
    ("'la sera'", ["la", "sera"]),
    ("‘la sera dell' Epifania’", ["la", "sera", "dell'", "epifania"]),
    ("''virgolette''", ["virgolette"]),
    ("è degli anni'\ndopo", ["è", "degli", "anni", "dopo"]),
    ("e' la citta'", ["è", "la", "città"]),
    ("E' una città", ["è", "una", "città"]),
    ("gli anni '80 e '90", ["gli", "anni", "80", "e", "90"]),
    ("la 'ndrangheta dell' Aspromonte", ["la", "ndrangheta", "dell'", "aspromonte"]),
]


@pytest.mark.parametrize(("text", "expected"), QUOTES)
def test_a_quote_is_no_accent(text, expected):
    assert forms(text) == expected


JOINED = [
    ("Ivano-Frankivsk", ["ivano|ivanofrankivsk", "frankivsk"]),
    ("cyber-attacco", ["cyber|cyberattacco", "attacco"]),
    ("COVID-19", ["covid|covid19", "19"]),
    ("2024-2025", ["2024", "2025"]),
    ("U.S.A. N.A.T.O", ["usa", "nato"]),
    ("l'U.R.S.S., S.p.A.", ["l'", "urss", "spa"]),
    ("AT&T", ["at|att", "t"]),
    ("C++ e C#", ["c++", "e", "c#"]),
    ("WhatsApp", ["whatsapp|whats|app"]),
    ("#StopAllaGuerra", ["stopallaguerra|stop|alla|guerra"]),
    ("iPhone McDonald", ["iphone", "mcdonald"]),
    ("www.dire.it", ["www|www.dire.it", "dire", "it"]),
    ("NATO.Guerra", ["nato", "guerra"]),
    ("mario.rossi@example.it", ["mario|mario.rossi@example.it", "rossi", "example", "it"]),
    ("19/11/25", ["19", "11", "25"]),
]


@pytest.mark.parametrize(("text", "expected"), JOINED)
def test_a_joined_word_is_read_whole_and_in_parts(text, expected):
    assert forms(text) == expected


NUMBERS = [
    ("1.000", ["1000"]),
    ("1.234.567,89", ["1234567,89"]),
    ("3,5", ["3,5"]),
    ("3.5", ["3,5"]),
    ("alle 20.30", ["alle", "20|20,30", "30"]),  # a time, or a price
    ("il 12.50%", ["il", "12,50|12,50%"]),
    ("10%", ["10|10%"]),
    ("il 1° e la 2ª", ["il", "1|1°", "e", "la", "2|2ª"]),
    ("19.11.2025", ["19|19.11.2025", "11", "2025"]),
    ("28mila 4x4 5G", ["28mila", "4x4", "5g"]),
]


@pytest.mark.parametrize(("text", "expected"), NUMBERS)
def test_a_number_is_one_word_however_it_is_grouped(text, expected):
    assert forms(text) == expected


OTHERS = [
    ("Зеленський", ["зеленський"]),
    ("❤️ 👍🏽 🇮🇹", ["❤", "👍", "🇮🇹"]),
    ("par\u00adola", ["parola"]),
    ("हिन्दी", ["हिन्दी"]),
    ("\x00 \ud800 \n", []),
    ("...", []),
]


@pytest.mark.parametrize(("text", "expected"), OTHERS)
def test_whatever_is_not_italian_stays_whole(text, expected):
    assert forms(text) == expected


@pytest.mark.parametrize("text", ["gli dei", "Degli Dei dell'Olimpo", "negli dei"])
def test_behind_gli_dei_are_gods(text):
    assert analyse(text)[1].stem == "dio"
    assert [token.form for token in analyse(text)[:2]] == text.lower().split()[:2]


@pytest.mark.parametrize(
    "text",
    [
        "foto: la_storia_degli_dei",
        "degli dei.Quegli dei tacevano",
        "gli dei-gli dei",
        "foto_gli_Dei",
    ],
)
def test_gods_are_found_whatever_they_are_joined_to(text):
    gods = [token for token in analyse(text) if token.stem == "dio"]
    assert gods
    assert {text[token.start : token.end].lower() for token in gods} == {"dei"}


@pytest.mark.parametrize(
    "text", ["figli dei fiori", "i consigli dei ministri", "dei", "gli deifici"]
)
def test_elsewhere_dei_is_an_article(text):
    assert "dio" not in [token.stem for token in analyse(text)]


@given(italian_text())
@example("cit\u00adta\u0300' \u200b'")
def test_what_the_reader_sees_is_the_form(text):
    tokens = analyse(text)
    for token in tokens:
        seen = text[token.start : token.end]
        assert seen
        assert seen == seen.strip()
        assert analyse(seen)[0].position == 0
    places = [(token.position, token.start) for token in tokens]
    assert [position for position, _ in places] == sorted(position for position, _ in places)
    assert {position for position, _ in places} == set(range(len(set(p for p, _ in places))))


@given(italian_text())
def test_no_letter_and_no_digit_of_a_text_is_lost(text):
    seen = {place for token in analyse(text) for place in range(token.start, token.end)}
    lost = {letter for place, letter in enumerate(text) if letter.isalnum() and place not in seen}
    assert not lost


@given(st.text())
@example("\U0001f3fb")  # a skin tone with no hand before it
def test_any_text_is_analysed(text):
    for token in analyse(text):
        assert token.form
        assert token.form == token.form.lower()


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    "piece",
    ["-", ".", "a+", "a--", "a.", "1.", "a-", "'a ", "a'", "l'", "'l dell' ", "@", "à\u0300"],
)
def test_a_long_row_of_anything_does_not_stop_us(piece):
    # No measure of speed: what grows with the square of the length takes minutes here.
    started = time.process_time()
    analyse(piece * 50_000)
    assert time.process_time() - started < 10
