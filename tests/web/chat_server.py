"""The application over a few small documents on a free port, for tests in a browser."""

from __future__ import annotations

import asyncio
import dataclasses
import socket
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import uvicorn
from fastapi import FastAPI
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

from assistant.extractive import draft_quotes
from assistant.imports import Imports
from assistant.open_index import OpenIndex
from assistant.pipeline import Assistant, Service
from assistant.rewrite import rewrite_question
from assistant.settings import Settings
from assistant.types import Findings, Question
from assistant.verify import verify_draft
from assistant.web.api import create_app
from ingest.build import ingest
from tests import small_service
from tests.helpers import HashingEmbeddings

REFUSED = "Einwohner"  # a question with this word is refused
SLOW = "langsam"  # one with this word waits for `Stage.go`

DOCUMENTS = {
    **{name: text for name, text in small_service.DOCUMENTS.items() if name.endswith("rosenau.md")},
    "de/tannfeld-verein.md": """---
title: Verein Tannfeld
publisher: Verein Tannfeld
date: 2025-02-01
language: de
---
# Tannfeld

Der Medcluster Tannfeld hat 19 Mitglieder. Die Geschäftsstelle von Tannfeld beschäftigt 6 Personen.

Der Medcluster Tannfeld wurde im Jahr 2004 gegründet.
""",
    "de/tannfeld-zeitung.md": """---
title: Zeitung über Tannfeld
publisher: Tannfelder Zeitung
date: 2025-02-01
language: de
---
# Tannfeld

Der Medcluster Tannfeld hat 23 Mitglieder.
""",
    "de/zahlen.md": """---
title: Cluster in Zahlen
publisher: Rosenauer Verlag
date: 2025-04-03
language: de
---
# Cluster in Zahlen

Der Biocluster Rosenau hat seinen Sitz in Halle. Das Clustermanagement des Bioclusters Rosenau beschäftigt 9 Personen.
""",
    "de/kasten.md": """---
title: "<img src=/x onerror=hacked=1>"
publisher: "<b>Verlag</b>"
date: 2024-01-01
language: de
---
# <script>hacked=1</script>

Der Brutkasten <img src="https://evil.example/x.png" onerror="hacked=1"> steht in [Halle](https://evil.example).
""",
}
PDF = "jahresbericht.pdf"
PDF_SENTENCE = "Die Sternwarte Rosenau besitzt sieben Fernrohre und eine Kuppel aus Kupfer, die von Hand geöffnet wird."


@dataclass
class Stage:
    """A running application and what a test may do with it."""

    origin: str
    data: Path
    documents: Path
    service: Service
    go: threading.Event = field(default_factory=threading.Event)


@contextmanager
def running(folder: Path, more: Mapping[str, str] = MappingProxyType({})) -> Iterator[Stage]:
    """Index the documents, and `more` of them by name, below a folder and serve them."""
    documents = folder / "documents"
    for name, content in {**DOCUMENTS, **more}.items():
        (documents / name).parent.mkdir(parents=True, exist_ok=True)
        (documents / name).write_text(content, encoding="utf-8")
    write_pdf(documents / PDF)
    embedder = HashingEmbeddings()
    ingest([documents], folder / "index", embedder)
    settings = Settings(data=folder / "index", documents=documents)
    index = OpenIndex(settings, embedder)
    go = threading.Event()

    def retrieve(question: Question) -> Findings:
        """Whether the documents answer is judged by weights fitted to the packaged model; here a word decides."""
        if SLOW in question.text:
            go.wait(30)
        return dataclasses.replace(index(question), answerable=0.0 if REFUSED in question.text else 1.0)

    service = Service(Assistant(rewrite_question, retrieve, draft_quotes, verify_draft), index)

    async def build() -> FastAPI:
        """Outside of an event loop gradio makes some that it never closes."""
        return create_app(service, files=documents)

    app = asyncio.run(build())
    app.state.imports = Imports(settings, [sys.executable, "-m", "tests.small_ingest"])
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield Stage(f"http://127.0.0.1:{listening.getsockname()[1]}", settings.data, documents, service, go)
    finally:
        go.set()
        server.should_exit = True
        thread.join()
        listening.close()


def write_pdf(path: Path) -> None:
    """Two pages, PDF_SENTENCE on the second."""
    styles = getSampleStyleSheet()
    filler = "Der Bericht beschreibt die Arbeit der Sternwarte im vergangenen Jahr und ihre Besucher aus der Region."
    story = [
        Paragraph("Sternwarte Rosenau: Bericht", styles["Title"]),
        Paragraph(filler, styles["BodyText"]),
        PageBreak(),
    ]
    story += [Paragraph("Ausstattung", styles["Heading1"]), Paragraph(PDF_SENTENCE, styles["BodyText"])]
    SimpleDocTemplate(str(path), title="Sternwarte Rosenau: Bericht", author="Sternwarte Rosenau").build(story)
