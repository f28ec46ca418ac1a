"""Ask every case of an assistant, the way a user would."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from assistant.pipeline import Assistant
from assistant.types import Answer, Turn
from evals.cases import Case
from evals.metrics import Outcome, broken_promises, faults


def run_cases(cases: Iterable[Case], assistant: Assistant, text_of: Callable[[str], str | None]) -> Iterator[Outcome]:
    """Yield the outcome of each case as soon as it is known.

    Args:
        cases: the cases.
        assistant: who is asked.
        text_of: the indexed text of a document by its id, to check the quotes against.
    """
    for case in cases:
        try:
            answer = ask_case(case, assistant)
        except Exception as error:  # noqa: BLE001 - a crash is a result of the evaluation, the other cases go on
            yield Outcome(case, None, (f"crashed with {type(error).__name__}: {error}",))
        else:
            yield Outcome(case, answer, faults(case, answer), broken_promises(answer, text_of))


def ask_case(case: Case, assistant: Assistant) -> Answer:
    """Ask a case's earlier questions, then its question, in one conversation."""
    turns: list[Turn] = []
    for earlier in case.history:
        reply = assistant.ask(earlier, turns)
        turns += [Turn("user", earlier), Turn("assistant", reply.answer)]
    return assistant.ask(case.question, turns)
