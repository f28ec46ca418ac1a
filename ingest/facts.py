"""The facts of a document: what its units state, with the body each statement is about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from assistant.index.facts import FactEntry
from assistant.text.bodies import Named, bodies, heading_names, known_names
from assistant.text.rows import row_statements
from assistant.text.statements import Statement, statements
from assistant.types import Chunk, Document, Unit

_TITLED = re.compile(
    r"\b(?:(?:Prof|Dr|Herrn?|Frau|Mr|Mrs|Ms|Professor(?:in)?)\.? )+((?!Prof|Dr)(?:[A-ZÄÖÜ][\w-]+ ){0,2}[A-ZÄÖÜ][\w-]+)"
)
_COUNTED_ALONE = frozenset({"followers"})  # cells that say it in words, beside any columns
_IN_CELLS = _COUNTED_ALONE | {"patents", "members", "staff", "jobs", "funding", "role"}
_REPEATED = 3  # times a name of plain words stands in the text; a heading alone may be any two nouns
_OFTEN = 5  # times a body is named in a document that is about it


def facts_of(
    document: Document, chunks: Sequence[Chunk], abbreviations: Mapping[str, str]
) -> Iterator[tuple[Chunk, Unit, FactEntry]]:
    """Every fact that a document states, in reading order, with the unit that states it."""
    subjects = _Subjects(document, chunks, abbreviations)
    for chunk in chunks:
        for unit in chunk.units:
            text = document.text[unit.span.start : unit.span.end]
            lead = document.text[unit.lead.start : unit.lead.end] if unit.lead else ""
            found = statements(text, chunk.language, subjects.named, lead if unit.kind == "item" else "")
            if unit.kind == "row":
                columns = row_statements(lead, text, chunk.language)
                kinds = _COUNTED_ALONE if columns else _IN_CELLS
                found = [*columns, *(one for one in found if one.kind in kinds)]
            for one in found:
                yield chunk, unit, _entry(one, subjects.of(one, chunk), document, chunk)


def _entry(one: Statement, subject: str, document: Document, chunk: Chunk) -> FactEntry:
    return FactEntry(
        one.kind, subject, one.attribute, one.value, one.written, one.measure, one.period or document.date, chunk.language
    )  # fmt: skip


def _listed(document: Document, chunks: Sequence[Chunk]) -> Iterator[str]:
    """The bodies that tables of facts have in their first column."""
    for chunk in chunks:
        for unit in chunk.units:
            if unit.kind == "row" and unit.lead:
                header = document.text[unit.lead.start : unit.lead.end]
                found = row_statements(header, document.text[unit.span.start : unit.span.end], chunk.language)
                yield from (one.subject.split(" (")[0] for one in found if one.subject)


class _Subjects:
    """Which body a document's statements are about where they do not say it."""

    def __init__(self, document: Document, chunks: Sequence[Chunk], abbreviations: Mapping[str, str]) -> None:
        self._document = document
        headings = dict.fromkeys(chain((document.title,), *(chunk.section for chunk in chunks)))
        self._names = {heading: self._spelled(heading_names(heading)) for heading in headings}
        listed = [name for name in _listed(document, chunks) if len(name) > 2]
        known = dict.fromkeys([*chain(*self._names.values()), *abbreviations, *listed])
        people = frozenset(match[1] for match in _TITLED.finditer(document.text))
        self.named = Named(known_names({name: None for name in known if name not in people}), people)
        self._main: str | None = None

    def of(self, statement: Statement, chunk: Chunk) -> str:
        """The body a statement names, else that of the nearest heading that is a name, else the document's."""
        if statement.subject is not None:
            return self._first_name(statement.subject, chunk)
        for heading in (*reversed(chunk.section), self._document.title):
            if self._names[heading]:
                return self._names[heading][0]
        if self._main is None:
            self._main = self._most_named() or self._document.title
        return self._main

    def _first_name(self, subject: str, chunk: Chunk) -> str:
        """The first of the names that a heading gives the same body."""
        for heading in reversed(chunk.section):
            names = self._names[heading]
            if subject.casefold() in (name.casefold() for name in names[1:]):
                return names[0]
        return subject

    def _spelled(self, names: Sequence[str]) -> list[str]:
        """As the text spells names that a heading has in capitals; without what the text nowhere names so."""
        return [spelled for name in names if (spelled := self._spelling(name))]

    def _spelling(self, name: str) -> str | None:
        if not name.isupper() or len(name) <= 3:
            plain = " " in name and all(word == word.capitalize() for word in name.split())
            return None if plain and self._document.text.count(name) < _REPEATED else name
        found = re.findall(re.escape(name).replace(r"\ ", r"\s"), self._document.text, re.IGNORECASE)
        mixed = Counter(" ".join(spelling.split()) for spelling in found if not spelling.isupper())
        best = mixed.most_common(1)[0][0] if mixed else None
        if best is None:  # an acronym is written so in the text, too
            known = any(not c.isalpha() for c in name) or len(found) >= _REPEATED
            return name if " " not in name and known else None
        if " " in best:
            return best if all(word[0].isupper() for word in best.split()) else None
        return None if best == best.capitalize() else best

    def _most_named(self) -> str | None:
        counts = Counter(body.name for body in bodies(self._document.text, self.named)).most_common(2)
        if not counts or counts[0][1] < _OFTEN or (len(counts) > 1 and counts[0][1] < 2 * counts[1][1]):
            return None
        return counts[0][0]
