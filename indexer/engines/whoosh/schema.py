"""What stock Whoosh sees of an index of ours: its fields, and what built it.

id       the id, one term
stems    what inflections share: title and text as one field, a title's words counting more
forms    the folded words of both, with their positions
source author section tag   whole values, folded
build    no article fills it: it says which format and which Italian chain built the index
"""

from __future__ import annotations

from whoosh.fields import ID, KEYWORD, STORED, FieldType, Schema
from whoosh.formats import Frequency, Positions

from indexer.engines.contract import Field
from indexer.italian import CHAIN

FORMAT = 3
READABLE = 2, FORMAT
"""The formats whose articles can be read: those of an earlier one are built anew from them."""


class Terms(FieldType):
    """A field whose terms come ready-made, from the Italian chain."""

    def __init__(self, *, placed: bool) -> None:
        super().__init__(Positions() if placed else Frequency(), analyzer=None, scorable=True)

    def to_bytes(self, value: str | bytes) -> bytes:
        """Encode a term; half a surrogate pair, which a JSON file may hold, is a letter too."""
        return value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")

    def from_bytes(self, bs: bytes) -> str:
        """Decode a term."""
        return bs.decode("utf-8", "surrogatepass")


class Build(FieldType):
    """The format and the chain: in the schema, hence in Whoosh's table of contents.

    So a rebuilt index and its new numbers come into force in the same instant.
    """

    indexed = False
    stored = False

    def __init__(self) -> None:
        self.index_format = FORMAT
        self.chain = CHAIN


def schema() -> Schema:
    """Return the schema of a new index."""
    return Schema(
        build=Build(),
        id=ID(unique=True),
        stems=Terms(placed=False),
        forms=Terms(placed=True),
        article=STORED(),
        **{field.value: KEYWORD() for field in Field},
    )
