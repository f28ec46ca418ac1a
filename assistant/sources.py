"""Citations as numbered lines below a text, for readers that know no citations of their own."""

from __future__ import annotations

import re

from assistant.catalogue import text
from assistant.index.schema import LANGUAGES
from assistant.types import Answer, Citation, Language


def source_line(citation: Citation, language: Language) -> str:
    """One citation: its marker, title, publisher, date, page and section."""
    page = text(language, "page", page=str(citation.page)) if citation.page is not None else None
    about = ", ".join(part for part in (citation.title, citation.publisher, citation.date, page) if part)
    return f"[{citation.marker}] {about}{': ' + ' > '.join(citation.section) if citation.section else ''}"


def with_sources(answer: Answer) -> str:
    """The answer, then a heading and a line for each citation with its address; the answer alone where it has none."""
    if not answer.citations:
        return answer.answer
    lines = [f"{source_line(citation, answer.language)} ({citation.url})" for citation in answer.citations]
    return "\n".join([answer.answer, "", _heading(answer.language), *lines])


def without_sources(said: str) -> str:
    """An earlier answer without the lines that `with_sources` put below it."""
    for language in LANGUAGES:
        answer, found, below = said.rpartition(f"\n\n{_heading(language)}\n")
        if found and re.match(r"\[\d+\] ", below):
            return answer
    return said


def _heading(language: Language) -> str:
    return f"{text(language, 'chat_sources')}:"
