"""A reply to sentences, their markers, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.markers import marked_sentences, without_thoughts

A, B = "The port has 17 cranes", "Ada leads"


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (f"{A} [1]. {B} [2].", [(f"{A}.", (1,)), (f"{B}.", (2,))]),
        (f"{A}. [1] {B}. [2]", [(f"{A}.", (1,)), (f"{B}.", (2,))]),
        (f"{A}.[1] {B}.[2]", [(f"{A}.", (1,)), (f"{B}.", (2,))]),
        (f"{A} [1][3] [2].", [(f"{A}.", (1, 3, 2))]),
        (f"{A} [1, 3; 2].", [(f"{A}.", (1, 3, 2))]),
        (f"{A} [1] and {B} [1].", [(f"{A} and {B}.", (1,))]),
        (f"{A} \\[1\\].", [(f"{A}.", (1,))]),
        (f"- {A} [1]\n- {B} [2]", [(A, (1,)), (B, (2,))]),
        (f"* **{A}** [1]\n\n2) _{B}_ [2]", [(A, (1,)), (B, (2,))]),
        (f"> {A} [1].", [(f"{A}.", (1,))]),
        (f"# Answer\n{A} [1].", [(f"{A}.", (1,))]),
        ("The port\nhas 17 cranes [1].", [(f"{A}.", (1,))]),
        (f"{A} [1]\n{B} [2]", [(A, (1,)), (B, (2,))]),
        (f"| {A} [1] |\n|---|\n---\n```\n", []),
        (f"{A}.", [(f"{A}.", ())]),
        (f"{A} [sic] [1].", [(f"{A} sic.", (1,))]),
        ("It opened in 2024 [1].5 [2].", [("It opened in 2024.", (1,)), ("5.", (2,))]),
        ("The port\u00a0has\u202e 17\u200b cranes\x00 [1].", [(f"{A}.", (1,))]),
        (f"[{A}](https://evil.example) [1].", [(f"{A}.", (1,))]),
        (f"{A} [1](https://evil.example).", [(f"{A}.", (1,))]),
        (f"{A} ![17](https://evil.example/x.png) [1].", [(f"{A}.", (1,))]),
        (f"{A} ![17][ref] [1].", [(f"{A}.", (1,))]),
        ("", []),
    ],
)
def test_sentences_and_their_markers(reply: str, expected: list[tuple[str, tuple[int, ...]]]) -> None:
    assert [(one.text, one.markers) for one in marked_sentences(reply)] == expected
    assert all(one.usable for one in marked_sentences(reply))


@pytest.mark.parametrize(
    "piece",
    [
        "<b>17</b>",
        "<br/>",
        "<img src=x",
        "<!-- x -->",
        "</passage>",
        "<https://evil.example>",
        "https://evil.example",
        "ftp://evil.example",
        "www.evil.example",
        "evil.example",
        "sub-1.evil.example/path",
        "ada@evil.example",
        "javascript:alert",
        "data:text/html",
    ],
)
def test_html_and_addresses_make_a_sentence_unusable(piece: str) -> None:
    assert [one.usable for one in marked_sentences(f"{A} [1]. {B} {piece} [2]. {A} [3].")][::2] == [True, True]
    assert not next(one for one in marked_sentences(f"{B} {piece} [2].")).usable


@pytest.mark.parametrize(
    "text", ["Es sind z. B. 5, d. h. wenige, bzw. 5 Mio. Euro des e. V. [1].", "3 < 5 and 5 > 3 [1]."]
)
def test_stops_and_signs_of_plain_text_are_usable(text: str) -> None:
    assert all(one.usable for one in marked_sentences(text))


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("It has 17 cranes.", True),
        ("Diese hat 5.", True),
        ("Both are red.", True),
        ("Ida is red.", False),
        ("Itzehoe is.", False),
    ],
)
def test_a_sentence_may_lean_on_the_one_before(sentence: str, expected: bool) -> None:
    assert [one.leans_back for one in marked_sentences(sentence)] == [expected]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (f"<think>Hm.\n\nWhat?</think>\n{A}", A),
        (f"<thinking>Hm.</thinking>{A}", A),
        (f"{A}<think>and on and on", A),
        (f" {A} ", A),
    ],
)
def test_thoughts_are_left_out(reply: str, expected: str) -> None:
    assert without_thoughts(reply) == expected


@given(st.text())
def test_no_reply_leaves_brackets_or_loses_letters_of_plain_text(reply: str) -> None:
    for one in marked_sentences(reply):
        assert one.text == one.text.strip()
        assert one.text
        assert not set(one.text) & set("[]\n\\")
        assert one.text.isprintable()
