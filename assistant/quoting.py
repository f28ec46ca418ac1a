"""How much of a document is quoted with a unit that was found: what it needs to be understood, and no more."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.text.names import named_bodies
from assistant.text.rows import cells
from assistant.types import Passage, Quotable, Quote, Span, Unit

LONGEST_LIST = 130  # words; a longer list is quoted item by item
_SHORT = 45  # characters below which a sentence rarely stands on its own
_LONGEST_LEAD = 40  # words
_FEW = 6  # words
_FEWEST_COLUMNS = 3  # from which on a row is shown with its header
_LONGEST_SUBJECT = 45  # words of a sentence that is quoted for the name in it
_LEANS_BACK = re.compile(
    r"(?:Dies|Diese[rsnm]?|Dabei|Hierbei|Hierzu|Hierfür|Dazu|Davon|Damit|Daher|Er|Sie|Es|Letztere[rsnm]?|Beide|Zudem"
    r"|This|These|Those|It|They|He|She|Both|Of these|Thereby|Here)\b"
)
# "Der Verein …", "In der Clustermanagement-Organisation …": which one? Not so with a name behind: "Der Verein BioRN …"
_NAMED_BEHIND = r"\w*,?\s+(?!\w*[A-ZÄÖÜ\d„\"(]|(?:de[rs]|von|vom|of|for|für|®)\b)"
_UNNAMED = re.compile(
    r"(?:(?:(?:In|Bei|Zu|Von|An|Mit|Für)\s+)?[Dd](?:er|as|em|en)|Im|Zum|Vom|Beim|Am)\s+"
    r"(?:\w*[Vv]erein|\w*[Cc]luster|\w*[Nn]etzwerk|[Cc]lustermanagement|Projekt|Unternehmen|Programm|Institut|Zentrum)"
    + _NAMED_BEHIND
    + r"|(?:(?:(?:In|Bei|Zu|Von|An|Mit|Für)\s+)?[Dd](?:ie|er)|Zur)\s+(?:\w*[Ii]nitiative|[Cc]lustermanagement-Organisation"
    r"|Geschäftsstelle|Organisation|Gesellschaft|Firma|Plattform|Studie)" + _NAMED_BEHIND
)
_UNNAMED_ENGLISH = re.compile(
    r"(?:(?:At|In|To|For|Of|With)\s+)?[Tt]he\s+(?:cluster |supporting )?"
    r"(?:association|cluster|initiative|network|office|organi[sz]ation|management|project|company|society|programme?|platform"
    r"|institute|study|cent(?:re|er))\s(?!.{0,50}(?:\bof (?!the |its |an? )|e\. ?V\.|GmbH|\^))"
)
_ASKS_OR_OPENS = re.compile(r"(?::|\?[*_\"”“»]*)$")
_OPEN_END = re.compile(r"[^.!?…\"”“»]$")
# What is counted off in sentences of its own.
_COUNTED_OFF = re.compile(
    r"(?:Und )?(?:Erstens|Zweitens|Drittens|Viertens|Fünftens|Zum (?:einen|anderen|Ersten|Zweiten|Dritten)"
    r"|First(?:ly)?|Second(?:ly)?|Third(?:ly)?|Fourth(?:ly)?|Finally)\b"
)
_ADDRESS = re.compile(r"\S+@\S+|(?:https?://|www\.)\S+|\b[\w.-]+\.(?:de|com|org|eu|net|info)(?:/\S*)?(?!\w)")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A unit that was found, and the spans that are quoted for it, in reading order."""

    passage: Passage
    quotable: Quotable
    spans: tuple[Span, ...]

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """The spans as quotes."""
        return tuple(Quote(self.passage, span) for span in self.spans)

    @property
    def text(self) -> str:
        """What is shown, the parts on lines of their own."""
        return "\n".join(quote.text for quote in self.quotes)

    def without(self, others: Iterable[Excerpt]) -> Excerpt:
        """The same without the introduction or the subject that others quote already; a row keeps its header."""
        if self.quotable.unit.kind == "row":
            return self
        quoted = {quote.place for other in others for quote in other.quotes}
        new = tuple(span for span in self.spans[:-1] if Quote(self.passage, span).place not in quoted)
        return Excerpt(self.passage, self.quotable, (*new, self.spans[-1]))

    def overlaps(self, other: Excerpt) -> bool:
        """Whether some characters are in both."""
        return self.passage.document_id == other.passage.document_id and any(
            one.start < two.end and two.start < one.end for one in self.spans for two in other.spans
        )


def excerpt(
    passage: Passage, quotable: Quotable, longest_list: int = LONGEST_LIST, *, whole_table: bool = False
) -> Excerpt | None:
    """A unit with its whole list, the introduction of an item, the header of its table, or the sentence it leans on.

    None for the introduction of a list that is too long to be quoted, for a header and for a question: alone they say nothing.

    Args:
        passage: where the unit stands.
        quotable: the unit.
        longest_list: words; a longer list or table is quoted item by item.
        whole_table: whether a row is wanted with all others.
    """
    unit = quotable.unit
    rows = _table(passage, unit)
    if len(rows) > 1:
        whole = Span(rows[0].span.start, rows[-1].span.end)
        if whole_table and _words(passage, whole) <= longest_list:
            return Excerpt(passage, quotable, (whole,))
        if any(row.lead == unit.span for row in rows):
            return None
    members = _list_members(passage, unit)
    if members:
        lead = members[-1].lead
        led = lead if lead and lead.start >= passage.span.start else None
        whole = Span(led.start if led else members[0].span.start, members[-1].span.end)
        if _words(passage, whole) <= longest_list:
            return Excerpt(passage, quotable, (whole,))
        if unit.kind == "item" and led and _words(passage, led) <= _LONGEST_LEAD:
            return Excerpt(passage, quotable, (led, unit.span))
    if _ASKS_OR_OPENS.search(sliced(passage, unit.span)):
        return None
    listed = _enumeration(passage, unit)
    if listed and _words(passage, listed) <= longest_list:
        return Excerpt(passage, quotable, (listed,))
    if unit.kind == "row" and unit.lead and unit.lead.start >= passage.span.start:
        columns = len(cells(sliced(passage, unit.lead)))
        if columns == len(cells(sliced(passage, unit.span))) and columns >= _FEWEST_COLUMNS:
            return Excerpt(passage, quotable, (unit.lead, unit.span))
    if unit.kind == "sentence":
        before = [other for other in passage.units if other.span.end <= unit.span.start and other.kind == "sentence"]
        sentence = sliced(passage, unit.span)
        if _leans_back(sentence) and before and before[-1].span.end == _end_before(passage, unit):
            return Excerpt(passage, quotable, (Span(before[-1].span.start, unit.span.end),))
        if _is_unnamed(sentence):
            return Excerpt(passage, quotable, _with_subject(passage, unit, before))
    return Excerpt(passage, quotable, (unit.span,))


def _enumeration(passage: Passage, unit: Unit) -> Span | None:
    """The sentences that count off what a sentence announces, with it; None where nothing is counted off around it."""
    sentences = [other for other in passage.units if other.kind == "sentence"]
    if unit not in sentences:
        return None
    first = sentences.index(unit)
    while first > 0 and _COUNTED_OFF.match(sliced(passage, sentences[first].span)):
        first -= 1
    last = first
    while last + 1 < len(sentences) and _COUNTED_OFF.match(sliced(passage, sentences[last + 1].span)):
        last += 1
    return Span(sentences[first].span.start, sentences[last].span.end) if last > first else None


def _table(passage: Passage, unit: Unit) -> list[Unit]:
    """The rows of the table that a row stands in, its header first."""
    if unit.kind != "row":
        return []
    place = passage.units.index(unit)
    first = last = place
    while first > 0 and passage.units[first - 1].kind == "row" and not _opens(passage.units[first]):
        first -= 1
    while last + 1 < len(passage.units) and not _opens(passage.units[last + 1]):
        last += 1
    return list(passage.units[first : last + 1])


def _opens(unit: Unit) -> bool:
    """Whether a unit is no row that goes on with a table."""
    return unit.kind != "row" or not unit.lead


def is_address(text: str) -> bool:
    """Whether a unit is hardly more than an address of the web or of mail."""
    return bool(_ADDRESS.search(text)) and len(_ADDRESS.sub("", text).split()) < _FEW


def _is_unnamed(sentence: str) -> bool:
    """Whether the subject is "the association" of some name; English names stand out from other words, German ones do not."""
    return bool(_UNNAMED.match(sentence)) or (
        bool(_UNNAMED_ENGLISH.match(sentence)) and not any(named_bodies(sentence))
    )


def _end_before(passage: Passage, unit: Unit) -> int:
    return max((other.span.end for other in passage.units if other.span.end <= unit.span.start), default=-1)


def _with_subject(passage: Passage, unit: Unit, before: list[Unit]) -> tuple[Span, ...]:
    """A sentence about "the association" with the nearest sentence before it that says which."""
    for other in reversed(before):
        sentence = sliced(passage, other.span)
        if not _is_unnamed(sentence) and not _LEANS_BACK.match(sentence) and any(named_bodies(sentence)):
            if len(sentence.split()) > _LONGEST_SUBJECT:
                break
            adjacent = other.span.end == _end_before(passage, unit)
            return (Span(other.span.start, unit.span.end),) if adjacent else (other.span, unit.span)
    return (unit.span,)


def sliced(passage: Passage, span: Span) -> str:
    """The characters of a passage's document between a span's ends."""
    offset = passage.span.start
    return passage.text[span.start - offset : span.end - offset]


def _words(passage: Passage, span: Span) -> int:
    return len(sliced(passage, span).split())


def _list_members(passage: Passage, unit: Unit) -> list[Unit]:
    """The items of the list that a unit belongs to or introduces."""
    lead = unit.lead if unit.kind == "item" else unit.span
    introduces = unit.kind == "sentence" and _OPEN_END.search(sliced(passage, unit.span))
    if unit.kind != "item" and not introduces:
        return []
    return [other for other in passage.units if other.kind == "item" and other.lead == lead]


def _leans_back(sentence: str) -> bool:
    return bool(_LEANS_BACK.match(sentence)) or len(sentence) < _SHORT
