"""Does the command line of the indexer keep its word: output, exit status, signals, a terminal?"""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.end_to_end.waiting import until

ROOT = Path(__file__).parents[2]
SQUADIT = ROOT.parent / "shared" / "data" / "squadit" / "corpus.jsonl.gz"


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"whoosh:{tmp_path / 'index'}"


def run(
    *arguments: str, stdin: str | None = None, **environ: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "indexer", *arguments],
        cwd=ROOT,
        env={**os.environ, **environ},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@contextmanager
def _on_terminal(*arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Run the command with a terminal for its standard error; yield it and what shows there."""
    master, slave = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "indexer", *arguments],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=slave,
        env={**os.environ, "COLUMNS": "100"},
    ) as command:
        os.close(slave)
        yield command, master
    os.close(master)


def test_adds_deletes_rebuilds_and_tells(url: str) -> None:
    adding = run("add", "seeds/", "--index", url)
    assert adding.returncode == 0
    assert adding.stderr == ""  # no progress bar where nobody watches
    assert adding.stdout.startswith(f"{url}: 5 articles added, 0 replaced, 0 skipped, ")

    again = run("add", "seeds/", RITAGLIO_INDEX=url)
    assert (again.returncode, again.stdout.split(", ")[1]) == (0, "5 replaced")

    deleting = run("delete", "001_893e1bd431c83a89", "nobody", "--index", url)
    assert deleting.returncode == 1
    assert deleting.stderr == "no article has the id 'nobody'\n"
    assert run("delete", "nobody", "--index", url).returncode == 2

    rebuilding = run("rebuild", "--index", url)
    assert (rebuilding.returncode, rebuilding.stderr) == (0, "")

    stats = json.loads(run("stats", "--json", "--index", url).stdout)
    assert (stats["index"], stats["articles"]) == (url, 4)
    told = run("--index", url, "stats")
    assert told.returncode == 0
    assert "articles     4\n" in told.stdout


def test_the_exit_status_tells_how_much_was_done(url: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Parole.\n", encoding="utf-8")
    (tmp_path / "b.txt").write_bytes(bytes(range(256)))
    partly = run("add", str(tmp_path), "--index", url)
    assert partly.returncode == 1
    assert partly.stderr.startswith(f"skipped {tmp_path / 'b.txt'}: ")
    nothing = run("add", str(tmp_path / "b.txt"), str(tmp_path / "c"), "--index", url)
    assert nothing.returncode == 2
    assert nothing.stdout.startswith(f"{url}: 0 articles added, 0 replaced, 2 skipped, ")


def test_a_dash_reads_lines_from_standard_input(url: str) -> None:
    lines = '{"id": "a", "text": "Parole."}\nbroken\n{"id": "a", "text": "Altre."}\n'
    adding = run("add", "-", "seeds/", "--index", url, stdin=lines)
    assert adding.returncode == 1
    assert adding.stdout.startswith(f"{url}: 6 articles added, 0 replaced, 2 skipped, ")
    broken, again = adding.stderr.splitlines()
    assert broken.startswith("skipped <stdin>:2: no JSON: ")
    assert again.startswith("skipped <stdin>:3: the id 'a' was read before, in <stdin>:1; ")


def test_add_tells_where_the_index_is_and_that_it_is_new(tmp_path: Path) -> None:
    def add() -> list[str]:
        command = [sys.executable, "-m", "indexer", "add", ROOT / "seeds"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "RITAGLIO_INDEX": ""}
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
        ).stdout.splitlines()

    place = f"whoosh:{tmp_path / 'var' / 'index'}"
    summary, made = add()
    assert summary.startswith(f"{place}: 5 articles added, ")
    assert made == f"a new index at {place}"
    (summary,) = add()
    assert summary.startswith(f"{place}: 0 articles added, 5 replaced, ")


def test_a_misspelt_setting_is_refused_with_the_right_one(tmp_path: Path) -> None:
    refused = run("stats", RITAGLIO_INDXE=f"whoosh:{tmp_path}")
    assert refused.returncode == 2
    assert refused.stderr == "There is no setting RITAGLIO_INDXE: did you mean RITAGLIO_INDEX?\n"


def test_an_empty_index_is_told_from_one_that_serves(url: str) -> None:
    run("add", "seeds/000_619899935692ca9f.txt", "--index", url)
    assert run("stats", "--index", url).returncode == 0
    run("delete", "000_619899935692ca9f", "--index", url)
    assert run("stats", "--index", url).returncode == 1


@pytest.mark.parametrize(
    "arguments",
    [["stats"], ["stats", "--json"], ["delete", "x"], ["rebuild"], ["rebuild", "seeds"]],
)
def test_without_an_index_every_command_names_the_one_that_makes_it(
    url: str, arguments: list[str], tmp_path: Path
) -> None:
    refused = run(*arguments, "--index", url)
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert f"python -m indexer add PATH --index {url}" in refused.stderr
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize("index", ["postgres://x", "whoosh:", "nonsense"])
def test_a_wrong_index_url_is_one_sentence(index: str) -> None:
    refused = run("add", "seeds/", "--index", index)
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert "whoosh:" in refused.stderr


@pytest.mark.parametrize(
    "command", ["add", "delete", "rebuild", "stats", "backup", "export", "restore", "rollback"]
)
def test_each_command_explains_itself_with_an_example(command: str) -> None:
    told = run(command, "--help")
    assert told.returncode == 0
    assert f"Example: python -m indexer {command}" in told.stdout


@pytest.mark.parametrize("command", ["add", "rebuild"])
def test_what_reads_files_says_what_becomes_of_two_of_one_name(command: str) -> None:
    told = " ".join(run(command, "--help").stdout.split())
    assert "files of one name replace each other" in told


def test_a_terminal_that_lacks_letters_is_told_the_rest(tmp_path: Path) -> None:
    url = f"whoosh:{tmp_path / 'città'}"
    told = run("add", "seeds/", "--index", url, PYTHONIOENCODING="ascii")
    assert (told.returncode, told.stderr) == (0, "")
    assert "citt?: 5 articles added" in told.stdout


def test_says_its_version() -> None:
    assert run("--version").stdout.startswith("Ritaglio ")


def test_a_reader_who_leaves_early_gets_no_traceback(url: str) -> None:
    run("add", "seeds/", "--index", url)
    read, write = os.pipe()
    os.close(read)
    left = subprocess.run(
        [sys.executable, "-m", "indexer", "stats", "--index", url],
        cwd=ROOT,
        stdout=write,
        stderr=subprocess.PIPE,
        check=False,
        timeout=60,
    )
    os.close(write)
    assert left.stderr == b""


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    "arguments", [["add", "seeds/"], ["stats"], ["stats", "--json"], ["check"], ["delete", "x"]]
)
def test_what_cannot_be_printed_is_told_in_a_sentence(
    url: str, arguments: list[str], unbuffered: str
) -> None:
    run("add", "seeds/", "--index", url)
    with Path("/dev/full").open("w") as full:
        told = subprocess.run(
            [sys.executable, "-m", "indexer", *arguments, "--index", url],
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=60,
        )
    assert told.returncode == 2
    assert told.stderr.splitlines()[-1].startswith("Cannot write to standard output (No space left")
    assert "Traceback" not in told.stderr
    assert "Exception" not in told.stderr


@pytest.mark.parametrize("command", ["add", "rebuild"])
def test_an_empty_path_is_refused_and_nothing_touched(url: str, command: str) -> None:
    run("add", "seeds/000_619899935692ca9f.txt", "--index", url)
    before = run("stats", "--index", url).stdout
    refused = run(command, "", "--index", url)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.endswith("an empty name is none: see whether a variable is unset\n")
    assert run("stats", "--index", url).stdout == before


def test_what_holds_no_article_is_told(url: str, tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    for command, told in (
        (["add", str(empty)], str(empty)),
        (["add", "-"], "standard input"),
        (["add", str(empty), "-"], f"{empty}, standard input"),
    ):
        nothing = run(*command, "--index", url, stdin="\n")
        assert nothing.returncode == 2
        assert nothing.stderr == f"there is no article in {told}\n"
        assert nothing.stdout.startswith(f"{url}: 0 articles added, 0 replaced, 0 skipped, ")


def test_ctrl_c_leaves_the_index_as_it_was_and_says_so(url: str, tmp_path: Path) -> None:
    run("add", "seeds/000_619899935692ca9f.txt", "--index", url)
    endless = tmp_path / "endless.jsonl"
    os.mkfifo(endless)
    loading = subprocess.Popen(
        [sys.executable, "-m", "indexer", "add", str(endless), "--index", url],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with endless.open("w", encoding="utf-8") as lines:  # opens once the indexer reads
        lines.write(json.dumps({"id": "a", "text": "Parole."}) + "\n")
        lines.flush()
        lock = Path(url.removeprefix("whoosh:")) / "MAIN_WRITELOCK"
        until(lambda: lock.read_text().startswith(f"{loading.pid} "), "it has begun to write")
        loading.send_signal(signal.SIGINT)
        said, errors = loading.communicate(timeout=60)
    assert (loading.returncode, said) == (130, "")
    assert errors == (
        "Interrupted: the index is as it was, or else all was done already: "
        f"python -m indexer stats --index {url} tells which.\n"
    )
    assert json.loads(run("stats", "--json", "--index", url).stdout)["articles"] == 1
    assert run("delete", "a", "--index", url).returncode == 2  # the lock is free again


def test_a_terminal_shows_a_bar_with_speed_and_time_left(url: str, tmp_path: Path) -> None:
    many = tmp_path / "many.jsonl"
    with many.open("w", encoding="utf-8") as lines:
        for number in range(4_000):
            lines.write(json.dumps({"id": f"n{number}", "text": "Parole di prova. " * 20}) + "\n")
        lines.write("broken\n")
    with _on_terminal("add", str(many), "--index", url) as (loading, master):
        shown = b""
        try:
            while chunk := os.read(master, 4096):
                shown += chunk
        except OSError:  # how Linux says that the other side is gone
            pass
    assert loading.wait() == 1
    screen = shown.decode()
    assert "articles, " in screen
    assert "/s" in screen
    assert " left" in screen
    assert f"skipped {many}:4001: " in screen


@pytest.mark.skipif(not SQUADIT.exists(), reason="../shared is not here")
def test_two_thousand_articles_go_in_and_going_in_again_changes_nothing(url: str) -> None:
    first = run("add", str(SQUADIT), "--index", url)
    assert (first.returncode, first.stdout.split(", ")[0]) == (0, f"{url}: 2,007 articles added")
    second = run("add", str(SQUADIT), "--index", url)
    assert second.stdout.split(", ")[:2] == [f"{url}: 0 articles added", "2,007 replaced"]
    assert json.loads(run("stats", "--json", "--index", url).stdout)["articles"] == 2007


def test_a_large_load_is_shared_among_processes(url: str, tmp_path: Path) -> None:
    lines = (json.dumps({"id": str(n), "text": f"neve {n % 50} sul fiume"}) for n in range(10_500))
    (tmp_path / "many.jsonl").write_text("\n".join(lines))
    adding = run("add", str(tmp_path / "many.jsonl"), "--jobs", "2", "--index", url)
    assert (adding.returncode, adding.stderr) == (0, "")
    assert adding.stdout.startswith(f"{url}: 10,500 articles added, 0 replaced, 0 skipped, ")
    assert json.loads(run("stats", "--json", "--index", url).stdout)["articles"] == 10_500


def test_a_number_of_jobs_is_a_number(url: str) -> None:
    refused = run("add", "seeds/", "--jobs", "none", "--index", url)
    assert refused.returncode == 2
    assert "'none' is no number of processes: write 1 or more" in refused.stderr


def test_a_check_tells_by_its_exit_status_and_a_repair_what_is_lost(
    url: str, tmp_path: Path
) -> None:
    assert run("check", "--index", url).returncode == 2
    run("add", "seeds/", "--index", url)
    whole = run("check", "--index", url)
    assert whole.returncode == 0
    assert whole.stdout.startswith(f"{url}: whole; 2 files, ")

    (segment,) = (tmp_path / "index").glob("*.seg")
    content = bytearray(segment.read_bytes())
    content[len(content) // 2] ^= 1
    segment.write_bytes(content)
    damaged = run("check", "--index", url, "--json")
    assert damaged.returncode == 1
    (damage,) = json.loads(damaged.stdout)["damages"]
    assert (damage["file"], damage["articles"]) == (segment.name, 5)
    mended = run("check", "--repair", "--index", url)
    assert (mended.returncode, mended.stderr) == (0, "")
    assert f"{url}: repaired; 5 articles kept, 0 lost\n" in mended.stdout
    assert run("check", "--index", url).returncode == 0

    (segment,) = (tmp_path / "index").glob("*.seg")
    segment.write_bytes(b"")
    lossy = run("check", "--repair", "--index", url)
    assert lossy.returncode == 1
    assert "0 articles kept, 5 lost (5 of them without a known id)\n" in lossy.stdout
    assert run("check", "--index", url).returncode == 0
