"""Makes assistant/index/token_axes.npz: the directions in which the packaged model's tokens differ most.

python benchmarks/token_axes.py

Principal components of the tokens of the shipped corpus, without any case or answer: no case is fitted here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import torch
import typer
from numpy.typing import NDArray
from rich.console import Console

import assistant.index.late_interaction
from assistant.console import run_command
from assistant.index.late_interaction import AXES, LAYER
from assistant.index.store import Store
from assistant.index.versions import STORE, served
from assistant.packaged_model import PackagedE5, _Run
from assistant.settings import load_settings
from evals.cases import SHIPPED, load_cases

app = typer.Typer(add_completion=False)

States = NDArray[np.float32]
_EACH = 5  # every fifth unit is enough
_DEVELOPMENT = SHIPPED / "dev.jsonl"


@app.command()
def token_axes() -> None:
    """Write the file."""
    model = PackagedE5()
    texts = states(model, "passage: ", units(load_settings().data))
    questions = states(model, "query: ", [case.question for case in load_cases([_DEVELOPMENT])])
    text_mean = texts.mean(axis=0)
    differing = texts - text_mean
    differing /= np.linalg.norm(differing, axis=1, keepdims=True)
    shares, directions = np.linalg.eigh(differing.T @ differing)
    path = Path(assistant.index.late_interaction.__file__).with_name("token_axes.npz")
    np.savez_compressed(
        path,
        question_mean=questions.mean(axis=0).astype(np.float16),
        text_mean=text_mean.astype(np.float16),
        directions=directions[:, : -AXES - 1 : -1].astype(np.float16),
    )
    Console().print(
        f"{len(texts)} tokens; the first {AXES} axes hold {shares[-AXES:].sum() / shares.sum():.0%}; {path}"
    )


def units(data: Path) -> list[str]:
    """Some units of an index."""
    with closing(Store(served(data).folder / STORE)) as store:
        texts = {document.id: (store.document(document.id) or document).text for document in store.documents()}
        ids = [unit for language in ("de", "en") for unit in store.searched_ids(language)][::_EACH]
        found = [unit for start in range(0, len(ids), 500) for unit in store.units(ids[start : start + 500])]
        return [texts[one.document_id][one.unit.span.start : one.unit.span.end] for one in found]


@torch.inference_mode()
def states(model: PackagedE5, prompt: str, texts: Iterable[str]) -> States:
    """What the layer makes of all the texts' tokens, shape (tokens, width)."""
    return np.concatenate(
        [_states(model, [i for word in model._pieces(prompt + text) for i in word]) for text in texts]
    )


def _states(model: PackagedE5, ids: Sequence[int]) -> States:
    row = [model._start, *ids[: model._sizes.positions - 2], model._end]
    states = model._embedded([row])
    for layer in model._layers[:LAYER]:
        states = model._through(layer, states, [_Run(0, 1, len(row))])
    found: States = states[2 : len(row) - 1].float().numpy()
    return found


if __name__ == "__main__":
    run_command(app)
