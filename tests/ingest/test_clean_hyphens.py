"""Damaged words against real hyphens; the left column is what a file holds, `also` what else stands in the document."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.clean.hyphens import join_lines, mend_hyphens
from ingest.clean.vocabulary import Vocabulary

GERMAN = "Wir haben in der Region und mit den Partnern eine neue Phase für die Medizin begonnen. Mit Kandidaten und Anmeldungen."
ENGLISH = "The partners in the region and those of the other ones have begun this."


@pytest.mark.parametrize(
    ("damaged", "mended", "also"),
    [
        ("die Förder-phase", "die Förderphase", ""),
        ("Wissen-schaften", "Wissenschaften", "Lange Nacht der Wissenschaften"),
        ("klinisch-en Studien", "klinischen Studien", ""),
        ("Labor-medizin", "Labormedizin", ""),
        ("Wirkstoff-kandidaten", "Wirkstoffkandidaten", ""),
        ("Patent-anmeldungen", "Patentanmeldungen", "Patent-anmeldungen wie diese"),
        ("Mittel-zuflüsse", "Mittelzuflüsse", ""),
        ("Work-shops", "Workshops", "drei Workshops"),
        ("innovations-unterstützend", "innovationsunterstützend", ""),
        ("Schleswig- Holstein", "Schleswig-Holstein", "das Land Schleswig-Holstein"),
        ("HafenNetz- Mitglieder", "HafenNetz-Mitglieder", "HafenNetz-Tage, HafenNetz-Preis"),
        ("Wissen- schaften", "Wissenschaften", "Wissenschaften"),
    ],
)
def test_words_that_a_line_end_broke_are_whole(damaged: str, mended: str, also: str) -> None:
    assert mend_hyphens(damaged, Vocabulary([GERMAN, also, damaged])) == mended


@pytest.mark.parametrize(
    "words",
    """CAR-T|Leipzig-Dresden|Bund-Länder-Programm|Ost- und Westdeutschland|F&E-Projekte|SARS-CoV-2|2024-03|IT-Sicherheit
    |Zell-basierte|mRNA-basierte|online-basiertes|Cluster-ähnliche|nicht-viralen|Start-ups|Spin-off|Know-how|cross-sektoral
    |öffentlich-private|sozio-ökonomisch|deutsch-dänischen|baden-württembergischen|State-of-the-Art|go-cluster|E-Mail
    |Fachkräfteaus- und -weiterbildung|Kurz- mittel- und langfristig|krankheitsbedingt-spezifisch|In-vitro-Diagnostika
    |Auf- und Ausbau|ein- bis zweimal|Vor- sowie Nachteile|Projektleiter/-koordinator|5-jährige|US-amerikanisch
    |ein Preis - und mehr|Meyer-Schmidt|x-ray|T-Zell-Therapie""".replace("\n", "").replace("    ", "").split("|"),
)  # fmt: skip
def test_real_hyphens_stay(words: str) -> None:
    assert mend_hyphens(words, Vocabulary([GERMAN, words])) == words


@pytest.mark.parametrize(
    "words", ["well-known", "cell-mediated", "mini-symposium", "application-oriented", "long-term", "Non-viral"]
)
def test_english_hyphens_stay(words: str) -> None:
    text = f"{ENGLISH} A minisymposium is known. {words}"
    assert mend_hyphens(words, Vocabulary([text])) == words


@pytest.mark.parametrize(
    ("left", "right", "joined", "also"),
    [
        ("die För-", "derung beginnt", "die Förderung beginnt", ""),
        ("die IT-", "Sicherheit", "die IT-Sicherheit", ""),
        ("KI-", "basierte Verfahren", "KI-basierte Verfahren", ""),
        ("Zell-", "und Gentherapie", "Zell- und Gentherapie", ""),
        ("von Start-", "ups.", "von Start-ups.", ""),
        ("von Spin-", "offs", "von Spin-offs", "viele Spin-offs"),
        ("CAR-T-", "Zellen", "CAR-T-Zellen", ""),
        ("SARS-CoV-", "2", "SARS-CoV-2", ""),
        ("Work-Life-Ba-", "lance", "Work-Life-Ba-lance", ""),
        ("Hafen-Entwick-", "lung", "Hafen-Entwicklung", "die Entwicklung"),
        ("WISSEN-", "SCHAFTEN", "WISSENSCHAFTEN", "Wissenschaften"),
        ("HAFEN-", "STADT", "HAFEN-STADT", ""),
        ("und/", "oder", "und/oder", ""),
        ("Hamburg /", "Bremen", "Hamburg / Bremen", ""),
        ("ein Satz", "geht weiter", "ein Satz geht weiter", ""),
        ("Satz –", "so", "Satz – so", ""),
        ("a well-", "known case", "a well-known case", "well-known"),
        ("ist re-", "lativ klein", "ist relativ klein", ""),
        ("wissens-", "basierte", "wissensbasierte", ""),
        ("Zell-", "basierte", "Zell-basierte", ""),
        ("länder-", "übergreifend", "länderübergreifend", ""),
        ("with-", "out", "without", ""),
        ("aver-", "aged", "averaged", ""),
        ("inter-", "national", "international", "national"),
        ("nicht-", "sächsisches", "nicht-sächsisches", ""),
        ("cross-", "sektoral", "cross-sektoral", ""),
        ("In-", "vitro-Diagnostika", "In-vitro-Diagnostika", ""),
        ("cell-", "mediated", "cell-mediated", ""),
        ("the develop-", "ment", "the development", "development"),
    ],
)
def test_lines_are_joined(left: str, right: str, joined: str, also: str) -> None:
    assert join_lines(left, right, Vocabulary([GERMAN, also, left, right])) == joined


WORDS = st.text(st.sampled_from("aeinrstäAEKT12-/ .&"), max_size=40)


@given(WORDS, WORDS)
def test_only_hyphens_and_blanks_change(left: str, right: str) -> None:
    vocabulary = Vocabulary([left, right])
    bare = str.maketrans("", "", "- ")
    assert mend_hyphens(left, vocabulary).translate(bare) == left.translate(bare)
    assert join_lines(left, right, vocabulary).translate(bare) == (left + right).translate(bare)
    once = mend_hyphens(left, vocabulary)
    assert mend_hyphens(once, Vocabulary([once])).translate(bare) == once.translate(bare)


@pytest.mark.parametrize(
    "text", ["a-b-" * 25_000, "Ab- Cd " * 14_000, "ab-cd " * 16_000, "-" * 100_000, "a- " * 33_000, "a" * 100_000]
)
def test_long_texts_are_mended(text: str) -> None:
    assert mend_hyphens(text, Vocabulary([text]))
