"""Can the word lists be trusted: does each line do what whoever wrote it believed?"""

from collections import Counter
from pathlib import Path

import pytest

import indexer.italian
from indexer.italian import listed, stems, verbs
from indexer.italian.lists import lines, rows, words

FOLDER = Path(indexer.italian.__file__).parent
FILES = sorted([*FOLDER.glob("*.txt"), *FOLDER.glob("*.tsv")])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_list_says_where_it_is_from(path):
    head = path.read_text(encoding="utf-8").split("\n\n")[0]
    assert head.startswith("#")
    assert "licence" in head or "BSD" in head or "public domain" in head


def test_a_form_belongs_to_one_family():
    forms = Counter(form for line in lines("families.txt") for form in set(line.split()))
    assert [form for form, count in forms.items() if count > 1] == []


@pytest.mark.parametrize("name", ["nominals.txt", "stopwords.txt", "accented.txt"])
def test_no_word_is_listed_twice(name):
    assert [word for word, count in Counter(words(name)).items() if count > 1] == []


@pytest.mark.parametrize("name", ["verbs.tsv", "derived.tsv", "shortened.tsv", "verb_endings.tsv"])
def test_no_row_is_listed_twice(name):
    assert [
        word for word, count in Counter(row[0] for row in rows(name)).items() if count > 1
    ] == []


def test_a_listed_noun_has_its_stem():
    overruled = {form for form in listed.stems() if stems.explain(form)[1] is stems.Reason.LISTED}
    heads = {line.split()[0] for line in lines("families.txt")}
    assert heads - overruled == set()


def test_what_a_verb_is_told_not_to_be_it_would_be_otherwise():
    forms = {form for form, _ in verbs.forms()}
    traits = (trait for _, *rest in rows("verbs.tsv") for trait in " ".join(rest).split())
    told = {word for trait in traits if trait.startswith("not=") for word in trait[4:].split(",")}
    assert told - forms == set()
