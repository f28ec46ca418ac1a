"""A sheet with the columns question, expected and source, as people keep one: CSV, one case a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from assistant.errors import InvalidInputError
from assistant.text.language import detect_language
from evals.cases import ABSTAIN, Case
from evals.outside.guess import category_of

COLUMNS = ("question", "expected", "source")


def read_sheet(path: Path) -> Iterator[tuple[str, Case]]:
    """The place and the case of each row.

    `expected` is what the answer must hold: "|" between other ways to say it, ";" between things that all have to be there;
    left empty, the question must be refused. `source` is a document's name, or empty. A column `language` (de, en) may be
    added; without it the question's own counts.

    Raises:
        InvalidInputError: a column or a question is missing, or the file is no text.
    """
    rows = csv.DictReader(io.StringIO(_text(path)), dialect=_dialect(_text(path)))
    names = {(name or "").strip().casefold(): name for name in rows.fieldnames or ()}
    missing = [column for column in COLUMNS if column not in names]
    if missing:
        raise InvalidInputError(
            f"{path} has no column {missing[0]}.", f"Its first line names the columns: {', '.join(COLUMNS)}."
        )
    for number, row in enumerate(rows, 2):
        values = {column: (row[name] or "").strip() for column, name in names.items() if column}
        if any(values.values()):
            place = f"{path}, row {number}"
            try:
                yield place, _case(f"{path.stem}-{number}", values)
            except ValidationError:
                raise InvalidInputError(f"{place} is no case.", "Give a question, and de or en as language.") from None


def _case(name: str, values: dict[str, str]) -> Case:
    expected = [[way.strip() for way in thing.split("|") if way.strip()] for thing in values["expected"].split(";")]
    groups = [group for group in expected if group] or [[ABSTAIN]]
    return Case.model_validate(
        {
            "id": name,
            "lang": values.get("language") or detect_language(values["question"]),
            "category": category_of(groups),
            "question": values["question"],
            "history": [],
            "must_include": groups,
            "must_not_include": [],
            "sources": [values["source"]] if values["source"] and groups != [[ABSTAIN]] else [],
            "evidence": [],
            "note": "",
        }
    )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")  # spreadsheets put a mark before the first column
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise InvalidInputError(f"{path} cannot be read: {reason}.", "Save the sheet as CSV in UTF-8.") from None


def _dialect(text: str) -> type[csv.Dialect]:
    """Comma, or the semicolon and tab that spreadsheets in Europe write, by what the first line has most of."""
    first = text.partition("\n")[0]

    class Found(csv.excel):
        delimiter = max(",;\t", key=first.count)

    return Found
