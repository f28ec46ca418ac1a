"""Statements of the kinds this field asks about, found in a sentence by the patterns of the data file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.text.bodies import Body, Named, bodies, is_generic
from assistant.text.numbers import NUMBER_WORDS, figures
from assistant.text.patterns import DATE, NUMBER, Form, forms, remark, slots
from assistant.types import Language

NOBODY = Named()
LONGEST = 1_500  # characters; what is longer is no sentence
_WORD = re.compile(r"[^\W\d_]{3,}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_PERSONS = re.compile(r"(?:, | und | and | sowie )(?:[0-9] )?")
_TITLE = re.compile(
    r"^(?:(?:Prof|Dr|PD|Mag|Dipl\.-[A-Z][a-z]+)\.? |(?:Herr|Frau|Mr|Ms|Mrs|Professor|Professorin)\.? )+"
)
_CURRENCIES = (("EUR", re.compile(r"€|eur", re.IGNORECASE)), ("USD", re.compile(r"\$|usd|dollar", re.IGNORECASE)))
_BEGINS_WITH_DATE = re.compile("(?:[A-Z][a-z]+ ){0,3}\ue001")
_LONGEST_EVENT = 110
_NEAR = 60  # characters between a value and the body behind it
_PLACE_FIRST = re.compile(r"^(?:in|im|am) [A-ZÄÖÜ][\w-]+ ")
_BELONGS = re.compile(r"\b(?:for|für|under|in the project|im Projekt|bei|aus dem Projekt)\b[^.,;]{0,20}$")
_CLAUSE_END = re.compile(r"[,;:]|\.\s")
_WHAT = 60  # characters of what a target is about


@dataclass(frozen=True, slots=True)
class Statement:
    """One fact as a sentence states it; positions are those of the sentence."""

    kind: str
    attribute: str
    subject: str | None  # the body that the sentence names
    value: str  # in its one form
    written: str
    measure: str  # number, date, EUR, USD, %, place or person
    period: str | None  # as the sentence states it
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text with its figures masked, so that patterns see where they are, and what they stand for."""

    text: str
    masked: str
    values: dict[int, tuple[int, str]]  # start of a figure → its end and value

    def value(self, start: int, end: int) -> str | None:
        """The one form of the first figure in a range."""
        return next((value for at, (_, value) in sorted(self.values.items()) if start <= at < end), None)


def read_sentence(text: str, language: Language) -> Sentence:
    """Mask the figures and number words of a text."""
    values = {figure.start: (figure.end, figure.value) for figure in figures(text, language)}
    taken = [(start, end) for start, (end, _) in values.items()]
    for word in _WORD.finditer(text):
        number = NUMBER_WORDS.get(word[0].lower())
        if number and number > 1 and not any(start < word.end() and word.start() < end for start, end in taken):
            values[word.start()] = (word.end(), str(number))
    masked = list(text)
    for start, (end, value) in values.items():
        is_date = "-" in value or (end - start == 4 and _YEAR.fullmatch(text[start:end]))
        masked[start:end] = (DATE if is_date else NUMBER) * (end - start)
    return Sentence(text, "".join(masked), values)


def statements(text: str, language: Language, names: Named = NOBODY, lead: str = "") -> list[Statement]:
    """All statements of a sentence or list item.

    Args:
        text: the sentence.
        language: of the sentence.
        names: what the document says about names.
        lead: the sentence that introduces a list; it lends its words to the items, but no values.
    """
    if len(text) > LONGEST or remark().match(text):
        return []
    sentence = read_sentence(text, language)
    named: list[Body] | None = None
    found: dict[tuple[str, str, int], Statement] = {}
    masks = (NUMBER in sentence.masked, DATE in sentence.masked)
    for form in forms(language):
        if not _has_value(form, *masks) or not _fits(form, sentence.masked, lead):
            continue
        for match in form.match.finditer(sentence.masked):
            if named is None:
                named = bodies(text, names)
            if any(match.start("value") == at for _, _, at in found):
                continue  # the first pattern that matches is the more particular one
            for statement in _stated(form, match, sentence, named, names, language):
                found.setdefault((form.kind, statement.value, match.start("value")), statement)
    return _of_one_body(list(found.values()))


def _of_one_body(found: list[Statement]) -> list[Statement]:
    """Kinds of members are those of the body whose members the sentence counts."""
    whole = next((s.subject for s in found if s.kind == "members" and s.attribute == "total"), None)
    if any(s.kind == "founded" for s in found):  # then its year is no other statement's
        found = [s if s.period is None or "/" in s.period else replace(s, period=None) for s in found]
    return [replace(s, subject=whole) if whole and s.kind == "members" and s.attribute != "total" else s for s in found]


# ---- one match -----------------------------------------------------------------------------------------------


def _has_value(form: Form, has_number: bool, has_date: bool) -> bool:
    return has_date if form.measure == "date" else has_number or form.measure in ("person", "persons", "place")


def _fits(form: Form, masked: str, lead: str) -> bool:
    if form.context and not (form.context.search(masked) or form.context.search(lead)):
        return False
    return not (form.unless and (form.unless.search(masked) or form.unless.search(lead)))


def _stated(
    form: Form,
    match: re.Match[str],
    sentence: Sentence,
    named: list[Body],
    names: Named,
    language: Language,
) -> Iterator[Statement]:
    groups = match.groupdict()
    text, (start, end) = sentence.text, match.span("value")
    giver = _giver(sentence, language) if form.has_slots and form.kind == "funding" else ""
    attribute = giver or form.attribute
    if groups.get("attribute"):
        attribute = text[slice(*match.span("attribute"))].strip()
    elif form.kind == "target":
        attribute = _what(text, end)
    period = _period(sentence, language, form, match)
    if form.measure in ("person", "persons"):
        listed = [part.strip() for part in _PERSONS.split(text[start:end])]
        written = [name for name in listed if not (names.known and names.known.search(name))]
        values = [_TITLE.sub("", part) for part in written]
    else:
        value = value_of(form.measure, sentence, start, end)
        values, written = ([value], [text[start:end].strip()]) if value else ([], [])
    subject = _subject(form, match, sentence, named, giver, names)
    for value, wording in zip(values, written, strict=True):
        measure = {"persons": "person", "share": "%"}.get(form.measure, form.measure)
        measure = _currency(wording) if measure == "money" else measure
        if subject != value:
            yield Statement(form.kind, attribute, subject, value, wording, measure, period, match.start(), match.end())


def value_of(measure: str, sentence: Sentence, start: int, end: int) -> str | None:
    """What stands in a range, in its one form."""
    if measure in ("place", "person"):
        return sentence.text[start:end].strip() or None
    return sentence.value(start, end)


def _currency(written: str) -> str:
    return next((name for name, pattern in _CURRENCIES if pattern.search(written)), "EUR")


def _what(text: str, end: int) -> str:
    """The words behind a number, to the end of their clause."""
    return re.split(r"[.,;:()]| bis | by | als | as ", text[end : end + _WHAT + 20])[0].strip()[:_WHAT]


def _giver(sentence: Sentence, language: Language) -> str:
    match = slots(language).giver.search(sentence.text)
    return (match["giver"] or match["adjective"]).strip() if match else ""


def _period(sentence: Sentence, language: Language, form: Form, match: re.Match[str]) -> str | None:
    if match.groupdict().get("period"):
        return sentence.value(*match.span("period"))
    if form.kind in ("founded", "event"):
        return None
    beside = slots(language)
    spans = [
        "/".join(value for at, (_, value) in sorted(sentence.values.items()) if found.start() <= at < found.end())
        for found in beside.period.finditer(sentence.masked)
    ]
    if spans:
        return ", ".join(spans)
    years = list(beside.year.finditer(sentence.masked))
    return sentence.value(*years[0].span("year")) if len(years) == 1 else None


def _subject(
    form: Form, match: re.Match[str], sentence: Sentence, named: list[Body], giver: str, names: Named
) -> str | None:
    """The body a statement is about: the one its pattern names, else the nearest that fits its kind; "" for none at all."""
    if not form.has_subject:
        return ""
    if match.groupdict().get("subject"):
        named_here = sentence.text[slice(*match.span("subject"))].strip()
        if is_generic(named_here):
            return None
        return named_here if named_here.endswith("V.") else named_here.rstrip(".") or None
    if form.kind == "event":
        return _event(sentence.text, match)
    start, end = match.span("value")
    text = sentence.text
    free = [
        body
        for body in named
        if body.name not in giver and not _overlaps(body, match) and not _in_brackets(text, body)
        and not _is_of_someone(text, body, names) and not _is_other_name(text, body, named)
    ]  # fmt: skip
    before = [body for body in free if body.end <= start]
    behind = next((body for body in free if body.start >= end), None)
    if form.kind == "funding":
        projects = (b.name for b in free if b.start >= end and text[: b.start].endswith(("Projekt ", "project ")))
        return next(projects, before[0].name if before else None)
    if form.kind == "target":
        return before[0].name if before else None
    if form.kind == "patents" and behind and _BELONGS.search(sentence.masked[end : behind.start]):
        return behind.name
    if before and not (form.kind == "founded" and _BEGINS_WITH_DATE.match(sentence.masked)):
        return before[-1].name
    between = sentence.masked[end : behind.start] if behind else ","
    between = between.removeprefix(",") if form.kind == "founded" and match.start() == 0 else between
    return behind.name if behind and len(between) <= _NEAR and not _CLAUSE_END.search(between) else None


def _is_other_name(text: str, body: Body, named: list[Body]) -> bool:
    """Whether a dash sets it behind another name of the same body: "Bio^M – Münchner BioTech Cluster"."""
    return any(text[other.end : body.start] in (" – ", " - ") for other in named if other.end < body.start)


def _is_of_someone(text: str, body: Body, names: Named) -> bool:
    """Whether two plain words behind "of" or "von" are rather a person than the body that a sentence is about."""
    words = body.name.split(" ")
    plain = len(words) == 2 and all(word == word.capitalize() for word in words)
    known = bool(names.known and names.known.match(body.name))
    return plain and not known and text[: body.start].endswith((" of ", " von "))


def _in_brackets(text: str, body: Body) -> bool:
    return text.rfind("(", 0, body.start) > text.rfind(")", 0, body.start)


def _overlaps(body: Body, match: re.Match[str]) -> bool:
    return any(
        match.start(group) < body.end and body.start < match.end(group)
        for group, found in match.groupdict().items()
        if found
    )


def _event(text: str, match: re.Match[str]) -> str | None:
    """What takes place: the words in front of the verb, or behind it where the sentence begins with the date."""
    front = text[: match.start()].strip(" ,")
    if not front:
        verb = re.search(r"\b(?:findet|finden|fand|fanden)\b(?P<rest>.*?)(?: statt\b|[.,;]|$)", text)
        front = _PLACE_FIRST.sub("", verb["rest"].strip()) if verb else ""
    return front if 3 < len(front) <= _LONGEST_EVENT else None
