"""Documents brought through the browser: GET /bring is the page, /v1/imports what its script calls.

Who may is for the guard to say: whoever sits at the machine, or has a key with the scope `ingest`.
"""

from __future__ import annotations

from typing import Annotated, Literal, cast

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from assistant.imports import ENDINGS, MOST_BYTES, Imports, Progress
from assistant.types import Language
from assistant.web.parts import TheService, brings
from assistant.web.problems import RequestError
from assistant.web.templating import render

router = APIRouter(tags=["imports"])

_BYTES = {"type": "string", "format": "binary"}


class ImportState(BaseModel):
    """The files, and how far the import is."""

    files: list[str]
    withdrawn: list[str]
    progress: Progress


class Moved(BaseModel):
    """What to do with which file."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"action": "withdraw", "name": "report.pdf"}]}
    )

    action: Literal["withdraw", "restore"]
    name: Annotated[str, Field(description="As the list has it.")]


class Added(BaseModel):
    """The file that was put into the folder."""

    name: str


def get_imports(request: Request, service: TheService) -> Imports:
    """The imports; 404 where they are not set up."""
    if not brings(service):
        raise RequestError(
            404, "Documents are not brought through the browser here.", "The operator may set LOTSE_DOCUMENTS."
        )
    return cast(Imports, request.app.state.imports)


TheImports = Annotated[Imports, Depends(get_imports)]


@router.get("/bring", response_class=HTMLResponse, include_in_schema=False)
def bring_page(imports: TheImports, language: Language = "de") -> HTMLResponse:
    """Drop files, follow the import, withdraw and restore."""
    here = {"here": "bring", "bring": True, "endings": ",".join(ENDINGS), "most": f"{MOST_BYTES // 1_000_000}"}
    return HTMLResponse(render("bring.html", language, **here, folder=imports.folder.name))


@router.get("/v1/imports")
def import_state(imports: TheImports) -> ImportState:
    """The files, and how far the import is."""
    files, withdrawn = imports.names()
    return ImportState(files=files, withdrawn=withdrawn, progress=imports.progress)


@router.put(
    "/v1/imports/file",
    openapi_extra={"requestBody": {"required": True, "content": {"application/octet-stream": {"schema": _BYTES}}}},
)
async def add_file(
    request: Request,
    imports: TheImports,
    name: Annotated[str, Query(min_length=1, max_length=300, description="Of the file.", examples=["report.pdf"])],
) -> Added:
    """Put one file, the body of the request, into the folder; `POST /v1/imports` then brings the index in line."""
    return Added(name=await run_in_threadpool(imports.add, name, await request.body()))


@router.post("/v1/imports")
def start_import(imports: TheImports) -> ImportState:
    """Bring the index in line with the files; the answer says at once that it began."""
    imports.start()
    return import_state(imports)


@router.post("/v1/imports/file")
def move_file(body: Moved, imports: TheImports) -> ImportState:
    """Withdraw a document, or restore it; `POST /v1/imports` then brings the index in line."""
    (imports.withdraw if body.action == "withdraw" else imports.restore)(body.name)
    return import_state(imports)
