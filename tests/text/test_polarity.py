import pytest

from assistant.text.polarity import says_opposite
from assistant.types import Language


@pytest.mark.parametrize(
    ("language", "sentence", "quoted", "quote", "expected"),
    [
        ("en", "The port is not open.", "en", "The port is open.", True),
        ("en", "The port is open.", "en", "The port is no longer open.", True),
        ("en", "The port isn't open.", "en", "The port is not open.", False),
        ("de", "Der Hafen ist nicht offen.", "de", "Der Hafen ist offen.", True),
        ("de", "Der Hafen hat Kräne.", "de", "Der Hafen hat keine Kräne.", True),
        ("de", "Der Hafen hat nicht nur Kräne.", "de", "Der Hafen hat Kräne und Schiffe.", False),
        ("de", "Der Hafen hat Kräne.", "de", "Der Hafen hat Kräne, aber keinen Leuchtturm.", False),
        ("en", "The study is not funded.", "de", "Die Studie wird gefördert.", True),
        ("en", "More than 200 members.", "de", "Über 200 Mitglieder.", False),
        ("en", "Fewer than 200 members.", "de", "Über 200 Mitglieder.", True),
        ("en", "200 members.", "de", "Über 200 Mitglieder.", False),
        ("en", "At least 200 members.", "en", "There are 200 members.", True),
        ("de", "Höchstens 50 Plätze.", "de", "Mindestens 50 Plätze.", True),
        ("en", "Up to 2019 it grew.", "de", "Bis 2019 wuchs es.", False),
        ("de", "Das kleinste Cluster ist X.", "de", "Das größte Cluster ist X.", True),
        ("de", "Der größte Teil.", "en", "The largest part.", False),
        ("en", "It was closed before 2010.", "en", "It was closed after 2010.", True),
    ],
)
def test_what_turns_a_quote_round(
    language: Language, sentence: str, quoted: Language, quote: str, expected: bool
) -> None:
    assert says_opposite(sentence, language, quote, quoted) is expected
