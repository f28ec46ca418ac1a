import pytest

from assistant.errors import UnreadableFileError
from ingest.read.blocks import Stated
from ingest.read.markdown import read_markdown


def blocks(text: str) -> list[tuple[str, int, str]]:
    return [(b.kind, b.level, text[b.span.start : b.span.end]) for b in read_markdown(text).blocks]


def head(front: str) -> str:
    return f"---\n{front}\n---\nText."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # headings
        ("# A\n## B ##\n###### C", [("heading", 1, "A"), ("heading", 2, "B"), ("heading", 6, "C")]),
        ("# C#", [("heading", 1, "C#")]),
        ("   # A", [("heading", 1, "A")]),
        ("## **A**", [("heading", 2, "A")]),
        ("#\n##   \n# #", []),
        ("#Hashtag\n####### sieben", [("paragraph", 0, "#Hashtag\n####### sieben")]),
        ("A\n===\nB\n---\nText.", [("heading", 1, "A"), ("heading", 2, "B"), ("paragraph", 0, "Text.")]),
        ("Ein Satz.\n---\nNoch einer.", [("paragraph", 0, "Ein Satz."), ("paragraph", 0, "Noch einer.")]),
        ("Text\n# A\nmehr", [("paragraph", 0, "Text"), ("heading", 1, "A"), ("paragraph", 0, "mehr")]),
        # paragraphs
        ("eins\nzwei\n\ndrei", [("paragraph", 0, "eins\nzwei"), ("paragraph", 0, "drei")]),
        ("  eingerückt  \n", [("paragraph", 0, "eingerückt")]),
        ("a\n***\nb\n- - -\nc", [("paragraph", 0, "a"), ("paragraph", 0, "b"), ("paragraph", 0, "c")]),
        ("---\n\nText.", [("paragraph", 0, "Text.")]),
        # lists
        ("- a\n* b\n+ c\n• d\n– e", [("item", 0, x) for x in "abcde"]),
        ("1. a\n2) b\n(c) d\ne) f", [("item", 0, x) for x in ("a", "b", "d", "f")]),
        ("- a\n  geht weiter\n- b", [("item", 0, "a\n  geht weiter"), ("item", 0, "b")]),
        ("- a\n  - b\n    1. c\n- d", [("item", 0, x) for x in "abcd"]),
        ("- a\n\n- b", [("item", 0, "a"), ("item", 0, "b")]),
        ("Ziele:\n- a", [("paragraph", 0, "Ziele:"), ("item", 0, "a")]),
        ("Ziele sind\n1. a\n2. b", [("paragraph", 0, "Ziele sind"), ("item", 0, "a"), ("item", 0, "b")]),
        ("-\n- ", [("paragraph", 0, "-\n-")]),
        # numbers that begin a line and no item
        ("12. September 2023 war es.", [("paragraph", 0, "12. September 2023 war es.")]),
        ("Es war am\n12. September.", [("paragraph", 0, "Es war am\n12. September.")]),
        ("Es begann mit Phase\n3. Dann kam mehr.", [("paragraph", 0, "Es begann mit Phase\n3. Dann kam mehr.")]),
        ("1. Vorsitzender ist Max.", [("paragraph", 0, "1. Vorsitzender ist Max.")]),
        ("- am\n  1. Mai", [("item", 0, "am\n  1. Mai")]),
        # tables
        ("| a | b |\n|---|:-:|\n| c | d |", [("row", 0, "| a | b |"), ("row", 0, "| c | d |")]),
        ("a | b\n--- | ---\nc | d", [("row", 0, "a | b"), ("row", 0, "c | d")]),
        ("a\tb\n\td", [("row", 0, "a\tb"), ("row", 0, "d")]),
        ("| | |\n| a | |", [("row", 0, "| a | |")]),
        ("Text\n| a | b |\nmehr", [("paragraph", 0, "Text"), ("row", 0, "| a | b |"), ("paragraph", 0, "mehr")]),
        # what nobody sees, and code
        ("<!-- # geheim\n\n- nichts -->\nText.", [("paragraph", 0, "Text.")]),
        ("<!-- offen\nText.", [("paragraph", 0, "<!-- offen\nText.")]),
        (
            "```sh\n# kein Titel\n- --- -\n```\n# A",
            [("paragraph", 0, "# kein Titel"), ("item", 0, "--- -"), ("heading", 1, "A")],
        ),
        ("~~~\n```\n# x\n~~~\nText", [("paragraph", 0, "```\n# x"), ("paragraph", 0, "Text")]),
        ("```\n# x", [("paragraph", 0, "# x")]),
        ("", []),
    ],
)
def test_structure(text: str, expected: list[tuple[str, int, str]]) -> None:
    assert blocks(text) == expected


def test_front_matter() -> None:
    text = (
        '---\r\ntitle: "BioRN: Netzwerk"\r\npublisher: Redaktion\r\ndate: 2019-02-28\r\nlanguage: de\r\n'
        "source: Strategie 2024\r\ntranslation_of: en/biorn.md\r\nsupersedes: de/biorn-2018.md\r\n"
        "author: egal\r\n---\r\n# Anderer Titel\r\n"
    )
    reading = read_markdown(text)
    assert reading.text == text
    assert reading.stated == Stated(
        "BioRN: Netzwerk", "Redaktion", "2019-02-28", "de", "Strategie 2024", "en/biorn.md", "de/biorn-2018.md"
    )
    assert len(reading.blocks) == 1


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (head("title: 2024"), "2024"),
        (head("title: yes"), "yes"),
        (head("title: |\n  Zwei\n  Zeilen"), "Zwei Zeilen"),
        (head("title: ''"), None),
        ("# Eine Überschrift", None),
        ("---\n# nur ein Kommentar\n---\n# A", None),
    ],
)
def test_stated_title(text: str, title: str | None) -> None:
    assert read_markdown(text).stated.title == title


@pytest.mark.parametrize(
    ("front", "reason"),
    [
        ("title: [", "its front matter is not YAML"),
        ("title: a\ntitle: : b", "its front matter is not YAML"),
        ("\ttitle: a", "its front matter is not YAML"),
        ("title: \x07", "its front matter is not YAML"),
        ("[" * 50_000, "its front matter is not YAML"),
        ("nur Text", "its front matter is unusable, as a whole"),
        ("- a\n- b", "its front matter is unusable, as a whole"),
        ("title: {a: b}", "its front matter is unusable, title"),
        ("publisher: [a]", "its front matter is unusable, publisher"),
        ("date: 24", "its front matter is unusable, date: 24 is no date like 2024-03-12, 2024-03 or 2024"),
        ("date: 2024-3", "its front matter is unusable, date: 2024-3 is no date"),
        ("date: 2024-13", "its front matter is unusable, date: 2024-13 is no date"),
        ("date: 20240312", "its front matter is unusable, date: 20240312 is no date"),
        ("date: 86400", "its front matter is unusable, date: 86400 is no date"),
        ("date: 2024-02-30", "its front matter is unusable, date: 2024-02-30 is no date"),
        ("date: 12.03.2024", "its front matter is unusable, date"),
        ("date: []", "its front matter is unusable, date"),
        ("language: fr", "its front matter is unusable, language"),
        ("language: !!python/object/apply:os.system ['true']", "its front matter is unusable, language"),
    ],
)
def test_broken_front_matter_is_refused(front: str, reason: str) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        read_markdown(head(front))
    assert str(caught.value).startswith(reason)


def test_front_matter_without_an_end_is_refused() -> None:
    with pytest.raises(UnreadableFileError, match="its front matter has no end"):
        read_markdown("---\ntitle: A\n\nText.")


@pytest.mark.parametrize(
    "front", ["", "date:", "language: ''", "title: !!bool nein\nx: !!timestamp y", "a: &a [1]\nb: [*a, *a]"]
)
def test_odd_front_matter_is_read(front: str) -> None:
    reading = read_markdown(head(front))
    assert [reading.text[b.span.start : b.span.end] for b in reading.blocks] == ["Text."]
    assert (reading.stated.date, reading.stated.language) == (None, None)


@pytest.mark.parametrize("date", ["2024-02-29", "2024-02", "2024"])
def test_a_date_may_lack_its_day_and_month(date: str) -> None:
    assert read_markdown(head(f"date: {date}")).stated.date == date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vor <!-- Geheimnis 4711 --> nach.", [("paragraph", "Vor"), ("paragraph", "nach.")]),
        ("Vor <!-- Geheimnis\n4711 --> nach.\nEnde.", [("paragraph", "Vor"), ("paragraph", "nach.\nEnde.")]),
        ("Vor\n<!-- Geheimnis\n\n4711\n-->\nnach.", [("paragraph", "Vor"), ("paragraph", "nach.")]),
        ("- a <!-- Geheimnis -->b\n- <!-- 4711 -->c<!-- 4711 -->", [("item", "a"), ("item", "b"), ("item", "c")]),
        ("- a\n  <!-- Geheimnis 4711 -->\n- b", [("item", "a"), ("item", "b")]),
        ("| a | b <!-- Geheimnis --> |\n|---|---|", [("row", "| a | b"), ("row", "|")]),
        ("# A <!-- Geheimnis --> b <!-- 4711 --> c", [("heading", "A"), ("paragraph", "b"), ("paragraph", "c")]),
        ("<!-- Geheimnis --><!-- 4711 -->a <!-- x --><!-- y -->b", [("paragraph", "a"), ("paragraph", "b")]),
        ("<!-- Geheimnis 4711 -->", []),
    ],
)
def test_no_comment_is_in_a_block(text: str, expected: list[tuple[str, str]]) -> None:
    reading = read_markdown(text)
    assert reading.text == text
    assert [(b.kind, text[b.span.start : b.span.end]) for b in reading.blocks] == expected
