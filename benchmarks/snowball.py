"""Write where our stems differ from Snowball's, and why: one line a word.

    python -m benchmarks.snowball VECTORS > docs/stems-unlike-snowball.tsv

VECTORS is the list of words and stems of snowballstem/snowball-data (BSD 3-clause), a word, a tab
and its stem a line, gzipped or not. Two stems differ once accents are folded.
"""

from __future__ import annotations

import argparse
import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks import given
from indexer.italian import fold
from indexer.italian.stems import Reason, explain


class Difference(NamedTuple):
    """A word whose stem is not Snowball's."""

    word: str
    snowball: str
    stem: str | None
    reason: Reason


def differences(vectors: Path) -> Iterator[Difference]:
    """Yield the words of the file *vectors* that we stem otherwise, in its order."""
    opened = gzip.open if vectors.suffix == ".gz" else open
    with opened(vectors, "rt", encoding="utf-8") as lines:
        for line in lines:
            word, snowball = line.rstrip("\n").split("\t")
            ours, reason = explain(word)
            if ours != fold(snowball):
                yield Difference(word, snowball, ours, reason)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("vectors", type=given.file)
    vectors = parser.parse_args().vectors
    print(
        "# Words of snowballstem/snowball-data (BSD 3-clause) that we stem otherwise than Snowball."
    )
    print("# word\tSnowball\tours\twhy")
    for difference in differences(vectors):
        print(*(cell or "" for cell in difference), sep="\t")
