"""Conversations as HTML for the chat. The only home of markdown_it.

Whatever stands in a document is text here: only what this module and the templates write themselves becomes a tag.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from assistant.catalogue import text
from assistant.errors import BusyError, DeadlineError, InvalidInputError, UnexpectedError
from assistant.pipeline import MAX_QUESTION
from assistant.types import Answer, Citation, Language
from assistant.web.chat.exchange import Exchange
from assistant.web.templating import place_url, render, written_date

OLD = 3  # years after which a hint says how old the newest source is

# Paragraphs, lists and emphasis. No links, images, code, headings or HTML: what a document holds of them is shown as written.
_RULES = ("list", "emphasis", "escape", "entity", "newline")
_YEAR = re.compile(r"\d{4}", re.ASCII)
_MARKER = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class _Turn:
    """What the template needs of an exchange."""

    exchange: Exchange
    text: Markup
    cited: Mapping[int, Citation]
    old: str
    error: str


def welcome_html(language: Language, examples: Sequence[str]) -> str:
    """What is there before anything was asked."""
    return str(render("welcome.html", language, examples=examples))


def conversation_html(exchanges: Sequence[Exchange], language: Language, year: int | None = None) -> str:
    """The conversation so far.

    Args:
        exchanges: oldest first.
        language: of the page; each answer has its own.
        year: the present one, which tells what is old.
    """
    year = year or datetime.now(UTC).year
    turns = [_turn(exchange, language, year) for exchange in exchanges]
    return str(render("conversation.html", language, turns=turns))


def gradio_safe(html: str) -> str:
    """Markup that gradio's templates find no placeholder in."""
    return str(html).replace("{", "&#123;").replace("$", "&#36;")


def answer_markup(answer: Answer, language: Language, origin: str = "") -> Markup:
    """An answer's text with its markers as links; `origin` goes before their addresses, for a file that is carried away."""
    return _markup(answer.answer, {c.marker: _link(answer, c, language, origin) for c in answer.citations})


def _markup(markdown: str, links: Mapping[int, str]) -> Markup:
    """Text of an answer, its markers as links as far as there are any."""
    parser = MarkdownIt("zero", {"maxNesting": 100}).enable(list(_RULES))  # what nests deeper is left out
    parser.add_render_rule("text", _text_with_markers)
    parser.add_render_rule("list_item_open", _list_item)
    return Markup(parser.render(markdown, {"links": links}))  # noqa: S704 - the parser escapes


def _turn(exchange: Exchange, language: Language, year: int) -> _Turn:
    answer = exchange.answer
    if answer is None:
        return _Turn(exchange, _markup(exchange.text, {}), {}, "", _error(exchange, language))
    cited = {citation.marker: citation for citation in answer.citations}
    return _Turn(exchange, answer_markup(answer, language), cited, _age(answer, language, year), "")


def _error(exchange: Exchange, language: Language) -> str:
    """What a visitor can correct is said in the visitor's language."""
    if exchange.error is None or isinstance(exchange.error, UnexpectedError):
        return text(language, "chat_error_unexpected")
    if isinstance(exchange.error, BusyError):
        return text(language, "chat_error_busy", seconds=str(exchange.error.retry_after))
    if isinstance(exchange.error, DeadlineError):
        return text(language, "chat_error_late")
    if isinstance(exchange.error, InvalidInputError):
        key = "chat_error_question" if exchange.question else "chat_error_kept"
        return text(language, key, **({"most": str(MAX_QUESTION)} if exchange.question else {}))
    return str(exchange.error)


def _age(answer: Answer, language: Language, year: int) -> str:
    """A hint where the newest source is old; nothing where one has no date."""
    dates = [citation.date or "" for citation in answer.citations]
    newest = max(dates, default="")
    if not all(_YEAR.match(date) for date in dates) or not newest:
        return ""
    years = year - int(newest[:4])
    return text(language, "chat_old", date=written_date(newest, language), years=str(years)) if years >= OLD else ""


def _text_with_markers(_: object, tokens: Sequence[Token], index: int, __: object, env: Mapping[str, Any]) -> str:
    links: Mapping[int, str] = env["links"]
    return _MARKER.sub(lambda found: links.get(int(found[1]), found[0]), escape(tokens[index].content))


def _list_item(_: object, tokens: Sequence[Token], index: int, *__: object) -> str:
    """Numbers stay text, as written: left to itself the browser would count on its own."""
    item = tokens[index]
    return f'<li class="lotse-numbered">{item.info}{item.markup} ' if item.info else "<li>"


def _link(answer: Answer, citation: Citation, language: Language, origin: str) -> str:
    hint = text(language, "chat_open_source", marker=str(citation.marker), title=citation.title)
    address = origin + place_url(citation.document_id, citation.start, citation.end, language)
    return (
        f'<a class="lotse-marker" href="{escape(address)}" data-marker="{citation.marker}" aria-label="{escape(hint)}" '
        f'aria-describedby="quote-{escape(answer.id)}-{citation.marker}">[{citation.marker}]</a>'
    )
