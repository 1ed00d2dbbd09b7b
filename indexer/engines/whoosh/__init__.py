"""The embedded engine, the default: the only code that imports whoosh."""

from indexer.engines.whoosh.backup import back_up
from indexer.engines.whoosh.checking import check
from indexer.engines.whoosh.generation import stored
from indexer.engines.whoosh.index import WhooshEngine
from indexer.engines.whoosh.opening import create, discard_empty
from indexer.engines.whoosh.rebuilding import rebuild
from indexer.engines.whoosh.repairing import repair
from indexer.engines.whoosh.restoring import restore
from indexer.engines.whoosh.rollback import forget, kept, roll_back
from indexer.engines.whoosh.storage import Folder

__all__ = [
    "Folder",
    "WhooshEngine",
    "back_up",
    "check",
    "create",
    "discard_empty",
    "forget",
    "kept",
    "rebuild",
    "repair",
    "restore",
    "roll_back",
    "stored",
]
