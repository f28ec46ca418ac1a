"""Findings to a draft written by a chat model: its sentences as they pass the gate, each on the quotes that prove it."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from assistant.catalogue import text
from assistant.errors import ModelUnavailableError
from assistant.gate import Entails, Gate
from assistant.generation.client import ModelClient
from assistant.generation.prompting import DraftPrompts, FactsIn
from assistant.generation.reading import ReplyReader
from assistant.generation.sides import with_sides
from assistant.text.kinds import asks_for_address, question_kind
from assistant.text.markers import MarkedSentence
from assistant.types import Claim, Draft, Findings, Question

Drafter = Callable[[Question, Findings], Draft]

NOT_FOUND = "NOT_FOUND"  # what the prompt asks for when the passages hold no answer
_WORDS, _WORDS_LONG = 140, 230  # leaves room for the markers under the contract's limits
_FIX = "Ask again, or set LOTSE_MODEL to a model that keeps to its sources; this answer is quoted."

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Writing:
    """What a model has written so far."""

    words: int  # that may still come
    claims: list[Claim] = field(default_factory=list)
    refused: bool = False


class GenerativeDrafter:
    """Lets a chat model write the draft, and quotes instead where that fails.

    Args:
        client: asks the chat model.
        fallback: drafts without a model. Where it refuses the model is not asked; else its draft is handed over as data,
            and where the documents disagree the model must give every side.
        refuse: drafts the refusal for a model that finds no answer in the passages.
        facts_in: the facts that passages state, handed over as data too.
        entails: see `assistant.gate.Gate`.
    """

    def __init__(
        self,
        client: ModelClient,
        *,
        fallback: Drafter,
        refuse: Drafter,
        facts_in: FactsIn | None = None,
        entails: Entails | None = None,
    ) -> None:
        self._client, self._fallback, self._refuse, self._entails = client, fallback, refuse, entails
        self._prompts = DraftPrompts(client.limits.room, facts_in)

    def __call__(self, question: Question, findings: Findings) -> Draft:
        """The model's sentences that their quotes prove, or what takes their place."""
        *_, whole = self.stream(question, findings)
        return whole

    def stream(self, question: Question, findings: Findings) -> Generator[Draft, None, None]:
        """Yield the draft each time a sentence is added, and the same one again while nothing comes; the last is the whole.

        A draft only ever grows. Closing the generator stops the model.
        """
        quoted = self._fallback(question, findings)
        # An address comes out of a document only as a quote: no model may write one, so it could not answer.
        if (quoted.status != "answered" and not quoted.disagreements) or asks_for_address(question.text):
            yield quoted
            return
        writing = _Writing(_WORDS_LONG if question_kind(question.text) in ("list", "comparison") else _WORDS)
        draft = nothing = Draft("answered", text(question.language, "generated"), (), self._client.name)
        try:
            with closing(self._write(question, findings, quoted, writing)) as steps:
                for _ in steps:
                    if len(writing.claims) > len(draft.claims) and not quoted.disagreements:
                        draft = dataclasses.replace(nothing, claims=tuple(writing.claims))
                    yield draft  # a disagreement is shown when all its sides are there
        except ModelUnavailableError as error:
            _log.warning("%s", error)
            shown = not quoted.disagreements and writing.claims
            yield self._broken_off(writing.claims, quoted, question) if shown else _instead(quoted, question, error)
            return
        if writing.refused:
            yield dataclasses.replace(self._refuse(question, findings), engine=self._client.name)
            return
        claims = with_sides(writing.claims, quoted.disagreements, question.language)
        if claims is None:
            yield quoted
            return
        framing = quoted.framing if quoted.disagreements else nothing.framing
        yield dataclasses.replace(
            nothing, status=quoted.status, framing=framing, claims=claims, disagreements=quoted.disagreements
        )

    def _write(
        self, question: Question, findings: Findings, quoted: Draft, writing: _Writing
    ) -> Generator[None, None, None]:
        """Have the model write; yields whenever something came, or nothing for a while."""
        passages, messages = self._prompts(question, findings, quoted, writing.words)
        gate = Gate(passages, question.language, long_forms=findings.long_forms, entails=self._entails)
        reader = ReplyReader()
        with closing(self._client.stream(messages, question.due)) as pieces:
            for piece in pieces:
                sentences = list(reader.feed(piece))
                writing.refused = reader.text[:40].lstrip("*`_#[ \n").startswith(NOT_FOUND)
                if writing.refused or not _added(sentences, gate, writing):
                    return
                yield
        _added(reader.finish(), gate, writing)
        writing.refused = not writing.claims and NOT_FOUND in reader.text
        if not writing.claims and not writing.refused:
            raise ModelUnavailableError(
                f"No sentence of {self._client.name} was proven by the passages it named.", _FIX
            )

    def _broken_off(self, claims: Sequence[Claim], quoted: Draft, question: Question) -> Draft:
        """What was written before a fault, and the quotes that go on from there."""
        cited = {quote.place for claim in claims for quote in claim.quotes}
        quotes = {quote.place: quote for claim in quoted.claims for quote in claim.quotes if quote.place not in cited}
        rest = (Claim(quote.text, (quote,), verbatim=True) for quote in quotes.values())
        interlude = text(question.language, "broken_off")
        return Draft("answered", "", (*claims, *rest), self._client.name, degraded=True, interlude=interlude)


def _instead(quoted: Draft, question: Question, error: ModelUnavailableError) -> Draft:
    """The quotes, marked as standing in for the model."""
    framing = f"{text(question.language, error.told)} {quoted.framing}".strip()
    return dataclasses.replace(quoted, framing=framing, degraded=True)


def _added(sentences: Iterable[MarkedSentence], gate: Gate, writing: _Writing) -> bool:
    """Add the sentences that pass the gate, each once; False when no more fits."""
    for sentence in sentences:
        claim = gate.judge(sentence)
        if claim is None or claim.text in [one.text for one in writing.claims]:
            continue
        writing.words -= len(claim.text.split())
        if writing.words < 0:
            return False
        writing.claims.append(claim)
    return True
