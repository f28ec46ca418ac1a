"""POST /v1/chat/completions: the assistant as a model that OpenAI's clients can talk to.

Citations come in the extra field `citations` and as numbered sources below the text; what else an answer says about itself
is in `lotse`.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.sse import format_sse_event
from starlette.concurrency import run_in_threadpool

from assistant.sources import with_sources, without_sources
from assistant.types import Answer, Language, Turn
from assistant.web.models import check_model
from assistant.web.openai_shapes import AnswerMessage, Completion, CompletionBody, CompletionChoice, Usage
from assistant.web.parts import TheService
from assistant.web.problems import RequestError
from assistant.web.streaming import EVENTS, answer_object, event, streamed, words

router = APIRouter(prefix="/v1", tags=["OpenAI-compatible"])

_ABOUT = "status language engine degraded rewritten_question conflicts index_version timings_ms".split()
_EVENTS = """data: {"id": "chatcmpl-…", "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": "Die"}}]}

data: [DONE]

"""


@router.post(
    "/chat/completions",
    response_model=Completion,
    responses={200: {"content": {"text/event-stream": {"itemSchema": EVENTS, "example": _EVENTS}}}},
)
async def chat_completions(body: CompletionBody, service: TheService, request: Request) -> Any:
    """Answer the last message, for clients that speak OpenAI's protocol."""
    check_model(body.model)
    asked = asked_of(body)
    if body.stream:
        return await streamed(
            partial(service.assistant.stream, *asked), partial(_chunks, body), event, request.url.path
        )
    return _completion(body, await run_in_threadpool(service.assistant.ask, *asked))


def asked_of(body: CompletionBody) -> tuple[str, list[Turn], Language | None]:
    """The question, the conversation before it, without the sources below our own answers, and the language.

    Raises:
        RequestError: the last message is not the user's.
    """
    said = [
        Turn(message.role, without_sources(message.text) if message.role == "assistant" else message.text)
        for message in body.messages
        if message.role == "user" or message.role == "assistant"
    ]
    if not said or said[-1].role != "user":
        raise RequestError(
            400, "The last message is not the user's.", "Send the question last.", param="messages", code="no_question"
        )
    return said[-1].content, said[:-1], body.language


def _completion(body: CompletionBody, answer: Answer) -> Completion:
    return Completion(
        choices=[CompletionChoice(message=AnswerMessage(content=with_sources(answer)))],
        usage=_usage(body, answer),
        **_extra(answer),
        **_about(body, answer.id),
    )


def _chunks(body: CompletionBody, pieces: Iterator[str | Answer]) -> Iterator[bytes]:
    """The deltas; the last one with the extra fields."""
    about = {**_about(body, uuid.uuid4().hex), "object": "chat.completion.chunk"}

    def chunk(delta: dict[str, str], finish: str | None = None, **extra: Any) -> bytes:
        return event({**about, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}], **extra})

    begun = False
    for piece in pieces:
        if not begun:
            yield chunk({"role": "assistant", "content": ""})
            begun = True
        text = with_sources(piece).removeprefix(piece.answer) if isinstance(piece, Answer) else piece
        for word in words(text):
            yield chunk({"content": word})
        if isinstance(piece, Answer):
            yield chunk({}, "stop", **json.loads(json.dumps(_extra(piece))))
            if body.stream_options and body.stream_options.include_usage:
                yield event({**about, "choices": [], "usage": _usage(body, piece).model_dump()})
            yield format_sse_event(data_str="[DONE]")


def _about(body: CompletionBody, number: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{number}", "created": int(time.time()), "model": body.model}


def _extra(answer: Answer) -> dict[str, Any]:
    said = answer_object(answer)
    return {"citations": said["citations"], "lotse": {name: said[name] for name in _ABOUT}}


def _usage(body: CompletionBody, answer: Answer) -> Usage:
    asked = sum(len(message.text.split()) for message in body.messages)
    said = len(with_sources(answer).split())
    return Usage(prompt_tokens=asked, completion_tokens=said, total_tokens=asked + said)
