import pytest

from assistant.text.language import detect_language, section_language
from assistant.types import Language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wer ist Ezio Bonifacio?", "de"),
        ("Who is Ezio Bonifacio?", "en"),
        ("Wie viele Mitglieder hat BioRN?", "de"),
        ("How many members does BioRN have?", "en"),
        ("Was ist UltraCAR-T?", "de"),
        ("What is Life Science Nord?", "en"),
        ("Mitgliederversammlung Geschäftsstelle", "de"),
        ("steering committee headquarters", "en"),
        ("WER LEITET DAS CLUSTER?", "de"),
        ("| Name | Beschäftigte | | Vitafor | 310 |", "de"),
    ],
)
def test_language_of_questions(text: str, language: Language) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize("text", ["", "   ", "12345", "🧬", "\u200b"])
def test_text_without_a_word_has_some_language(text: str) -> None:
    assert detect_language(text) in ("de", "en")


GERMAN = "Der Verein hat seinen Sitz in der Stadt und wird von den Mitgliedern getragen, die ihn auch leiten."
ENGLISH = "The association is based in the city and it is led by the members, who are also those that fund it."


@pytest.mark.parametrize(
    ("text", "usual", "language"),
    [
        (GERMAN, "de", "de"),
        (GERMAN, "en", "de"),
        (ENGLISH, "de", "en"),
        (ENGLISH, "en", "en"),
        # too little, or too mixed, to leave the language of the document
        ("The Future of Medicine is here", "de", "de"),
        ("Wer ist wer in der Stadt", "en", "en"),
        ("BioRN Life Science Cluster Rhein-Neckar", "en", "en"),
        (f"{GERMAN} {ENGLISH}", "de", "de"),
        (f"{GERMAN} {ENGLISH}", "en", "en"),
        ("| Ziel | Target |", "de", "de"),
        ("", "en", "en"),
    ],
)
def test_language_of_a_section(text: str, usual: Language, language: Language) -> None:
    assert section_language(text, usual) == language
