"""What a writer changes in a store: nothing of it depends on what was there before."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import AssistantError, IndexUnavailableError
from assistant.index.schema import LANGUAGES
from assistant.index.store import Store
from assistant.index.vectors import Vectors
from assistant.index.writer import StoreWriter
from assistant.text.words import index_terms
from assistant.types import Document
from tests.index.parts import EMBEDDINGS, document, put, unit_ids

OLD = document("alt", "Der Hafen hat 17 Kräne.\nDer Turm ist rot.")
NEW = document("neu", "Der Hafen hat 18 Kräne.\nDer Turm ist blau.")
ENGLISH = document("harbour", "The harbour has 17 cranes.", "en")


@pytest.fixture
def other(tmp_path: Path) -> Iterator[StoreWriter]:
    """A second store."""
    with closing(StoreWriter(tmp_path / "other.sqlite")) as opened:
        yield opened


def words(store: Store, term: str) -> set[int]:
    return set(store.search_words(index_terms(term, "de"), "de", 100))


def rows(store: Store) -> list[object]:
    """Everything a store holds."""
    tables = ["files", "documents", "chunks", "units", "abbreviations"]
    found: list[object] = [store._rows(f"SELECT * FROM {table} ORDER BY 1, 2, 3") for table in tables]
    found += [store._rows(f"SELECT * FROM words_{language}") for language in LANGUAGES]
    found += [store._rows("SELECT * FROM worded WHERE length(ids)")]
    return found


# ---- ids -----------------------------------------------------------------------------------------------------


def test_a_units_id_does_not_depend_on_when_it_came(store: StoreWriter, other: StoreWriter) -> None:
    for added in (OLD, NEW, ENGLISH):
        put(store, added)
    for added in (ENGLISH, NEW):
        put(other, added)
    store.remove(OLD.id)
    put(store, OLD)
    put(other, OLD)
    ids = unit_ids(store, "alt", "neu", "harbour")
    assert ids == unit_ids(other, "alt", "neu", "harbour")
    assert len(set(ids)) == 5
    assert all(0 <= unit_id < 2**63 for unit_id in ids)


# ---- taking over ---------------------------------------------------------------------------------------------


def _attached(store: StoreWriter, other: StoreWriter) -> StoreWriter:
    other.commit()
    store.commit()
    store.attach(other.path)
    return store


def test_what_is_taken_over_is_as_if_it_had_been_added(store: StoreWriter, other: StoreWriter, tmp_path: Path) -> None:
    for added in (OLD, NEW, ENGLISH):
        put(other, added, searched=False)
    other.add(document("kurz", "ZGT."), [], {"ZGT": "Zell- und Gentherapeutika"})
    _attached(store, other).take_over(["alt", "harbour", "kurz"])
    assert store.unit_counts() == {}  # not searched yet
    store.search_all()
    with closing(StoreWriter(tmp_path / "direct.sqlite")) as direct:
        for added in (OLD, ENGLISH):
            put(direct, added)
        direct.add(document("kurz", "ZGT."), [], {"ZGT": "Zell- und Gentherapeutika"})
        direct.commit()
        assert rows(store) == rows(direct)
    assert store.document(OLD.id) == OLD
    assert store.abbreviations("de") == [("ZGT", "Zell- und Gentherapeutika")]
    assert words(store, "hafen") == {unit_ids(store, "alt")[0]}


def test_the_same_steps_give_the_same_bytes(tmp_path: Path) -> None:
    files = []
    for name, order in (("one", (OLD, NEW, ENGLISH)), ("two", (ENGLISH, NEW, OLD))):
        with closing(StoreWriter(tmp_path / f"{name}-staged")) as staged, closing(StoreWriter(tmp_path / name)) as made:
            for added in order:
                put(staged, added, searched=False)
            _attached(made, staged).take_over(["alt", "harbour", "neu"])
            made.search_all()
            made.commit()
        files.append((tmp_path / name).read_bytes())
    assert files[0] == files[1]


def test_a_document_is_not_taken_over_twice(store: StoreWriter, other: StoreWriter) -> None:
    put(store, OLD)
    put(other, OLD)
    with pytest.raises(AssistantError, match="UNIQUE"):
        _attached(store, other).take_over(["alt"])


def test_what_is_not_committed_is_not_taken_over_either(store: StoreWriter, other: StoreWriter) -> None:
    put(other, OLD)
    _attached(store, other).take_over(["alt"])
    store.close()
    with closing(Store(store.path)) as again:
        assert again.documents() == []


# ---- editions ------------------------------------------------------------------------------------------------


def superseded(store: StoreWriter, names: dict[str, str]) -> None:
    store.supersede(names)
    store.search_all()


def searched_vectors(store: Store, folder: Path, questions: Sequence[str]) -> set[int]:
    with closing(Vectors(folder, "v1")) as vectors:
        vectors.build(store)
        assert vectors.is_complete(store)
        return {unit for text in questions for unit in vectors.search(EMBEDDINGS.query_vector(text), "de", 100)}


def test_a_superseded_document_can_be_opened_but_is_not_found(store: StoreWriter, tmp_path: Path) -> None:
    for added in (OLD, NEW):
        put(store, added)
    old, new = unit_ids(store, "alt"), unit_ids(store, "neu")
    superseded(store, {"alt": "neu"})
    assert store.document(OLD.id) == dataclasses.replace(OLD, superseded_by="neu")
    assert [(d.name, d.superseded_by) for d in store.documents()] == [("alt", "neu"), ("neu", None)]
    assert [unit.id for unit in store.units(old)] == old  # an answer that was given before can still be looked up
    assert words(store, "hafen") == {new[0]}
    assert words(store, "rot") == set()
    assert store.frequencies(["rot", "turm"], "de") == {"rot": 0, "turm": 1}
    assert store.worded("de") == 2
    assert store.unit_counts() == {"de": 2}
    assert store.searched_ids("de") == sorted(new)
    assert [ids for ids, _ in store.vectors("de")] == [sorted(new)]
    assert searched_vectors(store, tmp_path / "chroma", ["Der Turm ist rot.", "Hafen"]) == set(new)


def test_it_answers_again_when_the_newer_one_is_withdrawn(store: StoreWriter, tmp_path: Path) -> None:
    put(store, OLD)
    store.commit()
    before = rows(store)
    put(store, NEW)
    superseded(store, {"alt": "neu"})
    store.remove(NEW.id)
    superseded(store, {})
    assert rows(store) == before
    assert words(store, "rot") == {unit_ids(store, "alt")[1]}
    assert unit_ids(store, "alt")[1] in searched_vectors(store, tmp_path / "chroma", ["Der Turm ist rot."])


def test_another_newer_one_takes_the_place_of_the_first(store: StoreWriter) -> None:
    newest = document("zuletzt", "Der Hafen hat 19 Kräne.")
    for added in (OLD, NEW):
        put(store, added)
    superseded(store, {"alt": "neu"})
    put(store, newest)
    superseded(store, {"alt": "zuletzt", "neu": "zuletzt"})
    assert {d.name: d.superseded_by for d in store.documents()} == {"alt": "zuletzt", "neu": "zuletzt", "zuletzt": None}
    assert words(store, "hafen") == set(unit_ids(store, "zuletzt"))
    superseded(store, {"alt": "neu"})
    assert words(store, "hafen") == {unit_ids(store, name)[0] for name in ("neu", "zuletzt")}


def test_superseding_twice_is_superseding_once(store: StoreWriter) -> None:
    for added in (OLD, NEW):
        put(store, added)
    superseded(store, {"alt": "neu"})
    before = rows(store)
    superseded(store, {"alt": "neu"})
    assert rows(store) == before


def test_a_superseded_document_is_removed_without_a_trace(store: StoreWriter) -> None:
    for added in (OLD, NEW):
        put(store, added)
    superseded(store, {"alt": "neu"})
    store.remove(OLD.id)
    assert store.counts() == {"documents": 1, "chunks": 2, "units": 2}
    assert store.worded("de") == 2
    assert store.frequencies(["rot"], "de") == {"rot": 0}
    assert store.is_sound()


def test_searching_all_twice_adds_nothing(store: StoreWriter) -> None:
    put(store, OLD)
    before = rows(store)
    store.search_all()
    assert rows(store) == before


# ---- what was embedded ---------------------------------------------------------------------------------------


def test_vectors_are_found_by_the_digests_of_what_was_embedded(store: StoreWriter) -> None:
    put(store, OLD)
    lines = OLD.text.split("\n")
    digests = [line.encode()[:16] for line in lines]
    found = store.embedded([*digests, b"unknown"])
    assert found.keys() == set(digests)
    for digest, line in zip(digests, lines, strict=True):
        np.testing.assert_array_equal(found[digest].vector, EMBEDDINGS.query_vector(line))
    assert store.embedded([]) == {}


def test_any_number_of_digests_can_be_asked_for(store: StoreWriter) -> None:
    text = "\n".join(f"{n:04d} ist eine Zahl." for n in range(1_200))
    put(store, document("viele", text))
    digests = [line.encode()[:16] for line in text.split("\n")]
    assert store.embedded(digests).keys() == set(digests)


def test_digests_are_those_of_each_document_superseded_or_not(store: StoreWriter) -> None:
    for added in (OLD, NEW):
        put(store, added)
    superseded(store, {"alt": "neu"})
    assert store.digests() == {
        added.name: frozenset(line.encode()[:16] for line in added.text.split("\n")) for added in (OLD, NEW)
    }


def test_files_are_remembered_in_the_order_of_their_names(store: StoreWriter) -> None:
    for name, document_name in (("b.md", "a.md"), ("a.md", "a.md"), ("c.md", "c.md")):
        store.put_file(name, f"hash of {name}", document_name)
    store.put_file("c.md", "another hash", "c.md")
    store.forget_file("a.md")
    store.forget_file("unknown")
    files = store.files()
    assert list(files) == ["b.md", "c.md"]
    assert (files["b.md"].document, files["c.md"].hash) == ("a.md", "another hash")


# ---- updating vectors ----------------------------------------------------------------------------------------


def _changed(store: StoreWriter, removed: Document, added: Document) -> None:
    store.remove(removed.id)
    put(store, added)
    store.commit()


def test_vectors_of_the_version_before_are_brought_in_line(tmp_path: Path) -> None:
    with closing(StoreWriter(tmp_path / "before")) as before, closing(StoreWriter(tmp_path / "after")) as after:
        for store in (before, after):
            for one in (OLD, ENGLISH):
                put(store, one)
        _changed(after, OLD, NEW)
        with closing(Vectors(tmp_path / "chroma", "v1")) as vectors:
            vectors.build(before)
        with closing(Vectors(tmp_path / "chroma", "v2")) as vectors:
            vectors.update(after, before, "v1")
            assert vectors.is_complete(after)
            assert not vectors.is_complete(before)
            found = vectors.search(EMBEDDINGS.query_vector("Der Turm ist rot."), "de", 10)
            assert found.keys() == set(unit_ids(after, "neu"))
            assert vectors.search(EMBEDDINGS.query_vector("cranes"), "en", 10).keys() == set(unit_ids(after, "harbour"))
        with closing(Vectors(tmp_path / "chroma", "v1")) as vectors, pytest.raises(IndexUnavailableError):
            vectors.search(EMBEDDINGS.query_vector("x"), "de", 1)


# ---- a disk that refuses -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["nowhere/index.sqlite", "/proc/index.sqlite"])
def test_a_folder_that_takes_no_file_is_named(tmp_path: Path, path: str) -> None:
    with pytest.raises(AssistantError, match=r"index\.sqlite cannot be written \(.+\)\. Make room on the disk"):
        StoreWriter(tmp_path / path)


def test_a_full_disk_is_named_and_nothing_is_half_written(store: StoreWriter) -> None:
    put(store, OLD)
    store.commit()
    store._rows(f"PRAGMA max_page_count = {store._rows('PRAGMA page_count')[0][0] + 3}")
    with pytest.raises(AssistantError, match=r"cannot be written \(database or disk is full\)\. Make room on the disk"):
        put(store, document("lang", "\n".join(f"Zeile {n} mit Text." for n in range(500))))
    store.close()
    with closing(Store(store.path)) as again:
        assert [d.name for d in again.documents()] == ["alt"]
        assert again.is_sound()
