"""The embedded engine, the default: the only code that imports whoosh."""

from indexer.engines.whoosh.index import WhooshEngine, rebuild
from indexer.engines.whoosh.opening import create
from indexer.engines.whoosh.storage import Folder

__all__ = ["Folder", "WhooshEngine", "create", "rebuild"]
