"""What is embedded, and what is not embedded again."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

import ingest.assemble
import ingest.plan
import ingest.stage
from assistant.index.store import Store
from assistant.index.versions import STORE, served
from assistant.types import Chunk, Document, Span, Unit
from ingest.events import Event
from ingest.stage import digest_of, embedding_text, open_staging
from tests.ingest.parts import DOCUMENTS, Place

TOWER = "# Turm\n\nDer Turm ist 41 Meter hoch. Er ist rot. Er steht am Meer.\n"


def test_a_changed_document_embeds_only_its_changed_sentences(tmp_path: Path) -> None:
    place = Place(tmp_path, {"turm.md": TOWER})
    place.ingest()
    assert place.embeddings.count == 3
    place.write("turm.md", TOWER.replace("rot", "blau"))
    assert place.ingest().changed == ("turm.md",)
    assert place.embeddings.count == 1
    place.write("turm.md", TOWER.replace("# Turm", "# Leuchtturm"))  # the heading belongs to what is embedded
    place.ingest()
    assert place.embeddings.count == 3


def test_the_same_sentence_is_embedded_once(tmp_path: Path) -> None:
    place = Place(tmp_path, {"a.md": TOWER, "b.md": TOWER.replace("rot", "blau")})
    place.ingest()
    assert place.embeddings.count == 4


def test_a_moved_document_embeds_nothing(tmp_path: Path) -> None:
    place = Place(tmp_path, {"turm.md": TOWER, "hafen.md": "# Hafen\n\nEr hat Kräne."})
    place.ingest()
    (place.docs / "turm.md").rename(place.docs / "leuchtturm.md")
    report = place.ingest()
    assert (report.added, report.removed, place.embeddings.count) == (("leuchtturm.md",), ("turm.md",), 0)


def test_a_new_way_of_reading_reads_everything_and_embeds_nothing(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = place.ingest()
    for module in (ingest.plan, ingest.assemble):
        monkeypatch.setattr(module, "PIPELINE", "another")
    report = place.ingest()
    assert (report.changed, report.unchanged) == (tuple(DOCUMENTS), ())
    assert report.version != first.version
    assert place.embeddings.count == 0
    assert place.served() == DOCUMENTS


def test_the_vectors_taken_over_are_those_of_their_texts(place: Place) -> None:
    place.ingest()
    place.write("turm.txt", DOCUMENTS["turm.txt"].replace("1907", "1908"))
    place.ingest()
    with closing(Store(served(place.data).folder / STORE)) as store:
        for document in store.documents():
            whole = store.document(document.id)
            assert whole is not None
            for language in ("de", "en"):
                for unit in store.units(store.searched_ids(language)):
                    if unit.document_id == document.id:
                        chunk = store.chunks([unit.chunk_id])[unit.chunk_id]
                        made = Chunk(chunk.id, whole.id, chunk.language, chunk.section, None, chunk.span, ())
                        text = embedding_text(whole, made, unit.unit)
                        assert unit.vector.tobytes() == place.embeddings.document_vectors([text])[0].tobytes()
                        assert digest_of(text) in store.digests()[whole.name]


def test_large_documents_are_embedded_in_batches_that_are_told(tmp_path: Path) -> None:
    place = Place(tmp_path, {"viele.md": "# Viele\n\n" + "\n\n".join(f"Satz {n} ist hier." for n in range(200))})
    events: list[Event] = []
    place.ingest(tell=events.append)
    (total,) = {event.total for event in events if event.step == "embedded"}
    assert [event.done for event in events if event.step == "embedded"] == [
        int(share * total) for share in (64 / 200, 128 / 200, 192 / 200, 1)
    ]
    assert place.embeddings.count == 200


def test_what_is_embedded(tmp_path: Path) -> None:
    text = "Ziele sind:\nForschung\n" + "x" * 5_000
    document = Document(
        "id", "n", "Titel", None, None, None, "de", None, None, None, None, content_hash="", text=text
    )  # fmt: skip
    item, long = Unit(Span(12, 21), "item", Span(0, 11)), Unit(Span(22, 5_022), "sentence")
    under, alone = (
        Chunk("c", "id", "de", section, None, Span(0, len(text)), (item, long)) for section in (("A", "B"), ())
    )
    assert embedding_text(document, under, item) == "B. Ziele sind:. Forschung"
    assert embedding_text(document, alone, item) == "Titel. Ziele sind:. Forschung"
    assert embedding_text(document, under, long) == "B. " + "x" * 3_997
    assert len(digest_of(text)) == 16


def test_a_file_that_changes_while_it_is_read_is_refused(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    class Changing(type(place.embeddings)):  # type: ignore[misc]
        """Somebody saves the second file while the first is embedded."""

        def documents(self, texts: list[str]) -> object:
            place.write(".saved", "Anders.").replace(place.docs / "turm.txt")
            return super().documents(texts)

    place.embeddings = Changing()
    report = place.ingest()
    assert [(refusal.name, refusal.reason) for refusal in report.refused] == [
        ("turm.txt", "it changed while it was read. Run lotse-ingest again.")
    ]
    assert place.ingest().added == ("turm.txt",)
    assert place.served()["turm.txt"] == "Anders."


@pytest.mark.parametrize("left", ["nothing", "same model", "another model", "garbage"])
def test_staging_keeps_what_can_be_used(tmp_path: Path, left: str) -> None:
    if left == "garbage":
        (tmp_path / ingest.stage.STAGED).write_bytes(b"garbage " * 1_000)
    elif left != "nothing":
        with open_staging(tmp_path, left) as staging:
            staging.put_file("a.md", "hash", "a.md")
            staging.commit()
    with open_staging(tmp_path, "same model") as staging:
        assert list(staging.files()) == (["a.md"] if left == "same model" else [])
        assert staging.meta("model") == "same model"
