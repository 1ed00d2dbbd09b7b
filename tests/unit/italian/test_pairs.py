"""Do the word pairs that readers and linguists name meet, over lists we did not write?"""

import gzip
from pathlib import Path

import pytest

from indexer.italian import analyse, fold
from indexer.italian.stems import Reason, explain

DATA = Path(__file__).parents[4] / "shared" / "data"


def shared(name):
    if not (DATA / name).exists():
        pytest.skip(f"{name} of the shared data is not here")
    return DATA / name


def rows(path):
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        return [line.rstrip("\n").split("\t") for line in lines]


def meet(one, other):
    """Tell whether a query for *one* finds an article that says *other*."""
    return bool(terms(one) & terms(other))


def terms(text):
    tokens = [token for token in analyse(text) if token.stem] or analyse(text)
    return {token.stem for token in tokens if token.stem} | {fold(token.form) for token in tokens}


def test_words_that_should_meet_do():
    pairs = rows(shared("pairs.tsv"))[1:]
    asked = [(one, other) for one, other, should, *_ in pairs if should == "1"]
    missed = [pair for pair in asked if not meet(*pair)]
    assert len(missed) / len(asked) <= 0.02, missed


def test_forms_of_one_lemma_meet():
    pairs = [pair[:2] for pair in rows(shared("pairs_ud.tsv.gz"))[1:]]
    missed = [pair for pair in pairs if not meet(*pair)]
    assert len(missed) / len(pairs) <= 0.065, missed


def test_a_stem_differs_from_snowball_only_where_a_rule_of_ours_says_so():
    unexplained = [
        (word, snowball, stem)
        for word, snowball in rows(shared("snowball_italian.tsv.gz"))
        for stem, reason in [explain(word)]
        if reason is Reason.SNOWBALL and stem != fold(snowball)
    ]
    assert not unexplained


def test_the_published_differences_from_snowball_are_the_real_ones():
    published = Path(__file__).parents[3] / "docs" / "stems-unlike-snowball.tsv"
    listed = {word: stem for word, _, stem, _ in rows(published)[2:]}
    changed = [(word, stem) for word, stem in listed.items() if (explain(word)[0] or "") != stem]
    assert not changed, "run benchmarks/snowball.py again"
