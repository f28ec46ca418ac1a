"""Reads pictures of pages with Tesseract, German and English, where it is installed."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache

from assistant.errors import UnreadableFileError
from ingest.sandbox.confine import uncounted

LANGUAGES = ("deu", "eng")
INSTALL = "Install Tesseract with deu and eng."
PAGE_SECONDS = 20.0
_LEAST_CONFIDENCE = 40.0  # of a line, in percent; specks and pictures come below
_BLANK = 0.9995  # of a page is white: not a line on it
_TEXT_LAYOUT = "1"  # Tesseract's page segmentation: any layout, turned pages too if it has the model for that
_UNTURNED_LAYOUT = "3"


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line Tesseract has read, in its reading order; `gap` begins a paragraph."""

    text: str
    gap: bool


@lru_cache(maxsize=1)
def available() -> bool:
    """Whether Tesseract is on the path and knows both languages."""
    return set(LANGUAGES) <= _models()


def read_picture(picture: bytes) -> list[ReadLine]:
    """The lines of a page (PGM).

    Raises:
        UnreadableFileError: Tesseract fails or takes longer than PAGE_SECONDS.
    """
    if picture.count(b"\xff") > _BLANK * len(picture):
        return []
    layout = _TEXT_LAYOUT if "osd" in _models() else _UNTURNED_LAYOUT
    arguments = ["stdin", "stdout", "-l", "+".join(LANGUAGES), "--psm", layout, "--dpi", "300", "tsv"]
    try:
        with uncounted():
            run = _run(arguments, picture, PAGE_SECONDS)
    except subprocess.TimeoutExpired:
        raise UnreadableFileError(
            f"Tesseract took more than {PAGE_SECONDS:g} s for a page.", "Save it with text, or as smaller pictures."
        ) from None
    if run.returncode:
        raise UnreadableFileError(f"Tesseract fails on it (exit code {run.returncode}).", "Save it with text.")
    return _lines(run.stdout.decode("utf-8", errors="replace"))


@lru_cache(maxsize=1)
def _models() -> frozenset[str]:
    if shutil.which("tesseract") is None:
        return frozenset()
    try:
        run = _run(["--list-langs"], b"", PAGE_SECONDS)
    except subprocess.TimeoutExpired:
        return frozenset()
    return frozenset(run.stdout.decode("utf-8", errors="replace").split()[1:])


def _run(arguments: list[str], given: bytes, seconds: float) -> subprocess.CompletedProcess[bytes]:
    program = shutil.which("tesseract") or "tesseract"
    # one thread: faster on a page than four, and the memory the process may take is limited
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    return subprocess.run(  # noqa: S603 - the program and its arguments are ours, the document only comes as a picture
        [program, *arguments], input=given, capture_output=True, timeout=seconds, check=False, env=environment
    )


def _lines(table: str) -> list[ReadLine]:
    """The lines of Tesseract's table of words."""
    words: dict[tuple[str, str, str], list[dict[str, str]]] = {}
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row["level"] == "5" and row["text"].strip():
            words.setdefault((row["block_num"], row["par_num"], row["line_num"]), []).append(row)
    found: list[ReadLine] = []
    before: tuple[str, str] | None = None
    bottom = 0
    for (block, paragraph, _), line in words.items():
        letters = sum(len(word["text"]) for word in line)
        if sum(len(word["text"]) * float(word["conf"]) for word in line) < _LEAST_CONFIDENCE * letters:
            continue
        top = min(int(word["top"]) for word in line)
        height = max(int(word["height"]) for word in line)
        # it takes lines that stand a little apart for paragraphs
        apart = top - bottom > height or (found and found[-1].text[-1] in ".!?:")
        gap = before is None or before[0] != block or (before[1] != paragraph and bool(apart))
        found.append(ReadLine(" ".join(word["text"].strip() for word in line), gap))
        before, bottom = (block, paragraph), top + height
    return found
