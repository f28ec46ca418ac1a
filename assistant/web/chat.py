"""The web chat at `/`. The only home of gradio."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI

from assistant.catalogue import text
from assistant.errors import AssistantError
from assistant.pipeline import MAX_QUESTION, Service
from assistant.types import Language, Turn
from assistant.web.rendering import answer_html, error_html, heading_html, question_html

Message = dict[str, Any]

EXAMPLES = 4
_HERE = Path(__file__).parent
_LANGUAGES: dict[str, Language] = {"de": "de", "en": "en"}


def mount_chat(app: FastAPI, service: Service) -> None:
    """Mount the chat at the root of an application; routes that are there already stay in front of it."""
    gr.mount_gradio_app(
        app,
        build_chat(service),
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


def build_chat(service: Service) -> gr.Blocks:
    """The page: conversation, question, language. All state belongs to one browser session."""

    def answer(
        question: str, language: Language, turns: list[Turn], messages: list[Message]
    ) -> Iterator[tuple[Any, ...]]:
        """Show the question at once and the answer when it is there; an empty question changes nothing."""
        if not question.strip():
            yield question, turns, messages
            return
        messages = [*messages, _message("user", question_html(question.strip()))]
        yield "", turns, messages
        try:
            found = service.assistant.ask(question, turns)
        except AssistantError as error:
            yield "", turns, [*messages, _message("assistant", error_html(error, language))]
            return
        turns = [*turns, Turn("user", question.strip()), Turn("assistant", found.answer)]
        yield "", turns, [*messages, _message("assistant", answer_html(found))]

    def example(
        chosen: gr.SelectData, language: Language, turns: list[Turn], messages: list[Message]
    ) -> Iterator[tuple[Any, ...]]:
        yield from answer(chosen.value["text"], language, turns, messages)

    def greet(request: gr.Request) -> tuple[Any, ...]:
        language = preferred_language(request.headers.get("accept-language"))
        return language, *_texts(language)

    with gr.Blocks(title=text("de", "chat_title"), analytics_enabled=False, fill_height=True) as chat:
        with gr.Row(elem_id="lotse-head"):
            heading = gr.HTML(elem_id="lotse-heading")
            language = gr.Radio(
                [("Deutsch", "de"), ("English", "en")], value="de", container=False, elem_id="lotse-language"
            )
        conversation = gr.Chatbot(
            elem_id="lotse-conversation", show_label=False, container=False, scale=1, layout="bubble", buttons=[],
            feedback_options=None, autoscroll=False, render_markdown=False, sanitize_html=True, allow_tags=False,
            latex_delimiters=[], group_consecutive_messages=False,
        )  # fmt: skip
        with gr.Row(elem_id="lotse-form"):
            question = gr.Textbox(
                elem_id="lotse-question", show_label=False, container=False, lines=1, max_lines=6, max_length=MAX_QUESTION,
                scale=1, autofocus=True,
            )  # fmt: skip
            send = gr.Button(variant="primary", elem_id="lotse-send", scale=0, min_width=90)
            new = gr.Button(variant="secondary", elem_id="lotse-new", scale=0, min_width=90)
        turns = gr.State([])

        result = [question, turns, conversation]
        labelled = [heading, language, conversation, question, send, new]
        handler: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        asking: dict[str, Any] = {**handler, "concurrency_limit": None}
        asked = gr.on(
            [send.click, question.submit], answer, [question, language, turns, conversation], result, **asking
        )
        picked = conversation.example_select(example, [language, turns, conversation], result, **asking)
        new.click(lambda: ("", [], []), None, result, cancels=[asked, picked], queue=False, **handler)
        language.input(_texts, language, labelled, queue=False, **handler)
        chat.load(greet, None, [language, *labelled], queue=False, **handler)
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
    examples = [{"text": text(language, f"chat_example_{number}")} for number in range(1, EXAMPLES + 1)]
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
    return gr.themes.Default(primary_hue="teal", neutral_hue="slate")
