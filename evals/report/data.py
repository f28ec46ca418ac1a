"""A run as JSON and as JUnit's XML, for other tools."""

from __future__ import annotations

import dataclasses
import json
from typing import Any
from xml.sax.saxutils import quoteattr

from evals.metrics import count_words
from evals.outcome import Outcome
from evals.result import Result


def as_json(result: Result) -> str:
    """The whole run: figures, gates, and every case with its answer. Only `machine` and `ms` depend on the clock."""
    answers = [outcome.answer for outcome in result.outcomes if outcome.answer]
    report = {
        "engine": answers[0].engine if answers else None,
        "index_version": answers[0].index_version if answers else None,
        "summary": dataclasses.asdict(result.summary) | {"figures": result.summary.figures()},
        "stability": [dataclasses.asdict(one) for one in result.stability],
        "machine": dataclasses.asdict(result.machine) if result.machine else None,
        "gates": [
            {"name": c.name, "figure": c.figure, "missed": c.missed, **c.gate.model_dump(mode="json")}
            for c in result.checks
        ],
        "cases": [_case_object(outcome) for outcome in result.outcomes],
    }
    return json.dumps(report, ensure_ascii=False, indent=2, allow_nan=False)


def as_junit(result: Result) -> str:
    """The run as test suites: one test for each gate and each case, a crash as an error, a wrong answer as a failure."""
    gates = [_test("gates", check.name, str(check) if check.missed else "") for check in result.checks]
    cases = [_case_test(outcome) for outcome in result.outcomes]
    crashed = sum(outcome.answer is None for outcome in result.outcomes)
    wrong = sum(not outcome.correct for outcome in result.outcomes) - crashed
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="lotse-eval">\n'
        f'<testsuite name="gates" tests="{len(gates)}" failures="{len(result.missed)}" errors="0">\n{"".join(gates)}</testsuite>\n'
        f'<testsuite name="cases" tests="{len(cases)}" failures="{wrong}" errors="{crashed}">\n{"".join(cases)}</testsuite>\n'
        "</testsuites>\n"
    )


def _case_test(outcome: Outcome) -> str:
    told = "; ".join(outcome.faults)
    name = f"{outcome.case.id} {outcome.case.question}"
    return _test(f"cases.{outcome.case.category}", name, told, "error" if outcome.answer is None else "failure")


def _test(group: str, name: str, told: str, kind: str = "failure") -> str:
    opened = f"<testcase classname={_attribute(group)} name={_attribute(name)}"
    return f"{opened}><{kind} message={_attribute(told)}/></testcase>\n" if told else f"{opened}/>\n"


def _attribute(text: str) -> str:
    """Quoted; characters that XML cannot hold are left out."""
    return quoteattr(
        "".join(c for c in text if c in "\t\n" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff")
    )


def _case_object(outcome: Outcome) -> dict[str, Any]:
    case, answer, seen = outcome.case, outcome.answer, outcome.seen
    said = {
        "status": answer.status,
        "answer": answer.answer,
        "rewritten_question": answer.rewritten_question,
        "quotes": [{"title": c.title, "section": c.section, "quote": c.quote} for c in answer.citations],
        "words": count_words(answer),
        "ms": answer.timings_ms.get("total"),
    } if answer else {}  # fmt: skip
    measured = {
        "answerable": seen.answerable,
        "evidence_ranks": [rank for rank, holds in enumerate(seen.ranking, 1) if holds],
        "evidence_passages": seen.relevant,
        "citation_precision": seen.precise.value,
        "citation_recall": seen.recalled.value,
    } if seen else {}  # fmt: skip
    return {
        "id": case.id,
        "lang": case.lang,
        "category": case.category,
        "history": case.history,
        "question": case.question,
        "expected": case.must_include,
        "evidence": case.evidence,
        "correct": outcome.correct,
        "verdict": outcome.verdict,
        "faults": outcome.faults,
        "broken_promises": outcome.broken,
        **said,
        **measured,
    }
