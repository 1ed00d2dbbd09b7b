"""Do the inflections of a word meet, and do stop words stay out?"""

import threading

import pytest

from indexer.italian import analyse, stem


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("accordo", "accordi"),
        ("ucraini", "ucraina"),
        ("città", "citta"),
        ("elezione", "elezioni"),
        ("arrestare", "arrestarlo"),
    ],
)
def test_inflections_share_a_stem(one, other):
    assert stem(one) == stem(other) is not None


@pytest.mark.parametrize(
    "text", ["dell'", "L’", "un", "perché", "PERCHE'", "perche", "e'", "è", "po'", "che", "c'"]
)
def test_a_stop_word_has_no_stem(text):
    assert [token.stem for token in analyse(text)] == [None]


@pytest.mark.parametrize("text", ["May", "Will", "US", "it", "5", "X", "Stati", "mezz'", "sant'"])
def test_a_word_that_says_something_is_no_stop_word(text):
    assert analyse(text)[0].stem


def test_threads_do_not_disturb_each_other():
    words = [f"{beginning}{ending}" for beginning in "bcdfglmnprstvz" for ending in "aeiou"]
    words = [f"{first}{second}zione" for first in words for second in words]
    expected = [stem.__wrapped__(word) for word in words]
    answers = []

    def run():
        answers.append([stem.__wrapped__(word) for word in words])

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [expected] * 4
