"""What in a folder is an index's: anything else is its owner's, and is never removed.

A folder may be a volume, or be named by mistake. So an index is made only where nothing else
lies, and a folder inside goes only if all in it is what we have put there ourselves.
"""

from __future__ import annotations

from collections.abc import Iterator

from indexer.engines.contract import EngineError
from indexer.engines.whoosh.contents import DAMAGED, is_table
from indexer.engines.whoosh.segment import is_segment
from indexer.engines.whoosh.storage import SPILL, Folder

LOCK = "MAIN_WRITELOCK"  # Whoosh's own, so that its writers stay away as well
KEPT, COMING = "previous", "previous.new"
STAGING = "unpacking-"
"""How names of folders begin in which an index is made before it is put in place."""


def check_vacant(folder: Folder) -> None:
    """Raise EngineError unless an index may be made in *folder*: where nothing of others lies."""
    for found in _strangers(folder):
        # What a volume brings: lost+found, and what systems and desktops hide.
        if found != "lost+found/" and not found.startswith("."):
            raise EngineError(
                f"There is no index in {folder.path}, but other files are ({found} among them): "
                f"name a new or empty folder, such as whoosh:{folder.path}/index; "
                "nothing was changed."
            )


def is_ours(folder: Folder, name: str) -> bool:
    """Tell whether *name* in *folder*, where it is there, and all that is in it is an index's."""
    return next(_strangers_of(folder, name), None) is None


def check_ours(folder: Folder, name: str) -> None:
    """Raise EngineError unless all of *name* in *folder* is an index's, so that it may go."""
    for found in _strangers_of(folder, name):
        raise EngineError(
            f"{folder.path / found} is no file of an index, and {name} in {folder.path} is where "
            "the index keeps what was before: move it elsewhere and try again; "
            "nothing was changed."
        )


def remove_folder(folder: Folder, name: str) -> None:
    """Remove *name* from *folder*, and what is in it, if all of that is an index's."""
    check_ours(folder, name)
    folder.remove_folder(name)


def _strangers(folder: Folder) -> Iterator[str]:
    """Yield what lies in *folder* and is not an index's, as paths from there."""
    for name in sorted(folder.names()):
        yield from _strangers_of(folder, name)


def _strangers_of(folder: Folder, name: str) -> Iterator[str]:
    if not folder.is_folder(name):
        # Listed once more: others' stagings come and go meanwhile.
        if not _names_a_file(name) and name in folder.names():
            yield name
    elif name in (KEPT, COMING) or name.startswith(STAGING):
        for found in _strangers(folder.inside(name)):
            yield f"{name}/{found}"
    else:
        yield f"{name}/"


def _names_a_file(name: str) -> bool:
    whole = name.removesuffix(DAMAGED)
    return is_table(whole) or is_segment(whole) or name == LOCK or name.startswith(SPILL)
