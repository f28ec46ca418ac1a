"""GET /v1/documents …: which documents are in, what is known of each, and their texts.

The text at /v1/documents/{id} is what citations point into (`#char=start,end` after RFC 5147).
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, Field

from assistant.index.listing import Size
from assistant.open_index import OpenVersion
from assistant.types import Document, Language
from assistant.web.listing import Wanted, matching
from assistant.web.parts import TheService
from assistant.web.problems import RequestError

EXAMPLE = "ad8cda0040f6241c"  # de/bio-nrw.md of the shipped corpus: an id is made of a document's name
MOST = 200  # documents of one page of the list
_FURTHEST = 1_000_000_000  # characters
_WIDEST = 20_000  # characters

router = APIRouter(prefix="/v1", tags=["documents"])

DocumentId = Annotated[str, Path(description="As `document_id` of a citation.", examples=[EXAMPLE])]
Offset = Annotated[int, Query(ge=0, le=_FURTHEST, description="As of a citation.")]
Date = Annotated[str | None, Query(pattern=r"^\d{4}(-\d{2}){0,2}$", description="A year, month or day.")]


class DocumentInfo(BaseModel):
    """What is known of a document."""

    document_id: str
    name: str = Field(description="Its file's place below the folder that was indexed.")
    title: str
    publisher: str | None
    date: str | None = Field(description="As of which it speaks.")
    date_place: str | None = Field(description="Where that date was found.")
    language: Language
    source: str | None
    translation_of: str | None
    supersedes: str | None
    superseded_by: str | None = Field(description="Name of the newer edition; this one answers no more.")
    characters: int
    pages: int | None
    url: str = Field(description="Of its text.")


class DocumentList(BaseModel):
    """Documents in the order of their names."""

    index_version: str
    total: int = Field(description="How many there are with these filters.")
    next_offset: int | None = Field(description="Of the following page; null on the last one.")
    documents: list[DocumentInfo]


class Passage(BaseModel):
    """A part of a document's text and what stands around it."""

    document_id: str
    title: str
    start: int
    end: int
    before: str
    text: str
    after: str


@router.get("/documents")
def documents(
    service: TheService,
    language: Annotated[Language | None, Query(description="Of most of the text.")] = None,
    publisher: Annotated[str | None, Query(max_length=200, description="A part of its name.")] = None,
    date_from: Date = None,
    date_to: Date = None,
    text: Annotated[str | None, Query(max_length=200, description="Words in the text, or in title or name.")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
    offset: Annotated[int, Query(ge=0, le=_FURTHEST)] = 0,
) -> DocumentList:
    """List the documents, all of them or those that fit every filter."""
    version = service.index.current()
    found = matching(version.store, Wanted(language, publisher, date_from, date_to, text))
    page = found[offset : offset + limit]
    sizes = version.store.sizes([document.id for document in page])
    return DocumentList(
        index_version=version.version,
        total=len(found),
        next_offset=offset + limit if offset + limit < len(found) else None,
        documents=[info(document, sizes[document.id]) for document in page],
    )


@router.get("/documents/{document_id}", response_class=PlainTextResponse)
def document(document_id: DocumentId, service: TheService) -> PlainTextResponse:
    """The text of one document, character for character as it is quoted."""
    return PlainTextResponse(found_document(service.index.current(), document_id).text)


@router.get("/documents/{document_id}/metadata")
def metadata(document_id: DocumentId, service: TheService) -> DocumentInfo:
    """What is known of one document."""
    version = service.index.current()
    return info(found_document(version, document_id), version.store.sizes([document_id])[document_id])


@router.get("/documents/{document_id}/text")
def text_around(
    document_id: DocumentId,
    service: TheService,
    start: Offset = 0,
    end: Annotated[int, Query(ge=0, le=_FURTHEST, description="As of a citation.", examples=[60])] = 0,
    around: Annotated[int, Query(ge=0, le=_WIDEST, description="Characters before and after.")] = 500,
) -> Passage:
    """A part of a document's text with its surroundings, to show a quote in its place."""
    found = found_document(service.index.current(), document_id)
    if not start <= end <= len(found.text):
        raise RequestError(
            404,
            f"The characters {start} to {end} are not a part of a text of {len(found.text)}.",
            "Take `start` and `end` of a citation.",
        )
    return Passage(
        document_id=found.id,
        title=found.title,
        start=start,
        end=end,
        before=found.text[max(0, start - around) : start],
        text=found.text[start:end],
        after=found.text[end : end + around],
    )


def found_document(version: OpenVersion, document_id: str) -> Document:
    """One document with its text.

    Raises:
        RequestError: there is none with this id.
    """
    found = version.store.document(document_id)
    if found is None:
        raise RequestError(
            404,
            f"There is no document {document_id[:32]!r}.",
            "GET /v1/documents lists them. See /docs for the routes.",
        )
    return found


def info(document: Document, size: Size) -> DocumentInfo:
    """What is known of a document."""
    return DocumentInfo(
        document_id=document.id,
        name=document.name,
        title=document.title,
        publisher=document.publisher,
        date=document.date,
        date_place=document.date_place,
        language=document.language,
        source=document.source,
        translation_of=document.translation_of,
        supersedes=document.supersedes,
        superseded_by=document.superseded_by,
        characters=size.characters,
        pages=size.pages,
        url=f"/v1/documents/{document.id}",
    )
