"""GET /v1/index: which index answers, what is in it and how fresh it is."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

from assistant.types import Document
from assistant.web.parts import TheService

router = APIRouter(prefix="/v1", tags=["index"])


class Counts(BaseModel):
    """How many there are of each."""

    documents: int
    passages: int
    sentences: int = Field(description="Sentences, list items and table rows that can be quoted.")
    facts: int


class DatedDocument(BaseModel):
    """A document by its date."""

    document_id: str
    title: str
    date: str


class IndexInfo(BaseModel):
    """The index that answers now."""

    index_version: str
    built_at: str = Field(description="ISO 8601, UTC.")
    embedding_model: str
    counts: Counts
    languages: dict[str, int] = Field(description="Documents by language.")
    oldest: DatedDocument | None = Field(description="Null where no document has a date.")
    newest: DatedDocument | None
    undated: int = Field(description="Documents without a date.")


@router.get("/index")
def index(service: TheService) -> IndexInfo:
    """Version, counts and freshness."""
    version = service.index.current()
    documents, counts = version.store.documents(), version.store.counts()
    dated = sorted((document for document in documents if document.date), key=lambda document: str(document.date))
    languages = sorted({document.language for document in documents})
    return IndexInfo(
        index_version=version.version,
        built_at=version.built_at,
        embedding_model=service.index.embedder.name,
        counts=Counts(
            documents=counts["documents"],
            passages=counts["chunks"],
            sentences=counts["units"],
            facts=version.store.fact_count(),
        ),
        languages={one: sum(document.language == one for document in documents) for one in languages},
        oldest=_dated(dated[0]) if dated else None,
        newest=_dated(dated[-1]) if dated else None,
        undated=len(documents) - len(dated),
    )


def _dated(document: Document) -> DatedDocument:
    return DatedDocument(document_id=document.id, title=document.title, date=str(document.date))
