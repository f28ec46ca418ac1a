"""Everything a provider can do wrong, over a real connection through the whole pipeline: an honest answer every time.

That a call comes back in time shows in that these tests end: what hangs here hangs for ever.
"""

from __future__ import annotations

import dataclasses
import logging
import socket
from collections.abc import Callable
from typing import Any

import pytest

from assistant.extractive import not_found
from assistant.generation.rewriting import ModelRewriter
from assistant.generative import GenerativeDrafter
from assistant.models import load_model_client
from assistant.pipeline import Assistant, Service
from assistant.settings import Settings
from assistant.types import Answer, Turn
from tests.chat_server import ChatServer, Reply, Talk, saying
from tests.promises import assert_promises
from tests.small_service import small_service

ASKED = "How many members does the Rosenau biocluster have?"
TRUE = "The Rosenau biocluster has 42 members [1]."
SHOWN = "The Rosenau biocluster has 42 members. [1]"
TRUE_DE = "Der Biocluster Rosenau hat 42 Mitglieder [1]."


@pytest.fixture(scope="module")
def quoting(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return small_service(tmp_path_factory.mktemp("faults"))


def writing(quoting: Service, url: str, **settings: Any) -> Assistant:
    """The same service with a model behind a real connection; patient, so that no busy machine decides a test."""
    patient = {"model_timeout": 60, "model_deadline": 120, "model_retries": 0, **settings}
    client = load_model_client(Settings(model="openai:m", model_base_url=url, **patient))
    stages = quoting.assistant
    drafter = GenerativeDrafter(client, fallback=stages.draft, refuse=not_found, facts_in=quoting.index.facts_in)
    return Assistant(ModelRewriter(client, stages.rewrite), stages.retrieve, drafter, stages.verify, drafter.stream)


def checked(quoting: Service, answer: Answer) -> Answer:
    texts = {one.id: quoting.index.document(one.id) for one in quoting.index.documents()}
    plain = dataclasses.asdict(answer)
    plain["citations"] = list(plain["citations"])
    assert_promises(plain, {key: document.text for key, document in texts.items() if document})
    return answer


# ---- what providers do ---------------------------------------------------------------------------------------


def half(talk: Talk) -> None:
    """A whole sentence, the beginning of another one, and the connection is gone."""
    talk.begin()
    talk.say(f"{TRUE} ", "The Lindtal biocluster", " has 1")


def half_with_done(talk: Talk) -> None:
    """The same by a proxy that ends the stream properly."""
    half(talk)
    talk.close()


def nothing_more(talk: Talk) -> None:
    half(talk)
    talk.hang()


def silent(talk: Talk) -> None:
    talk.hang()


def only_headers(talk: Talk) -> None:
    talk.begin()
    talk.hang()


def until_left(talk: Talk, say: Callable[[], object], pause: float) -> None:
    """Say the same again and again until the other side hangs up."""
    talk.connection.settimeout(pause)
    while True:
        say()
        try:
            if not talk.connection.recv(1):
                talk.server.owner.left.set()
                return
        except TimeoutError:
            continue


def keeps_alive(talk: Talk) -> None:
    """Comments keep the connection busy and say nothing."""
    talk.begin()
    until_left(talk, lambda: talk.raw(b": still here\n\n"), 0.05)


def drips(talk: Talk) -> None:
    """A word now and then, and never an end."""
    talk.begin()
    until_left(talk, lambda: talk.say("The "), 0.1)


def endless(talk: Talk) -> None:
    """100,000 tokens, none of which says anything that can be proven."""
    talk.begin()
    for _ in range(1_000):
        talk.say(*["members "] * 100)
    talk.end()


def broken_text(talk: Talk) -> None:
    talk.begin()
    event = b'data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"'
    talk.raw(event + b'The Rosenau bioclust\xff\xfe\xc3 has 42 members [1]."},"finish_reason":null}]}\n\n')
    talk.end()


def half_characters(talk: Talk) -> None:
    talk.begin()
    talk.say("The Rosenau bio\ud83ecluster has 42 members [1]. ", "The Rosenau \ufffdcluster has 42 members [1].")
    talk.end()


def status(code: int, **headers: str) -> Reply:
    return lambda talk: talk.whole(code, '{"error": {"message": "no", "type": "x"}}', **headers)


def page(talk: Talk) -> None:
    """What a proxy answers: a page, with status 200."""
    talk.whole(200, "<html><body>Welcome</body></html>", Content_Type="text/html")


def no_json(talk: Talk) -> None:
    talk.begin()
    talk.raw(b"data: {'choices': [\n\n")
    talk.close()


def other_json(talk: Talk) -> None:
    talk.begin()
    talk.raw(b'data: {"choices": {"text": 17}}\n\n')
    talk.close()


def null_choices(talk: Talk) -> None:
    talk.begin()
    talk.raw(b'data: {"id": "c", "choices": null, "object": "chat.completion.chunk"}\n\n')
    talk.close()


def error_inside(talk: Talk) -> None:
    talk.begin()
    talk.raw(b'data: {"error": {"message": "overloaded", "code": 503}}\n\n')
    talk.close()


QUICK = {"model_timeout": 0.3, "model_deadline": 1.0}  # for what never ends by itself
ENDLESS = {"silent": silent, "only headers": only_headers, "keeps alive": keeps_alive, "drips": drips}
QUOTED = {
    "rate limited": status(429),
    "rate limited for an hour": status(429, Retry_After="3600"),
    "server error": status(500),
    "overloaded": status(503),
    "bad gateway": status(502),
    "key refused": status(401),
    "unknown model": status(404),
    "prompt refused": status(400),
    "100,000 tokens": endless,
    "broken UTF-8": broken_text,
    "half characters": half_characters,
    "empty": saying(),
    "white space": saying(" ", "\n"),
    "no JSON": no_json,
    "other JSON": other_json,
    "no choices": null_choices,
    "a page": page,
    "an error in the stream": error_inside,
    "refusal": saying("I'm sorry, ", "but I can't ", "help with that."),
    "filtered": saying("The Rosenau", reason="content_filter"),
    "only thoughts": saying("<think>", TRUE, "</think>"),
    "a lie": saying("The Rosenau biocluster has 43 members [1]."),
}
BROKEN_OFF = {"cut off": half, "cut off by a proxy": half_with_done, "falls silent": nothing_more}


@pytest.mark.parametrize("reply", QUOTED.values(), ids=QUOTED.keys())
def test_the_quoted_answer_takes_the_place_of_a_failing_model(
    quoting: Service, reply: Reply, caplog: pytest.LogCaptureFixture
) -> None:
    expected = quoting.assistant.ask(ASKED)
    with ChatServer(reply) as server, caplog.at_level(logging.WARNING):
        answer = checked(quoting, writing(quoting, server.url).ask(ASKED))
        assert len(server.requests) == 1
    assert (answer.status, answer.engine, answer.degraded) == ("answered", "extractive", True)
    assert (
        answer.answer
        == f"The language model gave no usable answer; verbatim quotes stand in for it.\n\n{expected.answer}"
    )
    assert answer.citations == expected.citations
    (record,) = [record for record in caplog.records if record.name.startswith("assistant")]
    assert "openai:m" in record.getMessage()
    assert "\n" not in record.getMessage()


@pytest.mark.parametrize("reply", ENDLESS.values(), ids=ENDLESS.keys())
def test_a_model_that_never_ends_is_not_waited_for(quoting: Service, reply: Reply) -> None:
    with ChatServer(reply) as server:
        answer = checked(quoting, writing(quoting, server.url, **QUICK).ask(ASKED))
    assert (answer.status, answer.engine, answer.degraded) == ("answered", "extractive", True)
    assert answer.citations == quoting.assistant.ask(ASKED).citations


@pytest.mark.parametrize("reply", BROKEN_OFF.values(), ids=BROKEN_OFF.keys())
def test_after_a_model_broke_off_its_whole_sentences_stand_and_quotes_go_on(quoting: Service, reply: Reply) -> None:
    with ChatServer(reply) as server:
        answer = checked(quoting, writing(quoting, server.url, model_timeout=1).ask(ASKED))
    assert (answer.status, answer.engine, answer.degraded) == ("answered", "openai:m", True)
    assert answer.answer.startswith(f"{SHOWN}\n\nThe language model broke off here.")
    assert "Lindtal biocluster has 1 " not in answer.answer


def test_a_dead_port_gives_quotes(quoting: Service) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    answer = checked(quoting, writing(quoting, f"http://127.0.0.1:{port}/v1").ask(ASKED))
    assert (answer.engine, answer.degraded) == ("extractive", True)


def test_an_end_that_is_told_needs_no_closed_connection(quoting: Service) -> None:
    def open_end(talk: Talk) -> None:
        talk.begin()
        talk.say(TRUE)
        talk.event({"delta": {}, "finish_reason": "stop"})
        talk.hang()

    with ChatServer(open_end) as server:
        answer = writing(quoting, server.url, model_timeout=0.3).ask(ASKED)
    assert (answer.answer, answer.degraded) == (SHOWN, False)


FOLLOW_UP = ("And how many does the Lindtal biocluster have?", (Turn("user", ASKED), Turn("assistant", SHOWN)))


def test_a_follow_up_is_rewritten_and_answered_by_the_model(quoting: Service) -> None:
    standing = "How many members does the Lindtal biocluster have?"
    with ChatServer(saying(standing), saying("The Lindtal biocluster has 17 members [1].")) as server:
        answer = checked(quoting, writing(quoting, server.url).ask(*FOLLOW_UP))
        assert standing in server.requests[1]["messages"][1]["content"]
    assert (answer.rewritten_question, answer.engine) == (standing, "openai:m")
    assert answer.answer == "The Lindtal biocluster has 17 members. [1]"


@pytest.mark.parametrize("reply", [silent, status(500), saying()], ids=["silent", "500", "empty"])
def test_a_follow_up_without_a_model_is_rewritten_by_rules(quoting: Service, reply: Reply) -> None:
    with ChatServer(reply) as server:
        answer = checked(quoting, writing(quoting, server.url, model_timeout=0.3).ask(*FOLLOW_UP))
    expected = quoting.assistant.ask(*FOLLOW_UP)
    assert answer.degraded
    assert (answer.rewritten_question, answer.citations) == (expected.rewritten_question, expected.citations)


# ---- the budget ----------------------------------------------------------------------------------------------


def test_a_spent_budget_is_said_in_one_line_and_nothing_is_sent(quoting: Service) -> None:
    with ChatServer(saying(TRUE)) as server:
        service = writing(quoting, server.url, model_daily_tokens=9_000)
        assert not service.ask(ASKED).degraded
        answer = checked(quoting, writing(quoting, server.url, model_daily_tokens=5_000).ask(ASKED))
        assert len(server.requests) == 1
    assert (answer.engine, answer.degraded) == ("extractive", True)
    assert answer.answer.startswith(
        "Today's budget for the language model is spent; verbatim quotes stand in for it.\n\n"
    )


def test_what_a_model_did_not_write_is_not_paid(quoting: Service) -> None:
    with ChatServer(saying(TRUE)) as server:
        service = writing(quoting, server.url, model_daily_tokens=12_000)
        assert not any(service.ask(ASKED).degraded for _ in range(4)), (
            "each reserves about 5,500 tokens and needs 1,400"
        )


# ---- asking again --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "first", [status(500), status(503), status(429), status(429, Retry_After="0"), lambda talk: None], ids=str
)
def test_a_request_that_failed_before_the_first_word_is_sent_again(quoting: Service, first: Reply) -> None:
    with ChatServer(first, saying(TRUE)) as server:
        answer = writing(quoting, server.url, model_retries=2).ask(ASKED)
        assert len(server.requests) == 2
    assert (answer.answer, answer.engine, answer.degraded) == (SHOWN, "openai:m", False)


def test_a_silent_request_is_sent_again(quoting: Service) -> None:
    with ChatServer(silent, saying(TRUE)) as server:
        assert writing(quoting, server.url, model_retries=1, model_timeout=2).ask(ASKED).answer == SHOWN
        assert server.left.wait(10), "the first one was closed"


@pytest.mark.parametrize("code", [400, 401, 403, 404, 422])
def test_what_would_fail_again_is_not_sent_again(quoting: Service, code: int) -> None:
    with ChatServer(status(code), saying(TRUE)) as server:
        assert writing(quoting, server.url, model_retries=5).ask(ASKED).degraded
        assert len(server.requests) == 1


def test_nothing_is_sent_again_after_the_first_word(quoting: Service) -> None:
    with ChatServer(half, saying(TRUE)) as server:
        assert writing(quoting, server.url, model_retries=5).ask(ASKED).degraded
        assert len(server.requests) == 1


def test_a_wait_beyond_the_deadline_is_not_begun_and_the_model_left_alone_for_it(quoting: Service) -> None:
    with ChatServer(status(429, Retry_After="3600"), saying(TRUE)) as server:
        service = writing(quoting, server.url, model_retries=5)
        assert service.ask(ASKED).degraded
        assert service.ask(ASKED).degraded
        assert len(server.requests) == 1


def test_a_model_that_keeps_failing_is_left_alone(quoting: Service) -> None:
    with ChatServer(status(500)) as server:
        service = writing(quoting, server.url, model_faults=3)
        assert all(service.ask(ASKED).degraded for _ in range(6))
        assert len(server.requests) == 3


# ---- streaming -----------------------------------------------------------------------------------------------

STREAMED = {
    "well": saying(f"{TRUE} ", "The Lindtal ", "biocluster has 17 members [1]."),
    "German": saying(TRUE_DE),
    "with a lie": saying(f"{TRUE} The Lindtal biocluster has 18 members [1]. It was founded by Hanna Weidenbach [1]."),
    "not found": saying("NOT_", "FOUND"),
    **QUOTED,
    **BROKEN_OFF,
    **ENDLESS,
}


@pytest.mark.parametrize("reply", STREAMED.values(), ids=STREAMED.keys())
def test_a_stream_gives_the_text_of_its_answer_and_the_answer_of_ask(quoting: Service, reply: Reply) -> None:
    def lasting(answer: Answer) -> Answer:
        return dataclasses.replace(answer, id="", timings_ms={})

    limits = QUICK if reply in ENDLESS.values() else {"model_timeout": 1}
    with ChatServer(reply) as server:
        service = writing(quoting, server.url, model_faults=100, **limits)
        *pieces, streamed = service.stream(ASKED)
        asked = service.ask(ASKED)
    assert isinstance(streamed, Answer)
    checked(quoting, streamed)
    assert "".join(str(piece) for piece in pieces) == streamed.answer
    assert lasting(streamed) == lasting(asked)


def test_a_sentence_is_shown_while_the_model_goes_on(quoting: Service) -> None:
    with ChatServer(nothing_more) as server:
        stream = writing(quoting, server.url).stream(ASKED)
        first = next(piece for piece in stream if piece)
        assert not server.left.is_set(), "the model hangs behind its first sentence, and that is here"
        stream.close()
        assert server.left.wait(10), "the provider is told that nobody listens any more"
    assert first == SHOWN


def test_one_question_does_not_wait_for_another(quoting: Service) -> None:
    with ChatServer(silent, saying(TRUE)) as server:
        service = writing(quoting, server.url)
        hanging = service.stream(ASKED)
        while not server.requests:
            assert next(hanging) == ""
        assert service.ask(ASKED).answer == SHOWN
        hanging.close()


@pytest.mark.parametrize("reply", [silent, only_headers, keeps_alive], ids=lambda reply: reply.__name__)
def test_a_stream_can_be_left_before_the_first_word(quoting: Service, reply: Reply) -> None:
    with ChatServer(reply) as server:
        stream = writing(quoting, server.url).stream(ASKED)
        assert next(stream) == ""
        stream.close()
        assert server.left.wait(10)


def test_a_model_that_will_not_end_is_stopped_when_the_answer_is_full(quoting: Service) -> None:
    def on_and_on(talk: Talk) -> None:
        talk.begin()
        for number in range(60):
            talk.say(f"The Rosenau biocluster{' really' * number} has 42 members [1]. ")
        talk.hang()

    with ChatServer(on_and_on) as server:
        answer = checked(quoting, writing(quoting, server.url).ask(ASKED))
        assert server.left.wait(10)
    assert not answer.degraded
    assert len(answer.answer.split()) <= 160


def test_what_quoting_refuses_is_not_sent(quoting: Service) -> None:
    with ChatServer(saying(TRUE)) as server:
        assert writing(quoting, server.url).ask("Wie viele Einwohner hat die Stadt Oslo?").status == "not_found"
        assert not server.requests


def test_the_request_is_what_the_settings_say(quoting: Service) -> None:
    with ChatServer(saying(TRUE_DE)) as server:
        answer = writing(quoting, server.url, model_max_tokens=321).ask(
            "Wie viele Mitglieder hat der Biocluster Rosenau?"
        )
        (request,) = server.requests
    assert answer.answer == "Der Biocluster Rosenau hat 42 Mitglieder. [1]"
    assert request["stream"]
    assert request["temperature"] == 0
    assert 321 in (request.get("max_tokens"), request.get("max_completion_tokens"))
    system, user = request["messages"]
    assert (system["role"], user["role"]) == ("system", "user")
    assert "Write in German" in system["content"]
    assert "Der Biocluster Rosenau hat 42 Mitglieder." in user["content"]
    assert "- Biocluster Rosenau | members total | 42 [1]" in user["content"]
