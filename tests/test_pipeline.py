"""The stages in a row, what is no question, and the index that is being served."""

from __future__ import annotations

import dataclasses
import shutil
import tempfile
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import IndexUnavailableError, InvalidInputError
from assistant.index.versions import CURRENT, STORE, VECTORS, current_version, damage, served
from assistant.open_index import OpenIndex, open_version
from assistant.pipeline import MAX_HISTORY, MAX_QUESTION, Assistant, check_question
from assistant.settings import Settings
from assistant.types import Answer, Draft, Findings, Language, Question, Turn
from assistant.verify import verify_draft
from ingest.build import ingest
from tests.helpers import HashingEmbeddings
from tests.scripted import findings, passage, quote_first

FOUND = findings((passage("harbour", "The harbour runs 17 cranes."),))
CRANES = Question("Kräne?", "Kräne?", "de")


# ---- stages --------------------------------------------------------------------------------------------------


class Stages:
    """Plain functions that keep what they were called with."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    def rewrite(self, text: str, history: Sequence[Turn], language: Language | None) -> Question:
        self.calls.append(("rewrite", text, list(history), language))
        return Question(text, f"{text} (rewritten)", "en")

    def retrieve(self, question: Question) -> Findings:
        self.calls.append(("retrieve", question.text))
        return FOUND

    def draft(self, question: Question, found: Findings) -> Draft:
        self.calls.append(("draft", question.text, found))
        return quote_first(question, found)

    def verify(self, question: Question, found: Findings, draft: Draft) -> Answer:
        self.calls.append(("verify", question.text, found, draft))
        return verify_draft(question, found, draft)

    def assistant(self) -> Assistant:
        return Assistant(self.rewrite, self.retrieve, self.draft, self.verify)


def test_the_stages_run_in_order_and_hand_on_what_they_made() -> None:
    stages = Stages()
    answer = stages.assistant().ask("  Cranes?\n", [Turn("user", "Hi")], "en")
    text = "Cranes? (rewritten)"
    assert stages.calls == [
        ("rewrite", "Cranes?", [Turn("user", "Hi")], "en"),
        ("retrieve", text),
        ("draft", text, FOUND),
        ("verify", text, FOUND, quote_first(CRANES, FOUND)),
    ]
    assert answer.answer == "The documents say:\n\nThe harbour runs 17 cranes. [1]"
    assert (answer.rewritten_question, answer.index_version) == (text, "v1")


def test_without_an_engine_that_grows_the_answer_is_one_piece() -> None:
    asked, (piece, streamed) = Stages().assistant().ask("Cranes?"), Stages().assistant().stream("Cranes?")
    assert isinstance(streamed, Answer)
    assert piece == streamed.answer == asked.answer
    assert set(streamed.timings_ms) == set(asked.timings_ms)


def test_a_draft_that_grows_is_told_as_it_grows_and_closed_with_the_stream() -> None:
    closed = []

    def drafts(question: Question, found: Findings) -> Generator[Draft, None, None]:
        whole = quote_first(question, found)
        try:
            yield dataclasses.replace(whole, claims=())
            yield whole
            yield whole
        finally:
            closed.append(True)

    assistant = dataclasses.replace(Stages().assistant(), drafts=drafts)
    *pieces, answer = assistant.stream("Cranes?")
    assert isinstance(answer, Answer)
    assert pieces == ["", answer.answer, ""], "nothing is told before it is proven"
    stream = assistant.stream("Cranes?")
    next(stream)
    assert closed == [True]
    stream.close()
    assert closed == [True, True]


def test_what_is_no_question_is_not_streamed() -> None:
    with pytest.raises(InvalidInputError):
        list(Stages().assistant().stream(" "))


def test_timings_are_those_of_the_contract() -> None:
    timings = Stages().assistant().ask("Cranes?").timings_ms
    assert set(timings) == {"retrieve", "answer", "total"}
    assert all(value >= 0 for value in timings.values())


def test_of_a_long_conversation_the_last_turns_count() -> None:
    stages = Stages()
    turns = [Turn("user", str(n)) for n in range(MAX_HISTORY + 7)]
    stages.assistant().ask("Cranes?", turns)
    assert stages.calls[0][2] == turns[7:]


def test_every_answer_has_its_own_id() -> None:
    assistant = Stages().assistant()
    assert assistant.ask("Cranes?").id != assistant.ask("Cranes?").id


BAD = {
    "empty": ("", "empty"),
    "spaces": (" \t\r\n\u00a0\u2003", "empty"),
    "too long by one": ("a" * (MAX_QUESTION + 1), "2,001"),
    "1 MB": ("ä" * 1_000_000, "1,000,000"),
    "NUL": ("Wie viele\x00 Kräne?", "control"),
    "bell": ("\aKräne", "control"),
    "escape": ("\x1b[31mKräne", "control"),
    "half a character": ("Kräne \ud83e", "control"),
    "emoji only": ("🧬🏗️", "no word"),
    "punctuation only": ("?!…", "no word"),
}


@pytest.mark.parametrize(("question", "message"), BAD.values(), ids=BAD.keys())
def test_what_is_no_question_reaches_no_stage(question: str, message: str) -> None:
    stages = Stages()
    with pytest.raises(InvalidInputError, match=message) as caught:
        stages.assistant().ask(question)
    assert caught.value.fix
    assert len(str(caught.value)) < 200
    assert stages.calls == []


@pytest.mark.parametrize("question", ["a", "17", "什么", "🧬 Kräne?", "Zwei\nZeilen\tund mehr\r\n", "a" * MAX_QUESTION])
def test_what_is_a_question(question: str) -> None:
    check_question(question)


# ---- the index being served ----------------------------------------------------------------------------------


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Of an index of one document."""
    put(tmp_path, "Der Hafen hat 17 Kräne.")
    return Settings(data=tmp_path / "data")


def put(folder: Path, text: str, model: str = "test/hashing-256") -> str:
    """Index one document of this text; the version."""
    (folder / "docs").mkdir(exist_ok=True)
    (folder / "docs" / "hafen.md").write_text(text, encoding="utf-8")
    return ingest([folder / "docs"], folder / "data", HashingEmbeddings(model)).version


def texts(found: Findings) -> list[str]:
    return [passage.text for passage in found.passages]


def test_a_new_version_is_followed_without_a_restart(settings: Settings, tmp_path: Path) -> None:
    index = OpenIndex(settings, HashingEmbeddings())
    before = index(CRANES)
    version = put(tmp_path, "Der Hafen hat 18 Kräne.")
    after = index(CRANES)
    assert (texts(before), texts(after)) == (["Der Hafen hat 17 Kräne."], ["Der Hafen hat 18 Kräne."])
    assert before.index_version != after.index_version == version
    (document,) = index.documents()
    full = index.document(document.id)
    assert full is not None
    assert full.text == "Der Hafen hat 18 Kräne."
    assert index.document("unknown") is None


def test_what_was_opened_stays_one_version_throughout(settings: Settings, tmp_path: Path) -> None:
    index = OpenIndex(settings, HashingEmbeddings())
    opened = index.current()
    assert index.current() is opened
    put(tmp_path, "Der Hafen hat 18 Kräne.")
    found = opened.retriever(CRANES)
    assert (texts(found), found.index_version) == (["Der Hafen hat 17 Kräne."], opened.version)
    assert [opened.store.document(p.document_id) is not None for p in found.passages] == [True]
    assert index.current() is not opened


def test_a_switch_during_a_search_does_not_mix_versions(settings: Settings, tmp_path: Path) -> None:
    class Switching(HashingEmbeddings):
        """Another import is done while the question is embedded."""

        def query_vector(self, text: str) -> Any:
            if (tmp_path / "data" / CURRENT).read_text() == first:
                put(tmp_path, "Der Hafen hat 18 Kräne.")
            return super().query_vector(text)

    first = (tmp_path / "data" / CURRENT).read_text()
    index = OpenIndex(settings, Switching())
    found = index(CRANES)
    assert (texts(found), found.index_version) == (["Der Hafen hat 17 Kräne."], first)
    assert texts(index(CRANES)) == ["Der Hafen hat 18 Kräne."]


def test_an_index_of_another_model_is_refused(settings: Settings) -> None:
    with pytest.raises(IndexUnavailableError, match=r"test/hashing-256.*test/other") as caught:
        OpenIndex(settings, HashingEmbeddings("test/other"))
    assert f"lotse-ingest --data {settings.data}" in caught.value.fix


def test_after_a_switch_to_another_model_the_version_before_goes_on(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    index = OpenIndex(settings, HashingEmbeddings())
    before = index.current()
    put(tmp_path, "Der Hafen hat 18 Kräne.", "test/other")
    for _ in range(2):  # once is told
        assert texts(index(CRANES)) == ["Der Hafen hat 17 Kräne."]
    (record,) = caplog.records
    assert "test/other" in record.message
    assert f"The version {before.version} goes on serving." in record.message
    put(tmp_path, "Der Hafen hat 19 Kräne.")
    assert texts(index(CRANES)) == ["Der Hafen hat 19 Kräne."]


def test_lost_vectors_are_made_anew(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    shutil.rmtree(served(settings.data).folder / VECTORS)
    assert texts(OpenIndex(settings, HashingEmbeddings())(CRANES)) == ["Der Hafen hat 17 Kräne."]
    (record,) = caplog.records
    assert "lotse-ingest --check" in record.message


def damaged(settings: Settings) -> None:
    """Another byte in the store being served."""
    store = served(settings.data).folder / STORE
    content = bytearray(store.read_bytes())
    content[len(content) // 2] ^= 1
    store.write_bytes(content)


def test_a_damaged_store_is_not_opened(settings: Settings) -> None:
    damaged(settings)
    with pytest.raises(IndexUnavailableError, match=r"damaged \(.*index\.sqlite was altered\)") as caught:
        open_version(settings, HashingEmbeddings())
    assert f"lotse-ingest --data {settings.data}" in caught.value.fix


def test_the_version_before_is_opened_in_place_of_a_damaged_one(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = current_version(settings.data)
    put(tmp_path, "Der Hafen hat 18 Kräne.")
    damaged(settings)
    index = OpenIndex(settings, HashingEmbeddings())
    found = index(CRANES)
    assert (texts(found), found.index_version) == (["Der Hafen hat 17 Kräne."], before)
    (record,) = caplog.records
    assert "index.sqlite was altered" in record.message
    assert "Run lotse-ingest" in record.message
    put(tmp_path, "Der Hafen hat 18 Kräne.")
    assert texts(index(CRANES)) == ["Der Hafen hat 18 Kräne."]


def test_damage_while_it_is_open_is_noticed(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    put(tmp_path, "Der Hafen hat 18 Kräne.")
    index = OpenIndex(settings, HashingEmbeddings())
    damaged(settings)
    assert texts(index(CRANES)) == ["Der Hafen hat 17 Kräne."]
    assert "index.sqlite was altered" in caplog.text


def test_two_may_be_open_on_one_folder_and_follow(settings: Settings, tmp_path: Path) -> None:
    first, second = (OpenIndex(settings, HashingEmbeddings()) for _ in range(2))
    assert texts(first(CRANES)) == texts(second(CRANES)) == ["Der Hafen hat 17 Kräne."]
    put(tmp_path, "Der Hafen hat 18 Kräne.")
    assert texts(first(CRANES)) == texts(second(CRANES)) == ["Der Hafen hat 18 Kräne."]
    assert damage(served(settings.data).folder) is None


def test_copies_of_versions_that_were_left_are_removed(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (temporary := tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    index = OpenIndex(settings, HashingEmbeddings())
    for number in range(20, 23):
        put(tmp_path, f"Der Hafen hat {number} Kräne.")
        assert texts(index(CRANES)) == [f"Der Hafen hat {number} Kräne."]
    assert 1 <= len(list(temporary.iterdir())) <= 2  # what is served, and what a question may still be using


def test_a_question_may_go_on_in_a_version_whose_files_are_removed(settings: Settings, tmp_path: Path) -> None:
    index = OpenIndex(settings, HashingEmbeddings())
    opened = index.current()
    for number in range(20, 23):
        put(tmp_path, f"Der Hafen hat {number} Kräne.")
    assert not (settings.data / opened.version).exists()
    assert texts(opened.retriever(CRANES)) == ["Der Hafen hat 17 Kräne."]
    assert texts(index(CRANES)) == ["Der Hafen hat 22 Kräne."]


def test_without_an_index_nothing_is_opened(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailableError, match="no index") as caught:
        OpenIndex(Settings(data=tmp_path), HashingEmbeddings())
    assert "lotse-ingest" in caught.value.fix
