"""Does all in a segment fit together? What checksums cannot tell: that it was written right.

Each sentence names what does not fit; none is the answer for a segment that is whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np

from indexer.engines.contract import EngineError, Field
from indexer.engines.order import sort_title
from indexer.engines.whoosh.columns import hash_id
from indexer.engines.whoosh.postings import Postings
from indexer.engines.whoosh.sections import Array
from indexer.engines.whoosh.segment import ColumnarSegment
from indexer.engines.whoosh.segment_file import SegmentFile


def misfits(file: SegmentFile, segment: ColumnarSegment) -> Iterator[str]:
    """Yield what does not fit together in *file*, whose checksums are right."""
    if file.articles != segment.articles:
        yield f"it holds {file.articles} articles, the table of contents says {segment.articles}"
        return
    if segment.deleted is not None and len(segment.deleted) != -(-segment.articles // 8):
        yield "the table of contents has deletions of another number of articles"
    yield from _columns(file)
    yield from _terms(file)
    yield from _postings(file.postings(), file.articles)


def _columns(file: SegmentFile) -> Iterator[str]:
    columns, articles = file.columns, file.articles
    lengths = {
        len(columns.days),
        len(file.title_words),
        len(file.text_words),
        len(columns.id_ranks),
    }
    if lengths != {articles}:
        yield "columns are of different lengths"
        return
    ids = columns.ids(range(articles))
    if columns.hashes().tolist() != [hash_id(each) for each in ids]:
        yield "ids and their hashes disagree"
    order = np.argsort(columns.id_ranks, kind="stable").tolist()
    if [ids[number] for number in order] != sorted(ids):
        yield "ids are not in their order"
    if len(columns.titles()) != articles:
        yield "titles are missing"
    for field in Field:
        facet = columns.facet(field)
        if len(facet.entries) and int(facet.entries.max()) >= len(facet.values):
            yield f"{field} names values that there are not"


def _terms(file: SegmentFile) -> Iterator[str]:
    terms = file.terms
    keys = terms.all_keys()
    if any(first >= second for first, second in pairwise(keys)):
        yield "terms are not in their order"
    forms = [key.partition(b"\0")[2] for key in keys]
    for number, form in enumerate(forms):
        if form and number not in terms.of_form(form.decode("utf-8", "surrogatepass")):
            yield f"the form of term {number} is not found"
            return


def _postings(postings: Postings, articles: int) -> Iterator[str]:
    starts, position_starts = postings.starts, postings.position_starts
    if not (_spans(starts, len(postings.numbers)) and _spans(starts, len(postings.codes))):
        yield "terms and postings disagree"
        return
    if not _spans(position_starts, len(postings.positions)):
        yield "terms and positions disagree"
        return
    numbers = postings.numbers.astype(np.int64)
    if len(numbers) and int(numbers.max()) >= articles:
        yield "postings name articles that there are not"
    begins = np.zeros(len(numbers) + 1, bool)
    begins[starts] = True
    if ((np.diff(numbers) <= 0) & ~begins[1:-1]).any():
        yield "the articles of a term are not in their order"
    if int(postings.position_counts().sum()) != len(postings.positions):
        yield "postings and positions disagree"


def _spans(starts: Array, length: int) -> bool:
    return int(starts[0]) == 0 and int(starts[-1]) == length and bool((np.diff(starts) >= 0).all())


def unreadable(file: SegmentFile) -> Iterator[tuple[int, str | None]]:
    """Yield the number, and the id where it is known, of each article that cannot be read."""
    ids = _known(lambda: file.columns.ids(range(file.articles)), file.articles)
    titles = _known(file.columns.titles, file.articles)
    for number, (own_id, title) in enumerate(zip(ids, titles, strict=True)):
        try:
            article = file.article(number, raw=True).article
        except Exception:  # what is damaged may end in anything
            yield number, own_id
            continue
        if own_id not in (None, article.id) or title not in (None, sort_title(article.title)):
            yield number, own_id


def _known(read: Callable[[], list[str]], articles: int) -> Sequence[str | None]:
    try:
        return read()
    except EngineError:
        return [None] * articles
