"""What the cluster is told of our indexes: which fields there are, and that nobody else analyses.

articles   one entry per article (entry.py), in an index that rebuilds replace
forms      one entry per folded form ever written to it: what typing errors are looked up in
control    who writes, and what was committed last (control.py)

The first two have the names of their build, and are reached by an alias; the third stays.
"""

from __future__ import annotations

from typing import Any

from indexer.engines import ranking
from indexer.engines.contract import Field
from indexer.engines.opensearch.address import Address
from indexer.italian import CHAIN

FORMAT = 1
"""Changes whenever an index of before cannot be read any more."""

_WHOLE = {"type": "keyword"}
_SOUGHT = {"type": "keyword", "doc_values": False}
_KEPT = {"type": "keyword", "index": False, "doc_values": False}
_COUNTED = {"type": "keyword", "index": False}


def _words(options: str, *, analyser: str = "terms", **more: Any) -> dict[str, Any]:
    return {
        "type": "text",
        "analyzer": analyser,
        "index_options": options,
        "norms": False,
        "similarity": "plain",
        **more,
    }


_RANKED = {"norms": True, "similarity": "ranked"}

ARTICLES: dict[str, Any] = {
    "dynamic": "strict",
    "_meta": {"format": FORMAT, "chain": CHAIN},
    # What can be made of the rest is searched and not kept.
    "_source": {"excludes": ["stems", "forms", "lexicon"]},
    "properties": {
        "id": _WHOLE,
        "write": _KEPT,
        "indexed_at": _KEPT,
        "article": _KEPT,
        "raw": _KEPT,
        "day": {"type": "integer"},
        "oldest": {"type": "integer", "index": False},
        "age": {"type": "integer"},
        "title_order": _COUNTED,
        "length": {"type": "integer", "index": False},
        "stems": _words("freqs", analyser="given", **_RANKED),
        "forms": _words("freqs", analyser="given", **_RANKED),
        "lexicon": _COUNTED,
        "title_stems": _words("freqs"),
        "text_stems": _words("freqs"),
        "title_forms": _words("positions"),
        "text_forms": _words("positions"),
        "author_forms": _words("positions"),
        "source_forms": _words("positions"),
        **{field.value: _COUNTED for field in Field},
        **{f"{field.value}_key": _SOUGHT for field in Field},
    },
}

FORMS: dict[str, Any] = {"dynamic": "strict", "properties": {"form": _WHOLE}}

CONTROL: dict[str, Any] = {"dynamic": False, "properties": {}}

_ANALYSIS: dict[str, Any] = {
    "analyzer": {
        "given": {"type": "custom", "tokenizer": "blanks"},
        "terms": {"type": "custom", "tokenizer": "blanks", "filter": ["readings", "filling"]},
    },
    "tokenizer": {"blanks": {"type": "whitespace", "max_token_length": 1_000_000}},
    "filter": {
        # «ivano|ivanofrankivsk» are two terms at one place, «citta=a» is the term «citta».
        "readings": {
            "type": "pattern_capture",
            "preserve_original": False,
            "patterns": ["([^|=]+)(?:=[a-z]*)?"],
        },
        "filling": {"type": "stop", "stopwords": ["="]},
    },
}


def settings(address: Address, shards: int) -> dict[str, Any]:
    """Return the settings of an index of *shards* shards."""
    copies: dict[str, Any] = (
        {"auto_expand_replicas": "0-1"}
        if address.replicas is None
        else {"number_of_replicas": address.replicas}
    )
    return {
        "number_of_shards": shards,
        # What is written is seen when a commit says so, not before.
        "refresh_interval": "-1",
        # There is no page past which nothing is found.
        "max_result_window": 2**31 - 1,
        "analysis": _ANALYSIS,
        "similarity": {
            "ranked": {"type": "BM25", "k1": ranking.K1, "b": ranking.B},
            "plain": {"type": "BM25", "k1": ranking.K1, "b": 0.0},
        },
        **copies,
    }
