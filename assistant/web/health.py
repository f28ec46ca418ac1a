"""GET /healthz and /readyz."""

from fastapi import APIRouter

from assistant.web.parts import TheService

router = APIRouter(tags=["health"])


@router.get("/healthz")
def healthz() -> dict[str, str]:
    """The process is alive."""
    return {"status": "ok"}


@router.get("/readyz")
def readyz(service: TheService) -> dict[str, str]:
    """Questions can be answered; 503 without an index."""
    return {"status": "ready", "index_version": service.index.current().version}
