"""How fast the chat's page is: first paint and weight beside an empty gradio page, and how soon an answer is seen.

Run it with nothing beside it: `python benchmarks/page.py [VISITS]`. Both pages are served by this process, visited in turn in a
new Chromium context each. The third figure is the time from the moment the server hands out the answer's markup to the
moment its text stands on the screen.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import gradio as gr
from fastapi import FastAPI
from playwright.sync_api import Browser, Response

from assistant.web.chat import handlers
from tests.live_server import live_server
from tests.web.chat_server import running
from tests.web.visitor import chromium

MOST_LATER, MOST_MORE, MOST_SHOWN = 1_000, 1_000_000, 150  # milliseconds, bytes, milliseconds


@contextmanager
def empty_page() -> Iterator[str]:
    """An empty gradio page at a free port."""

    async def build() -> FastAPI:
        with gr.Blocks(analytics_enabled=False) as blocks:
            pass
        return gr.mount_gradio_app(FastAPI(), blocks, path="/", ssr_mode=False)

    with live_server(asyncio.run(build())) as address:
        yield address


def visit(browser: Browser, address: str, ready: str) -> tuple[float, int]:
    """Milliseconds to the first contentful paint, and bytes as they are before compression."""
    context = browser.new_context(locale="de-DE")
    page = context.new_page()
    got: list[Response] = []
    page.on("response", lambda response: got.append(response))
    page.goto(address)
    page.wait_for_selector(ready, state="attached")
    paint = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
    page.wait_for_function(f"{paint} !== undefined")
    page.wait_for_timeout(1_500)  # what comes later is weighed as well
    first = page.evaluate(paint)
    lasting = ("heartbeat", "queue/data")  # streams that do not end
    size = sum(len(one.body()) for one in got if one.ok and not any(part in one.url for part in lasting))
    context.close()
    return float(first), size


def shown_after(browser: Browser, address: str, visits: int) -> list[float]:
    """Milliseconds from the answer's markup being made to its text being on the screen."""
    made: list[float] = []
    rendered = handlers.conversation_html

    def noting(*args: object, **more: object) -> str:
        markup: str = rendered(*args, **more)  # type: ignore[arg-type]
        if "lotse-answer" in markup:
            made.append(time.time())
        return markup

    handlers.conversation_html = noting
    context = browser.new_context(locale="de-DE")
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector(".lotse-example")
    page.evaluate(
        """() => { window.seen = []; new MutationObserver(() => {
             const count = document.querySelectorAll('.lotse-answer .lotse-text').length;
             if (count === seen.length) return;
             const i = seen.push(0) - 1;
             requestAnimationFrame(() => { seen[i] = Date.now(); });
           }).observe(document.body, { childList: true, subtree: true }); }"""
    )
    found = []
    for number in range(visits):
        page.fill("#lotse-question textarea", f"Wie viele Mitglieder hat der Biocluster Rosenau? {number}")
        page.keyboard.press("Enter")
        page.wait_for_function(f"seen.length > {number} && seen[{number}] > 0")
        found.append(page.evaluate(f"seen[{number}]") - made[-1] * 1000)
    context.close()
    handlers.conversation_html = rendered
    return found


def main() -> None:
    """Print the three figures; exit code 1 if one misses its bar."""
    visits = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder)) as stage,
        empty_page() as empty,
        chromium() as browser,
    ):
        pages = {"empty": (empty, "gradio-app"), "chat": (stage.origin, ".lotse-example")}
        for address, ready in pages.values():
            visit(browser, address, ready)  # the server's first time
        measured = {name: [visit(browser, *page) for _ in range(visits)] for name, page in pages.items()}
        shown = shown_after(browser, stage.origin, visits)
    paints = {name: statistics.median(first for first, _ in found) for name, found in measured.items()}
    sizes = {name: max(size for _, size in found) for name, found in measured.items()}
    later, more, seen = paints["chat"] - paints["empty"], sizes["chat"] - sizes["empty"], statistics.median(shown)
    for line in (
        f"first contentful paint: {paints['chat']:.0f} ms, empty page {paints['empty']:.0f}: {later:+.0f} (at most +{MOST_LATER})",
        f"weight: {sizes['chat']:,} bytes, empty page {sizes['empty']:,}: {more:+,} (at most +{MOST_MORE:,})",
        f"answer on the screen after {seen:.0f} ms, slowest {max(shown):.0f} (at most {MOST_SHOWN})",
    ):
        print(line)
    sys.exit(later > MOST_LATER or more > MOST_MORE or seen > MOST_SHOWN)


if __name__ == "__main__":
    main()
