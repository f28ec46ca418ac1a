"""Sentences out of a stream: the same however it is cut, each as early as it is sure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.generation.reading import ReplyReader
from assistant.text.markers import MarkedSentence

REPLIES = [
    "The harbour runs 17 cranes [1]. The newest lifts 90 tonnes [1] [2]. It is red [3].",
    "Der Hafen hat 17 Kräne. [1] Er wurde am 12. März 2024 von Dr. Ada Brandt eröffnet. [2] Mehr z. B. im Text [1].",
    "- **One** thing [1]\n- Another [2]\n\nAnd a last one [1].",
    "## Title\n\n1. The first [1].\n2. The second [2].\n",
    "A line\nthat goes on [1]. Next\nline [2].",
    "| a | b [1]. |\n|---|---|\n| c | 3 [1]. |\nText [1].",
    "<think>1 or 2? Never [2].</think>The end [1]. <thinking>And?</thinking> Really [2].",
    "Mio. means 1.5 million euros, i.e. 1,500,000 [1, 2]! And then [Passage 3]? Yes.",
    "No marker at all. Not here. Nor here",
    "```\ncode [1].\n```\nText [1].",
]
PIECES = st.lists(st.integers(1, 12), min_size=1, max_size=200)


def read(*pieces: str) -> list[MarkedSentence]:
    reader = ReplyReader()
    return [*(sentence for piece in pieces for sentence in reader.feed(piece)), *reader.finish()]


def cut(text: str, sizes: list[int]) -> list[str]:
    pieces, start = [], 0
    while start < len(text):
        size = sizes[len(pieces) % len(sizes)]
        pieces.append(text[start : start + size])
        start += size
    return pieces


@given(st.sampled_from(REPLIES), PIECES)
def test_sentences_are_the_same_however_a_reply_is_cut(reply: str, sizes: list[int]) -> None:
    assert read(*cut(reply, sizes)) == read(*reply)


@given(st.text("aB1 .[]\n<>/think-", max_size=60), PIECES)
def test_no_text_breaks_it_and_nothing_is_invented(reply: str, sizes: list[int]) -> None:
    for sentence in read(*cut(reply, sizes)):
        assert set(sentence.text) <= {*reply, " "}


@pytest.mark.parametrize(
    ("said", "settled"),
    [
        ("The harbour runs 17 cranes [1].", ["The harbour runs 17 cranes."]),  # nothing can follow a marked stop
        ("The harbour runs 17 cranes [1] [2].", ["The harbour runs 17 cranes."]),
        ("The harbour runs 17 cranes [1]. Its", ["The harbour runs 17 cranes."]),
        ("The harbour runs 17 cranes.", []),  # a marker may follow
        ("The harbour runs 17 cranes. [1]", []),  # and another one
        ("The harbour runs 17 cranes. [1] Its ", ["The harbour runs 17 cranes."]),
        ("It opened on 12. ", []),  # of a month
        ("It opened on 12. Mä", []),
        ("- One thing [1]\n", ["One thing"]),
        ("- One thing\n", []),
        ("<think>It runs 17 cranes [1]. ", []),
        ("<thi", []),
        ("| a | 3 [1]. ", []),  # a table's row is no prose
    ],
)
def test_a_sentence_is_told_as_soon_as_it_is_sure(said: str, settled: list[str]) -> None:
    reader = ReplyReader()
    assert [sentence.text for piece in said for sentence in reader.feed(piece)] == settled


def test_markers_behind_a_settled_sentence_are_not_the_next_ones() -> None:
    assert [(s.text, s.markers) for s in read("One [1]. ", "[2] Two [3]. Three [1].")] == [
        ("One.", (1,)),
        ("Two.", (3,)),
        ("Three.", (1,)),
    ]


@pytest.mark.parametrize("broken", [f"Kr{chr(sign)}ne [1]." for sign in (0xFFFD, 0xD83E)])
def test_a_damaged_sentence_is_not_used(broken: str) -> None:
    assert [sentence.usable for sentence in read("Whole [1]. ", broken)] == [True, False]


def test_what_is_too_long_for_a_sentence_is_left_out() -> None:
    sentences = read("One [1]. ", *["word "] * 1_000, "the end [1]. ", "Two [2].")
    assert [sentence.text for sentence in sentences if len(sentence.text) < 100] == ["One.", "Two."]
