"""What a Whoosh index of ours holds of an article, field by field.

id                              finds it
title_forms  title_stems        words of the own title, with their positions
text_forms   text_stems         words of the text
capital_forms accented_forms  forms mostly written so in title and text
author_words source_words       words of these two (forms alone)
source author section tag       whole values, folded: filters
written_source …                the values as written: facets
day length sort_title           numbers and a key to rank by
article raw indexed_at          the article itself (entries.py)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from whoosh.columns import NumericColumn
from whoosh.fields import COLUMN, STORED, Schema

from indexer.engines.contract import Field, Scope
from indexer.engines.whoosh.schema import Terms as ReadyTerms

FORMS = {
    Scope.TITLE: "title_forms",
    Scope.TEXT: "text_forms",
    Scope.AUTHOR: "author_words",
    Scope.SOURCE: "source_words",
}
CAPITALS, ACCENTS = "capital_forms", "accented_forms"
STEMS = {Scope.TITLE: "title_stems", Scope.TEXT: "text_stems"}
WRITTEN = {field: f"written_{field.value}" for field in Field}


class Terms(ReadyTerms):
    """A field whose terms come ready-made: each with the positions where it stands."""

    def __init__(self) -> None:
        super().__init__(placed=True)

    def index(
        self, value: Mapping[str, Sequence[int]], **_: object
    ) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield term, frequency, weight and encoded positions, as Whoosh wants them."""
        for term, positions in value.items():
            frequency = len(positions)
            yield self.to_bytes(term), frequency, float(frequency), self.format.encode(positions)


def schema() -> Schema:
    """Return the schema of a new index."""
    filled_by_terms = [
        "id",
        *FORMS.values(),
        *STEMS.values(),
        CAPITALS,
        ACCENTS,
        *(field.value for field in Field),
    ]
    return Schema(
        written_id=COLUMN(),
        day=COLUMN(NumericColumn("i")),
        length=COLUMN(NumericColumn("i")),
        sort_title=COLUMN(),
        article=STORED(),
        raw=STORED(),
        indexed_at=STORED(),
        **{name: Terms() for name in filled_by_terms},
        **{name: COLUMN() for name in WRITTEN.values()},
    )
