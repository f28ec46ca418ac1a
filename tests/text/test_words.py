import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.text.words import STOP_WORDS, fold, index_terms, stem, tokens
from assistant.types import Language

LANGUAGES: tuple[Language, ...] = ("de", "en")


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Köhl", "kohl"),
        ("STRASSE Straße", "strasse strasse"),
        ("Ko\u0308hl", "kohl"),
        ("Señor Dvořák", "senor dvorak"),
        ("ﬁne ½", "fine 1⁄2"),
        ("ＢｉｏＲＮ", "biorn"),
        ("Zell\u00adthera\u200bpie\ufeff", "zelltherapie"),
        ("", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("CAR-T-Zellen", ["car", "t", "zellen"]),
        ("snake_case", ["snake", "case"]),
        ("Zell\u00adtherapie", ["zelltherapie"]),
        ("Größe", ["grösse"]),
        ("… — !", []),
    ],
)
def test_tokens(text: str, words: list[str]) -> None:
    assert tokens(text) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", ["mitglied", "mitglieder", "mitgliedern"]),
        ("de", ["häuser", "haus"]),
        ("en", ["members", "member"]),
        ("en", ["founded", "founding", "founds"]),
        ("de", ["märz", "maerz", "mar"]),
        ("en", ["march", "mar"]),
    ],
)
def test_forms_of_a_word_have_one_stem(language: Language, words: list[str]) -> None:
    assert len({stem(word, language) for word in words}) == 1


def test_months_are_the_same_in_both_languages() -> None:
    assert stem("märz", "de") == stem("march", "en") == "month3"


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("49.900", "49,900"),
        ("1,5 Mio.", "1.5 million"),
        ("12. März 2024", "12 March 2024"),
        ("12.03.2024", "March 12, 2024"),
        ("März 2024", "March 2024"),
        ("36,9", "36.9"),
        ("1. Mai", "1 May"),
    ],
)
def test_figures_have_the_same_terms_in_both_languages(german: str, english: str) -> None:
    assert sorted(index_terms(german, "de")) == sorted(index_terms(english, "en"))


def test_a_date_is_found_by_its_parts() -> None:
    assert index_terms("am 12. März 2024", "de") == ["am", "12", "2024", "month3"]


def test_names_written_apart_and_together_share_a_term() -> None:
    assert set(index_terms("Bio RN", "de")) & set(index_terms("BioRN", "de"))
    assert set(index_terms("UltraCAR-T", "en")) & set(index_terms("UltraCART", "en"))


def test_stop_words_are_tokens() -> None:
    assert all(tokens(word) == [word.casefold().replace("ß", "ss")] for words in STOP_WORDS.values() for word in words)


@given(st.text())
@example("İΐǰ")
@example("각\u1100\u1161")
@example("\u0345α")
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


ANY = st.text() | st.text(st.characters(min_codepoint=0x250, max_codepoint=0x3FFFF)) | st.from_regex(r"[\w\"'*^():+-]+")


@given(text=ANY, language=st.sampled_from(LANGUAGES))
@example(text='" OR NEAR("', language="de")
@example(text="Ἀθῆναι Αʹ", language="en")
@example(text="👩‍🔬 🧬 \U0001f1e9\U0001f1ea", language="de")
@example(text="ஔ ဦ ᬆ", language="en")
@example(text="Ⅻ ½ ② ٣ ١٢", language="de")
@example(text="\ud800 lone", language="en")
def test_terms_of_any_text_are_words(text: str, language: Language) -> None:
    for term in index_terms(text, language):
        assert term
        assert all(c.isalnum() for c in term), term
        assert term == term.casefold() == unicodedata.normalize("NFC", term), term
