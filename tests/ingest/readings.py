"""What a reader made of a file, in a form that tests can compare, and packages made by hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from ingest.read.blocks import Reading
from ingest.split import split_document


def told(reading: Reading) -> list[tuple[str, str]]:
    """Kinds and words of the blocks, after a look that their spans are in order and hold nothing but words."""
    found, end = [], 0
    for block in reading.blocks:
        words = reading.text[block.span.start : block.span.end]
        assert block.span.start >= end
        assert words == " ".join(words.split())
        assert bool(words) == (block.kind != "break")
        end = block.span.end
        kind = f"h{block.level}" if block.kind == "heading" else block.kind
        found += [(kind, words)] if words else []
    return found


def labels(reading: Reading) -> list[str]:
    """Where the labelled blocks stand."""
    return [block.label for block in reading.blocks if block.label]


def quoted(reading: Reading) -> list[tuple[tuple[str, ...], int | None, str, str | None]]:
    """Section, page, words and lead of all that can be quoted."""
    return [
        (
            chunk.section,
            chunk.page,
            reading.text[unit.span.start : unit.span.end],
            reading.text[unit.lead.start : unit.lead.end] if unit.lead else None,
        )
        for chunk in split_document("id", "hash", reading, "de")
        for unit in chunk.units
    ]


def repacked(data: bytes, changes: Mapping[str, str | bytes | None]) -> bytes:
    """An office file with some of its parts changed, added or (None) removed."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        parts: dict[str, str | bytes | None] = {name: source.read(name) for name in source.namelist()} | dict(changes)
        for name, content in parts.items():
            if content is not None:
                target.writestr(name, content)
    return result.getvalue()


def part(data: bytes, name: str) -> str:
    """A part of an office file."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        return source.read(name).decode()
