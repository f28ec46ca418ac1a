"""What documents are about, on a store of two documents."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from assistant.index.store import Store
from assistant.index.subjects import Subjects
from assistant.index.versions import STORE, served
from ingest.build import ingest
from tests.helpers import HashingEmbeddings


def test_a_name_in_many_sentences_is_the_subject(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    head = "---\nlanguage: de\n---\n"
    (docs / "novera.md").write_text(head + "Novera wächst. Novera baut. Der Hafen ist alt.\n", encoding="utf-8")
    sentences = " ".join(f"Der Hafen hat im Jahr {year} viele Kräne." for year in range(1950, 2000))
    (docs / "hafen.md").write_text(f"{head}{sentences} Novera kam.\n", encoding="utf-8")
    ingest([docs], tmp_path / "data", HashingEmbeddings())
    with closing(Store(served(tmp_path / "data").folder / STORE)) as store:
        names = {document.id: document.name for document in store.documents()}
        subjects = Subjects(store, "de")
        about = {names[document]: share for document, share in subjects.of("novera").items()}
        assert about["novera.md"] == 1.0
        assert 0 < about["hafen.md"] < 0.5
        assert subjects.of("xanadu") == {}
        assert Subjects(store, "en").of("novera") == {}
