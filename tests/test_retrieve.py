"""The search on a real index of small documents: what is found, what is left out, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from assistant.index.store import Store
from assistant.index.vectors import Vectors
from assistant.index.versions import STORE, VECTORS, served
from assistant.query import content_words
from assistant.retrieve import Retriever
from assistant.types import Findings, Language, Question
from ingest.build import ingest
from tests.helpers import HashingEmbeddings

EMBEDDINGS = HashingEmbeddings()
Indexed = Callable[[Mapping[str, str]], Retriever]


@pytest.fixture
def indexed(tmp_path: Path) -> Iterator[Indexed]:
    """Documents by name to a search in them."""
    with ExitStack() as opened:

        def build(documents: Mapping[str, str]) -> Retriever:
            folder, data = tmp_path / "docs", tmp_path / "data"
            for name, text in documents.items():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_text(text, encoding="utf-8")
            version = ingest([folder], data, EMBEDDINGS).version
            store = opened.enter_context(closing(Store(served(data).folder / STORE)))
            vectors = opened.enter_context(closing(Vectors(served(data).folder / VECTORS, version)))
            return Retriever(store, vectors, EMBEDDINGS, version)

        yield build


def document(text: str, language: Language, **front_matter: str) -> str:
    head = "".join(f"{key}: {value}\n" for key, value in {"language": language, **front_matter}.items())
    return f"---\n{head}---\n{text}\n"


HAFEN = document("# Kräne\n\nDer Hafen von Kleinhaven hat 17 Kräne. Der größte hebt 90 Tonnen.", "de")
HARBOUR = document("# Cranes\n\nThe harbour of Kleinhaven runs 17 cranes. The largest lifts 90 tonnes.", "en")
TURM = document("# Höhe\n\nDer Leuchtturm von Kleinhaven ist 41 Meter hoch.", "de")
TOWER = document("# Height\n\nThe lighthouse of Kleinhaven is 41 metres high.", "en")
ALL = {"hafen.md": HAFEN, "harbour.md": HARBOUR, "turm.md": TURM, "tower.md": TOWER}
FUNDED = "Die Clusterstrategie von Novera nennt die Fördermittel für viele Mitgliedsunternehmen."


def asked(text: str, language: Language = "de") -> Question:
    return Question(text, text, language)


def names(found: Findings) -> list[str]:
    return [passage.document_name for passage in found.passages]


def matched(found: Findings, start: str) -> set[str]:
    """The question's words that the quotable with this beginning matches."""
    return {
        word
        for passage in found.passages
        for quotable in passage.quotables
        if quotable.text.startswith(start)
        for word in quotable.matched
    }


# ---- passages ------------------------------------------------------------------------------------------------


def test_the_right_passage_comes_first_and_its_spans_hold(indexed: Indexed) -> None:
    search = indexed(ALL)
    found = search(asked("Wie viele Kräne hat der Hafen?"))
    first = found.passages[0]
    assert first.document_name == "hafen.md"
    assert first.quotables[0].text == "Der Hafen von Kleinhaven hat 17 Kräne."
    assert found.index_version == search.version
    for passage in found.passages:
        for quotable in passage.quotables:
            span = quotable.unit.span
            assert passage.text[span.start - passage.span.start : span.end - passage.span.start] == quotable.text


def test_passages_and_quotables_are_in_order_of_score(indexed: Indexed) -> None:
    found = indexed(ALL)(asked("Wie hoch ist der Leuchtturm von Kleinhaven?"))
    scores = [passage.score for passage in found.passages]
    assert scores == sorted(scores, reverse=True)
    for passage in found.passages:
        own = [quotable.score for quotable in passage.quotables]
        assert own == sorted(own, reverse=True)
        assert passage.score == own[0]


def test_the_same_question_gives_the_same_findings(indexed: Indexed) -> None:
    same = {f"{name}-{n}.md": text for n in range(3) for name, text in (("a", HAFEN), ("b", TURM))}
    search = indexed(same)
    question = asked("Was ist in Kleinhaven?")
    assert len({repr(search(question)) for _ in range(5)}) == 1


@pytest.mark.parametrize("k", [1, 2, 3, 10])
def test_at_most_k_passages(indexed: Indexed, k: int) -> None:
    search = indexed(ALL)
    question = asked("Was ist in Kleinhaven?")
    assert names(search(question, k)) == names(search(question))[:k]
    assert len(search(question, k).passages) == min(k, 4)


@pytest.mark.parametrize("text", ["die der das", "!", "🧬 a", '"OR" NOT (x*', "x " * 900])
def test_any_question_comes_back(indexed: Indexed, text: str) -> None:
    found = indexed(ALL)(asked(text))
    assert 0 <= found.answerable <= 1


# ---- languages -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked_in", ["de", "en"])
@pytest.mark.parametrize(
    ("language", "expected"), [("de", {"hafen.md", "turm.md"}), ("en", {"harbour.md", "tower.md"})]
)
def test_only_documents_of_the_language_asked_for(
    indexed: Indexed, asked_in: Language, language: Language, expected: set[str]
) -> None:
    found = indexed(ALL)(asked("Kleinhaven 41 17", asked_in), language=language)
    assert set(names(found)) == expected


def test_a_language_without_documents_gives_nothing(indexed: Indexed) -> None:
    found = indexed({"hafen.md": HAFEN})(asked("Kleinhaven"), language="en")
    assert (found.passages, found.answerable) == ((), 0.0)


TRANSLATED = {
    "hafen.md": HAFEN,
    "harbour.md": HARBOUR.replace("language: en", "language: en\ntranslation_of: hafen.md"),
    "tower.md": TOWER,
}


@pytest.mark.parametrize(
    ("asked_in", "expected"), [("de", {"hafen.md", "tower.md"}), ("en", {"harbour.md", "tower.md"})]
)
def test_a_document_is_left_out_for_readers_of_its_translation(
    indexed: Indexed, asked_in: Language, expected: set[str]
) -> None:
    assert set(names(indexed(TRANSLATED)(asked("Kleinhaven 17 41", asked_in)))) == expected


@pytest.mark.parametrize(("language", "expected"), [("de", {"hafen.md"}), ("en", {"harbour.md", "tower.md"})])
@pytest.mark.parametrize("asked_in", ["de", "en"])
def test_who_asks_for_a_language_gets_its_translated_documents_too(
    indexed: Indexed, asked_in: Language, language: Language, expected: set[str]
) -> None:
    assert set(names(indexed(TRANSLATED)(asked("Kleinhaven 17 41", asked_in), language=language))) == expected


def test_a_translation_of_a_document_that_is_not_there_is_found(indexed: Indexed) -> None:
    alone = {"harbour.md": TRANSLATED["harbour.md"]}
    assert names(indexed(alone)(asked("Kleinhaven"))) == ["harbour.md"]


def test_the_glossary_reaches_the_other_language(indexed: Indexed) -> None:
    text = "Novera pays funding to many members."
    found = indexed({"novera.md": document(text, "en")})(asked("Welche Förderung für Mitglieder?"))
    assert len(matched(found, text)) == 2


# ---- words ---------------------------------------------------------------------------------------------------


SHORT = "Im Vorstand der LSN sitzen fünf Personen."
LONG = "Im Beirat von Life Science Nord sitzen sechs Personen."
EXPLAINED = "Das Cluster Life Science Nord (LSN) wurde früh gegründet."


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Wer ist im Beirat der LSN?", LONG),
        ("Wer ist im Vorstand von Life Science Nord?", SHORT),
    ],
)
def test_abbreviations_reach_their_long_forms_and_back(indexed: Indexed, question: str, sentence: str) -> None:
    lines = "\n\n".join(f"# {n}\n\n{text}" for n, text in enumerate((EXPLAINED, SHORT, LONG)))
    found = indexed({"lsn.md": document(lines, "de")})(asked(question))
    assert matched(found, sentence) == set(content_words(asked(question)))


def test_an_abbreviation_that_nobody_explains_is_only_itself(indexed: Indexed) -> None:
    found = indexed({"nord.md": document(LONG, "de")})(asked("Wer ist im Beirat der LSN?"))
    assert "lsn" not in matched(found, LONG)
    assert found.missing == ("LSN",)


@pytest.mark.parametrize(
    "question",
    [
        "Welche Strategie?",  # the end of a compound
        "Welche Mitgliedsunternehmen?",
        "Welche Fördermittelberatung?",  # a compound of what stands there
        "Welche Clusterstartegie?",  # typos
        "Welche Födermittel?",
    ],
)
def test_compounds_and_typos_are_found(indexed: Indexed, question: str) -> None:
    found = indexed({"novera.md": document(FUNDED, "de"), "turm.md": TURM})(asked(question))
    assert found.passages[0].document_name == "novera.md"
    assert matched(found, FUNDED)
    assert found.missing == ()


@pytest.mark.parametrize(
    ("question", "missing"),
    [("Wie viele Kräne hat Xanadu 2035?", ("Xanadu", "2035")), ("Wie viele Kräne hat der Hafen?", ())],
)
def test_words_that_no_document_holds(indexed: Indexed, question: str, missing: tuple[str, ...]) -> None:
    assert indexed({"hafen.md": HAFEN})(asked(question)).missing == missing


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("What is SaxoCell's plan?", "en"),  # names as the other language has them
        ("Was plant SaxoCell?", "de"),
        ("Was plant Koehl?", "de"),  # umlauts in every spelling
        ("Was plant Kohl?", "de"),
        ("Was plant Köhl?", "de"),
        ("What about Koehl?", "en"),
    ],
)
def test_names_are_found_whole(indexed: Indexed, question: str, language: Language) -> None:
    text = "SaxoCell mit Frau Köhl sieht vieles vor."
    found = indexed({"cell.md": document(text, "de")})(asked(question, language))
    (share,) = {share for passage in found.passages for q in passage.quotables for share in [q.signals["names"]]}
    assert share == pytest.approx(1.0, abs=0.06)


def test_a_region_is_no_other_one_whose_name_ends_alike(indexed: Indexed) -> None:
    texts = {"sachsen.md": document("Der Verein sitzt bei uns in Sachsen.", "de")}
    (passage,) = indexed(texts)(asked("Wo sitzt der Verein in Niedersachsen?")).passages
    assert passage.quotables[0].signals["names"] < 0.5


def test_a_compound_is_found_by_its_parts(indexed: Indexed) -> None:
    sentence = "Die Summe der Gelder und ihr Wert stiegen."
    found = indexed({"wert.md": document(sentence, "de")})(asked("Welche Wertsumme?"))
    assert found.missing == ()
    assert matched(found, sentence) == {"wertsumm"}


def test_a_sentence_takes_its_subject_from_its_document(indexed: Indexed) -> None:
    report = "\n\n".join(["Novera wächst.", *("# Abschnitt\n\nEs gibt 17 Kräne." for _ in range(2))])
    other = document("# Abschnitt\n\nEs gibt 18 Kräne.", "de")
    found = indexed({"a.md": other, "novera.md": document(report, "de")})(asked("Wie viele Kräne hat Novera?"))
    signals = {p.document_name: q.signals for p in found.passages for q in p.quotables if "Kräne" in q.text}
    assert signals["novera.md"]["names"] == 1.0
    assert signals["a.md"]["names"] == 0.0


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("Wie viele Kräne hat der Hafen?", "de", ("kran", "haf")),
        ("How many cranes, cranes?", "en", ("crane",)),
        ("49.900 Euro", "de", ("49900", "euro")),
        ("What's the cranes' height, and who can't see it?", "en", ("crane", "height", "see")),
        ("Gibt's F&E?", "de", ("forschung", "entwickl")),
        ("R&D jobs", "en", ("research", "develop", "job")),
        ("wer was", "de", ("wer", "was")),  # better than nothing
        ("", "de", ()),
    ],
)
def test_content_words(text: str, language: Language, words: tuple[str, ...]) -> None:
    assert content_words(asked(text, language)) == words
