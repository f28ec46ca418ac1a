"""Answers as HTML for the chat. The only home of markdown_it.

Whatever stands in a document is text here: only what this module writes itself becomes a tag.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.catalogue import text
from assistant.errors import AssistantError, InvalidInputError
from assistant.pipeline import MAX_QUESTION
from assistant.types import Answer, Citation, Conflict, Language

# Paragraphs, lists and emphasis. No links, images, code, headings or HTML: what a document holds of them is shown as written.
_RULES = ("list", "emphasis", "escape", "entity", "newline")
_MARKER = re.compile(r"\[(\d+)\]")


def answer_html(answer: Answer) -> str:
    """An answer with its status, its markers as links, and one foldable source per citation."""
    parts = [
        _rewritten(answer),
        _badges(answer),
        f'<div class="lotse-text">{_markdown(answer)}</div>',
        "".join(_conflict(answer, conflict) for conflict in answer.conflicts),
        _sources(answer),
    ]
    return f'<div class="lotse-answer lotse-{answer.status}" lang="{answer.language}">{"".join(parts)}</div>'


def heading_html(language: Language) -> str:
    """The page's title and what it is for."""
    return f"<h1>{escape(text(language, 'chat_title'))}</h1><p>{escape(text(language, 'chat_intro'))}</p>"


def question_html(question: str) -> str:
    """What the user wrote, as written."""
    return f'<div class="lotse-question">{escape(question)}</div>'


def pending_html(language: Language) -> str:
    """What stands in place of an answer until it is there."""
    return f'<p class="lotse-pending" role="status">{escape(text(language, "chat_pending"))}</p>'


def error_html(error: AssistantError | None, language: Language) -> str:
    """An error as one line, None for one nobody foresaw; what a visitor can correct is said in the visitor's language."""
    if error is None:
        words = text(language, "chat_error_unexpected")
    elif isinstance(error, InvalidInputError):
        words = text(language, "chat_error_question", most=str(MAX_QUESTION))
    else:
        words = str(error)
    return f'<p class="lotse-error" role="alert"><b>{escape(text(language, "chat_error"))}</b> {escape(words)}</p>'


def shown_date(date: str | None, language: Language) -> str:
    """The date as of which a document speaks, in the words of the language."""
    if date is None:
        return text(language, "no_date")
    year, month, day = [*date.split("-"), "", ""][:3]  # a document may state only a year, or a year and a month
    if month:
        name = text(language, "chat_months").split()[int(month) - 1]
        date = text(language, "chat_date" if day else "chat_month", day=day.lstrip("0"), month=name, year=year)
    return text(language, "as_of", date=date)


# ---- the answer's text ---------------------------------------------------------------------------------------


def _markdown(answer: Answer) -> str:
    parser = MarkdownIt("zero", {"maxNesting": 100}).enable(list(_RULES))  # what nests deeper is left out
    parser.add_render_rule("text", _text_with_markers)
    parser.add_render_rule("list_item_open", _list_item)
    return str(parser.render(answer.answer, {"links": {c.marker: _link(answer, c) for c in answer.citations}}))


def _text_with_markers(_: object, tokens: Sequence[Token], index: int, __: object, env: Mapping[str, Any]) -> str:
    links: Mapping[int, str] = env["links"]
    return _MARKER.sub(lambda found: links.get(int(found[1]), found[0]), escape(tokens[index].content))


def _list_item(_: object, tokens: Sequence[Token], index: int, *__: object) -> str:
    """Numbers stay text, as written: left to itself the browser would count on its own."""
    item = tokens[index]
    return f'<li class="lotse-numbered">{item.info}{item.markup} ' if item.info else "<li>"


def _anchor(answer: Answer, marker: int) -> str:
    return f"source-{answer.id}-{marker}"


def _link(answer: Answer, citation: Citation) -> str:
    hint = text(answer.language, "chat_open_source", marker=str(citation.marker), title=citation.title)
    target = escape(_anchor(answer, citation.marker))
    return f'<a class="lotse-marker" href="#{target}" title="{escape(hint)}">[{citation.marker}]</a>'


# ---- around it -----------------------------------------------------------------------------------------------


def _rewritten(answer: Answer) -> str:
    if answer.rewritten_question is None:
        return ""
    return f'<p class="lotse-note">{escape(text(answer.language, "chat_rewritten", question=answer.rewritten_question))}</p>'


def _badges(answer: Answer) -> str:
    badges = [] if answer.status == "answered" else [text(answer.language, f"chat_{answer.status}")]
    return "".join(f'<span class="lotse-badge">{escape(badge)}</span>' for badge in badges)


def _conflict(answer: Answer, conflict: Conflict) -> str:
    by_marker = {citation.marker: citation for citation in answer.citations}
    values = "".join(
        f"<li><b>{escape(value.value)}</b> {_link(answer, by_marker[value.marker])} "
        f'<span class="lotse-meta">{escape(shown_date(by_marker[value.marker].date, answer.language))}</span></li>'
        for value in conflict.values
    )
    return f'<div class="lotse-values"><p>{escape(conflict.about)}</p><ul>{values}</ul></div>'


def _sources(answer: Answer) -> str:
    if not answer.citations:
        return ""
    sources = "".join(_source(answer, citation) for citation in answer.citations)
    heading = escape(text(answer.language, "chat_sources"))
    return f'<div class="lotse-sources"><p class="lotse-heading">{heading}</p>{sources}</div>'


def _source(answer: Answer, citation: Citation) -> str:
    language = answer.language
    about = [citation.publisher, shown_date(citation.date, language)]
    if citation.page is not None:
        about.append(text(language, "page", page=str(citation.page)))
    section = " › ".join(citation.section[citation.section[:1] == (citation.title,) :])
    return (
        f'<details id="{escape(_anchor(answer, citation.marker))}"><summary><span class="lotse-number">[{citation.marker}]</span> '
        f'<span class="lotse-title">{escape(citation.title)}</span> '
        f'<span class="lotse-meta">{escape(" · ".join(part for part in about if part))}</span></summary>'
        + (f'<p class="lotse-section">{escape(section)}</p>' if section else "")
        + f'<blockquote lang="{citation.language}">{escape(citation.quote)}</blockquote>'
        f'<a class="lotse-open" href="{escape(citation.url)}" target="_blank" rel="noopener">'
        f"{escape(text(language, 'open_document'))}</a></details>"
    )
