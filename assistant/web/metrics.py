"""GET /metrics, for Prometheus."""

from typing import cast

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from assistant.web.observe.metrics import MEDIA_TYPE, Metrics

router = APIRouter(tags=["health"])


@router.get("/metrics", response_class=PlainTextResponse)
def metrics(request: Request) -> Response:
    """Figures of this server in Prometheus' text format."""
    return Response(cast(Metrics, request.app.state.metrics).text(), media_type=MEDIA_TYPE)
