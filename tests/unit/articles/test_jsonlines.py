import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict

from indexer.articles import Article, ArticleError, check_id
from indexer.articles import jsonlines as module
from indexer.articles.jsonlines import read_lines


def read(payload: bytes) -> tuple[list[tuple[int, Article]], list[str]]:
    errors: list[ArticleError] = []
    articles = list(read_lines(io.BytesIO(payload), "a.jsonl", errors.append))
    return articles, [str(error) for error in errors]


def one(**keys: Any) -> Article:
    articles, errors = read(json.dumps(keys).encode())
    assert not errors
    return articles[0][1]


def refused(line: str) -> str:
    articles, errors = read(line.encode())
    assert not articles
    return errors[0]


def test_takes_every_field_as_given() -> None:
    article = one(
        id="x1",
        title="  Il **piano** ",
        text="# Uno\n\n\n\n- di Mario Rossi\nRiproduzione riservata\n",
        date="2025-11-19",
        modified="2025-11-20T10:00:00+01:00",
        source="la Repubblica",
        author="Anna Neri",
        section="Esteri",
        url="https://example.com/1",
        tags=["Ucraina", "Russia", "Ucraina"],
        lang="it",
        score={"a": [1, None]},
    )
    assert article == Article(
        id="x1",
        title="Il **piano**",
        text="# Uno\n\n\n\n- di Mario Rossi\nRiproduzione riservata",
        date="2025-11-19",
        modified="2025-11-20T10:00:00+01:00",
        source="la Repubblica",
        author="Anna Neri",
        section="Esteri",
        url="https://example.com/1",
        tags=("Ucraina", "Russia"),
        extra={"lang": "it", "score": {"a": [1, None]}},
    )


def test_an_article_as_the_service_answers_it_is_read_as_what_it_was() -> None:
    article = one(id="a", text="La città è ferma. Domani no.", date="boh", lingua="it", extra=5)
    answered = asdict(article) | {"indexed_at": "2025-11-20T08:00:00+00:00"}
    assert article.extra == {"date": "boh", "lingua": "it", "extra": 5}
    assert one(**answered) == article


@pytest.mark.parametrize("title", [{}, {"title": ""}, {"title": None}, {"title": "  "}])
def test_derives_a_missing_title_for_display(title: dict[str, Any]) -> None:
    article = one(id="a", text="La città è ferma. Domani no.", **title)
    assert (article.title, article.title_derived, article.own_title) == (
        "La città è ferma",
        True,
        "",
    )


def test_a_title_without_a_text_is_an_article() -> None:
    assert one(id="a", title="Solo il titolo").text == ""


@pytest.mark.parametrize(
    ("given", "date", "left"),
    [
        ("2025-11-19", "2025-11-19", {}),
        ("19 novembre 2025", "2025-11-19", {}),
        ("2025-11-18T23:30:00Z", "2025-11-19", {}),
        ("2025-11", "2025-11", {}),
        (1871, "1871", {}),
        ("", None, {}),
        (None, None, {}),
        ("0000-00-00", None, {"date": "0000-00-00"}),
        ("l'altro ieri", None, {"date": "l'altro ieri"}),
    ],
)
def test_reads_dates_and_keeps_those_it_cannot_read(
    given: object, date: str | None, left: dict[str, object]
) -> None:
    article = one(id="a", text="x", date=given)
    assert (article.date, article.extra) == (date, left)


def test_numbers_will_do_as_ids_and_lists_as_authors() -> None:
    article = one(id=7, text="x", author=["Anna Neri", "Ugo Bianchi"], tags="a, b")
    assert (article.id, article.author, article.tags) == ("7", "Anna Neri, Ugo Bianchi", ("a", "b"))


def test_an_article_without_an_id_is_known_by_its_address_or_its_words() -> None:
    assert one(text="x", url="https://e.com/1").id == one(text="y", url="https://e.com/1").id
    assert one(text="x").id == one(id=None, text="x", lang="it").id != one(text="y").id
    check_id(one(text="x").id)


@pytest.mark.parametrize("more", ["", ', "n": 1'])
def test_of_a_key_said_twice_the_last_counts(more: str) -> None:
    articles, errors = read(b'{"id": "a", "text": "uno", "text": "due"%s}' % more.encode())
    assert (articles[0][1].text, errors) == ("due", [])


def test_decodes_entities_and_characters() -> None:
    article = one(id="a", title="Citt&agrave;", text="citta\u0300\r\ndell\x92Est\x00")
    assert (article.title, article.text) == ("Città", "città\ndell’Est")


def test_lines_of_an_old_encoding_are_read() -> None:
    line = '{"id": "a", "text": "perché la città"}'.encode("cp1252")
    assert read(line)[0][0][1].text == "perché la città"


def test_half_a_surrogate_pair_can_be_kept() -> None:
    line = rb'{"id": "a", "text": "x\ud83d", "k\ud800": ["\udc00", "\ud83d\ude00"]}'
    article = read(line)[0][0][1]
    assert article.text == "x\ufffd"
    assert article.extra == {"k\ufffd": ["\ufffd", "😀"]}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("testo", "no JSON: Expecting value at character 1"),
        ("[", "without [ ] around them"),
        ("{", "; write one article a line, from { to }"),
        ('"id": "a",', "Extra data at character 5; write one article a line, from { to }"),
        ('{"id": "a", "text": x}', "no JSON: Expecting value at character 21"),
        ('["a"]', "not an object"),
        ('{"id": "a"', "no JSON"),
        ('{"id": "a"}', "neither a title nor a text"),
        ('{"id": "a", "text": ""}', "neither a title nor a text"),
        ('{"id": "a/b", "text": "x"}', "no slash"),
        ('{"id": " a", "text": "x"}', "no blank at its ends"),
        ('{"id": "", "text": "x"}', "the id is empty: write one, or leave it out (or null)"),
        ('{"id": true, "text": "x"}', "'id' is true or false, not a string"),
        ('{"id": 1.5, "text": "x"}', "'id' is a number, not a string"),
        ('{"id": "a", "text": ["x"]}', "'text' is a list, not a string"),
        ('{"id": "a", "text": "x", "source": {"name": "y"}}', "'source' is an object"),
        ('{"id": "a", "text": "x", "tags": [1]}', "'tags' holds something that is no string"),
        ('{"id": "a", "text": "x", "n": NaN}', "NaN is no number"),
        ('{"id": "a", "text": "x", "n": 1e999}', "1e999 is no number"),
        ('{"id": "a", "text": "x", "n": ' + "1" * 5000 + "}", "1… is no number"),
        ('{"id": "a", "text": "x", "n": [-' + "9" * 50 + "]}", "put it in quotes"),
        ('{"id": "a", "text": "x", "n": ' + "[" * 40 + "]" * 40 + "}", "nested too deeply"),
        ('{"id": "a", "text": "\\ud800", "n": ' + "[" * 900 + "]" * 900 + "}", "too deeply"),
        ('{"a":' * 100_000, "nested too deeply"),
    ],
)
def test_a_broken_line_is_refused_with_the_reason(line: str, reason: str) -> None:
    error = refused(line)
    assert error.startswith("a.jsonl:1: ")
    assert reason in error


def test_broken_lines_are_reported_with_their_number_and_the_rest_goes_on() -> None:
    good = '{"id": "%s", "text": "x"}'
    payload = "\n".join([good % "a", "", "broken", good % "b\\u00e8", "\t", "[]"])
    articles, errors = read(f"\ufeff{payload}\r\n".encode())
    assert [(number, article.id) for number, article in articles] == [
        (1, "a"),
        (4, "bè"),
    ]
    assert [error.split(": ")[0] for error in errors] == ["a.jsonl:3", "a.jsonl:6"]


def test_a_line_without_end_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_LINE", 2**20)
    payload = b'{"text": "' + b"x" * 5_000_000 + b'"}\n{"id": "a", "text": "x"}'
    articles, errors = read(payload)
    assert [number for number, _ in articles] == [2]
    assert errors == ["a.jsonl:1: the line is longer than 1 MiB"]


@given(
    st.dictionaries(
        st.sampled_from(["id", "title", "text", "date", "modified", "author", "tags", "url", "x"])
        | st.text(max_size=3),
        st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.lists(st.text()),
    )
)
def test_any_object_is_an_article_or_refused(keys: dict[str, object]) -> None:
    articles, errors = read(json.dumps(keys).encode())
    assert len(articles) + len(errors) == 1
    for _, article in articles:
        check_id(article.id)
        json.dumps(dict(article.extra), ensure_ascii=False).encode()
        f"{article.title}{article.text}{article.author}{article.tags}".encode()


@given(
    st.dictionaries(
        st.sampled_from(["id", "title", "date", "tags", "x"]),
        st.recursive(
            st.none()
            | st.booleans()
            | st.integers()
            | st.sampled_from([10**39, 10**40, -(2**63), 1e300])
            | st.floats()
            | st.text(),
            lambda value: st.lists(value, max_size=3) | st.dictionaries(st.text(), value),
        ),
    ),
    st.booleans(),
    st.binary(max_size=3),
    st.integers(0, 100),
)
def test_simple_lines_are_read_as_all_others(
    keys: dict[str, object], ascii_only: bool, odd: bytes, at: int
) -> None:
    line = json.dumps({"text": "x", **keys}, ensure_ascii=ascii_only)
    written = line.encode("utf-8", "surrogatepass").replace(b"\n", b" ")
    for each in (written, written[:at] + odd.replace(b"\n", b"") + written[at:]):
        found = read(each)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, "_simple_keys", lambda line: None)
            assert repr(found) == repr(read(each))


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(payload: bytes) -> None:
    articles, errors = read(payload)
    assert len(articles) + len(errors) <= payload.count(b"\n") + 1
