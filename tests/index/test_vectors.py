import re
from collections.abc import Iterator
from pathlib import Path

import chromadb
import numpy as np
import pytest

from assistant.errors import IndexUnavailableError
from assistant.index.vectors import Vectors
from assistant.index.writer import StoreWriter
from tests.chroma_server import ChromaServer
from tests.index.parts import EMBEDDINGS, document, put, unit_ids

TEXT = "\n".join(["Der Verein hat 35 Mitglieder.", "Der Sitz ist Leipzig.", "Die Förderung läuft bis 2026."])
ENGLISH = "The association has 35 members.\nIts seat is Leipzig."


@pytest.fixture
def filled(store: StoreWriter) -> StoreWriter:
    """A store with three German and two English units."""
    put(store, document("de", TEXT))
    put(store, document("en", ENGLISH, "en"))
    store.commit()
    return store


@pytest.fixture
def vectors(tmp_path: Path) -> Iterator[Vectors]:
    opened = Vectors(tmp_path / "chroma", "v1")
    yield opened
    opened.close()


def test_each_unit_is_found_by_its_own_words(filled: StoreWriter, vectors: Vectors) -> None:
    vectors.build(filled)
    for unit_id, line in zip(unit_ids(filled, "de"), TEXT.split("\n"), strict=True):
        found = vectors.search(EMBEDDINGS.query_vector(line), "de", 3)
        assert next(iter(found)) == unit_id
        assert found[unit_id] == pytest.approx(1.0, abs=1e-5)
        assert list(found.values()) == sorted(found.values(), reverse=True)


def test_cosines_are_those_of_the_store(filled: StoreWriter, vectors: Vectors) -> None:
    vectors.build(filled)
    question = EMBEDDINGS.query_vector("Wie viele Mitglieder hat der Verein?")
    ((ids, rows),) = filled.vectors("de")
    expected = dict(zip(ids, rows @ question, strict=True))
    found = vectors.search(question, "de", 10)
    assert found.keys() == expected.keys()
    np.testing.assert_allclose([found[i] for i in ids], [expected[i] for i in ids], atol=1e-5)


def test_languages_are_apart_and_the_limit_holds(filled: StoreWriter, vectors: Vectors) -> None:
    vectors.build(filled)
    question = EMBEDDINGS.query_vector("Leipzig")
    assert set(vectors.search(question, "en", 10)) == set(unit_ids(filled, "en"))
    assert len(vectors.search(question, "de", 2)) == 2


def test_an_empty_language_finds_nothing(store: StoreWriter, vectors: Vectors) -> None:
    put(store, document("de", TEXT))
    vectors.build(store)
    assert vectors.search(EMBEDDINGS.query_vector("x"), "en", 5) == {}
    assert vectors.is_complete(store)


def test_building_again_replaces(filled: StoreWriter, vectors: Vectors) -> None:
    vectors.build(filled)
    vectors.build(filled)
    assert vectors.is_complete(filled)


def test_more_units_than_the_store_is_incomplete_too(filled: StoreWriter, vectors: Vectors) -> None:
    vectors.build(filled)
    filled.remove("id-en")
    assert not vectors.is_complete(filled)


def test_vectors_survive_closing(filled: StoreWriter, tmp_path: Path) -> None:
    first = Vectors(tmp_path / "chroma", "v1")
    first.build(filled)
    first.close()
    moved = (tmp_path / "chroma").rename(tmp_path / "moved")
    second = Vectors(moved, "v1")
    assert second.is_complete(filled)
    second.close()


def test_many_units_are_searched_exactly_enough(store: StoreWriter, vectors: Vectors) -> None:
    put(store, document("viele", "\n".join(f"Satz {n} über Thema {n % 40} und Ort {n % 7}." for n in range(1_500))))
    vectors.build(store)
    assert vectors.is_complete(store)
    ids, rows = (np.concatenate(part) for part in zip(*store.vectors("de"), strict=True))
    hits = 0
    for number in range(20):
        question = EMBEDDINGS.query_vector(f"Thema {number} Ort {number % 7}")
        cosines = rows @ question
        found = vectors.search(question, "de", 10)
        worst = np.sort(cosines)[-10]
        hits += sum(cosines[list(ids).index(unit_id)] >= worst - 1e-5 for unit_id in found)
    assert hits >= 0.95 * 200


def test_another_version_is_not_there(filled: StoreWriter, vectors: Vectors, tmp_path: Path) -> None:
    vectors.build(filled)
    other = Vectors(tmp_path / "chroma", "v2")
    assert not other.is_complete(filled)
    with pytest.raises(IndexUnavailableError, match="Run lotse-ingest"):
        other.search(EMBEDDINGS.query_vector("x"), "de", 5)
    other.close()


def test_dropped_vectors_are_gone(filled: StoreWriter, vectors: Vectors) -> None:
    vectors.build(filled)
    vectors.drop()
    vectors.drop()
    assert not vectors.is_complete(filled)


def test_garbage_is_an_error_that_names_the_repair(tmp_path: Path) -> None:
    folder = tmp_path / "chroma"
    folder.mkdir()
    (folder / "chroma.sqlite3").write_bytes(b"no database " * 1000)
    with pytest.raises(IndexUnavailableError, match=r"cannot be used .* Run lotse-ingest"):
        Vectors(folder, "v1")


def test_a_collection_that_names_code_is_refused(filled: StoreWriter, vectors: Vectors, tmp_path: Path) -> None:
    vectors.build(filled)
    vectors.drop()
    vectors.close()
    client = chromadb.PersistentClient(str(tmp_path / "chroma"))
    for name in ("lotse-v1-de", "lotse-v1-en"):
        client.create_collection(name)  # with Chroma's default function, which downloads a model
    client.close()  # type: ignore[attr-defined]
    opened = Vectors(tmp_path / "chroma", "v1")
    for use in (lambda: opened.is_complete(filled), lambda: opened.search(EMBEDDINGS.query_vector("x"), "de", 1)):
        with pytest.raises(IndexUnavailableError, match="not one of Clusterlotse"):
            use()
    opened.close()


def test_nobody_at_the_address(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailableError, match=r"No Chroma answers at http://127\.0\.0\.1:9 .* LOTSE_CHROMA_URL"):
        Vectors(tmp_path / "unused", "v1", "http://127.0.0.1:9")
    assert not (tmp_path / "unused").exists()


@pytest.mark.slow
def test_a_server_holds_the_vectors_too(filled: StoreWriter, chroma_server: ChromaServer, tmp_path: Path) -> None:
    url = chroma_server.url
    remote = Vectors(tmp_path / "unused", "v1", url)
    assert not remote.is_complete(filled)
    remote.build(filled)
    assert remote.is_complete(filled)
    assert (
        next(iter(remote.search(EMBEDDINGS.query_vector("Der Sitz ist Leipzig."), "de", 1)))
        == unit_ids(filled, "de")[1]
    )
    again = Vectors(tmp_path / "unused", "v1", url)
    assert again.is_complete(filled)
    again.close()
    chroma_server.stop()
    with pytest.raises(IndexUnavailableError, match=re.escape(url)):
        remote.search(EMBEDDINGS.query_vector("x"), "de", 1)
    with pytest.raises(IndexUnavailableError, match=re.escape(url)):
        remote.is_complete(filled)
    remote.close()
    assert not (tmp_path / "unused").exists()
