"""A chat model that says what a test tells it to, and what a test gives it to read."""

from __future__ import annotations

import asyncio
import dataclasses
import html
import re
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import Field

from assistant.text.language import detect_language
from assistant.text.sentences import split_sentences
from assistant.types import Claim, Draft, Findings, Passage, Question, Quotable, Quote, Span, Unit

Reply = str | AIMessage | Exception | Callable[[], str]


class ScriptedChatModel(BaseChatModel):
    """Gives its replies in order, the last one again and again, and keeps what it was sent.

    A reply is text, a message, an error to raise, or a function to call (which may stall).
    """

    replies: list[Any]
    prompts: list[str] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        message = self._reply(messages)
        return ChatResult(generations=[ChatGeneration(message=message)])

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        """The same reply piece by piece, as a provider sends it; why it ended stands in the last one."""
        message = await asyncio.to_thread(self._reply, messages)
        if isinstance(message.content, str):
            for piece in re.findall(r"\s*\S{1,4}|\s+", message.content):
                yield ChatGenerationChunk(message=AIMessageChunk(piece))
        else:
            yield ChatGenerationChunk(message=AIMessageChunk(message.content))
        ended = message.response_metadata or {"finish_reason": "stop"}
        yield ChatGenerationChunk(message=AIMessageChunk("", response_metadata=ended))

    def _reply(self, messages: list[BaseMessage]) -> AIMessage:
        self.prompts.append("\n".join(message.text for message in messages))
        reply: Reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(reply, Exception):
            raise reply
        if callable(reply):
            reply = reply()
        return reply if isinstance(reply, AIMessage) else AIMessage(reply)


def prompt_passages(prompt: str) -> list[str]:
    """The passages of a prompt in the order of their numbers, each its title line, an empty line and its text."""
    return [
        html.unescape(match[2])
        for match in re.finditer(r'<passage-(\w+) number="\d+">\n(.*?)\n</passage-\1>', prompt, re.DOTALL)
    ]


def passage(name: str, text: str, title: str = "") -> Passage:
    """A document of one passage, every sentence a unit that was found; it begins at character 100 of its document."""
    start = 100
    spans = [Span(span.start + start, span.end + start) for span in split_sentences(text)]
    units = tuple(Unit(span, "sentence") for span in spans)
    quotables = tuple(
        Quotable(number, name, unit, text[unit.span.start - start : unit.span.end - start], 1.0, {}, {})
        for number, unit in enumerate(units)
    )
    return Passage(
        chunk_id=name,
        document_id=name,
        document_name=f"{name}.md",
        title=title or name.title(),
        publisher=None,
        date="2025-03-01",
        language=detect_language(text),
        section=(title or name.title(), "Facts"),
        page=None,
        span=Span(start, start + len(text)),
        text=text,
        score=1.0,
        units=units,
        quotables=quotables,
    )


def findings(passages: Sequence[Passage]) -> Findings:
    """What a search that is sure of itself returns."""
    return Findings(tuple(passages), 1.0, "v1")


def quote_first(question: Question, found: Findings) -> Draft:
    """The simplest drafter without a model: the first unit of the first passage."""
    first = found.passages[0]
    quote = Quote(first, first.units[0].span)
    return Draft("answered", "The documents say:", (Claim(quote.text, (quote,), verbatim=True),), "extractive")


def refuse(question: Question, found: Findings) -> Draft:
    """A refusal without a model."""
    return Draft("not_found", f"Nothing about {question.text}", (), "extractive")


def contradict(question: Question, found: Findings) -> Draft:
    """A contradiction shown without a model."""
    return dataclasses.replace(quote_first(question, found), status="conflict")
