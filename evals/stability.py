"""Whether an answer stays right when the question is put a little differently."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from assistant.pipeline import Assistant
from assistant.types import Language
from evals.cases import SHIPPED, Case
from evals.metrics import is_correct
from evals.outcome import Outcome
from evals.run import ask_case
from evals.share import Share
from evals.stats import Interval, bootstrap_interval

SAMPLE = 60  # right answers whose questions are varied
PARAPHRASES = SHIPPED / "paraphrases"

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_LONG_WORD = re.compile(r"\b[a-zäöüß]{6,}\b")
_FRAMES: Mapping[Language, tuple[str, ...]] = {
    "de": ("Kannst du mir sagen: {}", "Kurze Frage an dich: {}", "{} Danke dir!"),
    "en": ("Can you tell me: {}", "Quick question for you: {}", "{} Thanks a lot!"),
}


class _Paraphrase(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    question: str


@dataclass(frozen=True, slots=True)
class Stability:
    """Of the right answers, how many stay right when the question is varied."""

    variant: str
    share: Share
    interval: Interval | None


def reworded(question: str, language: Language) -> str:
    """The question in a polite frame, as people put it to a person."""
    return _FRAMES[language][_pick(question, len(_FRAMES[language]))].format(question)


def mistyped(question: str, language: Language) -> str:
    """The question with two letters of one long common word swapped; names are left alone, as in most slips of the pen."""
    words = list(_LONG_WORD.finditer(question))
    if not words:
        return question
    word = words[_pick(question, len(words))]
    place = word.start() + 2 + _pick(question, len(word[0]) - 4)
    return question[:place] + question[place + 1] + question[place] + question[place + 2 :]


def without_umlauts(question: str, language: Language) -> str:
    """The question as a foreign keyboard writes it, in small letters."""
    return question.translate(_UMLAUTS).lower()


VARIANTS: Mapping[str, Callable[[str, Language], str]] = {
    "reworded": reworded,
    "mistyped": mistyped,
    "ascii": without_umlauts,
}


def stability(outcomes: Sequence[Outcome], assistant: Assistant, paraphrases: Mapping[str, str]) -> Iterator[Stability]:
    """Ask a fixed sample of what was right again, each variant in turn; a crash counts as not right.

    Args:
        paraphrases: another question for the same fact, by the id of the case; cases without one are not paraphrased.
    """
    right = [outcome.case for outcome in outcomes if outcome.correct]
    for name, vary in VARIANTS.items():
        yield _varied(name, [(case, vary(case.question, case.lang)) for case in _sample(right)], assistant)
    known = _sample([case for case in right if case.id in paraphrases])
    yield _varied("paraphrased", [(case, paraphrases[case.id]) for case in known], assistant)


def load_paraphrases() -> dict[str, str]:
    """The shipped paraphrases by the id of the case they ask for."""
    lines = (PARAPHRASES / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    found = [_Paraphrase.model_validate_json(line) for line in lines]
    return {one.id: one.question for one in found}


def _varied(name: str, asked: Sequence[tuple[Case, str]], assistant: Assistant) -> Stability:
    still = [_still_right(case, question, assistant) for case, question in asked]
    return Stability(name, Share.of_all(still), bootstrap_interval(still, [case.fact for case, _ in asked]))


def _still_right(case: Case, question: str, assistant: Assistant) -> bool:
    try:
        return is_correct(case, ask_case(case.model_copy(update={"question": question}), assistant))
    except Exception:  # noqa: BLE001 - a crash is a result of the evaluation
        return False


def _sample(cases: Sequence[Case]) -> list[Case]:
    if len(cases) <= SAMPLE:
        return list(cases)
    return [cases[number * len(cases) // SAMPLE] for number in range(SAMPLE)]


def _pick(question: str, count: int) -> int:
    """The same choice for the same question in every run."""
    return zlib.crc32(question.encode()) % count
