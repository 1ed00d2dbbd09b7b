"""What a reader sees of an article: the words that were asked for, where they stand."""

from __future__ import annotations

import pytest

from indexer.engines.contract import Scope, Textual
from service.query import parse
from service.snippets import Marked, mark, snippets

WAR = (
    "La pioggia cade da giorni su tutta la regione. I negoziati per l’accordo dell’Ucraina"
    " proseguono a Istanbul, dove gli ucraini hanno incontrato il mediatore. Nessuno conferma.\n\n"
    "Il tempo resta incerto anche domani, con piogge sparse al Nord e schiarite al Sud."
    " Le temperature calano ovunque."
)


def asked(query: str) -> tuple[Textual, ...]:
    return parse(query).marks


def marked_words(found: Marked) -> list[str]:
    return [found.text[start:end] for start, end in found.marks]


def only(text: str, query: str, length: int = 200) -> Marked:
    [snippet] = snippets(text, asked(query), length=length)
    return snippet


@pytest.mark.parametrize(
    ("query", "text", "html"),
    [
        ("ucraini", "dell’Ucraina", "dell’<mark>Ucraina</mark>"),
        ("ucraini", "SULL'UCRAINA", "SULL&#x27;<mark>UCRAINA</mark>"),
        ("dell'Ucraina", "l’Ucraina", "l’<mark>Ucraina</mark>"),
        ("citta", "la città eterna", "la <mark>città</mark> eterna"),
        ("città", "la citta' eterna", "la <mark>citta&#x27;</mark> eterna"),
        ('"Wall Street Journal"', "il Wall Street Journal", "il <mark>Wall Street Journal</mark>"),
        ('"piano di pace"', "Il piano, di pace", "Il <mark>piano, di pace</mark>"),
        ('"dell’Ucraina"', "il caso dell'Ucraina", "il caso <mark>dell&#x27;Ucraina</mark>"),
        ('"di pace" piano', "piano di pace", "<mark>piano</mark> <mark>di pace</mark>"),
        ('"piano di pace" pace', "piano di pace", "<mark>piano di pace</mark>"),
        ('"piano di" "di pace"', "piano di pace", "<mark>piano di pace</mark>"),
        ("piano di pace", "piano di pace", "<mark>piano</mark> di <mark>pace</mark>"),
        ("di", "piano di pace", "piano <mark>di</mark> pace"),
        ('"ucraini"', "gli ucraini in Ucraina", "gli <mark>ucraini</mark> in Ucraina"),
        ("ucrain*", "un’ucraina", "un’<mark>ucraina</mark>"),
        ("elezzioni~", "le elezioni", "le <mark>elezioni</mark>"),
        ("ivano", "a Ivano-Frankivsk", "a <mark>Ivano</mark>-Frankivsk"),
        ("ivanofrankivsk", "a Ivano-Frankivsk", "a <mark>Ivano-Frankivsk</mark>"),
        ("usa", "gli U.S.A. oggi", "gli <mark>U.S.A.</mark> oggi"),
        ("1000", "sono 1.000 euro", "sono <mark>1.000</mark> euro"),
        ("28", "in 28 punti", "in <mark>28</mark> punti"),
        ("Зеленський", "Володимир Зеленський", "Володимир <mark>Зеленський</mark>"),
        ("pace -guerra", "guerra e pace", "guerra e <mark>pace</mark>"),
        ("testo:pace titolo:guerra", "guerra e pace", "guerra e <mark>pace</mark>"),
        (
            "pace",
            "pace & <b>pace</b>",
            "<mark>pace</mark> &amp; &lt;b&gt;<mark>pace</mark>&lt;/b&gt;",
        ),
        ("pace", "una\n\npace\n vera", "una <mark>pace</mark> vera"),
        ('"una pace"', "una\npace", "<mark>una pace</mark>"),
        ("nulla", "un testo", "un testo"),
    ],
)
def test_matches_are_marked_whole_and_escaped(query: str, text: str, html: str) -> None:
    assert only(text, query).html == html


def test_a_snippet_is_the_sentence_that_holds_the_match() -> None:
    found = only(WAR, "Istanbul", length=120)
    assert found.text.startswith("I negoziati per l’accordo dell’Ucraina")
    assert found.text.endswith("incontrato il mediatore.")
    assert only(WAR, "temperature", length=60).text == "Le temperature calano ovunque."


def test_a_sentence_too_long_is_cut_between_words() -> None:
    text = (
        "Prima. "
        + "Parole che non dicono nulla " * 20
        + "fino alla parola cercata "
        + "e poi " * 50
    )
    found = only(text, "cercata", length=80)
    assert found.text.startswith("… ")
    assert found.text.endswith(" …")
    assert set(found.text.split()) - {"…"} <= set(text.split())
    assert marked_words(found) == ["cercata"]


def test_the_window_with_more_of_the_words_comes_first() -> None:
    text = "Pace. " + "Altro testo di mezzo. " * 20 + "Il piano di pace piace. " + "Altro. " * 40
    first, second = snippets(text, asked("piano pace"), count=2, length=60)
    assert marked_words(first) == ["piano", "pace"]
    assert marked_words(second) == ["Pace"]


def test_a_rare_word_counts_more_than_a_frequent_one() -> None:
    text = "Il governo decide. " * 20 + "Il ministero tace. " + "Il governo decide. " * 20
    assert "ministero" in marked_words(only(text, "governo ministero", length=40))


def test_the_word_as_typed_comes_before_its_inflections() -> None:
    text = (
        "Un ucraino parla. " + "Frase vuota. " * 20 + "Gli ucraini parlano. " + "Frase vuota. " * 20
    )
    assert marked_words(only(text, "ucraini", length=40)) == ["ucraini"]


def test_words_close_together_come_first() -> None:
    far = "Il piano che nessuno al mondo conosce e che tutti vorrebbero vedere parla di pace. "
    near = "Un piano di pace, che nessuno al mondo conosce, non esiste e non può esistere. "
    text = far + "Frase vuota. " * 20 + near + "Frase vuota. " * 20
    assert only(text, "piano pace", length=100).text.startswith("Un piano di pace")


def test_a_whole_sentence_comes_before_a_repeated_word() -> None:
    text = (
        "Il capitolo precedente, lungo e noioso, di nuovo e ancora, parla della pace."
        " La pace torna qui. Poi si passa ad altro e non se ne parla più."
    )
    assert only(text, "pace", length=60).text.startswith("La pace torna qui.")


def test_snippets_do_not_overlap_and_are_as_many_as_there_are_places() -> None:
    text = " ".join(f"Frase numero {number} sulla pace nel mondo." for number in range(40))
    found = snippets(text, asked("pace"), count=5, length=60)
    assert len(found) == 5
    assert len({snippet.text for snippet in found}) == 5
    assert len(snippets("Solo una pace.", asked("pace"), count=5)) == 1


def test_a_match_is_shown_wherever_it_stands() -> None:
    text = "Parole senza peso. " * 6_000 + "Qui sta l’ago. " + "Parole senza peso. " * 6_000
    assert only(text, "ago").html.count("<mark>ago</mark>") == 1


def test_where_only_the_title_matched_the_snippet_is_the_beginning() -> None:
    found = only(WAR, "titolo:pioggia", length=60)
    assert found.text == "La pioggia cade da giorni su tutta la regione."
    assert found.marks == ()
    assert snippets(WAR, (), length=60) == (found,)


@pytest.mark.parametrize("text", ["", "  \n"])
def test_a_blank_text_has_no_snippet(text: str) -> None:
    assert snippets(text, asked("pace")) == ()


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("L'on. Rossi e il dott. Bianchi tacciono.", "Bianchi", "L'on. Rossi e il dott. Bianchi"),
        ("Così J. D. Vance ha deciso.", "Vance", "Così J. D. Vance"),
        ("Ieri. Oggi «Pace!» Domani pace.", "domani", "Domani"),
        ("Una riga spezzata\nche continua con la pace.", "pace", "Una riga spezzata che"),
        ("Il titoletto\nLa pace è lontana.", "pace", "La pace"),
        ("• Primo punto\n• Secondo sulla pace", "pace", "• Secondo"),
    ],
)
def test_a_snippet_begins_where_a_sentence_does(text: str, query: str, expected: str) -> None:
    filling = "Queste parole riempiono lo spazio che resta e non dicono altro di nulla. "
    assert only(f"{filling}{text} {filling}", query, length=60).text.startswith(expected)


def test_a_title_is_marked_whole() -> None:
    title = "Guerra in Ucraina: un piano di pace & «28 punti»"
    found = mark(title, asked("ucraini punti testo:guerra"))
    assert found.text == title
    assert found.html == (
        "Guerra in <mark>Ucraina</mark>: un piano di pace &amp; «28 <mark>punti</mark>»"
    )
    assert marked_words(found) == ["Ucraina", "punti"]


def test_each_part_of_an_article_is_marked_for_what_is_asked_of_it() -> None:
    wanted = asked("titolo:rossi testo:verdi autore:bianchi neri")
    names = "Rossi Verdi Bianchi Neri"
    assert marked_words(mark(names, wanted)) == ["Rossi", "Neri"]
    assert marked_words(mark(names, wanted, Scope.TEXT)) == ["Verdi", "Neri"]
    assert marked_words(mark(names, wanted, Scope.AUTHOR)) == ["Bianchi"]


def test_places_count_code_points() -> None:
    found = mark("🙂🙂 pace", asked("pace"))
    assert found.marks == ((3, 7),)


def test_what_no_page_can_show_becomes_a_blank() -> None:
    assert mark("una\x00pace\ud800vera", asked("pace")).html == "una <mark>pace</mark> vera"
