"""One command for a data set of others: documents in, questions asked, figures out."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from rich.console import Console

from assistant.models import load_embedder
from assistant.pipeline import Service, build_service
from assistant.settings import Settings
from evals.outside.beir import Judged, read_beir, search_figures
from evals.outside.dataset import Dataset, without_some, write_documents
from evals.outside.squad import read_squad
from evals.report.rows import retrieval_rows
from evals.report.terminal import print_report
from evals.result import Result
from evals.run import Corpus, run_cases
from evals.suite import Suite, sample
from evals.summary import summarise
from ingest.build import ingest

_LOOKED_AT = 30  # passages, several of which may be of one document


def run_outside(
    source: Path, folder: Path, settings: Settings, hold_out: float, facts: int | None, console: Console
) -> dict[str, Any]:
    """Print the figures of a data set and return them.

    Args:
        source: a JSON file in SQuAD's form, or a folder in BEIR's.
        folder: where documents and index go.
        hold_out: share of a SQuAD set's documents that are left out.
        facts: how many questions; all without it.
    """
    if source.is_dir():
        return _searched(read_beir(source), folder, settings, facts, console)
    dataset = without_some(read_squad(source), hold_out)
    service = _indexed(dataset, folder, settings)
    suite = sample(Suite(dataset.cases), facts)
    outcomes = list(run_cases(suite.cases, service.assistant, Corpus.of(service.index.current().store)))
    summary = summarise(outcomes)
    print_report(Result(summary, (), tuple(outcomes)), console)
    return summary.figures()


def _searched(judged: Judged, folder: Path, settings: Settings, facts: int | None, console: Console) -> dict[str, Any]:
    service = _indexed(judged.dataset, folder, settings)
    asked = dict(list(judged.questions.items())[:facts])

    def search(question: str) -> list[str]:
        found = service.index(service.assistant.rewrite(question, (), None), limit=_LOOKED_AT)
        return [passage.document_name for passage in found.passages]

    figures = search_figures(dataclasses.replace(judged, questions=asked), search)
    for name, value in retrieval_rows(figures):
        console.print(f"{name:<36} {value:>25}", highlight=False, markup=False)
    return dataclasses.asdict(figures)


def _indexed(dataset: Dataset, folder: Path, settings: Settings) -> Service:
    write_documents(dataset, folder / "documents")
    ingest([folder / "documents"], folder / "index", load_embedder(settings))
    return build_service(settings.model_copy(update={"data": folder / "index"}))
