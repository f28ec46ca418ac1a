"""A run in the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from evals.report.rows import accuracy_rows, all_rows
from evals.result import Result


def print_report(result: Result, console: Console) -> None:
    """Print accuracy by category and language, the other figures, and what crashed."""
    header, *rows = accuracy_rows(result.summary)
    table = Table(title="Right answers")
    for position, name in enumerate(header):
        table.add_column(name, justify="right" if position else "left")
    for row in rows:
        table.add_row(*row, end_section=row is rows[-2] if len(rows) > 1 else False)
    console.print(table)
    for name, value in all_rows(result):
        console.print(f"{name:<36} {value:>25}", highlight=False, markup=False)
    for outcome in result.outcomes:
        if outcome.answer is None:
            console.print(f"{outcome.case.id} {outcome.faults[0]}", highlight=False, markup=False)
