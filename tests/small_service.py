"""A service over three small documents, for tests of the surfaces."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from assistant.extractive import draft_quotes
from assistant.open_index import OpenIndex
from assistant.pipeline import Assistant, Service
from assistant.rewrite import rewrite_question
from assistant.settings import Settings
from assistant.types import Findings, Question
from assistant.verify import verify_draft
from ingest.build import ingest
from tests.helpers import HashingEmbeddings

DOCUMENTS = {
    "de/rosenau.md": """---
title: Biocluster Rosenau in Zahlen
publisher: Rosenauer Verlag
date: 2025-04-03
language: de
translation_of: en/rosenau.md
---
# Biocluster Rosenau

## Menschen und Mittel

Der Biocluster Rosenau hat 42 Mitglieder. Der Biocluster Lindtal hat 17 Mitglieder.

## Geschichte

Der Biocluster Rosenau wurde 1998 von Hanna Weidenbach gegründet.
""",
    "en/rosenau.md": """---
title: Rosenau Biocluster in Figures
publisher: Rosenau Press
date: 2025-04-03
language: en
translation_of: de/rosenau.md
---
# Rosenau Biocluster

## People and funds

The Rosenau biocluster has 42 members. The Lindtal biocluster has 17 members.

## History

The Rosenau biocluster was founded by Hanna Weidenbach in 1998.
""",
    "de/brutkasten.md": "Der Brutkasten 🥚 aus *Halle* kostet <b>1.200 Euro</b> & fasst 24 Eier.\n",
}
NOT_HELD = "Wie viele Einwohner hat die Stadt Oslo?"


def small_service(folder: Path) -> Service:
    """Index DOCUMENTS under `folder` and serve them with quoted answers."""
    for name, content in DOCUMENTS.items():
        (folder / "documents" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "documents" / name).write_text(content, encoding="utf-8")
    embedder = HashingEmbeddings()
    ingest([folder / "documents"], folder / "index", embedder)
    index = OpenIndex(Settings(data=folder / "index"), embedder)

    def retrieve(question: Question) -> Findings:
        """Whether the documents answer is judged by weights fitted to the packaged model; here it is given."""
        return dataclasses.replace(index(question), answerable=0.0 if question.text == NOT_HELD else 1.0)

    return Service(Assistant(rewrite_question, retrieve, draft_quotes, verify_draft), index)
