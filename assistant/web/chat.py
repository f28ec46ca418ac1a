"""The web chat at `/`. The only home of gradio."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI

from assistant.catalogue import text
from assistant.errors import AssistantError
from assistant.pipeline import MAX_QUESTION, Service
from assistant.types import Language, Turn
from assistant.web.rendering import answer_html, error_html, heading_html, pending_html, question_html

Message = dict[str, Any]

EXAMPLES = 4
_HERE = Path(__file__).parent
_DECLARE_LANGUAGE = (
    "(language) => { Object.assign(document.documentElement, { lang: language }).dataset.language = language; }"
)
_LANGUAGES: dict[str, Language] = {"de": "de", "en": "en"}


def mount_chat(app: FastAPI, service: Service) -> None:
    """Mount the chat at the root of an application; routes that are there already stay in front of it."""
    gr.mount_gradio_app(
        app,
        build_chat(Handlers(service)),
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        enable_monitoring=False,
        max_file_size=1,  # bytes: nothing is uploaded here
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        theme=_theme(),
        css=(_HERE / "chat.css").read_text(encoding="utf-8"),
        head=(_HERE / "chat_head.html").read_text(encoding="utf-8"),
    )


@dataclass(frozen=True)
class Handlers:
    """What the page calls. `turns` is what the assistant knows of the conversation, `messages` what the visitor sees."""

    service: Service

    def answer(
        self, question: str, language: Language, turns: list[Turn], messages: list[Message]
    ) -> Iterator[tuple[Any, ...]]:
        """Show the question at once and the answer when it is there; an empty question changes nothing."""
        asked = question.strip()
        if not asked:
            yield gr.skip(), gr.skip(), gr.skip()
            return
        messages = [*messages, _message("user", question_html(asked))]
        yield "", gr.skip(), [*messages, _message("assistant", pending_html(language))]
        try:
            found = self.service.assistant.ask(asked, turns)
        except AssistantError as error:
            yield gr.skip(), gr.skip(), [*messages, _message("assistant", error_html(error, language))]
            return
        turns = [*turns, Turn("user", asked), Turn("assistant", found.answer)]
        yield gr.skip(), turns, [*messages, _message("assistant", answer_html(found))]

    def example(
        self, chosen: gr.SelectData, language: Language, turns: list[Turn], messages: list[Message]
    ) -> Iterator[tuple[Any, ...]]:
        """Ask one of the example questions."""
        yield from self.answer(chosen.value["text"], language, turns, messages)

    def failed(self, language: Language, messages: list[Message]) -> Any:
        """Put an error where the answer was awaited; a conversation that was left meanwhile stays empty."""
        return [*messages[:-1], _message("assistant", error_html(None, language))] if messages else gr.skip()

    def renew(self) -> tuple[Any, ...]:
        """Forget the conversation."""
        return "", [], []

    def greet(self, request: gr.Request) -> tuple[Any, ...]:
        """Speak the browser's language."""
        language = preferred_language(request.headers.get("accept-language"))
        return language, *_texts(language)


def build_chat(handlers: Handlers) -> gr.Blocks:
    """The page: conversation, question, language. All state belongs to one browser session."""
    chat = gr.Blocks(title=text("de", "chat_title"), analytics_enabled=False, fill_height=True, fill_width=True)
    with chat:
        with gr.Row(elem_id="lotse-head"):
            heading = gr.HTML(elem_id="lotse-heading")
            new = gr.Button(size="sm", elem_id="lotse-new", scale=0, min_width=0)
            language = gr.Radio(
                [("Deutsch", "de"), ("English", "en")], value="de", elem_id="lotse-language", container=False, scale=0, min_width=0
            )  # fmt: skip
        conversation = gr.Chatbot(
            elem_id="lotse-conversation", show_label=False, container=False, scale=1, buttons=[], feedback_options=None,
            autoscroll=False, render_markdown=False, sanitize_html=True, allow_tags=False, latex_delimiters=[],
            group_consecutive_messages=False,
        )  # fmt: skip
        with gr.Row(elem_id="lotse-form"):
            question = gr.Textbox(
                elem_id="lotse-question", show_label=False, container=False, max_lines=6, max_length=MAX_QUESTION, min_width=0
            )  # fmt: skip
            send = gr.Button(variant="primary", elem_id="lotse-send", scale=0, min_width=0)
        turns = gr.State([])

        labelled = [heading, language, conversation, question, send, new]
        state, result = [language, turns, conversation], [question, turns, conversation]
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        at_once: dict[str, Any] = {**quiet, "queue": False}
        together: dict[str, Any] = {**quiet, "concurrency_limit": None}
        asked = gr.on([send.click, question.submit], handlers.answer, [question, *state], result, **together)
        picked = conversation.example_select(handlers.example, state, result, **together)
        for event in (asked, picked):
            event.failure(handlers.failed, [language, conversation], conversation, **at_once)
        new.click(handlers.renew, None, result, cancels=[asked, picked], **at_once)
        switched = language.input(_texts, language, labelled, **at_once)
        greeted = chat.load(handlers.greet, None, [language, *labelled], **at_once)
        for event in (switched, greeted):
            event.then(None, language, None, js=_DECLARE_LANGUAGE)
    return chat


def preferred_language(accept_language: str | None) -> Language:
    """The first of our languages in an Accept-Language header; German without a header, English when neither is in it."""
    if not accept_language:
        return "de"
    ranked: list[tuple[float, str]] = []
    for item in accept_language.split(","):
        tag, _, quality = item.partition(";q=")
        try:
            ranked.append((-float(quality or 1), tag.strip().lower()))
        except ValueError:
            continue
    wanted = (_LANGUAGES.get(tag.partition("-")[0]) for rank, tag in sorted(ranked, key=lambda pair: pair[0]) if rank)
    return next((language for language in wanted if language), "en")


def _texts(language: Language) -> tuple[Any, ...]:
    """The texts of the page in a language, in the order heading, language, conversation, question, send, new."""
    examples: list[Any] = [{"text": text(language, f"chat_example_{number}")} for number in range(1, EXAMPLES + 1)]
    return (
        heading_html(language),
        gr.Radio(label=text(language, "chat_language")),
        gr.Chatbot(examples=examples, placeholder=text(language, "chat_examples")),
        gr.Textbox(placeholder=text(language, "chat_placeholder")),
        gr.Button(text(language, "chat_ask")),
        gr.Button(text(language, "chat_new")),
    )


def _message(role: str, html: str) -> Message:
    # As a typed part, since gradio strips and dedents plain strings, and quotes must stay as they are.
    return {"role": role, "content": [{"type": "text", "text": html}]}


def _theme() -> gr.Theme:
    """Gradio's own font comes from the same server; its semi-bold cut lacks most letters."""
    theme = gr.themes.Default(
        primary_hue="teal",
        neutral_hue="slate",
        font=[gr.themes.LocalFont("Source Sans Pro", weights=(400, 700)), "system-ui", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    )
    return theme.set(
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        button_primary_background_fill_dark="*primary_700",
        button_primary_background_fill_hover_dark="*primary_600",
        button_primary_text_color="white",
    )
