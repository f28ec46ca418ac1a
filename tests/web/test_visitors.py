"""Fifty visitors at once, each with a conversation of their own, through the same calls as the page makes."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.web.chat_server import Stage, running

VISITORS = 50

# gradio's way with pandas, in a thread of the server
pytestmark = pytest.mark.filterwarnings(
    "ignore:'future.no_silent_downcasting' is deprecated", "ignore:The copy keyword is deprecated"
)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with running(tmp_path_factory.mktemp("visitors")) as stage:
        yield stage


def ask(client: httpx.Client, call: dict[str, Any], session: str, question: str) -> str:
    """The conversation's markup after the question is answered."""
    body = {
        "data": [question, *[None] * (len(call["inputs"]) - 1)], "fn_index": call["id"], "session_hash": session,
        "trigger_id": call["targets"][0][0], "event_data": None,
    }  # fmt: skip
    client.post("/gradio_api/queue/join", json=body).raise_for_status()
    with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as events:
        for line in events.iter_lines():
            if not line.startswith("data: "):
                continue
            event = json.loads(line.removeprefix("data: "))
            if event["msg"] == "process_generating":
                shown = event["output"]["data"][-1]
            elif event["msg"] == "process_completed":
                assert event["success"], event
                return json.dumps(shown, ensure_ascii=False)
    raise AssertionError("the stream ended without an answer")


def test_fifty_visitors_keep_their_own_conversations(stage: Stage) -> None:
    with httpx.Client(base_url=stage.origin, timeout=120) as client:
        config = client.get("/config").json()
        kept = [(number, uuid.uuid4().hex) for number in range(VISITORS)]
        call = next(c for c in config["dependencies"] if len(c["targets"]) == 2 and c["targets"][1][1] == "submit")

        def converse(visitor: tuple[int, str]) -> tuple[str, str]:
            number, session = visitor
            first = ask(client, call, session, f"Wie viele Mitglieder hat der Biocluster Rosenau ({number:03})?")
            return first, ask(client, call, session, "Und der Biocluster Lindtal?")

        with ThreadPoolExecutor(VISITORS) as all_at_once:
            said = list(all_at_once.map(converse, kept))
    for number, (first, second) in enumerate(said):
        others = [f"({other:03})" for other in range(VISITORS) if other != number]
        assert f"({number:03})" in second + first
        assert not [other for other in others if other in first + second]
    assert "Lindtal" in said[0][1]
    assert not stage.service.index.settings.data.joinpath("feedback.jsonl").exists()
