"""A question on its way to an answer, piece by piece, so that the page can show each piece as it comes."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace

from assistant.errors import AssistantError
from assistant.open_index import OpenIndex
from assistant.pipeline import MAX_HISTORY, Service
from assistant.types import Answer, Question
from assistant.web.chat.exchange import Exchange, Near, turns_of

_NEAR = 3  # documents named with a refusal


def answered(service: Service, exchange: Exchange, earlier: Sequence[Exchange]) -> Generator[Exchange, None, None]:
    """The exchange with the text so far, again and again, at last with its answer; closing it stops the model.

    The same exchange again says that nothing has come for a while.

    Raises:
        AssistantError: as `Assistant.ask`, and what a served assistant adds: too busy, too late, unforeseen.
    """
    with closing(service.assistant.stream(exchange.question, turns_of(earlier)[-MAX_HISTORY:])) as told:
        for piece in told:
            if isinstance(piece, Answer):
                near = _near(service.index, exchange.question, piece) if piece.status == "not_found" else ()
                yield replace(exchange, answer=piece, near=near, text="")
            else:
                if piece:
                    exchange = replace(exchange, progress="writing", text=exchange.text + piece)
                yield exchange


def _near(index: OpenIndex, asked: str, answer: Answer) -> tuple[Near, ...]:
    """The best place of each of the nearest documents; none where the search refuses by now."""
    question = Question(asked, answer.rewritten_question or asked.strip(), answer.language)
    try:
        passages = index(question).passages
    except AssistantError:
        return ()
    best: dict[str, Near] = {}
    for passage in passages:
        span = passage.quotables[0].unit.span if passage.quotables else passage.span
        near = Near(passage.document_id, passage.title, passage.date, span.start, span.end)
        best.setdefault(passage.document_id, near)
    return tuple(best.values())[:_NEAR]
