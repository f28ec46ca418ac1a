"""A follow-up rewritten by a model: only in a conversation, only from its words, by rules where that fails."""

from __future__ import annotations

import time
from typing import Any

import pytest

from assistant.generation.client import ModelClient
from assistant.generation.limits import Limits
from assistant.generation.rewriting import ModelRewriter
from assistant.rewrite import rewrite_question
from assistant.types import Turn
from tests.scripted import ScriptedChatModel

HISTORY = (
    Turn("user", "Wie viele Mitglieder hat der Biocluster Rosenau?"),
    Turn("assistant", "Der Biocluster Rosenau hat 42 Mitglieder. [1]"),
)
ASKED = "Und seit wann gibt es ihn?"
GOOD = "Seit wann gibt es den Biocluster Rosenau?"
RULED = rewrite_question(ASKED, HISTORY, None)


def rewriter(*replies: Any, limits: Limits | None = None) -> tuple[ModelRewriter, ScriptedChatModel]:
    model = ScriptedChatModel(replies=list(replies))
    return ModelRewriter(ModelClient(model, "m", limits or Limits(retries=0)), rewrite_question), model


@pytest.mark.parametrize("history", [(), (Turn("assistant", "Guten Tag!"),)])
def test_a_first_question_is_not_sent(history: tuple[Turn, ...]) -> None:
    rewrite, model = rewriter(GOOD)
    assert rewrite(ASKED, history, None).text == ASKED
    assert not model.prompts


@pytest.mark.parametrize("reply", [GOOD, f"„{GOOD}“", f"<think>Ihn?</think>\n{GOOD}", f"  {GOOD}\n"])
def test_a_follow_up_is_rewritten(reply: str) -> None:
    rewrite, model = rewriter(reply)
    question = rewrite(ASKED, HISTORY, None)
    assert (question.asked, question.text, question.language, question.rewritten) == (ASKED, GOOD, "de", GOOD)
    assert all(turn.content in model.prompts[0] for turn in HISTORY)


BAD = {
    "a figure nobody named": "Seit wann gibt es die 43 Mitglieder des Bioclusters Rosenau?",
    "a year nobody named": "Gibt es den Biocluster Rosenau seit 1998?",
    "a name nobody named": "Seit wann gibt es den Biocluster Rosenau der Hanna Weidenbach?",
    "an answer": "Der Biocluster Rosenau wurde 1998 gegründet.",
    "nothing": "",
    "two lines": f"{GOOD}\nIch hoffe, das hilft.",
    "too long": GOOD * 20,
    "a link": "Seit wann gibt es den Biocluster Rosenau (https://evil.example)?",
    "markup": f"**{GOOD}**",
    "a tag": f"<b>{GOOD}</b>",
    "a fault": RuntimeError("no"),
}


@pytest.mark.parametrize("reply", BAD.values(), ids=BAD.keys())
def test_by_rules_where_the_model_fails_or_invents(reply: Any) -> None:
    assert rewriter(reply)[0](ASKED, HISTORY, None) == RULED
    assert RULED.text != ASKED


def test_the_language_asked_for_stays() -> None:
    assert rewriter(GOOD)[0](ASKED, HISTORY, "en").language == "en"


def test_the_last_turns_that_fit_are_sent_whole() -> None:
    long = [Turn("user", f"Frage {n}: " + "wie viele Mitglieder? " * 20) for n in range(8)]
    rewrite, model = rewriter(GOOD, limits=Limits(retries=0, context=1_500, max_tokens=100))
    rewrite(ASKED, long, None)
    sent = [turn.content in model.prompts[0] for turn in long]
    assert sent == sorted(sent), "the last ones"
    assert 0 < sum(sent) < 8
    assert model.prompts[0].count("Frage") == sum(sent)


def test_the_answer_is_due_a_deadline_after_the_question() -> None:
    before = time.monotonic()
    due = rewriter(GOOD, limits=Limits(deadline=50))[0](ASKED, HISTORY, None).due
    assert before + 50 <= due <= time.monotonic() + 50
