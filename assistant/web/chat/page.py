"""The chat's page: head, kept conversations, conversation, question. The only home of gradio."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr
from fastapi import FastAPI

from assistant.catalogue import text
from assistant.feedback import REASONS
from assistant.pipeline import MAX_QUESTION, Service
from assistant.types import Language
from assistant.web.chat.handlers import Conversation, Handlers, Shown
from assistant.web.languages import preferred_language
from assistant.web.parts import brings
from assistant.web.rendering import gradio_safe
from assistant.web.templating import render, static

WORDS = (  # what the scripts say, `js_…` in the catalogue
    "untitled rename rename_prompt delete delete_sure deleted copied copy_failed full feedback_thanks feedback_failed "
    "load_failed close quote_open export source"
).split()
_CONNECT = """const part = {{ element, trigger, props, watch }};
window.lotse?.connect ? window.lotse.connect("{name}", part) : (window.lotseWaiting ??= []).push(["{name}", part]);"""


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
        head=static("head.html"),
    )


def build_chat(handlers: Handlers) -> gr.Blocks:
    """The page. All state belongs to one browser session."""
    chat = gr.Blocks(title=text("de", "chat_title"), analytics_enabled=False, fill_height=True, fill_width=True)
    with chat:
        head = _markup("head")
        with gr.Row(elem_id="lotse-frame"):
            side = _markup("side", word="")
            with gr.Column(elem_id="lotse-main", min_width=0):
                conversation = _markup("conversation", keep="")
                with gr.Column(elem_id="lotse-foot", min_width=0):
                    with gr.Row(elem_id="lotse-form"):
                        question = gr.Textbox(
                            elem_id="lotse-question", show_label=False, container=False, lines=1, max_lines=6,
                            max_length=MAX_QUESTION, min_width=0, scale=1,
                        )  # fmt: skip
                        send = gr.Button(variant="primary", elem_id="lotse-send", scale=0, min_width=0)
                        stop = gr.Button(elem_id="lotse-stop", scale=0, min_width=0)
                    note = _markup("note")
        language, exchanges = gr.State("de"), gr.State([])

        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        at_once: dict[str, Any] = {**quiet, "queue": False}
        together: dict[str, Any] = {**quiet, "concurrency_limit": None}
        state, result = [language, exchanges], [exchanges, conversation]
        labelled = [head, side, question, send, stop, note]
        bring = brings(handlers.service) if handlers.service.index else False

        def asked(words: str, speaking: Language, known: Conversation) -> Iterator[tuple[Any, ...]]:
            for shown in handlers.ask(words, speaking, known):
                yield "", *_updates(shown)

        def acted(speaking: Language, known: Conversation, event: gr.EventData) -> Iterator[tuple[Any, ...]]:
            """A question asked from within the conversation: an example, once more, or otherwise than before."""
            words, place = str(event._data["question"]), int(event._data["place"])
            for shown in handlers.again(words, place, speaking, known):
                yield _updates(shown)

        def opened(speaking: Language, event: gr.EventData) -> tuple[Any, ...]:
            return _updates(handlers.opened(str(event._data["kept"]), speaking))

        def switched(known: Conversation, event: gr.EventData) -> tuple[Any, ...]:
            return spoken("en" if event._data["language"] == "en" else "de", known)

        def greeted(request: gr.Request) -> tuple[Any, ...]:
            wanted = request.query_params.get("language") or request.headers.get("accept-language")
            return spoken(preferred_language(wanted), [])

        def spoken(speaking: Language, known: Conversation) -> tuple[Any, ...]:
            return speaking, *_texts(speaking, bring=bring), *_updates(handlers.shown(speaking, known))

        def shown_as(handler: Callable[[Language, Conversation], Shown]) -> Callable[..., tuple[Any, ...]]:
            return lambda speaking, known: _updates(handler(speaking, known))

        running = [
            gr.on([send.click, question.submit], asked, [question, *state], [question, *result], **together),
            conversation.submit(acted, state, result, **together),
        ]
        for event in running:
            event.failure(shown_as(handlers.failed), state, result, **at_once)
        stop.click(handlers.stop, exchanges, None, **at_once)
        side.select(opened, language, result, **at_once)
        everything = [language, *labelled, *result]
        head.select(switched, exchanges, everything, **at_once)
        chat.load(greeted, None, everything, **at_once)
    return chat


def _markup(name: str, **props: Any) -> gr.HTML:
    """A part of the page whose markup is ours, and whose clicks `static/chat.js` hands on."""
    return gr.HTML(
        elem_id=f"lotse-{name}", js_on_load=_CONNECT.format(name=name), apply_default_css=False, padding=False, **props
    )


def _updates(shown: Shown) -> tuple[Any, ...]:
    """For the state and the conversation; the browser keeps what `keep` holds."""
    changes: dict[str, Any] = {} if shown.keep is None else {"keep": shown.keep}
    return list(shown.exchanges), gr.HTML(value=gradio_safe(shown.html), **changes)


def _texts(language: Language, *, bring: bool) -> tuple[Any, ...]:
    """The texts of the page in a language, in the order head, side, question, send, stop, note."""
    words = json.dumps({"language": language, **{key: text(language, f"js_{key}") for key in WORDS}})
    return (
        gr.HTML(value=gradio_safe(render("head.html", language, here="chat", bring=bring))),
        gr.HTML(value=gradio_safe(render("side.html", language)), word=words),
        gr.Textbox(placeholder=text(language, "chat_placeholder"), label=text(language, "chat_placeholder")),
        gr.Button(text(language, "chat_ask")),
        gr.Button(text(language, "chat_stop")),
        gr.HTML(value=gradio_safe(render("note.html", language, reasons=REASONS))),
    )


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
