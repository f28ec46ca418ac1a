"""The tables of the store. A changed table needs a new SCHEMA_VERSION: an index with another one is refused."""

from assistant.types import Language

LANGUAGES: tuple[Language, ...] = ("de", "en")
SCHEMA_VERSION = "6"
DOCUMENT_COLUMNS = (
    "id, name, title, publisher, date, date_place, language, source, "
    "translation_of, supersedes, superseded_by, content_hash"
)
SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE files (name TEXT PRIMARY KEY, hash TEXT NOT NULL, document TEXT NOT NULL);
CREATE TABLE documents (
    id TEXT PRIMARY KEY, name TEXT UNIQUE NOT NULL, title TEXT NOT NULL, publisher TEXT, date TEXT, date_place TEXT,
    language TEXT NOT NULL, source TEXT, translation_of TEXT, supersedes TEXT, superseded_by TEXT,
    content_hash TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE chunks (
    id TEXT PRIMARY KEY, document_id TEXT NOT NULL REFERENCES documents ON DELETE CASCADE, language TEXT NOT NULL,
    section TEXT NOT NULL, page INTEGER, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    body TEXT NOT NULL, vector BLOB NOT NULL);
CREATE TABLE units (
    id INTEGER PRIMARY KEY, chunk_id TEXT NOT NULL REFERENCES chunks ON DELETE CASCADE, kind TEXT NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, lead_start INTEGER, lead_end INTEGER,
    language TEXT NOT NULL, searched INTEGER NOT NULL, body TEXT NOT NULL, context TEXT NOT NULL,
    digest BLOB NOT NULL, vector BLOB NOT NULL, tokens BLOB NOT NULL);
CREATE TABLE abbreviations (
    document_id TEXT NOT NULL REFERENCES documents ON DELETE CASCADE, language TEXT NOT NULL,
    short TEXT NOT NULL, long TEXT NOT NULL);
CREATE TABLE facts (
    id INTEGER PRIMARY KEY, document_id TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
    unit_id INTEGER NOT NULL REFERENCES units ON DELETE CASCADE, kind TEXT NOT NULL, subject TEXT NOT NULL,
    attribute TEXT NOT NULL, value TEXT NOT NULL, written TEXT NOT NULL, measure TEXT NOT NULL, period TEXT,
    language TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL);
CREATE TABLE worded (language TEXT PRIMARY KEY, ids BLOB NOT NULL, lengths BLOB NOT NULL);
CREATE INDEX units_by_chunk ON units (chunk_id);
CREATE INDEX units_by_digest ON units (digest);
CREATE INDEX units_by_language ON units (language, searched);
CREATE INDEX chunks_by_document ON chunks (document_id, language, id);
CREATE INDEX facts_by_document ON facts (document_id);
CREATE INDEX facts_by_unit ON facts (unit_id);
CREATE INDEX facts_by_kind ON facts (kind, subject);
CREATE INDEX abbreviations_by_document ON abbreviations (document_id);
""" + "".join(
    f"CREATE TABLE words_{language} (term TEXT PRIMARY KEY, places BLOB NOT NULL, counts BLOB NOT NULL);\n"
    for language in LANGUAGES
)
