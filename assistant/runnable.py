"""The search and the assistant as LangChain parts, so that others can compose them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.messages import convert_to_messages
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import AddableDict, Runnable, RunnableLambda
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from assistant.errors import InvalidInputError
from assistant.pipeline import Assistant, Service, check_question
from assistant.retrieve import PASSAGES
from assistant.text.language import detect_language
from assistant.types import Answer, Language, Passage, Question, Turn

_ANSWER = TypeAdapter(Answer)


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")

    question: str
    history: Sequence[Any] = ()
    language: Language | None = None


class PassageRetriever(BaseRetriever):
    """What `POST /v1/search` finds, as LangChain documents, best first."""

    service: Service
    k: int = PASSAGES
    language: Language | None = None

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        check_question(query)
        question = Question(query, query, self.language or detect_language(query))
        findings = self.service.index(question, self.k, self.language)
        return [_document(passage, findings.index_version) for passage in findings.passages]


def as_retriever(service: Service, k: int = PASSAGES, language: Language | None = None) -> BaseRetriever:
    """A retriever over the index of a service.

    Args:
        service: see `assistant.pipeline.build_service`.
        k: how many passages at most.
        language: search documents of this language only.
    """
    return PassageRetriever(service=service, k=k, language=language)


def as_runnable(assistant: Assistant) -> Runnable[str | Mapping[str, Any], dict[str, Any]]:
    """The assistant as a runnable: a question in, the answer object of the contract out.

    Streamed, the text of the answer comes first, in pieces under `answer`, then all the rest; the sum of all is the object.

    The input is the question, or a mapping with `question` and, if wanted, `history` (messages in any form LangChain
    knows) and `language` ("de", "en" or None). The output holds plain lists, dictionaries, strings and numbers.
    """

    def ask(given: str | Mapping[str, Any]) -> Iterator[AddableDict]:
        try:
            request = _Request.model_validate({"question": given} if isinstance(given, str) else given)
        except ValidationError as error:
            first = error.errors()[0]
            raise InvalidInputError(
                f"The input is no question ({'.'.join(map(str, first['loc']))}: {first['msg']}).",
                "Pass text, or a mapping with question, history and language.",
            ) from None
        with closing(assistant.stream(request.question, _turns(request.history), request.language)) as pieces:
            for piece in pieces:
                if isinstance(piece, Answer):
                    whole = _ANSWER.dump_python(piece, mode="json")
                    yield AddableDict({key: value for key, value in whole.items() if key != "answer"})
                elif piece:
                    yield AddableDict(answer=piece)

    return RunnableLambda(ask, name="clusterlotse")


def _turns(history: Sequence[Any]) -> list[Turn]:
    try:
        messages = convert_to_messages(list(history))
    except (NotImplementedError, TypeError, ValueError) as error:
        raise InvalidInputError(
            f"The history holds no messages: {str(error).splitlines()[0]}", "Pass role and content for each."
        ) from None
    return [
        Turn("user" if message.type == "human" else "assistant", message.text)
        for message in messages
        if message.type in ("human", "ai")
    ]


def _document(passage: Passage, index_version: str) -> Document:
    return Document(
        id=passage.chunk_id,
        page_content=passage.text,
        metadata={
            "document_id": passage.document_id,
            "title": passage.title,
            "publisher": passage.publisher,
            "date": passage.date,
            "language": passage.language,
            "section": list(passage.section),
            "page": passage.page,
            "start": passage.span.start,
            "end": passage.span.end,
            "score": passage.score,
            "index_version": index_version,
        },
    )
