"""The gate for written sentences: what it keeps, on which quotes, and why it removes the rest."""

from __future__ import annotations

import pytest

from assistant.explanation import SentenceDecision, SentenceReason
from assistant.gate import Gate
from assistant.text.markers import marked_sentences
from assistant.trace import recording
from assistant.types import Language, Passage
from tests.scripted import passage

PORT = passage(
    "port",
    "The port of Kleinhaven runs 17 cranes. Ada Brandt leads the port for Otto Keller. Dues rose by 12 percent in May 2024.",
)
TOWER = passage(
    "tower",
    "The tower of Kleinhaven is 41 metres high. Novera built the tower in 1907. The tower is not open to visitors.",
)
TURM = passage(
    "turm",
    "Der Turm kostete mehr als 1,5 Mio. Euro. Die Leitung hat Ulrike Berg von Novera (NOV). Der Bau dauerte drei Jahre.",
)
COPY = passage("copy", "The mill was built in 1811.")
SAME = passage("same", "The mill was built in 1811. It is red.")
ALL = (PORT, TOWER, TURM, COPY, SAME)
FORMS = (("NVA", "Novera"),)


def judged(
    reply: str, language: Language, passages: tuple[Passage, ...] = ALL
) -> list[tuple[SentenceDecision, SentenceReason | None, list[str]]]:
    gate, found = Gate(passages, language, long_forms=FORMS), []
    for sentence in marked_sentences(reply):
        with recording() as notes:
            claim = gate.judge(sentence)
        (note,) = notes
        found.append((note.what["decision"], note.what["reason"], [q.text for q in claim.quotes] if claim else []))
    return found


@pytest.mark.parametrize(
    ("language", "reply", "quotes"),
    [
        ("en", "The port of Kleinhaven runs seventeen cranes [1].", ["The port of Kleinhaven runs 17 cranes."]),
        ("en", "Dues rose by 12% in May 2024 [1].", ["Dues rose by 12 percent in May 2024."]),
        ("en", "In 1907 the tower was built by Novera [2].", ["Novera built the tower in 1907."]),
        ("en", "NVA built the tower in 1907 [2].", ["Novera built the tower in 1907."]),
        ("en", "The tower isn't open to visitors [2].", ["The tower is not open to visitors."]),
        ("en", "The tower cost more than €1.5 million [3].", ["Der Turm kostete mehr als 1,5 Mio. Euro."]),
        ("de", "Der Turm kostete über 1.500.000 Euro [3].", ["Der Turm kostete mehr als 1,5 Mio. Euro."]),
        ("de", "Der Bau dauerte 3 Jahre [3].", ["Der Bau dauerte drei Jahre."]),
    ],
)
def test_an_honest_sentence_is_kept(language: Language, reply: str, quotes: list[str]) -> None:
    assert judged(reply, language) == [("kept", None, quotes)]


@pytest.mark.parametrize(
    ("language", "reply", "reason"),
    [
        ("en", "The port of Kleinhaven runs 17 cranes.", "no_source"),
        ("en", "The port of Kleinhaven runs 17 cranes [9].", "unknown_source"),
        ("en", "The port of Kleinhaven runs 17 cranes [1] [9].", "unknown_source"),
        ("en", "The port of Kleinhaven runs <b>17</b> cranes [1].", "markup"),
        ("en", "The port runs 17 cranes, see www.port.example [1].", "markup"),
        ("en", "The port of Kleinhaven runs 71 cranes [1].", "unproven"),
        ("en", "Ida Brandt leads the port for Otto Keller [1].", "unproven"),
        ("en", "Dues rose by 12 percent in June 2024 [1].", "unproven"),
        ("en", "Moons are made of cheese [1].", "unproven"),
        ("de", "Der Turm kostete mehr als 1,5 Mrd. Euro [3].", "unproven"),
        ("en", "Dues rose by 12 euros in May 2024 [1].", "measure"),
        ("de", "Der Bau dauerte drei Monate [3].", "measure"),
        ("en", "The tower is open to visitors [2].", "opposite"),
        ("en", "Novera did not build the tower in 1907 [2].", "opposite"),
        ("en", "Dues fell by 12 percent in May 2024 [1].", "opposite"),
        ("de", "Der Turm kostete weniger als 1,5 Mio. Euro [3].", "opposite"),
        ("en", "The tower cost at most 1.5 million euros [3].", "opposite"),
        ("en", "Otto Keller leads the port for Ada Brandt [1].", "elsewhere"),
    ],
)
def test_why_a_sentence_is_removed(language: Language, reply: str, reason: SentenceReason) -> None:
    assert judged(reply, language) == [("removed", reason, [])]


def test_a_wrong_citation_is_corrected_where_one_passage_holds_the_sentence() -> None:
    assert judged("Novera built the tower in 1907 [1].", "en") == [
        ("repointed", None, ["Novera built the tower in 1907."])
    ]


@pytest.mark.parametrize("cited", [1, 2])
def test_a_wrong_citation_is_not_guessed_where_two_passages_hold_the_sentence(cited: int) -> None:
    assert judged(f"The mill was built in 1811 [{cited}].", "en") == [("removed", "unproven", [])]
    assert judged("The mill was built in 1811 [4].", "en")[0][0] == "kept"


def test_a_sentence_that_leans_on_a_removed_one_goes_with_it() -> None:
    reply = "The tower is 99 metres high [2]. It was built by Novera in 1907 [2]. Novera built the tower in 1907 [2]."
    assert [(decision, reason) for decision, reason, _ in judged(reply, "en")] == [
        ("removed", "unproven"), ("removed", "leans"), ("kept", None),
    ]  # fmt: skip
