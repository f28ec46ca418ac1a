"""What is seen of an import: lines for a log, JSON for programs, a summary for people."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ingest.build import Report
from ingest.events import Event
from ingest.progress import report_line, shown_progress, summary
from ingest.stage import Refusal

REPORT = Report(
    version="abc",
    added=("a.md", "b.md"),
    changed=("c.md",),
    removed=(),
    unchanged=("ä.md",),
    refused=(Refusal("x.png", "it is empty. Remove or fill it."),),
    duplicates=(("b.md", "a.md"),),
    superseded=(("alt.md", "neu.md"),),
    warnings=("c.md supersedes d.md, which is not there.",),
    documents=3,
    passages=7,
)
EVENTS = [
    Event("planned"),
    Event("reading", done=100, total=500),
    Event("embedded", "ä.md", 200, 500),
    Event("staged", "ä.md", 300, 500),
    Event("refused", "b.md", 350, 500, "it is empty."),
    Event("staged", "c.md", 500, 500),
    Event("assembling"),
    Event("assembled"),
    Event("checked"),
    Event("switched"),
]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten seconds pass between two looks at the clock."""
    times = iter(range(0, 1_000, 10))
    monkeypatch.setattr("ingest.progress.time.monotonic", lambda: float(next(times)))


@pytest.mark.usefixtures("clock")
def test_a_log_has_a_line_a_file_and_phase(capsys: pytest.CaptureFixture[str]) -> None:
    with shown_progress(as_json=False) as tell:
        for event in EVENTS:
            tell(event)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        " 60 %, 0:20 left: ä.md",  # 200 of 400 bytes in 20 s, 200 to go
        " 70 %, 0:18 left: b.md refused",
        "100 %, 0:00 left: c.md",
        "building the new version …",
        "indexing its vectors …",
        "sealing it …",
    ]


@pytest.mark.usefixtures("clock")
def test_programs_get_every_event_as_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    with shown_progress(as_json=True) as tell:
        for event in EVENTS:
            tell(event)
    out, err = capsys.readouterr()
    lines: list[dict[str, Any]] = [json.loads(line) for line in out.splitlines()]
    assert err == ""
    assert [line["step"] for line in lines] == [event.step for event in EVENTS]
    assert lines[3] == {
        "step": "staged", "name": "ä.md", "done": 300, "total": 500, "detail": "", "seconds_left": 20,
    }  # fmt: skip
    assert (lines[4]["detail"], lines[1]["seconds_left"], lines[0]["seconds_left"]) == ("it is empty.", None, None)
    assert "ä.md" in out


def test_a_terminal_gets_a_bar_that_leaves_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    with shown_progress(as_json=False) as tell:
        for event in EVENTS:
            tell(event)
    out, err = capsys.readouterr()
    assert out == ""
    assert "sealing it" in err
    assert err.endswith("\x1b[1A\x1b[2K")  # the line is wiped


def test_the_summary_names_what_stands_out_and_counts() -> None:
    assert summary(REPORT).splitlines() == [
        "refused x.png: it is empty. Remove or fill it.",
        "same content: b.md is a.md",
        "superseded: alt.md by neu.md",
        "note: c.md supersedes d.md, which is not there.",
        "2 added, 1 changed, 0 removed, 1 unchanged, 1 refused; the index abc holds 3 documents in 7 passages.",
    ]


def test_the_report_is_a_line_too() -> None:
    line = report_line(REPORT)
    assert "\n" not in line
    assert json.loads(line) == {
        "step": "report",
        "version": "abc",
        "added": ["a.md", "b.md"],
        "changed": ["c.md"],
        "removed": [],
        "unchanged": ["ä.md"],
        "refused": [{"name": "x.png", "reason": "it is empty. Remove or fill it."}],
        "duplicates": [["b.md", "a.md"]],
        "superseded": [["alt.md", "neu.md"]],
        "warnings": ["c.md supersedes d.md, which is not there."],
        "documents": 3,
        "passages": 7,
    }
