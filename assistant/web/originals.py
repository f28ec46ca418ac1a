"""GET /v1/documents/{id}/original and …/pages/{page}: the file itself and its pages, where the operator gives them out."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import FileResponse

from assistant.errors import UnreadableFileError
from assistant.index.digest import SIDECAR, digest_of
from assistant.index.store import Store
from assistant.page_picture import SECONDS, page_picture
from assistant.types import Document
from assistant.web.documents import DocumentId, Offset, found_document
from assistant.web.parts import TheService
from assistant.web.problems import RequestError

router = APIRouter(prefix="/v1", tags=["documents"])

_AT_ONCE = 2  # pictures that are drawn
_PDF = "application/pdf"
_TYPES = {".pdf": _PDF, ".txt": "text/plain", ".md": "text/plain", ".csv": "text/csv"}
_OTHER = "application/octet-stream"
# A page or mail of a stranger must not run as one of ours.
_ASIDE = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}
# A browser's reader of PDF does not work in a sandbox, and runs nothing of the file in the page's name.
_READER = (
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'"
)
_READ = {"X-Content-Type-Options": "nosniff", "X-Frame-Options": "SAMEORIGIN", "Content-Security-Policy": _READER}


@dataclass(frozen=True)
class Originals:
    """The folder with the files that were indexed; None: they are not given out."""

    folder: FilePath | None = None
    drawing: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(_AT_ONCE))

    def find(self, document: Document, store: Store) -> FilePath | None:
        """The file of a document; None where it is gone, or not the one any more that was indexed."""
        if self.folder is None:
            return None
        home = self.folder.resolve()
        path = (home / document.name).resolve()
        if not path.is_relative_to(home) or not path.is_file():
            return None
        sidecar = path.with_name(path.name + SIDECAR)
        known = store.files().get(document.name)
        same = known and digest_of([path, sidecar] if sidecar.is_file() else [path]) == known.hash
        return path if same else None

    def path_of(self, document: Document, store: Store) -> FilePath:
        """The file of a document.

        Raises:
            RequestError: files are not given out, or this one is not there.
        """
        if self.folder is None:
            raise RequestError(
                403, "Original files are not given out here.", "Ask the operator, who may set LOTSE_ORIGINALS."
            )
        path = self.find(document, store)
        if path is None:
            raise RequestError(
                404,
                f"The original of {document.title!r} is not there as it was indexed.",
                "Read its text at /v1/documents/{id} instead.",
            )
        return path


def get_originals(request: Request) -> Originals:
    """Those the application was built with."""
    return cast(Originals, request.app.state.originals)


TheOriginals = Annotated[Originals, Depends(get_originals)]


@router.get(
    "/documents/{document_id}/original",
    response_class=FileResponse,
    responses={200: {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}},
)
def original(document_id: DocumentId, service: TheService, originals: TheOriginals) -> FileResponse:
    """The file as it was indexed; a browser opens a PDF (`#page=3`) and saves everything else."""
    version = service.index.current()
    path = originals.path_of(found_document(version, document_id), version.store)
    kind = _TYPES.get(path.suffix.lower(), _OTHER)
    shown, headers = ("inline", _READ) if kind == _PDF else ("attachment", _ASIDE)
    return FileResponse(path, media_type=kind, filename=path.name, content_disposition_type=shown, headers=headers)


@router.get(
    "/documents/{document_id}/pages/{page}",
    response_class=Response,
    responses={200: {"content": {"image/png": {"schema": {"type": "string", "format": "binary"}}}}},
)
def page_of_original(
    document_id: DocumentId,
    page: Annotated[int, Path(ge=1, le=100_000, description="As of a citation, from 1.", examples=[1])],
    service: TheService,
    originals: TheOriginals,
    width: Annotated[int, Query(ge=100, le=3000, description="In pixels.")] = 1200,
    start: Offset = 0,
    end: Offset = 0,
) -> Response:
    """A page of a PDF as a picture; the quote from `start` to `end` is marked where it is found there."""
    version = service.index.current()
    document = found_document(version, document_id)
    path = originals.path_of(document, version.store)
    if path.suffix.lower() != ".pdf":
        raise RequestError(404, "Only of a PDF there are pictures of pages.", "Take …/original or …/text instead.")
    if not originals.drawing.acquire(timeout=SECONDS):
        raise RequestError(503, "Too many pages are being drawn.", "Ask again in a moment.")
    try:
        return Response(page_picture(path, page, width, document.text[start:end]), media_type="image/png")
    except UnreadableFileError as error:
        raise RequestError(404, error.message, error.fix) from None
    finally:
        originals.drawing.release()
