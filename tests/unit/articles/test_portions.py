"""Is what is read in portions what is read file by file, wherever they are cut?"""

from __future__ import annotations

import gzip
import os
import pickle
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.articles import Article, ArticleError, cutting, jsonlines
from indexer.articles.cutting import cut
from indexer.articles.reading import Reading, read_articles

LINES = st.lists(
    st.sampled_from(
        [
            '{"id": "a", "text": "La neve."}\n',
            '{"id": "città", "text": "Il sole è alto."}\r\n',
            '{"id": "c", "text": "' + "x" * 80 + '"}\n',
            "broken\n",
            "\n",
            "  \n",
            "y" * 150 + "\n",  # too long
            '{"id": "e", "text": "Senza fine"}',
        ]
    ),
    max_size=12,
)


def in_portions(paths: list[Path]) -> tuple[list[tuple[str, Article]], list[str], int]:
    """Read each portion as another process would: what it gets and tells goes over a pipe."""
    errors: list[ArticleError] = []
    read = []
    size = 0
    for each in cut(paths, errors.append):
        portion = pickle.loads(pickle.dumps(each))
        there: list[ArticleError] = []
        for row, article in portion.read(there.append):
            read.append((each.emptied().place(row), article))
        errors += pickle.loads(pickle.dumps(there))
        size += portion.size
    return read, sorted(map(str, errors)), size


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES, stretch=st.integers(1, 60), packed=st.booleans())
def test_lines_are_the_same_wherever_they_are_cut(
    tmp_path: Path, lines: list[str], stretch: int, packed: bool
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for module in (cutting, jsonlines):
            patch.setattr(module, "MAX_LINE", 120)
        path = tmp_path / ("a.jsonl.gz" if packed else "a.jsonl")
        payload = "".join(lines).encode()
        path.write_bytes(gzip.compress(payload) if packed else payload)
        whole, errors, _ = in_portions([path])
        patch.setattr(cutting, "_STRETCH", stretch)
        assert in_portions([path]) == (whole, errors, path.stat().st_size)
        for place, article in whole:
            number = int(place.removeprefix(f"{path}:"))
            assert f'"{article.id}"' in payload.decode().split("\n")[number - 1]
        numbers = {int(error.split(":")[1]) for error in errors}
        kinds = [line for line in payload.decode().split("\n") if line.strip()]
        assert len(whole) + len(numbers) == len(kinds)


def test_files_and_lines_keep_their_order_and_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cutting, "_MOST_FILES", 2)
    for name in ("a.txt", "b.txt", "c.txt", "e.html"):
        (tmp_path / name).write_text(f"La città {name} è ferma da ieri.", encoding="utf-8")
    (tmp_path / "d.jsonl").write_text('{"id": "d", "text": "x"}\n')
    (tmp_path / "f.txt").write_text("")
    read, errors, size = in_portions([tmp_path])
    assert [article.id for _, article in read] == ["a", "b", "c", "d", "e"]
    names = ["a.txt", "b.txt", "c.txt", "d.jsonl:1", "e.html"]
    assert [place for place, _ in read] == [str(tmp_path / name) for name in names]
    assert errors == [f"{tmp_path / 'f.txt'}: the file is empty"]
    assert size == sum(path.stat().st_size for path in tmp_path.iterdir())
    assert [article for _, article in read] == list(read_articles([tmp_path], lambda _: None))


def test_what_comes_in_little_pieces_is_cut_no_smaller(tmp_path: Path) -> None:
    lines = [f'{{"id": "{number}", "text": "La neve."}}\n'.encode() for number in range(3_000)]
    packed = tmp_path / "a.jsonl.gz"
    packed.write_bytes(b"".join(map(gzip.compress, lines)))  # as a program that appends leaves it
    assert len(list(cut([packed], pytest.fail))) == 1
    read, errors, size = in_portions([packed])
    assert (len(read), errors, size) == (3_000, [], packed.stat().st_size)


def test_what_is_told_of_a_portion_takes_little_room(tmp_path: Path) -> None:
    bad, texts = tmp_path / "bad.jsonl", tmp_path / "texts"
    bad.write_bytes(b"x\n" * 100_000)
    texts.mkdir()
    for number in range(40):
        (texts / f"{number:02}.txt.gz").write_bytes(
            gzip.compress(b"neve " * 40_000 + b"%d" % number)
        )
    for portion in cut([bad, texts], pytest.fail):
        errors: list[ArticleError] = []
        read = list(portion.read(errors.append))
        assert len(errors) <= 4_096
        assert sum(len(article.text) for _, article in read) < 64 * 2**20
    _, every, size = in_portions([bad])
    assert (len(every), size) == (100_000, 200_000)


def test_whoever_looks_for_a_first_article_loses_none(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("broken\n")
    (tmp_path / "b.jsonl").write_text(
        '{"id": "a", "text": "x"}\n{"id": "b", "text": "x"}\nbroken\n'
    )
    (tmp_path / "c.txt").write_text("La neve.")
    errors: list[str] = []
    told: list[int] = []
    reading = Reading([tmp_path], lambda error: errors.append(error.place), told.append)
    assert not reading.is_empty()
    assert reading.is_longer_than(10)
    assert not reading.is_longer_than(10_000)
    assert [article.id for article in reading] == ["a", "b", "c"]
    assert errors == [f"{tmp_path}/a.jsonl:1", f"{tmp_path}/b.jsonl:3"]
    assert sum(told) == sum(path.stat().st_size for path in tmp_path.iterdir())
    assert Reading([tmp_path / "a.jsonl"], lambda error: None).is_empty()


@pytest.mark.parametrize("change", ["replaced", "cut", "gone", "longer"])
def test_a_file_that_changes_before_it_is_read_is_told_of(tmp_path: Path, change: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"".join(b'{"id":"%d","text":"neve"}\n' % number for number in range(9)))
    errors: list[ArticleError] = []
    (portion,) = cut([path], errors.append)
    match change:
        case "replaced":
            other = tmp_path / "b.jsonl"
            other.write_bytes(path.read_bytes().replace(b"neve", b"mare"))
            other.replace(path)
        case "cut":
            os.truncate(path, 100)
        case "gone":
            path.unlink()
        case "longer":
            with path.open("ab") as file:
                file.write(b'{"id":"9","text":"mare"}\n')
    read = [article.id for _, article in portion.read(errors.append)]
    if change == "longer":
        assert read == [str(number) for number in range(9)]
        assert not errors
    else:
        assert not read
        (error,) = errors
        assert error.place == str(path)
