import time

import pytest

from indexer.articles.cleaning import clean
from indexer.articles.markup import BLANK, Line, drop_tags, read_line


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("**L'idea di fondo** è *semplice*", "L'idea di fondo è semplice"),
        ("***Tutto*** e __niente__ e _poco_ e ~~nulla~~", "Tutto e niente e poco e nulla"),
        ("**Il titolo.** Poi il resto.", "Il titolo. Poi il resto."),
        ("l'**Ucraina** e dell’*Europa*", "l'Ucraina e dell’Europa"),
        ("**Uno** e **due** e *tre*", "Uno e due e tre"),
        ('[testo](https://example.com/a_(b)_c "titolo") e [altro][1]', "testo e altro"),
        ("[[interno]](#) e [Mario [detto Mao] Rossi](#)", "[interno] e Mario [detto Mao] Rossi"),
        ("![Trump e Putin in Alaska](foto.jpg)", "Trump e Putin in Alaska"),
        ("km[nota 1][nota 2] lungo", "km[nota 1][nota 2] lungo"),
        ("![logo](logo.png) testo", "testo"),
        ("- primo punto", "primo punto"),
        ("* * secondo", "secondo"),
        ("> una citazione", "una citazione"),
        ("> - punto citato", "punto citato"),
        ("1. La sovranità", "1. La sovranità"),
        ("`codice` e ``altro codice``", "codice e altro codice"),
        (r"\*non enfasi\* e 3\. punto", "*non enfasi* e 3. punto"),
        ("nota[^1] a piè di pagina", "nota a piè di pagina"),
        ("<https://example.com/x>", "https://example.com/x"),
        ("  molti \u00a0 spazi\t", "molti spazi"),
    ],
)
def test_takes_the_markup_off(line: str, words: str) -> None:
    assert read_line(line).words == words


@pytest.mark.parametrize(
    "line",
    [
        "2*3*4 = 24",
        "5 * 3 * 2",
        "*Il nome è di fantasia",
        "nome_del_file_lungo",
        "#Ucraina è in tendenza",
        "C# e F#",
        "[ndr] e [...] e (sic)",
        "a < b > c <3",
        "-5 gradi",
        "– Vieni – disse.",
        "costa 5 $ o 6 €",
        "https://example.com/a_b_c",
    ],
)
def test_what_only_looks_like_markup_stays(line: str) -> None:
    assert read_line(line) == Line(line)


@pytest.mark.parametrize(
    "line",
    ["", " \t", "---", "* * *", "=====", "```python", "|---|:--:|", "[1]: https://example.com"],
)
def test_lines_of_markup_alone_are_blank(line: str) -> None:
    assert read_line(line) == BLANK


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("# Titolo", Line("Titolo", 1)),
        ("### Titolo **forte** ###", Line("Titolo forte", 3)),
        ("# Il linguaggio C#", Line("Il linguaggio C#", 1)),
        ("####### sette", Line("####### sette")),
        ("[Tutto](#)", Line("Tutto", linked=True, only_link=True)),
        ("- **[Tutto](#)**", Line("Tutto", linked=True, only_link=True)),
        ("Una [parte](#)", Line("Una parte", linked=True)),
    ],
)
def test_tells_headings_and_links(line: str, expected: Line) -> None:
    assert read_line(line) == expected


@pytest.mark.parametrize(
    ("text", "dropped"),
    [
        ("<p>Uno</p><p class='x'>Due<br>Tre</p>", "\nUno\n\nDue\nTre\n"),
        ("un <b>forte</b> <a href='#'>richiamo</a>", "un forte richiamo"),
        ("<script>var a='<p>';</script>dopo<!-- <p> -->.", "dopo."),
        ("<SCRIPT>x</script >dopo<style>y", "dopo<style>y"),
        ("<script> senza fine", "<script> senza fine"),
        ("x <y> e <Vangelo> e 3 < 5", "x <y> e <Vangelo> e 3 < 5"),
    ],
)
def test_drops_tags_and_what_they_hide(text: str, dropped: str) -> None:
    assert drop_tags(text) == dropped


@pytest.mark.parametrize(
    "unit",
    [
        "[",
        "![",
        "](",
        "*",
        "**a ",
        "_a ",
        "`a ",
        "<",
        "<!--",
        "<script>",
        "&amp;",
        "# ",
        "- ",
        "> ",
        "| - ",
        "(@",
        "[[a]",
        "Di Mario ",
        "facebook ",
        "cookie ",
        "A. ",
        "19/",
        " ",
        "\t",
    ],
)
def test_no_text_takes_long(unit: str) -> None:
    start = time.process_time()
    clean("x " + unit * (40_000 // len(unit)))
    assert time.process_time() - start < 2  # a tenth of this; without bounds it takes minutes
