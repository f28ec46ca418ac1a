"""POST /v1/search: what `ask` would see."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from assistant.pipeline import check_question
from assistant.text.language import detect_language
from assistant.types import Language, Passage, Question
from assistant.web.exact import NUMBER
from assistant.web.parts import TheService

router = APIRouter(prefix="/v1", tags=["search"])


class SearchBody(BaseModel):
    """A query."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"query": "Förderung SaxoCell", "k": 3, "language": "de"}]}
    )

    query: str
    k: Annotated[int, Field(ge=1, le=50), NUMBER] = 10
    language: Language | None = None


class FoundPassage(BaseModel):
    """One passage; `text` is the document's characters from `start` to `end`."""

    rank: int
    score: float
    document_id: str
    title: str
    date: str | None
    language: Language
    section: tuple[str, ...]
    page: int | None
    text: str
    start: int
    end: int


class SearchResult(BaseModel):
    """Passages, best first."""

    index_version: str
    passages: list[FoundPassage]


@router.post("/search")
def search(body: SearchBody, service: TheService) -> SearchResult:
    """Find passages by meaning and by words; `language` keeps to documents of that language."""
    check_question(body.query)
    question = Question(body.query, body.query, body.language or detect_language(body.query))
    findings = service.index(question, body.k, body.language)
    passages = [_found(rank, passage) for rank, passage in enumerate(findings.passages, 1)]
    return SearchResult(index_version=findings.index_version, passages=passages)


def _found(rank: int, passage: Passage) -> FoundPassage:
    return FoundPassage(
        rank=rank,
        score=round(passage.score, 4),
        document_id=passage.document_id,
        title=passage.title,
        date=passage.date,
        language=passage.language,
        section=passage.section,
        page=passage.page,
        text=passage.text,
        start=passage.span.start,
        end=passage.span.end,
    )
