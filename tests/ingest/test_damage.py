"""Files of an index are damaged: it is noticed or does no harm, the last good version serves, and an import repairs it all.

`make test` runs a sample that is the same every time, `make soak` all of it.
"""

from __future__ import annotations

import logging
import os
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.errors import IndexUnavailableError
from assistant.index.versions import CURRENT, STORE, damage, served
from assistant.open_index import OpenIndex
from assistant.settings import Settings
from assistant.types import Passage, Question
from ingest.build import ingest
from ingest.doctor import examine
from tests.helpers import HashingEmbeddings
from tests.ingest.crash import FILE_DAMAGES, NEW, OLD, write_documents

SOAK = "SOAK" in os.environ
DAMAGES = 200 if SOAK else 12
SEED = 7

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600 if SOAK else 600)]

QUESTIONS = [
    Question(text, text, language)
    for text, language in (
        ("Wie hoch ist der Leuchtturm?", "de"),
        ("Wie viele Lotsen arbeiten im Hafen?", "de"),
        ("Wie lang ist Liegeplatz 17?", "de"),
        ("Wann fährt die Fähre?", "de"),
        ("How many pilots does the harbour employ?", "en"),
        ("What does a berth cost?", "en"),
    )
]

Answers = tuple[list[tuple[Passage, ...]], dict[str, str]]


def answers(index: OpenIndex) -> Answers:
    """All that is found for some questions, with texts and scores, and the texts of all documents."""
    texts = {document.name: index.document(document.id) for document in index.documents()}
    return [index(question).passages for question in QUESTIONS], {
        name: found.text for name, found in texts.items() if found
    }


# ---- damages -------------------------------------------------------------------------------------------------


def _swap(path: Path, draw: random.Random, other: Path) -> None:
    aside = path.with_name("aside")
    path.rename(aside)
    other.rename(path)
    aside.rename(other)


def damage_something(data: Path, draw: random.Random) -> str:
    """Damage a file or a folder; what was done."""
    versions = sorted(path for path in data.iterdir() if path.is_dir())
    kind = draw.choice(["file"] * 8 + ["swap"] * 2 + ["folder", "versions"])
    if kind == "versions" and len(versions) == 2:
        _swap(versions[0], draw, versions[1])
        return "swap versions"
    if kind == "folder":
        folder = draw.choice([*versions, *(path for path in data.rglob("*") if path.is_dir())])
        shutil.rmtree(folder)
        return f"remove {folder.relative_to(data)}"
    path, other = _file(data, draw), _file(data, draw)
    if kind == "swap" and path != other:
        _swap(path, draw, other)
        return f"swap {path.relative_to(data)} {other.relative_to(data)}"
    do = draw.choice(FILE_DAMAGES)
    do(path, draw)
    return f"{do.__name__.strip('_')} {path.relative_to(data)}"


def _file(data: Path, draw: random.Random) -> Path:
    """Some file of the index; Chroma's are many, the others matter more."""
    pattern = draw.choice([CURRENT, "*/SEAL.json", f"*/{STORE}", f"*/{STORE}", "*/chroma/**/*", "*/chroma/**/*"])
    return draw.choice(sorted(path for path in data.glob(pattern) if path.is_file()))


# ---- what must hold ------------------------------------------------------------------------------------------


def _short(documents: dict[str, str]) -> dict[str, str]:
    """So few sentences that all are looked at: of many alike, Chroma finds others each time."""
    return {name: text for name, text in documents.items() if len(text) < 1000}


@dataclass(frozen=True, slots=True)
class Whole:
    """An index before it is damaged: of one version or of two, with the answers of the one and of the one before."""

    docs: Path
    data: Path
    answers: Answers
    before: Answers | None


@pytest.fixture(scope="module")
def wholes(tmp_path_factory: pytest.TempPathFactory) -> list[Whole]:
    folder = tmp_path_factory.mktemp("wholes")
    old, new = write_documents(folder / "old", _short(OLD)), write_documents(folder / "new", _short(NEW))
    ingest([new], folder / "one", HashingEmbeddings())
    ingest([old], folder / "two", HashingEmbeddings())
    before = _answers_anew(folder / "two")
    ingest([new], folder / "two", HashingEmbeddings())
    return [
        Whole(new, folder / "one", _answers_anew(folder / "one"), None),
        Whole(new, folder / "two", _answers_anew(folder / "two"), before),
    ]


def _open(data: Path) -> OpenIndex:
    return OpenIndex(Settings(data=data), HashingEmbeddings())


def _answers_anew(data: Path) -> Answers:
    return answers(_open(data))


def _outcome(whole: Whole, ask: Callable[[], Answers], caplog: pytest.LogCaptureFixture) -> str:
    """What is seen of a damage: every answer is that of a good version; another one than before, or none, comes with a word."""
    caplog.clear()
    try:
        found = ask()
    except IndexUnavailableError as error:
        if "\n" in str(error) or "lotse-ingest" not in error.fix:
            raise
        return "refused"
    warned = any(record.levelno == logging.WARNING for record in caplog.records)
    if found == whole.answers:
        return "warned" if warned else "harmless"
    assert warned
    assert found == whole.before
    return "fell back"


def _repair(whole: Whole, data: Path, draw: random.Random) -> None:
    """By an import alone, or after the doctor has been there."""
    if draw.random() < 0.5:
        with suppress(IndexUnavailableError):  # nothing is whole
            examine(data, [])
    ingest([whole.docs], data, HashingEmbeddings())


def _check_damage(whole: Whole, data: Path, draw: random.Random, caplog: pytest.LogCaptureFixture) -> str:
    """Damage an index that is being served, or that is opened then, and repair it; what was seen of it."""
    index = _open(data) if draw.random() < 0.5 else None
    if index:
        assert answers(index) == whole.answers
    what = f"{'open' if index else 'closed'}, {damage_something(data, draw)}"
    try:
        outcome = _outcome(whole, lambda: answers(index or _open(data)), caplog)
        assert outcome != "refused" or not whole.before or "swap" in what  # of two versions one is left
        _repair(whole, data, draw)
        found = served(data)
        assert found.instead_of is None
        assert damage(found.folder) is None
        assert _answers_anew(data) == whole.answers
        assert not index or answers(index) == whole.answers
    except Exception as error:
        error.add_note(what)
        raise
    return outcome


def test_no_damage_is_silent(
    wholes: list[Whole], tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # where copies of vectors are put
    draw, outcomes = random.Random(SEED), Counter[str]()  # noqa: S311 - the same every time
    for number in range(DAMAGES):
        whole, data = wholes[number % 2], tmp_path / f"{number}"
        shutil.copytree(whole.data, data)
        outcomes[_check_damage(whole, data, draw, caplog)] += 1
        shutil.rmtree(data)
    print(dict(outcomes))
    # the damages are of all kinds; a sample may lack the rarest one, since Chroma names its folders by chance
    assert len(outcomes) >= (4 if SOAK else 2)
