import pytest

from assistant.text.disagreement import stated_disagreement
from assistant.types import Language


@pytest.mark.parametrize(
    ("sentence", "language", "values"),
    [
        ("Widerspruch: Abschnitt 3.1 nennt 35 Skizzen, Abschnitt 3.11 dagegen 36.", "de", ("35", "36")),
        ("Contradiction: Section 3.1 says 35 outlines, whereas section 3.11 says 36.", "en", ("35", "36")),
        (
            "Contradiction: One page names 1,500 members, while another names 2.5 million.",
            "en",
            ("1,500", "2.5 million"),
        ),
        (
            "Widerspruch: Kapitel 1 nennt den 1. Oktober 2022, Seite 7 dagegen September 2022.",
            "de",
            ("1. Oktober 2022", "September 2022"),
        ),
        ("Widerspruch: Der Bericht nennt einmal 4 und einmal 5 Standorte.", "de", ("4", "5")),
        # the same value twice, two values on one side, values of different kinds: the clauses tell it
        (
            "Widerspruch: Kapitel 1 nennt 250 Akteure aus Politik, Kapitel 2 dagegen 250 Akteure aus der Wirtschaft.",
            "de",
            ("Kapitel 1 nennt 250 Akteure aus Politik", "Kapitel 2 dagegen 250 Akteure aus der Wirtschaft"),
        ),
        (
            "Widerspruch: Die Messe ist erst geplant, Abschnitt 3.1 führt sie dagegen für 2022 und 2023 auf.",
            "de",
            ("Die Messe ist erst geplant", "Abschnitt 3.1 führt sie dagegen für 2022 und 2023 auf"),
        ),
        (
            "Contradiction: The news of 2020 names Leipzig (sections 1.7 and 3.7), whereas the report names 3 sites.",
            "en",
            ("The news of 2020 names Leipzig (sections 1.7 and 3.7)", "the report names 3 sites"),
        ),
        (
            'Widerspruch: Seite 1 schreibt "Lancet, Hematology", die Liste (Anhang, Teil B) dagegen "Lancet Hematology".',
            "de",
            ('Seite 1 schreibt "Lancet, Hematology"', 'die Liste (Anhang, Teil B) dagegen "Lancet Hematology"'),
        ),
        ("Contradiction: But nobody knows.", "en", ("nobody knows",)),
        ("Widerspruch: Der Name ist auf zwei Arten geschrieben.", "de", ("Der Name ist auf zwei Arten geschrieben",)),
    ],
)
def test_values_of_a_note(sentence: str, language: Language, values: tuple[str, ...]) -> None:
    found = stated_disagreement(sentence, language)
    assert found is not None
    assert found[1] == values
    assert all(value in found[0] and found[0] in sentence for value in values)


@pytest.mark.parametrize(
    "sentence",
    [
        "Der Verein widerspricht.",
        "Ein Widerspruch: nein.",
        "",
        "Hinweis: 35 oder 36.",
        "Widerspruch:",
        "Widerspruch: aber ,;",
    ],
)
def test_other_sentences_state_none(sentence: str) -> None:
    assert stated_disagreement(sentence, "de") is None
