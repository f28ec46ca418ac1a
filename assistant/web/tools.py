"""What an agent can do here: four tools, each a shape that it takes, a call, and a shape that it gives."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from assistant.pipeline import Service
from assistant.sources import with_sources
from assistant.types import Answer, Language
from assistant.web.ask import Asked
from assistant.web.documents import DocumentInfo, found_document, info
from assistant.web.exact import NUMBER
from assistant.web.facts import FactList, listed_facts
from assistant.web.search import SearchBody, SearchResult, search


class DocumentBody(BaseModel):
    """A document, or a part of its text."""

    model_config = ConfigDict(extra="forbid")

    document_id: Annotated[str, Field(description="As `document_id` of a citation or passage.")]
    start: Annotated[int, Field(ge=0, description="First character."), NUMBER] = 0
    length: Annotated[int, Field(ge=1, le=50_000, description="Characters at most."), NUMBER] = 20_000


class DocumentText(DocumentInfo):
    """What is known of a document, and its characters from `start` to `end`."""

    start: int
    end: int
    text: str


class FactsBody(BaseModel):
    """Which facts."""

    model_config = ConfigDict(extra="forbid")

    subject: Annotated[
        str | None, Field(max_length=200, description="The body they are about, in any of its names.")
    ] = None
    kind: Annotated[str | None, Field(description="founded, seat, members, staff, funding, lead …")] = None
    language: Language | None = None
    limit: Annotated[int, Field(ge=1, le=500), NUMBER] = 100


def _ask(asked: Asked, service: Service) -> tuple[str, Any]:
    answer = service.assistant.ask(asked.question, asked.turns(), asked.language)
    return with_sources(answer), dataclasses.asdict(answer)


def _search(body: SearchBody, service: Service) -> tuple[str, Any]:
    return _as_json(search(body, service))


def _document(body: DocumentBody, service: Service) -> tuple[str, Any]:
    version = service.index.current()
    found = found_document(version, body.document_id)
    text = found.text[body.start : body.start + body.length]
    about = info(found, version.store.sizes([found.id])[found.id])
    return _as_json(DocumentText(**about.model_dump(), start=body.start, end=body.start + len(text), text=text))


def _facts(body: FactsBody, service: Service) -> tuple[str, Any]:
    listed = listed_facts(service, body.subject, body.kind, body.language)
    return _as_json(listed.model_copy(update={"facts": listed.facts[: body.limit]}))


def _as_json(result: BaseModel) -> tuple[str, Any]:
    return result.model_dump_json(), result.model_dump(mode="json")


@dataclasses.dataclass(frozen=True)
class Tool:
    """A tool: what it takes, what it gives, and the call."""

    title: str
    description: str
    takes: type[BaseModel]
    gives: Any
    call: Callable[[Any, Service], tuple[str, Any]]


TOOLS = {
    "ask": Tool(
        "Ask", "Answer a question from the documents with verbatim quotes and their citations.", Asked, Answer, _ask
    ),
    "search": Tool(
        "Search", "Find passages of the documents by meaning and words, best first.", SearchBody, SearchResult, _search
    ),
    "get_document": Tool(
        "Get document", "Read a document: title, publisher, date, and its text.", DocumentBody, DocumentText, _document
    ),
    "list_facts": Tool(
        "List facts",
        "List what the documents state as facts (founded, members, funding, people …), each with its quote.",
        FactsBody,
        FactList,
        _facts,
    ),
}
