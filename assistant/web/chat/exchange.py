"""One question and its answer, as the page holds them and as a browser keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError, to_json

from assistant.errors import AssistantError, InvalidInputError
from assistant.pipeline import MAX_QUESTION
from assistant.types import Answer, Turn
from assistant.web.exact import LOOKS_LIKE

MOST_EXCHANGES = 100  # of one conversation
MOST_CHARACTERS = 2_000_000  # of what a browser sends back

_Given = TypeVar("_Given")
Progress = Literal["started", "writing", "stopped", "failed"]


@dataclass(frozen=True, slots=True)
class Near:
    """A place that comes nearest to a question without answering it."""

    document_id: str
    title: str
    date: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question with its answer, or how far it is: its text so far, or what went wrong."""

    question: str
    answer: Answer | None = None
    run: str = ""  # which run answers it, while one does
    progress: Progress = "started"
    text: str = ""  # of the answer, as far as it has come
    near: tuple[Near, ...] = ()
    error: AssistantError | None = None  # with progress "failed": None for one nobody foresaw


def _whole(value: _Given) -> _Given:
    """Refuse halves of characters, which JSON can hold and no page can show."""
    try:
        to_json(value)
    except PydanticSerializationError:
        raise ValueError("it holds half a character") from None
    return value


GivenAnswer = Annotated[Answer, AfterValidator(_whole), LOOKS_LIKE]
"""An answer object that somebody sends back."""
EXAMPLE_QUESTION = "Und wer leitet sie?"
EXAMPLE_ANSWER: dict[str, Any] = {  # a short one, as an example of what is sent back
    "id": "a1", "status": "not_found", "answer": "Dazu steht nichts in den Dokumenten.", "language": "de", "engine": "extractive",
    "degraded": False, "rewritten_question": "Wer leitet die Geschäftsstelle von BIO.NRW?",
    "citations": [], "conflicts": [], "index_version": "1",
}  # fmt: skip
Question = Annotated[str, Field(min_length=1, max_length=MAX_QUESTION)]


class Kept(BaseModel):
    """An answered exchange as a browser keeps it."""

    model_config = ConfigDict(extra="forbid")

    question: Question
    answer: GivenAnswer
    near: Annotated[tuple[Near, ...], Field(max_length=10), AfterValidator(_whole), LOOKS_LIKE] = ()

    def exchange(self) -> Exchange:
        """As the page holds it."""
        return Exchange(self.question, self.answer, near=self.near)


KEPT: TypeAdapter[list[Kept]] = TypeAdapter(Annotated[list[Kept], Field(max_length=MOST_EXCHANGES)])


def kept_json(exchanges: Sequence[Exchange]) -> str:
    """The answered exchanges as JSON, for the browser to keep."""
    kept = [Kept(question=e.question, answer=e.answer, near=e.near) for e in exchanges if e.answer]
    return KEPT.dump_json(kept[-MOST_EXCHANGES:]).decode()


def read_kept(data: str) -> list[Exchange]:
    """What a browser kept.

    Raises:
        InvalidInputError: it is too long or was not written by this program.
    """
    if len(data) <= MOST_CHARACTERS:
        try:
            return [kept.exchange() for kept in KEPT.validate_json(data)]
        except ValidationError:
            pass
    raise InvalidInputError("The conversation cannot be read.", "Delete it and ask again.")


def turns_of(exchanges: Sequence[Exchange]) -> tuple[Turn, ...]:
    """What the assistant is told of the conversation."""
    answered = [(e.question, e.answer) for e in exchanges if e.answer]
    return tuple(
        turn for question, answer in answered for turn in (Turn("user", question), Turn("assistant", answer.answer))
    )
