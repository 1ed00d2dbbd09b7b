"""Folders that fail: every step of a writer is told to a watcher, who may refuse it or remember it.

Watched     takes each step of the engine's folder, before a watcher and after
Refusal     refuses one step, or everything from it on, as a disk does
Memory      knows at each step what a killed process leaves, and what a power cut may leave

A power cut leaves of files what was synced, and of what was not: nothing, a part, zeros, a mixture
of pages, or all. Of names it leaves those at the last sync of the folder, and of each later change
of a name, in any order, that it happened or not.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from indexer.engines.whoosh.files import NewFile, OpenFile
from indexer.engines.whoosh.refusals import refusals
from indexer.engines.whoosh.storage import Folder

_PAGE = 512
_SHORT = 1_000  # bytes that one write takes at most


class Step(NamedTuple):
    """One thing asked of the disk."""

    kind: str
    name: str


class Watcher(Protocol):
    def before(self, step: Step) -> None: ...

    def after(self, step: Step) -> None: ...


class Watched(Folder):
    """A folder whose steps are told to *watcher*; it writes little at a time."""

    def __init__(self, path: Path, watcher: Watcher, within: str = "") -> None:
        super().__init__(path)
        self._watcher = watcher
        self.within = within  # the folder of an index: "", or "previous/"

    def inside(self, name: str) -> Watched:
        return Watched(self.path / name, self._watcher, f"{self.within}{name}/")

    @contextmanager
    def _step(self, kind: str, name: str) -> Iterator[None]:
        step = Step(kind, self.within + name)
        with refusals(self.path):
            self._watcher.before(step)
            yield
            self._watcher.after(step)

    def create(self, name: str) -> NewFile:
        with self._step("create", name):
            return _WatchedFile(super().create(name), name, self._step)

    def temporary(self) -> NewFile:
        with self._step("temporary", ""):
            return _WatchedFile(super().temporary(), "", self._step)

    def rename(self, old: str, new: str) -> None:
        with self._step("rename", f"{old} {self.within}{new}"):
            super().rename(old, new)

    def link(self, name: str, folder: Folder, new: str) -> None:
        assert isinstance(folder, Watched)
        with self._step("link", f"{name} {folder.within}{new}"):
            super().link(name, folder, new)

    def remove_folder(self, name: str) -> None:
        inside = self.inside(name)
        for each in inside.names():
            inside.remove(each)
        with self._step("remove folder", name):
            super().remove_folder(name)

    def remove(self, name: str) -> None:
        with self._step("remove", name):
            super().remove(name)

    def open(self, name: str) -> OpenFile:
        file = super().open(name)

        def sync() -> None:
            with self._step("sync", name):
                pass

        file.sync = sync  # type: ignore[method-assign]
        return file

    def _sync_names(self) -> None:
        with self._step("sync", ""):
            pass  # what is certain, the watcher knows; the machine that runs the tests stays up


class _WatchedFile(NewFile):
    def __init__(self, file: NewFile, name: str, step) -> None:  # type: ignore[no-untyped-def]
        super().__init__(file._descriptor, file.path)
        self._name = name
        self._step = step

    def reserve(self, size: int) -> None:
        with self._step("reserve", self._name):
            super().reserve(size)

    def map(self, size: int):  # type: ignore[no-untyped-def]
        with self._step("map", self._name):
            return super().map(size)

    def _write(self, content: memoryview, at: int) -> int:
        with self._step("write", self._name):
            return super()._write(content[:_SHORT], at)

    def sync(self) -> None:
        with self._step("sync", self._name):
            pass


class Calm(Folder):
    """A folder that never syncs: for looking at what a cut has left, quickly."""

    def sync(self, files: Sequence[NewFile | OpenFile] = ()) -> None:
        """Do nothing."""

    def create(self, name: str) -> NewFile:
        return _CalmFile(super().create(name))


class _CalmFile(NewFile):
    def __init__(self, file: NewFile) -> None:
        super().__init__(file._descriptor, file.path)

    def sync(self) -> None:
        pass


@dataclass
class Refusal:
    """Refuses step number *at*, counted from 1, with *error*: once, or from then on.

    Where *late*, the step is taken and called a failure all the same.
    """

    at: int
    error: int
    lasting: bool = False
    late: bool = False
    seen: int = 0
    refused: Step | None = None

    def before(self, step: Step) -> None:
        self.seen += 1
        if not self.late:
            self._refuse(step)

    def after(self, step: Step) -> None:
        if self.late:
            self._refuse(step)

    def _refuse(self, step: Step) -> None:
        if self.seen == self.at or (self.lasting and self.seen > self.at):
            self.refused = self.refused or step
            raise OSError(self.error, f"refused: {step.kind} {step.name}")


Files = dict[str, bytes]


class Move(NamedTuple):
    """A folder that got another name, with all that is in it."""

    old: str
    new: str


Change = dict[str, int | None] | Move


def changed(names: dict[str, int], change: Change) -> None:
    """Carry out a change of names."""
    if isinstance(change, Move):
        for name in [name for name in names if name.startswith(change.new)]:
            del names[name]
        for name in [name for name in names if name.startswith(change.old)]:
            names[change.new + name.removeprefix(change.old)] = names.pop(name)
        return
    for name, number in change.items():
        names.pop(name, None) if number is None else names.update({name: number})


@dataclass(frozen=True)
class Moment:
    """What there is between two steps: contents by the number of a file, names of files."""

    step: Step
    done: int
    names: dict[str, int]
    certain_names: dict[str, int]
    pending: tuple[Change, ...]
    contents: dict[int, bytes]
    certain: dict[int, bytes]

    def killed(self) -> Files:
        """Return what a killed process leaves: all it has written."""
        return {name: self.contents[number] for name, number in self.names.items()}

    def power_cuts(self, chance: random.Random, count: int) -> Iterator[Files]:
        """Yield what a power cut may leave: *count* by chance, and as many extremes."""
        extremes = [(happened, torn) for happened in (0.0, 1.0) for torn in _TORN]
        for happened, torn in chance.sample(extremes, min(count, len(extremes))):
            yield self._cut(happened, [torn], chance)
        for _ in range(count):
            yield self._cut(0.5, _TORN, chance)

    def _cut(self, happened: float, torn, chance: random.Random) -> Files:  # type: ignore[no-untyped-def]
        names = dict(self.certain_names)
        for change in self.pending:
            if chance.random() < happened:
                changed(names, change)
        return {
            name: chance.choice(torn)(self.certain.get(number, b""), self.contents[number], chance)
            for name, number in names.items()
        }


def _old(certain: bytes, now: bytes, chance: random.Random) -> bytes:
    return certain


def _all(certain: bytes, now: bytes, chance: random.Random) -> bytes:
    return now


def _zeros(certain: bytes, now: bytes, chance: random.Random) -> bytes:
    return now if certain == now else certain + bytes(len(now) - len(certain))


def _part(certain: bytes, now: bytes, chance: random.Random) -> bytes:
    return now if certain == now else now[: chance.randint(len(certain), len(now))]


def _pages(certain: bytes, now: bytes, chance: random.Random) -> bytes:
    before = certain.ljust(len(now), b"\0")
    starts = range(0, len(now), _PAGE)
    return b"".join(chance.choice((before, now))[at : at + _PAGE] for at in starts)


_TORN = (_old, _all, _zeros, _part, _pages)


class Memory:
    """Remembers every moment between two steps; ``done`` is counted up by whoever makes changes.

    What lies in the folder *path* already is certain.
    """

    def __init__(self, path: Path) -> None:
        self.moments: list[Moment] = []
        self.done = 0
        self._path = path
        self._names: dict[str, int] = {}
        self._certain_names: dict[str, int] = {}
        self._pending: list[tuple[str, Change]] = []  # and the folder that has to be synced
        self._contents: dict[int, bytes] = {}
        self._certain: dict[int, bytes] = {}
        self._files = 0
        there = [each for each in sorted(path.glob("*")) if each.name != "MAIN_WRITELOCK"]
        for self._files, each in enumerate(there, 1):
            self._names[each.name] = self._certain_names[each.name] = self._files
            self._contents[self._files] = self._certain[self._files] = each.read_bytes()

    def before(self, step: Step) -> None:
        for name, number in self._names.items():
            self._contents[number] = (self._path / name).read_bytes()
        self._remember(step)

    def after(self, step: Step) -> None:
        match step.kind, step.name:
            case "create", name:
                self._files += 1
                self._contents[self._files] = b""
                self._name(name, {name: self._files})
            case "link", names:
                old, new = names.split()
                self._name(new, {new: self._names[old]})
            case "rename", names:
                old, new = names.split()
                file = {new: self._names[old], old: None} if old in self._names else None
                self._name(new, file or Move(f"{old}/", f"{new}/"))
            case "remove", name:
                self._name(name, {name: None})
            case "sync", name if name == "" or name.endswith("/"):
                for folder, change in self._pending:
                    if folder == name:
                        changed(self._certain_names, change)
                self._pending = [each for each in self._pending if each[0] != name]
            case "sync", name:
                number = self._names[name]
                self._certain[number] = self._contents[number]

    def _name(self, name: str, change: Change) -> None:
        folder, slash, _ = name.rpartition("/")
        self._pending.append((folder + slash, change))
        changed(self._names, change)

    def _remember(self, step: Step) -> None:
        moment = Moment(
            step,
            self.done,
            dict(self._names),
            dict(self._certain_names),
            tuple(change for _, change in self._pending),
            dict(self._contents),
            dict(self._certain),
        )
        self.moments.append(moment)

    def rest(self) -> None:
        """Remember the moment after everything."""
        self.before(Step("end", ""))


def laid_out(folder: Path, files: Files) -> Folder:
    """Return a folder that holds *files* as a crash left them."""
    folder.mkdir()
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    return Calm(folder)
