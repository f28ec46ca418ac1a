from pathlib import Path

import pytest

from assistant.errors import UnreadableFileError
from ingest.about.sidecar import read_sidecar
from ingest.files import File, find_files
from ingest.parse import parse
from ingest.read.blocks import Stated

FULL = (
    "title: Richtig\npublisher: Haus\ndate: 2024-03\nlanguage: en\nsource: https://rosenau.example/a\n"
    "translation_of: en/a.md\nsupersedes: alt.md\n"
)


def written(folder: Path, content: str | bytes, name: str = "a.md.yaml") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def found(folder: Path, *paths: Path) -> list[tuple[str, str | None]]:
    files = find_files(paths or [folder], folder / "data")
    return [(file.name, file.sidecar.name if file.sidecar else None) for file in files]


def test_a_sidecar_says_all_that_front_matter_can(tmp_path: Path) -> None:
    assert read_sidecar(written(tmp_path, FULL)) == Stated(
        "Richtig", "Haus", "2024-03", "en", "https://rosenau.example/a", "en/a.md", "alt.md"
    )


def test_what_nobody_sees_stays_out(tmp_path: Path) -> None:
    assert read_sidecar(written(tmp_path, "title: Be\u200bricht\u202e \U000e0041\n")).title == "Bericht"


@pytest.mark.parametrize("content", ["", "# nichts", "title:", "title: ''", "\ufefftitle: ' '"])
def test_a_sidecar_may_say_nothing(tmp_path: Path, content: str) -> None:
    assert read_sidecar(written(tmp_path, content)) == Stated() == read_sidecar(None)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("titel: A", "its sidecar a.md.yaml is unusable, as a whole: there is no key 'titel', the nearest is 'title'"),
        ("Date: 2024", "its sidecar a.md.yaml is unusable, as a whole: there is no key 'Date', the nearest is 'date'"),
        ("'': x", "its sidecar a.md.yaml is unusable, as a whole: there is no key '', the nearest is"),
        ("date: 12.03.2024", "its sidecar a.md.yaml is unusable, date: 12.03.2024 is no date like 2024-03-12, 2024-03 or 2024"),
        ("language: fr", "its sidecar a.md.yaml is unusable, language"),
        ("title: [a]", "its sidecar a.md.yaml is unusable, title"),
        ("- title", "its sidecar a.md.yaml is unusable, as a whole"),
        ("title: [", "its sidecar a.md.yaml is not YAML"),
        ("[" * 50_000, "its sidecar a.md.yaml is not YAML"),
        ("title: K\xf6ln".encode("latin-1"), "its sidecar a.md.yaml is not UTF-8"),
        ("title: " + "a" * 64_000, "its sidecar a.md.yaml is a link or too large"),
    ],
)  # fmt: skip
def test_a_broken_sidecar_refuses_its_document(tmp_path: Path, content: str | bytes, reason: str) -> None:
    document = written(tmp_path, "Text.", "a.md")
    with pytest.raises(UnreadableFileError) as caught:
        parse(File("a.md", document, written(tmp_path, content)))
    assert str(caught.value).startswith(reason)
    assert caught.value.fix


def test_a_sidecar_that_is_no_file_of_its_own_is_not_followed(tmp_path: Path) -> None:
    secret = written(tmp_path, "title: geheim", "geheim")
    (tmp_path / "a.md.yaml").symlink_to(secret)
    with pytest.raises(UnreadableFileError, match="is a link"):
        read_sidecar(tmp_path / "a.md.yaml")
    with pytest.raises(UnreadableFileError, match="cannot be opened"):
        read_sidecar(tmp_path / "gone.yaml")


def test_sidecars_belong_to_their_documents(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("a.md", "a.md.yaml", "b.txt", "sub/a.md", "sub/b.txt.yaml", "werte.yaml", "a.yaml"):
        (tmp_path / name).write_text("title: X\n")
    assert found(tmp_path) == [
        ("a.md", "a.md.yaml"), ("a.yaml", None), ("b.txt", None), ("sub/a.md", None), ("sub/b.txt.yaml", None),
        ("werte.yaml", None),
    ]  # fmt: skip
    every = sorted(path for path in tmp_path.iterdir() if path.is_file())
    assert found(tmp_path, *every) == [("a.md", "a.md.yaml"), ("a.yaml", None), ("b.txt", None), ("werte.yaml", None)]
    assert found(tmp_path, tmp_path / "a.md.yaml") == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("sub/b.pdf.yaml", "its document b.pdf is missing. Put it beside, or remove the sidecar."),
        ("werte.yaml", "the format .yaml is not supported"),
    ],
)
def test_a_sidecar_alone_is_refused(tmp_path: Path, name: str, reason: str) -> None:
    path = written(tmp_path, "title: X", Path(name).name)
    with pytest.raises(UnreadableFileError) as caught:
        parse(File(name, path))
    assert str(caught.value).startswith(reason)


def test_a_sidecar_is_right_against_the_document(tmp_path: Path) -> None:
    document = written(tmp_path, "---\ntitle: Falsch\ndate: 2020-01-01\n---\n# Anders\n\nDer Satz ist deutsch.", "a.md")
    parsed = parse(File("a.md", document, written(tmp_path, FULL))).document
    assert (parsed.title, parsed.publisher, parsed.language, parsed.supersedes) == ("Richtig", "Haus", "en", "alt.md")
    assert (parsed.date, parsed.date_place) == ("2024-03", "sidecar")
