"""A folder of documents that the interface may change, with an import that only says that it is done."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from fastapi import FastAPI

from assistant.imports import Imports
from assistant.pipeline import Service

REPORT = {"step": "report", "added": [], "changed": [], "removed": [], "documents": 1, "refused": []}


def idle_imports(app: FastAPI, service: Service, folder: Path) -> None:
    """Let an application bring documents into a folder in which `report.pdf` lies."""
    folder.mkdir()
    (folder / "report.pdf").write_bytes(b"%PDF-1.7\n")
    service.index.settings.documents = folder
    app.state.imports = _Idle(service.index.settings, [sys.executable, "-c", f"print({json.dumps(REPORT)!r})"])


class _Idle(Imports):
    def _paths(self) -> list[Path]:
        """Whatever the index holds beside."""
        return [self.folder]
