"""Does every word begin as its stem says? Snippets look for nothing else."""

import gzip
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.italian import analyse, fold, listed, verbs
from indexer.italian.beginnings import beginnings

DATA = Path(__file__).parents[4] / "shared" / "data"
LISTED = sorted({*listed.stems(), *(form for form, _ in verbs.forms())})
ENDINGS = ["", "", "lo", "si", "ci", "glielo", "issimo", "hissima", "trice", "toria", "enza", "'"]


def strays(text: str) -> list[tuple[str, str]]:
    """Return the words of *text* that begin otherwise, with their stems."""
    found = []
    for token in analyse(text):
        letters = "".join(filter(str.isalnum, fold(token.form)))
        if token.stem and not letters.startswith(beginnings(token.stem)):
            found.append((token.form, token.stem))
    return found


@pytest.mark.parametrize(
    "words",
    [
        "prendere preso prese prenderlo presosi",
        "andare vado vanno andrò andarsene",
        "uscire esce uscito uscirne",
        "uomo uomini",
        "dio iddio gli dei",
        "grave gravemente",
        "competente competenza competenze",
        "direttore direttrice direttrici",
        "grande grandissimo gran",
        "mezzo mezz’ora mezza",
        "città citta' citta",
        "arso arsissimo ardere",
        "pio piissimo pii",
    ],
)
def test_words_begin_as_their_stem_says(words: str) -> None:
    assert strays(words) == []


@given(st.sampled_from(LISTED), st.sampled_from(ENDINGS))
def test_so_do_the_listed_words_and_what_grows_from_them(word: str, ending: str) -> None:
    for root in (word, word[:-1]):
        assert strays(root + ending) == []


def test_so_do_snowballs_words_and_pairs_of_inflections() -> None:
    if not DATA.exists():
        pytest.skip("needs ../shared/data")
    names = ("snowball_italian.tsv.gz", "pairs_ud.tsv.gz")
    files = [gzip.decompress((DATA / name).read_bytes()).decode() for name in names]
    rows = [line.split("\t")[:2] for text in files for line in text.splitlines()]
    assert strays(" ".join(chain.from_iterable(rows[::7]))) == []
