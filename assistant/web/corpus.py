"""The corpus at a glance: GET /documents, GET /clusters with its table and plots, and both to carry away."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from assistant.catalogue import text
from assistant.comparison import COLUMNS, Row, compare
from assistant.open_index import OpenVersion
from assistant.types import Language
from assistant.web import charts
from assistant.web.parts import TheService, brings
from assistant.web.problems import RequestError
from assistant.web.templating import place_url, render

router = APIRouter(tags=["pages"], include_in_schema=False)


@router.get("/documents", response_class=HTMLResponse)
def documents(service: TheService, language: Language = "de") -> HTMLResponse:
    """List the documents: title, publisher, date, language, size."""
    store = service.index.current().store
    rows = store.documents()
    sizes = store.sizes([document.id for document in rows])
    rows.sort(key=lambda document: (document.language != language, document.title.casefold()))
    page = render("documents.html", language, here="documents", bring=brings(service), documents=rows, sizes=sizes)
    return HTMLResponse(page)


@router.get("/clusters", response_class=HTMLResponse)
def clusters(service: TheService, language: Language = "de") -> HTMLResponse:
    """The clusters beside each other, as a table and as plots."""
    version = service.index.current()
    rows = _rows(version, language)
    plots = {name: Markup(_svg(version, name, language)) for name in charts.NAMES}  # noqa: S704 - drawn by us
    page = render(
        "clusters.html", language, here="clusters", bring=brings(service), rows=rows, columns=COLUMNS,
        plots={name: plot for name, plot in plots.items() if plot},
    )  # fmt: skip
    return HTMLResponse(page)


@router.get("/clusters.csv", response_class=Response)
def clusters_csv(service: TheService, language: Language = "de") -> Response:
    """The comparison as a table of values, each with its quote and address."""
    written = as_csv(_rows(service.index.current(), language), language)
    headers = {"content-disposition": 'attachment; filename="clusterlotse-cluster.csv"'}
    return Response("\ufeff" + written, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/clusters/{name}.png", response_class=Response)
def clusters_png(name: Annotated[charts.Name, Path()], service: TheService, language: Language = "de") -> Response:
    """One of the plots as a picture."""
    picture = _png(service.index.current(), name, language)
    if not picture:
        raise RequestError(
            404, "The documents hold nothing that could be drawn.", "GET /v1/facts lists what they state."
        )
    headers = {"content-disposition": f'attachment; filename="clusterlotse-{name}.png"'}
    return Response(picture, media_type="image/png", headers=headers)


@lru_cache(maxsize=4)  # a version that is kept here stays open until another one has taken its place
def _rows(version: OpenVersion, language: Language) -> list[Row]:
    return compare(version.store, language)


@lru_cache(maxsize=16)
def _svg(version: OpenVersion, name: charts.Name, language: Language) -> str:
    rows = _rows(version, language)
    return charts.svg(rows, name, language) + charts.svg(rows, name, language, narrow=True)


@lru_cache(maxsize=8)
def _png(version: OpenVersion, name: charts.Name, language: Language) -> bytes:
    return charts.png(_rows(version, language), name, language)


def as_csv(rows: Sequence[Row], language: Language) -> str:
    """A line for each value: a spreadsheet must not run what a document says, so no cell begins like a formula."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";")
    writer.writerow(
        text(language, f"csv_{name}")
        for name in ("cluster", "figure", "value", "written", "date", "title", "quote", "url")
    )
    for row in rows:
        for (kind, attribute), cells in zip(COLUMNS, row.cells, strict=True):
            for cell in cells:
                fact = cell.fact
                figure = text(language, f"column_{kind}_{attribute}".rstrip("_"))
                address = place_url(fact.document.id, fact.span.start, fact.span.end, language)
                values = (
                    row.name,
                    figure,
                    cell.value,
                    cell.written,
                    fact.document.date or "",
                    fact.document.title,
                    fact.quote,
                    address,
                )
                writer.writerow(f"'{value}" if value[:1] in "=+-@\t\r" and value else value for value in values)
    return written.getvalue()
