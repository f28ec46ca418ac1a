"""Which of the units found are quoted: the best, and then only what may add to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.quoting import Excerpt, excerpt, is_address
from assistant.text.kinds import Kind, asks_for_address, question_kind
from assistant.text.numbers import stated_values
from assistant.text.words import tokens
from assistant.trace import note
from assistant.types import Findings, Question


@dataclass(frozen=True, slots=True)
class Shape:
    """How much an answer to a kind of question may quote."""

    certain: int  # quotes that may come whatever their length
    words: int  # up to which more may follow
    most: int = 5  # quotes
    margin: float = 2.0  # how far below the best score a quote may lie
    longest: int = 140  # words in all


# Measured on the development questions: where a figure is asked for, the first quote has it or none has; in person and
# place questions the right one is often the second or third.
_SHAPES: dict[Kind, Shape] = {
    **dict.fromkeys(("count", "amount", "share", "frequency"), Shape(1, 60, margin=0.8)),
    "date": Shape(2, 60, margin=0.9),
    "comparison": Shape(4, 100, most=6),
}
_SHAPE = Shape(3, 50)
# Editors' remarks tell what a document lacks or where it contradicts itself; few questions ask for that.
_REMARK = re.compile(r"(?:Hinweis|Note|Anmerkung|Widerspruch|Contradiction|Quelle|Source)n?s?\s*:")
_REMARK_COSTS = 0.6
_SAME = 0.75  # share of common words from which on two quotes say the same


def choose(question: Question, findings: Findings) -> Iterator[Excerpt]:
    """Take excerpts in the order of their scores, each saying something new, until the kind of question has enough."""
    kind = question_kind(question.text)
    shape = _SHAPES.get(kind, _SHAPE)
    listing = kind in ("list", "comparison")
    addresses = asks_for_address(question.text)
    rest = [
        one
        for passage in findings.passages
        for quotable in passage.quotables
        if (addresses or not is_address(quotable.text)) and (one := excerpt(passage, quotable, whole_table=listing))
    ]
    rest.sort(key=lambda one: (-_score(one), one.quotable.id))
    note("limits", shape=shape)
    taken: list[Excerpt] = []
    words = 0
    for found in rest:
        one = found.without(taken)
        if taken and (len(taken) == shape.most or _score(one) < _score(taken[0]) - shape.margin):
            note("considered", quotable=one.quotable, decision="most" if len(taken) == shape.most else "margin")
            return
        size = len(one.text.split())
        room = shape.longest if len(taken) < shape.certain else shape.words
        objection = "size" if words + size > room else _said(one, taken)
        note("considered", quotable=one.quotable, decision=objection or "chosen")
        if objection:
            continue
        words += size
        taken.append(one)
        yield one


def _score(one: Excerpt) -> float:
    return one.quotable.score - (_REMARK_COSTS if _REMARK.match(one.quotable.text) else 0.0)


def _said(one: Excerpt, taken: Sequence[Excerpt]) -> Literal["overlap", "same"] | None:
    """How an excerpt adds nothing to those taken, if it does not."""
    if any(one.overlaps(other) for other in taken):
        return "overlap"
    return "same" if any(_says_the_same(one, other) for other in taken) else None


def _own_figures(one: Excerpt, other: Excerpt) -> bool:
    mine, others = (stated_values(each.text, each.passage.language) for each in (one, other))
    return bool(mine - others and others - mine)


def _says_the_same(one: Excerpt, other: Excerpt) -> bool:
    """Whether two excerpts share most of their words, and not each has figures of its own."""
    first, second = set(tokens(one.text)), set(tokens(other.text))
    if len(first & second) <= _SAME * min(len(first), len(second)):
        return False
    return not _own_figures(one, other)
