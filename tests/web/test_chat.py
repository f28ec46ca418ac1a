"""The chat without a browser: language, handlers, what a browser keeps, and the page's interface."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

import assistant.web
from assistant.catalogue import catalogue
from assistant.errors import IndexUnavailableError, InvalidInputError
from assistant.feedback import REASONS
from assistant.open_index import OpenIndex
from assistant.pipeline import Assistant, Service
from assistant.resources import resource_dir
from assistant.settings import Settings
from assistant.types import Answer, Draft, Findings, Language, Question, Turn
from assistant.web.api import create_app
from assistant.web.chat.examples import chosen_examples, examples
from assistant.web.chat.exchange import Exchange, kept_json, read_kept
from assistant.web.chat.handlers import Handlers, Shown
from assistant.web.chat.page import WORDS
from assistant.web.languages import preferred_language
from ingest.build import ingest
from tests.helpers import HashingEmbeddings
from tests.small_service import small_service


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


# Keys that are put together in code and templates: the beginning, and what may follow.
COMPOSED = {
    "chat_": ["not_found", "conflict", *(f"example_{number}" for number in range(1, 5))],
    "js_": WORDS,
    "example_": ["members", "founded", "seat", "staff"],
    "feedback_": REASONS,
    "nav_": ["chat", "documents", "clusters", "bring"],
    "language_": ["de", "en"],
    "field_": ["title", "publisher", "date", "language", "size"],
    "plot_": ["founded", "members", "kinds", "staff"],
    "proof_": ["quotes", "markers", "figures"],
    "csv_": ["cluster", "figure", "value", "written", "date", "title", "quote", "url"],
    "column_": ["founded", "seat", "staff", *(f"members_{kind}" for kind in ("total", "sme", "large", "research"))],
}
OURS = (*COMPOSED, "welcome_", "side_", "ui_", "source_", "missing_", "evidence_", "documents_", "clusters_", "bring_")


def test_every_text_of_the_pages_is_in_the_catalogue_and_used() -> None:
    folder = Path(assistant.web.__file__).parent
    sources = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.suffix in (".py", ".html"))
    used = set(re.findall(r"""\b(?:t|text)\((?:[\w.]+, )?["']([a-z]\w+[a-z0-9])["']""", sources))
    used |= set(re.findall(r"""["'](chat_\w+)["']""", sources)) | {"proof_holds", "proof_fails"}
    used |= {beginning + end for beginning, ends in COMPOSED.items() for end in ends}
    for language in ("de", "en"):
        texts: dict[str, str] = catalogue(language)
        assert used - texts.keys() == set()
        assert {key for key in texts if key.startswith(OURS)} - used == set()
        assert all(texts[key].strip() for key in used)
        assert len(texts["chat_months"].split()) == 12


def test_no_text_stands_in_a_template() -> None:
    """Words between tags come from the catalogue; what is left are signs and the names of formats."""
    allowed = {
        "PNG",
        "↓",
        "✎",
        "☰",
        "◐",
        "+",
        "…",
        "–",
        "·",
        "Clusterlotse",
        "›",
        "[",
        "]",
        "(",
        ")",
        ",",
        ".",
        ":",
        "",
    }
    for path in (Path(assistant.web.__file__).parent / "templates").glob("*.html"):
        words = re.sub(
            r"<style>.*?</style>|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", " ", path.read_text("utf-8"), flags=re.S
        )
        assert set(words.split()) <= allowed, path.name


# ---- handlers ------------------------------------------------------------------------------------------------


def handlers(verify: Callable[[Question], Answer]) -> Handlers:
    """The page's handlers in front of an assistant whose last stage is given."""

    def rewrite(question: str, turns: Sequence[Turn], language: Language | None) -> Question:
        return Question(question, f"{question} {len(turns)}", "en")

    stages = Assistant(
        rewrite,
        lambda question: Findings((), 1.0, "v"),
        lambda question, findings: Draft("answered", "", (), "extractive"),
        lambda question, findings, draft: verify(question),
    )
    return Handlers(Service(stages, None))  # type: ignore[arg-type]


def answer(question: Question) -> Answer:
    return Answer("a1", "answered", question.text, "en", "extractive", False, question.rewritten, (), (), "v")


def test_a_question_is_shown_before_its_answer() -> None:
    steps = list(handlers(answer).ask("  Who?\n", "en", []))
    assert [(step.exchanges[-1].progress, step.keep is None) for step in steps] == [
        ("started", True),
        ("writing", True),
        ("writing", False),
    ]
    assert "Searching the documents" in steps[0].html
    assert "lotse-pending" in steps[1].html
    assert "Who? 0" in steps[1].html
    assert "Who? 0" in steps[-1].html


def test_a_follow_up_knows_the_conversation() -> None:
    asked = handlers(answer)
    *_, first = asked.ask("Who?", "en", [])
    *_, second = asked.ask("And where?", "en", first.exchanges)
    assert [exchange.answer.answer for exchange in second.exchanges if exchange.answer] == ["Who? 0", "And where? 2"]
    *_, again = asked.again("Whence?", 1, "en", second.exchanges)
    assert [exchange.question for exchange in again.exchanges] == ["Who?", "Whence?"]


@pytest.mark.parametrize("language", ["de", "en"])
def test_an_error_is_a_line_and_no_turn(language: Language) -> None:
    def unavailable(question: Question) -> Answer:
        raise IndexUnavailableError("There is no index.", "Run lotse-ingest.")

    asked = handlers(unavailable)
    *_, shown = asked.ask("Who?", language, [])
    assert "There is no index. Run lotse-ingest." in shown.html
    assert catalogue(language)["chat_error"] in shown.html
    *_, shown = asked.ask("Who else?", language, shown.exchanges)
    assert [exchange.question for exchange in shown.exchanges] == ["Who else?"]
    assert not asked.runs


def test_what_nobody_foresaw_takes_the_place_of_the_answer() -> None:
    def broken(question: Question) -> Answer:
        raise ZeroDivisionError

    asked = handlers(broken)
    seen: list[Shown] = []
    with pytest.raises(ZeroDivisionError):
        seen.extend(asked.ask("Who?", "en", []))
    assert not asked.runs
    first = next(handlers(answer).ask("Who?", "en", []))
    assert "Something unexpected happened" in asked.failed("en", first.exchanges).html


def test_a_stopped_question_says_nothing_more() -> None:
    asked: Handlers

    def stopping(question: Question) -> Answer:
        (run,) = asked.runs
        asked.stop([Exchange("Who?", run=run)])
        return answer(question)

    asked = handlers(stopping)
    *_, last = asked.ask("Who?", "en", [])
    assert (last.exchanges[-1].progress, last.exchanges[-1].answer, last.keep) == ("stopped", None, None)


def test_a_second_question_waits_for_the_first() -> None:
    asked = handlers(answer)
    running = asked.ask("Who?", "en", [])
    first = next(running)
    assert list(asked.ask("Who else?", "en", first.exchanges)) == []
    running.close()
    assert not asked.runs


def test_an_empty_question_changes_nothing() -> None:
    assert list(handlers(answer).ask(" \n", "en", [])) == []


def test_a_kept_conversation_is_shown_again() -> None:
    asked = handlers(answer)
    *_, first = asked.ask("Who?", "en", [])
    assert first.keep
    opened = asked.opened(first.keep, "en")
    assert [dataclasses.replace(e, answer=None) for e in opened.exchanges] == [Exchange("Who?")]
    assert opened.html == first.html


@pytest.mark.parametrize(
    "kept",
    [
        "",
        "{}",
        "[{}]",
        '[{"question": "a"}]',
        "[" * 10_000,
        json.dumps([{"question": "x" * 2_001, "answer": dataclasses.asdict(answer(Question("a", "a", "en")))}]),
        json.dumps([{"question": "a", "answer": dataclasses.asdict(answer(Question("a", "a", "en")))}] * 101),
        json.dumps([{"question": "a", "answer": {"status": "answered"}}]),
    ],
)
def test_what_this_program_did_not_keep_is_refused(kept: str) -> None:
    with pytest.raises(InvalidInputError):
        read_kept(kept)
    assert "cannot be read" in handlers(answer).opened(kept, "en").html


@pytest.mark.parametrize("language", ["de", "en"])
def test_examples_fit_the_documents_and_are_answered(tmp_path: Path, language: Language) -> None:
    service = small_service(tmp_path)
    shown = Handlers(service).opened("[]", language)
    assert not shown.exchanges
    asked = re.findall(r'data-question="([^"]+)"', shown.html)
    assert asked
    for question in asked:
        assert "osenau" in question or "indtal" in question
        assert service.assistant.ask(question).status == "answered"


def test_the_shipped_corpus_has_chosen_examples(tmp_path: Path) -> None:
    shipped = resource_dir("corpus") / "de" / "biorn.md"
    ingest([shipped.parent.parent / "de" / "biorn.md"], tmp_path / "i", HashingEmbeddings())
    index = OpenIndex(Settings(data=tmp_path / "i"), HashingEmbeddings())
    assert examples(index.current(), "de") != chosen_examples("de"), "named by itself it is another document"
    (tmp_path / "c" / "de").mkdir(parents=True)
    (tmp_path / "c" / "de" / "biorn.md").write_bytes(shipped.read_bytes())
    ingest([tmp_path / "c"], tmp_path / "i", HashingEmbeddings())
    assert examples(index.current(), "de") == chosen_examples("de")


def test_only_answers_are_kept() -> None:
    kept = kept_json([Exchange("a", answer(Question("a", "a", "en"))), Exchange("b", progress="stopped")])
    assert [exchange.question for exchange in read_kept(kept)] == ["a"]


# ---- the page's interface ------------------------------------------------------------------------------------


@pytest.mark.filterwarnings(
    "ignore:'future.no_silent_downcasting' is deprecated", "ignore:The copy keyword is deprecated"
)
def test_the_chat_offers_no_interface_and_takes_no_files(tmp_path: Path) -> None:
    async def build() -> FastAPI:
        """Outside of an event loop gradio makes some that it never closes."""
        return create_app(small_service(tmp_path))

    client = TestClient(asyncio.run(build()), base_url="http://localhost")
    assert client.get("/gradio_api/info").json() == {"named_endpoints": {}, "unnamed_endpoints": {}}
    assert client.post("/gradio_api/upload", files={"files": ("a.txt", b"two")}).status_code == 404
    assert client.get("/monitoring/summary").status_code == 404
    config: dict[str, Any] = client.get("/config").json()
    assert not config["analytics_enabled"]
    assert all(call["api_visibility"] == "private" for call in config["dependencies"])
    assert client.get("/docs").status_code == 200
    assert "gradio" in client.get("/").text
