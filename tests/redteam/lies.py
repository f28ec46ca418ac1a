"""What a lying model makes of an honest sentence: one planted error of each kind that fits."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assistant.types import Language, Passage
from tests.redteam import names
from tests.redteam.honest import Honest

_MONTHS: dict[Language, list[str]] = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(),
    "en": "January February March April May June July August September October November December".split(),
}
_NUMBER_WORDS: dict[Language, list[str]] = {
    "de": "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf vierzehn zwanzig".split(),
    "en": "two three four five six seven eight nine ten eleven twelve fourteen twenty".split(),
}
_YEAR = re.compile(r"\b(19[89]\d|20[0-3]\d)\b")
_PLAIN = re.compile(r"(?<![\w.,-])(?!(?:19|20)\d\d\b)(\d[\d.,]*\d|\d)(?![\w-]|[.,]\d)")
_AMOUNT = re.compile(
    r"(?<![\w.,])(\d[\d.,]*)"
    r"((?: (?:Mio\.|Mrd\.|Millionen|Milliarden|million|billion))? (?:Euro|euros?|US-Dollar|US dollars)|m\b|bn\b)"
)
_SHARE = re.compile(r"(?<![\w.,])(\d[\d.,]*)(?= ?(?:%|Prozent|percent))")
_TOGETHER = re.compile(
    r"koop|coop|gemeinsam|together|zusammen|austausch|exchange|between|zwischen|berührung|wie auch|jointly|along with|partner|neben"
    r"|include|zähl|gehör|belong|among|je |each|jeweils|brings|bündel|verbund",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Lie:
    """A sentence with a planted error; `sources` are the markers it cites, from 1."""

    kind: str
    honest: Honest
    text: str
    sources: tuple[int, ...]

    @property
    def reply(self) -> str:
        """As a model writes it."""
        markers = "".join(f" [{number}]" for number in self.sources)
        return f"{self.text.removesuffix('.')}{markers}."


def lies_about(honest: Honest) -> Iterator[Lie]:
    """One lie of every kind that the sentence allows, always the same ones."""
    for kind, tell in TEXTS.items():
        chance = random.Random(f"{kind} {honest.text}")  # noqa: S311 - the same lies in every run
        text = tell(honest, chance)
        if text and text != honest.text:
            yield Lie(kind, honest, text, (honest.marker,))
    count = len(honest.asked.findings.passages)
    yield Lie("invented source", honest, honest.text, (count + 1 + len(honest.text) % 7,))
    yield Lie("invented beside a true source", honest, honest.text, (honest.marker, count + 3))
    yield Lie("no source", honest, honest.text, ())
    wrong = _wrong_passage(honest)
    if wrong:
        yield Lie("wrong passage cited", honest, honest.text, (wrong,))


def _wrong_passage(honest: Honest) -> int:
    """A passage that lacks a number or a listed name of the sentence; 0 where there is none."""
    for number, passage in reversed(list(enumerate(honest.asked.findings.passages, 1))):
        if (
            number != honest.marker
            and passage.document_id != honest.passage.document_id
            and _lacks(passage, honest.text)
        ):
            return number
    return 0


def _lacks(passage: Passage, text: str) -> bool:
    flat = re.sub(r"\D", "", passage.text)
    digits = [re.sub(r"\D", "", number) for number in re.findall(r"\d[\d.,]*", text)]
    return any(len(d) > 1 and d not in flat for d in digits) or any(
        f.name not in passage.text for f in names.found(text)
    )


# ---- figures -------------------------------------------------------------------------------------------------


def _replaced(text: str, match: re.Match[str] | None, new: str, group: int = 1) -> str | None:
    return f"{text[: match.start(group)]}{new}{text[match.end(group) :]}" if match else None


def _changed(written: str, chance: random.Random) -> str:
    """Another number of the same shape."""
    places = [place for place, c in enumerate(written) if c.isdigit()]
    place = chance.choice(places)
    other = chance.choice([d for d in "123456789" if d != written[place]])
    return f"{written[:place]}{other}{written[place + 1 :]}"


def _pick(pattern: re.Pattern[str], text: str, chance: random.Random) -> re.Match[str] | None:
    found = list(pattern.finditer(text))
    return chance.choice(found) if found else None


def _figure(honest: Honest, chance: random.Random) -> str | None:
    match = _pick(_PLAIN, honest.text, chance)
    return _replaced(honest.text, match, _changed(match[1], chance)) if match else None


def _digit_swap(honest: Honest, chance: random.Random) -> str | None:
    for match in _PLAIN.finditer(honest.text):
        digits = [place for place, c in enumerate(match[1]) if c.isdigit()]
        for one, other in itertools.pairwise(digits):
            if match[1][one] != match[1][other] and (one or match[1][other] != "0"):
                swapped = list(match[1])
                swapped[one], swapped[other] = swapped[other], swapped[one]
                return _replaced(honest.text, match, "".join(swapped))
    return None


def _number_word(honest: Honest, chance: random.Random) -> str | None:
    words = _NUMBER_WORDS[honest.language]
    match = _pick(re.compile(rf"\b({'|'.join(words)})\b"), honest.text, chance)
    return _replaced(honest.text, match, chance.choice([w for w in words if w != match[1]])) if match else None


def _magnitude(honest: Honest, chance: random.Random) -> str | None:
    scales = {"Millionen": "Milliarden", "Milliarden": "Millionen", "Mio.": "Mrd.", "Mrd.": "Mio."}
    scales |= {"million": "billion", "billion": "million"}
    match = re.search(r"(?<=\d )(Millionen|Milliarden|Mio\.|Mrd\.|million|billion)", honest.text)
    if match:
        return _replaced(honest.text, match, scales[match[1]])
    match = _pick(_PLAIN, honest.text, chance)
    return _replaced(honest.text, match, f"{match[1]}0" if match[1].isdigit() else match[1][:-1]) if match else None


def _amount(honest: Honest, chance: random.Random) -> str | None:
    match = _AMOUNT.search(honest.text)
    return _replaced(honest.text, match, _changed(match[1], chance)) if match else None


def _share(honest: Honest, chance: random.Random) -> str | None:
    match = _pick(_SHARE, honest.text, chance)
    return _replaced(honest.text, match, _changed(match[1], chance)) if match else None


def _unit(honest: Honest, chance: random.Random) -> str | None:
    others = {
        "Tage": "Wochen",
        "Tagen": "Wochen",
        "days": "weeks",
        "Wochen": "Monate",
        "weeks": "months",
        "Jahre": "Monate",
    }
    others |= {
        "Monate": "Jahre",
        "months": "years",
        "years": "months",
        "Prozent": "Euro",
        "percent": "euros",
        "%": "Euro",
    }
    others |= {"Euro": "US-Dollar", "euros": "US dollars", "US-Dollar": "Euro", "US dollars": "euros"}
    pattern = "|".join(sorted((re.escape(word) for word in others), key=len, reverse=True))
    match = re.search(
        rf"(?:\d|\d (?:Millionen|Milliarden|Mio\.|Mrd\.|million|billion)) ?({pattern})(?!\w)", honest.text
    )
    return _replaced(honest.text, match, others[match[1]]) if match else None


def _swapped_figures(honest: Honest, chance: random.Random) -> str | None:
    found = list(_PLAIN.finditer(honest.text))
    for one, other in itertools.pairwise(found):
        between = honest.text[one.end() : other.start()]
        if one[1] != other[1] and len(between.split()) > 1:
            return f"{honest.text[: one.start()]}{other[1]}{between}{one[1]}{honest.text[other.end() :]}"
    return None


# ---- dates ---------------------------------------------------------------------------------------------------


def _year(honest: Honest, chance: random.Random) -> str | None:
    match = _pick(_YEAR, honest.text, chance)
    return _replaced(honest.text, match, str(int(match[1]) + chance.choice([-3, -2, -1, 1, 2, 3]))) if match else None


def _month(honest: Honest, chance: random.Random) -> str | None:
    months = _MONTHS[honest.language]
    match = _pick(re.compile(rf"\b({'|'.join(months)})\b"), honest.text, chance)
    if match:
        return _replaced(honest.text, match, chance.choice([month for month in months if month != match[1]]))
    match = re.search(r"\d\d?\.(\d\d?)\.(?:19|20)\d\d", honest.text)
    return _replaced(honest.text, match, f"{int(match[1]) % 12 + 1:02}") if match else None


def _day(honest: Honest, chance: random.Random) -> str | None:
    month = "|".join(_MONTHS[honest.language])
    match = re.search(
        rf"\b(\d\d?)(?:\. ?| )(?:{month})|\b(?:{month}) (\d\d?),|\b(\d\d?)\.\d\d?\.(?:19|20)\d\d", honest.text
    )
    if not match:
        return None
    group = match.lastindex or 1
    return _replaced(honest.text, match, str((int(match[group]) + chance.randint(1, 20)) % 27 + 1), group)


# ---- names ---------------------------------------------------------------------------------------------------


def _swapped_names(honest: Honest, chance: random.Random) -> str | None:
    """Two names in each other's place, unless the sentence says the same of both."""
    found = names.found(honest.text)
    for one in found:
        for other in found:
            between = honest.text[one.end : other.start]
            words = re.findall(r"[^\W\d_]+", between)
            listed = all(
                w[0].isupper() or w in ("und", "and", "sowie", "am", "the", "die", "der", "of", "or", "oder")
                for w in words
            )
            apart = one.end < other.start and not names.same(one.name, other.name) and one.sort == other.sort
            if apart and not listed and not _TOGETHER.search(honest.text):
                text = honest.text
                return f"{text[: one.start]}{other.name}{between}{one.name}{text[other.end :]}"
    return None


def _other(honest: Honest, chance: random.Random, group: list[str]) -> str | None:
    """A name of the list for another one that the sentence does not name."""
    found = [one for one in names.found(honest.text) if one.name in group]
    if not found:
        return None
    one = chance.choice(found)
    others = [name for name in group if name not in honest.text and not names.same(name, one.name)]
    return f"{honest.text[: one.start]}{chance.choice(others)}{honest.text[one.end :]}"


def _neighbour(honest: Honest, chance: random.Random) -> str | None:
    """The name of another body or person that stands in the same passages."""
    around = {one.name for passage in honest.asked.findings.passages for one in names.found(passage.text)}
    for one in names.found(honest.text):
        others = sorted(n for n in around if n in one.sort and n not in honest.text and not names.same(n, one.name))
        if others:
            return f"{honest.text[: one.start]}{chance.choice(others)}{honest.text[one.end :]}"
    return None


def _invented(honest: Honest, chance: random.Random) -> str | None:
    found = [one for one in names.found(honest.text) if one.name in (*names.BODIES, *names.PROJECTS)]
    one = found[0] if found else None
    return f"{honest.text[: one.start]}{chance.choice(names.INVENTED)}{honest.text[one.end :]}" if one else None


# ---- turned round --------------------------------------------------------------------------------------------

_FINITE: dict[Language, str] = {
    "de": r"\b(?:ist|sind|war|waren|wird|wurde|wurden|hat|haben|hatte|darf|soll|will|kann|gehören|erhält|erhalten|umfasst)\b",
    "en": r"\b(?:is|are|was|were|has been|have been|will|may|can|should)\b",
}


def _negated(honest: Honest, chance: random.Random) -> str | None:
    text, german = honest.text, honest.language == "de"
    removed = re.sub(r" (?:nicht|not)\b(?! (?:nur|only))|(?<=\bk)eine(?=\w? )", "", text, count=1)
    if removed != text:
        return re.sub(r"\bk (?=\w)", "eine ", removed)
    match = re.search(_FINITE[honest.language], text)
    return f"{text[: match.end()]} {'nicht' if german else 'not'}{text[match.end() :]}" if match else None


_COMPARISONS = {
    "mehr als": "weniger als", "über (?=\\d)": "unter ", "mindestens": "höchstens", "höchstens": "mindestens", "bis zu": "mehr als",
    "weniger als": "mehr als", "more than": "less than", "over (?=\\d)": "under ", "at least": "at most",
    "up to (?=\\d)": "more than ",
    "fewer than": "more than", "größte": "kleinste", "largest": "smallest", "biggest": "smallest", "meisten": "wenigsten",
    "most (?=\\w+s\\b)": "fewest ", "langfristig": "kurzfristig", "long-term": "short-term", "vor (?=\\d{4})": "nach ",
    "before (?=\\d{4})": "after ", "verkürzte": "verlängerte", "shortened": "lengthened", "erste": "letzte", "first": "last",
    "mehr ": "weniger ", "höher": "niedriger", "higher": "lower", "niedriger": "höher", "lower": "higher",
    "senken": "erhöhen", "reduce": "increase", "external": "internal", "externe": "interne",
}  # fmt: skip


def _compared(honest: Honest, chance: random.Random) -> str | None:
    for one, other in _COMPARISONS.items():
        text = re.sub(rf"\b{one}", other, honest.text, count=1)
        if text != honest.text:
            return text
    return None


def _bounded(honest: Honest, chance: random.Random) -> str | None:
    """A bound where there is an exact number."""
    words = {
        "de": ("mehr als", "weniger als", "höchstens", "mindestens"),
        "en": ("more than", "fewer than", "at most", "at least"),
    }
    qualifiers = ("als", "über", "than", "over", "etwa", "rund", "about", "zu", "up to", "around", "some")
    qualified = "".join(rf"(?<!{word} )" for word in qualifiers) + r"(?<![.\d])"
    match = re.search(rf"{qualified}\b()(?!(?:19|20)\d\d\b)\d+ [A-ZÄÖÜa-z][a-zäöü]{{3,}}", honest.text)
    months = tuple(month for group in _MONTHS.values() for month in group)
    if (
        not match
        or match[0].split()[1] in months
        or re.search(r"(?:Platz|Phase|Ziel|goal|AP|AG|section|Abschnitt) $", honest.text[: match.start()])
    ):
        return None
    return _replaced(honest.text, match, f"{chance.choice(words[honest.language])} ")


TEXTS: dict[str, Callable[[Honest, random.Random], str | None]] = {
    "changed figure": _figure,
    "digits swapped": _digit_swap,
    "other number word": _number_word,
    "magnitude": _magnitude,
    "amount": _amount,
    "percentage": _share,
    "unit": _unit,
    "day": _day,
    "month": _month,
    "year": _year,
    "two names swapped": _swapped_names,
    "other person": lambda honest, chance: _other(honest, chance, names.PEOPLE),
    "other body": lambda honest, chance: _other(honest, chance, [*names.BODIES, *names.PROJECTS]),
    "other place": lambda honest, chance: _other(honest, chance, names.PLACES),
    "name from the same passages": _neighbour,
    "invented body": _invented,
    "two figures swapped": _swapped_figures,
    "negated": _negated,
    "comparison turned": _compared,
    "bound added": _bounded,
}
