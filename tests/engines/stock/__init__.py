"""The engine contract kept over stock Whoosh, a posting at a time: slow, and an oracle."""

from tests.engines.stock.index import StockEngine

__all__ = ["StockEngine"]
