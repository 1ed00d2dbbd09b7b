"""The engine for archives that one machine does not hold, or that must survive one: OpenSearch.

    Article ─→ entry (our terms) ─→ bulk, refresh, commit ─→ index behind an alias
    clauses ─→ query DSL ─→ Lucene's hits ─→ the first weighed by ranking.py ─→ Page

The cluster analyses nothing: it is given the terms of the Italian chain.
"""

from indexer.engines.opensearch.index import OpenSearchEngine
from indexer.engines.opensearch.opening import connected, filling, open_engine, stored
from indexer.engines.opensearch.previous import describe as kept
from indexer.engines.opensearch.previous import forget, roll_back
from indexer.engines.opensearch.writing import rebuild

__all__ = [
    "OpenSearchEngine",
    "connected",
    "filling",
    "forget",
    "kept",
    "open_engine",
    "rebuild",
    "roll_back",
    "stored",
]
