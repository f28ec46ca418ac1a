import os
from pathlib import Path

import pytest

from assistant.errors import UnreadableFileError
from ingest.read import MAX_BYTES, READERS, read_file

TEXT = "# Über\n\nDer Verein hat 35 Mitglieder – „alle“ in Köln."


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.md", TEXT.encode()),
        ("A.MD", TEXT.encode()),
        ("a.markdown", TEXT.encode()),
        ("a.txt", TEXT.encode()),
        ("bom.md", TEXT.encode("utf-8-sig")),
        ("utf16-le.md", b"\xff\xfe" + TEXT.encode("utf-16-le")),
        ("utf16-be.txt", b"\xfe\xff" + TEXT.encode("utf-16-be")),
    ],
)
def test_every_encoding_that_says_so_is_read(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert read_file(tmp_path / name).text == TEXT


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_every_line_end_is_kept_and_understood(tmp_path: Path, end: str, name: str) -> None:
    text = "# Titel\n\nErster Absatz\ngeht weiter.\n\nZweiter.\n\n- eins\n- zwei\n".replace("\n", end)
    (tmp_path / name).write_bytes(text.encode())
    reading = read_file(tmp_path / name)
    assert reading.text == text
    assert [(b.kind, text[b.span.start : b.span.end]) for b in reading.blocks] == [
        ("heading", "Titel"),
        ("paragraph", f"Erster Absatz{end}geht weiter."),
        ("paragraph", "Zweiter."),
        ("item", "eins"),
        ("item", "zwei"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.pdf", b"%PDF-1.7", "the format .pdf is not supported. Use .md, .markdown, .txt."),
        ("README", b"text", "the format (none) is not supported"),
        ("empty.md", b"", "it is empty"),
        ("blank.txt", b" \r\n\t\xc2\xa0\n", "it is empty"),
        ("bom-only.md", b"\xef\xbb\xbf", "it is empty"),
        ("nul.md", b"Text\0Text", "it is binary, not text"),
        ("latin1.md", "Köln".encode("latin-1"), "it is not UTF-8 (byte 1)"),
        ("cut.md", "Köln".encode()[:2], "it is not UTF-8 (byte 1)"),
        ("utf16-without-bom.txt", TEXT.encode("utf-16-le"), "it is "),
        ("utf16-cut.txt", b"\xff\xfeT\0e", "it is not UTF-16 (byte 4)"),
        ("utf32.md", TEXT.encode("utf-32"), "it is binary, not text"),
        ("image.md", b"\x89PNG\r\n\x1a\n", "it is not UTF-8 (byte 0)"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableFileError) as caught:
        read_file(tmp_path / name)
    assert str(caught.value).startswith(reason)
    assert caught.value.fix


def test_a_file_may_have_twenty_megabytes_and_no_more(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(UnreadableFileError, match="it has 20 MB, more than 20"):
        read_file(path)
    with path.open("wb") as file:
        file.truncate(MAX_BYTES)
    with pytest.raises(UnreadableFileError, match="it is binary"):
        read_file(path)


def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "folder.md").mkdir()
    for name in ("pipe.txt", "folder.md"):
        with pytest.raises(UnreadableFileError, match="it is no ordinary file"):
            read_file(tmp_path / name)


@pytest.mark.parametrize("target", ["nowhere.md", "loop.md"])
def test_a_link_to_nothing_is_refused(tmp_path: Path, target: str) -> None:
    (tmp_path / "loop.md").symlink_to(tmp_path / target)
    with pytest.raises(UnreadableFileError, match="it cannot be opened"):
        read_file(tmp_path / "loop.md")


def test_a_link_to_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "real.md").write_text("Text.")
    (tmp_path / "link.md").symlink_to("real.md")
    assert read_file(tmp_path / "link.md").text == "Text."


@pytest.mark.parametrize("ending", READERS)
def test_hard_texts_are_read(tmp_path: Path, ending: str) -> None:
    """Nothing here may hang: each would, if a reader looked twice at what it has seen."""
    size = 200_000
    texts = ["-" * size + "x", "# a" + " " * size + "b", "|" * size, "#" * size, "<!--" * size, "=" * size + "\n" * size,
             "\t" * size + "x", "\n".join(["- x"] * size), "1. " * size, "> " * size, "a" * size, "🧬" * size,
             "---\n" * (size // 4), "```\n" * (size // 4), "*" * size + "a", " " * size + "x"]  # fmt: skip
    for text in texts:
        (tmp_path / f"hard{ending}").write_text(text, encoding="utf-8")
        assert read_file(tmp_path / f"hard{ending}").text == text
