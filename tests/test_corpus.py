"""The shipped corpus: two languages with the same facts, every section with its source, in our own words."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from pathlib import Path

import pytest

from assistant.resources import resource_dir
from assistant.text.numbers import figures
from assistant.types import Language
from ingest.read.markdown import read_markdown

CORPUS = resource_dir("corpus")
NAMES = sorted({path.stem for path in CORPUS.glob("??/*.md")})
KEYS = "title publisher date language source translation_of".split()
LANGUAGES: tuple[Language, ...] = ("de", "en")
SOURCE = re.compile(r"(?m)^(?:Quelle|Source):.*$")
ORIGINALS = Path(__file__).resolve().parents[2] / "shared" / "seeds"  # not ours to ship: beside the checkout, if at all
RUN = 10  # words in a row that would be copying


def source_of(language: Language, name: str) -> str:
    return (CORPUS / language / f"{name}.md").read_text(encoding="utf-8")


def parts(language: Language, name: str) -> tuple[str, str]:
    """Front matter and body."""
    _, front, body = source_of(language, name).split("---\n", 2)
    return front, body


def sections(language: Language, name: str) -> list[str]:
    """Heading and text of each section below the title."""
    return re.split(r"(?m)^#{2,} ", parts(language, name)[1])[1:]


def stated(text: str, language: Language) -> Counter[str]:
    """The figures of a text with how often it states them, whatever their notation; an ordinal counts as its number."""
    plain = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", text)
    return Counter(figure.value for figure in figures(plain, language))


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())


def runs(text: str) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[start : start + RUN]) for start in range(len(found) - RUN + 1)}


def own_words(text: str) -> list[str]:
    """Without official names and titles, which stand in italics, and source lines; cut where they stood."""
    return re.sub(r"\*[^*\n]+\*", "\0", SOURCE.sub("\0", text)).split("\0")


@lru_cache
def originals() -> set[tuple[str, ...]]:
    return set().union(*(runs(path.read_text(encoding="utf-8")) for path in sorted(ORIGINALS.glob("0*.txt"))))


def test_there_is_a_corpus() -> None:
    assert len(NAMES) > 40
    assert {path.suffix for path in CORPUS.rglob("*") if path.is_file()} == {".md"}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("language", "other"), [("de", "en"), ("en", "de")])
def test_a_dossier_states_what_it_is(name: str, language: Language, other: Language) -> None:
    front, _ = parts(language, name)
    assert re.findall(r"(?m)^(\w+):", front) == KEYS
    stated = read_markdown(source_of(language, name)).stated
    assert (stated.language, stated.translation_of) == (language, f"{other}/{name}.md")
    assert (CORPUS / other / f"{name}.md").is_file()
    assert all(getattr(stated, key) for key in KEYS)


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_are_of_one_day(name: str) -> None:
    german, english = (read_markdown(source_of(language, name)) for language in LANGUAGES)
    assert german.stated.date == english.stated.date


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_state_the_same_figures(name: str) -> None:
    german, english = sections("de", name), sections("en", name)
    assert len(german) == len(english)
    for ours, theirs in zip(german, english, strict=True):
        assert stated(ours, "de") == stated(theirs, "en"), ours.partition("\n")[0]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("language", "mark"), [("de", "Quelle: "), ("en", "Source: ")])
def test_every_section_ends_with_its_source(name: str, language: Language, mark: str) -> None:
    for section in sections(language, name):
        last = section.strip().splitlines()[-1]
        assert last.startswith(mark), section.partition("\n")[0]
        assert len(last) > len(mark)


@pytest.mark.skipif(not ORIGINALS.is_dir(), reason="the originals are not beside the checkout")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_copied(name: str, language: Language) -> None:
    assert originals()
    copied = {" ".join(run) for part in own_words(parts(language, name)[1]) for run in runs(part) & originals()}
    assert not copied


@pytest.mark.parametrize(
    ("text", "left"),
    [("one *two three* four", ["one", "four"]), ("one\nQuelle: two\nthree", ["one", "three"]), ("a * b", ["a * b"])],
)
def test_names_and_sources_are_no_text_of_ours(text: str, left: list[str]) -> None:
    assert [part.strip() for part in own_words(text)] == left


def test_copying_is_found() -> None:
    line = " ".join(f"w{n}" for n in range(RUN))
    assert runs(f"before, {line.upper()} after") >= runs(line) != set()
    assert not runs(" ".join(line.split()[:-1]))
