import random
from typing import Any

import pytest

from ingest.about.editions import Edition, edition_title, merge_duplicates, superseded

OLD, NEW = "Clusterstrategie (Stand 09/2022)", "Clusterstrategie (Stand 03/2024)"


def edition(
    name: str, title: str = "Bericht", date: str | None = None, units: str = "abcdefghij", **more: Any
) -> Edition:
    """A document whose sentences are letters."""
    digests = frozenset(unit.encode() for unit in units)
    values = {"publisher": "Haus", "language": "de", "content_hash": name, "supersedes": None} | more
    return Edition(name=name, title=title, date=date, digests=digests, **values)


def found(*documents: Edition) -> tuple[dict[str, str], tuple[str, ...]]:
    """The same in every order."""
    result = superseded(documents)
    for seed in range(5):
        shuffled = random.Random(seed).sample(documents, len(documents))  # noqa: S311
        assert superseded(shuffled) == result
    return result


def test_the_first_name_of_the_same_content_is_its_document() -> None:
    documents = [
        edition("c.md", content_hash="1"),
        edition("a.md", content_hash="1"),
        edition("b.md", content_hash="1"),
        edition("d.md", content_hash="1", language="en"),
        edition("e.md", content_hash="2"),
    ]
    merged = {"b.md": "a.md", "c.md": "a.md"}
    assert merge_duplicates(documents) == merge_duplicates(documents[::-1]) == merged


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (OLD, NEW, True),
        ("Clusterstrategie", "Clusterstrategie, Fassung vom 12.03.2024", True),
        ("Satzung Entwurf", "Satzung", True),
        ("satzung_v1", "Satzung V2.1", True),
        ("Leitbild – 2. Auflage", "Leitbild (3. Auflage)", True),
        ("Guide, 1st edition", "Guide, 2nd edition", True),
        ("Plan (as of May 2023)", "Plan (updated March 2024)", True),
        ("Plan (aktualisierte Fassung)", "Plan", True),
        ("Jahresbericht 2022", "Jahresbericht 2023", False),
        ("Phase 1", "Phase 2", False),
        ("Clusterstrategie 2018", "Clusterstrategie 2024", False),
        ("Vorstand 2022", "Vorstand 2023", False),
    ],
)
def test_titles_of_editions(one: str, other: str, same: bool) -> None:
    assert (edition_title(one) == edition_title(other)) is same


@pytest.mark.parametrize(
    ("older", "newer", "recognised"),
    [
        ({"title": OLD, "date": "2022-09"}, {"title": NEW, "date": "2024-03"}, True),
        ({"title": "Satzung", "date": "2020"}, {"title": "Satzung", "date": "2024"}, True),
        # 6 of 10 sentences, or 4 where the titles are the same
        ({"title": OLD, "date": "2022-09"}, {"title": NEW, "date": "2024-03", "units": "abcdefxyz"}, True),
        ({"title": OLD, "date": "2022-09"}, {"title": NEW, "date": "2024-03", "units": "abcdexyz"}, False),
        ({"title": "Satzung", "date": "2020"}, {"title": "Satzung", "date": "2024", "units": "abcdxyz"}, True),
        ({"title": "Satzung", "date": "2020"}, {"title": "Satzung", "date": "2024", "units": "abcxyz"}, False),
        ({"title": "Plan 2022", "date": "2020"}, {"title": "Plan 2022", "date": "2024", "units": "abcdxyz"}, False),
        ({"title": "Satzung", "date": "2020", "units": ""}, {"title": "Satzung", "date": "2024", "units": ""}, False),
        # a series, or something that is not known
        ({"title": "Jahresbericht 2022", "date": "2023"}, {"title": "Jahresbericht 2023", "date": "2024"}, False),
        ({"title": OLD}, {"title": NEW, "date": "2024-03"}, False),
        ({"title": OLD, "date": "2022-09"}, {"title": NEW}, False),
        ({"date": "2024-03-12"}, {"date": "2024-03-12"}, False),
        ({"date": "2024"}, {"date": "2024-03-12"}, False),
        ({"date": "2022", "publisher": None}, {"date": "2024", "publisher": None}, False),
        ({"date": "2022", "publisher": "Haus"}, {"date": "2024", "publisher": "Hof"}, False),
        ({"date": "2022", "language": "de"}, {"date": "2024", "language": "en"}, False),
        ({"title": "v1", "date": "2022"}, {"title": "v2", "date": "2024"}, False),
    ],
)
def test_editions_are_recognised(older: dict[str, Any], newer: dict[str, Any], recognised: bool) -> None:
    expected = {"z.md": "a.md"} if recognised else {}
    assert found(edition("z.md", **older), edition("a.md", **newer)) == (expected, ())


def test_each_edition_is_superseded_by_the_next() -> None:
    documents = [edition(f"{year}.md", "Satzung", str(year)) for year in (2018, 2020, 2022)]
    assert found(*documents) == ({"2018.md": "2020.md", "2020.md": "2022.md"}, ())


@pytest.mark.parametrize(
    ("said", "older"),
    [
        ("alt/a.pdf", "alt/a.pdf"),
        ("b.md", "neu/b.md"),
        ("c.pdf", "alt/c.pdf"),
        ("c", "alt/c.pdf"),
        ("kopie/a.pdf", "alt/a.pdf"),
    ],
)
def test_a_document_names_the_one_it_supersedes(said: str, older: str) -> None:
    documents = [edition(name, name) for name in ("alt/a.pdf", "alt/b.md", "alt/c.pdf", "neu/b.md")]
    new = edition("neu/neu.md", "Neu", supersedes=said)
    assert superseded([*documents, new], {"kopie/a.pdf": "alt/a.pdf"}) == ({older: "neu/neu.md"}, ())


@pytest.mark.parametrize(
    ("links", "by", "warnings"),
    [
        ({"a.md": "x.md"}, {}, ("a.md supersedes x.md, which is not there.",)),
        ({"a.md": "d"}, {}, ("a.md supersedes d, which could be d.md or d.txt.",)),
        ({"a.md": "a.md"}, {}, ("a.md supersedes itself, which is ignored.",)),
        ({"a.md": "b.md", "b.md": "a.md"}, {}, ("a.md and b.md supersede each other, which is ignored.",)),
        (
            {"a.md": "b.md", "b.md": "c.md", "c.md": "b.md"},
            {"b.md": "a.md"},
            ("b.md and c.md supersede each other, which is ignored.",),
        ),
        ({"a.md": "b.md", "b.md": "c.md"}, {"b.md": "a.md", "c.md": "b.md"}, ()),
    ],
)
def test_what_documents_say(links: dict[str, str], by: dict[str, str], warnings: tuple[str, ...]) -> None:
    names = ("a.md", "b.md", "c.md", "d.md", "d.txt")
    assert found(*(edition(name, name, supersedes=links.get(name)) for name in names)) == (by, warnings)


def test_of_two_that_supersede_the_same_one_the_later_does() -> None:
    documents = [
        edition("alt.md", "Alt"),
        edition("z.md", "Z", "2022-05", supersedes="alt.md"),
        edition("b.md", "B", "2023", supersedes="alt.md"),
    ]
    assert found(*documents)[0] == {"alt.md": "b.md"}


def test_what_is_said_is_right_against_what_is_recognised() -> None:
    """By the dates it would be the other way round, which would be a circle."""
    wrong = edition("a.md", "Satzung", "2020", supersedes="b.md")
    assert found(wrong, edition("b.md", "Satzung", "2024")) == ({"b.md": "a.md"}, ())


def test_the_issues_of_a_newsletter_are_no_editions() -> None:
    """They share what every issue ends with."""
    series = [
        edition(
            f"{n:03}.md",
            "Newsletter",
            f"{2000 + n // 12}-{n % 12 + 1:02}",
            "abc" + "".join(chr(7 * n + k) for k in range(200, 207)),
        )
        for n in range(200)
    ]
    assert superseded(series) == ({}, ())
