"""A run as one HTML page that needs no other file and no network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path

from assistant.explanation_text import explanation_text
from evals.outcome import Outcome
from evals.report.plots import bars, lines, ranks, spans
from evals.report.rows import accuracy_rows, all_rows
from evals.result import Result
from evals.summary import Summary

PAGE = "evaluation.html"
_STYLE = """
:root { color-scheme: light dark; --ink: light-dark(#1b1f24, #e8eaed); --paper: light-dark(#fff, #16181b);
  --soft: light-dark(#5b6168, #a9b0b8); --rule: light-dark(#d5d9de, #3a3f45); --bad: light-dark(#b3261e, #ff9b93);
  --a: light-dark(#1f5fa8, #79b2f2); --b: light-dark(#b35900, #f0a860); --c: light-dark(#4a7a2b, #9bcf78); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem;
  color: var(--ink); background: var(--paper); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: 0 0 1rem; }
caption { text-align: left; color: var(--soft); }
th, td { padding: .2rem .8rem; border-bottom: 1px solid var(--rule); text-align: right; font-weight: normal; }
thead th { font-weight: 600; }
th:first-child { text-align: left; }
article { border-top: 1px solid var(--rule); margin-top: 1.5rem; }
pre { white-space: pre-wrap; font: inherit; padding: .5rem 1rem; border-left: 3px solid var(--rule); overflow-wrap: anywhere; }
pre.trace { font: 13px/1.45 ui-monospace, monospace; }
figure { margin: 1rem 0; } figcaption { color: var(--soft); }
svg { max-width: 100%; height: auto; } svg text { fill: var(--ink); font: 13px system-ui, sans-serif; }
svg text.small { font-size: 11px; }
.s0 { fill: var(--a); } .s1 { fill: var(--b); } .s2 { fill: var(--c); }
.l0, .l1, .l2 { fill: none; stroke-width: 2; } .l0 { stroke: var(--a); } .l1 { stroke: var(--b); } .l2 { stroke: var(--c); }
.grid { stroke: var(--rule); } .axis { stroke: var(--ink); } .ideal { stroke: var(--soft); stroke-dasharray: 4 4; }
.missed { color: var(--bad); }
"""


def write_page(folder: Path, result: Result) -> Path:
    """Write the page with the tables, the plots, the gates and each wrong answer; return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    header, *rows = accuracy_rows(result.summary)
    wrong = [outcome for outcome in result.outcomes if not outcome.correct or outcome.broken]
    gates = [f'<li class="{"missed" if check.missed else "kept"}">{escape(str(check))}</li>' for check in result.checks]
    page = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Evaluation</title><style>{_STYLE}</style></head>
<body><main>
<h1>Evaluation</h1>
{_table("Right answers by category and language", rows, header)}
<h2>Gates</h2>
<ul>{"".join(gates)}</ul>
<h2>Plots</h2>
{"".join(_plots(result))}
<h2>Figures</h2>
{_table("Each figure is defined in evals/", all_rows(result), ("figure", "value"))}
<h2>Wrong answers: {len(wrong)}</h2>
{"".join(_article(outcome) for outcome in wrong)}</main></body></html>
"""
    path = folder / PAGE
    path.write_text(page, encoding="utf-8")
    return path


def _plots(result: Result) -> Iterator[str]:
    summary = result.summary
    groups = {
        name: {language: share.value for language, share in shares.items()}
        for name, shares in summary.by_category.items()
    }
    yield _figure(
        bars("Bars: percent of right answers in each category, by language", groups), "Right answers, percent"
    )
    if summary.calibration:
        yield _figure(
            lines("Line: share of answerable questions against the predicted one", _calibration(summary),
                  "predicted to be answerable, percent", ideal=True),
            "Calibration: where the line is dashed, a prediction means what it says",
        )  # fmt: skip
    if recall := {language: found.recall for language, found in summary.retrieval_by_language.items() if found}:
        yield _figure(
            ranks(
                "Line: share of the passages with evidence among the first ones found, by language",
                recall,
                "first passages",
            ),
            "Recall of the search, percent",
        )
    if result.machine and result.machine.times_ms:
        times = {stage: (t.median, t.p95) for stage, t in result.machine.times_ms.items()}
        yield _figure(
            spans("Bars: milliseconds of each stage", times, "ms"), "Time of each stage: median, and 95 % below"
        )


def _calibration(summary: Summary) -> dict[str, list[tuple[float, float]]]:
    return {"observed": [(one.predicted, one.observed) for one in summary.calibration]}


def _figure(svg: str, caption: str) -> str:
    return f"<figure>{svg}<figcaption>{escape(caption)}</figcaption></figure>\n"


def _table(caption: str, rows: Iterable[Sequence[str]], header: Sequence[str]) -> str:
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in header)
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>{"".join(f"<td>{escape(text)}</td>" for text in values)}</tr>'
        for name, *values in rows
    )
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{escape(caption)}"><table><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _article(outcome: Outcome) -> str:
    case, answer = outcome.case, outcome.answer
    before = "".join(f"<p>Asked before: {escape(earlier)}</p>" for earlier in case.history)
    reasons = "".join(f"<li>{escape(reason)}</li>" for reason in (*outcome.faults, *outcome.broken))
    said = (
        f'<p>{escape(answer.status)}:</p><pre lang="{answer.language}">{escape(answer.answer)}</pre>' if answer else ""
    )
    expected = "".join(f"<li>{escape(evidence)}</li>" for evidence in case.evidence)
    evidence = f'<p>Evidence:</p><ul lang="{case.lang}">{expected}</ul>' if expected else "<p>No document holds it.</p>"
    trace = ""
    if outcome.seen:
        told = escape(explanation_text(outcome.seen.explanation))
        trace = f'<details><summary>How it came about</summary><pre class="trace">{told}</pre></details>'
    return (
        f"<article><h3>{escape(case.id)} · {escape(case.category)}</h3>{before}"
        f'<p><b lang="{case.lang}">{escape(case.question)}</b></p>'
        f"<ul>{reasons}</ul>{said}{evidence}{trace}</article>\n"
    )
