"""Does a process beside this one do what it is asked, and does nobody wait for one that is gone?"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from indexer.engines import helper as helping
from indexer.engines.helper import Helper
from indexer.engines.processes import Starter


def counting() -> Callable[[str], tuple[str, int, int]]:
    """Return work that tells what it was asked, how often so far, and by which process."""
    asked = 0

    def work(batch: str) -> tuple[str, int, int]:
        nonlocal asked
        asked += 1
        match batch:
            case "fail":
                raise ValueError("no such batch")
            case "die":
                os._exit(3)
            case "wait":
                time.sleep(60)
        return batch, asked, os.getpid()

    return work


@pytest.fixture
def helper() -> Iterator[Helper[str, tuple[str, int, int]]]:
    helper = Helper(counting, Starter())
    yield helper
    helper.close()


def test_another_process_does_it_and_remembers(
    helper: Helper[str, tuple[str, int, int]],
) -> None:
    assert helper.begin("a")
    first = helper.end()
    assert first is not None
    assert first[:2] == ("a", 1)
    assert first[2] != os.getpid()
    assert helper.begin("b")
    assert helper.end() == ("b", 2, first[2])


def test_what_fails_there_fails_here_and_it_goes_on(
    helper: Helper[str, tuple[str, int, int]],
) -> None:
    assert helper.begin("fail")
    with pytest.raises(ValueError, match="no such batch"):
        helper.end()
    assert helper.begin("a")
    assert (helper.end() or ())[:2] == ("a", 2)


def test_one_that_is_gone_is_told_once(
    helper: Helper[str, tuple[str, int, int]], caplog: pytest.LogCaptureFixture
) -> None:
    assert helper.begin("die")
    assert helper.end() is None
    assert not helper.begin("a")
    assert len(caplog.records) == 1


@pytest.mark.parametrize("size", [1, 4 << 20])  # more than the system keeps for it
def test_nobody_waits_for_ever_for_one_that_is_stopped(
    monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(helping, "_LONGEST", 1.0)
    helper = Helper(counting, Starter())
    process: int = helper._process.pid
    os.kill(process, signal.SIGSTOP)
    assert not helper.begin("b" * size) or helper.end() is None
    assert not at_work(process)
    helper.close()


def test_where_no_process_can_be_started_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise BlockingIOError("too many processes")

    monkeypatch.setattr(Starter, "start", refuse)
    with pytest.raises(BlockingIOError):
        Helper(counting, Starter())


@pytest.mark.parametrize("which", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_signal_ends_it_whatever_its_parent_does_about_it(which: signal.Signals) -> None:
    before = {
        each: signal.signal(each, lambda *_: None) for each in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        helper = Helper(counting, Starter())
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
    assert helper.begin("a")
    assert helper.end()
    assert helper.begin("wait")
    os.kill(helper._process.pid, which)
    assert helper.end() is None
    helper.close()


def test_after_a_pause_what_it_learnt_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helping, "_IDLE", 2)
    monkeypatch.setattr(helping, "PATIENCE", 0.01)
    starter = Starter()
    if starter.context.get_start_method() != "fork":
        pytest.skip("what is patched here does not reach a process that is no copy")
    helper = Helper(counting, starter)
    assert helper.begin("a")
    assert (helper.end() or ())[:2] == ("a", 1)
    until = time.monotonic() + 20
    asked = 2
    while asked > 1 and time.monotonic() < until:
        time.sleep(0.5)
        assert helper.begin("b")
        _, asked, _ = helper.end() or ("", 0, 0)
    assert asked == 1
    helper.close()


PARENT = """
import os, sys, time
from indexer.engines.helper import Helper
from indexer.engines.processes import Starter

def make():
    return lambda batch: os.getpid()

if __name__ == "__main__":
    helper = Helper(make, Starter())
    helper.begin("")
    print(helper.end(), flush=True)
    time.sleep(60)
"""


def test_it_does_not_outlive_its_parent() -> None:
    command = [sys.executable, "-c", PARENT]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        process = int(parent.stdout.readline())
        os.kill(process, 0)
        parent.kill()
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if not at_work(process):
            return
        time.sleep(0.02)
    pytest.fail("it is still there")


def at_work(process: int) -> bool:
    """Tell whether *process* is there, and not only because nobody asked what became of it."""
    state = ["ps", "-o", "stat=", "-p", str(process)]
    told = subprocess.run(state, capture_output=True, text=True, check=False).stdout
    return bool(told.strip()) and not told.startswith("Z")
