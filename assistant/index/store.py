"""The record of truth, read: documents, chunks, units, their words and vectors in one SQLite file."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from assistant.errors import AssistantError, IndexUnavailableError
from assistant.index.facts import FactReader
from assistant.index.late_interaction import Embedded, tokens_from
from assistant.index.listing import ListingReader, Row, marks
from assistant.index.schema import DOCUMENT_COLUMNS, SCHEMA_VERSION
from assistant.index.stored import Place, StoredChunk, StoredFile, StoredUnit
from assistant.index.word_lists import WordReader
from assistant.types import Document, Language, SentenceKind, Span, Unit

_MOST_VALUES = 500  # in one query
T = TypeVar("T")
FAILURES = (sqlite3.Error, UnicodeDecodeError)  # damaged bytes may be no text any more


class Store(FactReader, ListingReader, WordReader):
    """One SQLite file. Safe to read from several threads; see `StoreWriter` for writing.

    All methods raise IndexUnavailableError where the file is damaged.
    """

    mode = "ro"

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read: dict[str, tuple[int, object]] = {}
        try:
            self._db = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode={self.mode}", uri=True, check_same_thread=False
            )
        except FAILURES as error:
            raise self._unusable(error) from None
        try:
            self._prepare()
            schema = self.meta("schema")
        except FAILURES as error:
            self.close()
            raise self._unusable(error) from None
        except AssistantError:
            self.close()
            raise
        if schema != SCHEMA_VERSION:
            self.close()
            raise IndexUnavailableError(
                f"The index {path} has the format {schema}, this program reads {SCHEMA_VERSION}.", "Run lotse-ingest."
            )

    def close(self) -> None:
        """Close the file; idempotent."""
        self._db.close()

    def is_sound(self) -> bool:
        """Whether the whole file can be read; takes as long as reading it."""
        try:
            return self._rows("PRAGMA integrity_check(1)") == [("ok",)]
        except IndexUnavailableError:
            return False

    def _prepare(self) -> None:
        """What a connection needs before it is used."""

    def _rows(self, query: str, values: Sequence[object] | dict[str, object] = ()) -> list[Row]:
        try:
            return self._db.execute(query, values).fetchall()
        except FAILURES as error:
            raise self._unusable(error) from None

    def _kept(self, name: str, make: Callable[[], T]) -> T:
        """What is read once, and again only after a change of this store."""
        changes = self._db.total_changes
        kept = self._read.get(name)
        if kept is None or kept[0] != changes:
            kept = self._read[name] = changes, make()
        return cast(T, kept[1])

    def _unusable(self, error: Exception) -> AssistantError:
        return IndexUnavailableError(
            f"{self.path} is not an index of Clusterlotse ({error}).",
            "Name another folder, or run lotse-ingest to make it anew.",
        )

    # ---- what it holds ---------------------------------------------------------------------------------------

    def meta(self, key: str) -> str | None:
        """A stored property of the index."""
        rows = self._rows("SELECT value FROM meta WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else None

    def files(self) -> dict[str, StoredFile]:
        """All files that went in, in the order of their names."""
        return {row[0]: StoredFile(*row) for row in self._rows("SELECT name, hash, document FROM files ORDER BY name")}

    def documents(self) -> list[Document]:
        """All documents in the order of their names, without their texts."""
        return [Document(*row) for row in self._rows(f"SELECT {DOCUMENT_COLUMNS}, '' FROM documents ORDER BY name")]

    def document(self, document_id: str) -> Document | None:
        """One document with its text."""
        rows = self._rows(f"SELECT {DOCUMENT_COLUMNS}, text FROM documents WHERE id = ?", (document_id,))
        return Document(*rows[0]) if rows else None

    def place(self, document_id: str, start: int) -> Place | None:
        """Under which headings and on which page a character of a document stands; None between passages."""
        rows = self._rows(
            'SELECT section, page FROM chunks WHERE document_id = ? AND start <= ? AND "end" > ? ORDER BY start DESC',
            (document_id, start, start),
        )
        return Place(tuple(json.loads(rows[0][0])), rows[0][1]) if rows else None

    def fingerprint(self, name: str) -> str:
        """A hash of all that is stored about the document of this name, which its damage changes."""
        of_document = "(SELECT id FROM documents WHERE name = ?)"
        found = hashlib.sha256()
        for query in (
            "SELECT * FROM documents WHERE name = ?",
            f"SELECT * FROM chunks WHERE document_id = {of_document} ORDER BY rowid",
            f"SELECT * FROM units WHERE chunk_id IN (SELECT id FROM chunks WHERE document_id = {of_document}) ORDER BY id",
            f"SELECT * FROM abbreviations WHERE document_id = {of_document} ORDER BY rowid",
            f"SELECT * FROM facts WHERE document_id = {of_document} ORDER BY id",
        ):
            for row in self._rows(query, (name,)):
                found.update(repr(row).encode())
        return found.hexdigest()

    def digests(self) -> dict[str, frozenset[bytes]]:
        """For each document's name the digests of the texts that were embedded for it."""
        rows = self._rows(
            """SELECT d.name, u.digest FROM units u JOIN chunks c ON c.id = u.chunk_id
               JOIN documents d ON d.id = c.document_id"""
        )
        found: dict[str, set[bytes]] = {}
        for name, digest in rows:
            found.setdefault(name, set()).add(digest)
        return {name: frozenset(digests) for name, digests in found.items()}

    def embedded(self, digests: Sequence[bytes]) -> dict[bytes, Embedded]:
        """The vectors of texts that were embedded before, by the texts' digests; unknown ones are left out."""
        found: dict[bytes, Embedded] = {}
        for start in range(0, len(digests), _MOST_VALUES):
            part = digests[start : start + _MOST_VALUES]
            rows = self._rows(f"SELECT digest, vector, tokens FROM units WHERE digest IN ({marks(part)})", part)
            found.update((row[0], Embedded(np.frombuffer(row[1], np.float32), tokens_from(row[2]))) for row in rows)
        return found

    def abbreviations(self, language: Language) -> list[tuple[str, str]]:
        """All distinct short forms with their long forms that documents of a language explain."""
        query = "SELECT DISTINCT short, long FROM abbreviations WHERE language = ? ORDER BY short, long"
        return self._rows(query, (language,))

    def counts(self) -> dict[str, int]:
        """How many documents, chunks and units there are."""
        return {
            table: int(self._rows(f"SELECT count(*) FROM {table}")[0][0]) for table in ("documents", "chunks", "units")
        }

    def unit_counts(self) -> dict[Language, int]:
        """How many units can be searched in each language that occurs."""
        return dict(self._rows("SELECT language, count(*) FROM units WHERE searched GROUP BY language"))

    def searched_ids(self, language: Language) -> list[int]:
        """The ids of all units of a language that can be searched, in order."""
        return [
            row[0]
            for row in self._rows("SELECT id FROM units WHERE searched AND language = ? ORDER BY id", (language,))
        ]

    def units(self, ids: Sequence[int]) -> list[StoredUnit]:
        """The units with these ids, in the order of the ids asked for."""
        rows = self._rows(
            f"""SELECT u.id, u.chunk_id, c.document_id, u.language, u.kind, u.start, u."end", u.lead_start, u.lead_end,
                       u.body, u.context, u.vector, u.tokens
                FROM units u JOIN chunks c ON c.id = u.chunk_id WHERE u.id IN ({marks(ids)})""",
            list(ids),
        )
        found = {row[0]: _stored_unit(row) for row in rows}
        return [found[unit_id] for unit_id in ids]

    def documents_of_units(self, language: Language) -> list[tuple[int, str]]:
        """The id of each unit of a language with the id of its document, in the order of the units' ids."""
        return self._rows(  # the + keeps SQLite from walking through all units in their order, vectors and all
            """SELECT u.id, c.document_id FROM chunks c JOIN units u ON u.chunk_id = c.id
               WHERE c.language = ? ORDER BY +u.id""",
            (language,),
        )

    def units_of(self, chunk_ids: Sequence[str]) -> dict[str, list[Unit]]:
        """All units of the chunks, in reading order."""
        rows = self._rows(
            f"""SELECT chunk_id, kind, start, "end", lead_start, lead_end FROM units
                WHERE chunk_id IN ({marks(chunk_ids)}) ORDER BY start, "end" DESC""",
            list(chunk_ids),
        )
        found: dict[str, list[Unit]] = {chunk_id: [] for chunk_id in chunk_ids}
        for chunk_id, *unit in rows:
            found[chunk_id].append(_unit(*unit))
        return found

    def chunks(self, ids: Sequence[str]) -> dict[str, StoredChunk]:
        """The chunks with these ids."""
        columns = ", ".join(f"d.{column}" for column in DOCUMENT_COLUMNS.split(", "))
        rows = self._rows(
            f"""SELECT c.id, c.language, c.section, c.page, c.start, c."end", substr(d.text, c.start + 1, c."end" - c.start),
                       c.body, c.vector,
                       {columns}, ''
                FROM chunks c JOIN documents d ON d.id = c.document_id WHERE c.id IN ({marks(ids)})""",
            list(ids),
        )
        return {
            row[0]: StoredChunk(
                row[0],
                row[1],
                tuple(json.loads(row[2])),
                row[3],
                Span(row[4], row[5]),
                row[6],
                frozenset(row[7].split()),
                np.frombuffer(row[8], np.float32),
                Document(*row[9:]),
            )
            for row in rows
        }

    def vectors(
        self, language: Language, ids: Sequence[int] | None = None, batch: int = 1000
    ) -> Iterator[tuple[list[int], NDArray[np.float32]]]:
        """The ids of the units of a language that can be searched with their vectors, shape (n, dimension), in batches.

        Args:
            ids: only these, all of them without it.
        """
        ids = self.searched_ids(language) if ids is None else ids
        for start in range(0, len(ids), batch):
            part = list(ids[start : start + batch])
            rows = self._rows(f"SELECT id, vector FROM units WHERE id IN ({marks(part)}) ORDER BY id", part)
            yield [row[0] for row in rows], np.stack([np.frombuffer(row[1], np.float32) for row in rows])


def _unit(kind: SentenceKind, start: int, end: int, lead_start: int | None, lead_end: int | None) -> Unit:
    lead = None if lead_start is None or lead_end is None else Span(lead_start, lead_end)
    return Unit(Span(start, end), kind, lead)


def _stored_unit(row: Row) -> StoredUnit:
    unit_id, chunk_id, document_id, language, *unit, body, context, vector, tokens = row
    return StoredUnit(
        unit_id, chunk_id, document_id, language, _unit(*unit),
        frozenset(body.split()), frozenset(context.split()), np.frombuffer(vector, np.float32),
        tokens_from(tokens),
    )  # fmt: skip
