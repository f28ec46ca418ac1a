"""The LangChain parts: the search as a retriever, the assistant as a runnable."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_core.runnables import RunnableLambda

from assistant.errors import InvalidInputError
from assistant.extractive import draft_quotes
from assistant.open_index import OpenIndex
from assistant.pipeline import Assistant, Service
from assistant.rewrite import rewrite_question
from assistant.runnable import as_retriever, as_runnable
from assistant.settings import Settings
from assistant.types import Answer, Language, Question, Turn
from assistant.verify import verify_draft
from ingest.build import ingest
from tests.helpers import HashingEmbeddings

DOCUMENTS = {
    "harbour.md": "---\ntitle: Harbour report\npublisher: Port\ndate: 2025-03-01\nlanguage: en\n---\n# Cranes\n\n"
    "The harbour of Kleinhaven runs 17 cranes.\n\n# Dues\n\nShips pay 90 euros a day.\n",
    "turm.md": "---\ntitle: Leuchtturm\nlanguage: de\n---\n# Höhe\n\n"
    "Der Leuchtturm von Kleinhaven ist 41 Meter hoch.\n",
}
ANSWER_KEYS = {
    "id", "status", "answer", "language", "engine", "degraded", "rewritten_question", "citations", "conflicts",
    "index_version", "timings_ms",
}  # fmt: skip


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    folder = tmp_path_factory.mktemp("runnable")
    (folder / "files").mkdir()
    for name, text in DOCUMENTS.items():
        (folder / "files" / name).write_text(text, encoding="utf-8")
    settings, embedder = Settings(data=folder / "index"), HashingEmbeddings()
    ingest([folder / "files"], Path(settings.data), embedder)
    index = OpenIndex(settings, embedder)
    return Service(Assistant(rewrite_question, index, draft_quotes, verify_draft), index)


# ---- retriever -----------------------------------------------------------------------------------------------


def test_the_retriever_gives_documents_with_their_place(service: Service) -> None:
    first, *_ = as_retriever(service).invoke("How many cranes does the harbour of Kleinhaven run?")
    assert first.page_content == "The harbour of Kleinhaven runs 17 cranes."
    found = first.metadata
    document = service.index.document(found["document_id"])
    assert document is not None
    assert document.text[found["start"] : found["end"]] == first.page_content
    assert {key: found[key] for key in ("title", "publisher", "date", "language", "section", "page")} == {
        "title": "Harbour report",
        "publisher": "Port",
        "date": "2025-03-01",
        "language": "en",
        "section": ["Cranes"],
        "page": None,
    }
    assert found["index_version"] == service.index.current().version
    assert json.loads(json.dumps(found)) == found


def test_the_retriever_gives_the_best_first(service: Service) -> None:
    scores = [found.metadata["score"] for found in as_retriever(service).invoke("Kleinhaven cranes")]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) == 3


@pytest.mark.parametrize(("k", "language", "expected"), [(1, None, 1), (10, "de", 1), (10, "en", 2)])
def test_the_retriever_can_be_narrowed(service: Service, k: int, language: Language | None, expected: int) -> None:
    found = as_retriever(service, k, language).invoke("Kleinhaven")
    assert len(found) == expected
    assert language is None or {one.metadata["language"] for one in found} == {language}


def test_the_retriever_refuses_what_is_no_question(service: Service) -> None:
    with pytest.raises(InvalidInputError):
        as_retriever(service).invoke("  ")


def test_the_retriever_composes(service: Service) -> None:
    titles = as_retriever(service, 1) | RunnableLambda(lambda found: found[0].metadata["title"])
    assert titles.batch(["Wie hoch ist der Leuchtturm?", "How many cranes?"]) == ["Leuchtturm", "Harbour report"]


# ---- runnable ------------------------------------------------------------------------------------------------


def test_the_runnable_gives_the_answer_object(service: Service) -> None:
    answer = as_runnable(service.assistant).invoke("How many cranes does the harbour of Kleinhaven run?")
    assert answer.keys() == ANSWER_KEYS
    assert "**17** cranes" in answer["answer"]
    assert answer["citations"][0]["section"] == ["Cranes"]
    assert json.loads(json.dumps(answer)) == answer


def test_the_runnable_works_asynchronously(service: Service) -> None:
    answer = asyncio.run(as_runnable(service.assistant).ainvoke("How many cranes does the harbour run?"))
    assert answer["language"] == "en"


def test_the_runnable_streams_the_answer_before_the_rest(service: Service) -> None:
    asked = "How many cranes does the harbour of Kleinhaven run?"
    *pieces, rest = as_runnable(service.assistant).stream(asked)
    whole = as_runnable(service.assistant).invoke(asked)
    assert [piece.keys() for piece in pieces] == [{"answer"}]
    assert pieces[0]["answer"] == whole["answer"]
    assert rest.keys() == ANSWER_KEYS - {"answer"}
    assert rest["citations"] == whole["citations"]


class HeardError(Exception):
    """The question has arrived; what becomes of it is another test's business."""


class Listener:
    """An assistant that keeps what it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[Turn], Language | None]] = []
        self.assistant = Assistant(self._rewrite, self._never, self._never, self._never)

    def _rewrite(self, asked: str, history: Any, language: Language | None) -> Question:
        self.asked.append((asked, list(history), language))
        raise HeardError

    def _never(self, *_: Any) -> Any:
        raise AssertionError("not reached")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Where?", ("Where?", [], None)),
        ({"question": "Where?"}, ("Where?", [], None)),
        ({"question": "Where?", "language": "de"}, ("Where?", [], "de")),
        (
            {
                "question": "Where?",
                "history": [{"role": "user", "content": "Who?"}, {"role": "assistant", "content": "A."}],
            },
            ("Where?", [Turn("user", "Who?"), Turn("assistant", "A.")], None),
        ),
        (
            {"question": "Where?", "history": [SystemMessage("Be kind."), HumanMessage("Who?"), AIMessage("A.")]},
            ("Where?", [Turn("user", "Who?"), Turn("assistant", "A.")], None),
        ),
        ({"question": "Where?", "history": [("user", "Who?")]}, ("Where?", [Turn("user", "Who?")], None)),
    ],
)
def test_questions_come_in_several_forms(given: Any, expected: Any) -> None:
    listener = Listener()
    with pytest.raises(HeardError):
        as_runnable(listener.assistant).invoke(given)
    assert listener.asked == [expected]


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({}, "question: Field required"),
        ({"question": 5}, "question: Input should be a valid string"),
        ({"question": "Where?", "tone": "kind"}, "tone: Extra inputs"),
        ({"question": "Where?", "language": "fr"}, "language: Input should be 'de' or 'en'"),
        ({"question": "Where?", "history": 5}, "history: "),
        ({"question": "Where?", "history": [{"content": "Who?"}]}, "history holds no messages"),
        ({"question": "Where?", "history": [5]}, "history holds no messages"),
        (5, "The input is no question"),
        ("", "The question is empty"),
    ],
)
def test_what_is_no_question_is_refused(given: Any, error: str) -> None:
    with pytest.raises(InvalidInputError, match=error):
        as_runnable(Listener().assistant).invoke(given)


def test_the_answer_keys_are_those_of_the_type() -> None:
    assert set(Answer.__dataclass_fields__) == ANSWER_KEYS
