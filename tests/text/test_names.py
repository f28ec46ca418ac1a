import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.names import named_bodies, subjects, supports_name


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Leiterin ist Ulrike Köhl.", ["Ulrike Köhl"]),
        ("Das Fraunhofer Institut sitzt in Leipzig.", ["Fraunhofer Institut"]),
        ("Gefördert wird BioRN von der TUD.", ["BioRN", "TUD"]),
        ("Es geht um CAR-T und xMac.", ["CAR-T", "xMac"]),
        ("Die Universität Leipzig ist dabei.", ["Universität Leipzig"]),
        ("The cluster is led by Life Science Nord.", ["Life Science Nord"]),
        ("Ulrike Köhl leitet es.", ["Ulrike Köhl"]),
        ("Der Verein hat viele Mitglieder.", []),
        ("Mitglieder sind Firmen. Partner auch.", []),
        ("alles klein geschrieben", []),
        ("", []),
    ],
)
def test_named_bodies(text: str, names: list[str]) -> None:
    assert list(named_bodies(text)) == names


@pytest.mark.parametrize(
    ("text", "name", "supported"),
    [
        ("Das Fraunhofer-Institut IZI in Leipzig", "Fraunhofer Institut", True),
        ("die Sprecherin Ulrike Köhl", "Ulrike Koehl", False),
        ("die Sprecherin ULRIKE KÖHL", "Ulrike Köhl", True),
        ("Köhls Arbeit; Ulrike sagte", "Ulrike Köhl", True),
        ("das Sächsische Ministerium", "Sächsischen Ministeriums", True),
        ("die CAR-T-Zelltherapie", "CAR-T", True),
        ("die Carbonfaser", "CAR-T", False),
        ("eine Studie", "TUD", False),
        ("Tumoren und Tuberkulose", "TU Dresden", False),
        ("die TU in Dresden", "TU Dresden", True),
        ("Mittel des BMBFs", "BMBF", True),
        ("Lage der TUs", "TU", True),
        ("der Bio RN e. V. sitzt hier", "e.V.", True),
        ("nichts davon", "BioRN", False),
        ("", "BioRN", False),
    ],
)
def test_a_name_needs_all_its_words(text: str, name: str, supported: bool) -> None:
    assert supports_name(text, name) is supported


@pytest.mark.parametrize(
    ("question", "from_start", "names"),
    [
        ("Wie viele Mitglieder hat BioRN?", False, ["BioRN"]),
        ("Wann wurde Medical Valley gegründet?", False, ["Medical", "Valley"]),
        ("Wer ist die Sprecherin von SaxoCell?", False, ["SaxoCell"]),
        ("BioRN?", False, ["BioRN"]),
        ("Leipzig?", True, ["Leipzig"]),
        ("How many members does BioM have?", False, ["BioM"]),
        ("wer leitet es?", False, []),
    ],
)
def test_subjects_of_a_question(question: str, from_start: bool, names: list[str]) -> None:
    assert subjects(question, from_start=from_start) == names


@given(st.text(st.characters(exclude_categories=["Cf", "Cs", "M"])))
def test_names_stand_in_their_text(text: str) -> None:
    for name in named_bodies(text):
        assert name in text
        assert supports_name(text, name)
