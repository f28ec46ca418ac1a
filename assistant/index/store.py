"""The record of truth: documents, chunks, units, their words and vectors in one SQLite file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.errors import IndexUnavailableError
from assistant.index.schema import LANGUAGES, SCHEMA, SCHEMA_VERSION
from assistant.types import Chunk, Document, Language, Span, Unit

Vector = NDArray[np.float32]

_CONTEXT_WEIGHT = 0.5  # a word in the heading counts half a word in the sentence
_DOCUMENT_COLUMNS = "id, name, title, publisher, date, language, source, translation_of, content_hash"


@dataclass(frozen=True, slots=True)
class UnitEntry:
    """A unit on its way into the store, with its normalised words and its vector of shape (dimension,)."""

    unit: Unit
    body: str
    context: str
    vector: Vector


@dataclass(frozen=True, slots=True)
class StoredUnit:
    """A unit as it comes out of the store."""

    id: int
    chunk_id: str
    document_id: str
    language: Language
    unit: Unit
    body: frozenset[str]
    context: frozenset[str]
    vector: Vector


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """A chunk with the facts about its document."""

    id: str
    section: tuple[str, ...]
    page: int | None
    span: Span
    text: str
    document: Document  # without its text


class Store:
    """One SQLite file. Safe to read from several threads; one writer."""

    def __init__(self, path: Path, *, writable: bool = False) -> None:
        self.path = path
        try:
            self._db = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode={'rwc' if writable else 'ro'}", uri=True, check_same_thread=False
            )
            schema = self._schema(create=writable)
        except sqlite3.DatabaseError as error:
            raise IndexUnavailableError(
                f"{path} is not an index of Clusterlotse ({error}).",
                "Name another folder, or delete it and run lotse-ingest.",
            ) from None
        if schema != SCHEMA_VERSION:
            self.close()
            raise IndexUnavailableError(
                f"The index {path} has the format {schema}, this program reads {SCHEMA_VERSION}.", "Run lotse-ingest."
            )

    def _schema(self, *, create: bool) -> str | None:
        """The format of the file; an empty one is given ours first."""
        try:
            self._db.execute("PRAGMA foreign_keys = ON")
            if create and not self._db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
                self._db.executescript(SCHEMA)
                self.set_meta("schema", SCHEMA_VERSION)
            return self.meta("schema")
        except sqlite3.DatabaseError:
            self._db.close()
            raise

    def close(self) -> None:
        """Close the file; idempotent."""
        self._db.close()

    def is_sound(self) -> bool:
        """Whether the whole file can be read; takes as long as reading it."""
        try:
            return bool(self._db.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
        except sqlite3.DatabaseError:
            return False

    def commit(self) -> None:
        """Make the changes durable."""
        self._db.commit()

    # ---- meta ------------------------------------------------------------------------------------------------

    def meta(self, key: str) -> str | None:
        """A stored property of the index."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def set_meta(self, key: str, value: str) -> None:
        """Store a property of the index."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    # ---- documents -------------------------------------------------------------------------------------------

    def documents(self) -> list[Document]:
        """All documents in the order of their names, without their texts."""
        rows = self._db.execute(f"SELECT {_DOCUMENT_COLUMNS}, '' FROM documents ORDER BY name")
        return [Document(*row) for row in rows]

    def document(self, document_id: str) -> Document | None:
        """One document with its text."""
        row = self._db.execute(
            f"SELECT {_DOCUMENT_COLUMNS}, text FROM documents WHERE id = ?", (document_id,)
        ).fetchone()
        return None if row is None else Document(*row)

    def add(self, document: Document, chunks: Iterable[tuple[Chunk, Sequence[UnitEntry]]]) -> None:
        """Put a document in with its chunks and units."""
        self._db.execute(
            f"INSERT INTO documents ({_DOCUMENT_COLUMNS}, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [getattr(document, column) for column in (*_DOCUMENT_COLUMNS.split(", "), "text")],
        )
        for chunk, entries in chunks:
            self._db.execute(
                "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?)",
                (chunk.id, document.id, json.dumps(chunk.section), chunk.page, chunk.span.start, chunk.span.end),
            )
            for entry in entries:
                self._add_unit(chunk.id, document.language, entry)

    def _add_unit(self, chunk_id: str, language: Language, entry: UnitEntry) -> None:
        unit, lead = entry.unit, entry.unit.lead
        cursor = self._db.execute(
            "INSERT INTO units VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                chunk_id, unit.kind, unit.span.start, unit.span.end, lead and lead.start, lead and lead.end,
                language, entry.body, entry.context, entry.vector.astype(np.float32).tobytes(),
            ),
        )  # fmt: skip
        self._db.execute(
            f"INSERT INTO words_{language} (rowid, body, context) VALUES (?, ?, ?)",
            (cursor.lastrowid, entry.body, entry.context),
        )

    def add_abbreviations(self, document: Document, explained: Mapping[str, str]) -> None:
        """Keep the short forms that a document explains, each with its long form."""
        rows = [(document.id, document.language, short, long) for short, long in explained.items()]
        self._db.executemany("INSERT INTO abbreviations VALUES (?, ?, ?, ?)", rows)

    def abbreviations(self, language: Language) -> list[tuple[str, str]]:
        """All distinct short forms with their long forms that documents of a language explain."""
        query = "SELECT DISTINCT short, long FROM abbreviations WHERE language = ? ORDER BY short, long"
        return self._db.execute(query, (language,)).fetchall()

    def remove(self, document_id: str) -> None:
        """Take a document out with all that belongs to it."""
        for language in LANGUAGES:
            self._db.execute(
                f"""INSERT INTO words_{language} (words_{language}, rowid, body, context)
                    SELECT 'delete', u.id, u.body, u.context FROM units u JOIN chunks c ON c.id = u.chunk_id
                    WHERE c.document_id = ? AND u.language = ?""",
                (document_id, language),
            )
        self._db.execute("DELETE FROM documents WHERE id = ?", (document_id,))

    # ---- reading ---------------------------------------------------------------------------------------------

    def counts(self) -> dict[str, int]:
        """How many documents, chunks and units there are."""
        return {
            table: int(self._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
            for table in ("documents", "chunks", "units")
        }

    def unit_counts(self) -> dict[Language, int]:
        """How many units there are in each language that occurs."""
        return dict(self._db.execute("SELECT language, count(*) FROM units GROUP BY language").fetchall())

    def search_words(self, terms: Sequence[str], language: Language, limit: int) -> dict[int, float]:
        """The ids of the units of a language that hold any of the terms, with their BM25 score, best first."""
        if not terms:
            return {}
        rows = self._db.execute(
            f"""SELECT rowid, -bm25(words_{language}, 1.0, {_CONTEXT_WEIGHT}) AS score FROM words_{language}
                WHERE words_{language} MATCH ? ORDER BY score DESC, rowid LIMIT ?""",
            (" OR ".join(f'"{term}"' for term in terms), limit),
        )
        return dict(rows.fetchall())

    def frequencies(self, terms: Iterable[str], language: Language) -> dict[str, int]:
        """In how many units of a language each term occurs; 0 for an unknown one."""
        query = f"SELECT doc FROM vocabulary_{language} WHERE term = ?"
        found = {term: self._db.execute(query, (term,)).fetchone() for term in terms}
        return {term: int(row[0]) if row else 0 for term, row in found.items()}

    def terms(self, language: Language) -> list[str]:
        """All terms of a language's units."""
        return [row[0] for row in self._db.execute(f"SELECT term FROM vocabulary_{language}")]

    def units(self, ids: Sequence[int]) -> list[StoredUnit]:
        """The units with these ids, in the order of the ids asked for."""
        rows = self._db.execute(
            f"""SELECT u.id, u.chunk_id, c.document_id, u.language, u.kind, u.start, u."end", u.lead_start, u.lead_end,
                       u.body, u.context, u.vector
                FROM units u JOIN chunks c ON c.id = u.chunk_id WHERE u.id IN ({_marks(ids)})""",
            list(ids),
        )
        found = {row[0]: _stored_unit(row) for row in rows}
        return [found[unit_id] for unit_id in ids]

    def units_of(self, chunk_ids: Sequence[str]) -> dict[str, list[Unit]]:
        """All units of the chunks, in reading order."""
        rows = self._db.execute(
            f"""SELECT chunk_id, kind, start, "end", lead_start, lead_end FROM units
                WHERE chunk_id IN ({_marks(chunk_ids)}) ORDER BY id""",
            list(chunk_ids),
        )
        found: dict[str, list[Unit]] = {chunk_id: [] for chunk_id in chunk_ids}
        for chunk_id, kind, start, end, lead_start, lead_end in rows:
            found[chunk_id].append(
                Unit(Span(start, end), kind, None if lead_start is None else Span(lead_start, lead_end))
            )
        return found

    def chunks(self, ids: Sequence[str]) -> dict[str, StoredChunk]:
        """The chunks with these ids."""
        columns = ", ".join(f"d.{column}" for column in _DOCUMENT_COLUMNS.split(", "))
        rows = self._db.execute(
            f"""SELECT c.id, c.section, c.page, c.start, c."end", substr(d.text, c.start + 1, c."end" - c.start),
                       {columns}, ''
                FROM chunks c JOIN documents d ON d.id = c.document_id WHERE c.id IN ({_marks(ids)})""",
            list(ids),
        )
        return {
            row[0]: StoredChunk(
                row[0], tuple(json.loads(row[1])), row[2], Span(row[3], row[4]), row[5], Document(*row[6:])
            )
            for row in rows
        }

    def vectors(self, language: Language, batch: int = 1000) -> Iterator[tuple[list[int], NDArray[np.float32]]]:
        """All unit ids of a language with their vectors, shape (n, dimension), in batches."""
        rows = self._db.execute("SELECT id, vector FROM units WHERE language = ? ORDER BY id", (language,))
        while part := rows.fetchmany(batch):
            yield [row[0] for row in part], np.stack([np.frombuffer(row[1], np.float32) for row in part])


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


def _stored_unit(row: tuple[object, ...]) -> StoredUnit:
    unit_id, chunk_id, document_id, language, kind, start, end, lead_start, lead_end, body, context, vector = row
    lead = None if lead_start is None else Span(lead_start, lead_end)  # type: ignore[arg-type]
    return StoredUnit(
        unit_id, chunk_id, document_id, language, Unit(Span(start, end), kind, lead),  # type: ignore[arg-type]
        frozenset(str(body).split()), frozenset(str(context).split()), np.frombuffer(vector, np.float32),  # type: ignore[call-overload]
    )  # fmt: skip
