import pytest

from indexer.articles.imprint import Imprint
from indexer.articles.webpage import decode_page, is_page, read_page

PARAGRAPH = (
    "<p>Il consiglio comunale ha approvato nella notte il piano del traffico numero {}, dopo "
    "<b>undici ore</b> di <a href='/d'>discussione</a>: è passato, «per ora».</p>"
)
STORY = "".join(PARAGRAPH.format(number) for number in range(4))
PAGE = f"""<!DOCTYPE html>
<html lang="it"><head><meta charset="utf-8">
<title>Traffico, passa il piano | Panorama.it</title>
<meta property="og:title" content="Traffico, passa il piano">
<meta property="og:site_name" content="Panorama.it">
<meta name="author" content="Anna Neri">
<meta property="article:published_time" content="2025-11-19T08:00:00+01:00">
<meta property="article:modified_time" content="2025-11-19T10:42:00+01:00">
<meta property="article:section" content="Politica">
<meta name="keywords" content="traffico, piano">
<link rel="canonical" href="https://www.panorama.it/politica/piano">
</head><body><nav><a href="/">Home</a> <a href="/p">Politica</a></nav>
<article><h1>Traffico, passa il piano</h1>{STORY}</article>
<footer>Tutti i diritti riservati, via Roma 1</footer></body></html>"""


def test_takes_the_story_and_what_the_page_says_of_it() -> None:
    page = read_page(PAGE)
    assert page.title == "Traffico, passa il piano"
    assert page.url == "https://www.panorama.it/politica/piano"
    assert page.imprint == Imprint(
        date="2025-11-19",
        modified="2025-11-19T10:42:00+01:00",
        author="Anna Neri",
        source="Panorama",
        section="Politica",
        tags=("traffico", "piano"),
    )
    assert page.story.count("undici ore di discussione: è passato, «per ora».") == 4
    assert "Home" not in page.story
    assert "via Roma" not in page.story


def test_a_date_in_the_story_is_not_the_page_s() -> None:
    page = read_page(f"<html><body><article><p>Il 3 marzo 2021 era domenica.</p>{STORY}</article>")
    assert page.imprint.date is None


def test_a_piece_of_a_page_is_read_too() -> None:
    assert "numero 3" in read_page(f"<h1>Traffico</h1>{STORY}").story


@pytest.mark.parametrize("page", ["", "<html></html>"])
def test_a_page_without_a_story_is_refused(page: str) -> None:
    with pytest.raises(ValueError, match="no article"):
        read_page(page)


def test_an_xml_declaration_does_not_matter() -> None:
    assert read_page(f'<?xml version="1.0" encoding="iso-8859-1"?>\n{PAGE}') == read_page(PAGE)


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-8", "utf-8"), ("cp1252", "iso-8859-1"), ("cp1252", "utf-8"), ("cp1252", "nonsense")],
)
def test_a_page_is_decoded_whatever_it_claims(encoding: str, declared: str) -> None:
    page = PAGE.replace("utf-8", declared)
    assert decode_page(page.encode(encoding)) == page


def test_a_page_in_another_alphabet_is_taken_at_its_word() -> None:
    page = '<html><meta http-equiv="Content-Type" content="text/html; charset=koi8-r">Зеленский'
    assert decode_page(page.encode("koi8-r")) == page


@pytest.mark.parametrize(
    ("text", "page"),
    [
        (PAGE, True),
        ("  <HTML>\n<body>", True),
        ('<?xml version="1.0"?><!-- x --><!doctype html>', True),
        ("<p>Un paragrafo</p>", False),
        ("Il tag <html> apre le pagine.", False),
        ("<!---->" * 2000, False),
    ],
)
def test_knows_a_page_by_its_beginning(text: str, page: bool) -> None:
    assert is_page(text) == page
