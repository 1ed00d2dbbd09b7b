"""The articles that are indexed: generated ones, a file of one's own, or the seeds recombined."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import msgspec

from indexer.articles import Article
from indexer.articles.reading import read_articles

ROOT = Path(__file__).parents[2]
GENERATOR = ROOT.parent / "shared" / "tools" / "make_articles.py"
_PIECE = 5  # words of a seed that stay together: six words are then seldom asked twice
_PIECES, _SENTENCES = 4, 22  # of a recombined sentence and article, as long as a generated one


@dataclass(frozen=True, slots=True)
class Corpus:
    """A JSON Lines file of *count* articles; *origin* says what they are."""

    path: Path
    count: int
    origin: str

    def read(self, count: int | None = None) -> Iterator[Article]:
        """Yield the first *count* articles, all by default."""
        with self.path.open("rb") as lines:
            for line in islice(lines, count):
                yield msgspec.json.decode(line, type=Article)

    def first(self, count: int, folder: Path) -> Corpus:
        """Return the first *count* articles, in a file of *folder* unless these are all."""
        if count == self.count:
            return self
        alone = folder / f"{self.path.stem}-first-{count}.jsonl"
        if not alone.exists():
            with self.path.open("rb") as lines, alone.open("wb") as kept:
                kept.writelines(islice(lines, count))
        return Corpus(alone, count, self.origin)


def obtain(count: int, given: Path | None, folder: Path) -> Corpus:
    """Return *count* articles: of the file *given*, else made and kept in *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    if given:
        with given.open("rb") as lines:
            there = sum(1 for _ in lines)
        if there < count:
            raise SystemExit(f"{given} holds {there} articles: ask for that many, or name another.")
        return Corpus(given, there, f"the file {given.name}").first(count, folder)
    made = folder / f"articles-{count}.jsonl"
    if GENERATOR.exists():
        if not made.exists():
            subprocess.run([sys.executable, GENERATOR, str(count), "-o", str(made)], check=True)
        return Corpus(made, count, "generated: real Italian sentences recombined, seed 1")
    return recombined(count, folder)


def recombined(count: int, folder: Path) -> Corpus:
    """Return *count* articles made of pieces of the seeds, kept in *folder*."""
    made = folder / f"pieces-{count}.jsonl"
    if not made.exists():
        _recombine(made, count)
    return Corpus(made, count, "pieces of the five seeds recombined: a tiny vocabulary")


def _recombine(path: Path, count: int) -> None:
    seeds = read_articles([ROOT / "seeds"], lambda error: None)
    words = [word.rstrip(".") for article in seeds for word in article.text.split()]
    pieces = [" ".join(words[at : at + _PIECE]) for at in range(0, len(words), _PIECE)]
    chance = random.Random(1)
    with path.open("wb") as lines:
        for number in range(count):
            text = [" ".join(chance.choices(pieces, k=_PIECES)) + "." for _ in range(_SENTENCES)]
            article = Article(
                id=f"s{number:08}",
                title=" ".join(chance.choices(pieces, k=2)),
                text=" ".join(text),
                date=(date(2010, 1, 1) + timedelta(days=chance.randrange(5800))).isoformat(),
                source=f"Testata {chance.randrange(24)}",
            )
            lines.write(msgspec.json.encode(article) + b"\n")
