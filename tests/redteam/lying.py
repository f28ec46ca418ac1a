"""How many planted errors are stopped, and how many honest sentences pass, through the drafter and the gate."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage
from pydantic import Field

from assistant.generation.client import ModelClient
from assistant.generation.limits import Limits
from assistant.generative import Drafter, GenerativeDrafter
from assistant.types import Answer, Claim, Draft, Findings, Question
from assistant.verify import verify_draft
from tests.redteam.honest import Asked, Honest, honest_sentences
from tests.redteam.lies import Lie, lies_about
from tests.scripted import ScriptedChatModel, prompt_passages

BARRED = frozenset(  # the kinds that the bar counts together: figures, dates, amounts, names and sources
    (
        "changed figure|digits swapped|other number word|magnitude|amount|percentage|unit|two figures swapped|day|month|year"
        "|two names swapped|other person|other body|other place|name from the same passages|invented body"
        "|invented source|invented beside a true source|no source|wrong passage cited"
    ).split("|")
)
STOPPED, REMOVED = 0.98, 0.02


@dataclass
class Tally:
    """How many were planted and stopped, or written and kept, and those that went wrong."""

    tried: int = 0
    right: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Between 0 and 1."""
        return self.right / self.tried if self.tried else 1.0

    def add(self, right: bool, what: str) -> None:
        """Count one more."""
        self.tried += 1
        self.right += right
        if not right:
            self.wrong.append(what)


@dataclass
class Lying:
    """The tallies by kind."""

    lies: dict[str, Tally]
    honest: dict[str, Tally]

    @property
    def stopped(self) -> float:
        """Of the kinds that the bar is about."""
        barred = [tally for kind, tally in self.lies.items() if kind in BARRED]
        return sum(tally.right for tally in barred) / sum(tally.tried for tally in barred)

    @property
    def removed(self) -> float:
        """Of all honest sentences."""
        tallies = self.honest.values()
        return 1 - sum(tally.right for tally in tallies) / sum(tally.tried for tally in tallies)


def measure(asked: Sequence[Asked], sample: int = 1, told: Callable[[int], None] = lambda count: None) -> Lying:
    """Have every honest sentence and every lie about it written by a model.

    Args:
        asked: the cases.
        sample: every so many of the honest sentences.
        told: called with the count of honest sentences done.
    """
    found = Lying({}, {})
    for count, honest in enumerate(honest_sentences(asked)[::sample]):
        told(count)
        draft = written(honest.asked, honest, honest.reply)
        kept = draft is not None and len(draft.claims) == 1
        found.honest.setdefault(honest.kind, Tally()).add(kept, f"{honest.asked.case.id} {honest.text}")
        for lie in lies_about(honest):
            shown = written(honest.asked, honest, lie.reply)
            found.lies.setdefault(lie.kind, Tally()).add(_is_stopped(lie, shown), f"{honest.asked.case.id} {lie.text}")
    return found


def written(asked: Asked, honest: Honest, reply: str) -> Draft | None:
    """What the drafter lets through of a reply; None where quotes take its place."""
    question = Question(asked.question.text, asked.question.text, honest.language)
    draft = drafter(reply)(question, asked.findings)
    return None if draft.degraded else draft


def drafter(reply: str) -> GenerativeDrafter:
    """A drafter whose model gives one reply."""
    client = ModelClient(ScriptedChatModel(replies=[reply]), "test:scripted", Limits(retries=0, context=1_000_000))
    return GenerativeDrafter(client, fallback=_quoted, refuse=_quoted)


def _quoted(question: Question, findings: Findings) -> Draft:
    return Draft("answered", "", (), "extractive")


def _is_stopped(lie: Lie, draft: Draft | None) -> bool:
    """Whether nothing of the error is shown: no word that only the lie has; where it has none, not the lie as it is."""
    if draft is None:
        return True
    if lie.kind == "wrong passage cited":
        wrong = lie.honest.asked.findings.passages[lie.sources[0] - 1].chunk_id
        return not any(quote.passage.chunk_id == wrong for claim in draft.claims for quote in claim.quotes)
    new = _words(lie.text) - _words(lie.honest.text)
    shown = [_words(claim.text) for claim in draft.claims]
    return not any(new & words if new else words == _words(lie.text) for words in shown)


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text))


# ---- an honest model that knows the passages -----------------------------------------------------------------


class HonestChatModel(ScriptedChatModel):
    """Says what the quotes say, as plain sentences with the numbers that their passages have in its prompt."""

    replies: list[Any] = Field(default_factory=list)
    quoted: Draft

    def _reply(self, messages: list[BaseMessage]) -> AIMessage:
        passages = [_flat(text) for text in prompt_passages("\n".join(message.text for message in messages))]
        self.replies = ["\n".join(_line(claim, passages) for claim in self.quoted.claims if claim.quotes)]
        return super()._reply(messages)


def _line(claim: Claim, passages: Sequence[str]) -> str:
    texts = [_flat(quote.text) for quote in claim.quotes]
    holding = [next((n for n, passage in enumerate(passages, 1) if text in passage), 0) for text in texts]
    markers = "".join(f"[{number}]" for number in sorted(set(holding)) if number)
    lines = [
        " ".join(line.lstrip("-•* ").replace("|", " ").split()) for line in claim.text.replace("**", "").splitlines()
    ]
    return "\n".join(f"{line.rstrip('.')} {markers}." for line in lines if line)


def _flat(text: str) -> str:
    return " ".join(text.split())


def worse(asked: Iterable[tuple[Asked, Draft]], is_right: Callable[[Asked, Answer], bool]) -> tuple[int, list[str]]:
    """How many cases quoting gets right, and those of them that an honest model gets wrong."""
    right, lost = 0, []
    for one, quoted in asked:
        if not is_right(one, verify_draft(one.question, one.findings, quoted)):
            continue
        right += 1
        client = ModelClient(HonestChatModel(quoted=quoted), "test:honest", Limits(retries=0, context=1_000_000))
        draft = GenerativeDrafter(client, fallback=_always(quoted), refuse=_quoted)(one.question, one.findings)
        answer = verify_draft(one.question, one.findings, draft)
        if not is_right(one, answer):
            lost.append(f"{one.case.id} {one.case.question} -> {answer.answer[:200]}")
    return right, lost


def _always(draft: Draft) -> Drafter:
    return lambda question, findings: draft
