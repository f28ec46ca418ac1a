"""A folder in BEIR's form: corpus.jsonl, queries.jsonl and qrels/*.tsv (Thakur et al., BEIR, NeurIPS 2021).

It judges documents and holds no answers, so that only the search can be measured with it.
"""

from __future__ import annotations

import csv
import json
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import InvalidInputError
from evals import retrieval
from evals.outside.dataset import Dataset
from evals.summary import RANKS, Retrieval


@dataclass(frozen=True, slots=True)
class Judged:
    """Documents, questions by id, and for each question the names of the documents that answer it."""

    dataset: Dataset
    questions: Mapping[str, str]
    relevant: Mapping[str, frozenset[str]]


def read_beir(folder: Path, split: str = "test") -> Judged:
    """Everything in the folder; questions nothing was judged for are left out.

    Raises:
        InvalidInputError: a file is missing or in another form.
    """
    try:
        documents = {
            f"{number:06}.md": (str(row["_id"]), str(row.get("title") or row["_id"]), str(row["text"]))
            for number, row in enumerate(_rows(folder / "corpus.jsonl"), 1)
        }
        queries = {str(row["_id"]): str(row["text"]) for row in _rows(folder / "queries.jsonl")}
        judged = _qrels(folder / "qrels" / f"{split}.tsv")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InvalidInputError(
            f"{folder} is not in BEIR's form ({type(error).__name__}: {error}).",
            f"It holds corpus.jsonl, queries.jsonl and qrels/{split}.tsv.",
        ) from None
    names = {original: name for name, (original, _, _) in documents.items()}
    relevant = {query: frozenset(names[d] for d in found if d in names) for query, found in judged.items()}
    return Judged(
        Dataset({name: (title, text) for name, (_, title, text) in documents.items()}, ()),
        {query: queries[query] for query, found in relevant.items() if found and query in queries},
        relevant,
    )


def search_figures(judged: Judged, search: Callable[[str], Sequence[str]]) -> Retrieval:
    """How early the judged documents come.

    Args:
        search: question to document names, best first; a name that comes again counts once, where it came first.
    """
    rankings = [
        ([name in judged.relevant[query] for name in dict.fromkeys(search(text))], len(judged.relevant[query]))
        for query, text in judged.questions.items()
    ]
    return Retrieval(
        cases=len(rankings),
        success={k: statistics.fmean(retrieval.success_at(r, k) for r, _ in rankings) for k in RANKS},
        recall={k: statistics.fmean(retrieval.recall_at(r, n, k) for r, n in rankings) for k in RANKS},
        mrr=statistics.fmean(retrieval.reciprocal_rank(r) for r, _ in rankings),
        ndcg_10=statistics.fmean(retrieval.ndcg_at(r, n, 10) for r, n in rankings),
    )


def _rows(path: Path) -> Iterator[dict[str, object]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _qrels(path: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            if float(row["score"]) > 0:
                found.setdefault(row["query-id"], set()).add(row["corpus-id"])
    return found
