"""GET /v1/documents/{id}: the indexed text that citations point into (`#char=start,end` after RFC 5147)."""

from fastapi import APIRouter, HTTPException
from fastapi.responses import PlainTextResponse

from assistant.web.parts import TheService

router = APIRouter(prefix="/v1", tags=["documents"])


@router.get("/documents/{document_id}", response_class=PlainTextResponse)
def document(document_id: str, service: TheService) -> PlainTextResponse:
    """The text of one document, character for character as it is quoted."""
    found = service.index.document(document_id)
    if found is None:
        raise HTTPException(404, f"There is no document {document_id[:32]!r}")
    return PlainTextResponse(found.text)
