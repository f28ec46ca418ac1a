"""Whether answers depend on the order in which documents came in."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.pipeline import Assistant
from assistant.types import Answer
from evals.cases import Case, is_source
from evals.run import ask_case
from evals.share import Share

Import = Callable[[Path, Path], Assistant]
"""Bring the index in the second folder in line with the files in the first, and open it."""


def order_stability(cases: Sequence[Case], files: Sequence[tuple[str, Path]], folder: Path, bring_in: Import) -> Share:
    """Import the documents at once and in two parts, the later ones first; share of the cases answered alike.

    Args:
        cases: what to ask; those on other documents are left out.
        files: names and places of the documents.
        folder: an empty one to work in.
        bring_in: see `Import`.
    """
    mine = [
        case for case in cases if case.sources and all(any(is_source(s, n) for n, _ in files) for s in case.sources)
    ]
    at_once = _imported([files], folder / "at-once", bring_in)
    half = len(files) // 2
    in_parts = _imported([files[half:], files[:half]], folder / "in-parts", bring_in)
    return Share.of_all(_said(ask_case(case, at_once)) == _said(ask_case(case, in_parts)) for case in mine)


def _imported(parts: Sequence[Sequence[tuple[str, Path]]], folder: Path, bring_in: Import) -> Assistant:
    documents = folder / "documents"
    for part in parts:
        for name, path in part:
            (documents / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, documents / name)
        assistant = bring_in(documents, folder / "index")
    return assistant


def _said(answer: Answer) -> tuple[object, ...]:
    return answer.status, answer.answer, tuple((c.title, c.start, c.end) for c in answer.citations)
