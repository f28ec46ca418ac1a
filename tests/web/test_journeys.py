"""What visitors do, from the first question to a downloaded evidence sheet, in both languages, widths and colours."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.catalogue import text
from assistant.feedback import drafts
from assistant.types import Language
from tests.web.chat_server import PDF, PDF_SENTENCE, SLOW, Stage, running
from tests.web.visitor import CHROMIUM, PATIENCE, Visitor, chromium

# gradio's way with pandas, in a thread of the server
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
    pytest.mark.filterwarnings(
        "ignore:'future.no_silent_downcasting' is deprecated", "ignore:The copy keyword is deprecated"
    ),
]

SEATS: list[tuple[Language, int, bool]] = [("de", 1280, False), ("en", 360, True)]
if os.environ.get("JOURNEYS"):  # `make journeys`
    SEATS += [
        ("de", 360, False),
        ("en", 1280, True),
        ("de", 360, True),
        ("en", 1280, False),
        ("de", 1280, True),
        ("en", 360, False),
    ]
QUESTIONS = {
    "de": ("Wie viele Mitglieder hat der Biocluster Rosenau?", "42 Mitglieder", "Und der Biocluster Lindtal?"),
    "en": ("How many members does the Rosenau biocluster have?", "42 members", "And the Lindtal biocluster?"),
}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with running(tmp_path_factory.mktemp("journeys")) as stage:
        yield stage


@pytest.fixture(scope="module")
def browser(stage: Stage) -> Iterator[Browser]:
    """After the application is built: playwright keeps the event loop to itself."""
    with chromium() as started:
        yield started


@pytest.fixture
def visit(browser: Browser, stage: Stage) -> Iterator[Callable[..., Visitor]]:
    visitors: list[Visitor] = []

    def enter(locale: str = "de-DE", width: int = 1280, *, dark: bool = False, path: str = "/") -> Visitor:
        visitors.append(Visitor(browser, stage.origin, locale, width, dark=dark))
        visitors[-1].enter(path)
        return visitors[-1]

    yield enter
    for visitor in visitors:
        visitor.leave()


def locale_of(language: Language) -> str:
    return {"de": "de-DE", "en": "en-GB"}[language]


@pytest.mark.parametrize(("language", "width", "dark"), SEATS)
def test_from_a_question_to_its_proof_and_an_evidence_sheet(
    visit: Callable[..., Visitor], stage: Stage, language: Language, width: int, dark: bool
) -> None:
    visitor = visit(locale_of(language), width, dark=dark)
    page = visitor.page
    question, value, follow_up = QUESTIONS[language]
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator(".lotse-example").first).to_be_visible()
    visitor.look("1-start")

    first = visitor.ask(question)
    expect(first).to_contain_text(value)
    marker = first.locator(".lotse-marker").first
    marker.focus()
    quote = page.locator(f"#{marker.get_attribute('aria-describedby')}").text_content() or ""
    expect(page.locator(".lotse-tip-quote")).to_have_text(quote)
    visitor.look("2-answer")

    page.keyboard.press("Enter")
    panel = page.locator("#lotse-panel")
    expect(panel.locator("mark").first).to_be_in_viewport()
    assert "".join(panel.locator("mark").all_text_contents()) == quote
    for key in ("field_publisher", "field_date", "field_section"):
        expect(panel.get_by_text(text(language, key), exact=True)).to_be_visible()
    expect(panel).to_contain_text("3. April 2025" if language == "de" else "3 April 2025")
    visitor.look("3-source")
    panel.get_by_role("button", name=text(language, "source_copy_link")).click()
    link = page.evaluate("navigator.clipboard.readText()")
    page.keyboard.press("Escape")
    expect(panel).not_to_be_visible()
    expect(marker).to_be_focused()

    expect(visitor.ask(follow_up).locator(".lotse-note")).to_contain_text("Lindtal")
    expect(page.locator(".lotse-asked").last).to_be_in_viewport()
    refused = visitor.ask("Wie viele Einwohner hat Oslo?" if language == "de" else "How many Einwohner has Oslo?")
    expect(refused.locator(".lotse-badge")).to_have_text(text(language, "chat_not_found"))
    expect(refused.locator(".lotse-marker")).to_have_count(0)
    expect(refused.locator(".lotse-place").first).to_be_visible()
    visitor.look("4-refusal")

    name, sheet = visitor.download(first.get_by_role("button", name=text(language, "chat_evidence")))
    assert name.endswith(".html")
    _assert_sheet(sheet.decode(), question, quote, language)

    page.goto(link)
    expect(page.locator("mark").first).to_be_in_viewport()
    assert "".join(page.locator("mark").all_text_contents()) == quote
    visitor.look("5-permalink")


def _assert_sheet(sheet: str, question: str, quote: str, language: Language) -> None:
    assert question in sheet
    assert quote in sheet
    assert sheet.count(text(language, "proof_holds")) == 3
    assert text(language, "proof_fails") not in sheet
    assert not re.search(r"<(script|img|link|iframe|form)\b|\bon\w+=|@import|url\(", sheet)


@pytest.mark.parametrize(("language", "width", "dark"), SEATS)
def test_conversations_are_kept_renamed_searched_exported_and_deleted(
    visit: Callable[..., Visitor], language: Language, width: int, dark: bool
) -> None:
    visitor = visit(locale_of(language), width, dark=dark)
    page = visitor.page
    question = QUESTIONS[language][0]

    def history() -> Page:
        if width < 800 and not page.evaluate("document.body.classList.contains('lotse-menu-open')"):
            page.locator(".lotse-menu").click()
        return page

    visitor.ask(question)
    history().locator(".lotse-more summary").click()
    visitor.look("6-history")
    page.locator("[data-act=rename]").click()
    page.keyboard.type("Rosenau heute")
    page.keyboard.press("Enter")
    expect(page.locator(".lotse-talk")).to_have_text("Rosenau heute")
    saved = {}
    for form in ("markdown", "html", "json"):
        history().locator(".lotse-more summary").click()
        _, saved[form] = visitor.download(page.locator(f"[data-act=export][data-format={form}]"))
        page.keyboard.press("Escape")
    assert question in saved["markdown"].decode()
    _assert_sheet(saved["html"].decode(), question, QUESTIONS[language][1], language)
    assert json.loads(saved["json"])["exchanges"][0]["checks"] == {"quotes": True, "markers": True, "figures": True}

    page.reload()
    expect(page.locator(".lotse-question")).to_have_text(question)
    assert question not in history().locator(".lotse-talk").all_text_contents()
    page.locator(".lotse-new").click()
    expect(page.locator(".lotse-example").first).to_be_visible()
    history().locator("#lotse-search").fill("Nirgendwo")
    expect(page.locator(".lotse-talk")).to_have_count(0)
    page.locator("#lotse-search").fill("42")
    page.locator(".lotse-talk").click()
    expect(page.locator(".lotse-question")).to_have_text(question)
    expect(visitor.ask(QUESTIONS[language][2]).locator(".lotse-note")).to_contain_text("Lindtal")

    history().locator(".lotse-more summary").click()
    page.locator("[data-act=delete]").click()
    page.locator("[data-act=delete]").click()
    expect(page.locator(".lotse-example").first).to_be_visible()
    assert question not in json.dumps(page.evaluate("({ ...localStorage, ...sessionStorage })"))


def test_a_question_is_stopped_changed_and_asked_again(visit: Callable[..., Visitor], stage: Stage) -> None:
    visitor = visit()
    page = visitor.page
    page.locator("#lotse-question textarea").fill(f"Wie {SLOW} ist der Biocluster Rosenau?")
    page.locator("#lotse-send").click()
    expect(page.locator(".lotse-pending")).to_be_visible()
    page.locator("#lotse-stop").click()
    expect(page.locator(".lotse-stopped")).to_be_visible()
    stage.go.set()
    page.locator(".lotse-stopped [data-act=retry]").click()
    expect(page.locator(".lotse-answer")).to_be_visible()
    stage.go.clear()

    page.locator(".lotse-edit").click()
    area = page.locator(".lotse-edit-form textarea")
    expect(area).to_be_focused()
    area.fill(QUESTIONS["de"][0])
    page.keyboard.press("Enter")
    expect(page.locator(".lotse-question")).to_have_text(QUESTIONS["de"][0])
    expect(page.locator(".lotse-answer")).to_contain_text("42 Mitglieder")
    expect(page.locator(".lotse-answer")).to_have_count(1)

    page.locator("#lotse-question textarea").fill("???")
    page.keyboard.press("Enter")
    expect(page.locator(".lotse-error")).to_contain_text("So lässt sich nicht suchen.")
    visitor.look("7-error")


def test_documents_that_disagree_stand_side_by_side(visit: Callable[..., Visitor]) -> None:
    visitor = visit("de-DE", 360)
    answer = visitor.ask("Wie viele Mitglieder hat der Medcluster Tannfeld?")
    values = answer.locator(".lotse-values li")
    assert {value.split()[0] for value in values.all_text_contents() if value.split()} == {"19", "23"}
    expect(values.filter(has_text="Zeitung über Tannfeld")).to_have_count(1)
    visitor.look("8-conflict")


def test_the_page_of_a_pdf_is_shown_with_its_quote(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    page = visitor.page
    visitor.ask("Wie viele Fernrohre besitzt die Sternwarte Rosenau?").locator(".lotse-marker").first.click()
    picture = page.locator("#lotse-panel img")
    picture.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('#lotse-panel img').naturalWidth > 0")
    expect(page.locator("#lotse-panel")).to_contain_text(text("de", "page", page="2"))
    expect(page.locator("#lotse-panel mark")).to_have_text(PDF_SENTENCE)
    visitor.look("9-pdf")
    name, original = visitor.download(page.get_by_role("link", name=text("de", "source_original")))
    assert (name, original[:5]) == (PDF, b"%PDF-")


def test_feedback_becomes_a_draft(visit: Callable[..., Visitor], stage: Stage) -> None:
    visitor = visit("en-GB", 360, dark=True)
    page = visitor.page
    answer = visitor.ask(QUESTIONS["en"][0])
    answer.locator(".lotse-judge").first.click()
    visitor.look("10-feedback")
    page.locator("#lotse-comment").fill("<b>42</b> is right")
    page.get_by_role("button", name=text("en", "feedback_send")).click()
    expect(answer.locator(".lotse-judge").first).to_have_text(text("en", "js_feedback_thanks"))
    answer.locator(".lotse-marker").first.click()
    page.locator("#lotse-panel [data-act=feedback]").click()
    page.locator("#lotse-reason").select_option("outdated")
    page.get_by_role("button", name=text("en", "feedback_send")).click()
    expect(page.locator("#lotse-feedback")).not_to_be_visible()
    kept = list(drafts(stage.data))
    assert [(draft.verdict, draft.reason, draft.marker) for draft in kept] == [
        ("right", "right", None),
        ("wrong", "outdated", 1),
    ]
    assert kept[0].comment == "<b>42</b> is right"
    assert kept[1].sources == ("en/rosenau.md",)


@pytest.mark.parametrize(("language", "width", "dark"), SEATS)
def test_the_corpus_at_a_glance(visit: Callable[..., Visitor], language: Language, width: int, dark: bool) -> None:
    visitor = visit(locale_of(language), width, dark=dark, path=f"/documents?language={language}")
    page = visitor.page
    rows = page.locator("#lotse-documents tbody tr")
    expect(rows.filter(has_text="Zeitung über Tannfeld")).to_contain_text("Tannfelder Zeitung")
    page.get_by_role("button", name=text(language, "field_date")).click()
    expect(rows.first).to_contain_text("2024")
    visitor.look("11-documents")
    page.locator("#lotse-filter").fill("Sternwarte")
    expect(rows.filter(visible=True)).to_have_count(1)

    page.locator(".lotse-nav a").nth(2).click()
    clusters = page.locator("#lotse-clusters tbody tr")
    expect(clusters.filter(has_text="Tannfeld")).to_contain_text("2004")
    visitor.look("12-clusters")
    _, table = visitor.download(page.get_by_role("link", name=text(language, "clusters_csv")))
    assert "Tannfeld" in table.decode("utf-8-sig")
    _, picture = visitor.download(page.locator(".lotse-plot figcaption a").first)
    assert picture[:4] == b"\x89PNG"
    mark = page.locator(".lotse-plot svg:visible a").first
    mark.scroll_into_view_if_needed()
    expect(mark).to_have_attribute("aria-label", re.compile(r".+: .+"))
    page.goto(visitor.origin + str(mark.get_attribute("href")))
    expect(page.locator("mark").first).to_be_in_viewport()


@pytest.mark.parametrize(("language", "width", "dark"), SEATS)
def test_documents_are_brought_withdrawn_and_restored(
    visit: Callable[..., Visitor], stage: Stage, language: Language, width: int, dark: bool
) -> None:
    visitor = visit(locale_of(language), width, dark=dark, path=f"/bring?language={language}")
    page = visitor.page
    sentence = f"Der Hafen {language.upper()}burg hat {width} Kräne."
    name = f"hafen-{language}.md"
    page.locator("#lotse-files").set_input_files(
        [
            {"name": name, "mimeType": "text/markdown", "buffer": f"# Hafen\n\n{sentence}\n".encode()},
            {"name": "kaputt.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 nothing"},
        ]
    )
    expect(page.locator("#lotse-then")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#lotse-refused")).to_contain_text("kaputt.pdf")
    visitor.look("13-brought")
    page.locator("#lotse-then a").click()
    expect(visitor.ask(f"Wie viele Kräne hat der Hafen {language.upper()}burg?")).to_contain_text(str(width))

    page.goto(f"{visitor.origin}/bring?language={language}")
    for row, place, done in (
        ("#lotse-in", "#lotse-out", r"\b1 (entfernt|removed)"),
        ("#lotse-out", "#lotse-in", r"\b1 (neu|new)"),
    ):
        page.locator(f"{row} tr", has_text=name).get_by_role("button").click()
        expect(page.locator(f"{place} tr", has_text=name)).to_have_count(1)
        expect(page.locator("#lotse-step")).to_contain_text(re.compile(done), timeout=PATIENCE)


def test_the_language_is_switched_and_remembered(visit: Callable[..., Visitor]) -> None:
    visitor = visit("de-DE")
    page = visitor.page
    visitor.ask(QUESTIONS["de"][0])
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#lotse-send")).to_have_text(text("en", "chat_ask"))
    expect(page.locator(".lotse-actions")).to_contain_text(text("en", "chat_evidence"))
    visitor.enter()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_everything_is_reached_with_the_keyboard(visit: Callable[..., Visitor]) -> None:
    """From the top of the page with Tab: skip link, sections, new conversation, examples, question; Enter asks."""
    visitor = visit("de-DE")
    page = visitor.page
    reached: list[Any] = []
    for _ in range(25):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.className || document.activeElement.tagName"))
        if page.evaluate("document.activeElement.matches('.lotse-example')"):
            break
    assert "lotse-skip" in reached[0]
    assert any("lotse-new" in one for one in reached)
    page.keyboard.press("Enter")
    expect(page.locator(".lotse-answer")).to_be_visible()
    expect(page.locator("#lotse-question textarea")).to_be_focused()


def test_at_twice_the_size_nothing_is_cut_off(visit: Callable[..., Visitor]) -> None:
    """200 % of zoom on a screen of 1280 is a page that is 640 wide."""
    visitor = visit("de-DE", 640)
    visitor.ask(QUESTIONS["de"][0]).locator(".lotse-marker").first.click()
    expect(visitor.page.locator("#lotse-panel mark").first).to_be_in_viewport()
    visitor.look("14-zoomed")


def test_the_page_can_reach_no_other_host(visit: Callable[..., Visitor]) -> None:
    visitor = visit("de-DE")
    reached = visitor.page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'reached', () => 'refused')")
    assert reached == "refused"
    assert any("Content Security Policy" in error for error in visitor.errors)
    visitor.errors.clear()
    visitor.foreign.clear()
