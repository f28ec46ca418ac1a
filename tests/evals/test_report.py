"""A run in the terminal, as JSON, as JUnit and as a page that opens anywhere and that everybody can read."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from defusedxml.ElementTree import fromstring
from playwright.sync_api import Browser, sync_playwright
from rich.console import Console

from evals.gates import Gate, check_gates
from evals.machine import Machine, Times
from evals.report.data import as_json, as_junit
from evals.report.page import write_page
from evals.report.terminal import print_report
from evals.result import Result
from evals.share import Share
from evals.stability import Stability
from evals.summary import summarise
from tests.evals.parts import answer, case, outcome, refusal, unanswerable

CHROMIUM = shutil.which("chromium")
OUTCOMES = (
    outcome(case(), answer()),
    outcome(
        case(id="f002-de", lang="de", question="Wie viele <Kräne>?", history=["Davor & danach?"]),
        refusal(language="de"),
        answerable=0.3,
        ranking=(False, True),
    ),
    outcome(case(id="f003-en", category="date"), None),
    outcome(unanswerable(id="f004-en"), refusal(), relevant=0, answerable=0.2),
    outcome(case(id="f005-en", question="Broken?"), answer(), ("marker [2] has no citation",)),
)
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
RESULT = Result(
    SUMMARY,
    tuple(CHECKS),
    OUTCOMES,
    (Stability("mistyped", Share(3, 4), None),),
    Machine({"draft": Times(2.0, 6.0), "total": Times(10.0, 20.0)}, 800.0, {"draft": 0.5}),
)


def printed(result: Result) -> list[str]:
    console = Console(file=io.StringIO(), width=100)
    print_report(result, console)
    assert isinstance(console.file, io.StringIO)
    return [" ".join(line.replace("│", " ").replace("┃", " ").split()) for line in console.file.getvalue().splitlines()]


@pytest.mark.parametrize(
    "expected",
    [
        "category de en",
        "date - 0.0 % (0/1)",
        "number 0.0 % (0/1) 100.0 % (2/2)",
        "unanswerable - 100.0 % (1/1)",
        "all 0.0 % (0/1) 75.0 % (3/4)",
        "right answers 60.0 % (3/5)",
        "correct / missing / wrong 3 / 1 / 1",
        "CRAG score (-1 to 1) 0.400",
        "German and English apart by 0.750",
        "refusal precision 50.0 % (1/2)",
        "refusal recall 100.0 % (1/1)",
        "refused though answerable 25.0 % (1/4)",
        "right answers that cite the evidence 100.0 % (2/2)",
        "evidence in the first 1, 3, 5, 10 0.667 1.000 1.000 1.000",
        "mean reciprocal rank 0.833",
        "answers that keep every promise 75.0 % (3/4)",
        "median words 8",
        "crashed 1",
        "still right, mistyped 75.0 % (3/4)",
        "draft: median, 95 % 2.0, 6.0 ms, 0.50 MB",
        "peak memory of the process 800 MB",
        "f003-en crashed with KeyError: 'x'",
    ],
)
def test_the_printed_report(expected: str) -> None:
    assert expected in printed(RESULT)


def test_how_sure_a_run_is_is_printed() -> None:
    lines = "\n".join(printed(RESULT))
    assert re.search(r"with 95 % confidence \d+\.\d … \d+\.\d %", lines)
    assert "smallest difference a run can show none" in lines  # five cases
    many = summarise([outcome(case(id=f"{n}-en"), answer()) for n in range(100)])
    assert re.search(r"smallest difference a run can show \d\.\d points", "\n".join(printed(Result(many, (), ()))))


def test_a_run_of_one_case_prints() -> None:
    assert "right answers 100.0 % (1/1)" in printed(Result(summarise(OUTCOMES[:1]), (), OUTCOMES[:1]))


def test_the_json_report() -> None:
    report = json.loads(as_json(RESULT))
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
    assert (right["evidence_ranks"], right["citation_precision"]) == ([1], 1)
    assert (refused["verdict"], refused["expected"]) == ("missing", [["17", "seventeen"]])
    assert crashed["faults"] == ["crashed with KeyError: 'x'"]
    assert "status" not in crashed


def test_only_what_the_clock_measures_differs_between_two_runs() -> None:
    one, other = (
        json.loads(as_json(result)) for result in (RESULT, Result(summarise(OUTCOMES), tuple(CHECKS), OUTCOMES))
    )
    for report in (one, other):
        del report["machine"], report["stability"]
    assert one == other


def test_the_junit_report() -> None:
    root = fromstring(as_junit(RESULT))
    gates, cases = root
    assert (gates.get("tests"), gates.get("failures")) == ("2", "1")
    assert (cases.get("tests"), cases.get("failures"), cases.get("errors")) == ("5", "1", "1")
    told = {test.get("name"): [(child.tag, child.get("message")) for child in test] for test in cases}
    assert told["f003-en How many cranes does the harbour run?"] == [("error", "crashed with KeyError: 'x'")]
    assert told["f002-de Wie viele <Kräne>?"][0][0] == "failure"
    assert told["f001-en How many cranes does the harbour run?"] == []


def test_the_page_shows_tables_plots_gates_and_each_wrong_answer(tmp_path: Path) -> None:
    path = write_page(tmp_path / "new" / "report", RESULT)
    html = path.read_text(encoding="utf-8")
    page = Page()
    page.feed(html)
    page.close()
    assert page.open == []
    assert page.links == []  # self-contained
    assert page.headings == ["f002-de · number", "f003-en · date", "f005-en · number"]
    assert page.plots == 4
    assert "Wie viele &lt;Kräne&gt;?" in html
    assert "Asked before: Davor &amp; danach?" in html
    assert '<li class="missed">accuracy_en: 0.750, at least 0.9 (a &amp; b)</li>' in html
    assert '<li class="kept">promises: 0.750, at least 0.5 (kept)</li>' in html
    assert "<td>75.0 % (3/4)</td>" in html
    assert "marker [2] has no citation" in html
    assert html.count("How it came about") == 2  # the crashed one has no trace


# ---- in a browser --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_the_page_and_it_asks_nobody(browser: Browser, tmp_path: Path, scheme: str) -> None:
    path = write_page(tmp_path, RESULT)
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert asked == [path.as_uri()]
    context.close()


class Page(HTMLParser):
    """What a page holds: tags left open, addresses it would load, headings of its articles."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.headings: list[str] = []
        self.plots = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]
        self.plots += tag == "svg"
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ("rect", "line", "circle", "polyline")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "h3":
            self.headings.append(data)
