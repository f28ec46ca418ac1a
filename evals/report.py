"""Outcomes as a printed table, as JSON and as one HTML page that needs no other file."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from evals.gates import Check
from evals.metrics import Outcome, Share, Summary, count_words

PAGE = "evaluation.html"
_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; }
th, td { padding: .2rem .8rem; border-bottom: 1px solid #8886; text-align: right; }
th:first-child, td:first-child { text-align: left; } article { border-top: 1px solid #8886; margin-top: 1.5rem; }
pre { white-space: pre-wrap; font: inherit; padding: .5rem 1rem; border-left: 3px solid #8886; }
.missed { color: #c33; }
"""


def print_report(summary: Summary, outcomes: Sequence[Outcome], console: Console) -> None:
    """Print accuracy by category and language, the other figures, and what crashed."""
    header, *rows = _accuracy_rows(summary)
    table = Table(title="Right answers")
    for position, name in enumerate(header):
        table.add_column(name, justify="right" if position else "left")
    for row in rows:
        table.add_row(*row, end_section=row is rows[-2] if len(rows) > 1 else False)
    console.print(table)
    for name, value in _figure_rows(summary):
        console.print(f"{name:<36}{value:>18}", highlight=False, markup=False)
    for outcome in outcomes:
        if outcome.answer is None:
            console.print(f"{outcome.case.id} {outcome.faults[0]}", highlight=False, markup=False)


def as_json(summary: Summary, checks: Sequence[Check], outcomes: Sequence[Outcome]) -> str:
    """The whole run as JSON: figures, gates, and every case with its answer."""
    answers = [outcome.answer for outcome in outcomes if outcome.answer]
    report = {
        "engine": answers[0].engine if answers else None,
        "index_version": answers[0].index_version if answers else None,
        "summary": dataclasses.asdict(summary) | {"figures": summary.figures()},
        "gates": [
            {"name": c.name, "figure": c.figure, "missed": c.missed, **c.gate.model_dump(mode="json")} for c in checks
        ],
        "cases": [_case_object(outcome) for outcome in outcomes],
    }
    return json.dumps(report, ensure_ascii=False, indent=2)


def write_page(folder: Path, summary: Summary, checks: Sequence[Check], outcomes: Sequence[Outcome]) -> Path:
    """Write the page with the tables, the gates and each wrong answer; return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    header, *rows = _accuracy_rows(summary)
    wrong = [outcome for outcome in outcomes if not outcome.correct or outcome.broken]
    gates = [f'<li class="{"missed" if check.missed else "kept"}">{escape(str(check))}</li>' for check in checks]
    page = f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Evaluation</title><style>{_STYLE}</style>
<h1>Evaluation</h1>
<table><tr>{_cells(header, "th")}</tr>
{"".join(f"<tr>{_cells(row)}</tr>" for row in rows)}</table>
<h2>Figures</h2>
<table>{"".join(f"<tr>{_cells(row)}</tr>" for row in _figure_rows(summary))}</table>
<h2>Gates</h2>
<ul>{"".join(gates)}</ul>
<h2>Wrong answers: {len(wrong)}</h2>
{"".join(_article(outcome) for outcome in wrong)}</html>
"""
    path = folder / PAGE
    path.write_text(page, encoding="utf-8")
    return path


def _accuracy_rows(summary: Summary) -> Iterator[tuple[str, ...]]:
    languages = list(summary.by_language)
    yield ("category", *languages)
    for category, shares in summary.by_category.items():
        yield (category, *(_percent(shares[language]) for language in languages))
    yield ("all", *(_percent(share) for share in summary.by_language.values()))


def _figure_rows(summary: Summary) -> Iterator[tuple[str, str]]:
    yield "right answers", _percent(summary.accuracy)
    yield "refusal precision", _percent(summary.refusal_precision)
    yield "refusal recall", _percent(summary.refusal_recall)
    yield "refused though answerable", _percent(summary.false_refusals)
    yield "right answers that cite the evidence", _percent(summary.evidence)
    yield "answers that keep every promise", _percent(summary.promises)
    yield "median words", "-" if summary.median_words is None else f"{summary.median_words:g}"
    yield "median ms", "-" if summary.median_ms is None else f"{summary.median_ms:.0f}"
    yield "crashed", str(summary.crashed)


def _percent(share: Share) -> str:
    return "-" if share.value is None else f"{100 * share.value:.1f} % ({share.hits}/{share.of})"


def _cells(texts: Sequence[str], tag: str = "td") -> str:
    return "".join(f"<{tag}>{escape(text)}</{tag}>" for text in texts)


def _article(outcome: Outcome) -> str:
    case, answer = outcome.case, outcome.answer
    before = "".join(f"<p>Asked before: {escape(earlier)}</p>" for earlier in case.history)
    reasons = "".join(f"<li>{escape(reason)}</li>" for reason in (*outcome.faults, *outcome.broken))
    said = f"<p>{escape(answer.status)}:</p><pre>{escape(answer.answer)}</pre>" if answer else ""
    expected = "".join(f"<li>{escape(evidence)}</li>" for evidence in case.evidence)
    return (
        f"<article><h3>{escape(case.id)} · {escape(case.category)}</h3>{before}<p><b>{escape(case.question)}</b></p>"
        f"<ul>{reasons}</ul>{said}<p>Evidence:</p><ul>{expected}</ul></article>\n"
    )


def _case_object(outcome: Outcome) -> dict[str, Any]:
    case, answer = outcome.case, outcome.answer
    said = {
        "status": answer.status,
        "answer": answer.answer,
        "rewritten_question": answer.rewritten_question,
        "quotes": [{"title": c.title, "section": c.section, "quote": c.quote} for c in answer.citations],
        "words": count_words(answer),
        "ms": answer.timings_ms.get("total"),
    } if answer else {}  # fmt: skip
    return {
        "id": case.id,
        "lang": case.lang,
        "category": case.category,
        "question": case.question,
        "correct": outcome.correct,
        "faults": outcome.faults,
        "broken_promises": outcome.broken,
        **said,
    }
