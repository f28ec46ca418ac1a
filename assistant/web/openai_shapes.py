"""What OpenAI's clients send and expect, as far as this service speaks their protocol.

What it cannot do is not among the fields and therefore refused; what would not change its answer is taken without effect.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.pipeline import MAX_HISTORY
from assistant.types import Citation, Language
from assistant.web.exact import NUMBER, Yes

_LONGEST = 20_000  # characters of one message


class Text(BaseModel):
    """A part of a message."""

    type: Literal["text"]
    text: Annotated[str, Field(max_length=_LONGEST)]


class Message(BaseModel):
    """One message. Those of the system are taken and not followed: answers are quotes, whatever it says."""

    role: Literal["system", "developer", "user", "assistant"]
    content: Annotated[str, Field(max_length=_LONGEST)] | Annotated[list[Text], Field(min_length=1, max_length=50)]
    name: str | None = None

    @property
    def text(self) -> str:
        """The content as one text."""
        return self.content if isinstance(self.content, str) else "\n".join(part.text for part in self.content)


class TextFormat(BaseModel):
    """The form of the answer."""

    type: Literal["text"]


class StreamOptions(BaseModel):
    """What a stream holds besides the text."""

    include_usage: Yes | None = None


class CompletionBody(BaseModel):
    """A conversation whose last message is the question."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "model": "clusterlotse",
                    "messages": [{"role": "user", "content": "Wer sind die Sprecher von SaxoCell?"}],
                }
            ]
        },
    )

    model: str
    messages: Annotated[list[Message], Field(min_length=1, max_length=MAX_HISTORY + 10)]
    stream: Yes | None = None
    stream_options: StreamOptions | None = None
    language: Annotated[Language | None, Field(description="Of the answer; ours, not OpenAI's.")] = None
    n: Annotated[int | None, Field(ge=1, le=1), NUMBER] = None
    response_format: TextFormat | None = None
    # without effect
    temperature: Annotated[float | None, Field(ge=0, le=2), NUMBER] = None
    top_p: Annotated[float | None, Field(ge=0, le=1), NUMBER] = None
    presence_penalty: Annotated[float | None, Field(ge=-2, le=2), NUMBER] = None
    frequency_penalty: Annotated[float | None, Field(ge=-2, le=2), NUMBER] = None
    seed: Annotated[int | None, NUMBER] = None
    max_tokens: Annotated[
        int | None, Field(ge=1, description="Without effect: answers are short, and never cut."), NUMBER
    ] = None
    max_completion_tokens: Annotated[int | None, Field(ge=1), NUMBER] = None
    user: str | None = None
    metadata: dict[str, str] | None = None


class AnswerMessage(BaseModel):
    """The answer as a message."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None


class CompletionChoice(BaseModel):
    """The one answer."""

    index: Literal[0] = 0
    message: AnswerMessage
    logprobs: None = None
    finish_reason: Literal["stop"] = "stop"


class Usage(BaseModel):
    """Words, since no model's tokens are counted."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class Completion(BaseModel):
    """An answer as OpenAI's clients expect it, with its citations."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: Annotated[list[CompletionChoice], Field(min_length=1, max_length=1)]
    usage: Usage
    citations: list[Citation]
    lotse: Annotated[dict[str, Any], Field(description="What else the answer object holds: status, language, engine …")]
