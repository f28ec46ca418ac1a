"""The gate for what a chat model writes: sentence by sentence, kept on the fewest quotes that prove it, or removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.evidence import find_quotes
from assistant.explanation import SentenceDecision, SentenceReason
from assistant.support import covered, fault
from assistant.text.abbreviations import LongForms
from assistant.text.markers import MarkedSentence
from assistant.trace import note
from assistant.types import Claim, Language, Passage

Entails = Callable[[str, str], bool]
"""Whether a text (first) says what a sentence (second) says."""

_REPOINTED = 0.6  # of a sentence's words that the one passage holds to which its citation is moved


class Gate:
    """Judges the sentences of one reply in order.

    Args:
        passages: those the model was given, numbered from 1.
        language: the language of the reply.
        long_forms: see `Findings`.
        entails: asked about every sentence that has passed all else; None: not asked.
    """

    def __init__(
        self,
        passages: Sequence[Passage],
        language: Language,
        *,
        long_forms: LongForms = (),
        entails: Entails | None = None,
    ) -> None:
        self._passages, self._language = passages, language
        self._long_forms, self._entails = long_forms, entails
        self._dropped = False

    def judge(self, sentence: MarkedSentence) -> Claim | None:
        """The sentence with the quotes that prove it; None where it must not be shown.

        A sentence that leans on a removed one goes with it: its "it" would come to mean something else.
        """
        claim, decision, reason = self._judged(sentence)
        self._dropped = claim is None
        note("verdict", sentence=sentence, claim=claim, decision=decision, reason=reason)
        return claim

    def _judged(self, sentence: MarkedSentence) -> tuple[Claim | None, SentenceDecision, SentenceReason | None]:
        refused = self._refused(sentence)
        if refused:
            return None, "removed", refused
        claim, reason = self._proven(sentence, [self._passages[marker - 1] for marker in sentence.markers])
        if reason is None:
            return claim, "kept", None
        others = [p for number, p in enumerate(self._passages, 1) if number not in sentence.markers]
        holding = [found for found, lacking in (self._proven(sentence, [other]) for other in others) if not lacking]
        least = max(_REPOINTED, covered(claim, self._language))  # what says more of it is what it was made from
        holding = [found for found in holding if covered(found, self._language) >= least]
        if reason == "unproven" and len(holding) == 1:
            return holding[0], "repointed", None
        return None, "removed", reason

    def _refused(self, sentence: MarkedSentence) -> SentenceReason | None:
        """Why a sentence cannot be shown whatever the passages hold."""
        if self._dropped and sentence.leans_back:
            return "leans"
        if not sentence.usable:
            return "markup"
        if not sentence.markers:
            return "no_source"
        if not all(0 < marker <= len(self._passages) for marker in sentence.markers):
            return "unknown_source"
        return None

    def _proven(self, sentence: MarkedSentence, passages: Sequence[Passage]) -> tuple[Claim, SentenceReason | None]:
        """The sentence on its quotes in these passages, and what they do not bear out."""
        quotes = find_quotes(sentence.text, self._language, passages, self._long_forms)
        claim = Claim(sentence.text, quotes, verbatim=False)
        found = fault(claim, self._language, self._long_forms)
        if found is None and self._entails and not self._entails(" ".join(q.text for q in quotes), sentence.text):
            found = "not_entailed"
        return claim, found
