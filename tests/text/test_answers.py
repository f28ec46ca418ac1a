"""What is bold in a quote: the thing asked for and nothing else."""

from __future__ import annotations

import pytest

from assistant.text.answers import answering_places
from assistant.text.kinds import question_kind
from assistant.types import Language


@pytest.mark.parametrize(
    ("question", "quote", "language", "strong"),
    [
        ("Wie viele Kräne gibt es?", "Der Hafen hat 17 Kräne.", "de", ["17"]),
        ("Wie viele Kräne gibt es?", "Seit 2019 hat der Hafen siebzehn Kräne.", "de", ["siebzehn"]),
        ("Wie viele Kräne gibt es?", "Der Hafen hat 3 Piers und 17 Kräne.", "de", ["17"]),
        ("Wie viele Leute gibt es?", "Der Hafen hat 3 Piers und 17 Kräne.", "de", []),  # which?
        ("Wie viele Leute sind es?", "Es sind 6, wie Abbildung 6 zeigt.", "de", ["6"]),
        ("Wie viele Kräne gibt es?", "Am 12. März 2024 kamen 17 Kräne.", "de", ["17"]),
        ("How many cranes are there?", "CAR-T2 has 17 cranes.", "en", ["17"]),
        ("How many cranes are there?", "Der Hafen hat 3 Piers und 17 Kräne.", "de", []),
        ("Wie hoch ist die Förderung?", "Das Projekt 4 erhält 1,6 Mio. € vom Land.", "de", ["1,6 Mio. €"]),
        ("How much money is it?", "It gets €15 and 3 rooms.", "en", ["€15"]),
        ("Wie hoch ist der Frauenanteil?", "Von 200 Personen sind 40 Prozent Frauen.", "de", ["40 Prozent"]),
        ("Wann begann es?", "Es begann am 16. März 2023 mit 5 Leuten.", "de", ["16. März 2023"]),
        ("Wann begann es?", "Es begann im 1. Quartal 2023.", "de", ["1. Quartal 2023"]),
        ("When did it start?", "It started in 2019.", "en", ["2019"]),
        ("Wie oft trifft es sich?", "Es trifft sich alle 2 Wochen.", "de", ["alle 2 Wochen"]),
        ("How often does it meet?", "It meets once a year.", "en", ["once a year"]),
        ("Wer leitet den Hafen?", "Den Hafen leitet Prof. Dr. Ada Brandt.", "de", ["Prof. Dr. Ada Brandt"]),
        ("Wer leitet den Hafen?", "Leiterin ist die Sprecherin Ada Brandt.", "de", ["Ada Brandt"]),
        ("Wer folgt auf Keller?", "Ada Brandt soll Otto Keller ablösen.", "de", ["Ada Brandt"]),
        ("Wo sitzt der Hafenbund?", "Der Hafenbund sitzt in Kleinhaven.", "de", ["Kleinhaven"]),
        ("Wo sitzt er?", "Er arbeitet in Zusammenarbeit mit anderen.", "de", []),
        ("Wo sitzt er?", "Er sitzt in der BioCity Rosenau.", "de", ["BioCity Rosenau"]),
        ("Warum ist es so?", "Weil 5 Leute in Rosenau sind.", "de", []),
        ("Wann war es?", "2011, 2012, 2013 und 2014.", "de", []),  # too many
        ("Wann war es?", "Der Titel heißt *2019*.", "de", []),  # emphasised already
    ],
)
def test_what_is_bold(question: str, quote: str, language: Language, strong: list[str]) -> None:
    asked_in: Language = "de" if question.startswith("W") and not question.startswith("When") else "en"
    found = answering_places(quote, question, question_kind(question), language, asked_in)
    assert [quote[span.start : span.end] for span in found] == strong
