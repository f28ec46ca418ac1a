import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from assistant.index.vocabulary import Vocabulary

WORDS = ["strategi", "clusterstrategi", "cluster", "forder", "fordermittel", "mitglied", "saxocell", "2019", "35", "rn"]
WORDS += ["kohl", "marz", "brueck", "markt", "gentherapi", "wachstum", "rate"]
VOCABULARY = Vocabulary(WORDS)


@pytest.mark.parametrize(
    ("term", "variants"),
    [
        ("mitglied", {"mitglied": 1.0}),
        ("strategi", {"strategi": 1.0, "clusterstrategi": 0.6}),  # a compound it ends
        ("forder", {"forder": 1.0, "fordermittel": 0.6}),  # a compound it begins
        ("clusterstrategi", {"clusterstrategi": 1.0, "strategi": 0.6, "cluster": 0.6}),  # its parts
        ("clustermitglied", {"cluster": 0.6, "mitglied": 0.6}),  # itself unknown
        # slips of the pen, where nothing else fits
        ("mitgleid", {"mitglied": 0.8}),
        ("mitglid", {"mitglied": 0.8}),
        ("saxocel", {"saxocell": 0.6}),  # the beginning of a term is taken for its part
        ("clusterstratgei", {"cluster": 0.6}),
        ("fordremitetl", {"fordermittel": 0.8}),  # two in a long word
        ("mitgldei", {}),  # two in a short one
        ("nitglied", {}),  # never in the first letter
        ("2018", {}),  # never a different number
        ("koehl", {"kohl": 0.95}),  # an umlaut spelled out
        ("maerz", {"marz": 0.95}),
        ("bruck", {"brueck": 0.95}),  # or not, where the documents spell it out
        ("3", {}),
        ("r", {}),
        ("", {}),
    ],
)
def test_terms_that_a_word_may_mean(term: str, variants: dict[str, float]) -> None:
    assert VOCABULARY.variants(term) == variants


@pytest.mark.parametrize(
    ("term", "parts"),
    [
        ("gentherapiemarkt", [{"gentherapi", "markt"}]),
        ("wachstumsrate", [{"wachstum", "rate"}]),
        ("clusterstrategi", [{"cluster", "strategi"}]),
        ("clustermarkt", [{"cluster", "markt"}]),
        ("marktxcluster", []),  # x links nothing
        ("clusterwesen", []),
        ("2019", []),
        ("", []),
    ],
)
def test_parts_of_a_compound(term: str, parts: list[set[str]]) -> None:
    assert list(VOCABULARY.splits(term)) == parts


def test_which_terms_there_are() -> None:
    assert "cluster" in VOCABULARY
    assert "clust" not in VOCABULARY


def test_a_word_in_many_compounds_has_a_bounded_number() -> None:
    assert len(Vocabulary([f"cluster{chr(97 + n)}" for n in range(26)]).variants("cluster")) == 12


def test_an_empty_vocabulary_knows_nothing() -> None:
    assert Vocabulary([]).variants("cluster") == {}


@given(st.text(max_size=20), st.lists(st.text(min_size=1, max_size=20), max_size=10))
def test_variants_are_terms_with_a_worth(term: str, words: list[str]) -> None:
    found = Vocabulary(words).variants(term)
    assert found.keys() <= set(words)
    assert all(0 < worth <= 1 for worth in found.values())
    assert (found.get(term) == 1.0) is (term in words)


def test_a_very_long_word_comes_back() -> None:
    assert VOCABULARY.variants("x" * 100_000) == {}


def test_the_plural_of_an_acronym_is_the_acronym() -> None:
    assert Vocabulary(["kmu"]).variants("kmus") == {"kmu": 0.95}


@given(
    known=st.lists(st.text("abcäöü", min_size=4, max_size=11), max_size=30),
    term=st.text("abcäöü", min_size=5, max_size=11),
)
def test_slips_are_found_as_if_every_term_had_been_compared(known: list[str], term: str) -> None:
    slips = 1 if len(term) < 9 else 2
    near = sorted((OSA.distance(other, term), other) for other in set(known))
    expected = {other for distance, other in near[:3] if distance <= slips and other[0] == term[0]}
    assert Vocabulary(known)._typos(term).keys() == expected
