"""One question, every surface: JSON, stream, OpenAI's protocol, agents' protocol, command line and chat say the same.

`make test` asks a few questions of small documents, `make contract` (CONTRACT=folder of the index) more than a hundred of the
shipped corpus, with the packaged model.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import anyio
import httpx
import openai
import pytest
from mcp.client.client import Client
from typer.testing import CliRunner

import assistant.__main__
import assistant.pipeline
from assistant.pipeline import Service, build_service
from assistant.settings import Settings
from assistant.sources import with_sources
from assistant.types import Turn
from assistant.web.api import create_app
from evals.cases import Case, load_cases, shipped_files
from tests.helpers import HashingEmbeddings
from tests.live_server import live_server
from tests.small_service import small_service
from tests.test_surfaces import FOLLOW_UP, QUESTIONS, assert_shown, in_the_chat, lasting
from tests.web.test_streaming import events

ROOT = Path(__file__).resolve().parent.parent
FULL = os.environ.get("CONTRACT")
LEAST = 100
PROCESSES = 3  # questions that are also asked of a process of their own


@dataclass(frozen=True)
class Surfaces:
    """A service and all that is built on it."""

    service: Service
    http: httpx.Client
    openai: openai.OpenAI

    def check(self, question: str, turns: Sequence[Turn], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
        """Ask everywhere; gives the answer of the service itself."""
        direct = self.service.assistant.ask(question, turns)
        answer: dict[str, Any] = json.loads(json.dumps(asdict(direct)))
        kept, body = lasting(answer), {"question": question, "history": [asdict(turn) for turn in turns]}

        assert lasting(self.http.post("/v1/ask", json=body).json()) == kept, "JSON"

        *text, (last, streamed) = events(self.http.post("/v1/ask", json=body | {"stream": True}).text)
        assert (last, lasting(streamed)) == ("answer", kept), "stream"
        assert "".join(piece["text"] for _, piece in text) == answer["answer"], "pieces of the stream"

        asked: Any = [asdict(turn) for turn in [*turns, Turn("user", question)]]
        whole: Any = self.openai.chat.completions.create(model="clusterlotse", messages=asked)
        assert whole.choices[0].message.content == with_sources(direct), "completion"
        self.assert_extra(whole, kept)
        chunks = list(self.openai.chat.completions.create(model="clusterlotse", messages=asked, stream=True))
        said = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
        assert said == whole.choices[0].message.content, "streamed completion"
        self.assert_extra(chunks[-1], kept)

        called = anyio.run(self.call_tool, body)
        assert lasting(called.structured_content) == kept, "tool"
        assert called.content[0].text == with_sources(direct), "text of the tool"

        if not turns:  # the command line knows no earlier questions
            monkeypatch.setattr(assistant.__main__, "build_service", lambda settings: self.service)
            printed = CliRunner().invoke(
                assistant.__main__.app, ["ask", "--json", "--", question], catch_exceptions=False
            )
            assert lasting(json.loads(printed.stdout)) == kept, "command line"

        assert_shown(in_the_chat(self.service, question, list(turns)), answer)
        return answer

    @staticmethod
    def assert_extra(reply: Any, kept: dict[str, Any]) -> None:
        """The fields that OpenAI does not know hold what the answer object holds."""
        assert reply.citations == kept["citations"]
        about = {name: value for name, value in kept.items() if name not in ("answer", "citations")}
        assert lasting(reply.lotse) == about

    async def call_tool(self, arguments: dict[str, Any]) -> Any:
        """Ask with the official client of the Model Context Protocol."""
        async with Client(f"{self.http.base_url}".rstrip("/") + "/mcp") as client:
            return await client.call_tool("ask", arguments)


def surfaces_of(service: Service) -> Iterator[Surfaces]:
    with (
        live_server(create_app(service, with_chat=False)) as origin,
        httpx.Client(base_url=origin, timeout=60) as http,
        openai.OpenAI(base_url=f"{origin}/v1", api_key="none", max_retries=0) as client,
    ):
        yield Surfaces(service, http, client)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("contract")


@pytest.fixture(scope="module")
def small(folder: Path) -> Iterator[Surfaces]:
    yield from surfaces_of(small_service(folder))


def process(program: str, question: str, data: Path) -> dict[str, Any]:
    """What the command prints in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", program, "ask", "--json", "--data", str(data), "--", question],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    printed: dict[str, Any] = json.loads(done.stdout)
    return printed


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_surface_says_the_same(small: Surfaces, question: str, monkeypatch: pytest.MonkeyPatch) -> None:
    small.check(question, [], monkeypatch)


def test_every_surface_understands_a_follow_up(small: Surfaces, monkeypatch: pytest.MonkeyPatch) -> None:
    earlier = small.service.assistant.ask(QUESTIONS[0])
    turns = [Turn("user", QUESTIONS[0]), Turn("assistant", earlier.answer)]
    assert "17 Mitglieder" in small.check(FOLLOW_UP, turns, monkeypatch)["answer"]


@pytest.mark.slow
def test_a_process_says_the_same(small: Surfaces, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assistant.pipeline, "load_embedder", lambda settings, **_: HashingEmbeddings())
    service = build_service(Settings(data=folder / "index"))
    assert small.service.index.current().version == service.index.current().version
    direct = json.loads(json.dumps(asdict(service.assistant.ask(QUESTIONS[0]))))
    assert lasting(process("tests.small_lotse", QUESTIONS[0], folder / "index")) == lasting(direct)


# ---- in full -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped() -> Iterator[Surfaces]:
    yield from surfaces_of(build_service(Settings(data=Path(str(FULL)))))


def chosen() -> list[Case]:
    """Every fourth case, and all that go on with a conversation."""
    cases = load_cases(shipped_files())
    return [case for number, case in enumerate(cases) if number % 4 == 0 or case.history]


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.skipif(not FULL, reason="make contract asks them")
def test_more_than_a_hundred_questions(shipped: Surfaces, monkeypatch: pytest.MonkeyPatch) -> None:
    cases, statuses = chosen(), list[str]()
    for number, case in enumerate(cases):
        turns: list[Turn] = []
        for earlier in case.history:
            turns += [Turn("user", earlier), Turn("assistant", shipped.service.assistant.ask(earlier, turns).answer)]
        answer = shipped.check(case.question, turns, monkeypatch)
        statuses.append(answer["status"])
        if number < PROCESSES:
            assert lasting(process("assistant", case.question, Path(str(FULL)))) == lasting(answer)
    counts = {status: statuses.count(status) for status in sorted(set(statuses))}
    print(
        f"\n{len(cases)} questions, {sum(bool(c.history) for c in cases)} of them follow-ups, the same everywhere: {counts}"
    )
    assert len(cases) >= LEAST
