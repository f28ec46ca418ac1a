"""Documents with cases about them, and unanswerable cases made by holding documents out."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from evals.cases import ABSTAIN, Case
from evals.wording import flat


@dataclass(frozen=True, slots=True)
class Dataset:
    """Titles and texts by document name, and the cases."""

    documents: Mapping[str, tuple[str, str]]
    cases: tuple[Case, ...]


def without_some(dataset: Dataset, share: float) -> Dataset:
    """Leave out a share of the documents, the same in every run, so that what only they answer cannot be answered.

    A case whose answer also stands in a document that is kept is left out, because nobody knows whether it is answerable.

    Args:
        share: of the documents, 0..1.
    """
    kept = {name: document for name, document in dataset.documents.items() if _place(name) >= share}
    texts = [flat(text) for _, text in kept.values()]
    cases: list[Case] = []
    for case in dataset.cases:
        if not case.answerable or any(source in kept for source in case.sources):
            cases.append(case)
        elif not any(flat(way) in text for way in case.must_include[0] for text in texts):
            cases.append(_unanswerable(case))
    return Dataset(kept, tuple(cases))


def write_documents(dataset: Dataset, folder: Path) -> None:
    """The documents as Markdown files, for lotse-ingest."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (title, text) in dataset.documents.items():
        (folder / name).write_text(f"# {title}\n\n{text}\n", encoding="utf-8")


def _unanswerable(case: Case) -> Case:
    return case.model_copy(
        update={
            "category": "unanswerable",
            "must_include": ((ABSTAIN,),),
            "must_not_include": (),
            "sources": (),
            "evidence": (),
            "note": f"held out: {', '.join(case.sources)}",
        }
    )


def _place(name: str) -> float:
    """Where a name falls between 0 and 1."""
    return zlib.crc32(name.encode()) / 2**32
