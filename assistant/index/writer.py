"""The record of truth, written: one writer, one transaction for all that belongs together."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.errors import AssistantError
from assistant.index.facts import FACT_COLUMNS, FactEntry
from assistant.index.late_interaction import Embedded
from assistant.index.listing import marks
from assistant.index.schema import DOCUMENT_COLUMNS, LANGUAGES, SCHEMA, SCHEMA_VERSION
from assistant.index.store import FAILURES, Store
from assistant.index.word_lists import word_lists
from assistant.types import Chunk, Document, Language, Unit


@dataclass(frozen=True, slots=True)
class UnitEntry:
    """A unit on its way into the store: its normalised words, the digest of what was embedded, and the vectors."""

    unit: Unit
    body: str
    context: str
    digest: bytes
    embedded: Embedded


class StoreWriter(Store):
    """A store that can be changed. Words find what it holds after `search_all`, and changes are durable after `commit`.

    All methods raise AssistantError where the disk refuses.
    """

    mode = "rwc"

    def _prepare(self) -> None:
        self._db.execute("PRAGMA foreign_keys = ON")
        if not self._db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
            self._db.executescript(SCHEMA)
            self._db.execute("INSERT INTO meta VALUES ('schema', ?)", (SCHEMA_VERSION,))
            self._db.commit()

    def commit(self) -> None:
        """Make the changes durable."""
        try:
            self._db.commit()
        except FAILURES as error:
            raise self._refused(error) from None

    def set_meta(self, key: str, value: str) -> None:
        """Store a property of the index."""
        self._write("INSERT OR REPLACE INTO meta VALUES (?, ?)", [(key, value)])

    def put_file(self, name: str, file_hash: str, document: str) -> None:
        """Remember a file, the hash of its bytes and the name of the document it holds."""
        self._write("INSERT OR REPLACE INTO files VALUES (?, ?, ?)", [(name, file_hash, document)])

    def forget_file(self, name: str) -> None:
        """Remember a file no longer."""
        self._write("DELETE FROM files WHERE name = ?", [(name,)])

    def add(
        self,
        document: Document,
        chunks: Iterable[tuple[Chunk, Sequence[UnitEntry]]],
        abbreviations: Mapping[str, str],
    ) -> None:
        """Put a document in with its chunks and units, and the short forms that it explains with their long forms."""
        values = [getattr(document, column) for column in (*DOCUMENT_COLUMNS.split(", "), "text")]
        self._write(f"INSERT INTO documents ({DOCUMENT_COLUMNS}, text) VALUES ({marks(values)})", [values])
        for chunk, entries in chunks:
            span = chunk.span
            row = (
                chunk.id, document.id, chunk.language, json.dumps(chunk.section), chunk.page, span.start, span.end,
                " ".join(sorted({word for entry in entries for word in entry.body.split()})), _middle(entries).tobytes(),
            )  # fmt: skip
            self._write(f"INSERT INTO chunks VALUES ({marks(row)})", [row])
            rows = [_unit_row(chunk, entry) for entry in entries]
            self._write(f"INSERT INTO units VALUES ({marks(range(14))})", rows)
        explained = [(document.id, document.language, short, long) for short, long in abbreviations.items()]
        self._write("INSERT INTO abbreviations VALUES (?, ?, ?, ?)", explained)

    def add_facts(self, facts: Iterable[tuple[Chunk, Unit, FactEntry]]) -> None:
        """Put in what units that went in before state."""
        rows = dict(_fact_row(chunk, unit, entry) for chunk, unit, entry in facts)  # a unit states the same thing once
        values = [(fact_id, *row) for fact_id, row in rows.items()]
        columns = f'id, document_id, unit_id, {FACT_COLUMNS}, start, "end"'
        self._write(f"INSERT INTO facts ({columns}) VALUES ({marks(range(13))})", values)

    def write_ahead(self) -> None:
        """Commit fast, and still safe against a killed process: for a store that is written often."""
        self._write("PRAGMA journal_mode = WAL", [()])
        self._write("PRAGMA synchronous = NORMAL", [()])

    def attach(self, path: Path) -> None:
        """Open another store to take documents from; before the first change, which opens a transaction."""
        self._write("ATTACH ? AS other", [(str(path),)])

    def take_over(self, names: Sequence[str]) -> None:
        """Copy documents with all that belongs to them from the attached store, in the order of their names given."""
        of_document = "(SELECT id FROM other.documents WHERE name = ?)"
        parts = {
            "documents": f"id = {of_document}",
            "chunks": f"document_id = {of_document} ORDER BY rowid",
            "units": f"chunk_id IN (SELECT id FROM other.chunks WHERE document_id = {of_document}) ORDER BY id",
            "abbreviations": f"document_id = {of_document} ORDER BY rowid",
            "facts": f"document_id = {of_document} ORDER BY id",
        }
        for name in names:
            for table, which in parts.items():
                self._write(f"INSERT INTO {table} SELECT * FROM other.{table} WHERE {which}", [(name,)])

    def remove(self, document_id: str) -> None:
        """Take a document out with all that belongs to it."""
        self._hide(document_id)
        self._write("DELETE FROM documents WHERE id = ?", [(document_id,)])

    def supersede(self, names: Mapping[str, str]) -> None:
        """Let newer editions answer in place of older ones; `names` holds the newer one's name for each older one's."""
        for document in self.documents():
            newer = names.get(document.name)
            if newer != document.superseded_by:
                self._write("UPDATE documents SET superseded_by = ? WHERE id = ?", [(newer, document.id)])
                if newer:
                    self._hide(document.id)

    def search_all(self) -> None:
        """Make everything searchable, but for superseded documents, and the lists of words those of what is."""
        for language in LANGUAGES:
            new = f"""FROM units WHERE NOT searched AND language = '{language}' AND chunk_id IN (
                      SELECT c.id FROM chunks c JOIN documents d ON d.id = c.document_id WHERE d.superseded_by IS NULL)"""
            self._write(f"UPDATE units SET searched = 1 WHERE id IN (SELECT id {new})", [()])
            self._write_words(language)

    def _write_words(self, language: Language) -> None:
        """All of them anew: what one unit changes in them is scattered over as many lists as it has words."""
        units = "SELECT id, body, context FROM units WHERE searched AND language = ? ORDER BY id"
        try:
            made = word_lists(self._db.execute(units, (language,)))
        except FAILURES as error:
            raise self._unusable(error) from None
        self._write(f"DELETE FROM words_{language}", [()])
        rows = [(term, *lists) for term, lists in made.lists.items()]
        self._write(f"INSERT INTO words_{language} VALUES (?, ?, ?)", rows)
        self._write("INSERT OR REPLACE INTO worded VALUES (?, ?, ?)", [(language, made.ids, made.lengths)])

    def _hide(self, document_id: str) -> None:
        units = "FROM units WHERE searched AND chunk_id IN (SELECT id FROM chunks WHERE document_id = ?)"
        self._write(f"UPDATE units SET searched = 0 WHERE id IN (SELECT id {units})", [(document_id,)])

    def _unusable(self, error: Exception) -> AssistantError:
        """The file is no index, or it is one and the disk refuses."""
        return self._refused(error) if isinstance(error, sqlite3.OperationalError) else super()._unusable(error)

    def _write(self, query: str, rows: Collection[Sequence[object]]) -> None:
        try:
            self._db.executemany(query, rows) if len(rows) != 1 else self._db.execute(query, next(iter(rows)))
        except FAILURES as error:
            raise self._refused(error) from None

    def _refused(self, error: Exception) -> AssistantError:
        return AssistantError(
            f"The index {self.path} cannot be written ({error}).", "Make room on the disk, or check its rights."
        )


def _middle(entries: Sequence[UnitEntry]) -> NDArray[np.float32]:
    """The mean of the vectors of a passage's units, in reading order."""
    ordered = sorted(entries, key=lambda entry: (entry.unit.span.start, -entry.unit.span.end))
    return np.asarray(np.mean([entry.embedded.vector for entry in ordered], axis=0), np.float32)


def _unit_row(chunk: Chunk, entry: UnitEntry) -> Sequence[object]:
    unit, lead = entry.unit, entry.unit.lead
    return (
        _unit_id(chunk, unit), chunk.id, unit.kind, unit.span.start, unit.span.end, lead and lead.start, lead and lead.end,
        chunk.language, 0, entry.body, entry.context, entry.digest,
        entry.embedded.vector.tobytes(), entry.embedded.tokens.tobytes(),
    )  # fmt: skip


def _fact_row(chunk: Chunk, unit: Unit, entry: FactEntry) -> tuple[int, Sequence[object]]:
    unit_id = _unit_id(chunk, unit)
    values = [getattr(entry, column) for column in FACT_COLUMNS.split(", ")]
    fact_id = _id_of(f"{unit_id}:{entry.kind}:{entry.subject}:{entry.attribute}:{entry.value}")
    return fact_id, (chunk.document_id, unit_id, *values, unit.span.start, unit.span.end)


def _unit_id(chunk: Chunk, unit: Unit) -> int:
    """From what the unit is, not from when it came, so that the vectors of unchanged documents keep their ids."""
    return _id_of(f"{chunk.id}:{unit.kind}:{unit.span.start}:{unit.span.end}")


def _id_of(key: str) -> int:
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big") >> 1
