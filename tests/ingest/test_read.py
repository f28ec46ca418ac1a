import importlib
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import openpyxl
import pptx
import pytest

from assistant.errors import UnreadableFileError
from ingest.read import MAX_BYTES, READERS, read_file
from tests.ingest.readings import told

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
        ("decomposed.md", TEXT.replace("Ü", "U\u0308").encode()),
        ("invisible.txt", TEXT.replace("35", "3\u200b5\u202e").encode()),
    ],
)
def test_every_encoding_that_says_so_is_read(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert read_file(tmp_path / name).text == TEXT


@pytest.mark.parametrize("name", ["a.md", "a.txt"])
@pytest.mark.parametrize("text", ["Köln", "Öl", "Die Größe – „über“ 5 € – in Café’s.\r\n", "von 1990–2000"])
def test_german_text_in_windows_1252_is_read(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_bytes(text.encode("cp1252"))
    assert read_file(tmp_path / name).text == text


@pytest.mark.parametrize("end", ["\n", "\r\n"])
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


def word() -> bytes:
    document, file = docx.Document(), io.BytesIO()
    document.add_paragraph("Ein Satz.")
    document.save(file)
    return file.getvalue()


def slides() -> bytes:
    presentation, file = pptx.Presentation(), io.BytesIO()
    box = presentation.slides.add_slide(presentation.slide_layouts[6]).shapes.add_textbox(0, 0, 100, 100)
    box.text_frame.text = "Ein Satz."
    presentation.save(file)
    return file.getvalue()


def workbook() -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    book.active.append(["Ein Satz."])
    book.save(file)
    return file.getvalue()


def package(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "application/vnd.oasis.opendocument.text")
    return file.getvalue()


def protected() -> bytes:
    """An empty document with the mark of encryption in its directory."""
    data = bytearray(word())
    directory = data.index(b"PK\x01\x02")
    data[directory + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", word()),
        ("A.PPTX", slides()),
        ("a.xlsx", workbook()),
        ("a.html", b"<p>Ein Satz."),
        ("a.htm", b"Ein Satz."),
        ("a.eml", b"Subject: x\n\nEin Satz."),
        ("a.csv", b"Ein Satz."),
        ("a.tsv", b"Ein Satz."),
        ("a.txt", b"Ein Satz."),
        ("a.html", b"<html>Ein Satz."),
    ],
)
def test_every_format_has_its_reader(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert told(read_file(tmp_path / name))[-1][1].endswith("Ein Satz.")


@pytest.mark.parametrize("reader", sorted(set(READERS.values()), key=lambda reader: reader.module))
def test_every_reader_of_the_table_exists(reader: object) -> None:
    assert callable(getattr(importlib.import_module(reader.module), reader.function))  # type: ignore[attr-defined]


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.xyz", b"text", "the format .xyz is not supported. Use .csv, .docx, .eml, "),
        ("README", b"text", "the format (none) is not supported"),
        ("a.doc", OLE, "the format .doc is not supported. Save it as .docx."),
        ("a.XLS", OLE, "the format .xls is not supported. Save it as .xlsx."),
        ("a.odp", b"", "the format .odp is not supported. Save it as .pptx."),
        ("empty.md", b"", "it is empty"),
        ("empty.docx", b"", "it is empty"),
        ("blank.txt", b" \r\n\t\xc2\xa0\n", "it is empty"),
        ("invisible.md", "\u200b\u202e\n".encode(), "it is empty"),
        ("bom-only.md", b"\xef\xbb\xbf", "it is empty"),
        ("nothing.html", b"<p hidden>x</p>", "it is empty"),
        ("nul.md", b"Text\0Text", "it is binary, not text"),
        ("dos.txt", "Köln ist groß".encode("cp850"), "it is not UTF-8 (byte 1)"),
        ("mac.txt", "Köln ist groß".encode("mac-roman"), "it is not UTF-8 (byte 1)"),
        ("cyrillic.txt", "Привет, мир".encode("cp1251"), "it is not UTF-8 (byte 0)"),
        ("undefined.txt", b"\x81\x8d", "it is not UTF-8 (byte 0)"),
        ("control.txt", b"K\xf6ln\x01", "it is not UTF-8 (byte 1)"),
        ("signs.txt", b"\x96 \x80", "it is not UTF-8 (byte 0)"),
        ("broken.md", "Größe für Köln ".encode() + b"\xe4", "it is not UTF-8 (byte 19)"),
        ("a.txt", b"<html><p>x", "its content is HTML, its ending says .txt. Rename it to .html."),
        ("a.md", b"\xef\xbb\xbf<!-- x --><!doctype HTML>x", "its content is HTML, its ending says .md. Rename it to"),
        ("a.txt", "<!DOCTYPE html><p>x".encode("utf-16"), "its content is HTML, its ending says .txt."),
        ("a.csv", b"<html><table>", "its content is HTML, its ending says .csv."),
        ("cut.md", "Köln".encode()[:2], "it is not UTF-8 (byte 1)"),
        ("utf16-without-bom.txt", TEXT.encode("utf-16-le"), "it is "),
        ("utf16-cut.txt", b"\xff\xfeT\0e", "it is not UTF-16 (byte 4)"),
        ("utf32.md", TEXT.encode("utf-32"), "it is binary, not text"),
        ("image.md", b"\x89PNG\r\n\x1a\n", "its content is a picture, its ending says .md. Remove it, or give it its right"),
        ("a.docx", b"%PDF-1.7\n%\xe2", "its content is a PDF, its ending says .docx. Rename it to .pdf."),
        ("a.md", b"%PDF-1.7\n", "its content is a PDF, its ending says .md. Rename it to .pdf."),
        ("a.docx", b"Nur Text", "its content is text, its ending says .docx. Remove it, or"),
        ("a.pptx", b"\x01\x02\xff", "its content is of an unknown kind, its ending says .pptx."),
        ("a.pdf", b"<!DOCTYPE html><p>x", "its content is HTML, its ending says .pdf. Rename it to .html."),
        ("a.docx", slides(), "its content is a PowerPoint presentation, its ending says .docx. Rename it to .pptx."),
        ("a.xlsx", word(), "its content is a Word document, its ending says .xlsx. Rename it to .docx."),
        ("a.txt", workbook(), "its content is an Excel workbook, its ending says .txt. Rename it to .xlsx."),
        ("a.docx", package("mimetype"), "its content is an OpenDocument file, its ending says .docx. Remove it, or"),
        ("a.docx", package("a.txt"), "its content is a zip archive, its ending says .docx."),
        ("a.docx", b"PK\x03\x04kaputt", "it is a damaged zip package (BadZipFile)."),
        ("a.docx", OLE, "its content is an old Office file, its ending says .docx. Save it as .docx."),
        ("a.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "it is protected by a password. Save it without one."),
        ("a.docx", protected(), "it is protected by a password. Save it without one."),
        ("a.csv", b"\x1f\x8b\x08", "its content is a gzip archive, its ending says .csv."),
        ("a.html", b"{\\rtf1 x}", "its content is an RTF document, its ending says .html."),
    ],
)  # fmt: skip
def test_what_is_not_what_its_ending_says_is_refused(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableFileError) as caught:
        read_file(tmp_path / name)
    assert str(caught.value).startswith(reason)
    assert caught.value.fix


@pytest.mark.parametrize(("ending", "limit"), [(ending, reader.max_bytes) for ending, reader in READERS.items()])
def test_a_file_may_have_so_many_bytes_and_no_more(tmp_path: Path, ending: str, limit: int) -> None:
    assert limit >= MAX_BYTES
    path = tmp_path / f"large{ending}"
    with path.open("wb") as file:
        file.truncate(limit + 1)
    reason = f"it has {limit // 1_000_000} MB, more than {limit // 1_000_000}"
    with pytest.raises(UnreadableFileError, match=reason):
        read_file(path)


def test_a_file_of_the_most_bytes_is_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
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


TEXTS = [ending for ending, reader in READERS.items() if reader.takes_text]


@pytest.mark.parametrize("ending", [*TEXTS, ".csv", ".html", ".eml"])
def test_hard_texts_are_read(tmp_path: Path, ending: str) -> None:
    """Nothing here may hang: each would, if a reader looked twice at what it has seen."""
    size = 200_000
    texts = ["-" * size + "x", "# a" + " " * size + "b", "|" * size, "#" * size, "<!--" * size, "=" * size + "\n" * size,
             "\t" * size + "x", "\n".join(["- x"] * size), "1. " * size, "> " * size, "a" * size, "🧬" * size,
             "---\n" * (size // 4), "```\n" * (size // 4), "*" * size + "a", " " * size + "x", "<p>" * size, "<" * size,
             "<a b='" * size, "&" * size, "<br>" * size, "<li>" * size + "x", "<td>" * size, ";" * size, '""' * size,
             "<meta charset=" * size, "Subject: x\n" * size, ">" * size + "x", "Subject: x\n\n" + "> x\n>> y\n" * size]  # fmt: skip
    for text in texts:
        (tmp_path / f"hard{ending}").write_text(text, encoding="utf-8")
        try:
            reading = read_file(tmp_path / f"hard{ending}")
        except UnreadableFileError:
            assert ending not in TEXTS
        else:
            assert ending not in TEXTS or reading.text == text


def test_the_table_loads_no_reader() -> None:
    heavy = "('docx', 'pptx', 'openpyxl', 'lxml', 'selectolax', 'email', 'pypdfium2')"
    program = f"import sys, ingest.read\nprint([name for name in {heavy} if name in sys.modules])"
    root = Path(__file__).resolve().parents[2]
    run = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=False)
    assert (run.stdout, run.stderr) == ("[]\n", "")
