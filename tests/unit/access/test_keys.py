"""Whose is a key, and does nothing but its hash stay?"""

from __future__ import annotations

import logging
import os
import re
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from hmac import compare_digest
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.access import keyfile, keys
from service.access.keyfile import Keys, openness, read
from service.access.keys import (
    NO_KEYS,
    Keyring,
    KeysError,
    Scope,
    from_lines,
    from_list,
    make,
    shut,
    weaknesses,
)

LONG = "rit_0123456789abcdefghijklmn"


def test_a_list_and_lines_say_the_same() -> None:
    ring = from_list(f"{LONG}:read, {LONG}x:write:redazione ,", "RITAGLIO_KEYS")
    lines = f"# who\n\n  {LONG}:read\n{LONG}x : write : redazione\r\n"
    assert ring == from_lines(lines, "keys")
    assert [(key.scope, key.name) for key in ring.keys] == [
        (Scope.READ, "key-1"),
        (Scope.WRITE, "redazione"),
    ]
    assert str(ring) == "1 read, 1 write"


@pytest.mark.parametrize(
    ("entries", "closed"), [("", False), ("a:write", False), ("a:admin", False), ("a:read", True)]
)
def test_reading_is_closed_by_a_key_for_it(entries: str, closed: bool) -> None:
    assert from_list(entries, "K").closes_reading is closed


@given(st.text(), st.sampled_from(["read", "write", "admin"]))
def test_a_key_is_found_by_itself_alone(other: str, scope: str) -> None:
    entry = make(scope)
    key = entry.partition(":")[0]
    ring = from_list(f"{LONG}:read,{entry}", "K")
    found = ring.find(key)
    assert found is not None
    assert found.scope is Scope[scope.upper()]
    assert ring.find(other) is None
    assert ring.find(key[:-1]) is None
    assert ring.find(key + "=") is None


def test_a_given_key_is_compared_with_all_whichever_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[bytes] = []

    def counting(one: bytes, other: bytes) -> bool:
        compared.append(one)
        return compare_digest(one, other)

    monkeypatch.setattr(keys, "compare_digest", counting)
    ring = from_list("a:read,b:write,c:admin", "K")
    for given_key in ("a", "c", "nobody's", ""):
        compared.clear()
        ring.find(given_key)
        assert compared == [key.digest for key in ring.keys]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("SECRETSECRET", "is no key: write KEY:SCOPE"),
        ("SECRET SECRET:write", "is no key"),
        (":write", "is no key"),
        ("SECRET:write:a:b", "is no key"),
        ("SECRET:reed", "has no scope: it is read, write, admin"),
        ("SECRET:anyone", "has no scope"),
        ("write:SECRET", "has no scope"),
        ("SECRET:write:a b", "has no name that logs can show"),
    ],
)
def test_what_cannot_be_read_is_told_by_its_place_and_not_shown(line: str, reason: str) -> None:
    with pytest.raises(KeysError) as refusal:
        from_lines(f"\n{line}\n", "keys")
    assert str(refusal.value).startswith(f"Line 2 of keys {reason}")
    assert "SECRET" not in str(refusal.value)
    assert "SECRET" not in repr(refusal.value.__context__)
    with pytest.raises(KeysError, match=r"^Entry 1 of RITAGLIO_KEYS "):
        from_list(line, "RITAGLIO_KEYS")


def test_one_key_with_two_scopes_is_refused() -> None:
    with pytest.raises(KeysError, match=r"^Key 2 is given twice"):
        from_list("a:read,a:write", "K")


def test_nothing_that_is_kept_shows_a_key() -> None:
    ring = from_list(f"{LONG}:write:redazione", "K")
    assert LONG not in repr(ring) + str(ring)
    assert repr(ring.keys[0].digest) not in repr(ring)


def test_a_short_key_is_warned_of_by_its_name() -> None:
    (warning,) = weaknesses(from_list(f"{'a' * 23}:write:corta,{'b' * 24}:write", "K"))
    assert warning.startswith("The key corta has fewer than 24 characters")


def test_a_made_key_is_long_new_and_can_be_read_back() -> None:
    made = {make("admin", "capo") for _ in range(100)}
    assert len(made) == 100
    ring = from_lines("\n".join(made), "keys")
    assert {(key.scope, key.name, key.short) for key in ring.keys} == {(Scope.ADMIN, "capo", False)}
    with pytest.raises(KeysError):
        make("write", "a:b")


def test_shut_keys_are_nobodys_and_close_reading() -> None:
    assert shut() != shut()
    assert shut().closes_reading


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(keyfile, "EVERY", 0.0)
    path = tmp_path / "keys"
    path.write_text("uno:write\n")
    return path


def test_a_change_in_the_file_counts_without_a_restart(file: Path) -> None:
    keys = Keys(from_list("fixed:admin", "K"), str(file))
    assert keys.now().find("uno")
    file.write_text("due:write\n")
    assert keys.now().find("uno") is None
    assert keys.now().find("due")
    assert keys.now().find("fixed")
    assert not keys.now().closes_reading
    other = file.with_name("other")  # as editors and Kubernetes do it
    other.write_text("tre:read\n")
    other.replace(file)
    assert keys.now().find("tre")
    assert keys.now().closes_reading


def test_who_asks_while_the_file_is_read_waits_for_what_it_says(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = Keys(NO_KEYS, str(file))
    monkeypatch.setattr(keyfile, "EVERY", 3600.0)  # one look, which is due
    file.unlink()
    os.mkfifo(file)  # reading it lasts until somebody writes
    with ThreadPoolExecutor(4) as askers:
        asked = [askers.submit(keys.now) for _ in range(4)]
        early = wait(asked, timeout=0.2, return_when=FIRST_COMPLETED).done
        file.write_text("due:write\n")
        assert not early
        assert all(asking.result().find("due") for asking in asked)


@pytest.mark.parametrize("change", ["", "# none\n", "SECRET\n", "SECRET:reed", None])
def test_a_change_that_cannot_be_read_changes_nothing_and_is_told_once(
    file: Path, change: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    keys = Keys(NO_KEYS, str(file))
    if change is None:
        file.unlink()
    else:
        file.write_text(change)
    for _ in range(3):
        assert keys.now().find("uno")
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "SECRET" not in caplog.text
    file.write_text("due:write\n")
    assert keys.now().find("uno") is None


def test_a_file_that_cannot_be_read_from_the_start_lets_nobody_in(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    keys = Keys(from_list("fixed:write", "K"), str(tmp_path / "nothing"))
    assert keys.now().find("fixed")
    assert keys.now().closes_reading
    assert "RITAGLIO_KEYS_FILE cannot be read: No such file" in caplog.text


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"# none\n", "holds no key"), (b"\xff\xfe:write", "is no text"), (None, "cannot be read")],
)
def test_start_up_names_what_is_wrong_with_the_file(
    tmp_path: Path, content: bytes | None, reason: str
) -> None:
    path = tmp_path / "keys"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(KeysError, match=rf"^RITAGLIO_KEYS_FILE {reason}.*{re.escape(str(path))}"):
        read(NO_KEYS, str(path))


def test_a_key_may_not_stand_in_the_file_and_in_the_variable(file: Path) -> None:
    with pytest.raises(KeysError, match="given twice"):
        read(from_list("uno:admin", "K"), str(file))


@pytest.mark.parametrize(
    ("mode", "warned"),
    [(0o600, ""), (0o400, ""), (0o640, ""), (0o644, "read"), (0o604, "read"), (0o620, "change")],
)
def test_a_file_that_others_can_read_is_warned_of(file: Path, mode: int, warned: str) -> None:
    file.chmod(mode)
    warnings = list(openness(str(file)))
    assert len(warnings) == bool(warned)
    if warned:
        assert warnings[0].startswith(f"Others can {warned} the keys in {file} (mode {mode:04o})")


def test_a_file_is_looked_at_once_a_second(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyfile, "EVERY", 3600.0)
    keys = Keys(NO_KEYS, str(file))
    file.write_text("due:write\n")
    os.utime(file)
    assert keys.now().find("uno")


def test_keys_without_a_file_stay_as_they_are(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    ring = Keyring()
    assert Keys(ring).now() is ring
    assert not caplog.records
