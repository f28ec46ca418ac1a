"""POST /v1/ask."""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from assistant.explanation import ExplainedAnswer
from assistant.pipeline import MAX_HISTORY
from assistant.types import Answer, Language, Turn
from assistant.web.parts import TheService

router = APIRouter(prefix="/v1", tags=["ask"])


class TurnBody(BaseModel):
    """One earlier message."""

    role: Literal["user", "assistant"]
    content: Annotated[str, Field(max_length=20_000)]


class AskBody(BaseModel):
    """A question."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"question": "Wer sind die Sprecher von SaxoCell?"}]},
    )

    question: str
    history: Annotated[list[TurnBody], Field(max_length=MAX_HISTORY)] = []
    language: Language | None = None
    explain: Annotated[bool, Field(description="Tell under `explain` how the answer came about.")] = False


@router.post("/ask")
def ask(body: AskBody, service: TheService) -> ExplainedAnswer | Answer:
    """Answer a question from the documents, with citations."""
    history = [Turn(turn.role, turn.content) for turn in body.history]
    answer = service.assistant.explain if body.explain else service.assistant.ask
    return answer(body.question, history, body.language)
