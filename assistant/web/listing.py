"""Which documents a caller asks for: by language, publisher, date and words."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.index.schema import LANGUAGES
from assistant.index.store import Store
from assistant.text.words import STOP_WORDS, fold, index_terms, tokens
from assistant.types import Document, Language

_FIRST, _LAST = "-01-01", "-12-31"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What documents must be; None asks for nothing.

    Dates are years, months or days. A document that states only its year was published some time in it, so it is between
    two dates if it may be; one without a date never is.
    """

    language: Language | None = None
    publisher: str | None = None
    date_from: str | None = None
    date_to: str | None = None
    text: str | None = None


def matching(store: Store, wanted: Wanted) -> list[Document]:
    """The documents that are as wanted, in the order of their names, without their texts."""
    holding = _holding(store, wanted.text) if wanted.text and wanted.text.strip() else None
    return [
        document
        for document in store.documents()
        if wanted.language in (None, document.language)
        and (wanted.publisher is None or fold(wanted.publisher) in fold(document.publisher or ""))
        and _within(document.date, wanted.date_from, wanted.date_to)
        and (holding is None or document.id in holding or _named(document, wanted.text or ""))
    ]


def _holding(store: Store, text: str) -> set[str]:
    """The documents that hold every word of a text, all as words of one language."""
    found: set[str] = set()
    for language in LANGUAGES:
        words = " ".join(word for word in tokens(text) if word not in STOP_WORDS[language])
        terms = set(index_terms(words, language))
        if terms:
            found |= set.intersection(*(store.documents_holding(term, language) for term in terms))
    return found


def _named(document: Document, text: str) -> bool:
    names = (document.title, document.publisher, document.name)
    return any(fold(text.strip()) in fold(name) for name in names if name)


def _within(date: str | None, first: str | None, last: str | None) -> bool:
    if first is None and last is None:
        return True
    if date is None:
        return False
    return (first is None or _end(date) >= _begin(first)) and (last is None or _begin(date) <= _end(last))


def _begin(date: str) -> str:
    return date + _FIRST[len(date) - 4 :]


def _end(date: str) -> str:
    """The last day; that a month may have no 31st does not matter when they are compared."""
    return date + (_LAST if len(date) == 4 else _LAST[3:] if len(date) == 7 else "")
