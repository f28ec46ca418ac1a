"""A question about facts, read: which kind, about whom, and what is to be done with them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant.text.bodies import KnownBodies, body_key, is_marked, same_body
from assistant.text.numbers import NUMBER_WORDS
from assistant.text.patterns import DATE, NUMBER, asked, hints, statement_file
from assistant.text.statements import read_sentence
from assistant.text.words import STOP_WORDS, fold
from assistant.types import Language

Task = Literal["compare", "rank", "select", "list", "look up"]
Relation = Literal["same", "more", "less"]

TOKEN = re.compile(r"[^\W_](?:[\w.^&/-]*[^\W_])?")
_MOST_TOKENS = 6
_SHORTEST = 3
_DISTINCT = 5  # letters of a single word that is the beginning of a longer name


@dataclass(frozen=True, slots=True)
class Condition:
    """Which values are asked for: founded before 2005, more than 200 members."""

    relation: Relation
    value: str


@dataclass(frozen=True, slots=True)
class FactualQuestion:
    """What a question wants to know of which bodies."""

    kind: str
    attribute: str
    task: Task
    bodies: tuple[str, ...]  # as the facts name them, each body once
    attributes: tuple[str, ...]  # that the question names, such as networks of followers
    wants_most: bool  # the greatest number or the earliest date comes first
    rest: tuple[str, ...]  # its words that are not understood
    condition: Condition | None = None  # of a selection


def _condition(text: str, language: Language, kind: str) -> Condition | None:
    """The one date, or the one number, that a selection goes by."""
    sentence = read_sentence(text, language)
    wanted = DATE if kind == "founded" else NUMBER
    values = [(at, value) for at, (_, value) in sentence.values.items() if sentence.masked[at] == wanted]
    if len(values) != 1:
        return None
    at, value = values[0]
    before = text[:at].rstrip()
    for relation in ("more", "less"):
        if re.search(_conditions()[relation] + r"$", before, re.IGNORECASE):
            return Condition(relation, value)
    return Condition("same", value) if kind == "founded" else None


def _conditions() -> dict[str, str]:
    conditions: dict[str, str] = statement_file()["conditions"]
    return conditions


def asked_kind(text: str, language: Language) -> str | None:
    """The kind of fact a question asks for; None for any other question."""
    return next((one.kind for one in asked(language) if one.match.search(text)), None)


def sought_kinds(text: str, language: Language) -> frozenset[str]:
    """All kinds of fact that may answer a question, those it asks for in other words among them."""
    kind = asked_kind(text, language)
    return frozenset(one for one, match in hints(language) if match.search(text)) | ({kind} if kind else set())


def read_question(
    text: str, language: Language, subjects: KnownBodies, attributes: Iterable[str]
) -> FactualQuestion | None:
    """Read a question; None where it asks for no kind of fact.

    Args:
        text: the question.
        language: of the question.
        subjects: the bodies that facts are known about.
        attributes: what facts of one body are told apart by, such as the networks of its followers.
    """
    found = next((one for one in asked(language) if one.match.search(text)), None)
    if found is None:
        return None
    tokens = [match[0] for match in TOKEN.finditer(text)]
    named, used = _named(tokens, subjects)
    beside = tuple(name for name in sorted(set(attributes)) if name and fold(name) in {fold(t) for t in tokens})
    patterns = _patterns()
    condition = None
    if len(named) > 1 or (len(named) == 1 and len(beside) > 1):
        task: Task = "list" if patterns["together"].search(text) else "compare"
    elif not named and patterns["superlative"].search(text) and patterns["which"].search(text):
        task = "rank"
    elif not named and patterns["which"].search(text) and patterns["cluster"].search(text):
        task, condition = "select", _condition(text, language, found.kind)
        if condition is None or patterns["how_many"].search(text):
            return None  # how many there are is said by no quote
    elif len(named) == 1 and not found.beside and not patterns["comparative"].search(text):
        task = "look up"
    else:
        return None
    matched = {fold(token) for token in TOKEN.findall(" ".join(m[0] for m in found.match.finditer(text)))}
    rest = tuple(
        token
        for number, token in enumerate(tokens)
        if number not in used and fold(token) not in matched | _idle() | {fold(name) for name in beside}
        and token.casefold() not in STOP_WORDS[language]
    )  # fmt: skip
    if condition:
        rest = tuple(
            token for token in rest if not any(c.isdigit() for c in token) and token.casefold() not in NUMBER_WORDS
        )
    most = not patterns["least"].search(text)
    return FactualQuestion(found.kind, found.attribute, task, named, beside, most, rest, condition)


def qualifier(written: str, language: Language) -> str:
    """The "more than" in front of a value, in a language; empty where there is none."""
    entries = statement_file()["qualifier"]
    return next((f"{entry[language]} " for entry in entries if re.match(entry["match"], written, re.IGNORECASE)), "")


def names_clusters(text: str) -> bool:
    """Whether a text is about a cluster, a network or an association."""
    return bool(_patterns()["cluster"].search(text))


def word_for(kind: str, attribute: str, language: Language) -> str | None:
    """What an answer calls a kind of fact."""
    words: dict[str, str] = statement_file()["words"][language]
    return words.get(f"{kind}/{attribute}")


def _named(tokens: list[str], subjects: KnownBodies) -> tuple[tuple[str, ...], frozenset[int]]:
    """The bodies that runs of words name, the longest run first, and the places of those words."""
    found: list[tuple[int, str]] = []
    used: set[int] = set()
    for length in range(min(_MOST_TOKENS, len(tokens)), 0, -1):
        for start in range(len(tokens) - length + 1):
            places = range(start, start + length)
            run = " ".join(tokens[start : start + length])
            if used & set(places) or len(run) < _SHORTEST or (length > 1 and not any(c.isupper() for c in run)):
                continue
            subject = _subject(run, subjects)
            if subject:
                used |= set(places)
                if not any(same_body(subject, other, subjects.long_forms) for _, other in found):
                    found.append((start, subject))
    return tuple(subject for _, subject in sorted(found)), frozenset(used)


def _subject(run: str, subjects: KnownBodies) -> str | None:
    """The subject that a run of words names: the same name, a form of it, or the beginning of a longer one."""
    forms = {run, run.removesuffix("s"), run.removesuffix("'s"), run.removesuffix("’s")}
    wanted = {"".join(body_key(form)) for form in forms}
    for other in (subjects.long_forms.longer, subjects.long_forms.shorter):
        wanted |= {"".join(key) for key in other.get(body_key(run), ())}
    equal = subjects.named(wanted)
    if equal:
        return min(equal, key=_shortest)
    if " " not in run and len(run) < _DISTINCT:
        return None
    beginnings = range(1 if " " not in run else 2, _MOST_TOKENS)
    longer = [
        subject for subject in subjects.beginning(wanted, beginnings) if " " in run or is_marked(subject.split()[0])
    ]
    return min(longer, key=_shortest) if longer else None


def _shortest(name: str) -> tuple[int, str]:
    return len(name), name


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(p, re.IGNORECASE) for name, p in statement_file()["asks"].items() if name != "idle"}


@lru_cache(maxsize=1)
def _idle() -> frozenset[str]:
    return frozenset(fold(word) for word in statement_file()["asks"]["idle"].split())
