from __future__ import annotations

from pathlib import Path

import pytest

from assistant.pipeline import Assistant, build_assistant
from assistant.settings import Settings
from evals.order import order_stability
from evals.share import Share
from ingest.build import ingest
from tests.evals.parts import Script, answer, case
from tests.helpers import HashingEmbeddings

DOCUMENTS = {
    "harbour.md": "# Harbour\n\nThe harbour of Kleinhaven runs 17 cranes.\n",
    "zoo.md": "# Zoo\n\nThe zoo of Kleinhaven keeps 12 penguins.\n",
    "school.md": "# School\n\nThe school of Kleinhaven teaches 240 children.\n",
}
CASES = [
    case(sources=["harbour.md"]),
    case(id="2-en", question="How many penguins does the zoo keep?", sources=["zoo.md"]),
    case(id="3-en", sources=["elsewhere.md"]),
]


def test_answers_do_not_depend_on_the_order_of_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.pipeline.load_embedder", lambda settings: HashingEmbeddings())

    def bring_in(documents: Path, data: Path) -> Assistant:
        ingest([documents], data, HashingEmbeddings())
        return build_assistant(Settings(data=data))

    for name, text in DOCUMENTS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    files = [(name, tmp_path / name) for name in DOCUMENTS]
    assert order_stability(CASES, files, tmp_path / "work", bring_in) == Share(2, 2)


def test_an_answer_that_differs_is_counted(tmp_path: Path) -> None:
    (tmp_path / "harbour.md").write_text(DOCUMENTS["harbour.md"], encoding="utf-8")

    def bring_in(documents: Path, data: Path) -> Assistant:
        return Script(lambda question: answer(f"{data.parent.name} [1]")).assistant()

    assert order_stability(CASES[:1], [("harbour.md", tmp_path / "harbour.md")], tmp_path / "w", bring_in) == Share(
        0, 1
    )
