import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import IndexUnavailableError
from assistant.index.schema import SCHEMA_VERSION
from assistant.index.store import Store
from assistant.index.writer import StoreWriter, UnitEntry
from assistant.text.words import index_terms
from assistant.types import Chunk, Language, Span, Unit
from tests.index.parts import EMBEDDINGS, document, put, unit_ids

MEMBERS = document("mitglieder", "Der Verein hat 35 Mitglieder.\nDer Sitz ist Leipzig.\nÄpfel “und” Birnen 🧬.")
ENGLISH = document("members", "The association has 35 members.\nIts seat is Leipzig.", "en")


def test_documents_come_back_as_they_went_in(store: StoreWriter) -> None:
    for added in (MEMBERS, ENGLISH):
        put(store, added)
    assert [found.name for found in store.documents()] == ["members", "mitglieder"]
    assert {found.text for found in store.documents()} == {""}
    assert store.document(MEMBERS.id) == MEMBERS
    assert store.document("unknown") is None
    assert store.counts() == {"documents": 2, "chunks": 5, "units": 5}
    assert store.unit_counts() == {"de": 3, "en": 2}


def test_chunks_and_units_come_back_as_they_went_in(store: StoreWriter) -> None:
    text = "Ziele sind:\n- Forschung\n- Transfer"
    added = document("ziele", text)
    units = (
        Unit(Span(0, 11), "sentence"),
        Unit(Span(14, 23), "item", Span(0, 11)),
        Unit(Span(26, 34), "row", Span(14, 23)),
    )
    chunk = Chunk("c1", added.id, "en", ("A", "B „C“"), 7, Span(0, 34), units)
    vectors = [EMBEDDINGS.query(text[u.span.start : u.span.end]) for u in units]
    entries = [UnitEntry(u, "body", "context words", b"digest", v) for u, v in zip(units, vectors, strict=True)]
    store.add(added, [(chunk, entries)], {})
    store.search_all()
    assert store.units_of(["c1", "c2"]) == {"c1": list(units), "c2": []}
    stored = store.chunks(["c1"])["c1"]
    assert (stored.section, stored.page, stored.span, stored.text) == (chunk.section, 7, chunk.span, text)
    assert (stored.document.name, stored.document.text) == ("ziele", "")
    assert stored.body == {"body"}
    np.testing.assert_allclose(stored.vector, np.mean([vector.vector for vector in vectors], axis=0), rtol=1e-6)
    assert (stored.language, stored.document.language) == ("en", "de")  # a passage can be in another language
    for unit, vector, found in zip(units, vectors, store.units(unit_ids(store, "ziele")), strict=True):
        assert (found.unit, found.chunk_id, found.document_id, found.language) == (unit, "c1", added.id, "en")
        assert (found.body, found.context) == (frozenset({"body"}), frozenset({"context", "words"}))
        np.testing.assert_array_equal(found.vector, vector.vector)
        assert found.tokens.shape == (0, 64)


def test_units_come_in_the_order_asked_for(store: StoreWriter) -> None:
    put(store, MEMBERS)
    first, second, third = unit_ids(store, "mitglieder")
    assert [unit.id for unit in store.units([third, first, second])] == [third, first, second]
    assert store.units([]) == []


def test_vectors_come_in_batches(store: StoreWriter) -> None:
    put(store, MEMBERS)
    put(store, ENGLISH)
    batches = list(store.vectors("de", batch=2))
    german = store.searched_ids("de")
    assert [(ids, vectors.shape) for ids, vectors in batches] == [(german[:2], (2, 256)), (german[2:], (1, 256))]
    assert [ids for ids, _ in store.vectors("en")] == [sorted(unit_ids(store, "members"))]
    ((ids, _),) = store.vectors("de", german[1:])
    assert ids == german[1:]


@pytest.mark.parametrize(
    ("question", "language", "expected"),
    [
        ("Mitglieder", "de", [0]),
        ("35", "de", [0]),
        ("Leipzig", "de", [1]),
        ("Leipzig", "en", [4]),
        ("Titel", "de", [0, 1, 2]),  # the heading counts for all under it
        ("Mitglieder Sitz", "de", [0, 1]),
        ("unheard", "de", []),
        ("", "de", []),
    ],
)
def test_words_are_found_in_their_language(
    store: StoreWriter, question: str, language: Language, expected: list[int]
) -> None:
    put(store, MEMBERS)
    put(store, ENGLISH, section=("Title",))
    ids = unit_ids(store, "mitglieder", "members")
    found = store.search_words(index_terms(question, language), language, 10)
    assert found.keys() == {ids[place] for place in expected}


def test_the_best_unit_comes_first_and_the_limit_holds(store: StoreWriter) -> None:
    put(store, document("a", "Leipzig liegt in Sachsen.\nLeipzig Leipzig Leipzig.\nHalle."))
    once, often, _ = unit_ids(store, "a")
    scores = store.search_words(["leipzig"], "de", 10)
    assert list(scores) == sorted(scores, key=scores.__getitem__, reverse=True) == [often, once]
    assert list(store.search_words(["leipzig"], "de", 1)) == [often]


def test_a_word_in_the_sentence_counts_more_than_in_the_heading(store: StoreWriter) -> None:
    put(store, document("a", "Eins zwei drei."), section=("Leipzig",))
    put(store, document("b", "Leipzig zwei drei."), section=("Eins",))
    assert list(store.search_words(["leipzig"], "de", 10)) == unit_ids(store, "b", "a")


def test_frequencies_count_units(store: StoreWriter) -> None:
    put(store, MEMBERS)
    assert store.frequencies(["verein", "titel", "unheard"], "de") == {"verein": 1, "titel": 3, "unheard": 0}
    assert store.frequencies(["verein"], "en") == {"verein": 0}


def test_a_removed_document_leaves_nothing_behind(store: StoreWriter) -> None:
    put(store, MEMBERS)
    put(store, ENGLISH)
    explaining = document("kurz", "Zell- und Gentherapeutika (ZGT).")
    store.add(explaining, [], {"ZGT": "Zell- und Gentherapeutika"})
    assert store.abbreviations("de") == [("ZGT", "Zell- und Gentherapeutika")]
    assert store.abbreviations("en") == []
    store.remove(MEMBERS.id)
    store.remove(explaining.id)
    store.search_all()
    assert store.counts() == {"documents": 1, "chunks": 2, "units": 2}
    assert store.search_words(["verein"], "de", 10) == {}
    assert store.frequencies(["verein", "titel"], "de") == {"verein": 0, "titel": 0}
    assert store.abbreviations("de") == []
    assert list(store.vectors("de")) == []
    assert len(store.search_words(index_terms("association", "en"), "en", 10)) == 1
    put(store, MEMBERS)
    assert len(store.search_words(["verein"], "de", 10)) == 1


@given(terms=st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20), max_size=1200))
def test_any_number_of_any_words_can_be_searched(terms: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    store = StoreWriter(tmp_path_factory.mktemp("any") / "index.sqlite")
    try:
        store.search_words(terms, "de", 10)
        store.frequencies(terms, "en")
    finally:
        store.close()


def test_a_long_question_can_be_searched(store: StoreWriter) -> None:
    put(store, MEMBERS)
    assert (
        list(store.search_words([f"w{n}" for n in range(2_000)] + ["verein"], "de", 5))
        == unit_ids(store, "mitglieder")[:1]
    )


def test_threads_may_read_together(store: StoreWriter) -> None:
    put(store, document("viele", "\n".join(f"Zeile {n} Leipzig." for n in range(50))))
    store.commit()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: store.search_words(["leipzig"], "de", 100), range(100)))
    assert all(one == found[0] for one in found)
    assert len(found[0]) == 50


def test_what_is_not_committed_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    writer = StoreWriter(path)
    writer.commit()
    put(writer, MEMBERS)
    writer.close()
    reader = Store(path)
    assert reader.documents() == []
    reader.close()


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    writer = StoreWriter(path)
    writer.commit()
    writer.close()
    reader = Store(path)
    assert not hasattr(reader, "set_meta")
    with pytest.raises(IndexUnavailableError, match="readonly"):
        reader._rows("DELETE FROM meta")
    reader.close()


@pytest.mark.parametrize("name", ["plain", "with space", "50%", "a#b?c=d", "ümläut", "%41"])
def test_any_folder_name_will_do(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    written = StoreWriter(folder / "index.sqlite")
    written.set_meta("model", "m")
    written.commit()
    written.close()
    assert [path.name for path in folder.iterdir()] == ["index.sqlite"]
    read = Store(folder / "index.sqlite")
    assert read.meta("model") == "m"
    read.close()


def test_a_relative_path_will_do() -> None:
    StoreWriter(Path("index.sqlite")).close()
    assert Path("index.sqlite").is_file()


GARBAGE = b"no database at all " * 500


@pytest.mark.parametrize("opened", [Store, StoreWriter])
def test_garbage_is_no_index(tmp_path: Path, opened: type[Store]) -> None:
    path = tmp_path / "index.sqlite"
    path.write_bytes(GARBAGE)
    with pytest.raises(IndexUnavailableError, match="is not an index of Clusterlotse"):
        opened(path)


@pytest.mark.parametrize("make", ["nothing", "empty", "folder", "other database"])
def test_what_holds_no_index_cannot_be_read(tmp_path: Path, make: str) -> None:
    path = tmp_path / "index.sqlite"
    if make == "empty":
        path.touch()
    elif make == "folder":
        path.mkdir()
    elif make == "other database":
        with sqlite3.connect(path) as other:
            other.execute("CREATE TABLE something (x)")
        other.close()
    with pytest.raises(IndexUnavailableError):
        Store(path)


def test_another_format_is_named(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    old = StoreWriter(path)
    old.set_meta("schema", "0")
    old.commit()
    old.close()
    for opened in (Store, StoreWriter):
        with pytest.raises(IndexUnavailableError, match=f"has the format 0, this program reads {SCHEMA_VERSION}"):
            opened(path)


def test_damage_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    store = StoreWriter(path)
    put(store, document("lang", "\n".join(f"Zeile {n} mit Text." for n in range(300))))
    store.commit()
    assert store.is_sound()
    store.close()
    data = bytearray(path.read_bytes())
    data[40_000:60_000] = b"\xff" * 20_000
    path.write_bytes(data)
    reader = Store(path)
    assert not reader.is_sound()
    reader.close()
