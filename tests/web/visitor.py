"""A visitor with a browser of their own, who notes what leaves the origin and what goes wrong in the page."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Request, expect, sync_playwright

CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync "
    "--no-first-run --disable-quic"
).split()
ARTEFACTS = Path(os.environ.get("ARTEFACTS", Path(__file__).parents[1] / "artefacts"))
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
PATIENCE = 60_000  # milliseconds, on a machine that has other work


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


class Visitor:
    """One browser session."""

    def __init__(self, browser: Browser, origin: str, locale: str, width: int = 1280, *, dark: bool = False) -> None:
        self.origin, self.width = origin, width
        self.foreign: list[str] = []
        self.errors: list[str] = []
        self.name = f"{locale[:2]}-{width}-{'dark' if dark else 'light'}"
        self.context = browser.new_context(
            locale=locale, viewport={"width": width, "height": 800 if width > 800 else 740},
            color_scheme="dark" if dark else "light", accept_downloads=True, reduced_motion="reduce",
        )  # fmt: skip
        self.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=origin)
        self.context.on("request", self._note)
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)

    def _note(self, request: Request) -> None:
        if not request.url.startswith((f"{self.origin}/", "data:", "blob:")):
            self.foreign.append(request.url)

    def enter(self, path: str = "/") -> None:
        """Open a page; the chat is there when its examples are."""
        self.page.goto(self.origin + path)
        if path.startswith(("/?", "/ ")) or path == "/":
            expect(self.page.locator("#lotse-question textarea")).to_be_visible(timeout=PATIENCE)
            expect(self.page.locator(":is(.lotse-welcome, .lotse-turn)").first).to_be_visible(timeout=PATIENCE)

    def ask(self, question: str) -> Locator:
        """Ask, and give the answer."""
        answers = self.page.locator(".lotse-answer")
        before = answers.count()
        field = self.page.locator("#lotse-question textarea")
        field.fill(question)
        field.press("Enter")  # there: a panel that closes gives the focus back a moment later
        expect(answers).to_have_count(before + 1, timeout=PATIENCE)
        return answers.nth(before)

    def look(self, view: str) -> None:
        """Keep a picture of the view; nothing of it is wider than the screen, nothing serious is wrong with it for anybody."""
        ARTEFACTS.mkdir(exist_ok=True)
        self.page.screenshot(path=ARTEFACTS / f"{view}-{self.name}.png", animations="disabled")
        assert self.page.evaluate("document.documentElement.scrollWidth") <= self.width, view
        found: dict[str, Any] = self.page.evaluate(f"{{ {AXE} }}; axe.run()")
        grave = [v for v in found["violations"] if v["impact"] in ("serious", "critical")]
        assert not grave, (view, self.name, [(v["id"], [node["target"] for node in v["nodes"]][:3]) for v in grave])

    def download(self, button: Locator) -> tuple[str, bytes]:
        """Name and content of what a click saves."""
        with self.page.expect_download() as saved:
            button.click()
        return saved.value.suggested_filename, Path(saved.value.path()).read_bytes()

    def leave(self) -> None:
        """End the session: nothing left the origin, nothing went wrong."""
        self.context.close()
        assert (self.foreign, self.errors) == ([], [])
