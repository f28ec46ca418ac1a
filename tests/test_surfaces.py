"""The same question gives the same answer in Python, on the command line, over HTTP and in the chat."""

from __future__ import annotations

import dataclasses
import html
import json
import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from fastapi.testclient import TestClient

import assistant.__main__
from assistant.pipeline import Service
from assistant.types import Turn
from assistant.web.api import create_app
from assistant.web.chat.exchange import Exchange
from assistant.web.chat.handlers import Handlers
from tests.small_service import NOT_HELD, small_service

QUESTIONS = (
    "Wie viele Mitglieder hat der Biocluster Rosenau?",
    "How many members does the Lindtal biocluster have?",
    "Wer hat den Biocluster Rosenau gegründet?",
    "Was kostet der Brutkasten 🥚?",
    "Rosenau <b>&amp;</b> Lindtal?",
    NOT_HELD,
)
WORD = r"\w+|\[\d+\]"
FOLLOW_UP = "Und der Biocluster Lindtal?"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return small_service(tmp_path_factory.mktemp("surfaces"))


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[TestClient]:
    with TestClient(create_app(service, with_chat=False), base_url="http://localhost") as client:
        yield client


def in_python(service: Service, question: str, history: tuple[Turn, ...] = ()) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(json.dumps(dataclasses.asdict(service.assistant.ask(question, history))))
    return answer


def lasting(answer: dict[str, Any]) -> dict[str, Any]:
    """What does not change from one time of asking to the next."""
    return {name: value for name, value in answer.items() if name not in ("id", "timings_ms")}


class Shown(HTMLParser):
    """What the chat shows of its last answer: its text, and title, quote and address of each source."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self._open: list[set[str]] = []
        self.text, self.quotes, self.titles, self.urls = "", list[str](), list[str](), list[str]()
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        if tag == "br":
            return
        names = {tag, *(about.get("class") or "").split()}
        self._open.append(names)
        if tag == "article":
            self.text, self.quotes, self.titles, self.urls = "", [], [], []
        elif "lotse-quote" in names:
            self.quotes.append("")
        elif "lotse-title" in names:
            self.titles.append("")
        elif "lotse-source" in names:
            self.urls.append(about.get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag != "br":
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if any("lotse-text" in names for names in self._open):
            self.text += data
        elif self._open and "lotse-quote" in self._open[-1]:
            self.quotes[-1] += data
        elif self._open and "lotse-title" in self._open[-1]:
            self.titles[-1] += data


def in_the_chat(service: Service, question: str, turns: list[Turn]) -> Shown:
    said = [turn.content for turn in turns]
    answer = service.assistant.ask(question)  # only its text is told to the assistant
    earlier = [
        Exchange(asked, dataclasses.replace(answer, answer=given))
        for asked, given in zip(said[::2], said[1::2], strict=True)
    ]
    *_, last = Handlers(service).ask(question, "de", earlier)
    return Shown(last.html)


def assert_shown(shown: Shown, answer: dict[str, Any]) -> None:
    citations = answer["citations"]
    assert shown.quotes == [citation["quote"] for citation in citations]
    assert shown.titles == [citation["title"] for citation in citations]
    places = [(c["document_id"], c["start"], c["end"]) for c in citations]
    assert shown.urls == [f"/source/{document}?start={start}&end={end}&language=de" for document, start, end in places]
    # lists, emphasis (which may begin within a word) and entities are drawn instead of written; every word and marker stays
    assert "".join(re.findall(WORD, shown.text)) == "".join(re.findall(WORD, html.unescape(answer["answer"])))


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_on_every_surface(
    service: Service,
    client: TestClient,
    question: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer = in_python(service, question)
    assert answer["status"] == ("not_found" if question == NOT_HELD else "answered")

    assert lasting(client.post("/v1/ask", json={"question": question}).json()) == lasting(answer)

    monkeypatch.setattr(assistant.__main__, "build_service", lambda settings: service)
    for options in (["--json"], []):
        monkeypatch.setattr(sys, "argv", ["lotse", "ask", question, *options])
        with pytest.raises(SystemExit) as ended:
            assistant.__main__.main()
        printed, said = capsys.readouterr()
        assert (ended.value.code or 0, said) == (0, "")
        if options:
            assert lasting(json.loads(printed)) == lasting(answer)
        else:
            shown = html.unescape(answer["answer"])  # a terminal shows no HTML
            assert printed.startswith(shown + "\n")
            assert re.findall(r"(?m)^\[(\d+)\] (?=.*\S)", printed[len(shown) :]) == [
                str(citation["marker"]) for citation in answer["citations"]
            ]

    assert_shown(in_the_chat(service, question, []), answer)


def test_a_follow_up_on_every_surface(service: Service, client: TestClient) -> None:
    earlier = in_python(service, QUESTIONS[0])["answer"]
    history = (Turn("user", QUESTIONS[0]), Turn("assistant", earlier))
    answer = in_python(service, FOLLOW_UP, history)
    assert "17 Mitglieder" in answer["answer"]
    body = {"question": FOLLOW_UP, "history": [dataclasses.asdict(turn) for turn in history]}
    assert lasting(client.post("/v1/ask", json=body).json()) == lasting(answer)
    assert_shown(in_the_chat(service, FOLLOW_UP, list(history)), answer)
