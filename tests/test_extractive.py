"""Which quotes answer, how much of them, and what a refusal says."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import pytest

from assistant.extractive import ANSWERABLE, draft_quotes, not_found
from assistant.types import Draft, Findings, Language, Passage, Question, Quotable, SentenceKind, Span, Unit
from assistant.verify import verify_draft
from tests.scripted import passage

Line = tuple[str, SentenceKind, float]  # text, kind, score; 0 for a unit that was not found
START = 50


def source(name: str, *lines: Line, language: Language = "en") -> Passage:
    """A passage of lines; an item is led by the last sentence before it."""
    units: list[Unit] = []
    found: list[Quotable] = []
    lead: Span | None = None
    text = ""
    for words, kind, score in lines:
        text += "\n" if text else ""
        span = Span(START + len(text), START + len(text) + len(words))
        text += words
        lead = span if kind == "sentence" else lead
        units.append(Unit(span, kind, lead if kind == "item" else None))
        if score:
            number = 100 * sum(map(ord, name)) + len(units)
            found.append(Quotable(number, name, units[-1], words, score, {}, {}))
    base = passage(name, "x")
    found.sort(key=lambda quotable: -quotable.score)
    return dataclasses.replace(
        base, text=text, span=Span(START, START + len(text)), units=tuple(units), quotables=tuple(found),
        language=language,
    )  # fmt: skip


def drafted(*passages: Passage, asked: str = "What is there?", language: Language = "en") -> Draft:
    return draft_quotes(Question(asked, asked, language), Findings(passages, 1.0, "v1"))


def quotes(draft: Draft) -> list[str]:
    assert all(claim.verbatim and claim.text == "\n".join(q.text for q in claim.quotes) for claim in draft.claims)
    return [claim.text for claim in draft.claims]


CRANES: Line = ("The harbour of Kleinhaven runs 17 cranes on three long piers.", "sentence", 5.0)
TOWER: Line = ("A lighthouse with red stripes guards the narrow western entrance.", "sentence", 4.5)
GOALS: Sequence[Line] = (
    ("The port has three goals for the coming years:", "sentence", 0.0),
    ("- more ships", "item", 5.0),
    ("- cleaner water", "item", 4.0),
    ("- new jobs", "item", 0.0),
)
WHOLE = "The port has three goals for the coming years:\n- more ships\n- cleaner water\n- new jobs"


# ---- lists ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("found", [0, 1, 2, 3])
def test_a_list_is_kept_whole_with_its_introduction(found: int) -> None:
    lines = [(text, kind, 5.0 if place == found else 0.0) for place, (text, kind, _) in enumerate(GOALS)]
    assert quotes(drafted(source("goals", *lines))) == [WHOLE]


def test_a_list_is_quoted_once_however_many_of_its_items_are_found() -> None:
    assert quotes(drafted(source("goals", *GOALS))) == [WHOLE]


def long_list(lead_score: float, item_score: float) -> Passage:
    items: list[Line] = [(f"- goal {n} " + f"word{n} " * 20, "item", item_score if n < 3 else 0.0) for n in range(12)]
    return source("goals", ("The port has twelve goals for the coming years:", "sentence", lead_score), *items)


def test_a_list_that_is_too_long_is_quoted_item_by_item_and_introduced_once() -> None:
    found = quotes(drafted(long_list(6.0, 5.0)))
    assert [quote.splitlines()[0] for quote in found] == [
        "The port has twelve goals for the coming years:",
        *(f"- goal {n} " + f"word{n} " * 20 for n in (1, 2)),
    ]


def test_nothing_but_such_an_introduction_is_no_answer() -> None:
    draft = drafted(long_list(9.0, 0.0))
    assert (draft.status, draft.claims) == ("not_found", ())


# ---- sentences -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sentence",
    [
        "It was built long before the railway came to the quiet little town.",
        "These were built long before the railway came to the quiet little town.",
        "Er wurde gebaut, lange bevor die Eisenbahn in die kleine Stadt kam.",
        "Davon wurden drei gebaut, lange bevor die Eisenbahn in die Stadt kam.",
        "Three of the cranes are red.",  # short
    ],
)
def test_a_sentence_that_leans_back_takes_the_one_before(sentence: str) -> None:
    first = CRANES[0]
    draft = drafted(source("a", (first, "sentence", 0.0), (sentence, "sentence", 5.0)))
    assert quotes(draft) == [f"{first}\n{sentence}"]
    assert quotes(drafted(source("a", (sentence, "sentence", 5.0)))) == [sentence]


def test_a_sentence_that_stands_alone_stays_alone() -> None:
    assert quotes(drafted(source("a", (CRANES[0], "sentence", 0.0), TOWER))) == [TOWER[0]]


def test_near_duplicates_are_quoted_once() -> None:
    again: Line = (CRANES[0].replace("long", "very long"), "sentence", 4.9)
    found = drafted(source("a", CRANES), source("b", again), source("c", TOWER))
    assert quotes(found) == [CRANES[0], TOWER[0]]


def test_what_is_far_below_the_best_is_left_out() -> None:
    assert quotes(drafted(source("a", CRANES), source("b", (TOWER[0], "sentence", 2.0)))) == [CRANES[0]]


def test_a_sentence_too_long_for_any_answer_makes_way() -> None:
    endless: Line = (" ".join(f"w{n}" for n in range(400)), "sentence", 9.0)
    near: Line = (TOWER[0], "sentence", 8.0)
    assert quotes(drafted(source("a", endless), source("b", near))) == [near[0]]


@pytest.mark.parametrize(
    ("asked", "words", "most"),
    [
        ("What is there?", 12, 4),  # 50 words
        ("What is there?", 30, 3),  # three, however long
        ("Which cranes are there?", 12, 4),
        ("How many cranes are there?", 30, 2),  # one, and what has room in 60 words
        ("How many cranes are there?", 40, 1),
        ("When were they built?", 30, 2),
        ("Is the crane bigger than the ship?", 30, 4),
        ("Is the crane bigger than the ship?", 12, 6),
    ],
)
def test_how_much_a_kind_of_question_gets(asked: str, words: int, most: int) -> None:
    lines: list[Line] = [(" ".join(f"w{n}x{m}" for m in range(words)), "sentence", 5.0) for n in range(9)]
    assert len(quotes(drafted(source("a", *lines), asked=asked))) == most


@pytest.mark.parametrize(
    ("asked", "second", "kept"),
    [("How many cranes?", 4.3, 2), ("How many cranes?", 4.1, 1), ("Who built it?", 3.1, 2), ("Who built it?", 2.9, 1)],
)
def test_how_near_to_the_best_a_quote_must_be(asked: str, second: float, kept: int) -> None:
    assert len(quotes(drafted(source("a", CRANES, (TOWER[0], "sentence", second)), asked=asked))) == kept


def test_the_same_words_with_other_figures_are_not_the_same() -> None:
    other: Line = (CRANES[0].replace("17", "5").replace("Kleinhaven", "Rosenau"), "sentence", 4.9)
    assert quotes(drafted(source("a", CRANES), source("b", other))) == [CRANES[0], other[0]]


@pytest.mark.parametrize(("asked", "kept"), [("What is there?", False), ("What is its website?", True)])
def test_a_bare_address_is_quoted_only_where_it_is_asked_for(asked: str, kept: bool) -> None:
    address: Line = ("More about it: www.harbour.example/cranes", "sentence", 5.0)
    assert (address[0] in quotes(drafted(source("a", address, CRANES), asked=asked))) is kept


# ---- subjects ------------------------------------------------------------------------------------------------

NAMED = "Der Hafenbund BioPort wirbt seit vielen Jahren für die Häfen der ganzen Küste."
BETWEEN = "Viele Schiffe kommen jeden Tag in die Häfen und laden dort ihre Waren aus."


@pytest.mark.parametrize(
    "sentence",
    [
        "Der Verein beschäftigt heute insgesamt neun Personen, die für die Häfen arbeiten.",
        "In der Clustermanagement-Organisation sind neun Personen für alle Häfen beschäftigt.",
        "Im Netzwerk arbeiten neun Personen, die für alle Häfen der Küste zuständig sind.",
        "Zur Initiative gehören heute neun Personen, die für die Häfen arbeiten.",
        "The association employs nine people who work for all harbours of the coast.",
    ],
)
def test_a_sentence_about_the_association_takes_the_one_that_names_it(sentence: str) -> None:
    near = drafted(source("a", (NAMED, "sentence", 0.0), (sentence, "sentence", 5.0)))
    assert quotes(near) == [f"{NAMED}\n{sentence}"]
    assert len(near.claims[0].quotes) == 1
    far = drafted(source("a", (NAMED, "sentence", 0.0), (BETWEEN, "sentence", 0.0), (sentence, "sentence", 5.0)))
    assert quotes(far) == [f"{NAMED}\n{sentence}"]
    assert [quote.text for quote in far.claims[0].quotes] == [NAMED, sentence]
    assert quotes(drafted(source("a", (sentence, "sentence", 5.0)))) == [sentence]


@pytest.mark.parametrize(
    "sentence",
    [
        "Der Verein BioPort beschäftigt heute insgesamt neun Personen, die für die Häfen arbeiten.",
        "Das Clustermanagement von bioport beschäftigt heute neun Personen für die Häfen.",
        "Unternehmen der Küste beschäftigen heute neun Personen, die für die Häfen arbeiten.",
        "The association BioPort employs nine people who work for all harbours of the coast.",
        "The office of bioport employs nine people who work for all harbours of the coast.",
    ],
)
def test_a_sentence_that_names_its_subject_needs_none(sentence: str) -> None:
    assert quotes(drafted(source("a", (NAMED, "sentence", 0.0), (sentence, "sentence", 5.0)))) == [sentence]


# ---- framing -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("languages", "framing"), [(("de", "de"), "Found in German only:"), (("de", "en"), ""), (("en", "en"), "")]
)
def test_the_framing_tells_when_all_is_in_the_other_language(
    languages: tuple[Language, Language], framing: str
) -> None:
    first, second = languages
    draft = drafted(source("a", CRANES, language=first), source("b", TOWER, language=second))
    assert len(draft.claims) == 2
    assert draft.framing == framing


def test_what_was_asked_for_is_marked() -> None:
    claim = drafted(source("a", CRANES), asked="How many cranes does Kleinhaven have?").claims[0]
    assert [claim.text[span.start : span.end] for span in claim.strong] == ["17"]


# ---- refusals ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_refusal_names_the_question_and_the_nearest_documents(language: Language) -> None:
    passages = tuple(source(name, CRANES) for name in ("harbour", "harbour", "tower", "pier", "ferry"))
    asked = "Where is the ferry to Novera?"
    draft = not_found(Question(asked, asked, language), Findings(passages, 0.0, "v1", ("Novera",)))
    assert (draft.status, draft.claims, draft.disagreements) == ("not_found", (), ())
    assert asked in draft.framing
    assert ": Novera." in draft.framing
    assert "Harbour; Tower; Pier." in draft.framing
    assert "Ferry" not in draft.framing


@pytest.mark.parametrize(("answerable", "status"), [(ANSWERABLE, "answered"), (ANSWERABLE - 0.001, "not_found")])
def test_below_the_threshold_nothing_is_claimed(answerable: float, status: str) -> None:
    draft = draft_quotes(Question("?", "?", "en"), Findings((source("a", CRANES),), answerable, "v1"))
    assert draft.status == status
    assert bool(draft.claims) is (status == "answered")


def test_without_passages_nothing_is_claimed() -> None:
    draft = drafted()
    assert (draft.status, draft.claims) == ("not_found", ())
    assert "nearest" not in draft.framing


def test_a_refusal_of_a_very_long_question_keeps_the_word_limit() -> None:
    asked = " ".join(f"w{n}" for n in range(400))
    draft = not_found(Question(asked, asked, "en"), Findings((), 0.0, "v1", tuple(asked.split())))
    assert len(draft.framing.split()) <= 160
    assert "w0 w1 w2" in draft.framing


# ---- contradictions ------------------------------------------------------------------------------------------

NOTE = "Contradiction: Section 3.1 says 35 outlines, whereas section 3.11 says 36."


@pytest.mark.parametrize(
    "lines",
    [
        [(NOTE, "sentence", 5.0)],
        [("The outlines:", "sentence", 0.0), (NOTE, "item", 5.0), ("another item", "item", 0.0)],  # its list is quoted
        [CRANES, (NOTE, "sentence", 4.9)],
    ],
    ids=["alone", "in a list", "second"],
)
def test_a_note_of_contradiction_gives_both_values_with_their_markers(lines: list[Line]) -> None:
    draft = drafted(source("a", *lines))
    answer = verify_draft(Question("?", "?", "en"), Findings((), 1.0, "v1"), draft)
    assert answer.status == "conflict"
    (conflict,) = answer.conflicts
    assert [value.value for value in conflict.values] == ["35", "36"]
    cited = {citation.marker: citation.quote for citation in answer.citations}
    assert all(value.value in cited[value.marker] for value in conflict.values)


def test_a_short_note_that_takes_the_sentence_before_keeps_its_marker() -> None:
    note = "Contradiction: one says 35, but one 36."
    draft = drafted(source("a", (CRANES[0], "sentence", 0.0), (note, "sentence", 5.0)))
    (conflict,) = verify_draft(Question("?", "?", "en"), Findings((), 1.0, "v1"), draft).conflicts
    assert [(value.value, value.marker) for value in conflict.values] == [("35", 1), ("36", 1)]


def test_a_note_far_down_is_a_quote_like_any_other() -> None:
    draft = drafted(source("a", CRANES, TOWER, (NOTE, "sentence", 4.0)))
    assert (draft.status, draft.disagreements) == ("answered", ())
    assert quotes(draft) == [CRANES[0], TOWER[0], NOTE]


def test_a_question_and_a_header_are_no_answers() -> None:
    asked: Line = ("How many cranes are there in the harbour of Kleinhaven today?", "sentence", 6.0)
    assert quotes(drafted(source("a", asked, CRANES))) == [CRANES[0]]


def test_what_is_counted_off_is_quoted_with_what_announces_it() -> None:
    lines: list[Line] = [
        ("The port has set itself three priorities for the coming years.", "sentence", 5.0),
        ("First, the ships have to be cleaner.", "sentence", 0.0),
        ("Second, the cranes have to be faster.", "sentence", 0.0),
        ("The lighthouse is striped.", "sentence", 0.0),
    ]
    assert quotes(drafted(source("a", *lines))) == ["\n".join(words for words, _, _ in lines[:3])]


def tabled(*rows: str, found: int, asked: str = "What does Kranwerk get?") -> Draft:
    """The draft from a table whose first row is its header."""
    passages = source("a", *((row, "row", 5.0 if place == found else 0.0) for place, row in enumerate(rows)))
    header = passages.units[0].span
    units = tuple(dataclasses.replace(u, lead=header if place else None) for place, u in enumerate(passages.units))
    quotables = tuple(dataclasses.replace(q, unit=units[found]) for q in passages.quotables)
    return drafted(dataclasses.replace(passages, units=units, quotables=quotables), asked=asked)


ROWS = ("| Partner | Task | Grant |", "| Kranwerk | device | 1 |", "| Hafen | lamps | 2 |")


def test_a_row_is_quoted_with_its_header() -> None:
    assert quotes(tabled(*ROWS, found=1)) == ["\n".join(ROWS[:2])]
    assert tabled(*ROWS, found=0).status == "not_found"


def test_of_two_columns_the_row_says_enough() -> None:
    assert quotes(tabled("| Size | of the port |", "| Cranes | 17 |", found=1)) == ["| Cranes | 17 |"]


def test_who_asks_for_a_list_gets_the_whole_table() -> None:
    assert quotes(tabled(*ROWS, found=2, asked="Which partners are there?")) == ["\n".join(ROWS)]


def test_rows_are_shown_cell_by_cell_under_their_heads() -> None:
    asked = Question("What does Kranwerk get?", "What does Kranwerk get?", "en")
    drafts = (tabled(*ROWS, found=1), tabled(*ROWS, found=2, asked="Which partners are there?"))
    one, whole = (verify_draft(asked, Findings((), 1.0, "v1"), draft).answer for draft in drafts)
    assert "Partner: Kranwerk · Task: device · Grant:" in one
    assert "Partner · Task · Grant\n- Kranwerk · device · 1\n- Hafen · lamps · 2" in whole
