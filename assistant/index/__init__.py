"""The index: SQLite as the record of truth, Chroma for the vectors."""
