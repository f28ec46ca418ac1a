"""POST /v1/feedback: a judgement on an answer becomes the draft of an evaluation case."""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from assistant.errors import AssistantError
from assistant.feedback import Draft, Reason, Words, draft_id, keep, now
from assistant.pipeline import MAX_HISTORY, MAX_QUESTION
from assistant.web.chat.exchange import EXAMPLE_ANSWER, EXAMPLE_QUESTION, GivenAnswer
from assistant.web.exact import NUMBER
from assistant.web.parts import TheService
from assistant.web.problems import RequestError

router = APIRouter(prefix="/v1", tags=["feedback"])


class FeedbackBody(BaseModel):
    """A judgement; with `marker` on one citation only."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"question": EXAMPLE_QUESTION, "answer": EXAMPLE_ANSWER, "verdict": "right", "reason": "right"}
            ]
        },
    )

    question: Annotated[str, Field(min_length=1, max_length=MAX_QUESTION)]
    history: Annotated[tuple[Words, ...], Field(max_length=MAX_HISTORY)] = ()
    answer: GivenAnswer
    verdict: Literal["right", "wrong"]
    marker: Annotated[int, Field(ge=1, le=1_000), NUMBER] | None = None
    reason: Reason = "other"
    comment: Words = ""


class KeptFeedback(BaseModel):
    """The name of the draft."""

    id: str


@router.post("/feedback")
def give_feedback(body: FeedbackBody, service: TheService) -> KeptFeedback:
    """Keep a judgement for whoever looks after the answers; `lotse-eval drafts` lists them."""
    answer = body.answer
    cited = [c for c in answer.citations if body.marker is None or c.marker == body.marker]
    if body.marker is not None and not cited:
        raise RequestError(404, f"The answer has no citation {body.marker}.", "Name one of its markers.")
    documents = {document.id: document.name for document in service.index.documents()}
    name = draft_id(body.question, answer.answer, body.verdict, body.marker, body.reason, body.comment)
    draft = Draft(
        id=name, given=now(), verdict=body.verdict, reason=body.reason, comment=body.comment, language=answer.language,
        question=body.question, history=body.history, status=answer.status, answer=answer.answer[:20_000], marker=body.marker,
        sources=tuple(dict.fromkeys(documents[c.document_id] for c in cited if c.document_id in documents)),
        evidence=tuple(c.quote for c in cited if c.document_id in documents), index_version=answer.index_version,
    )  # fmt: skip
    try:
        keep(draft, service.index.settings.data)
    except AssistantError as error:
        raise RequestError(503, error.message, "The operator has to look after it.") from None
    return KeptFeedback(id=name)
