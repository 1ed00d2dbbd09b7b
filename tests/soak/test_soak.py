"""Does a short soak end well, and would a long one notice what goes wrong?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.soak.model import Model, State, Wrong
from tests.soak.texts import article, marker, version_of

ROOT = Path(__file__).parents[2]


def run(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_for_a_third_of_a_minute_everything_goes_well_at_once() -> None:
    told = run("tests.soak", "--minutes", "0.33")
    assert "| wrong | 0 |" in told
    assert "| single writes | 0 |" not in told


def test_five_kills_lose_nothing() -> None:
    assert "| wrong | 0 |" in run("tests.soak.kills", "--kills", "5")


def written(*states: State) -> Model:
    model = Model()
    for state in states:
        model.acknowledged("a-1", model.begin("a-1", state))
    return model


@pytest.mark.parametrize("seen", [1, None, 3])
def test_the_model_notices_a_lost_an_undone_and_an_invented_write(seen: State) -> None:
    model = written(1, 2)
    model.check("a-1", model.mark("a-1"), 2)
    with pytest.raises(Wrong):
        model.check("a-1", model.mark("a-1"), seen)


def test_the_model_notices_a_deletion_that_was_undone() -> None:
    model = written(1, None)
    model.check("a-1", model.mark("a-1"), None)
    with pytest.raises(Wrong):
        model.check("a-1", model.mark("a-1"), 1)


def test_a_reader_may_see_what_is_written_meanwhile_and_not_what_was_before() -> None:
    model = written(1)
    since = model.mark("a-1")
    model.acknowledged("a-1", model.begin("a-1", 2))
    for seen in (1, 2):
        model.check("a-1", since, seen)
    with pytest.raises(Wrong):
        model.check("a-1", model.mark("a-1"), 1)


def test_what_was_refused_must_not_be_there() -> None:
    model = written(1)
    model.refused("a-1", model.begin("a-1", 2))
    with pytest.raises(Wrong):
        model.check("a-1", model.mark("a-1"), 2)


@pytest.mark.parametrize("there", [1, 2])
def test_a_write_in_doubt_is_there_or_not_and_stays_so(there: int) -> None:
    model = written(1)
    model.begin("a-1", 2)
    model.settle({"a-1": there})
    with pytest.raises(Wrong):
        model.settle({"a-1": 3 - there})


def test_an_article_that_nobody_wrote_is_noticed() -> None:
    with pytest.raises(Wrong):
        written(1).settle({"a-1": 1, "b-1": 1})


def test_an_article_of_two_halves_is_noticed() -> None:
    assert version_of(article("a-1", 7)) == 7
    with pytest.raises(ValueError, match="is not what version 7 was"):
        version_of({**article("a-1", 7), "text": article("a-1", 6)["text"]})


def test_no_two_articles_of_a_soak_share_their_word() -> None:
    ids = [f"{owner}-{number:05}" for owner in ("s0", "s1", "files") for number in range(600)]
    assert len({marker(each) for each in ids}) == len(ids)
