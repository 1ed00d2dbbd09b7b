"""The engine contract kept over stock Whoosh, a posting at a time: slow, and an oracle."""

from tests.engines.stock.index import WhooshEngine, rebuild
from tests.engines.stock.opening import create

__all__ = ["WhooshEngine", "create", "rebuild"]
