from __future__ import annotations

import io
import json
from html.parser import HTMLParser
from pathlib import Path

from rich.console import Console

from evals.gates import Gate, check_gates
from evals.metrics import Outcome, summarise
from evals.report import as_json, print_report, write_page
from tests.evals.parts import answer, case, refusal, unanswerable

OUTCOMES = [
    Outcome(case(), answer(), ()),
    Outcome(
        case(id="f002-de", lang="de", question="Wie viele <Kräne>?", history=["Davor & danach?"]),
        refusal(),
        ("refused",),
    ),
    Outcome(case(id="f003-en", category="date"), None, ("crashed with KeyError: 'x'",)),
    Outcome(unanswerable(id="f004-en"), refusal(), ()),
    Outcome(case(id="f005-en", question="Broken?"), answer(), (), ("marker [2] has no citation",)),
]
SUMMARY = summarise(OUTCOMES)
CHECKS = check_gates(
    {
        "accuracy_en": Gate.model_validate(
            {"value": 0.9, "bound": "at least", "reason": "a & b", "date": "2026-11-22"}
        ),
        "promises": Gate.model_validate({"value": 0.5, "bound": "at least", "reason": "kept", "date": "2026-11-22"}),
    },
    SUMMARY.figures(),
)


def test_the_printed_report() -> None:
    console = Console(file=io.StringIO(), width=100)
    print_report(SUMMARY, OUTCOMES, console)
    assert isinstance(console.file, io.StringIO)
    lines = [
        " ".join(line.replace("│", " ").replace("┃", " ").split()) for line in console.file.getvalue().splitlines()
    ]
    for expected in [
        "category de en",
        "date - 0.0 % (0/1)",
        "number 0.0 % (0/1) 100.0 % (2/2)",
        "unanswerable - 100.0 % (1/1)",
        "all 0.0 % (0/1) 75.0 % (3/4)",
        "right answers 60.0 % (3/5)",
        "refusal precision 50.0 % (1/2)",
        "refusal recall 100.0 % (1/1)",
        "refused though answerable 25.0 % (1/4)",
        "right answers that cite the evidence 100.0 % (2/2)",
        "answers that keep every promise 75.0 % (3/4)",
        "median words 8",
        "median ms 10",
        "crashed 1",
        "f003-en crashed with KeyError: 'x'",
    ]:
        assert expected in lines


def test_a_run_of_one_case_prints() -> None:
    console = Console(file=io.StringIO(), width=100)
    print_report(summarise(OUTCOMES[:1]), OUTCOMES[:1], console)
    assert isinstance(console.file, io.StringIO)
    assert "100.0 % (1/1)" in console.file.getvalue()


def test_the_json_report() -> None:
    report = json.loads(as_json(SUMMARY, CHECKS, OUTCOMES))
    assert (report["engine"], report["index_version"]) == ("extractive", "v1")
    assert report["summary"]["figures"]["accuracy_en"] == 0.75
    assert [(gate["name"], gate["figure"], gate["value"], gate["missed"]) for gate in report["gates"]] == [
        ("accuracy_en", 0.75, 0.9, True),
        ("promises", 0.75, 0.5, False),
    ]
    right, refused, crashed, *_ = report["cases"]
    assert (right["id"], right["correct"], right["status"], right["words"], right["ms"]) == (
        "f001-en",
        True,
        "answered",
        8,
        10,
    )
    assert right["quotes"][0]["quote"] == "The harbour of Kleinhaven runs 17 cranes."
    assert refused["faults"] == ["refused"]
    assert "status" not in crashed


def test_the_page_shows_tables_gates_and_each_wrong_answer(tmp_path: Path) -> None:
    path = write_page(tmp_path / "new" / "report", SUMMARY, CHECKS, OUTCOMES)
    html = path.read_text(encoding="utf-8")
    page = Page()
    page.feed(html)
    page.close()
    assert page.open == []
    assert page.links == []  # self-contained
    assert page.headings == ["f002-de · number", "f003-en · date", "f005-en · number"]
    assert "Wie viele &lt;Kräne&gt;?" in html
    assert "Asked before: Davor &amp; danach?" in html
    assert '<li class="missed">accuracy_en: 0.750, at least 0.9 (a &amp; b)</li>' in html
    assert '<li class="kept">promises: 0.750, at least 0.5 (kept)</li>' in html
    assert "<td>75.0 % (3/4)</td>" in html
    assert "marker [2] has no citation" in html


class Page(HTMLParser):
    """What a page holds: tags left open, addresses it would load, headings of its articles."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.headings: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "h3":
            self.headings.append(data)
