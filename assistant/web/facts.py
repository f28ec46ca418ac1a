"""GET /v1/facts: what the documents state, one row a fact, each with its citation."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel

from assistant.fact_rows import as_csv, check_kind, fact_row
from assistant.pipeline import Service
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
    subject: Annotated[
        str | None, Query(max_length=200, description="The body they are about.", examples=["BioRN"])
    ] = None,
    kind: Annotated[
        str | None, Query(max_length=50, description="founded, seat, members …", examples=["founded"])
    ] = None,
    language: Annotated[Language | None, Query(description="Of the document that states it.")] = None,
    format: Literal["json", "csv"] = "json",  # noqa: A002 - the name of the parameter is the API's
) -> FactList | PlainTextResponse:
    """List facts, all of them or about one body or of one kind; as JSON or CSV."""
    listed = listed_facts(service, subject, kind, language)
    if format == "csv":
        return PlainTextResponse(as_csv([fact.model_dump() for fact in listed.facts]), media_type="text/csv")
    return listed


def listed_facts(service: Service, subject: str | None, kind: str | None, language: Language | None) -> FactList:
    """The facts that fit.

    Raises:
        InvalidInputError: no fact is of this kind.
    """
    check_kind(kind)
    version = service.index.current()
    rows = [fact_row(fact) for fact in version.store.facts(subject, kind, language)]
    return FactList(index_version=version.version, facts=[StatedFact.model_validate(row) for row in rows])
