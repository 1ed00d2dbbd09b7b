"""Answers travel compressed where the client can read it: zstd, else gzip."""

from __future__ import annotations

import gzip

import falcon
import zstandard

SHORTEST = 1_000  # bytes; below, the packet is not fuller than without
_QUOTE = '"'
_LEVEL = 4  # of gzip: most of the gain for a fifth of the default's time


class Compression:
    """Compresses what is long enough."""

    def process_response(
        self, req: falcon.Request, resp: falcon.Response, _resource: object, _succeeded: bool
    ) -> None:
        """Compress the body for who asks."""
        resp.append_header("Vary", "Accept-Encoding")
        encoding = negotiated(req.get_header("Accept-Encoding") or "")
        if encoding is None:
            return
        body = resp.render_body()
        if body is None or len(body) < SHORTEST:
            return
        if encoding == "zstd":
            resp.data = zstandard.compress(body, 3)
        else:
            resp.data = gzip.compress(body, _LEVEL, mtime=0)
        resp.media = resp.text = None
        resp.set_header("Content-Encoding", encoding)
        if not (tag := resp.get_header("ETag", "")).startswith("W/") and tag:
            # Other bytes, another tag; `unpacked` reads both.
            resp.set_header("ETag", f'"{tag.strip(_QUOTE)}-{encoding}"')


def unpacked(tag: str) -> str:
    """Return the tag that an article has, whichever way the answer with *tag* travelled."""
    return tag.removesuffix("-zstd").removesuffix("-gzip")


def negotiated(accepted: str) -> str | None:
    """Return the better of our encodings that an Accept-Encoding header takes."""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, weight = part.replace(" ", "").partition(";q=")
        try:
            weights[name] = float(weight or 1)
        except ValueError:
            weights[name] = 0
    best = max(("zstd", "gzip"), key=lambda name: weights.get(name, weights.get("*", 0)))
    return best if weights.get(best, weights.get("*", 0)) > 0 else None
