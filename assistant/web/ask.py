"""POST /v1/ask: an answer as one object, or as events that end with the same object."""

from collections.abc import Callable, Generator, Iterator
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from assistant.explanation import ExplainedAnswer
from assistant.pipeline import MAX_HISTORY, MAX_QUESTION, Service
from assistant.types import Answer, Language, Turn
from assistant.web.exact import Yes
from assistant.web.parts import TheService
from assistant.web.streaming import EVENTS, Pieces, answer_object, event, streamed, words

router = APIRouter(prefix="/v1", tags=["ask"])

_EVENTS = """event: text
data: {"text": "Die"}

event: text
data: {"text": " Sprecher"}

event: answer
data: {"id": "…", "status": "answered", "answer": "Die Sprecher …"}

"""


class TurnBody(BaseModel):
    """One earlier message."""

    role: Literal["user", "assistant"]
    content: Annotated[str, Field(max_length=20_000)]


class Asked(BaseModel):
    """A question and what it is to be understood from."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"question": "Wer sind die Sprecher von SaxoCell?"}]},
    )

    question: Annotated[str, Field(description=f"German or English, at most {MAX_QUESTION:,} characters.")]
    history: Annotated[
        list[TurnBody], Field(max_length=MAX_HISTORY, description="Earlier messages, oldest first.")
    ] = []
    language: Annotated[Language | None, Field(description="Of the answer; null: the question's own.")] = None

    def turns(self) -> list[Turn]:
        """The earlier messages."""
        return [Turn(turn.role, turn.content) for turn in self.history]


class AskBody(Asked):
    """A question, and how it is to be answered."""

    explain: Annotated[Yes, Field(description="Tell under `explain` how the answer came about.")] = False
    stream: Annotated[
        Yes | None, Field(description="Answer as events; null: if the Accept header names text/event-stream.")
    ] = None


def streaming(body: AskBody, service: Service) -> Pieces:
    """The call that answers a question piece by piece; how an answer came about is only known of a whole one."""
    if not body.explain:
        return partial(service.assistant.stream, body.question, body.turns(), body.language)

    def whole() -> Generator[str | Answer, None, None]:
        answer = asking(body, service)()
        yield from (answer.answer, answer)

    return whole


def asking(body: AskBody, service: Service) -> Callable[[], Answer]:
    """The call that answers a question."""
    answer = service.assistant.explain if body.explain else service.assistant.ask
    return partial(answer, body.question, body.turns(), body.language)


@router.post(
    "/ask",
    response_model=ExplainedAnswer | Answer,
    responses={200: {"content": {"text/event-stream": {"itemSchema": EVENTS, "example": _EVENTS}}}},
)
async def ask(body: AskBody, service: TheService, request: Request) -> Any:
    """Answer a question from the documents, with citations.

    As events: `text` with a piece of the answer, many times; then `answer` with the whole object; or `error`.
    """
    if body.stream if body.stream is not None else _wants_events(request):
        return await streamed(streaming(body, service), _events, partial(event, name="error"), request.url.path)
    return await run_in_threadpool(asking(body, service))


def _wants_events(request: Request) -> bool:
    return "text/event-stream" in request.headers.get("accept", "").lower()


def _events(pieces: Iterator[str | Answer]) -> Iterator[bytes]:
    for piece in pieces:
        if isinstance(piece, Answer):
            yield event(answer_object(piece), "answer")
        else:
            yield from (event({"text": word}, "text") for word in words(piece))
