"""Facts as the command and the API show them: one row a fact, each with its citation."""

from __future__ import annotations

import csv
import difflib
import io
import json
import unicodedata
from collections.abc import Mapping, Sequence

from assistant.errors import InvalidInputError
from assistant.index.facts import Fact
from assistant.text.patterns import kinds

Row = Mapping[str, str | int | None]

COLUMNS = (
    "kind subject attribute value written unit period language document_id title publisher date section page quote start end url"
).split()
_SHOWN = ("kind", "subject", "attribute", "written", "period", "title", "date", "url")
_WIDEST = 44  # characters of a cell of the printed table


def check_kind(kind: str | None) -> None:
    """Refuse a kind that no fact can have.

    Raises:
        InvalidInputError: it names the nearest kind.
    """
    if kind is None or kind in kinds():
        return
    near = difflib.get_close_matches(kind, kinds(), 1)
    meant = f"Did you mean {near[0]}? " if near else ""
    raise InvalidInputError(f"There is no kind of fact {kind[:32]!r}.", f"{meant}Kinds: {', '.join(kinds())}.")


def fact_row(fact: Fact) -> dict[str, str | int | None]:
    """A fact with its citation; `quote` is the document's text from `start` to `end`."""
    entry, document = fact.entry, fact.document
    values = (
        entry.kind, entry.subject, entry.attribute, entry.value, entry.written, entry.measure, entry.period, entry.language,
        document.id, document.title, document.publisher, document.date, " > ".join(fact.section), fact.page,
        fact.quote, fact.span.start, fact.span.end, fact.url,
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


def as_json(rows: Sequence[Row]) -> str:
    """A list of objects."""
    return json.dumps(list(rows), ensure_ascii=False, indent=2)


def as_csv(rows: Sequence[Row]) -> str:
    """A header and a line each, after RFC 4180."""
    written = io.StringIO()
    writer = csv.DictWriter(written, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue()


def as_table(rows: Sequence[Row]) -> str:
    """Columns beside each other, long cells cut."""
    cells = [list(_SHOWN)] + [[_cut(str(row[name] or "")) for name in _SHOWN] for row in rows]
    widths = [max(len(line[column]) for line in cells) for column in range(len(_SHOWN))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells
    )


def _cut(cell: str) -> str:
    plain = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in " ".join(cell.split()))
    return plain if len(plain) <= _WIDEST or plain.startswith("/v1/") else f"{plain[: _WIDEST - 1]}…"
