"""How an import is followed: a bar in a terminal, lines in a log, JSON lines for other programs."""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from ingest.build import Report
from ingest.events import Event, Tell

_PHASES = {"assembling": "building the new version", "assembled": "indexing its vectors", "checked": "sealing it"}


@contextmanager
def shown_progress(*, as_json: bool) -> Iterator[Tell]:
    """Gives the function that shows events while the context is open."""
    console = Console(stderr=True)
    if as_json:
        yield _Lines(as_json=True).tell
    elif not console.is_terminal:
        yield _Lines(as_json=False).tell
    else:
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, transient=True) as bar:
            yield _Bar(bar).tell


class _Bar:
    """One bar over the bytes of all files, with the name of the one being embedded."""

    def __init__(self, bar: Progress) -> None:
        self._bar, self._task = bar, bar.add_task("looking at the files", total=None)

    def tell(self, event: Event) -> None:
        """Move the bar."""
        if event.total:
            self._bar.update(self._task, description=event.name[-40:], completed=event.done, total=event.total)
        elif event.step in _PHASES:
            self._bar.update(self._task, description=_PHASES[event.step])


class _Lines:
    """One line a file and phase, with the share done and the time left, to a log or as JSON to standard output."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._begun: tuple[float, int] | None = None

    def tell(self, event: Event) -> None:
        """Print the event."""
        left = self._seconds_left(event)
        if self._as_json:
            typer.echo(json.dumps({**dataclasses.asdict(event), "seconds_left": left}, ensure_ascii=False))
        elif event.step == "staged" or (event.step == "refused" and event.total):
            share = f"{100 * event.done // event.total:3d} %"
            rest = "" if left is None else f", {left // 60}:{left % 60:02d} left"
            typer.echo(f"{share}{rest}: {event.name}{' refused' * (event.step == 'refused')}", err=True)
        elif event.step in _PHASES:
            typer.echo(f"{_PHASES[event.step]} …", err=True)

    def _seconds_left(self, event: Event) -> int | None:
        """From the speed since the first file began; None before anything was done."""
        if event.step == "reading":
            self._begun = time.monotonic(), event.done
        if not self._begun or not event.total or event.done <= self._begun[1]:
            return None
        start, done = self._begun
        return round((time.monotonic() - start) * (event.total - event.done) / (event.done - done))


def report_line(report: Report) -> str:
    """The report as the last of the JSON lines."""
    return json.dumps({"step": "report", **dataclasses.asdict(report)}, ensure_ascii=False)


def summary(report: Report) -> str:
    """The report for people: what was refused or stands out, then the counts."""
    lines = [
        *(f"refused {refusal.name}: {refusal.reason}" for refusal in report.refused),
        *(f"same content: {name} is {document}" for name, document in report.duplicates),
        *(f"superseded: {older} by {newer}" for older, newer in report.superseded),
        *(f"note: {warning}" for warning in report.warnings),
        f"{len(report.added)} added, {len(report.changed)} changed, {len(report.removed)} removed, "
        f"{len(report.unchanged)} unchanged, {len(report.refused)} refused; "
        f"the index {report.version} holds {report.documents} documents in {report.passages} passages.",
    ]
    return "\n".join(lines)
