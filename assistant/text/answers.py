"""Where in a quote the thing stands that was asked for: the figure, date, share, person or place to be shown in bold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from assistant.text.kinds import Kind, asked_thing
from assistant.text.numbers import MONTHS, NUMBER_WORDS, figures
from assistant.text.words import STOP_WORDS, fold, index_terms, tokens
from assistant.types import Language, Span

_MOST = 3  # more than so many places are no answer but a list
_NEAR = 60  # characters between a number and the thing that is counted
_CURRENCY = r"(?:euros?|eur|(?:us-?)?dollars?|usd|€|\$)(?![^\W_])"
_AMOUNT = re.compile(rf"[€$]\s?$|(?:\s|-)?(?:US-)?{_CURRENCY}", re.IGNORECASE)
_BEFORE_AMOUNT = re.compile(r"(?:[€$]|\bEUR|\bUSD)\s?$")
_SHARE = re.compile(r"\s?(?:%|prozent\b|percent\b|per cent\b)", re.IGNORECASE)
_PART = re.compile(
    r"\b(?:Abschnitte?n?|Kapiteln?|Tabellen?|Abbildung(?:en)?|Abb|Sections?|Chapters?|Tables?|Figures?|Fig|Seiten?|pages?|Platz|Rank)"
    r"\.?\s*$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMBER_WORD = re.compile(r"[^\W\d_]+")
_SHORT_YEAR = re.compile(
    r"\b(?:1|2|3|4|I{1,3}|IV)\.?\s?(?:Quartal|Halbjahr|quarter|half)\b(?:\s+(?:of\s+)?(?:19|20)\d\d)?|\bQ[1-4]\s(?:19|20)\d\d"
)
_FREQUENCY = re.compile(
    r"\b(?:alle (?:\d+|\w+) (?:Tage|Wochen|Monate|Jahre)n?|every (?:\d+|\w+) (?:days|weeks|months|years)|\d+[- ]?mal(?: \w+ \w+)?"
    r"|(?:ein|zwei|drei|vier|mehr)mal\w*(?: (?:im|pro) \w+)?|(?:once|twice|\d+ times) (?:a|per|every) \w+"
    r"|täglich|\w*(?:wöchent|monat|jähr)lich|quartalsweise|regelmäßig|daily|weekly|(?:bi)?monthly|quarterly|yearly|annually"
    r"|every (?:day|week|month|year)|regularly)\b",
    re.IGNORECASE,
)
_CAPITALS = re.compile(
    r"(?:(?:Prof|Dr|PD)\. )*[A-ZÄÖÜ][\w’'-]*[a-zäöüßé]\b(?: (?:[A-ZÄÖÜ]\. )?[A-ZÄÖÜ][\w’'-]*[a-zäöüßé]\b)+(?!-)"
)
_TITLE = re.compile(r"(?:Prof|Dr|PD)\.$")
_NO_NAME = re.compile(
    r".*(?:ung|ungen|heit|keit|schaft|tion|tionen|tät|nis|ment|arbeit|hilfe|sprecher(?:in)?|leiter(?:in)?|führer(?:in)?|kräfte)$"
    r"|(?:team|projekt|project|professor(?:in)?|minister(?:in)?|director|managing|vorsitzende[rn]?|clusterinitiative|millionen?|angaben?|landes|vereins|chairman|speaker|frau|herr)$",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\b(?:in|at|nach|to|am|im)\s+(?:(?P<article>der|dem|den|the)\s+)?"
    r"(?P<name>[A-ZÄÖÜ][\w-]+(?: am Main)?(?: (?:[A-ZÄÖÜ][\w-]+|\([A-ZÄÖÜ][a-zäöüß]+\)))*)"
)


def answering_places(quote: str, question: str, kind: Kind, language: Language, asked_in: Language) -> tuple[Span, ...]:
    """The places in a quote that a question of a kind asks for; none where the quote has none or too many.

    Args:
        quote: the text quoted.
        question: what was asked.
        kind: of the question.
        language: of the quote.
        asked_in: the language of the question.
    """
    if kind == "count":
        found = list(_counts(quote, language))
        if len(found) > 1:
            found = _nearest(quote, found, asked_thing(question), language, asked_in)
    elif kind in _FINDERS:
        asked = set(tokens(question))
        found = list(_FINDERS[kind](quote, language))
        if kind in ("person", "place"):
            found = [span for span in found if not _known(quote[span.start : span.end], asked)]
    else:
        return ()
    return tuple(span for span in found if _can_be_strong(quote, span)) if len(found) <= _MOST else ()


def _can_be_strong(quote: str, span: Span) -> bool:
    """Whether Markdown's marks of emphasis can stand around it."""
    around = quote[max(span.start - 1, 0) : span.end + 1]
    return "*" not in around and "\n" not in around.strip() and "[" not in around


def _known(words: str, asked: set[str]) -> bool:
    """Whether the question names it already, in full, by a surname, or by its initials."""
    said = tokens(words)
    surname = said[-1] in asked and not any(c.isupper() for word in words.split() for c in word[1:])
    return surname or set(said) <= asked or "".join(word[0] for word in said) in asked


def _counts(quote: str, language: Language) -> Iterator[Span]:
    """Numbers that are no dates, years, shares or amounts, spelled ones included."""
    taken = 0
    for figure in figures(quote, language):
        written = quote[figure.start : figure.end]
        after = quote[figure.end : figure.end + 12]
        plain = not _PART.search(quote[: figure.start]) and not (
            _YEAR.fullmatch(written) or "-" in figure.value or _SHARE.match(after) or _AMOUNT.match(after)
        )
        named = re.search(r"[^\W\d_][-.]?$", quote[: figure.start]) or re.match(
            r"\.\s?(?:Quartal|Phase|Vorsitz)|[-.]?\w", after
        )
        if plain and not named:
            yield from _spelled(quote, taken, figure.start)
            yield Span(figure.start, figure.end)
        taken = figure.end
    yield from _spelled(quote, taken, len(quote))


def _spelled(quote: str, start: int, end: int) -> Iterator[Span]:
    for word in _NUMBER_WORD.finditer(quote, start, end):
        if NUMBER_WORDS.get(word.group().casefold(), 0) > 1:
            yield Span(word.start(), word.end())


def _nearest(quote: str, found: list[Span], thing: str, language: Language, asked_in: Language) -> list[Span]:
    """The number that stands closest before the thing asked for."""
    stems = {term for term in index_terms(thing, asked_in) if term not in STOP_WORDS[asked_in]}
    if not stems or language != asked_in:
        return []
    places = [
        word.start()
        for word in re.finditer(r"[^\W\d_][\w-]*", quote)
        if not stems.isdisjoint(index_terms(word.group(), language))
        or any(fold(word.group()).endswith(s) for s in stems)
    ]
    pairs = [(place - span.end, span) for place in places for span in found if 0 < place - span.end < _NEAR]
    return [min(pairs, key=lambda pair: pair[0])[1]] if pairs else []


def _amounts(quote: str, language: Language) -> Iterator[Span]:
    for figure in figures(quote, language):
        after = _AMOUNT.match(quote, figure.end)
        before = _BEFORE_AMOUNT.search(quote[: figure.start])
        if after and after.end() > figure.end:
            yield Span(figure.start, after.end())
        elif before:
            yield Span(before.start(), figure.end)


def _shares(quote: str, language: Language) -> Iterator[Span]:
    for figure in figures(quote, language):
        after = _SHARE.match(quote, figure.end)
        if after:
            yield Span(figure.start, after.end())


def _dates(quote: str, language: Language) -> Iterator[Span]:
    quarters = [Span(match.start(), match.end()) for match in _SHORT_YEAR.finditer(quote)]
    yield from quarters
    for figure in figures(quote, language):
        dated = "-" in figure.value or _YEAR.fullmatch(quote[figure.start : figure.end])
        inside = any(span.start <= figure.start < span.end for span in quarters)
        glued = re.match(r"[-/]?[^\W\d_]", quote[figure.end : figure.end + 2])
        if dated and not inside and not glued:
            yield Span(figure.start, figure.end)


def _frequencies(quote: str, _: Language) -> Iterator[Span]:
    return (Span(match.start(), match.end()) for match in _FREQUENCY.finditer(quote))


def _people(quote: str, _: Language) -> Iterator[Span]:
    """Runs of two or more capitalised words without the roles before them: people, and bodies that may be who was meant."""
    for run in _CAPITALS.finditer(quote):
        words = [
            Span(run.start() + word.start(), run.start() + word.end()) for word in re.finditer(r"\S+", run.group())
        ]
        while words and _no_name(quote[words[0].start : words[0].end]):
            words = words[1:]
        named = [word for word in words if not _TITLE.match(quote[word.start : word.end])]
        if len(named) > 1 and not any(_no_name(quote[word.start : word.end]) for word in named):
            yield Span(words[0].start, words[-1].end)


def _no_name(word: str) -> bool:
    return bool(_NO_NAME.match(word)) or word.casefold() in STOP_WORDS["de"] | STOP_WORDS["en"]


def _towns(quote: str, _: Language) -> Iterator[Span]:
    """What stands after a preposition of place; with an article it must be marked as a name ("in der BioCity")."""
    for match in _PLACE.finditer(quote):
        first = match["name"].split()[0]
        marked = any(c.isupper() for c in first[1:]) or " " in match["name"]
        if not _NO_NAME.match(first) and first.casefold() not in MONTHS and (marked or not match["article"]):
            yield Span(match.start("name"), match.end("name"))


_FINDERS: Mapping[Kind, Callable[[str, Language], Iterator[Span]]] = {
    "amount": _amounts,
    "share": _shares,
    "date": _dates,
    "frequency": _frequencies,
    "person": _people,
    "place": _towns,
}
