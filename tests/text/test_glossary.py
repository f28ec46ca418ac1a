from pathlib import Path

import pytest

from assistant.text import glossary
from assistant.text.words import STOP_WORDS, stem, tokens
from assistant.types import Language

LINES = [
    line
    for line in Path(glossary.__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    if line.strip() and not line.startswith("#")
]
LANGUAGES: tuple[Language, ...] = ("de", "en")


def test_there_are_lines() -> None:
    assert len(LINES) > 50
    assert len(set(LINES)) == len(LINES)


@pytest.mark.parametrize("line", LINES, ids=lambda line: line[:30])
def test_each_line_has_a_word_on_both_sides(line: str) -> None:
    english, german = line.split(" : ")
    for side, language in ((english, LANGUAGES[1]), (german, LANGUAGES[0])):
        assert [word for word in tokens(side) if word not in STOP_WORDS[language]]


def test_a_translation_leads_back() -> None:
    to_german, to_english = glossary.translations("de"), glossary.translations("en")
    assert to_german
    assert {(en, de) for en, meanings in to_german.items() for de in meanings} == {
        (en, de) for de, meanings in to_english.items() for en in meanings
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_synonyms_are_mutual_and_never_the_word_itself(language: Language) -> None:
    words = glossary.synonyms(language)
    assert words
    for word, others in words.items():
        assert word not in others
        assert all(word in words[other] for other in others)


@pytest.mark.parametrize(
    ("english", "german"), [("members", "Mitglieder"), ("funding", "Förderung"), ("headquarters", "Sitz")]
)
def test_words_of_the_field(english: str, german: str) -> None:
    one, other = stem(english.casefold(), "en"), stem(german.casefold(), "de")
    assert other in glossary.translations("de")[one]
    assert one in glossary.translations("en")[other]


def test_places_are_named_in_both_languages() -> None:
    places = glossary.places()
    assert {stem("sachsen", "de"), stem("saxony", "en"), stem("nrw", "de"), stem("munich", "en")} <= places
    assert not places & {stem("mitglied", "de"), stem("member", "en")}


@pytest.mark.parametrize(
    ("source", "text", "found"),
    [
        ("en", "What does lower Saxony pay?", ["niedersachsen"]),
        ("en", "Who is in North Rhine-Westphalia?", ["nordrhein-westfalen"]),
        ("en", "Who is in Saxony?", []),
        ("de", "Was zahlt Niedersachsen?", []),
    ],
)
def test_places_of_several_words_have_their_other_name(source: Language, text: str, found: list[str]) -> None:
    assert [other for pattern, other in glossary.place_names(source) if pattern.search(text)] == found
