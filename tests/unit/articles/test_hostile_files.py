"""Is every file read or reported, whatever it is, and does the next one follow?"""

import gzip
import os
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from indexer.articles import Article
from indexer.articles.reading import read_articles
from indexer.articles.webpage import MOST_TAGS

MIB = 2**20


def read(*paths: Path) -> tuple[list[Article], list[str]]:
    errors: list[str] = []
    articles = list(read_articles(paths, lambda error: errors.append(str(error))))
    return articles, errors


def beside_a_good_one(folder: Path) -> tuple[list[str], list[str]]:
    """Read *folder*; return the ids of all but the good article in it, and what was reported."""
    (folder / "z.txt").write_text("La città è ferma.", encoding="utf-8")
    articles, errors = read(folder)
    assert articles[-1].id == "z"
    return [article.id for article in articles[:-1]], errors


def loop(path: Path) -> None:
    other = path.with_name("b.txt")
    path.symlink_to(other)
    other.symlink_to(path)


def listening(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        here = os.open(path.parent, os.O_RDONLY)
        server.bind(f"/proc/self/fd/{here}/{path.name}")
        os.close(here)


SPECIAL: dict[str, Callable[[Path], object]] = {
    "a link to itself": loop,
    "a link to nothing": lambda path: path.symlink_to("nowhere"),
    "a link to a device without end": lambda path: path.symlink_to("/dev/zero"),
    "a link to all": lambda path: path.symlink_to("/"),
    "a pipe nobody writes": os.mkfifo,
    "a folder": Path.mkdir,
    "a socket": listening,
}


@pytest.mark.parametrize("make", SPECIAL.values(), ids=SPECIAL)
@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.html", "a.txt.gz"])
def test_what_is_no_file_is_passed_over_in_a_folder(
    tmp_path: Path, name: str, make: Callable[[Path], object]
) -> None:
    make(tmp_path / name)
    ids, _ = beside_a_good_one(tmp_path)
    assert ids == []


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.jsonl.gz"])
def test_a_device_is_refused_where_it_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).symlink_to("/dev/zero")
    assert read(tmp_path / name) == ([], [f"{tmp_path / name}: a device holds no articles"])


def test_a_pipe_that_is_named_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.jsonl")
    line = '{"id": "a", "text": "x"}\n'
    writer = threading.Thread(target=(tmp_path / "a.jsonl").write_text, args=(line,))
    writer.start()
    articles, errors = read(tmp_path / "a.jsonl")
    writer.join()
    assert ([article.id for article in articles], errors) == (["a"], [])


@pytest.mark.parametrize(
    ("name", "unpacked"),
    [
        ("a.txt.gz", b"\0" * 60 * MIB),
        ("a.jsonl.gz", b"\0" * 60 * MIB),
        ("a.jsonl.gz", b"\n" * 60 * MIB),
        ("a.html.gz", b"<" * 60 * MIB),
        ("a.txt.zst", b"\0" * 60 * MIB),
        ("a.jsonl.zst", b"\n" * 60 * MIB),
    ],
)
def test_a_bomb_is_reported_before_it_goes_off(tmp_path: Path, name: str, unpacked: bytes) -> None:
    pack = gzip.compress if name.endswith(".gz") else zstandard.compress
    (tmp_path / name).write_bytes(pack(unpacked, 9))
    started = time.process_time()
    ids, errors = beside_a_good_one(tmp_path)
    assert time.process_time() - started < 2
    assert ids == []
    assert len(errors) == 1
    assert "times its length" in errors[0] or "longer than 16 MiB" in errors[0]


def test_articles_that_repeat_themselves_are_no_bomb(tmp_path: Path) -> None:
    lines = "".join(
        f'{{"id": "{n}", "text": "La città è ferma da ieri."}}\n' for n in range(40_000)
    )
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines.encode(), 9))
    articles, errors = read(tmp_path / "a.jsonl.gz")
    assert (len(articles), errors) == (40_000, [])


LONG = [
    b"a",
    b" ",
    b"[",
    b"*",
    b"<",
    b"&",
    b"`",
    b"_",
    b"- ",
    b"\\",
    b"l'",
    b"'",
    b"1/1/2025 ",
    b"\xff",
]


@pytest.mark.parametrize(
    "piece", [*LONG, b"[a](b) ", b"<b>", b"<!--", b"&amp;", "è".encode(), b"\0"]
)
@pytest.mark.parametrize("name", ["a.txt", "a.jsonl"])
def test_a_long_line_is_read_or_reported(tmp_path: Path, name: str, piece: bytes) -> None:
    (tmp_path / name).write_bytes(piece * (600_000 // len(piece)))
    started = time.process_time()
    articles, errors = read(tmp_path / name)
    assert len(articles) + len(errors) <= 1  # a blank line is none
    assert time.process_time() - started < 20  # what grows with the square takes minutes


def test_a_line_of_ten_million_bytes_is_read_and_one_of_twenty_reported(tmp_path: Path) -> None:
    lines = (
        f'{{"id": "{size}", "text": "{"parola " * (size * 142_857)}"}}\n' for size in (10, 20, 1)
    )
    (tmp_path / "a.jsonl").write_text("".join(lines))
    articles, errors = read(tmp_path / "a.jsonl")
    assert [article.id for article in articles] == ["10", "1"]
    assert errors == [f"{tmp_path / 'a.jsonl'}:2: the line is longer than 16 MiB"]


@pytest.mark.parametrize(
    "piece", ["\n", " ", "<p>a", "<ul><li>a</li></ul>", "<div>", "<!--", "&nbsp;"]
)
def test_a_page_of_one_thing_is_read_or_reported(tmp_path: Path, piece: str) -> None:
    (tmp_path / "a.html").write_text("<html><body>" + piece * (60_000 // len(piece)))
    started = time.process_time()
    articles, errors = read(tmp_path / "a.html")
    assert len(articles) + len(errors) == 1
    assert time.process_time() - started < 30


def test_a_page_of_too_many_tags_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<html><body>" + "<b>" * MOST_TAGS)
    assert "more than 50000 tags" in read(tmp_path / "a.html")[1][0]


def test_a_file_that_shrinks_while_it_is_read_gives_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(f'{{"id": "{n}", "text": "x"}}\n' for n in range(100_000)))
    errors: list[str] = []
    articles = read_articles([path], lambda error: errors.append(str(error)))
    first = next(articles)
    path.write_text("")
    rest = list(articles)
    assert first.id == "0"
    assert len(rest) + len(errors) < 100_000


def test_a_file_that_goes_before_its_turn_is_reported(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text("La città è ferma.", encoding="utf-8")
    errors: list[str] = []
    articles = read_articles([tmp_path], lambda error: errors.append(str(error)))
    next(articles)
    (tmp_path / "b.txt").unlink()
    assert list(articles) == []
    assert errors == [f"{tmp_path / 'b.txt'}: No such file or directory"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"id": "a", "text": ' + "[" * 10_000 + "]" * 10_000 + "}", "nested too deeply"),
        ('{"id": "a", "text": "x", "n": NaN}', "NaN is no number"),
        ('{"id": "a", "text": "x", "n": -Infinity}', "-Infinity is no number"),
        ('{"id": "a", "text": "x", "n": 1e999}', "1e999 is no number"),
        ('{"id": "a/b", "text": "x"}', "an id holds no slash"),
        ('{"id": ".", "text": "x"}', "an id is neither «.» nor «..»"),
        ('{"id": "..", "text": "x"}', "an id is neither «.» nor «..»"),
        ('{"id": "a\\u0000b", "text": "x"}', "an id holds no control character"),
        ('{"id": " a", "text": "x"}', "no blank at its ends"),
        ('{"id": "' + "a" * 201 + '", "text": "x"}', "1 to 200 characters"),
        ('{"id": "a", "text": ""}', ""),
        ('{"id": "a", "text": "x"', "no JSON"),
        ("null", "not an object"),
        ("1" * 5_000, ""),
    ],
)
def test_a_line_that_is_no_article_is_reported_with_its_reason(
    tmp_path: Path, line: str, reason: str
) -> None:
    (tmp_path / "a.jsonl").write_text(line + '\n{"id": "b", "text": "x"}\n')
    articles, errors = read(tmp_path / "a.jsonl")
    assert [article.id for article in articles] == ["b"]
    assert len(errors) == 1
    assert errors[0].startswith(f"{tmp_path / 'a.jsonl'}:1: ")
    assert reason in errors[0]


@pytest.mark.parametrize(
    "article_id", [".a", "a.", "...", "a b", "città", "a%2Fb", "a?b#c", "🙂", "a&b=c", "'", '"<b>']
)
def test_an_id_may_hold_anything_else(tmp_path: Path, article_id: str) -> None:
    line = (
        f'{{"id": {article_id!r}, "text": "x"}}'.replace("'", '"') if '"' not in article_id else ""
    )
    (tmp_path / "a.jsonl").write_text(line or '{"id": "\\"<b>", "text": "x"}', encoding="utf-8")
    if article_id == "'":
        (tmp_path / "a.jsonl").write_text('{"id": "\'", "text": "x"}')
    articles, errors = read(tmp_path / "a.jsonl")
    assert ([article.id for article in articles], errors) == ([article_id], [])


@pytest.mark.parametrize(
    "date",
    ["0000", "0000-00-00", "9999-12-31", "10000-01-01", "2025-02-30", "-1", "31/12/9999", "0"],
)
def test_a_date_at_the_ends_of_time_is_a_date_or_kept_as_it_is(tmp_path: Path, date: str) -> None:
    (tmp_path / "a.jsonl").write_text(f'{{"id": "a", "text": "x", "date": "{date}"}}\n')
    (article,), errors = read(tmp_path / "a.jsonl")
    assert errors == []
    assert article.date is not None or article.extra == {"date": date}
    assert article.date is None or 1 <= int(article.date[:4]) <= 9999
