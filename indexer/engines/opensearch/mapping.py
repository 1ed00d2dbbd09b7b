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

FORMAT = 2
"""Changes whenever an index of before cannot be read any more."""

_WHOLE = {"type": "keyword"}
_SOUGHT = {"type": "keyword", "doc_values": False}
_KEPT = {"type": "keyword", "index": False, "doc_values": False}
_COUNTED = {"type": "keyword", "index": False}
_LONGEST = 1_000_000  # characters of a term, more than entry.py lets any have


def _words(analyser: str, options: str, *copies: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "text",
        "analyzer": analyser,
        "index_options": options,
        "norms": False,
        "similarity": "plain",
        **({"copy_to": copies} if copies else {}),
        **more,
    }


def _places(part: str, *copies: str) -> dict[str, Any]:
    return {
        f"{part}_forms": _words("words", "positions", *copies),
        f"{part}_readings": _words("readings", "positions", *copies),
    }


_RANKED = {"norms": True, "similarity": "ranked"}

ARTICLES: dict[str, Any] = {
    "dynamic": "strict",
    "_meta": {"format": FORMAT, "chain": CHAIN},
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
        # What ranks is copied there by the cluster: sent, it would be kept as well.
        "stems": _words("terms", "freqs", **_RANKED),
        "forms": _words("terms", "freqs", **_RANKED),
        "lexicon": _COUNTED,
        "title_stems": _words("terms", "freqs", "stems", "stems"),
        "text_stems": _words("terms", "freqs", "stems"),
        "title_written": _KEPT,
        "text_written": _KEPT,
        **_places("title", "forms", "forms"),
        **_places("text", "forms"),
        **_places("author"),
        **_places("source"),
        **{field.value: _COUNTED for field in Field},
        **{f"{field.value}_key": _SOUGHT for field in Field},
    },
}

FORMS: dict[str, Any] = {"dynamic": "strict", "properties": {"form": _WHOLE}}

CONTROL: dict[str, Any] = {"dynamic": False, "properties": {}}

_ANALYSIS: dict[str, Any] = {
    "analyzer": {
        # Nothing but terms, wherever they stand.
        "terms": {"type": "custom", "tokenizer": "terms", "filter": ["filling"]},
        "words": {"type": "custom", "tokenizer": "blanks"},
        "readings": {"type": "custom", "tokenizer": "blanks", "filter": ["readings"]},
    },
    "tokenizer": {
        "blanks": {"type": "whitespace", "max_token_length": _LONGEST},
        "terms": {
            "type": "char_group",
            "tokenize_on_chars": ["whitespace", "|"],
            "max_token_length": _LONGEST,
        },
    },
    "filter": {
        # «ivano|ivanofrankivsk» are two terms at one place. A pattern takes a cluster longer than
        # all else that it does to an article: only those that need it come here.
        "readings": {
            "type": "pattern_capture",
            "preserve_original": False,
            "patterns": ["([^|]+)"],
        },
        "filling": {"type": "stop", "stopwords": ["="]},
    },
}


def settings(address: Address, shards: int) -> dict[str, Any]:
    """Return the settings of an index of *shards* shards."""
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
        **copies(address),
        **DURABLE,
    }


def copies(address: Address) -> dict[str, Any]:
    """Return the settings that tell how many copies an index has which is asked."""
    if address.replicas is None:
        return {"auto_expand_replicas": "0-1"}
    return {"auto_expand_replicas": False, "number_of_replicas": address.replicas}


FILLING: dict[str, Any] = {
    "auto_expand_replicas": False,
    "number_of_replicas": 0,
    "translog.durability": "async",
}
"""The settings of an index that nobody asks yet: it is copied once it is whole."""

DURABLE: dict[str, Any] = {"translog.durability": "request"}
