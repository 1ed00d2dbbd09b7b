"""Do the plain face and the bulk face find the same words?"""

import pytest
from hypothesis import example, given

from indexer.italian import analyse, analyse_chunk, split
from tests.unit.italian.texts import italian_text


def bulk(text):
    position = -1
    tokens = []
    for chunk in split(text):
        for token in analyse_chunk(chunk.decode()):
            position += token.step
            tokens.append((token.form, token.stem, position, token.capital))
    return tokens


def plain(text):
    return [(token.form, token.stem, token.position, token.capital) for token in analyse(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Guerra, pace. «L’accordo» (segreto)… l'U.R.S.S., dell' Egitto; 'la sera'",
        "fine.\nInizio,\r\n\tpoi",
        "a.b. , . c.d.",
        "gli dei, degli Dei e figli dei fiori alle 20.30",
    ],
)
def test_the_bulk_face_finds_what_the_plain_one_finds(text):
    assert bulk(text) == plain(text)


@given(italian_text())
@example("\ud800e' \x85\u2028x")
def test_both_faces_agree_on_any_text(text):
    assert bulk(text) == plain(text)
