from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.errors import UnreadableFileError
from ingest.read import ocr
from ingest.read.pdf import read_pdf
from tests.ingest.make_pdf import Pdf
from tests.ingest.test_pdf import blocks, check

TABLE = "level\tblock_num\tpar_num\tline_num\ttop\theight\tconf\ttext\n"
SCAN = ["Der Hafen der Stadt Seebrück verfügt über siebzehn", "Kräne. Größere Schiffe müssen draußen warten."]
ENGLISH = ["The harbour authority publishes its figures", "every year in the spring."]
needs_tesseract = pytest.mark.skipif(not shutil.which("tesseract"), reason="Tesseract is not installed")


@pytest.fixture(autouse=True)
def asked_anew() -> Iterator[None]:
    """What is known about the installed Tesseract counts for one test."""
    ocr.available.cache_clear()
    ocr._models.cache_clear()
    yield
    ocr.available.cache_clear()
    ocr._models.cache_clear()


def instead(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """A program that takes Tesseract's place."""
    program = folder / "tesseract"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


@needs_tesseract
def test_scans_are_read_and_pages_with_text_are_left_alone() -> None:
    pdf = Pdf().scan(SCAN).page().line("Diese Seite hat selbst Text.").page().scan(ENGLISH)
    assert blocks(pdf) == [
        (1, "paragraph", " ".join(SCAN)),
        (2, "paragraph", "Diese Seite hat selbst Text."),
        (3, "paragraph", " ".join(ENGLISH)),
    ]


@needs_tesseract
def test_a_blank_page_is_no_scan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "PAGE_SECONDS", 0.0)
    with pytest.raises(UnreadableFileError, match="Tesseract took more than 0 s"):
        ocr.read_picture(b"P5 100 100 255\n" + bytes(10_000))
    assert ocr.read_picture(b"P5 1000 1000 255\n" + b"\xff" * 1_000_000) == []


@pytest.mark.parametrize("models", ["", "deu", "eng osd"])
def test_without_tesseract_and_both_languages_a_scan_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, models: str
) -> None:
    if models:
        instead(tmp_path, monkeypatch, f"printf 'List of available languages:\\n'; printf '%s\\n' {models}")
    else:
        monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnreadableFileError) as caught:
        read_pdf(Pdf().scan(SCAN).data())
    assert str(caught.value) == "it holds no text (a scan?). Install Tesseract with deu and eng."
    reading = check(read_pdf(Pdf().scan(SCAN).page().line("Diese Seite hat selbst Text.").data()))
    assert reading.text == "Diese Seite hat selbst Text."


@pytest.mark.parametrize(
    ("script", "message"),
    [("exec sleep 60", "it holds no text"), ("case $1 in --*) printf 'x deu eng';; *) exit 3;; esac", "exit code 3")],
)
def test_a_tesseract_that_hangs_or_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, message: str
) -> None:
    instead(tmp_path, monkeypatch, script)
    if "sleep" in script:
        monkeypatch.setattr(ocr, "PAGE_SECONDS", 0.05)
    with pytest.raises(UnreadableFileError, match=message):
        read_pdf(Pdf().scan(SCAN).data())


def test_lines_of_doubtful_words_are_left_out_and_paragraphs_are_kept_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = [
        "1\t0\t0\t0\t0\t900\t-1\t",
        "5\t1\t1\t1\t10\t20\t96.5\tDer",
        "5\t1\t1\t1\t12\t20\t91\tHafen",
        "5\t1\t2\t1\t40\t20\t95\tist",
        "5\t1\t2\t2\t70\t20\t12\t~—",
        "5\t1\t3\t1\t160\t20\t90\tseit",
        '5\t2\t1\t1\t180\t20\t90\t"tief"',
    ]
    (tmp_path / "table").write_text(TABLE + "\n".join(words) + "\n", encoding="utf-8")
    instead(tmp_path, monkeypatch, f"case $1 in --*) printf 'x deu eng';; *) cat {tmp_path}/table;; esac")
    assert ocr.available()
    assert ocr.read_picture(b"P5 2 2 255\n\0\0\0\0") == [
        ocr.ReadLine("Der Hafen", True),
        ocr.ReadLine("ist", False),
        ocr.ReadLine("seit", True),
        ocr.ReadLine('"tief"', True),
    ]
