"""What looking through an index finds, and what mending it keeps and loses; for every engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Damage:
    """A file that is not what was written.

    Of its *articles* (None: nobody knows how many) the *unreadable* ones are lost, unless there is
    a copy; the others are whole, but may not be found.
    """

    file: str
    what: tuple[str, ...]
    articles: int | None
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checkup:
    """All that was looked at, and the damage that was found: none where the index is whole."""

    files: int
    bytes: int
    articles: int
    damages: tuple[Damage, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.damages


@dataclass(frozen=True, slots=True)
class Repair:
    """What was damaged, how many articles the index holds now, and which are lost.

    *lost* names them by their ids where these are known, *unknown_lost* counts the others;
    those *without_raw* have lost their text before cleaning alone.
    *deletions_forgotten*: which articles had been deleted could not be read, so they are back.
    """

    damages: tuple[Damage, ...]
    articles: int
    lost: tuple[str, ...] = ()
    unknown_lost: int = 0
    without_raw: tuple[str, ...] = ()
    deletions_forgotten: bool = False

    @property
    def lossy(self) -> bool:
        """Whether anything is not as it was before the damage."""
        return bool(self.lost or self.unknown_lost or self.without_raw or self.deletions_forgotten)


Looked = Callable[[int], None]
"""Called now and then with the number of bytes looked at since the last call."""
