from pathlib import Path

import pytest

from assistant.errors import UnreadableFileError
from assistant.types import Language
from ingest.files import File
from ingest.parse import Parsed, parse


def parsed(folder: Path, name: str, content: str) -> Parsed:
    path = folder / "file" / Path(name).name
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return parse(File(name, path))


FRONT = (
    "---\ntitle: Bericht\npublisher: Haus\ndate: 2024-03-12\nlanguage: en\nsource: Quelle\ntranslation_of: de/a.md\n"
)
FRONT += "supersedes: en/alt.md\n---\n"


def test_a_document_is_what_it_says_about_itself(tmp_path: Path) -> None:
    document = parsed(tmp_path, "en/a.md", FRONT + "# Anders\n\nDer Satz ist deutsch.").document
    assert (document.name, document.title, document.publisher, document.date) == (
        "en/a.md",
        "Bericht",
        "Haus",
        "2024-03-12",
    )
    assert (document.language, document.source, document.translation_of) == ("en", "Quelle", "de/a.md")
    assert (document.date_place, document.supersedes, document.superseded_by) == ("front matter", "en/alt.md", None)
    assert document.text == FRONT + "# Anders\n\nDer Satz ist deutsch."


@pytest.mark.parametrize(
    ("name", "content", "title"),
    [
        ("a.md", "# Aus der Überschrift\n\nText.", "Aus der Überschrift"),
        ("de/Bericht 2024.v2.md", "Text.", "Bericht 2024.v2"),
        ("notiz.txt", "Text.", "notiz"),
        ("a.md", "---\ntitle: '  '\n---\nText.", "a"),
    ],
)
def test_title_falls_back(tmp_path: Path, name: str, content: str, title: str) -> None:
    assert parsed(tmp_path, name, content).document.title == title


@pytest.mark.parametrize(
    ("content", "language"),
    [("Der Verein hat seinen Sitz in Köln.", "de"), ("The association is based in Cologne.", "en")],
)
def test_language_is_detected(tmp_path: Path, content: str, language: Language) -> None:
    assert parsed(tmp_path, "a.txt", content).document.language == language


def test_id_follows_the_name_and_hash_the_text(tmp_path: Path) -> None:
    one, same, renamed, edited = (
        parsed(tmp_path, name, content).document
        for name, content in (("a.md", "Text."), ("a.md", "Text."), ("b.md", "Text."), ("a.md", "Anders."))
    )
    assert one == same
    assert (one.id == renamed.id, one.content_hash == renamed.content_hash) == (False, True)
    assert (one.id == edited.id, one.content_hash == edited.content_hash) == (True, False)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a\tb.md", "Text.", "its name holds characters that cannot be shown"),
        ("a.xyz", "Text.", "the format .xyz is not supported"),
        ("a.md", "# Nur\n\n## Titel", "it holds no text besides headings"),
        ("a.md", "---\ntitle: Nur\n---\n", "it holds no text besides headings"),
        ("a.md", "<!-- nichts -->\n\n---\n", "it holds no text besides headings"),
    ],
)
def test_what_holds_nothing_to_quote_is_refused(tmp_path: Path, name: str, content: str, reason: str) -> None:
    with pytest.raises(UnreadableFileError, match=reason):
        parsed(tmp_path, name, content)


def test_quotes_are_the_characters_of_the_file(tmp_path: Path) -> None:
    content = "# Titel\r\n\r\nErster Satz.  Zweiter\r\nSatz.\r\n\r\n- Punkt\t\r\n"
    result = parsed(tmp_path, "a.md", content)
    quotes = [result.document.text[u.span.start : u.span.end] for chunk in result.chunks for u in chunk.units]
    assert quotes == ["Erster Satz.", "Zweiter\r\nSatz.", "Punkt"]


def test_a_file_that_must_not_be_opened_is_not(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        parse(File("a.md", tmp_path / "nowhere.md", refusal=("it is a link.", "Remove it.")))
    assert (caught.value.message, caught.value.fix) == ("it is a link.", "Remove it.")


@pytest.mark.parametrize(("front", "source"), [("", "https://rosenau.example/a"), ("---\nsource: Buch\n---\n", "Buch")])
def test_an_address_is_the_source_unless_one_is_stated(tmp_path: Path, front: str, source: str) -> None:
    path = tmp_path / "a.md"
    path.write_text(f"{front}Text.")
    assert parse(File("a.md", path, source="https://rosenau.example/a")).document.source == source
