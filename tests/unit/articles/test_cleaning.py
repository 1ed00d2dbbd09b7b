"""What becomes of scraped texts that are not the seeds; the words are invented."""

from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.articles.cleaning import clean
from indexer.articles.imprint import Imprint

LEAD = (
    "Il consiglio comunale ha approvato nella notte il nuovo piano del traffico, dopo undici ore "
    "di discussione e quaranta emendamenti, con i voti della maggioranza e di due consiglieri "
    "dell’opposizione."
)
MORE = (
    "Il piano prevede tre nuove corsie preferenziali, il divieto di sosta in via Garibaldi e una "
    "zona pedonale intorno al mercato coperto; costerà due milioni e sarà pronto a primavera."
)
STORY = f"{LEAD}\n\n{MORE}"


def page(*lines: str) -> str:
    return "\n".join(lines)


def test_an_imprint_may_stand_in_any_order_around_the_title() -> None:
    for above, below in (
        (["3 marzo 2024", "di Anna Neri"], []),
        ([], ["di Anna Neri", "3 marzo 2024"]),
        (["di Anna Neri"], ["Pubblicato: 3 marzo 2024, 10:15"]),
        (["3 marzo 2024 | di Anna Neri | 0 commenti"], []),
        ([], ["Anna Neri", "Pubblicato il 3 marzo 2024 da Anna Neri"]),
    ):
        cleaned = clean(page(*above, "", "Traffico, passa il piano", "", *below, "", STORY))
        assert cleaned.title == "Traffico, passa il piano"
        assert cleaned.imprint == Imprint(date="2024-03-03", author="Anna Neri")
        assert cleaned.text.removeprefix("Anna Neri\n\n") == STORY


def test_an_imprint_may_stand_below_the_story() -> None:
    raw = page(STORY, "", "di Anna Neri", "3/3/2024", "© Riproduzione riservata", "Fonte: ANSA")
    cleaned = clean(raw)
    assert cleaned.text == STORY
    assert cleaned.imprint == Imprint(date="2024-03-03", author="Anna Neri", source="ANSA")


def test_an_imprint_between_paragraphs_is_a_part_of_the_story() -> None:
    raw = page("Titolo di prova", "", STORY, "", "di Anna Neri", "", LEAD, MORE)
    cleaned = clean(raw)
    assert "di Anna Neri" in cleaned.text
    assert cleaned.imprint == Imprint()


def test_the_dates_of_a_chronology_are_a_part_of_the_story() -> None:
    raw = page(
        "Le tappe della vicenda",
        "",
        "3 marzo 2024",
        "Si comincia.",
        "4 marzo 2024",
        "Si discute.",
        "5 marzo 2024",
        "Si vota.",
    )
    cleaned = clean(raw)
    assert cleaned.imprint.date is None
    assert cleaned.text.startswith("3 marzo 2024\nSi comincia.")


def test_the_date_of_publication_beats_the_clock_of_the_site() -> None:
    raw = page(
        "lunedì 4 marzo 2024", "Traffico, passa il piano", "Pubblicato il 3 marzo 2024", "", STORY
    )
    assert clean(raw).imprint.date == "2024-03-03"


def test_a_place_and_a_date_date_the_story_and_stay_in_it() -> None:
    cleaned = clean(page("Traffico, passa il piano", "", "Modena, 3 marzo 2024", "", STORY))
    assert cleaned.imprint.date == "2024-03-03"
    assert cleaned.text == f"Modena, 3 marzo 2024\n\n{STORY}"


@pytest.mark.parametrize(
    ("dateline", "source"),
    [
        ("Roma, 19 nov. (Adnkronos) - ", "Adnkronos"),
        ("ROMA, 24 AGO (ANSA) – ", "ANSA"),
        ("(AGI) - ", "AGI"),
        ("ROMA – ", None),
        ("Roma (Lazio) - ", None),
        ("Il ministro (che ieri era a Roma) - ", None),
    ],
)
def test_the_dateline_of_an_agency_gives_the_source_and_stays(
    dateline: str, source: str | None
) -> None:
    cleaned = clean(dateline + STORY)
    assert cleaned.imprint.source == source
    assert cleaned.text == dateline + STORY


@pytest.mark.parametrize(
    "furniture",
    [
        "Leggi anche: Cinghiali, il sindaco firma l’ordinanza",
        "**Leggi anche** [Cinghiali, il sindaco firma](https://example.com/cinghiali)",
        ">>> LEGGI ANCHE: Cinghiali, il sindaco firma",
        "Leggi anche\n[Cinghiali, il sindaco firma](https://example.com)",
        "Leggi anche:\n\n- [Uno](https://example.com/1)\n- [Due](https://example.com/2)",
        "Condividi su Facebook",
        "Facebook Twitter WhatsApp",
        "Condividi | Facebook | X | Telegram | Copia link",
        "Riproduzione riservata",
        "© RIPRODUZIONE RISERVATA",
        "Iscriviti alla newsletter per ricevere le notizie ogni mattina",
        "Questo sito utilizza cookie tecnici e di terze parti. Continuando accetti.",
        "Accetta tutti i cookie",
        "Pubblicità",
        "Potrebbe interessarti anche:",
        "Segui Il Gazzettino di Prova su Google News",
        "Seguici su Telegram",
        "Visualizza questo post su Instagram",
        "***",
        "![IMG_2041.jpg](https://example.com/IMG_2041.jpg)",
    ],
)
def test_takes_out_furniture_wherever_it_stands(furniture: str) -> None:
    cleaned = clean(page("Traffico, passa il piano", "", LEAD, "", furniture, "", MORE))
    assert (cleaned.title, cleaned.text) == ("Traffico, passa il piano", STORY)


@pytest.mark.parametrize(
    "sentence",
    [
        "Leggi anche i classici, dice la professoressa ai ragazzi.",
        "Condividi il pane con chi non ne ha.",
        "Facebook e Twitter sono accusate di non aver vigilato.",
        "La riproduzione riservata ai soli abbonati non è permessa.",
        "Il sito utilizza cookie di terze parti, ha accertato il Garante, senza chiederlo.",
        "Seguici, gli disse.",
        "Accetta la proposta!",
        "Il 3 marzo 2024 fu eletto sindaco.",
        "di fronte alla stazione, alle 18",
        "Fonte del contagio: un frigorifero.",
        "Il commento del sindaco: «Era ora».",
        "Tag contro i muri della scuola",
        "Pubblicità e televisione, il nodo delle tariffe",
        "L’hashtag #Ucraina, 2*3*4 e [ndr] <3 restano.",
        "Vedi pic.twitter.computer per capire.",
        "— Lo scrive Anna (@anna) in un libro del 2020, citato da tutti",
    ],
)
def test_a_sentence_that_looks_like_furniture_stays(sentence: str) -> None:
    cleaned = clean(page("Traffico, passa il piano", "", LEAD, "", sentence, "", MORE))
    assert cleaned.text == f"{LEAD}\n\n{sentence}\n\n{MORE}"
    assert cleaned.imprint == Imprint()


def test_an_embedded_post_loses_its_link_and_handle_but_no_word() -> None:
    post = page(
        "Un grazie a tutti… https://t.co/AbC123 pic.twitter.com/3wrrdwIiNd",
        "— Il Comune / Місто (@comune_ufficiale) November 20, 2025",
        "— Il sindaco (@sindaco) 20 novembre 2025",
        "— Un cittadino (@cittadino)",
    )
    assert clean(page("Titolo di prova", "", LEAD, post, MORE)).text == page(
        LEAD,
        "Un grazie a tutti…",
        "— Il Comune / Місто",
        "— Il sindaco",
        "— Un cittadino",
        MORE,
    )


@pytest.mark.parametrize(
    "footer",
    [
        "Le notizie del sito Dire sono utilizzabili e riproducibili, a condizione di citare "
        "espressamente la fonte «Agenzia DIRE» e l’indirizzo «www.dire.it»",
        "onte «Agenzia DIRE» e l'indirizzo «[www.dire.it](http://www.dire.it)»",
        "citare espressamente la fonte Agenzia DIRE e l'indirizzo www.dire.it",
        "Le notizie del sito Dire sono utilizzabili e riproducibili, a condi",
    ],
)
def test_an_agency_s_footer_gives_the_source_even_when_cut(footer: str) -> None:
    cleaned = clean(f"{STORY}\n\n{footer}\n")
    assert (cleaned.text, cleaned.imprint.source) == (STORY, "Agenzia DIRE")


@pytest.mark.parametrize(
    ("raw", "title", "text"),
    [
        (f"# Il piano\n\n{STORY}", "Il piano", STORY),
        (f"POLITICA LOCALE\n\n# Il piano\n\n{STORY}", "Il piano", f"POLITICA LOCALE\n\n{STORY}"),
        (f"## Il piano ##\n### Occhiello\n\n{STORY}", "Il piano", f"Occhiello\n\n{STORY}"),
        (f"Il piano passa\n\n{STORY}", "Il piano passa", STORY),
        (f"Il piano passa\n{STORY}", "Il piano passa", STORY),
        (f"Il piano passa\n\nIl piano passa\n\n{STORY}", "Il piano passa", STORY),
        (f"«Piano approvato». E adesso?\n\n{STORY}", "«Piano approvato». E adesso?", STORY),
        (f"# **Il [piano](#)**\n\n{STORY}", "Il piano", STORY),
    ],
)
def test_takes_a_heading_or_a_line_like_one_for_the_title(raw: str, title: str, text: str) -> None:
    cleaned = clean(raw)
    assert (cleaned.title, cleaned.title_derived, cleaned.text) == (title, False, text)


@pytest.mark.parametrize(
    "raw",
    [
        STORY,
        "Solo una riga senza punto",
        "# Solo un titolo",
        "Il governo ha deciso ieri di\nprorogare la misura fino\nalla fine dell'anno.",
        f"Il governo ha deciso.\n\n{STORY}",
        f"dalla redazione di Modena\n\n{STORY}",
    ],
)
def test_otherwise_derives_it_and_leaves_the_text_whole(raw: str) -> None:
    cleaned = clean(raw)
    assert cleaned.title_derived
    assert cleaned.text == raw.removeprefix("# ")


def test_a_known_title_is_taken_off_the_story() -> None:
    cleaned = clean(f"Il Piano\n\n# Altro\n\n{STORY}", "Il piano")
    assert (cleaned.title, cleaned.text) == ("Il piano", f"Altro\n\n{STORY}")


def test_a_title_that_begins_like_a_byline_is_a_title() -> None:
    cleaned = clean(page("Di Maio Premier", "- Postato il 3 marzo 2024", "", STORY))
    assert cleaned.title == "Di Maio Premier"
    assert cleaned.imprint == Imprint(date="2024-03-03")


def test_a_story_broken_at_a_fixed_width_loses_no_line() -> None:
    raw = dedent("""\
        È uscito da pochi giorni in tutte le librerie italiane il nuovo libro
        di Mario Rossi
        che racconta la storia di un paese della pianura e dei suoi abitanti
        """)
    assert clean(raw).text.split() == raw.split()


def test_html_in_a_text_leaves_its_words() -> None:
    raw = "<p>La <b>citt&agrave;</b> &egrave;<br/>ferma.</p><script>x()</script><p>Domani no.</p>"
    assert clean(raw).text == "La città è\nferma.\n\nDomani no."


def test_text_about_html_is_not_html() -> None:
    assert clean("Il tag &lt;b&gt; e a < b > c restano.").text == "Il tag <b> e a < b > c restano."


def test_mends_a_text_that_was_read_in_the_wrong_encoding() -> None:
    assert clean("PerchÃ© no, dellâ€™UniversitÃ\xa0.").text == "Perché no, dell’Università."


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_cleans_anything_and_shows_something_of_every_story(raw: str) -> None:
    cleaned = clean(raw)
    assert bool(cleaned.title) == bool(cleaned.text)
    assert "\n\n\n" not in cleaned.text
    assert cleaned.text == cleaned.text.strip()
    assert "\n" not in cleaned.title


@given(
    st.lists(
        st.sampled_from(
            [LEAD, MORE, "Il sindaco era assente.", "«Bene così», dice Anna Neri.", ""]
        ),
        min_size=1,
    )
)
def test_sentences_are_never_lost(sentences: list[str]) -> None:
    cleaned = clean("\n".join(sentences))
    assert cleaned.text.split() == " ".join(sentences).split()
