"""The large index that a benchmark measures: its documents are about other bodies, and all of an index is there."""

from __future__ import annotations

import importlib
from contextlib import closing
from pathlib import Path
from types import ModuleType

import pytest

from assistant.errors import InvalidInputError
from assistant.index.store import Store
from assistant.index.versions import STORE, damage, served
from assistant.open_index import OpenIndex
from assistant.settings import Settings
from assistant.types import Question
from ingest.build import ingest
from tests.helpers import HashingEmbeddings

EMBEDDINGS = HashingEmbeddings()
NAMES = [f"{start}Med {end}" for start in ("Nova", "Elb", "Ost", "Süd") for end in ("Halle", "Gera", "Jena", "Suhl")]
TEXT = "\n\n".join(
    f"# {name} e. V.\n\nDas Cluster {name} wurde {1980 + n} gegründet. Das Cluster {name} hat {150 + n} Mitglieder."
    for n, name in enumerate(NAMES)
)


@pytest.fixture(scope="module")
def copies() -> ModuleType:
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(str(Path(__file__).parents[1] / "benchmarks"))
        return importlib.import_module("copies")


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "cluster.md").write_text(f"---\ntitle: Cluster\nlanguage: de\n---\n{TEXT}\n", encoding="utf-8")
    ingest([folder], tmp_path / "small", EMBEDDINGS)
    return folder


def test_a_large_index_is_like_one_that_was_imported(copies: ModuleType, documents: Path, tmp_path: Path) -> None:
    small, large = tmp_path / "small", tmp_path / "large"
    with closing(Store(served(small).folder / STORE)) as store:
        copies.build_copies(copies.read_corpus([documents], store), large, 60, EMBEDDINGS.name)
        before, facts_before = store.counts(), store.facts()
    assert damage(served(large).folder) is None
    with closing(Store(served(large).folder / STORE)) as store:
        times = store.counts()["documents"]
        assert store.counts() == {table: count * times for table, count in before.items()}
        assert store.counts()["chunks"] >= 60
        assert store.worded("de") == before["units"] * times
        facts = store.facts()
        assert len(facts) > 0.7 * times * len(facts_before)
        assert len({fact.entry.subject for fact in facts}) > 2 * len({fact.entry.subject for fact in facts_before})
        assert len({fact.entry.value for fact in facts if fact.entry.kind == "members"}) > 2 * len(NAMES)
        assert all(fact.entry.written in fact.quote for fact in facts)
    index = OpenIndex(Settings(data=large), EMBEDDINGS)
    asked = "Wie viele Mitglieder hat NovaMed Gera?"
    found = index(Question(asked, asked, "de"))
    assert "NovaMed Gera hat 151 Mitglieder" in found.passages[0].text
    assert len(found.passages) == 10


def test_other_documents_are_refused(copies: ModuleType, documents: Path, tmp_path: Path) -> None:
    (documents / "new.md").write_text("Der Hafen hat 17 Kräne.", encoding="utf-8")
    with (
        closing(Store(served(tmp_path / "small").folder / STORE)) as store,
        pytest.raises(InvalidInputError, match="no index of these documents"),
    ):
        copies.read_corpus([documents], store)
