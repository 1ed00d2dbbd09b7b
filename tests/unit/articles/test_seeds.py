"""The five articles the project was made from: what becomes of each."""

from pathlib import Path

import pytest

from indexer.articles import Article, ArticleError
from indexer.articles.reading import read_articles

SEEDS = Path(__file__).parents[3] / "seeds"


def _fail(error: ArticleError) -> None:
    raise error


@pytest.fixture(scope="module")
def seeds() -> dict[str, Article]:
    return {article.id[:3]: article for article in read_articles([SEEDS], _fail)}


@pytest.mark.parametrize(
    ("key", "article_id", "derived", "title"),
    [
        (
            "000",
            "000_619899935692ca9f",
            True,
            "Secondo NBC News, il presidente americano Donald Trump avrebbe approvato in segreto…",
        ),
        (
            "001",
            "001_893e1bd431c83a89",
            False,
            "Guerra in Ucraina: gli Stati Uniti lavorano a un piano di pace segreto con Mosca "
            "(in 28 punti)",
        ),
        (
            "002",
            "002_1195e9e1edf58a89",
            True,
            "L’amministrazione Trump ha lavorato segretamente, in consultazione con la Russia…",
        ),
        (
            "003",
            "003_42c455790e5f0a4a",
            False,
            "C'È UN ALTRO PIANO (SEGRETO) PER L'UCRAINA. LO STANNO SCRIVENDO USA E RUSSIA",
        ),
        (
            "004",
            "004_56760c36e093da16",
            True,
            "Lo scoop di Axios, confermato dal Wall Street Journal: incontri segreti…",
        ),
    ],
)
def test_names_each_article(
    seeds: dict[str, Article], key: str, article_id: str, derived: bool, title: str
) -> None:
    article = seeds[key]
    assert (article.id, article.title_derived, article.title) == (article_id, derived, title)
    assert article.own_title == ("" if derived else title)


@pytest.mark.parametrize(
    ("key", "date", "modified", "author", "source", "section"),
    [
        ("000", None, None, None, None, None),
        ("001", "2025-11-19", None, None, "Panorama", None),
        ("002", None, None, None, None, None),
        (
            "003",
            "2025-11-19",
            None,
            "Mario Piccirillo",
            "Agenzia DIRE",
            "NOTIZIE DI PRIMA PAGINA",
        ),
        ("004", "2025-11-19", "2025-11-19T10:42:00+01:00", None, None, None),
    ],
)
def test_reads_what_stands_around_each(
    seeds: dict[str, Article],
    key: str,
    date: str | None,
    modified: str | None,
    author: str | None,
    source: str | None,
    section: str | None,
) -> None:
    article = seeds[key]
    assert (article.date, article.modified) == (date, modified)
    assert (article.author, article.source, article.section) == (author, source, section)


@pytest.mark.parametrize(
    ("key", "first", "last"),
    [
        ("000", "Secondo NBC News, il presidente", "alle porte della NATO."),
        ("001", "Guerra e missili continuano a", "è ancora insufficiente”."),
        ("002", "L’amministrazione Trump ha", "di concedere qualcosa all’altro."),
        ("003", "Lo scoop di Axios: il progetto", 'dovranno mostrarsi concrete e realistiche".'),
        ("004", "Lo scoop di Axios, confermato", "accettare qualsiasi eventuale compromesso."),
    ],
)
def test_keeps_the_story_from_its_first_word_to_its_last(
    seeds: dict[str, Article], key: str, first: str, last: str
) -> None:
    text = seeds[key].text
    assert text.startswith(first)
    assert text.endswith(last)
    assert "\n\n\n" not in text
    assert "  " not in text


@pytest.mark.parametrize(
    ("key", "gone"),
    [
        ("000", "pic.twitter.com"),
        ("000", "@ZelenskyyUa"),
        ("001", "Postato"),
        ("001", "Visualizzazioni"),
        ("003", "Pubblicato"),
        ("003", "Categoria"),
        ("003", "indirizzo"),
        ("003", "www.dire.it"),
        ("003", "*"),
        ("003", "#"),
        ("004", "modifica il"),
    ],
)
def test_takes_out_what_is_no_article_and_keeps_it_in_the_raw_text(
    seeds: dict[str, Article], key: str, gone: str
) -> None:
    assert gone not in seeds[key].text
    assert gone in (seeds[key].raw or "")


@pytest.mark.parametrize(
    ("key", "kept"),
    [
        ("000", "— Volodymyr Zelenskyy / Володимир Зеленський\n"),
        ("001", "dal 24 al 26 ottobre scorsi"),
        ("001", "ad Axios il 17 novembre, Dmitriev"),
        ("002", "\nGaranzie di sicurezza reciproche\n"),
        ("003", "ROMA – L'amministrazione Trump sta lavorando"),
        ("003", 'Witkoff. "Il modello Gaza è esportabile"\n'),
        ("004", "in Alaska il 15 agosto e il rinvio"),
    ],
)
def test_keeps_what_is_said_in_the_story(seeds: dict[str, Article], key: str, kept: str) -> None:
    assert kept in seeds[key].text


def test_no_word_of_a_story_is_lost(seeds: dict[str, Article]) -> None:
    """All words but those of the lines that became fields are still there, in their order."""
    lines = {
        "001": ["- Postato il 19 novembre 2025", "- Di Panorama", "- 2 Visualizzazioni"],
        "002": [],
    }
    for key, became_fields in lines.items():
        raw = (SEEDS / f"{seeds[key].id}.txt").read_text(encoding="utf-8")
        for line in became_fields:
            raw = raw.replace(f"{line}\n", "", 1)
        whole = f"{seeds[key].own_title}\n{seeds[key].text}"
        assert [word for word in raw.split() if word != "-"] == whole.split()
