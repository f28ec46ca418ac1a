"""How a server bears load: ratios of one run against `lotse serve`, with its client on the same machine.

python benchmarks/load.py [--seconds 120] [--workers 2] [--data DIR]

At capacity means one client for each answering process, each asking again when it has its answer: with as many processes as
cores nothing is idle then. The cache is off and no question comes twice in a row. Beside each ratio stands what it should be, and
in brackets what the turns were between; the load average before and after says how much of the machine was others'.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Annotated

import typer
from http_client import Connection, Reply
from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

from assistant.console import run_command
from evals.cases import load_cases, shipped_files

app = typer.Typer(add_completion=False)

PLAIN = Path(__file__).with_name("plain_pipeline.py")
QUEUE = 16  # questions
TURNS = 5
PAUSE = 0.25  # seconds between two tries whether a server is there
SLOW = 1.5  # times the median alone: from here on a server has not recovered


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    process: subprocess.Popen[bytes]
    cold: float  # seconds from its start to its first answer

    def memory(self) -> int:
        """Bytes that it and its processes hold."""
        return sum(_resident(pid) for pid in [self.process.pid, *_children(self.process.pid)])


@contextmanager
def serving(command: list[str], settings: dict[str, str]) -> Iterator[Server]:
    """Start a server on a free port, ask it once, and end it afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    start = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - this interpreter
        [sys.executable, *command, "--port", str(port)], env={**os.environ, **settings}, stderr=subprocess.DEVNULL
    )
    try:
        while not _answers(port):
            if process.poll() is not None:
                raise RuntimeError(f"{command[:3]} ended with {process.returncode}")
            time.sleep(PAUSE)
        yield Server(port, process, time.perf_counter() - start)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _answers(port: int) -> bool:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/ask",
        json.dumps({"question": "Wer leitet BioRN?"}).encode(),
        {"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=60):  # noqa: S310
            return True
    except (urllib.error.URLError, ConnectionError):
        return False


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")
    except FileNotFoundError:
        return 0


def _children(pid: int) -> list[int]:
    return [
        int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
    ]


async def closed(port: int, clients: int, questions: Iterator[str], count: int) -> tuple[list[Reply], float]:
    """So many clients, each asking again when it has its answer; the replies and questions a second."""
    left = itertools.islice(questions, count)

    async def client() -> list[Reply]:
        connection = Connection(port)
        replies = [await connection.ask(question) for question in left]
        connection.close()
        return replies

    start = time.perf_counter()
    replies = list(itertools.chain.from_iterable(await asyncio.gather(*(client() for _ in range(clients)))))
    assert {reply.status for reply in replies} == {200}
    return replies, len(replies) / (time.perf_counter() - start)


async def flood(port: int, rate: float, seconds: float, questions: Iterator[str]) -> tuple[list[Reply], float]:
    """Questions at a rate, whether they are answered or not; the replies and the rate that was reached."""
    idle: list[Connection] = []
    replies: list[Reply] = []
    running: set[asyncio.Task[None]] = set()

    async def one(question: str) -> None:
        connection = idle.pop() if idle else Connection(port)
        replies.append(await connection.ask(question))
        idle.append(connection)

    start = time.perf_counter()
    for number in itertools.count():
        late = time.perf_counter() - start - number / rate
        if late < 0:
            await asyncio.sleep(-late)
        if time.perf_counter() - start > seconds:
            break
        task = asyncio.create_task(one(next(questions)))
        running.add(task)
        task.add_done_callback(running.discard)
        if number % 20 == 0:
            await asyncio.sleep(0)
    took = time.perf_counter() - start
    await asyncio.gather(*running)
    for connection in idle:
        connection.close()
    return replies, len(replies) / took


async def recovery(port: int, alone: float, questions: Iterator[str]) -> float:
    """Seconds until five answers in a row are about as fast as alone."""
    start, connection, lately = time.perf_counter(), Connection(port), [float("inf")]
    while median(lately[-5:]) > SLOW * alone and time.perf_counter() - start < 60:
        lately.append((await connection.ask(next(questions))).seconds)
    connection.close()
    return time.perf_counter() - start


def p95(replies: list[Reply]) -> float:
    """Seconds."""
    return quantiles([reply.seconds for reply in replies], n=20)[-1]


async def measured(server: Server, seconds: float, sample: int, at_once: int, table: Table) -> None:
    """Fill the table."""
    questions = itertools.cycle([case.question for case in load_cases(shipped_files())])
    await closed(server.port, at_once, questions, 2 * at_once)
    alone, rates, ratios = list[Reply](), list[tuple[float, float, float]](), list[float]()
    for _ in range(TURNS):  # the same questions on every side, and medians: others use the machine too
        asked = list(itertools.islice(questions, sample // TURNS))
        one_by_one, one = await closed(server.port, 1, iter(asked), len(asked))
        full, capacity = await closed(server.port, at_once, iter(asked), len(asked))
        _, many = await closed(server.port, 16, iter(asked), len(asked))
        alone += one_by_one
        rates.append((one, capacity, many))
        ratios.append(p95(full) / median(reply.seconds for reply in one_by_one))
    usual, capacity = median(reply.seconds for reply in alone), median(rate[1] for rate in rates)
    overhead = median(reply.seconds - json.loads(reply.body)["timings_ms"]["total"] / 1000 for reply in alone)
    table.add_row("an answer alone, median", f"{1000 * usual:.1f} ms", "")
    table.add_row("around retrieval, drafting and checking, median", f"{1000 * overhead:.1f} ms", "≤ 5 ms")
    table.add_row(f"at capacity ({at_once} clients): p95 / median alone", _middle(ratios), "≤ 3")
    table.add_row("16 clients / one client, questions a second", _middle([rate[2] / rate[0] for rate in rates]), "≥ 2")
    before = server.memory()
    replies, offered = await flood(server.port, 10 * capacity, seconds, questions)
    after = server.memory()
    recovered = await recovery(server.port, usual, questions)
    statuses = Counter(reply.status for reply in replies)
    refused = [reply for reply in replies if reply.status == 429]
    table.add_row("offered in the flood / capacity", f"{offered / capacity:.1f}", "10")
    table.add_row("statuses in the flood", ", ".join(f"{s}: {n}" for s, n in sorted(statuses.items())), "200, 429")
    table.add_row("refused within, p95", f"{1000 * p95(refused):.0f} ms" if refused else "-", "< 100 ms")
    table.add_row("goodput / capacity", f"{statuses[200] / seconds / capacity:.2f}", "≥ 0.8")
    table.add_row("memory after / before", f"{after / before:.3f}", "< 1.1")
    table.add_row("recovered after", f"{recovered:.1f} s", "≤ 5 s")


def _middle(values: list[float]) -> str:
    """The median of the turns, and what they were between."""
    return f"{median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


@app.command()
def load(
    seconds: Annotated[float, typer.Option(help="Length of the flood.", min=1)] = 120,
    sample: Annotated[int, typer.Option(help="Questions for each of the other figures.", min=30)] = 300,
    workers: Annotated[int, typer.Option(help="LOTSE_WORKERS of the server.", min=0)] = 2,
    data: Annotated[Path | None, typer.Option(help="Folder of the index of the shipped corpus.", metavar="DIR")] = None,
    cold: Annotated[bool, typer.Option(help="Compare the start with a plain pipeline's.")] = True,
) -> None:
    """Print the table."""
    table = Table("of one run", "measured", "wanted", box=MARKDOWN)
    folder = ["--data", str(data)] if data else []
    settings = {"LOTSE_WORKERS": str(workers), "LOTSE_CACHE": "0", "LOTSE_QUEUE": str(QUEUE)}
    table.add_row("load average before", f"{os.getloadavg()[0]:.1f}", "")
    with serving(["-m", "assistant", "serve", *folder], settings) as server:
        asyncio.run(measured(server, seconds, sample, workers or 1, table))
    table.add_row("load average after", f"{os.getloadavg()[0]:.1f}", "")
    if cold:
        starts = []
        for _ in range(2):
            with serving(["-m", "assistant", "serve", *folder], {}) as server:
                ours = server.cold
            with serving([str(PLAIN), *folder], {}) as server:
                starts.append((ours, server.cold))
        ours, plain = min(a for a, _ in starts), min(b for _, b in starts)
        table.add_row(
            f"cold start to the first answer ({ours:.1f} s) / a plain pipeline's", f"{ours / plain:.2f}", "≤ 0.5"
        )
    Console().print(table)


if __name__ == "__main__":
    run_command(app)
