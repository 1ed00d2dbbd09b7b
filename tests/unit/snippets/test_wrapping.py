"""Is a text whose lines were cut to a width read in paragraphs, and any other in its own lines?"""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.articles import Article
from indexer.articles.reading import read_articles
from service.snippets.wrapping import paragraph_spans

SEEDS = Path(__file__).parents[3] / "seeds"
PROSE = (
    "L’incontro avrebbe rappresentato il primo contatto diretto fra l’amministrazione Trump e la "
    "leadership ucraina in merito al piano di pace in 28 punti, del quale si parla da settimane "
    "in tutta Europa."
)
POEM = """\
Tanto gentile e tanto onesta pare
la donna mia quand’ella altrui saluta,
ch’ogne lingua deven tremando muta,
e li occhi no l’ardiscon di guardare."""


def paragraphs(text: str) -> list[str]:
    return [" ".join(text[start:end].split()) for start, end in paragraph_spans(text)]


def wrapped(text: str, width: int) -> str:
    return textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False)


@pytest.fixture(scope="module")
def seeds() -> list[Article]:
    return list(read_articles([SEEDS], lambda error: None))


@pytest.mark.parametrize("width", [50, 60, 72, 80, 100])
def test_the_paragraphs_of_a_text_that_was_cut_come_back(seeds: list[Article], width: int) -> None:
    for article in seeds:
        lines = [" ".join(line.split()) for line in article.text.splitlines() if line.strip()]
        prose = [line for line in lines if len(line) > 2 * width]
        assert len(prose) > 2
        assert paragraphs("\n\n".join(wrapped(line, width) for line in prose)) == prose


def test_a_text_that_was_not_cut_is_read_line_by_line(seeds: list[Article]) -> None:
    for article in seeds:
        lines = [" ".join(line.split()) for line in article.text.splitlines() if line.strip()]
        assert paragraphs(article.text) == lines


@pytest.mark.parametrize("between", ["\n\n", "\n"])
def test_verses_and_lists_beside_prose_keep_their_lines(between: str) -> None:
    listed = "Hanno votato:\nRossi\nBianchi\nVerdi\nNeri"
    prose = wrapped(PROSE, 64)
    text = between.join([prose, prose]) + f"\n\n{POEM}\n\n{listed}\n\n{prose}"
    assert paragraphs(text) == [PROSE, PROSE, *POEM.split("\n"), *listed.split("\n"), PROSE]


def test_items_and_turns_of_speech_begin_anew_though_the_line_before_was_full() -> None:
    line = "Sono stati approvati tutti i punti che il governo aveva chiesto."
    for mark in ("• ", "* ", "1. ", "12) ", "– ", "- "):
        text = f"{wrapped(PROSE, 64)}\n\n{line}\n{mark}{line[:47]}"
        assert paragraphs(text)[1:] == [line, f"{mark}{line[:47]}"]


@pytest.mark.parametrize(
    "text", [POEM, "uno\ndue\ntre", "Titolo\nUna riga sola.", "a\n\nb", "  x  \n\t\n y", ""]
)
def test_short_lines_stay_lines(text: str) -> None:
    assert paragraphs(text) == [" ".join(line.split()) for line in text.split("\n") if line.strip()]


@given(st.text(st.sampled_from("ab .–•\n\t\u00a0"), max_size=400) | st.text(max_size=100))
def test_nothing_is_lost_between_paragraphs(text: str) -> None:
    spans = list(paragraph_spans(text))
    rest, place = "", 0
    for start, end in spans:
        assert place <= start < end
        assert text[start:end].strip() == text[start:end]
        rest += text[place:start]
        place = end
    assert not (rest + text[place:]).strip()
