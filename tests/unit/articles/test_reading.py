import gzip
import os
from pathlib import Path

import pytest
import zstandard

from indexer.articles import Article, check_id, cutting
from indexer.articles import whole as module
from indexer.articles.files import article_file
from indexer.articles.reading import read_articles

PACK = {".gz": gzip.compress, ".zst": zstandard.compress}


def read(*paths: Path) -> tuple[list[Article], list[str]]:
    errors: list[str] = []
    articles = list(read_articles(paths, lambda error: errors.append(str(error))))
    return articles, errors


def write(path: Path, text: str = "La città è ferma da ieri.", encoding: str = "utf-8") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    payload = text.encode(encoding)
    path.write_bytes(PACK.get(path.suffix, bytes)(payload))
    return path


def test_reads_folders_to_the_bottom_in_the_order_of_names(tmp_path: Path) -> None:
    for name in ("b/2.md", "b/1.txt", "a.txt", "c.HTM", "b/a/z.txt.gz", "d.markdown"):
        write(tmp_path / name, "<html><body><p>Poche parole.</p></body></html>")
    articles, errors = read(tmp_path)
    assert [article.id for article in articles] == ["a", "1", "2", "z", "c", "d"]
    assert errors == []


def test_passes_over_hidden_and_other_files_in_a_folder(tmp_path: Path) -> None:
    for name in (".nascosto.txt", ".git/x.txt", "foto.jpg", "LEGGIMI", "a.txt"):
        write(tmp_path / name)
    (tmp_path / "circle").symlink_to(tmp_path)
    (tmp_path / "broken.txt").symlink_to(tmp_path / "nowhere")
    articles, errors = read(tmp_path)
    assert [article.id for article in articles] == ["a"]
    assert errors == []


def test_says_why_nothing_was_found(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    write(tmp_path / "foto.jpg")
    _, errors = read(tmp_path / "empty", tmp_path / "nowhere", tmp_path / "foto.jpg")
    assert len(errors) == 3
    assert errors[0].startswith(f"{tmp_path / 'empty'}: no file in it ends in .txt")
    assert errors[1] == f"{tmp_path / 'nowhere'}: there is no such file or folder"
    assert errors[2].startswith(f"{tmp_path / 'foto.jpg'}: unknown kind of file")


@pytest.mark.parametrize("packed", ["", ".gz", ".zst"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_kind_in_every_encoding(tmp_path: Path, packed: str, encoding: str) -> None:
    story = "La città è ferma: nessuno sa perché."
    write(tmp_path / f"a.txt{packed}", story, encoding)
    write(tmp_path / f"b.md{packed}", f"# Titolo\n\n**{story}**", encoding)
    write(tmp_path / f"c.html{packed}", f"<html><body><p>{story}</p></body></html>", encoding)
    if encoding != "utf-16":
        write(tmp_path / f"d.jsonl{packed}", f'{{"id": "d", "text": "{story}"}}\n', encoding)
    articles, errors = read(tmp_path)
    assert errors == []
    assert [article.id for article in articles] == list("abcd")[: len(articles)]
    assert {article.text for article in articles} == {story}


def test_a_broken_file_is_reported_and_the_rest_goes_on(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    write(tmp_path / "b.txt", "")
    (tmp_path / "c.txt").write_bytes(bytes(range(256)))
    (tmp_path / "d.txt.gz").write_bytes(b"no gzip")
    whole = gzip.compress(b'{"id": "e1", "text": "x"}\n' * 1 + os.urandom(50_000))
    (tmp_path / "e.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    write(tmp_path / "f.html", "<html><body></body></html>")
    write(tmp_path / "g.txt")
    articles, errors = read(tmp_path)
    assert [article.id for article in articles] == ["a", "e1", "g"]
    places = [Path(error.split(": ")[0]).name for error in errors]
    assert places[:3] == ["b.txt", "c.txt", "d.txt.gz"]
    assert places[-2:] == ["e.jsonl.gz", "f.html"]
    assert "the file is empty" in errors[0]
    assert "no text" in errors[1]
    assert errors[2].endswith("no gzip file: where it is not packed, name it without .gz")
    assert "damaged or cut short" in errors[-2]


@pytest.mark.parametrize("ending", PACK)
def test_what_stands_before_the_damage_is_read(tmp_path: Path, ending: str) -> None:
    lines = [f'{{"id": "{n}", "text": "{os.urandom(50).hex()}"}}\n' for n in range(5_000)]
    path = write(tmp_path / f"a.jsonl{ending}", "".join(lines))
    path.write_bytes(path.read_bytes()[:-9])
    articles, errors = read(path)
    assert len(articles) > 4_000
    assert errors == [
        f"{path}: the {'gzip' if ending == '.gz' else 'zstd'} file is damaged or cut short: "
        "copy or pack it again"
    ]


def test_frames_of_zstd_behind_each_other_are_one_file(tmp_path: Path) -> None:
    frames = [zstandard.compress(b'{"id": "%d", "text": "x"}\n' % n) for n in range(3)]
    (tmp_path / "a.jsonl.zst").write_bytes(b"".join(frames))
    articles, errors = read(tmp_path)
    assert ([article.id for article in articles], errors) == (["0", "1", "2"], [])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_reported(tmp_path: Path) -> None:
    write(tmp_path / "a.txt").chmod(0)
    assert read(tmp_path)[1] == [f"{tmp_path / 'a.txt'}: Permission denied"]


@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz"])
def test_a_file_too_long_for_one_article_is_refused(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_FILE", 2**20)
    write(tmp_path / name, "parole " * 200_000)
    assert read(tmp_path) == (
        [],
        [f"{tmp_path / name}: longer than 1 MiB: split it, or write it as JSON lines"],
    )


def test_of_two_articles_with_one_id_the_first_is_taken(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "La prima.")
    write(tmp_path / "b.jsonl", '{"id": "a", "text": "La seconda."}\n{"id": "b", "text": "x"}\n')
    articles, errors = read(tmp_path)
    assert [(article.id, article.text) for article in articles] == [("a", "La prima."), ("b", "x")]
    assert errors == [
        f"{tmp_path / 'b.jsonl'}:1: the id 'a' was read before, in {tmp_path / 'a.txt'}; "
        "only the first of two is taken"
    ]


def test_of_a_line_that_came_before_the_line_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cutting, "_STRETCH", 60)
    lines = [f'{{"id": "{n % 7}", "text": "x"}}\n' for n in range(20)]
    lines[3:3] = ["\n", "broken\n"]
    write(tmp_path / "a.txt")
    write(tmp_path / "b.jsonl", "".join(lines))
    path = tmp_path / "b.jsonl"
    told = [error.split(";")[0] for error in read(tmp_path)[1] if "broken" not in error][1:]
    first = [1, 2, 3, 6, 7, 8, 9]
    assert told == [
        f"{path}:{n + 3}: the id '{n % 7}' was read before, in {path}:{first[n % 7]}"
        for n in range(7, 20)
    ]


@pytest.mark.parametrize(
    ("name", "article_id"),
    [
        ("001_893e1bd431c83a89.txt", "001_893e1bd431c83a89"),
        ("Il piano di pace.md", "Il piano di pace"),
        ("citta\u0300.txt.gz", "città"),
        ("a.md.zst", "a"),
        ("a.b.txt", "a.b"),
        (" a \t b .txt", "a b"),
        ("a\x07b\u200b.txt", "a b"),
        ("R&amp;D.txt", "R&amp;D"),
        (os.fsdecode("città".encode("cp1252") + b".txt"), "città"),
    ],
)
def test_a_file_gives_its_article_the_id(name: str, article_id: str) -> None:
    file = article_file(Path(name))
    assert file
    assert file.article_id() == article_id


def test_a_name_too_long_is_cut_and_stays_its_own() -> None:
    one, two = (article_file(Path(f"{'x' * 240}{end}.txt")) for end in "ab")
    assert one
    assert two
    assert one.article_id() != two.article_id()
    check_id(one.article_id())


def test_a_name_nothing_is_left_of_is_reported(tmp_path: Path) -> None:
    write(tmp_path / "\u200b.txt")
    articles, errors = read(tmp_path)
    assert articles == []
    assert "an id has 1 to 200 characters" in errors[0]


def test_front_matter_wins_over_what_the_text_says(tmp_path: Path) -> None:
    write(
        tmp_path / "a.md",
        "---\ntitle: Il titolo\ndate: 2025-11-19\ncategoria: Esteri\nlayout: post\n---\n"
        "# Il titolo\n\n*Pubblicato il 3 marzo 2024 di Anna Neri*\n\nLa storia comincia qui.\n",
    )
    (article,), _ = read(tmp_path)
    assert (article.title, article.date, article.author) == (
        "Il titolo",
        "2025-11-19",
        "Anna Neri",
    )
    assert (article.section, article.text) == ("Esteri", "La storia comincia qui.")
    assert article.extra == {"layout": "post"}


def test_front_matter_names_the_article_unless_the_name_is_empty(tmp_path: Path) -> None:
    write(tmp_path / "a.md", "---\nid: pace\ntitle: Uno\n---\nLa storia.\n")
    write(tmp_path / "b.md", "---\nid:\ntitle: Due\n---\nLa storia.\n")
    articles, errors = read(tmp_path)
    assert ([article.id for article in articles], errors) == (["pace", "b"], [])


def test_the_raw_text_is_kept_where_cleaning_changed_it(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "Una frase. Un’altra.\n")
    write(tmp_path / "b.txt", "**Una** frase.\n")
    clean, changed = read(tmp_path)[0]
    assert (clean.raw, clean.text) == (None, "Una frase. Un’altra.")
    assert (changed.raw, changed.text) == ("**Una** frase.\n", "Una frase.")


def test_a_page_called_a_text_is_read_as_a_page(tmp_path: Path) -> None:
    write(
        tmp_path / "a.txt",
        "<!doctype html><html><head><title>Il titolo</title></head><body>"
        "<p>Poche parole.</p><script>no()</script></body></html>",
    )
    (article,), _ = read(tmp_path)
    assert (article.title, article.text) == ("Il titolo", "Poche parole.")


def test_the_bytes_told_are_those_of_the_files(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    write(tmp_path / "b.jsonl.gz", '{"id": "b", "text": "x"}\n{"id": "c", "text": "x"}\nbroken\n')
    told: list[int] = []
    list(read_articles([tmp_path], lambda error: None, told.append))
    assert sum(told) == sum(path.stat().st_size for path in tmp_path.iterdir())


def test_reads_a_file_only_when_it_is_asked_for_it(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    write(tmp_path / "b.txt")
    articles = read_articles([tmp_path], lambda error: None)
    assert next(articles).id == "a"
    (tmp_path / "b.txt").write_text("Cambiato nel frattempo.", encoding="utf-8")
    assert next(articles).text == "Cambiato nel frattempo."
