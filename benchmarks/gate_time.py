"""What the gate costs: judging an answer of 200 words against the time a model of 30 tokens/s takes to write it.

python benchmarks/gate_time.py [--sample N] [--data DIR]
"""

from __future__ import annotations

from pathlib import Path
from statistics import median
from typing import Annotated

import typer
from measure import seconds, spread

from assistant.console import run_command
from assistant.gate import Gate
from assistant.generation.tokens import count_tokens
from assistant.pipeline import build_service
from assistant.settings import load_settings
from assistant.text.markers import marked_sentences
from assistant.types import Findings
from evals.cases import load_cases, shipped_files

app = typer.Typer(add_completion=False)

WORDS, TOKENS_A_SECOND = 200, 30


def reply_of(findings: Findings) -> str:
    """Sentences of the passages with their numbers, about WORDS words."""
    said: list[str] = []
    for number, passage in enumerate(findings.passages, 1):
        for quotable in passage.quotables:
            if quotable.unit.kind == "sentence" and sum(len(one.split()) for one in said) < WORDS:
                said.append(f"{' '.join(quotable.text.split()).removesuffix('.')} [{number}].")
    return "\n".join(said)


@app.command()
def gate_time(
    sample: Annotated[int, typer.Option(help="So many questions.", min=1)] = 40,
    data: Annotated[Path | None, typer.Option(help="Folder of the index of the shipped corpus.", metavar="DIR")] = None,
) -> None:
    """Print the share."""
    settings = load_settings().model_copy(update={"model": None})
    service = build_service(settings.model_copy(update={"data": data}) if data else settings)
    shares = []
    for case in spread(load_cases(shipped_files()), sample):
        question = service.assistant.rewrite(case.question, (), None)
        findings = service.assistant.retrieve(question)
        reply = reply_of(findings)
        gate = Gate(findings.passages, question.language, long_forms=findings.long_forms)
        cost = seconds(lambda gate=gate, reply=reply: [gate.judge(one) for one in marked_sentences(reply)])  # type: ignore[misc]
        shares.append(cost / (count_tokens(reply) / TOKENS_A_SECOND))
    print(
        f"The gate adds {median(shares):.2%} to an answer (median of {len(shares)}; worst {max(shares):.2%}; bar 5 %)."
    )


if __name__ == "__main__":
    run_command(app)
