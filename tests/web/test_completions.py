"""POST /v1/chat/completions and GET /v1/models with OpenAI's own client."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import openai
import pytest

from assistant.pipeline import Service
from assistant.sources import with_sources, without_sources
from assistant.types import Turn
from assistant.web.api import create_app
from tests.live_server import live_server
from tests.small_service import NOT_HELD, small_service

ASKED = "Wie viele Mitglieder hat der Biocluster Rosenau?"
FOLLOW_UP = "Und der Biocluster Lindtal?"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return small_service(tmp_path_factory.mktemp("completions"))


@pytest.fixture(scope="module")
def origin(service: Service) -> Iterator[str]:
    with live_server(create_app(service, with_chat=False)) as origin:
        yield origin


@pytest.fixture(scope="module")
def client(origin: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{origin}/v1", api_key="none", max_retries=0) as client:
        yield client


def said(content: Any, role: str = "user") -> Any:
    return {"role": role, "content": content}


def complete(client: openai.OpenAI, *messages: Any, **more: Any) -> Any:
    return client.chat.completions.create(model="clusterlotse", messages=list(messages), **more)


@pytest.mark.parametrize("question", [ASKED, "Who founded the Rosenau biocluster?", NOT_HELD])
def test_an_answer_with_its_sources(client: openai.OpenAI, service: Service, question: str) -> None:
    answer = service.assistant.ask(question)
    reply = complete(client, said(question))
    (choice,) = reply.choices
    assert (choice.message.role, choice.finish_reason, reply.model) == ("assistant", "stop", "clusterlotse")
    assert choice.message.content == with_sources(answer)
    assert choice.message.content.startswith(answer.answer)
    assert [c["quote"] for c in reply.citations] == [c.quote for c in answer.citations]
    assert all(f"\n[{c.marker}] {c.title}" in choice.message.content for c in answer.citations)
    assert reply.lotse["status"] == answer.status
    assert reply.usage.total_tokens == reply.usage.prompt_tokens + reply.usage.completion_tokens


@pytest.mark.parametrize("usage", [True, False])
def test_a_stream_gives_the_same(client: openai.OpenAI, usage: bool) -> None:
    whole = complete(client, said(ASKED))
    chunks = list(complete(client, said(ASKED), stream=True, stream_options={"include_usage": usage}))
    told = [chunk.choices[0] for chunk in chunks if chunk.choices]
    assert told[0].delta.role == "assistant"
    assert "".join(choice.delta.content or "" for choice in told) == whole.choices[0].message.content
    assert [choice.finish_reason for choice in told] == [None] * (len(told) - 1) + ["stop"]
    last = [chunk for chunk in chunks if chunk.choices][-1]
    assert (last.citations, last.lotse["status"]) == (whole.citations, "answered")
    assert [chunk.usage for chunk in chunks if chunk.usage] == ([whole.usage] if usage else [])
    assert {chunk.id for chunk in chunks} == {chunks[0].id}
    assert {chunk.object for chunk in chunks} == {"chat.completion.chunk"}


def test_a_stream_ends_as_clients_expect(origin: str) -> None:
    body = {"model": "clusterlotse", "messages": [said(ASKED)], "stream": True}
    reply = httpx.post(f"{origin}/v1/chat/completions", json=body)
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert reply.text.endswith("data: [DONE]\n\n")


def test_a_conversation(client: openai.OpenAI, service: Service) -> None:
    """The sources below an earlier answer are no part of what was said."""
    earlier = service.assistant.ask(ASKED)
    direct = service.assistant.ask(FOLLOW_UP, [Turn("user", ASKED), Turn("assistant", earlier.answer)])
    first = complete(client, said("Antworte wie ein Pirat.", "system"), said(ASKED)).choices[0].message
    reply = complete(
        client,
        said("Antworte wie ein Pirat.", "system"),
        said(ASKED),
        said(first.content, "assistant"),
        said(FOLLOW_UP),
    )
    assert "17 Mitglieder" in direct.answer
    assert reply.choices[0].message.content == with_sources(direct)
    assert reply.lotse["rewritten_question"] == direct.rewritten_question


def test_sources_are_taken_off_again(service: Service) -> None:
    answer = service.assistant.ask(ASKED)
    assert without_sources(with_sources(answer)) == answer.answer
    for other in (answer.answer, "", "Quellen:", "A\n\nQuellen:\nB", "A\n\nSources:\n"):
        assert without_sources(other) == other


def test_parts_of_text_and_what_has_no_effect(client: openai.OpenAI) -> None:
    plain = complete(client, said(ASKED)).choices
    parts = said(
        [{"type": "text", "text": "Wie viele Mitglieder"}, {"type": "text", "text": "hat der Biocluster Rosenau?"}]
    )
    assert complete(client, parts, temperature=0.2, max_tokens=5, seed=7, user="x", n=1).citations[0]["quote"]
    assert complete(client, said(ASKED), temperature=1, top_p=0.5, max_completion_tokens=9).choices == plain


def test_the_language_of_the_answer(client: openai.OpenAI) -> None:
    assert complete(client, said(ASKED), extra_body={"language": "en"}).lotse["language"] == "en"


TOOL = {"type": "function", "function": {"name": "f", "parameters": {}}}


@pytest.mark.parametrize(
    ("more", "param", "words"),
    [
        ({"tools": [TOOL]}, "tools", "'tools' is not supported"),
        ({"tool_choice": "none"}, "tool_choice", "not supported"),
        ({"logprobs": True}, "logprobs", "not supported"),
        ({"stop": ["."]}, "stop", "not supported"),
        ({"extra_body": {"anything": 1}}, "anything", "not supported"),
        ({"n": 2}, "n", "Input should be less than or equal to 1"),
        ({"response_format": {"type": "json_object"}}, "response_format.type", "Input should be 'text'"),
        ({"temperature": 9}, "temperature", "less than or equal to 2"),
        ({"messages": []}, "messages", "at least 1 item"),
        ({"messages": [said("x", "tool")]}, "messages.0.role", "Input should be"),
        ({"messages": [said(ASKED), said("42", "assistant")]}, "messages", "Send the question last"),
        ({"messages": [said("x", "system")]}, "messages", "Send the question last"),
        ({"messages": [said([{"type": "image_url", "image_url": {"url": "x"}}])]}, None, "Input should be"),
    ],
)
def test_what_is_not_supported_is_one_clear_error(
    client: openai.OpenAI, more: dict[str, Any], param: str | None, words: str
) -> None:
    asked: dict[str, Any] = {"model": "clusterlotse", "messages": [said(ASKED)], **more}
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(**asked)
    error = caught.value
    assert words in str(error)
    assert error.type == "invalid_request_error"
    if param:
        assert error.param == param
    assert error.response.headers["content-type"] == "application/problem+json"
    assert error.response.json()["status"] == 400


@pytest.mark.parametrize(("question", "words"), [("", "empty"), ("?!", "holds no word"), ("a" * 2_001, "2,000")])
def test_what_is_no_question(client: openai.OpenAI, question: str, words: str) -> None:
    with pytest.raises(openai.BadRequestError, match=words) as caught:
        complete(client, said(question))
    assert caught.value.type == "invalid_request_error"


def test_the_models(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["clusterlotse"]
    assert client.models.retrieve("clusterlotse").owned_by == "clusterlotse"
    for call in (
        lambda: client.models.retrieve("gpt"),
        lambda: client.chat.completions.create(model="gpt", messages=[said(ASKED)]),
    ):
        with pytest.raises(openai.NotFoundError, match="Ask for 'clusterlotse'") as caught:
            call()
        assert (caught.value.code, caught.value.param) == ("model_not_found", "model")
