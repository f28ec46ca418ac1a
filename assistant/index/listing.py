"""What an index holds, read for lists: how long the documents are, and how many facts there are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Size:
    """How long a document is; `pages` is the last page a passage begins on, None where there are no pages."""

    characters: int
    pages: int | None


class ListingReader:
    """The part of a store that lists."""

    def _rows(self, query: str, values: Sequence[object] | dict[str, object] = ()) -> list[Row]:
        raise NotImplementedError

    def sizes(self, documents: Sequence[str]) -> dict[str, Size]:
        """The sizes of some documents by their ids; each text is read for it."""
        rows = self._rows(
            f"""SELECT d.id, length(d.text), max(c.page) FROM documents d LEFT JOIN chunks c ON c.document_id = d.id
                WHERE d.id IN ({",".join("?" * len(documents))}) GROUP BY d.id""",
            documents,
        )
        return {document: Size(*size) for document, *size in rows}

    def fact_count(self) -> int:
        """How many facts there are."""
        return int(self._rows("SELECT count(*) FROM facts")[0][0])


def marks(values: Collection[object]) -> str:
    """Places for values in a query."""
    return ",".join("?" * len(values))
