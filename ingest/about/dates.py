"""The date as of which a document speaks, where its text or its name says so; a mere mention of a date says nothing."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence

from assistant.text.numbers import dates, first_day
from ingest.about.ends import EndLine

Found = tuple[str, str]
"""A date in ISO 8601, complete or not (2024-03-12, 2024-03, 2024), and the words it was found in."""

_EARLIEST = 1950
_TOP = 1_500  # characters in which a dateline is looked for
_DATELINE = 160  # characters of a line in which a dateline ends
_LABELLED = 200  # characters of a line that has a date with its label
_IMPRINT_LINES = 15

_WEEKDAY = re.compile(
    r"(?:Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonnabend|Sonntag|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Mo|Di|Mi|Do|Fr|Sa|So|Mon|Tue|Wed|Thu|Fri|Sat|Sun)\.?,),?\s*",
    re.IGNORECASE,
)
_LITTLE_WORD = re.compile(r"(?:(?:am|vom|im|den|on|of|in|from|the|dated)\b\s*)?", re.IGNORECASE)
_SHORT = re.compile(
    r"(?P<d>[0-3]?[0-9])\.\s?(?P<m1>[01]?[0-9])\.\s?(?P<y1>[0-9]{2})(?![0-9.])"
    r"|(?P<m2>0?[1-9]|1[0-2])\s?[/.]\s?(?P<y2>(?:19|20)?[0-9]{2})(?![0-9/-]|\.[0-9])"
    r"|(?P<y3>(?:19|20)[0-9]{2})-(?P<m3>0[1-9]|1[0-2])(?![0-9-])"
    r"|(?:(?:Frühjahr|Frühling|Sommer|Herbst|Winter|Spring|Summer|Autumn|Fall|Q[1-4]|[1-4]\. Quartal)\s?/?\s?)?"
    r"(?P<y4>(?:19|20)[0-9]{2})(?!\.?[0-9]|\s?[/–-]\s?[0-9])",
    re.IGNORECASE,
)
_IMPRINT = re.compile(
    r"(?:Impressum|Imprint|Herausgeber(?:in)?\b|Herausgegeben|Published by|Publisher\b)", re.IGNORECASE
)
_AS_OF = re.compile(
    r"(?:(?:Redaktions|Bearbeitungs|Druck|Informations|Daten)?stand(?: der Informationen)?|Redaktionsschluss"
    r"|(?:zu)?letzt(?:e|mals)? (?:Aktualisierung|aktualisiert|Änderung|geändert)|aktualisiert|(?:Version|Fassung) vom"
    r"|last (?:updated|modified|revised|changed)|updated|as of|status|revised)\b\s*[:–-]?\s*",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"(?:(?:zuerst )?veröffentlicht|publiziert|erschienen|(?:Erscheinungs|Veröffentlichungs|Publikations)?datum"
    r"|(?:first )?published|posted|released|release date|date(?: of publication)?|publication date"
    r"|(?:Presse|Medien)(?:mitteilung|information|meldung)(?: (?:Nr\. ?|Nummer )?[0-9]{1,4}(?:/[0-9]{2,4})?)?"
    r"|(?:press|news|media) release)\b\s*[:,|–-]?\s*",
    re.IGNORECASE,
)
_STARTS = re.compile(r"(?:^|[|·•])[\s(\[]*")
_WORD_STARTS = re.compile(r"\b(?=[^\W\d_])")
_ENDS = re.compile(r"\s*(?:$|[)\]|·•,;/–—.-]|(?:by|von|um|at)\b|[0-9]{1,2}:[0-9]{2})")
_PLACE = re.compile(r"[(\[]?(?!(?:Am|An|Ab|Bis|Seit|Vom|Im|In|On|By|Since|From|Until|At)\b)[^\W\d_][^.!?:;0-9]{1,60}")
_BEHIND_PLACE = re.compile(r"(?:,|\s[–—-])\s*")
_ENDS_DATELINE = re.compile(r"\s*(?:$|[)\]|·•:/–—-]|\.(?:\s|$))")
_ENDS_LONE_DATE = re.compile(r"\s*(?:$|[|·•–—/]|,\s*[^\W\d_][^,.!?]{2,30}$)")
_PERIOD = re.compile(r"(?:Berichts(?:zeitraum|periode)|Reporting period|Period covered)\b", re.IGNORECASE)
_YEAR = re.compile(r"(?<![0-9A-Za-z./])(?:19|20)[0-9]{2}(?![0-9A-Za-z/])")
_AHEAD = re.compile(
    r"strateg|agenda|plan(?!et)|roadmap|vision|ziele?\b|goals?\b|target|horizon|programm|\b(?:bis|until|up to|by|ab|from)\b",
    re.IGNORECASE,
)
_IN_NAME = (
    re.compile(r"(?<![0-9a-z])(?P<y>(?:19|20)[0-9]{2})[-_. ]?(?P<m>[01][0-9])[-_. ]?(?P<d>[0-3][0-9])(?![0-9a-z])", re.I),
    re.compile(r"(?<![0-9a-z])(?P<d>[0-3]?[0-9])[-_. ](?P<m>[01]?[0-9])[-_. ](?P<y>(?:19|20)[0-9]{2})(?![0-9a-z])", re.I),
    re.compile(r"(?<![0-9a-z])(?P<d>[0-3][0-9])(?P<m>[01][0-9])(?P<y>(?:19|20)[0-9]{2})(?![0-9a-z])", re.I),
    re.compile(r"(?<![0-9a-z])(?P<m>0[1-9]|1[0-2])[-_.]?(?P<y>(?:19|20)[0-9]{2})(?![0-9a-z])", re.I),
    re.compile(r"(?<![0-9a-z])(?P<y>(?:19|20)[0-9]{2})[-_.]?(?P<m>0[1-9]|1[0-2])(?![0-9a-z])", re.I),
)  # fmt: skip


def plausible(value: str | None, today: datetime.date) -> str | None:
    """A date that can be the date of a document: it exists, and lies neither before 1950 nor in the future."""
    try:
        day = first_day(value[:10]) if value else None
    except ValueError:
        return None
    return value[:10] if value and day and day.year >= _EARLIEST and day <= today else None


def date_in_text(head: Sequence[EndLine], tail: Sequence[EndLine], title: str, today: datetime.date) -> Found | None:
    """What imprint, dateline, reporting period or title say, with the place: "imprint: Stand: September 2023"."""
    places = (
        ("imprint", _labelled(head, _AS_OF, True)),
        ("dateline", _labelled(head, _PUBLISHED, False)),
        ("dateline", _datelines(head)),
        ("imprint", _labelled(tail, _AS_OF, True)),
        ("dateline", _labelled(tail, _PUBLISHED, False)),
        ("reporting period", _periods(head)),
        ("title", _in_title(title)),
    )
    for place, found in places:
        for value, words in found:
            if date := plausible(value, today):
                return date, f"{place}: {_shortened(words)}"
    return None


def is_dateline(words: str) -> bool:
    """Whether a line is a date, with a place or without, and nothing else."""
    date = _date_at(words, 0, short=False) or _behind_place(words)
    return date is not None and not words[date[1] :].strip(" .)|–-")


def date_in_name(stem: str, today: datetime.date) -> str | None:
    """The day or month that a file's name holds."""
    for pattern in _IN_NAME:
        for match in pattern.finditer(stem):
            parts = match.groupdict()
            if date := plausible(_iso(parts["y"], parts["m"], parts.get("d")), today):
                return date
    words = re.sub(r"[-_.]+", " ", stem)
    return next((date for figure in dates(words) if (date := plausible(figure.value, today))), None)


def year_in(words: str, today: datetime.date) -> str | None:
    """The year in a title or a file's name, if it is the only one there and no goal ("Strategie 2024" is of 2019)."""
    if _AHEAD.search(words):
        return None
    years = set(_YEAR.findall(words.replace("_", " ")))
    return plausible(years.pop(), today) if len(years) == 1 else None


def _labelled(lines: Sequence[EndLine], label: re.Pattern[str], short: bool) -> Iterator[Found]:
    """Dates behind a label at the beginning of a line or of one of its parts; in an imprint, anywhere in the line."""
    imprint = 0  # lines of an imprint that may still come
    for line in lines:
        if _IMPRINT.match(line.text):
            imprint = _IMPRINT_LINES
        elif imprint:
            imprint = 0 if len(line.text) > _LABELLED else imprint - 1  # running text ends it
        if imprint or len(line.text) <= _LABELLED:
            starts = _WORD_STARTS if imprint else _STARTS
            yield from _behind(label, line.text, starts, short=short, anywhere=imprint > 0)


def _behind(
    label: re.Pattern[str], words: str, starts: re.Pattern[str], *, short: bool, anywhere: bool
) -> Iterator[Found]:
    for start in starts.finditer(words):
        named = label.match(words, start.end())
        if named and (date := _date_at(words, named.end(), short=short)):
            value, end = date
            if anywhere or _ENDS.match(words, end):
                yield value, words[start.end() : end]


def _datelines(head: Sequence[EndLine]) -> Iterator[Found]:
    """ "Leipzig, 12. März 2024 – ", or a line that begins with a date, if only one does (several are a timeline)."""
    top = [line.text for line in head if line.offset < _TOP and line.kind != "item" and line.text[0] != "|"]
    for words in top:
        if (date := _behind_place(words)) and _ENDS_DATELINE.match(words, date[1]):
            yield date[0], words[: date[1]]
    lone = [
        (date[0], words[: date[1]])
        for words in top
        if len(words) < _DATELINE and (date := _date_at(words, 0, short=False, bare=True))
        if _ENDS_LONE_DATE.match(words, date[1]) and not next(dates(words[date[1] :]), None)  # two are a period
    ]
    if len({value for value, _ in lone}) == 1:
        yield lone[0]


def _behind_place(words: str) -> tuple[str, int] | None:
    """The date behind the place that a line begins with, and where it ends."""
    for behind in _BEHIND_PLACE.finditer(words, 0, 70):
        date = _date_at(words, behind.end(), short=False)
        if date and _PLACE.fullmatch(words, 0, behind.start()):
            return date
    return None


def _periods(head: Sequence[EndLine]) -> Iterator[Found]:
    for place, line in enumerate(head):
        if _PERIOD.match(line.text):
            for words in (line.text[:120], " ".join(part.text for part in head[place : place + 2])[:120]):
                values = [figure.value for figure in dates(words)] or _YEAR.findall(words)
                if values:
                    yield max(values), words


def _in_title(title: str) -> Iterator[Found]:
    yield from ((value, title) for value, _ in _behind(_AS_OF, title, _WORD_STARTS, short=True, anywhere=True))
    yield from ((figure.value, title) for figure in dates(title))


def _date_at(words: str, start: int, *, short: bool, bare: bool = False) -> tuple[str, int] | None:
    """The date that begins at a character, and where it ends; `short` ones are 09/2023, 12.03.24 and 2023.

    A `bare` one has no preposition in front.
    """
    for skipped in (_WEEKDAY,) if bare else (_LITTLE_WORD, _WEEKDAY, _LITTLE_WORD):
        if match := skipped.match(words, start):
            start = match.end()
    near = words[start : start + 40]
    if (figure := next(dates(near), None)) and figure.start == 0:
        return figure.value, start + figure.end
    match = _SHORT.match(near) if short else None
    if not match:
        return None
    parts = {key[0]: value for key, value in match.groupdict().items() if value}
    year = parts["y"] if len(parts["y"]) > 2 else f"20{parts['y']}"
    return _iso(year, parts.get("m"), parts.get("d")), start + match.end()


def _iso(year: str, month: str | None, day: str | None) -> str:
    return "-".join([year, *(f"{int(part):02}" for part in (month, day) if part)])


def _shortened(words: str) -> str:
    words = words.strip(" ([|·•–")
    return words if len(words) <= 80 else words[:79].rstrip() + "…"
