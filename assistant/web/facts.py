"""GET /v1/facts: what the documents state, one row a fact, each with its citation."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel

from assistant.fact_rows import as_csv, check_kind, fact_row
from assistant.types import Language
from assistant.web.parts import TheService

router = APIRouter(prefix="/v1", tags=["facts"])


class StatedFact(BaseModel):
    """One fact; `quote` is the document's characters from `start` to `end`."""

    kind: str
    subject: str
    attribute: str
    value: str
    written: str
    unit: str
    period: str | None
    language: Language
    document_id: str
    title: str
    publisher: str | None
    date: str | None
    section: str
    page: int | None
    quote: str
    start: int
    end: int
    url: str


class FactList(BaseModel):
    """Facts in the order of their documents."""

    index_version: str
    facts: list[StatedFact]


@router.get(
    "/facts", response_model=FactList, responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}
)
def facts(
    service: TheService,
    subject: Annotated[str | None, Query(max_length=200)] = None,
    kind: str | None = None,
    language: Language | None = None,
    format: Literal["json", "csv"] = "json",  # noqa: A002 - the name of the parameter is the API's
) -> FactList | PlainTextResponse:
    """List facts, all of them or about one body or of one kind; as JSON or CSV."""
    check_kind(kind)
    version = service.index.current()
    rows = [fact_row(fact) for fact in version.store.facts(subject, kind, language)]
    if format == "csv":
        return PlainTextResponse(as_csv(rows), media_type="text/csv")
    return FactList(index_version=version.version, facts=[StatedFact.model_validate(row) for row in rows])
