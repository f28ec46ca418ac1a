"""/docs in a real browser: every route is there, and its example works by two clicks."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from assistant.web.api import create_app, described
from tests.live_server import live_server
from tests.small_service import small_service

CHROMIUM = shutil.which("chromium")

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")]


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with live_server(create_app(small_service(tmp_path_factory.mktemp("docs")), with_chat=False)) as origin:
        yield origin


@pytest.fixture(scope="module")
def page(origin: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        refused: list[str] = []
        page.on("console", lambda line: refused.append(line.text) if "Content Security Policy" in line.text else None)
        page.goto(f"{origin}/docs")
        expect(page.locator(".opblock").first).to_be_visible(timeout=60_000)
        yield page
        assert not refused
        browser.close()


def test_every_route_is_shown(page: Page) -> None:
    shown = {re.sub(r"\u200b", "", path) for path in page.locator(".opblock-summary-path").all_inner_texts()}
    assert shown == set(described()["paths"])


@pytest.mark.parametrize(("route", "words"), [("ask", "citations"), ("search", "passages"), ("models", "clusterlotse")])
def test_an_example_works(page: Page, route: str, words: str) -> None:
    block = page.locator(f"[id$='-{route}'].opblock")
    block.locator(".opblock-summary").click()
    block.get_by_role("button", name="Try it out").click()
    block.get_by_role("button", name="Execute").click()
    expect(block.locator(".live-responses-table .response-col_status").last).to_contain_text("200", timeout=30_000)
    expect(block.locator(".live-responses-table")).to_contain_text(words)
    block.locator(".opblock-summary").click()
