"""What the gate and the faults of a provider cost in time: `python benchmarks/generation.py [--answers 5]`.

A server on this machine writes 200 words at 30 tokens a second in OpenAI's wire format. Printed are

- gate: how much longer the answer took than the model, as a share of the model's time (bar: 5 %);
- first: how long after the model has finished its first sentence that sentence can be read (bar: 150 ms);
- overrun: how long after its deadline an answer is there, for each fault (bar: 1 s).

Needs no index: it makes its own of small documents, and searches it by hashed words.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from assistant.extractive import not_found
from assistant.generation.rewriting import ModelRewriter
from assistant.generative import GenerativeDrafter
from assistant.models import load_model_client
from assistant.pipeline import Assistant, Service
from assistant.settings import Settings
from assistant.types import Answer
from tests.chat_server import ChatServer, Reply, Talk
from tests.generation.test_faults import BROKEN_OFF, ENDLESS, QUOTED
from tests.small_service import small_service

ASKED = "Compare the members of the Rosenau biocluster and the Lindtal biocluster."
RATE = 30  # tokens a second
SENTENCES = (
    "The Rosenau biocluster has 42 members and the Lindtal biocluster has 17 members [{0}].",
    "The Rosenau biocluster was founded by Hanna Weidenbach in 1998 [{0}].",
)


class Paced:
    """Writes an answer of about 200 words at the rate, and notes when the first sentence and all were out."""

    def __init__(self, words: int = 200) -> None:
        self.words, self.first, self.last, self.began = words, 0.0, 0.0, 0.0

    def __call__(self, talk: Talk) -> None:
        """One reply."""
        tokens: list[str] = []
        number = 0
        while len(tokens) < self.words:
            tokens += f"{'Besides, ' * (number % 7)}{SENTENCES[number % 2].format(1)} ".split(" ")[:-1]
            number += 1
        talk.begin()
        self.began = time.perf_counter()
        for place, token in enumerate(tokens):
            time.sleep(max(0.0, self.began + (place + 1) / RATE - time.perf_counter()))
            talk.say(f"{token} ")
            if token.endswith(".") and not self.first:
                self.first = time.perf_counter()
        self.last = time.perf_counter()
        talk.end()


def writing(quoting: Service, url: str, **settings: float) -> Assistant:
    """The service with a model behind a real connection."""
    client = load_model_client(Settings(model="openai:m", model_base_url=url, model_retries=0, **settings))
    stages = quoting.assistant
    drafter = GenerativeDrafter(client, fallback=stages.draft, refuse=not_found)
    return Assistant(ModelRewriter(client, stages.rewrite), stages.retrieve, drafter, stages.verify, drafter.stream)


def paced(quoting: Service, answers: int) -> None:
    """Print gate and first."""
    shares, waits = [], []
    for _ in range(answers):
        model = Paced()
        with ChatServer(model) as server:
            stream = writing(quoting, server.url, model_deadline=60).stream(ASKED)
            shown = 0.0
            for piece in stream:
                if piece and not shown:
                    shown = time.perf_counter()
            done = time.perf_counter()
        assert isinstance(piece, Answer)
        assert not piece.degraded
        assert model.last, "the answer had room for all of it"
        shares.append((done - model.last) / (model.last - model.began))
        waits.append(shown - model.first)
    print(
        f"gate     {100 * statistics.median(shares):6.2f} % of the model's time, at most {100 * max(shares):.2f} % (bar: 5 %)"
    )
    print(f"first    {1000 * statistics.median(waits):6.1f} ms, at most {1000 * max(waits):.1f} ms (bar: 150 ms)")


def overrun(quoting: Service, name: str, reply: Reply) -> float:
    """Seconds beyond the deadline of one fault; below 0 it was over before."""
    with ChatServer(reply) as server:
        assistant = writing(quoting, server.url, model_timeout=1, model_deadline=1)
        began = time.perf_counter()
        answer = assistant.ask("How many members does the Rosenau biocluster have?")
        late = time.perf_counter() - began - 1
    assert answer.degraded
    assert answer.citations
    print(f"overrun  {1000 * late:6.0f} ms  {name}")
    return late


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--answers", type=int, default=5, help="answers written at the rate, 7 seconds each")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        quoting = small_service(Path(folder))
        paced(quoting, chosen.answers)
        worst = max(overrun(quoting, name, reply) for name, reply in (ENDLESS | QUOTED | BROKEN_OFF).items())
        print(f"overrun  {1000 * worst:6.0f} ms at most (bar: 1,000 ms)")


if __name__ == "__main__":
    main()
