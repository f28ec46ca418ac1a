"""Script and link injection in every field that a document, a visitor or a kept conversation brings, in a real browser."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from assistant.types import Answer, Conflict, ConflictValue
from assistant.web.chat.exchange import Exchange, Near, kept_json
from tests.web.chat_server import Stage, running
from tests.web.test_rendering import ATTRIBUTES, CITATION, HOSTILE, OURS
from tests.web.visitor import CHROMIUM, PATIENCE, Visitor, chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
    pytest.mark.filterwarnings(
        "ignore:'future.no_silent_downcasting' is deprecated", "ignore:The copy keyword is deprecated"
    ),
]

OPEN_TAGS = (
    """(within) => [...document.querySelectorAll(within + ' *')].map((e) => [e.localName, e.getAttributeNames()])"""
)
ALLOWED = ATTRIBUTES | {"tabindex", "hidden", "download", "target", "rel", "src", "alt", "loading"}


def document(number: int, hostile: str) -> str:
    about = json.dumps(hostile)
    body = " ".join(hostile.split())
    return (
        f"---\ntitle: {about}\npublisher: {about}\ndate: 2024\nlanguage: de\n---\n"
        f"# {body}\n\nDas Fass {number} enthält {body} und steht in Halle.\n"
    )


def file_name(number: int, hostile: str) -> str:
    plain = "".join(c for c in hostile if c.isprintable() and c not in "/\\\u202e\u2028")
    return f"{plain[:60]} {number}.md"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    more = {file_name(number, hostile): document(number, hostile) for number, hostile in enumerate(HOSTILE)}
    with running(tmp_path_factory.mktemp("injection"), more) as stage:
        yield stage


@pytest.fixture(scope="module")
def browser(stage: Stage) -> Iterator[Browser]:
    with chromium() as started:
        yield started


def conversation() -> list[Exchange]:
    """Each payload in each field of an answer."""
    exchanges = []
    for number, hostile in enumerate(HOSTILE):
        citation = dataclasses.replace(
            CITATION, title=hostile, publisher=hostile, date=hostile, section=(hostile, hostile), quote=hostile,
            url=hostile, document_id=hostile,
        )  # fmt: skip
        answer = Answer(
            f"a{number}", "conflict", f"{hostile} [1]\n\n- {hostile} [1]", "de", hostile, True, hostile, (citation,),
            (Conflict(hostile, (ConflictValue(hostile, 1),)),), hostile,
        )  # fmt: skip
        refusal = dataclasses.replace(answer, id=f"n{number}", status="not_found", citations=(), conflicts=())
        exchanges += [
            Exchange(hostile, answer),
            Exchange(hostile, refusal, near=(Near(hostile, hostile, hostile, 0, 1),)),
        ]
    return exchanges


def test_no_payload_becomes_a_tag_or_leaves_the_origin(browser: Browser, stage: Stage) -> None:
    visitor = Visitor(browser, stage.origin, "de-DE")
    page = visitor.page
    visitor.enter()
    page.evaluate(
        """([kept, title]) => {
             localStorage.setItem('lotse.talk.x', kept);
             localStorage.setItem('lotse.list', JSON.stringify([{ id: 'x', title, changed: 1 }]));
             sessionStorage.setItem('lotse.current', 'x');
           }""",
        [kept_json(conversation()), " ".join(HOSTILE)],
    )
    page.reload()
    expect(page.locator(".lotse-answer")).to_have_count(2 * len(HOSTILE), timeout=PATIENCE)
    for tag, names in page.evaluate(OPEN_TAGS, "#lotse-conversation .lotse-turn"):
        assert tag in OURS | {"br"}
        assert set(names) <= ALLOWED
    shown = page.locator(".lotse-question").all_text_contents()
    assert shown == [hostile for hostile in HOSTILE for _ in range(2)]
    for marker in page.locator(".lotse-text .lotse-marker").all()[:: 2 * 8]:
        marker.dispatch_event("mouseover")
        expect(page.locator(".lotse-tip")).to_be_visible()

    visitor.enter("/documents?language=de")
    expect(page.locator("#lotse-documents tbody tr").nth(len(HOSTILE))).to_be_visible()
    for found in stage.service.index.documents():
        page.goto(f"{stage.origin}/source/{found.id}?start=0&end=5000&whole=true")
        page.goto(f"{stage.origin}/source/{found.id}?start=120&end=180")
    visitor.enter("/bring?language=de")
    expect(page.locator("#lotse-in tr").nth(len(HOSTILE))).to_be_visible()
    assert page.evaluate("typeof hacked") == "undefined"
    visitor.leave()


def test_a_question_and_an_answer_out_of_hostile_documents(browser: Browser, stage: Stage) -> None:
    visitor = Visitor(browser, stage.origin, "de-DE", 360, dark=True)
    page = visitor.page
    visitor.enter()
    page.on("dialog", lambda dialog: visitor.errors.append(dialog.message))
    for number in range(0, len(HOSTILE), 9):
        answer = visitor.ask(f"Was enthält das Fass {number}? {HOSTILE[number]}")
        answer.locator(".lotse-marker").first.click()
        expect(page.locator("#lotse-panel .lotse-surroundings")).to_be_visible()
        for tag, names in page.evaluate(OPEN_TAGS, "#lotse-panel"):
            assert tag in OURS | {"mark", "dl", "dt", "dd", "figure", "figcaption", "img", "table", "tbody", "tr", "td"}
            assert set(names) <= ALLOWED | {"data-link", "data-act"}
        page.keyboard.press("Escape")
    visitor.leave()
