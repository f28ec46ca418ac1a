import dataclasses
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import (
    AssistantError,
    BusyError,
    DeadlineError,
    IndexUnavailableError,
    InvalidInputError,
    UnexpectedError,
)
from assistant.types import Answer, Citation, Conflict, ConflictValue
from assistant.web.chat.exchange import Exchange, Near
from assistant.web.rendering import answer_markup, conversation_html, gradio_safe, welcome_html
from assistant.web.templating import shown_date

OURS = set("div p span b em strong ul ol li a q h1 h2 section article button".split())
ATTRIBUTES = set(
    "class id href lang title role type data-act data-place data-question data-marker data-verdict aria-label aria-hidden "
    "aria-describedby".split()
)
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "</blockquote></details><a href='https://evil.example'>here</a>",
    '" onclick="alert(1)',
    "[here](https://evil.example)",
    "[here](javascript:alert(1))",
    "![picture](https://evil.example/a.png)",
    "<https://evil.example>",
    "https://evil.example",
    "[here]\n\n[here]: https://evil.example",
    "# heading\n\n> quote\n\n```\ncode\n```\n\n    code\n\n---\n\n| a | b |\n|---|---|\n| 1 | 2 |",
    "&lt;script&gt;&#60;b&#62;",
    "$$x$$ {{value}} ${value} {{#each value}}{{/each}} @children",
    "<svg><image href='https://evil.example/a.png'/><animate onbegin=alert(1)></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<form action='https://evil.example'><input name=a><button>b</button></form>",
    "<style>@import 'https://evil.example/a.css';</style><link rel=stylesheet href=//evil.example>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe><object data=x></object><embed src=x>",
    "<picture><source srcset='https://evil.example/a 2x'><img srcset='https://evil.example/b 1x'></picture>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a><a href=' javascript:alert(1)'>y</a>",
    "<base href='https://evil.example/'><meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<video poster=https://evil.example/a><audio src=x onerror=alert(1)><track src=x>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "</title></style></textarea></script><img src=x onerror=alert(1)>",
    "<details open ontoggle=alert(1)><x onpointerover=alert(1) style='background:url(//evil.example/a)'>",
    "<script>alert(1)</script>\u2028\u202e<b\x0b/onmouseover=alert(1)>",
    "[1]<b>[1]</b> ![a][b] <mailto:a@evil.example> [b]: https://evil.example",
    "\x26lt;img src=x onerror=alert(1)&gt; &#x3C;script&#x3E;",
)

CITATION = Citation(
    marker=1, document_id="d1", title="Rosenau in figures", publisher="Rosenau Press", date="2025-04-03", language="en",
    section=("2 People", "2.1 Members"), page=7, quote="Rosenau has 42 members.", start=10, end=33,
    url="/v1/documents/d1#char=10,33",
)  # fmt: skip
ANSWER = Answer(
    id="a1", status="answered", answer="The documents say:\n\n- Rosenau has 42 members. [1]", language="en",
    engine="extractive", degraded=False, rewritten_question=None, citations=(CITATION,), conflicts=(), index_version="v",
)  # fmt: skip


class Page(HTMLParser):
    """Tags with their attributes, and the text inside elements of a class or tag."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[set[str]] = []
        self._texts: list[tuple[set[str], str]] = []
        self.feed(markup)
        self.close()
        assert not self._open, "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        self.tags.append((tag, about))
        if tag != "br":
            self._open.append({tag, *(about.get("class") or "").split()})

    def handle_endtag(self, tag: str) -> None:
        assert tag in self._open.pop()

    def handle_data(self, data: str) -> None:
        self._texts.append((set().union(*self._open), data))

    def text(self, name: str) -> str:
        return "".join(data for inside, data in self._texts if name in inside)

    def attributes(self, tag: str) -> list[dict[str, str | None]]:
        return [about for name, about in self.tags if name == tag]


def shown(answer: Answer, question: str = "Q?") -> Page:
    return Page(conversation_html([Exchange(question, answer)], answer.language, 2026))


def answered(**changes: Any) -> Answer:
    return dataclasses.replace(ANSWER, **changes)


def cited(**changes: Any) -> Answer:
    return answered(citations=(dataclasses.replace(CITATION, **changes),))


def test_a_source_shows_where_its_quote_comes_from() -> None:
    page = shown(ANSWER)
    assert page.text("lotse-text").split() == ["The", "documents", "say:", "Rosenau", "has", "42", "members.", "[1]"]
    assert page.text("lotse-quote") == "Rosenau has 42 members."
    assert page.text("lotse-title") == "Rosenau in figures"
    assert page.text("lotse-section") == "2 People › 2.1 Members"
    assert page.text("lotse-meta") == "Rosenau Press · As of 3 April 2025 · page 7"
    assert {about["href"] for about in page.attributes("a")} == {"/source/d1?start=10&end=33&language=en"}


def test_what_a_document_does_not_say_is_left_out() -> None:
    page = shown(cited(publisher=None, date=None, page=None, section=()))
    assert page.text("lotse-meta") == "undated"
    assert not page.text("lotse-section")


def test_a_section_does_not_repeat_the_title() -> None:
    page = shown(cited(section=(CITATION.title, "2 People")))
    assert page.text("lotse-section") == "2 People"


def test_a_marker_leads_to_its_source() -> None:
    page = shown(ANSWER)
    (marker,) = [about for about in page.attributes("a") if about["class"] == "lotse-marker"]
    assert marker["href"] == "/source/d1?start=10&end=33&language=en"
    assert marker["aria-label"] == "Show source 1: Rosenau in figures"
    assert marker["aria-describedby"] == page.attributes("q")[0]["id"]


def test_sources_of_two_answers_are_told_apart() -> None:
    ids = [shown(answered(id=name)).attributes("q")[0]["id"] for name in ("a1", "a2")]
    assert len(set(ids)) == 2


def test_only_markers_with_a_citation_are_links() -> None:
    page = shown(answered(answer="One [1], two [2], 2019 [2019]."))
    assert page.text("lotse-text").strip() == "One [1], two [2], 2019 [2019]."
    assert page.text("lotse-marker") == "[1]"


@pytest.mark.parametrize(
    ("markdown", "words", "tags"),
    [
        ("plain", "plain", ["p"]),
        ("a *b* **c**", "a b c", ["p", "em", "strong"]),
        ("- one\n- two", "one\ntwo", ["ul", "li", "li"]),
        ("- one\n  - two", "one\n\ntwo", ["ul", "li", "ul", "li"]),
        ("3. October\n7. May", "3. October\n7. May", ["ol", "li", "li"]),
        ("- 3. October", "3. October", ["ul", "li", "ol", "li"]),
        ("1 &lt; 2 &amp; 3", "1 < 2 & 3", ["p"]),
        ("# no heading", "# no heading", ["p"]),
        ("`code`", "`code`", ["p"]),
        ("[x](y) ![x](y)", "[x](y) ![x](y)", ["p"]),
        ("https://example.org", "https://example.org", ["p"]),
    ],
)
def test_markdown(markdown: str, words: str, tags: list[str]) -> None:
    page = Page(f'<div class="lotse-text">{answer_markup(answered(answer=markdown, citations=()), "en")}</div>')
    assert page.text("lotse-text").strip() == words
    assert [tag for tag, _ in page.tags[1:]] == tags


@pytest.mark.parametrize("hostile", HOSTILE)
def test_documents_and_questions_bring_no_markup(hostile: str) -> None:
    citation = dataclasses.replace(
        CITATION, title=hostile, publisher=hostile, date=hostile, section=(hostile,), quote=hostile
    )
    answer = answered(
        answer=f"- {hostile} [1]", rewritten_question=hostile, citations=(citation,), status="conflict",
        conflicts=(Conflict(hostile, (ConflictValue(hostile, 1),)),),
    )  # fmt: skip
    page = shown(answer)
    assert_ours(page)
    assert page.text("lotse-quote") == hostile
    assert page.text("lotse-title") == hostile
    page = shown(ANSWER, hostile)
    assert page.text("lotse-question") == hostile
    assert_ours(page)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_gradio_finds_nothing_to_fill_in(hostile: str) -> None:
    markup = gradio_safe(conversation_html([Exchange(hostile, ANSWER)], "en", 2026))
    assert not {"{", "$"} & set(markup)
    assert Page(markup).text("lotse-question") == hostile


@given(st.text())
def test_any_quote_is_shown_to_the_character(quote: str) -> None:
    page = shown(cited(quote=quote))
    assert page.text("lotse-quote") == quote
    assert_ours(page)


@given(st.text(alphabet='ab1[]()!*_-+.#>`~|:/\\&;<" \n\t', max_size=60))
def test_any_answer_brings_no_markup_of_its_own(answer: str) -> None:
    assert_ours(shown(answered(answer=answer)))


@given(st.text(alphabet="aä1[]()!*_-+.#>` \n", max_size=60))
def test_rendering_loses_no_word(answer: str) -> None:
    words = shown(answered(answer=answer)).text("lotse-text")
    assert [c for c in words if c.isalnum()] == [c for c in answer if c.isalnum()]


def assert_ours(page: Page) -> None:
    """Only tags of ours, none with an event or a style, and links only to places in documents of this server."""
    assert {tag for tag, _ in page.tags} <= OURS | {"br"}
    for _, about in page.tags:
        assert about.keys() <= ATTRIBUTES
    for about in page.attributes("a"):
        assert str(about["href"]).startswith("/source/d1?")


@pytest.mark.parametrize(
    ("status", "badge"),
    [("answered", ""), ("not_found", "Not in the documents"), ("conflict", "Documents disagree")],
)
def test_the_status_is_seen(status: str, badge: str) -> None:
    page = shown(answered(status=status))
    assert page.text("lotse-badge") == badge
    assert page.attributes("article")[0]["class"] == f"lotse-answer lotse-{status}"


def test_every_value_of_a_conflict_has_its_source_and_date() -> None:
    other = dataclasses.replace(CITATION, marker=2, date="2026-01-01")
    conflict = Conflict("members", (ConflictValue("42", 1), ConflictValue("43", 2)))
    page = shown(answered(status="conflict", citations=(CITATION, other), conflicts=(conflict,)))
    words = " ".join(page.text("lotse-values").split())
    assert words == ("members 42 [1]As of 3 April 2025Rosenau in figures 43 [2]As of 1 January 2026Rosenau in figures")


def test_the_rewritten_question_is_shown_where_there_is_one() -> None:
    assert not shown(ANSWER).text("lotse-note")
    page = shown(answered(rewritten_question="How many members has Rosenau?"))
    assert page.text("lotse-note") == "Searched for: How many members has Rosenau?"


def test_an_answer_is_framed_in_its_own_language() -> None:
    page = shown(answered(language="de"))
    assert page.attributes("article")[0]["lang"] == "de"
    assert page.attributes("q")[0]["lang"] == "en"
    assert page.text("lotse-meta") == "Rosenau Press · Stand: 3. April 2025 · Seite 7"


@pytest.mark.parametrize(
    ("date", "language", "shown"),
    [
        ("2023-12-01", "de", "Stand: 1. Dezember 2023"),
        ("2023-12-01", "en", "As of 1 December 2023"),
        ("2023-12", "de", "Stand: Dezember 2023"),
        ("2019-02", "en", "As of February 2019"),
        ("2023", "en", "As of 2023"),
        (None, "de", "ohne Datum"),
        (None, "en", "undated"),
    ],
)
def test_dates(date: str | None, language: Any, shown: str) -> None:
    assert shown_date(date, language) == shown


@pytest.mark.parametrize(
    ("error", "language", "line"),
    [
        (IndexUnavailableError("No <index>.", "Make one."), "en", "That did not work: No <index>. Make one."),
        (IndexUnavailableError("No index.", "Make one."), "de", "Das ging nicht: No index. Make one."),
        (InvalidInputError("No word.", "Ask."), "de", "höchstens 2000 Zeichen"),
        (BusyError.for_now("Full.", 7), "de", "in 7 Sekunden noch einmal"),
        (DeadlineError("Late.", "Ask again."), "en", "The answer took too long."),
        (UnexpectedError("It broke.", "Report it."), "en", "Something unexpected happened."),
        (None, "en", "That did not work: Something unexpected happened."),
        (None, "de", "Das ging nicht: Ein unerwarteter Fehler ist aufgetreten."),
    ],
)
def test_an_error_is_one_line(error: AssistantError | None, language: Any, line: str) -> None:
    page = Page(conversation_html([Exchange("Q?", progress="failed", error=error)], language))
    assert line in page.text("lotse-error")
    assert "\n" not in page.text("lotse-error")


def test_each_step_is_seen() -> None:
    steps: list[tuple[Any, str, str]] = [
        ("started", "en", "Searching the documents …"),
        ("writing", "en", "The answer is being written"),
        ("writing", "de", "Die Antwort wird geschrieben"),
    ]
    for progress, language, words in steps:
        exchange = Exchange("Q?", progress=progress, text="" if progress == "started" else "**So** <b>far</b> [1]")
        page = Page(conversation_html([exchange], language))
        assert words in page.text("lotse-step")
        assert page.text("lotse-text").strip() == ("" if progress == "started" else "So <b>far</b> [1]")
        assert_ours(page)


@pytest.mark.parametrize(
    ("dates", "hint"),
    [
        (("2019-02", "2018"), "February 2019, about 7 years old"),
        (("2019", "2024-01-01"), ""),
        (("2019", None), ""),
        ((), ""),
    ],
)
def test_old_sources_are_pointed_out(dates: tuple[str | None, ...], hint: str) -> None:
    citations = tuple(dataclasses.replace(CITATION, marker=n, date=date) for n, date in enumerate(dates, 1))
    said = shown(answered(citations=citations)).text("lotse-hint")
    assert (hint in said, bool(said)) == (True, bool(hint))


def test_quotes_that_stand_in_for_a_model_are_marked() -> None:
    assert "Quotes only" in shown(answered(degraded=True)).text("lotse-degraded")


def test_a_refusal_leads_to_the_nearest_places() -> None:
    near = Near("d1", "Rosenau <b>", "2025", 3, 9)
    page = Page(
        conversation_html([Exchange("Q?", answered(status="not_found", citations=()), near=(near,))], "en", 2026)
    )
    assert page.text("lotse-place") == "Rosenau <b>"
    assert_ours(page)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_the_welcome_offers_what_can_be_asked(hostile: str) -> None:
    page = Page(welcome_html("de", [hostile]))
    assert [about["data-question"] for about in page.attributes("button")] == [hostile]
    assert page.text("lotse-example") == hostile
