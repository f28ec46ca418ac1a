import asyncio
import dataclasses
import re
import shutil
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from assistant.catalogue import catalogue
from assistant.errors import IndexUnavailableError
from assistant.extractive import draft_quotes
from assistant.open_index import OpenIndex
from assistant.pipeline import Assistant, Service
from assistant.rewrite import rewrite_question
from assistant.settings import Settings
from assistant.types import Answer, Findings, Language, Question, Turn
from assistant.verify import verify_draft
from assistant.web import chat
from assistant.web.api import create_app
from assistant.web.chat import Handlers, preferred_language
from ingest.build import ingest
from tests import small_service
from tests.helpers import HashingEmbeddings

# gradio's way with pandas, in a thread of the server
pytestmark = pytest.mark.filterwarnings(
    "ignore:'future.no_silent_downcasting' is deprecated", "ignore:The copy keyword is deprecated"
)

CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync "
    "--no-first-run --disable-quic"
).split()
ARTEFACTS = Path(__file__).parents[1] / "artefacts"

DOCUMENTS = {
    **{name: text for name, text in small_service.DOCUMENTS.items() if name.endswith("rosenau.md")},
    "de/kasten.md": """---
title: "<img src=/x onerror=hacked=1>"
publisher: "<b>Verlag</b>"
date: 2024-01-01
language: de
---
# <script>hacked=1</script>

Der Brutkasten <img src="https://evil.example/x.png" onerror="hacked=1"> steht in [Halle](https://evil.example).
""",
}

# language, its locale, question, then what its source must show
ASKED = (
    ("de", "de-DE", "Wie viele Mitglieder hat der Biocluster Rosenau?", "42 Mitglieder", "Biocluster Rosenau in Zahlen",
     "Menschen und Mittel", "Rosenauer Verlag", "Stand: 3. April 2025"),
    ("en", "en-GB", "How many members does the Rosenau biocluster have?", "42 members", "Rosenau Biocluster in Figures",
     "People and funds", "Rosenau Press", "As of 3 April 2025"),
)  # fmt: skip


# ---- without a browser ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "de"),
        ("", "de"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("en-US,en;q=0.9,de;q=0.8", "en"),
        ("en;q=0.4, de;q=0.5", "de"),
        ("DE-ch", "de"),
        ("fr-FR,fr;q=0.9,de;q=0.3,en;q=0.2", "de"),
        ("fr", "en"),
        ("*", "en"),
        ("de;q=0, en;q=0.1", "en"),
        ("de;q=high, en;q=0.1", "en"),
        (",;q=,--", "en"),
    ],
)
def test_the_language_of_the_browser(header: str | None, language: str) -> None:
    assert preferred_language(header) == language


def test_every_text_of_the_chat_is_in_the_catalogue_and_used() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in Path(chat.__file__).parent.glob("*.py"))
    used = set(re.findall(r"""["'](chat_\w+)["']""", source)) | {
        f"chat_{status}" for status in ("not_found", "conflict")
    }
    used |= {f"chat_example_{number}" for number in range(1, chat.EXAMPLES + 1)}
    for language in ("de", "en"):
        texts: dict[str, str] = catalogue(language)
        assert {key for key in texts if key.startswith("chat_")} == used
        assert all(texts[key].strip() for key in used)
        assert len(texts["chat_months"].split()) == 12


def handlers(ask: Callable[[str, Sequence[Turn]], Answer]) -> Handlers:
    """The page's handlers in front of an assistant that is one function."""

    class OneFunction:
        def ask(self, question: str, history: Sequence[Turn]) -> Answer:
            return ask(question, history)

    return Handlers(Service(OneFunction(), None))  # type: ignore[arg-type]


def answer(question: str, history: Sequence[Turn]) -> Answer:
    return Answer("a1", "answered", f"{question} {len(history)}", "en", "extractive", False, None, (), (), "v")


def html_of(messages: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(message["role"], message["content"][0]["text"]) for message in messages]


def test_a_question_is_shown_before_its_answer() -> None:
    waiting, done = handlers(answer).answer("  Who?\n", "en", [], [])
    assert waiting[0] == ""
    assert [role for role, _ in html_of(waiting[2])] == ["user", "assistant"]
    assert "Searching the documents" in html_of(waiting[2])[1][1]
    assert html_of(done[2])[0] == html_of(waiting[2])[0] == ("user", '<div class="lotse-question">Who?</div>')
    assert "Who? 0" in html_of(done[2])[1][1]


def test_a_follow_up_knows_the_conversation() -> None:
    asked = handlers(answer)
    *_, (_, turns, messages) = asked.answer("Who?", "en", [], [])
    assert turns == [Turn("user", "Who?"), Turn("assistant", "Who? 0")]
    *_, (_, turns, messages) = asked.answer("And where?", "en", turns, messages)
    assert [turn.content for turn in turns] == ["Who?", "Who? 0", "And where?", "And where? 2"]
    assert len(messages) == 4


@pytest.mark.parametrize("language", ["de", "en"])
def test_an_error_is_a_line_and_no_turn(language: Language) -> None:
    def unavailable(question: str, history: Sequence[Turn]) -> Answer:
        raise IndexUnavailableError("There is no index.", "Run lotse-ingest.")

    _, (_, turns, messages) = handlers(unavailable).answer("Who?", language, [], [])
    assert not isinstance(turns, list), "the turns stay as they are"
    assert "There is no index. Run lotse-ingest." in html_of(messages)[1][1]
    assert catalogue(language)["chat_error"] in html_of(messages)[1][1]


def test_what_nobody_foresaw_takes_the_place_of_the_answer() -> None:
    (_, _, waiting), _ = handlers(answer).answer("Who?", "en", [], [])
    question, line = html_of(handlers(answer).failed("en", waiting))
    assert (question, line[0]) == (html_of(waiting)[0], "assistant")
    assert "Something unexpected happened" in line[1]


def test_an_empty_question_changes_nothing() -> None:
    def never(question: str, history: Sequence[Turn]) -> Answer:
        raise AssertionError

    (changes,) = handlers(never).answer(" \n", "en", [], [])
    assert all(change == {"__type__": "update"} for change in changes)


# ---- with a server -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The application with a small index, on a free port."""
    folder = tmp_path_factory.mktemp("chat")
    for name, content in DOCUMENTS.items():
        (folder / "documents" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "documents" / name).write_text(content, encoding="utf-8")
    embedder = HashingEmbeddings()
    ingest([folder / "documents"], folder / "index", embedder)
    index = OpenIndex(Settings(data=folder / "index"), embedder)

    def retrieve(question: Question) -> Findings:
        """Whether the documents answer is judged by weights fitted to the packaged model; here they always do."""
        return dataclasses.replace(index(question), answerable=1.0)

    async def build() -> FastAPI:
        """Outside of an event loop gradio makes some that it never closes."""
        return create_app(Service(Assistant(rewrite_question, retrieve, draft_quotes, verify_draft), index))

    app = asyncio.run(build())
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listening.close()


def test_the_routes_beside_the_chat_go_on_working(origin: str) -> None:
    with httpx.Client(base_url=origin, timeout=60) as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        assert client.get("/docs").status_code == 200
        asked = client.post("/v1/ask", json={"question": ASKED[0][2]}).json()
        assert client.get(asked["citations"][0]["url"]).text == DOCUMENTS["de/rosenau.md"]
        assert "gradio" in client.get("/").text


def test_the_chat_offers_no_interface_and_takes_no_files(origin: str) -> None:
    with httpx.Client(base_url=origin, timeout=60) as client:
        assert client.get("/gradio_api/info").json() == {"named_endpoints": {}, "unnamed_endpoints": {}}
        assert client.post("/gradio_api/upload", files={"files": ("a.txt", b"two")}).status_code == 404
        assert client.get("/monitoring/summary").status_code == 404
        config = client.get("/config").json()
    assert not config["analytics_enabled"]
    assert all(call["api_visibility"] == "private" for call in config["dependencies"])


# ---- in a browser --------------------------------------------------------------------------------------------

in_browser = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")]


@pytest.fixture(scope="module")
def browser(origin: str) -> Iterator[Browser]:
    """After the application is built: playwright keeps the event loop to itself."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


class Visitor:
    """A browser session of its own, that notes what leaves the origin and what goes wrong in the page."""

    def __init__(self, browser: Browser, origin: str, locale: str, width: int, dark: bool = False) -> None:
        self.origin = origin
        self.foreign: list[str] = []
        self.errors: list[str] = []
        self.context = browser.new_context(
            locale=locale, viewport={"width": width, "height": 780}, color_scheme="dark" if dark else "light"
        )
        self.page: Page = self.context.new_page()
        self.page.on("request", self._note)
        self.page.on("websocket", lambda opened: self.foreign.append(opened.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)
        self.page.goto(origin)
        expect(self.page.locator("#lotse-question textarea")).to_be_visible(timeout=60_000)

    def _note(self, request: Request) -> None:
        if not request.url.startswith((f"{self.origin}/", "data:", "blob:")):
            self.foreign.append(request.url)

    def ask(self, question: str) -> None:
        answers = self.page.locator(".lotse-answer")
        before = answers.count()
        self.page.locator("#lotse-question textarea").fill(question)
        self.page.locator("#lotse-send").click()
        expect(answers).to_have_count(before + 1, timeout=60_000)

    def screenshot(self, name: str) -> None:
        ARTEFACTS.mkdir(exist_ok=True)
        self.page.screenshot(path=ARTEFACTS / f"chat-{name}.png", animations="disabled")

    def leave(self) -> None:
        """End the session: nothing left the origin, nothing went wrong."""
        self.context.close()
        assert (self.foreign, self.errors) == ([], [])


@pytest.fixture
def visit(browser: Browser, origin: str) -> Iterator[Callable[..., Visitor]]:
    visitors: list[Visitor] = []

    def enter(locale: str, width: int = 1280, *, dark: bool = False) -> Visitor:
        visitors.append(Visitor(browser, origin, locale, width, dark))
        return visitors[-1]

    yield enter
    for visitor in visitors:
        visitor.leave()


class TestInTheBrowser:
    pytestmark = in_browser

    @pytest.mark.parametrize("width", [1280, 360])
    @pytest.mark.parametrize(
        ("language", "locale", "question", "quote", "title", "section", "publisher", "date"), ASKED
    )
    def test_a_marker_opens_its_quote(
        self, visit: Callable[..., Visitor], width: int, language: str, locale: str, question: str, quote: str,
        title: str, section: str, publisher: str, date: str,
    ) -> None:  # fmt: skip
        visitor = visit(locale, width, dark=width == 360)
        page = visitor.page
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("#lotse-heading")).to_contain_text(catalogue(language)["chat_intro"])  # type: ignore[arg-type]
        visitor.screenshot(f"{language}-{width}-1-start")
        visitor.ask(question)
        source = page.locator(".lotse-sources details").first
        expect(source.locator("blockquote")).not_to_be_visible()
        visitor.screenshot(f"{language}-{width}-2-answer")

        page.locator(".lotse-marker", has_text="[1]").click()

        expect(source.locator("blockquote")).to_be_in_viewport()
        expect(source.locator("blockquote")).to_contain_text(quote)
        for shown in (title, section, publisher, date):
            expect(source.get_by_text(shown)).to_be_visible()
        expect(source.locator("summary")).to_be_focused()
        expect(source.get_by_role("link")).to_have_attribute("href", re.compile(r"^/v1/documents/\w+#char=\d+,\d+$"))
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        visitor.screenshot(f"{language}-{width}-3-source")

    def test_a_marker_is_reached_with_the_keyboard(self, visit: Callable[..., Visitor]) -> None:
        visitor = visit("de-DE")
        visitor.ask(ASKED[0][2])
        visitor.page.locator(".lotse-marker").first.focus()
        visitor.page.keyboard.press("Enter")
        expect(visitor.page.locator("blockquote").first).to_be_visible()

    def test_an_example_is_asked(self, visit: Callable[..., Visitor]) -> None:
        visitor = visit("en-GB")
        examples = visitor.page.locator("#lotse-conversation .example")
        expect(examples).to_have_text([catalogue("en")[f"chat_example_{n}"] for n in range(1, chat.EXAMPLES + 1)])
        examples.nth(1).click()
        expect(visitor.page.locator(".lotse-question")).to_have_text(catalogue("en")["chat_example_2"])
        expect(visitor.page.locator(".lotse-answer")).to_be_visible(timeout=60_000)

    def test_a_follow_up_then_a_new_conversation(self, visit: Callable[..., Visitor]) -> None:
        visitor = visit("de-DE")
        page = visitor.page
        visitor.ask(ASKED[0][2])
        visitor.ask("Und der Biocluster Lindtal?")
        expect(page.locator(".lotse-note")).to_contain_text("Lindtal")
        expect(page.locator(".lotse-answer").last).to_contain_text("17 Mitglieder")
        expect(page.locator(".lotse-question").last).to_be_in_viewport()
        visitor.screenshot("de-1280-4-follow-up")

        stranger = visit("de-DE")
        expect(stranger.page.locator("#lotse-conversation .example")).to_have_count(chat.EXAMPLES)
        expect(stranger.page.locator(".lotse-question")).to_have_count(0)

        page.locator("#lotse-new").click()
        expect(page.locator(".lotse-question")).to_have_count(0)
        visitor.ask("Und der Biocluster Lindtal?")
        expect(page.locator(".lotse-note")).to_have_count(0)

    def test_the_language_is_switched(self, visit: Callable[..., Visitor]) -> None:
        page = visit("de-DE").page
        expect(page.locator("#lotse-send")).to_have_text("Fragen")
        page.get_by_label("English").check()
        expect(page.locator("#lotse-send")).to_have_text("Ask")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.locator("#lotse-conversation .example").first).to_have_text(catalogue("en")["chat_example_1"])

    def test_a_question_without_words_is_an_error_in_one_line(self, visit: Callable[..., Visitor]) -> None:
        visitor = visit("de-DE")
        visitor.page.locator("#lotse-question textarea").fill("???")
        visitor.page.keyboard.press("Enter")
        expect(visitor.page.locator(".lotse-error")).to_contain_text("So lässt sich nicht suchen.", timeout=60_000)
        visitor.screenshot("de-1280-5-error")

    def test_markup_of_a_document_stays_text(self, visit: Callable[..., Visitor]) -> None:
        visitor = visit("de-DE")
        page = visitor.page
        visitor.ask("Wo steht der Brutkasten?")
        page.locator(".lotse-marker").first.click()
        source = page.locator(".lotse-sources details").first
        expect(source.locator("blockquote")).to_contain_text(
            '<img src="https://evil.example/x.png" onerror="hacked=1">'
        )
        expect(source.locator(".lotse-title")).to_have_text("<img src=/x onerror=hacked=1>")
        expect(source.locator(".lotse-section")).to_have_text("<script>hacked=1</script>")
        expect(page.locator(".lotse-answer :is(img, script, b, [onerror])")).to_have_count(0)
        assert page.evaluate("typeof hacked") == "undefined"

    def test_the_page_can_reach_no_other_host(self, visit: Callable[..., Visitor]) -> None:
        visitor = visit("de-DE")
        reached = visitor.page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'reached', () => 'refused')")
        assert reached == "refused"
        assert any("Content Security Policy" in error for error in visitor.errors)
        visitor.errors.clear()
