"""The gate: markers and citations belong together, quotes are exact, and nothing unproven or foreign gets through."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.types import (
    Answer,
    Claim,
    Disagreement,
    Draft,
    Passage,
    Question,
    Quote,
    SentenceKind,
    Span,
    Status,
    Unit,
)
from assistant.verify import verify_draft
from tests.promises import assert_promises
from tests.scripted import findings, passage

HARBOUR = passage("harbour", "The harbour runs 17 cranes. The newest crane lifts 90 tonnes. Ada Brandt leads it.")
TOWER = passage("tower", "The tower is 41 metres high. Otto Keller painted it.")
FOUND = findings((HARBOUR, TOWER))
TEXTS = {p.document_id: " " * p.span.start + p.text for p in FOUND.passages}


def quote(source: Passage, number: int) -> Quote:
    return Quote(source, source.units[number].span)


def verbatim(*quotes: Quote) -> tuple[Claim, ...]:
    return tuple(Claim(one.text, (one,), verbatim=True) for one in quotes)


def written(text: str, *quotes: Quote) -> Claim:
    return Claim(text, quotes, verbatim=False)


def one_unit(text: str, kind: SentenceKind = "sentence") -> Passage:
    """A passage that is one unit, whatever its text."""
    source = passage("any", "x")
    span = dataclasses.replace(source.span, end=source.span.start + len(text))
    return dataclasses.replace(source, text=text, span=span, units=(Unit(span, kind),), language="en")


def verified(*claims: Claim, asked: str = "What is there?", status: Status = "answered", **more: Any) -> Answer:
    framing = "" if claims and not claims[0].verbatim else "The documents say:"
    draft = dataclasses.replace(Draft(status, framing, claims, "extractive"), **more)
    return verify_draft(Question(asked, asked, "en"), FOUND, draft)


def shown(text: str, kind: SentenceKind = "sentence") -> str:
    """A quote as it is rendered, without the frame around it."""
    answer = verified(*verbatim(quote(one_unit(text, kind), 0)))
    return answer.answer.removeprefix("The documents say:\n\n").removesuffix(" [1]")


def test_written_sentences_go_on_with_quotes_behind_the_interlude() -> None:
    answer = verified(
        written("There are 17 cranes.", quote(HARBOUR, 0)),
        *verbatim(quote(HARBOUR, 1), quote(TOWER, 1)),
        framing="They say:",
        interlude="It broke off.",
    )
    assert answer.answer == (
        "They say:\n\nThere are 17 cranes. [1]\n\nIt broke off.\n\n"
        "- The newest crane lifts 90 tonnes. [2]\n- Otto Keller painted it. [3]"
    )


# ---- markers and citations -----------------------------------------------------------------------------------


def test_markers_are_numbered_in_order_and_shared_for_the_same_place() -> None:
    tower, cranes = quote(TOWER, 0), quote(HARBOUR, 0)
    answer = verified(
        written("The tower is 41 metres high.", tower),
        written("It has 17 cranes and 41 metres.", cranes, tower),
        written("Otto Keller painted.", quote(TOWER, 1)),
        written("There are 17 cranes.", dataclasses.replace(cranes)),
    )
    assert answer.answer == (
        "The tower is 41 metres high. [1] It has 17 cranes and 41 metres. [2] [1] Otto Keller painted. [3]"
        " There are 17 cranes. [2]"
    )
    assert [(c.marker, c.quote) for c in answer.citations] == [
        (1, tower.text), (2, cranes.text), (3, quote(TOWER, 1).text),
    ]  # fmt: skip


PLACES = [(source, number) for source in (HARBOUR, TOWER) for number in range(len(source.units))]


@given(st.lists(st.sampled_from(range(len(PLACES))), min_size=1, max_size=8), st.booleans())
def test_every_marker_has_its_citation_and_back(numbers: list[int], exact: bool) -> None:
    quotes = [quote(*PLACES[number]) for number in numbers]
    claims = verbatim(*quotes) if exact else [written(one.text, one) for one in quotes]
    answer = verified(*claims)
    assert_promises(dataclasses.asdict(answer), TEXTS)
    assert len(answer.citations) == len(set(numbers))


def test_a_citation_says_where_its_quote_stands() -> None:
    (found,) = verified(*verbatim(quote(TOWER, 1))).citations
    assert found.quote == TEXTS["tower"][found.start : found.end] == "Otto Keller painted it."
    assert (found.document_id, found.title, found.date, found.section) == (
        "tower", "Tower", "2025-03-01", ("Tower", "Facts"),
    )  # fmt: skip
    assert found.url == f"/v1/documents/tower#char={found.start},{found.end}"


# ---- what is dropped -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lie",
    [
        written("There are 18 cranes.", quote(HARBOUR, 0)),
        written("Otto Keller leads.", quote(HARBOUR, 2)),
        written("The tower is 41 metres high.", quote(TOWER, 1)),  # true, but not in this quote
        written("It is so."),
    ],
)
def test_a_claim_without_proof_is_dropped_with_its_citation(lie: Claim) -> None:
    truth = written("There are 17 cranes.", quote(HARBOUR, 0))
    answer = verified(lie, truth)
    assert answer.answer == "There are 17 cranes. [1]"
    assert [c.quote for c in answer.citations] == [quote(HARBOUR, 0).text]


def test_nothing_proven_is_nothing_found() -> None:
    answer = verified(written("There are 18 cranes.", quote(HARBOUR, 0)))
    assert (answer.status, answer.citations, answer.conflicts) == ("not_found", (), ())
    assert "What is there?" in answer.answer
    assert "18" not in answer.answer


def test_conflicts_carry_the_markers_of_their_quotes() -> None:
    cranes, tower = quote(HARBOUR, 0), quote(TOWER, 0)
    sides = Disagreement("the number", (("17", cranes), ("41", tower), ("5", quote(TOWER, 1))))
    answer = verified(*verbatim(tower, cranes), status="conflict", disagreements=(sides,))
    assert answer.status == "conflict"
    (conflict,) = answer.conflicts
    assert [(value.value, value.marker) for value in conflict.values] == [("17", 2), ("41", 1)]


def test_a_refusal_is_its_framing_alone() -> None:
    answer = verified(status="not_found", framing="Nothing about <b>17</b> [1].")
    assert (answer.status, answer.answer, answer.citations) == ("not_found", "Nothing about &lt;b>17&lt;/b>.", ())


# ---- how much ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "limit"),
    [
        ("What is there?", 160),
        ("How many cranes are there?", 160),
        ("Which cranes are there?", 260),
        ("Nenne alle Kräne.", 260),
        ("What is the difference between the two?", 260),
    ],
)
@pytest.mark.parametrize("exact", [True, False])
def test_the_word_limit_counts_what_is_rendered(asked: str, limit: int, exact: bool) -> None:
    sources = [dataclasses.replace(one_unit(f"{'crane ' * 8}end."), document_id=f"d{n}") for n in range(60)]
    claims = [Claim(source.text, (quote(source, 0),), verbatim=exact) for source in sources]
    words = len(verified(*claims, asked=asked).answer.split())
    assert limit - 12 < words <= limit


def test_a_claim_that_does_not_fit_makes_room_for_one_that_does() -> None:
    long, short = one_unit("crane " * 155 + "end."), quote(HARBOUR, 0)
    answer = verified(*verbatim(short, quote(long, 0), quote(HARBOUR, 1)))
    assert [c.quote for c in answer.citations] == [short.text, quote(HARBOUR, 1).text]


def test_what_was_dropped_for_want_of_proof_takes_no_room() -> None:
    lie = written("There are 18 cranes " + "indeed " * 140 + ".", quote(HARBOUR, 0))
    truth = written("There are 17 cranes " + "indeed " * 60 + ".", quote(HARBOUR, 0))
    assert verified(lie, truth).answer.startswith("There are 17 cranes")


# ---- how it looks --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("| Crane | 17 | red |", "row", "Crane · 17 · red"),
        ("| Crane || red |", "row", "Crane · red"),
        ("Crane | 17", "row", "Crane · 17"),
        ("Crane\t17\t\tred", "row", "Crane · 17 · red"),
        ("Crane\t17", "sentence", "Crane · 17"),
        ("Cranes:\n| a | b |\n| c | d |", "sentence", "Cranes:\na · b\nc · d"),
        ("The value P(A|B) is 17.", "sentence", "The value P(A|B) is 17."),
        ("Either a | or b.", "item", "Either a | or b."),
        ("Cranes:\n- red\n\n- blue | green", "item", "Cranes:\n- red\n- blue | green"),
        ("<b>17</b> cranes", "sentence", "&lt;b>17&lt;/b> cranes"),
        ("<img src=x onerror=alert(1)>", "sentence", "&lt;img src=x onerror=alert(1)>"),
        ("| <i>a</i> | b |", "row", "&lt;i>a&lt;/i> · b"),
        ("As shown [2] and [17].", "sentence", "As shown and."),
        ("As shown [[1]2].", "sentence", "As shown."),
        ("As shown [[[1]2]3] here.", "sentence", "As shown here."),
        ("As shown [sic].", "sentence", "As shown [sic]."),
    ],
)
def test_quotes_in_markdown(text: str, kind: SentenceKind, expected: str) -> None:
    assert shown(text, kind) == expected


def test_the_first_quote_stands_alone_and_what_follows_is_a_list() -> None:
    goals = one_unit("Goals:\n- more ships\n- new jobs")
    answer = verified(*verbatim(quote(HARBOUR, 0), quote(goals, 0), quote(TOWER, 0)), framing="")
    assert answer.answer == (
        "The harbour runs 17 cranes. [1]\n\nAlso:\n\n- Goals:\n  - more ships\n  - new jobs [2]\n"
        "- The tower is 41 metres high. [3]"
    )


def test_what_was_asked_for_is_bold_in_the_answer_and_plain_in_the_citation() -> None:
    row = quote(one_unit("| Crane | 17 | 90 t |", "row"), 0)
    claims = [
        Claim(one.text, (one,), verbatim=True, strong=tuple(spans))
        for one, spans in ((quote(HARBOUR, 0), [Span(17, 19)]), (row, [Span(10, 12), Span(15, 19)]))
    ]
    answer = verified(*claims, framing="")
    assert answer.answer == "The harbour runs **17** cranes. [1]\n\nAlso:\n\n- Crane · **17** · **90 t** [2]"
    assert [c.quote for c in answer.citations] == [quote(HARBOUR, 0).text, row.text]
    assert_promises(dataclasses.asdict(answer), TEXTS | {"any": " " * row.span.start + row.text})


def test_a_claim_may_rest_on_two_quotes_of_a_passage() -> None:
    lead, item = quote(HARBOUR, 0), quote(HARBOUR, 2)
    answer = verified(Claim(f"{lead.text}\n{item.text}", (lead, item), verbatim=True), framing="")
    assert answer.answer == "The harbour runs 17 cranes.\nAda Brandt leads it. [1] [2]"
    assert [c.quote for c in answer.citations] == [lead.text, item.text]


def test_the_citation_keeps_what_the_answer_neutralises() -> None:
    text = "| <b>17</b> [2] | cranes |"
    assert verified(*verbatim(quote(one_unit(text, "row"), 0))).citations[0].quote == text


@given(st.text(alphabet="[]123 <>|\t\nab", min_size=1, max_size=60))
def test_no_quote_makes_a_marker_or_html(text: str) -> None:
    answer = verified(*verbatim(quote(one_unit(text), 0))).answer
    assert re.findall(r"\[\d+\]", answer) == ["[1]"]
    assert "<" not in answer
