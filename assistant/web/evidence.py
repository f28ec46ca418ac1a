"""POST /v1/evidence: answers with their proof as one file to carry away: HTML, Markdown or JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from assistant import __version__
from assistant.catalogue import text
from assistant.proof import Check, checks
from assistant.types import Language
from assistant.web.chat.exchange import EXAMPLE_ANSWER, EXAMPLE_QUESTION, KEPT, MOST_EXCHANGES, Kept
from assistant.web.parts import TheService
from assistant.web.rendering import answer_markup
from assistant.web.templating import render, shown_date, written_date

router = APIRouter(prefix="/v1", tags=["evidence"])

_CONTENT = {
    "text/html": {"schema": {"type": "string"}},
    "text/markdown": {"schema": {"type": "string"}},
    "application/json": {"schema": {"type": "object"}},
}


class EvidenceBody(BaseModel):
    """Questions with their answers, as a conversation is kept."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"exchanges": [{"question": EXAMPLE_QUESTION, "answer": EXAMPLE_ANSWER}]}]},
    )

    language: Language = "de"
    format: Literal["html", "markdown", "json"] = "html"
    exchanges: Annotated[list[Kept], Field(min_length=1, max_length=MOST_EXCHANGES)]


@router.post("/evidence", response_class=Response, responses={200: {"content": _CONTENT}})
def evidence(body: EvidenceBody, service: TheService, request: Request) -> Response:
    """One file with questions, answers, quotes, their places and dates, and whether they hold against the index now."""
    proofs = [checks(kept.answer, service.index.document) for kept in body.exchanges]
    version = service.index.current().version
    if body.format == "json":
        return Response(_json(body, proofs, version), media_type="application/json")
    if body.format == "markdown":
        return Response(_markdown(body, proofs, version), media_type="text/markdown; charset=utf-8")
    origin = str(request.base_url).rstrip("/")
    turns = [
        {"kept": kept, "text": answer_markup(kept.answer, body.language, origin), "checks": proof}
        for kept, proof in zip(body.exchanges, proofs, strict=True)
    ]
    page = render(
        "evidence.html", body.language, turns=turns, version=version, program=__version__, made=_today(body.language),
        origin=origin,
    )  # fmt: skip
    return Response(page, media_type="text/html; charset=utf-8")


def _today(language: Language) -> str:
    return written_date(datetime.now(UTC).date().isoformat(), language)


def _json(body: EvidenceBody, proofs: list[list[Check]], version: str) -> str:
    exchanges: list[Any] = KEPT.dump_python(body.exchanges, mode="json")
    for exchange, proof in zip(exchanges, proofs, strict=True):
        exchange["checks"] = {check.key: check.holds for check in proof}
    return json.dumps({"index_version": version, "exchanges": exchanges}, ensure_ascii=False, indent=2)


def _markdown(body: EvidenceBody, proofs: list[list[Check]], version: str) -> str:
    """For a mail or a report; quotes are indented, so that their own marks stay text."""
    language, lines = body.language, [f"# {text(body.language, 'evidence_title')}", ""]
    for kept, proof in zip(body.exchanges, proofs, strict=True):
        lines += [f"## {' '.join(kept.question.split())}", "", kept.answer.answer, ""]
        for c in kept.answer.citations:
            where = [c.title, c.publisher, shown_date(c.date, language), " › ".join(c.section)]
            page = [text(language, "page", page=str(c.page))] if c.page is not None else []
            lines += [f"[{c.marker}] {', '.join(part for part in [*where, *page] if part)}", ""]
            lines += [*(f"    {line}" for line in c.quote.splitlines()), ""]
        lines += [f"- {_said(check, language)}" for check in proof]
        lines += [""]
    return "\n".join([*lines, text(language, "evidence_made", date=_today(language), version=version), ""])


def _said(check: Check, language: Language) -> str:
    holds = text(language, "proof_holds" if check.holds else "proof_fails")
    counted = text(language, "proof_counted", good=str(check.good), total=str(check.total))
    return f"{text(language, f'proof_{check.key}')}: {holds} ({counted})"
