"""GET /source/{id}: a place in a document, as a page of its own and as the panel beside the chat."""

from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from assistant.index.store import Store
from assistant.open_index import OpenIndex
from assistant.types import Document, Language, Span
from assistant.web.originals import Originals, TheOriginals
from assistant.web.parts import TheService, brings
from assistant.web.surroundings import surroundings
from assistant.web.templating import place_url, render

_WORDS = 200  # characters of a quote that its address carries
_WIDTH = 1_000  # pixels of a page's picture; it is shown half as wide, sharp on dense screens as well
_AROUND = {"page": 900, "panel": 350}  # characters before and after the quote

router = APIRouter(tags=["pages"], include_in_schema=False)
Place = Annotated[int | None, Query(ge=0)]


@router.get("/source/{document_id}", response_class=HTMLResponse)
def source(
    document_id: str,
    service: TheService,
    originals: TheOriginals,
    start: Place = None,
    end: Place = None,
    language: Language = "de",
    part: Literal["page", "panel"] = "page",
    whole: bool = False,
    name: Annotated[str, Query(max_length=1_000)] = "",
    words: Annotated[str, Query(max_length=1_000)] = "",
) -> HTMLResponse:
    """Show a document, at a quote when `start` and `end` are given.

    A document that was changed has another id; a link that is to last gives its name and the quote's first words too.
    """
    document = service.index.document(document_id)
    moved = document is None
    if document is None and name and words:
        document, start, end = _again(service.index, name, words)
    values: dict[str, Any] = {"here": "source", "bring": brings(service)}
    if document is None:
        return HTMLResponse(render("missing.html", language, **values), 404)
    asked = start is not None and end is not None
    quote = Span(start, end) if start is not None and end is not None and start < end <= len(document.text) else None
    shown = surroundings(document.text, quote, None if whole else _AROUND[part])
    store = service.index.current().store
    place = store.place(document.id, quote.start) if quote else None
    values |= {
        "document": document,
        "place": place,
        "asked": asked,
        "moved": moved,
        "marked": quote is not None,
        "blocks": shown.blocks,
        "before": shown.before,
        "after": shown.after,
        "level": "h1" if part == "page" else "h2",
        "keep": f"&start={start}&end={end}" if asked else "",
        "permalink": _lasting(document, quote, language) if quote else "",
        "whole": _whole(document, quote, language) if not whole else "",
        **_original(document, place.page if place else None, quote, originals, store),
    }
    return HTMLResponse(render("source.html" if part == "page" else "source_body.html", language, **values))


def _again(index: OpenIndex, name: str, words: str) -> tuple[Document | None, int | None, int | None]:
    """The document that has the name now, and where the words stand in it."""
    found = next((one for one in index.documents() if one.name == name), None)
    document = index.document(found.id) if found else None
    start = document.text.find(words) if document else -1
    return (document, start, start + len(words)) if start >= 0 else (document, None, None)


def _lasting(document: Document, quote: Span, language: Language) -> str:
    """An address that finds the place in a later version of the document as well, if it still says the same."""
    words = document.text[quote.start : min(quote.end, quote.start + _WORDS)]
    return f"{place_url(document.id, quote.start, quote.end, language)}&{urlencode({'name': document.name, 'words': words})}"


def _whole(document: Document, quote: Span | None, language: Language) -> str:
    if quote is None:
        return f"/source/{document.id}?language={language}&whole=true"
    return f"{place_url(document.id, quote.start, quote.end, language)}&whole=true"


def _original(
    document: Document, page: int | None, quote: Span | None, originals: Originals, store: Store
) -> dict[str, str]:
    """Addresses of the file and of the page's picture; empty where the file is not given out, gone, or another one."""
    path = originals.find(document, store)
    if path is None:
        return {"original": "", "picture": ""}
    about = f"/v1/documents/{document.id}"
    picture = page is not None and quote is not None and path.suffix.lower() == ".pdf"
    where = f"?width={_WIDTH}&start={quote.start}&end={quote.end}" if quote else ""
    return {"original": f"{about}/original", "picture": f"{about}/pages/{page}{where}" if picture else ""}
