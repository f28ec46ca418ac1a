"""Facts as they go into the store and come out of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from assistant.index.listing import Row, marks
from assistant.index.schema import DOCUMENT_COLUMNS
from assistant.text.bodies import KnownBodies, KnownForms
from assistant.types import Document, Language, Span

T = TypeVar("T")

FACT_COLUMNS = "kind, subject, attribute, value, written, measure, period, language"


@dataclass(frozen=True, slots=True)
class FactEntry:
    """A fact on its way into the store."""

    kind: str  # founded, seat, staff, members, jobs, value_added, funding, followers, lead, role, event, target …
    subject: str
    attribute: str  # which kind of members, whose funding, which role …
    value: str  # in its one form: 250, 1997, 2023-09-12, Dresden
    written: str
    measure: str  # number, date, EUR, USD, %, place or person
    period: str | None  # ISO 8601: as stated, else as of the document
    language: Language


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact with its place: `quote` is what the document says between the span's ends."""

    id: int
    unit_id: int
    chunk_id: str
    document: Document  # without its text
    entry: FactEntry
    span: Span
    quote: str
    section: tuple[str, ...]
    page: int | None

    @property
    def url(self) -> str:
        """Where the quote can be read in its document."""
        return f"/v1/documents/{self.document.id}#char={self.span.start},{self.span.end}"


class FactReader:
    """The part of a store that reads facts."""

    def _rows(self, query: str, values: Sequence[object] | dict[str, object] = ()) -> list[Row]:
        raise NotImplementedError

    def _kept(self, name: str, make: Callable[[], T]) -> T:
        raise NotImplementedError

    def facts(
        self,
        subject: str | None = None,
        kind: str | None = None,
        language: Language | None = None,
        chunk_ids: Sequence[str] | None = None,
        subjects: Sequence[str] | None = None,
    ) -> list[Fact]:
        """What the documents that answer state, in the order of their names and of reading.

        Args:
            subject: only about this body, in any of its names.
            kind: only this kind: founded, seat, members …
            language: only as documents of this language state it.
            chunk_ids: only what these passages state.
            subjects: only about bodies of exactly these names.
        """
        if subject is not None:
            subjects = self.known_bodies(kind).same(subject)
        within = "" if chunk_ids is None else f" AND u.chunk_id IN ({marks(chunk_ids)})"
        within += "" if subjects is None else f" AND f.subject IN ({marks(subjects)})"
        within += "" if kind is None else " AND f.kind = ?"
        within += "" if language is None else " AND f.language = ?"
        columns = ", ".join(f"d.{column}" for column in DOCUMENT_COLUMNS.split(", "))
        entry = ", ".join(f"f.{column}" for column in FACT_COLUMNS.split(", "))
        rows = self._rows(
            f"""SELECT f.id, f.unit_id, u.chunk_id, c.section, c.page, f.start, f."end",
                       substr(d.text, f.start + 1, f."end" - f.start), {entry}, {columns}, ''
                FROM facts f JOIN units u ON u.id = f.unit_id JOIN chunks c ON c.id = u.chunk_id
                JOIN documents d ON d.id = f.document_id
                WHERE d.superseded_by IS NULL{within}
                ORDER BY d.name, f.start, f."end", f.id""",
            (*(chunk_ids or ()), *(subjects or ()), *(value for value in (kind, language) if value is not None)),
        )
        return [_stored_fact(row) for row in rows]

    def known_bodies(self, kind: str | None = None) -> KnownBodies:
        """The bodies that documents that answer state facts about, or facts of one kind."""
        of_kind = "" if kind is None else " AND f.kind = ?"
        query = f"""SELECT DISTINCT f.subject FROM facts f JOIN documents d ON d.id = f.document_id
                    WHERE d.superseded_by IS NULL AND f.subject != ''{of_kind} ORDER BY f.subject"""
        return self._kept(
            f"bodies {kind}",
            lambda: KnownBodies((row[0] for row in self._rows(query, (kind,) if kind else ())), self.long_forms()),
        )

    def fact_attributes(self, kind: str) -> list[str]:
        """What facts of a kind are told apart by."""
        query = """SELECT DISTINCT f.attribute FROM facts f JOIN documents d ON d.id = f.document_id
                   WHERE d.superseded_by IS NULL AND f.kind = ?"""
        return self._kept(f"attributes {kind}", lambda: [row[0] for row in self._rows(query, (kind,))])

    def fact_places(self) -> list[tuple[str, str, int]]:
        """The kind and the subject of every fact with the unit that states it, of the documents that answer."""
        return self._rows(
            """SELECT f.kind, f.subject, f.unit_id FROM facts f JOIN documents d ON d.id = f.document_id
               WHERE d.superseded_by IS NULL ORDER BY f.id"""
        )

    def long_forms(self) -> KnownForms:
        """The long form of each short one that documents of any language explain."""
        query = "SELECT short, min(long) FROM abbreviations GROUP BY short ORDER BY short"
        return self._kept("long forms", lambda: KnownForms(self._rows(query)))


def _stored_fact(row: Row) -> Fact:
    fact_id, unit_id, chunk_id, section, page, start, end, quote, *rest = row
    width = len(FACT_COLUMNS.split(", "))
    entry, document = FactEntry(*rest[:width]), Document(*rest[width:])
    return Fact(fact_id, unit_id, chunk_id, document, entry, Span(start, end), quote, tuple(json.loads(section)), page)
