"""Each mutation does what its name says, and the gates notice it, on scripted answers; the real ones are in test_shipped.py."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Literal

import pytest

from assistant.pipeline import Assistant
from assistant.types import Answer, Claim, Draft, Findings, Language, Passage, Question, Quotable, Quote, Span, Unit
from assistant.verify import verify_draft
from evals.evidence import Place
from evals.gates import Gate
from evals.mutations import MUTATIONS, caught
from evals.run import Corpus
from tests.evals.parts import HARBOUR, TEXT, Script, answer, case, unanswerable

GERMAN = "Der Hafen von Kleinhaven hat 17 Kräne. Der neueste Kran hebt 90 Tonnen."
HAFEN = dataclasses.replace(HARBOUR, id="hafen", name="de/hafen.md", language="de", text=GERMAN)
CORPUS = Corpus(
    {"harbour": HARBOUR, "hafen": HAFEN},
    {"harbour": [("harbour", Place("harbour", 0, len(TEXT)))], "hafen": [("hafen", Place("hafen", 0, len(GERMAN)))]},
)
CASES = [
    case(id="1-en", evidence=["17 cranes"]),
    case(id="1-de", lang="de", question="Wie viele Kräne?", sources=["de/hafen.md"], evidence=["17 Kräne"]),
    unanswerable(id="2-en", question="Any whales?"),
    unanswerable(id="2-de", lang="de", question="Gibt es Wale?"),
]


def sound() -> Assistant:
    """Quotes both sentences of the question's language, and knows nothing of whales."""

    def rewrite(asked: str, history: object, language: Language | None) -> Question:
        return Question(asked, asked, "de" if asked.startswith(("Wie", "Gibt")) else "en")

    def retrieve(question: Question) -> Findings:
        document = HAFEN if question.language == "de" else HARBOUR
        text, half = document.text, document.text.index(". ") + 1
        units = (Unit(Span(0, half), "sentence"), Unit(Span(half + 1, len(text)), "sentence"))
        found = tuple(
            Quotable(n, document.id, u, text[u.span.start : u.span.end], 5.0 - n, {}, {"crane": 1.0})
            for n, u in enumerate(units)
        )
        passage = Passage(
            document.id, document.id, document.name, document.title, None, None, document.language, (), None,
            Span(0, len(text)), text, 5.0, units, found,
        )  # fmt: skip
        return Findings((passage,), 0.1 if "whale" in question.text or "Wale" in question.text else 0.9, "v1")

    def draft(question: Question, findings: Findings) -> Draft:
        if findings.answerable < 0.5:
            return Draft("not_found", "Nothing.", (), "extractive")
        claims = tuple(
            Claim(q.text, (Quote(p, q.unit.span),), verbatim=True) for p in findings.passages for q in p.quotables
        )
        return Draft("answered", "", claims, "extractive")

    return Assistant(rewrite, retrieve, draft, verify_draft)


def gate(value: float, bound: Literal["at least", "at most"]) -> Gate:
    return Gate(value=value, bound=bound, reason="why", date=datetime.date(2026, 11, 22))


GATES = {
    "accuracy_de": gate(1, "at least"),
    "accuracy_en": gate(1, "at least"),
    "promises": gate(1, "at least"),
    "evidence_indexed": gate(1, "at least"),
    "refusal_recall": gate(1, "at least"),
    "false_refusal_rate": gate(0, "at most"),
    "success_5": gate(1, "at least"),
}


def test_every_mutation_is_noticed() -> None:
    found = {one.mutation: set(one.gates) for one in caught(CASES, sound(), CORPUS, GATES)}
    assert found.keys() == MUTATIONS.keys()
    assert all(found.values()), found
    assert "accuracy_de" in found["German off"]
    assert "accuracy_en" in found["English off"]
    assert "accuracy_en" not in found["German off"]
    assert found["citations shifted by one"] == {"promises"}
    assert found["spans shifted by one"] == {"promises"}
    assert found["refusing never"] >= {"refusal_recall"}
    assert found["refusing always"] >= {"false_refusal_rate"}
    assert found["figures altered"] >= {"accuracy_de", "accuracy_en", "promises"}
    assert "evidence_indexed" in found["an old index"]


def test_gates_that_are_missed_anyway_notice_nothing() -> None:
    never_right = Script(lambda question: answer("Nothing to see. [1]")).assistant()
    assert not any("accuracy_en" in one.gates for one in caught(CASES, never_right, CORPUS, GATES))


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_mutation_leaves_the_sound_assistant_as_it_was(name: str) -> None:
    assistant = sound()
    before: Answer = assistant.ask("How many cranes?")
    MUTATIONS[name](assistant, CORPUS)
    after = assistant.ask("How many cranes?")
    assert (before.answer, before.citations) == (after.answer, after.citations)
