"""Which Ritaglio this is."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def release() -> str:
    """Return the version that is installed."""
    try:
        return version("ritaglio")
    except PackageNotFoundError:
        return "0.0.0+unknown"  # run from a folder, not installed
