"""Which cases a run asks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import InvalidInputError
from evals.cases import Case, load_cases, missing_sources, originals_files, shipped_files


@dataclass(frozen=True, slots=True)
class Suite:
    """The cases of a run, and why files of the project's own are not among them."""

    cases: tuple[Case, ...]
    skipped: tuple[str, ...] = ()
    sampled: bool = False


def own_cases(documents: Collection[str]) -> Suite:
    """The project's own cases on documents that the index holds; a file none of whose documents is there is skipped.

    Raises:
        InvalidInputError: the index holds none of the documents.
    """
    files, skipped = [], []
    for file in [*shipped_files(), *originals_files()]:
        cases = load_cases([file])
        sources = {source for case in cases for source in case.sources}
        missing = missing_sources(cases, documents)
        if len(missing) < len(sources):
            files.append(file)
        else:
            some = ", ".join(missing[:3]) + (", …" if len(missing) > 3 else "")
            skipped.append(
                f"Skipped {file.parent.name}/{file.name}: the index holds none of the documents of its {len(cases)} cases ({some})."
            )
    if not files:
        raise InvalidInputError(
            "The index holds none of the documents of the project's own cases.", "Name your cases with --cases."
        )
    return Suite(tuple(load_cases(files)), tuple(skipped))


def named_cases(files: Iterable[Path]) -> Suite:
    """The cases of these files."""
    return Suite(tuple(load_cases(files)))


def sample(suite: Suite, facts: int | None) -> Suite:
    """Some of the facts, each in all its languages, spread over the files and the same in every run; all without a number."""
    names = list(dict.fromkeys(case.fact for case in suite.cases))
    if facts is None or facts >= len(names):
        return suite
    kept = {names[number * len(names) // facts] for number in range(facts)}
    return Suite(tuple(case for case in suite.cases if case.fact in kept), suite.skipped, sampled=True)


def documents_missing(suite: Suite, documents: Collection[str]) -> Sequence[str]:
    """Documents that cases name and the index lacks, in words; such cases are asked all the same."""
    missing = missing_sources(suite.cases, documents)
    return [f"The index lacks {len(missing)} documents that cases name, among them {missing[0]}."] if missing else []
