"""Does a page show what each of its articles would show by itself?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.articles import Article
from indexer.engines.contract import Scope
from indexer.italian import analyse
from service.query import parse
from service.snippets import mark, show, snippets
from service.snippets.finding import Match, find, phrases_among
from service.snippets.groups import best, weigh
from service.snippets.sought import seek

WORDS = ["piano", "piani di pace", "l’accordo", "U.S.A.", "'la sera'", "citta'", "gli dei", "«Зе»"]
SIGNS = [" ", ". ", ", ", "\n", "'", "–"]
TEXTS = st.lists(st.sampled_from([*WORDS, *SIGNS]), max_size=30).map("".join)
QUERIES = ["piano", "pace accordo", '"piani di pace"', "titolo:piano testo:usa", "città dio sera"]


@given(
    st.lists(st.tuples(TEXTS, TEXTS, st.booleans()), max_size=5),
    st.sampled_from(QUERIES),
    st.integers(0, 3),
)
def test_articles_are_shown_together_as_one_by_one(
    written: list[tuple[str, str, bool]], query: str, count: int
) -> None:
    marks = parse(query).marks
    articles = [
        Article(id="1", title=title, text=text, title_derived=derived)
        for title, text, derived in written
    ]
    for article, shown in zip(articles, show(articles, marks, count=count, length=60), strict=True):
        scope = Scope.TEXT if article.title_derived else Scope.TITLE
        assert shown.title == mark(article.title, marks, scope)
        assert shown.snippets == snippets(article.text, marks, count=count, length=60)


def test_no_snippet_is_shown_where_none_is_asked_for() -> None:
    assert snippets("Un testo qualsiasi.", parse("altro").marks, count=0) == ()


@pytest.mark.parametrize(
    "text",
    [
        "la citta' e la citta'' e la «citta'»",
        "citta`` nuova, L ' '' ' ultimo",
        "'la citta' nuova' di 'ieri",
        "l'arte dell'80 e del 1'000, 1.000 e 10%",
        "la perche' di città nuova' e là",
        "gli dei, gli Dei, agli dei",
        "il C++, il C#, _C#, C.",
        "una cyber-\u00adcitta, cit\u00adta, citta\u00ad'",
        "WhatsApp, U.S.A., AT&T, info@citta.it, citta.it",
        "attènderlo, dottrice",
    ],
)
@pytest.mark.parametrize(
    "query",
    [
        *["città", "citta", "nuova", "ultimo", "arte", "80", "1000", "10%", "perche", "dio", "dei"],
        *["C++", "C#", "c", "cybercitta", "app", "usa", "a", "AT&T", "info", "citta.it", "cit"],
        *["attendere", "dottore", '"nuova di ieri"', '"e 10"', "cit*", "citt~"],
    ],
)
def test_no_sign_hides_a_word_or_makes_one(text: str, query: str) -> None:
    sought, tokens = seek(parse(query).marks, Scope.TEXT), analyse(text)
    words = {
        Match(token.start, token.end, *term)
        for token in tokens
        if (term := sought.term(token.form, token.stem))
    }
    assert find(text, sought) == sorted(words.union(phrases_among(tokens, sought)))


MATCHES = st.lists(
    st.tuples(st.integers(0, 300), st.integers(1, 20), st.integers(0, 3), st.booleans()).map(
        lambda each: Match(each[0], each[0] + each[1], each[2], each[3])
    ),
    min_size=1,
    max_size=20,
).map(sorted)


def score(group: list[Match], weights: dict[int, float]) -> float:
    """Reckon what a group counts: again the same term almost nothing, one that is near more."""
    total, seen = 0.0, set[int]()
    for number, match in enumerate(group):
        gain = weights[match.term] * (1.25 if match.exact else 1)
        if match.term in seen:
            gain = gain * 0.1
        elif number:
            gain = gain * (1 + 30 / (30 + max(0, match.start - group[number - 1].end)))
        seen.add(match.term)
        total += gain
    return total


@given(MATCHES)
def test_the_best_group_is_the_first_that_none_exceeds(matches: list[Match]) -> None:
    weights = weigh(matches)
    groups = []
    for place, first in enumerate(matches):
        rest = matches[place + 1 :]
        beyond = (n for n, match in enumerate(rest) if match.end > first.start + 100)
        groups.append([first, *rest[: next(beyond, len(rest))]])
    assert best(matches, weights, 100, []) == max(groups, key=lambda each: score(each, weights))
