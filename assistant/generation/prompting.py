"""The prompt for a draft: passages, what is known from them, and the question, within the model's window."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from assistant.errors import ModelUnavailableError
from assistant.generation.fencing import escape, new_fence
from assistant.generation.tokens import count_prompt
from assistant.index.facts import Fact
from assistant.prompts import load_prompt
from assistant.types import Claim, Disagreement, Draft, Findings, Language, Passage, Question

FactsIn = Callable[[Sequence[Passage]], Sequence[Fact]]

_MOST_FACTS = 40
_LANGUAGES: dict[Language, str] = {"de": "German", "en": "English"}


class DraftPrompts:
    """Makes the prompts; the files are read once.

    Args:
        room: tokens a prompt may have.
        facts_in: gives the facts that passages state; None: none are handed over.
    """

    def __init__(self, room: int, facts_in: FactsIn | None) -> None:
        self._room, self._facts_in = room, facts_in
        self._instructions, self._sources = load_prompt("answer"), load_prompt("sources")

    def __call__(
        self, question: Question, findings: Findings, quoted: Draft, words: int
    ) -> tuple[list[Passage], list[BaseMessage]]:
        """The passages that fit, the weakest left out whole, as they are numbered from 1, and the prompt with them.

        Args:
            question: as it was searched for.
            findings: what the search gave.
            quoted: the answer without a model: its claims and disagreements are handed over as data.
            words: how long the answer may be.

        Raises:
            ModelUnavailableError: not even the best passage fits.
        """
        passages, fence = _best_first(findings, quoted), new_fence()
        facts = self._facts_in(passages) if self._facts_in else ()
        system = SystemMessage(self._instructions.render(language=_LANGUAGES[question.language], words=str(words)))
        while passages:
            user = HumanMessage(
                self._sources.render(
                    fence=fence,
                    passages=_numbered(passages, fence),
                    facts=_lines(_facts(facts, passages)),
                    statements=_lines(_statements(quoted.claims, passages)),
                    disagreements=_lines(_disagreements(quoted.disagreements, passages)),
                    question=escape(question.text),
                )
            )
            if count_prompt([system, user]) <= self._room:
                return passages, [system, user]
            passages = passages[:-1]
        raise ModelUnavailableError(
            f"No passage fits into a prompt of {self._room:,} tokens.",
            "Raise LOTSE_MODEL_CONTEXT to the model's window, or lower LOTSE_MODEL_MAX_TOKENS.",
        )


def _best_first(findings: Findings, quoted: Draft) -> list[Passage]:
    """Those the quoted answer rests on, then the others as the search ranked them."""
    resting = [quote.passage for claim in quoted.claims for quote in claim.quotes]
    resting += [quote.passage for one in quoted.disagreements for _, quote in one.values]
    found = {passage.chunk_id: passage for passage in (*resting, *findings.passages)}  # the search's own has more to it
    return list(found.values())


def _numbered(passages: Sequence[Passage], fence: str) -> str:
    """The passages in their fences, under title and headings, numbered from 1."""
    return "\n".join(
        f'<passage-{fence} number="{number}">\n{escape(" > ".join((passage.title, *passage.section)))}\n\n'
        f"{escape(passage.text)}\n</passage-{fence}>"
        for number, passage in enumerate(passages, 1)
    )


def _statements(claims: Sequence[Claim], passages: Sequence[Passage]) -> Iterator[str]:
    for claim in claims:
        numbers = [_number(quote.passage, passages) for quote in claim.quotes]
        if all(numbers):
            markers = " ".join(f"[{number}]" for number in dict.fromkeys(numbers))
            yield f"- {escape(' '.join(claim.text.replace('**', '').split())).removeprefix('- ')} {markers}"


def _facts(facts: Sequence[Fact], passages: Sequence[Passage]) -> Iterator[str]:
    """Each fact once, as the first passage that states it has it."""
    numbers = {passage.chunk_id: number for number, passage in enumerate(passages, 1)}
    stated: dict[str, int] = {}
    for fact in sorted((one for one in facts if one.chunk_id in numbers), key=lambda one: numbers[one.chunk_id]):
        entry = fact.entry
        about = " ".join(part for part in (entry.kind, entry.attribute) if part)
        stated.setdefault(f"- {escape(f'{entry.subject} | {about} | {entry.written}')}", numbers[fact.chunk_id])
    return (f"{line} [{number}]" for line, number in islice(stated.items(), _MOST_FACTS))


def _disagreements(disagreements: Sequence[Disagreement], passages: Sequence[Passage]) -> Iterator[str]:
    for one in disagreements:
        sides = [(value, _number(quote.passage, passages)) for value, quote in one.values]
        yield f"- {escape(one.about)}: " + "; ".join(f"{escape(value)} [{number}]" for value, number in sides if number)


def _number(passage: Passage, passages: Sequence[Passage]) -> int:
    """The number a passage has in the prompt; 0 where it did not fit."""
    return next((number for number, one in enumerate(passages, 1) if one.chunk_id == passage.chunk_id), 0)


def _lines(lines: Iterator[str]) -> str:
    return "\n".join(lines) or "(none)"
