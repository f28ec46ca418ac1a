import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.rewrite import rewrite_question
from assistant.types import Turn

MEMBERS = "Wie viele Mitglieder hat BioRN?"


def rewritten(asked: str, *earlier: str) -> str:
    return rewrite_question(asked, [Turn("user", question) for question in earlier], None).text


@pytest.mark.parametrize(
    ("earlier", "asked", "expected"),
    [
        # the same question about somebody else
        ([MEMBERS], "Und BioM?", "Wie viele Mitglieder hat BioM?"),
        ([MEMBERS], "Und bei Medical Valley?", "Wie viele Mitglieder hat Medical Valley?"),
        (["How many members does BioRN have?"], "And BioM?", "How many members does BioM have?"),
        (
            ["How many members does BioRN have?"],
            "What about Medical Valley?",
            "How many members does Medical Valley have?",
        ),
        (
            ["Wie viele Follower hat SaxoCell auf LinkedIn?"],
            "Und auf Twitter?",
            "Wie viele Follower hat SaxoCell auf Twitter?",
        ),
        ([MEMBERS, "Und BioM?"], "Und SaxoCell?", "Wie viele Mitglieder hat SaxoCell?"),
        # a question that leans on the one before
        ([MEMBERS], "Und wer leitet es?", "Wer leitet es? (BioRN)"),
        ([MEMBERS], "Wer ist dort Sprecher?", "Wer ist dort Sprecher? (BioRN)"),
        (["Who chairs BioRN?"], "How many members does it have?", "How many members does it have? (BioRN)"),
        (["Wann wurde BioLAGO gegründet?"], "Und wo sitzt das Management?", "Wo sitzt das Management? (BioLAGO)"),
        ([MEMBERS], "Gibt es eine Satzung?", "Gibt es eine Satzung? (BioRN)"),
        # a question narrowed
        (["Wer leitet SaxoCell?"], "Und in der zweiten Phase?", "Wer leitet SaxoCell? in der zweiten Phase?"),
        # questions that stand on their own
        ([], "Und BioRN?", "Und BioRN?"),
        ([MEMBERS], "Wann wurde SaxoCell gegründet?", "Wann wurde SaxoCell gegründet?"),
        ([MEMBERS], "Gibt es eine Satzung von SaxoCell?", "Gibt es eine Satzung von SaxoCell?"),
        (["Who chairs BioRN?"], "Is there a board at SaxoCell?", "Is there a board at SaxoCell?"),
        # nothing to lean on, nothing said
        ([""], "Und BioRN?", "Und BioRN?"),
        (["hallo"], "Wer leitet es?", "Wer leitet es?"),
        ([MEMBERS], "Und?", MEMBERS),
        ([MEMBERS], "ok", MEMBERS),
    ],
)
def test_a_follow_up_stands_on_its_own(earlier: list[str], asked: str, expected: str) -> None:
    assert rewritten(asked, *earlier) == expected


def test_only_the_users_words_count() -> None:
    history = [Turn("user", MEMBERS), Turn("assistant", "SaxoCell hat 35 Mitglieder [1].")]
    question = rewrite_question("Und wer leitet es?", history, None)
    assert question.text == "Wer leitet es? (BioRN)"
    assert question.asked == "Und wer leitet es?"
    assert question.rewritten == question.text
    assert rewrite_question(MEMBERS, [], None).rewritten is None


@pytest.mark.parametrize(("asked", "language"), [("Und wer leitet es?", "de"), ("And who leads it?", "en")])
def test_the_language_is_the_follow_ups_own(asked: str, language: str) -> None:
    assert (
        rewrite_question(asked, [Turn("user", "Who are you?"), Turn("user", "Wer bist du?")], None).language == language
    )
    assert rewrite_question(asked, [], "en").language == "en"


TURNS = st.lists(
    st.text(max_size=80) | st.sampled_from([MEMBERS, "Und BioM?", "ok", "Who leads it?", "und "]), max_size=8
)


@given(TURNS, st.text(max_size=80) | st.sampled_from(["Und BioM?", "und wann?", "it?", "(", "Und A. B-C^D?"]))
def test_any_conversation_gives_a_question(earlier: list[str], asked: str) -> None:
    text = rewritten(asked, *earlier)
    assert text.strip() or not asked.strip()


def test_a_long_conversation_does_not_grow_without_end() -> None:
    assert len(rewritten("Und dann?", *["und " + "wort " * 390] * 50)) <= 2_000
