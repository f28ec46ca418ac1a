import pytest

from assistant.text.language import detect_language
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
    ],
)
def test_language_of_questions(text: str, language: Language) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize("text", ["", "   ", "12345", "🧬", "\u200b"])
def test_text_without_a_word_has_some_language(text: str) -> None:
    assert detect_language(text) in ("de", "en")
