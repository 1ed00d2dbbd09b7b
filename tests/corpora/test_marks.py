"""Do the marks show, in whatever was found, what was asked for and nothing else?

Queries are made of an article's own words, written otherwise than there: another inflection, no
accents or typed ones, capitals, elided articles, quotes. What a mark may show is told here anew,
from the clauses and the chain, not by what searches snippets for marks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from random import Random

import pytest

from indexer.articles import Article
from indexer.engines.contract import Engine, Fuzzy, Phrase, Prefix, Scope, Textual, Word
from indexer.engines.expansion import within
from indexer.italian import Token, analyse, fold
from service.query import QueryError
from service.search import Result, SearchRequest, search
from service.search.searching import ask
from service.snippets import Marked

SETS = ["squadit", "qa4faq", "dice", "d365", "cad", "eltec"]
FEW, MANY = 60, 3_000  # queries to a set
BLANKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
ACCENTS = str.maketrans({"à": "a'", "è": "e'", "é": "e'", "ì": "i'", "ò": "o'", "ù": "u'"})


def queries(articles: list[Article], random: Random) -> Iterator[str]:
    """Yield without end what a reader of *articles* might type."""
    while True:
        article = random.choice(articles)
        words = f"{article.title} {article.text}".split()
        place = random.randrange(len(words))
        yield random.choice(WRITINGS)(words[place : place + random.randint(1, 4)], random)


def _plain(words: list[str], random: Random) -> str:
    return " ".join(words)


def _otherwise(words: list[str], random: Random) -> str:
    change: Callable[[str], str] = random.choice(
        [
            fold,
            str.upper,
            lambda text: text.translate(ACCENTS),
            lambda text: text.replace("'", "’"),
            lambda text: re.sub(r"[oaie]\b", random.choice("oaie"), text),
            lambda text: re.sub(r"\b(?=[aeiou])", "dell'", text),
        ]
    )
    return change(" ".join(words))


def _quoted(words: list[str], random: Random) -> str:
    return random.choice(['"{}"', "«{}»"]).format(re.sub('["«»“”]', " ", " ".join(words)))


def _pattern(words: list[str], random: Random) -> str:
    word = max(words, key=len)
    return random.choice([f"{word[:5]}*", f"{word}~"])


def _mixed(words: list[str], random: Random) -> str:
    return f"{_quoted(words[:2], random)} {_otherwise(words[2:], random)} {words[-1]}"


WRITINGS = [_plain, _plain, _otherwise, _otherwise, _quoted, _pattern, _mixed]


@pytest.mark.parametrize("name", SETS)
def test_marks_show_what_was_asked_for_and_nothing_else(
    name: str, corpus: Callable[[str], tuple[Engine, list[Article]]], whole: bool
) -> None:
    engine, articles = corpus(name)
    by_id = {article.id: article for article in articles}
    found = 0
    made = queries(articles, Random(name))
    for q in (next(made) for _ in range(MANY if whole else FEW)):
        request = SearchRequest(q=q, limit=5, snippets=3)
        try:
            results = search(engine, request).results
        except QueryError:
            continue  # a limit of queries, which other tests ask about
        marks = ask(engine, request)[0].parsed.marks
        for result in results:
            found += 1
            check(result, by_id[result.id], marks, q)
    assert found >= FEW


def check(result: Result, article: Article, marks: tuple[Textual, ...], q: str) -> None:
    title = Marked(result.title_html, BLANKS.sub(" ", result.title), (*placed(result.title_html),))
    assert not marks or any(part.marks for part in (title, *result.snippets)), (q, article.id)
    whole = BLANKS.sub(" ", article.text)
    asked = of(marks, Scope.TEXT)
    for snippet in result.snippets:
        assert snippet.text.removeprefix("… ").removesuffix(" …") in whole, (q, article.id)
        check_marks(snippet, asked, q)
    check_marks(title, asked if article.title_derived else of(marks, Scope.TITLE), q)


def check_marks(part: Marked, asked: list[Textual], q: str) -> None:
    assert unescape(re.sub("</?mark>", "", part.html)) == part.text
    assert [*placed(part.html)] == [*part.marks]
    tokens = analyse(part.text)
    for start, end in part.marks:
        words = part.text[start:end]
        # A snippet is cut out: half a quotation beside it, or half a number, may change its words.
        among = [token for token in tokens if start <= token.start and token.end <= end]
        assert asked_for(among, words, asked) or asked_for(analyse(words), words, asked), (q, part)


def placed(html: str) -> Iterator[tuple[int, int]]:
    """Yield where the marks of *html* are in its text."""
    place = 0
    for number, piece in enumerate(re.split("</?mark>", html)):
        start, place = place, place + len(unescape(piece))
        if number % 2:
            yield start, place


def of(marks: tuple[Textual, ...], scope: Scope) -> list[Textual]:
    return [mark for mark in marks if mark.scope in (Scope.ARTICLE, scope)]


def asked_for(shown: list[Token], words: str, marks: list[Textual]) -> bool:
    """Tell whether *marks* ask for *words*: as one word, as a phrase, or word by word."""
    forms = {fold(token.form) for token in shown}
    for mark in marks:
        if isinstance(mark, Phrase) and {fold(word.form) for word in mark.words} <= forms:
            return True
    single = [mark for mark in marks if not isinstance(mark, Phrase)]
    asked = [token for token in shown if any(answers(token, mark) for mark in single)]
    if any(token.end - token.start == len(words) for token in asked):
        return True
    return {token.position for token in asked} == {token.position for token in shown} != set()


def answers(token: Token, mark: Textual) -> bool:
    form = fold(token.form)
    match mark:
        case Word(wanted, stem):
            return form == fold(wanted) or (stem is not None and token.stem == stem)
        case Prefix(beginning):
            return form.startswith(fold(beginning))
        case Fuzzy(wanted, edits):
            return within(fold(wanted), form, edits)
    return False
