"""Places in documents: the page and panel of a source, originals, pages of a PDF, feedback and evidence over HTTP."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from assistant.feedback import drafts
from assistant.open_index import OpenIndex
from assistant.page_picture import find
from assistant.pipeline import Service
from assistant.settings import Settings
from assistant.types import Span
from assistant.web.api import create_app
from assistant.web.surroundings import surroundings
from ingest.build import ingest
from tests.helpers import HashingEmbeddings
from tests.small_service import small_service
from tests.web.chat_server import PDF, PDF_SENTENCE, write_pdf
from tests.web.test_rendering import HOSTILE

ORIGIN = "http://localhost"
QUESTION = "Wie viele Mitglieder hat der Biocluster Rosenau?"
OURS = set(
    "html head meta title link script body header a svg circle path span nav div button main article p h1 h2 dl dt dd mark "
    "table thead tbody tr th td label input".split()
)
SHEET = set(
    "html head meta title style body header main section footer h1 h2 h3 div p b a ol ul li em strong br span article "
    "blockquote table tr th td".split()
)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    """Three small documents, a PDF beside them, and the folder they lie in."""
    folder = tmp_path_factory.mktemp("places")
    first = small_service(folder)
    write_pdf(folder / "documents" / PDF)
    (folder / "documents" / "hostile.md").write_text(
        "---\ntitle: {}\npublisher: {}\ndate: 2024\nlanguage: de\n---\n# {}\n\n{}\n".format(
            json.dumps(HOSTILE[0]),
            json.dumps(HOSTILE[2]),
            HOSTILE[1],
            "\n\n".join(" ".join(h.split()) for h in HOSTILE),
        ),
        encoding="utf-8",
    )
    embedder = HashingEmbeddings()
    ingest([folder / "documents"], folder / "index", embedder)
    index = OpenIndex(Settings(data=folder / "index", documents=folder / "documents"), embedder)
    return Service(first.assistant, index)


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[TestClient]:
    files = service.index.settings.documents
    with TestClient(create_app(service, with_chat=False, files=files), base_url=ORIGIN) as client:
        yield client


def id_of(service: Service, name: str) -> str:
    return next(document.id for document in service.index.documents() if document.name == name)


def place(service: Service, name: str, quote: str) -> tuple[str, int, int]:
    document = service.index.document(id_of(service, name))
    assert document
    start = document.text.index(quote)
    return document.id, start, start + len(quote)


@pytest.mark.parametrize("part", ["page", "panel"])
def test_a_quote_is_marked_in_its_surroundings(client: TestClient, service: Service, part: str) -> None:
    quote = "Der Biocluster Rosenau hat 42 Mitglieder."
    document, start, end = place(service, "de/rosenau.md", quote)
    markup = client.get(f"/source/{document}", params={"start": start, "end": end, "part": part}).text
    assert re.findall(r"<mark>(.*?)</mark>", markup) == [quote]
    for shown in ("Rosenauer Verlag", "Stand: 3. April 2025", "Menschen und Mittel", "Lindtal hat 17 Mitglieder"):
        assert shown in markup
    assert ("<!doctype html>" in markup) == (part == "page")


@pytest.mark.parametrize(("start", "end"), [(5, 5), (9, 3), (0, 10**9), (10**9, 10**9 + 1)])
def test_what_is_not_there_is_not_marked(client: TestClient, service: Service, start: int, end: int) -> None:
    reply = client.get(
        f"/source/{id_of(service, 'de/rosenau.md')}", params={"start": start, "end": end, "language": "en"}
    )
    assert "<mark>" not in reply.text
    assert "nothing is marked" in reply.text


def test_a_copied_link_finds_the_place_in_a_changed_document(client: TestClient, service: Service) -> None:
    quote = "Der Biocluster Lindtal hat 17 Mitglieder."
    document, start, end = place(service, "de/rosenau.md", quote)
    markup = client.get(f"/source/{document}", params={"start": start, "end": end}).text
    (link,) = re.findall(r'data-link="([^"]+)"', markup)
    later = unescape(link).replace(document, "0" * 16)  # as if it had another id by now
    reply = client.get(later)
    assert reply.status_code == 200
    assert re.findall(r"<mark>(.*?)</mark>", reply.text) == [quote]
    assert "seither geändert" in reply.text
    assert "<mark>" not in client.get(later.replace("17", "18")).text
    assert client.get(later.replace("rosenau.md", "gone.md")).status_code == 404


def test_an_unknown_document_is_gone(client: TestClient) -> None:
    reply = client.get("/source/<b>?language=en")
    assert (reply.status_code, "This document is gone" in reply.text, "<b>" in reply.text) == (404, True, False)


class Tags(HTMLParser):
    """All tags of a page with their attributes."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def assert_ours(markup: str, tags: set[str], addresses: str) -> None:
    found = Tags(markup).found
    assert {tag for tag, _ in found} <= tags
    for _, about in found:
        assert not [name for name in about if name.startswith("on") or name in ("style", "srcset", "srcdoc", "action")]
        for name in ("href", "src"):
            assert re.match(addresses, about.get(name) or "/"), about


def test_documents_bring_no_markup(client: TestClient, service: Service) -> None:
    document = id_of(service, "hostile.md")
    for address in (f"/source/{document}?whole=true", "/documents", f"/source/{document}?start=1&end=900&part=panel"):
        assert_ours(client.get(address).text, OURS, r"(/(?!/)|#|\?)")


@given(st.text(alphabet="ab #|\n\t-*1.é", max_size=80), st.integers(0, 80), st.integers(0, 80))
def test_only_the_quote_is_marked(text: str, start: int, end: int) -> None:
    quote = Span(start, end) if start < end <= len(text) else None
    shown = surroundings(text, quote, None)
    pieces = [
        part
        for block in shown.blocks
        for part in (*block.parts, *(p for row in block.rows for cell in row for p in cell))
    ]
    marked = "".join(words for words, inside in pieces if inside)
    letters = [c for c in (text[start:end] if quote else "") if c.isalpha() or c == "1"]
    assert [c for c in marked if c.isalpha() or c == "1"] == letters
    assert [c for words, _ in pieces for c in words if c.isalpha()] == [c for c in text if c.isalpha()]


# ---- originals and pages -------------------------------------------------------------------------------------


def test_a_page_of_a_pdf_is_drawn_with_its_quote(client: TestClient, service: Service) -> None:
    document, start, end = place(service, PDF, PDF_SENTENCE)
    address = f"/v1/documents/{document}/pages/2"
    assert address in unescape(client.get(f"/source/{document}?start={start}&end={end}").text)
    drawn = [Image.open(io.BytesIO(client.get(address, params=p).content)) for p in ({}, {"start": start, "end": end})]
    yellow = [
        sum(count for count, colour in image.getcolors(1 << 24) or () if colour == (255, 229, 138)) for image in drawn
    ]
    assert yellow[0] == 0
    assert yellow[1] > 1_000
    elsewhere = client.get(f"/v1/documents/{document}/pages/1", params={"start": start, "end": end}).content
    assert not [c for _, c in Image.open(io.BytesIO(elsewhere)).getcolors(1 << 24) or () if c == (255, 229, 138)]


@pytest.mark.parametrize(
    ("characters", "quote", "places"),
    [
        ("ab cd", "bc", [1, 3]),
        ("Bio-\r\ntech", "Biotech", [0, 1, 2, 6, 7, 8, 9]),
        ("ﬁnden", "finden", [0, 1, 2, 3, 4]),
        ("Straße", "STRASSE", [0, 1, 2, 3, 4, 5]),
        ("abc", "abd", []),
        ("abc", "", []),
        ("abc", " . ", []),
    ],
)
def test_a_quote_is_found_by_its_letters(characters: str, quote: str, places: list[int]) -> None:
    assert find(list(characters), quote) == places


@pytest.mark.parametrize("page", ["0", "99", "x"])
def test_a_page_that_is_not_there(client: TestClient, service: Service, page: str) -> None:
    assert client.get(f"/v1/documents/{id_of(service, PDF)}/pages/{page}").status_code in (404, 422)


def test_an_original_is_given_only_while_it_is_the_same(client: TestClient, service: Service) -> None:
    document = id_of(service, "de/brutkasten.md")
    reply = client.get(f"/v1/documents/{document}/original")
    assert reply.content.decode().startswith("Der Brutkasten")
    assert "attachment" in reply.headers["content-disposition"]
    assert service.index.settings.documents
    path = service.index.settings.documents / "de/brutkasten.md"
    before = path.read_bytes()
    path.write_bytes(before + b"x")
    assert client.get(f"/v1/documents/{document}/original").status_code == 404
    path.write_bytes(before)


# ---- feedback and evidence -----------------------------------------------------------------------------------


def answer(client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = client.post("/v1/ask", json={"question": QUESTION}).json()
    return found


@pytest.mark.parametrize("hostile", HOSTILE)
def test_feedback_is_kept_as_it_was_written(client: TestClient, service: Service, hostile: str) -> None:
    body = {
        "question": QUESTION,
        "answer": answer(client),
        "verdict": "wrong",
        "reason": "other",
        "comment": hostile,
        "marker": 1,
    }
    reply = client.post("/v1/feedback", json=body)
    assert reply.status_code == 200
    (draft,) = [one for one in drafts(service.index.settings.data) if one.id == reply.json()["id"]]
    assert (draft.comment, draft.marker, len(draft.evidence)) == (hostile, 1, 1)


@pytest.mark.parametrize(
    "change",
    [{"marker": 99}, {"verdict": "maybe"}, {"comment": "x" * 2001}, {"question": ""}, {"answer": {}}, {"more": 1}],
)
def test_feedback_that_is_none(client: TestClient, change: dict[str, Any]) -> None:
    body = {"question": QUESTION, "answer": answer(client), "verdict": "right"} | change
    assert client.post("/v1/feedback", json=body).status_code == (404 if change == {"marker": 99} else 422)


def test_an_evidence_sheet_tells_what_holds(client: TestClient) -> None:
    honest = answer(client)
    first = honest["citations"][0]
    forged = honest | {
        "citations": [first | {"quote": "Der Biocluster Rosenau hat 43 Mitglieder."}, *honest["citations"][1:]]
    }
    for given_answer, holds in ((honest, True), (forged, False)):
        body = {"language": "en", "format": "json", "exchanges": [{"question": QUESTION, "answer": given_answer}]}
        checks = client.post("/v1/evidence", json=body).json()["exchanges"][0]["checks"]
        assert checks["quotes"] == holds
    body = {"language": "en", "exchanges": [{"question": "<script>1</script>", "answer": honest}]}
    sheet = client.post("/v1/evidence", json=body).text
    assert "&lt;script&gt;" in sheet
    assert not re.search(r"<(script|img|link|iframe|form|object|embed|base)\b", sheet)
    assert first["quote"] in unescape(sheet)
    assert f"/source/{first['document_id']}?start={first['start']}" in unescape(sheet)
    markdown = client.post("/v1/evidence", json=body | {"format": "markdown"}).text
    assert f"    {first['quote']}" in markdown.splitlines()


def test_a_whole_conversation_may_be_sent_for_a_sheet(client: TestClient) -> None:
    exchange = {"question": QUESTION, "answer": answer(client) | {"answer": "Rosenau " * 50_000}}
    assert client.post("/v1/evidence", json={"format": "json", "exchanges": [exchange]}).status_code == 200
    assert client.post("/v1/feedback", json=exchange | {"verdict": "right"}).status_code == 413


@pytest.mark.parametrize("form", ["html", "markdown", "json"])
@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("answer", "\ud800", 422),
        ("answer", "\x00", 200),
        ("answer", "", 200),
        ("status", "", 422),
        ("conflicts", [{}], 422),
    ],
)
def test_answers_that_are_none(client: TestClient, form: str, field: str, value: object, status: int) -> None:
    exchange = {"question": QUESTION, "answer": answer(client) | {field: value}}
    body = json.dumps({"format": form, "exchanges": [exchange]})
    headers = {"content-type": "application/json"}
    assert client.post("/v1/evidence", content=body, headers=headers).status_code == status
    kept = json.dumps({"verdict": "wrong", **exchange})
    assert client.post("/v1/feedback", content=kept, headers=headers).status_code == status


@pytest.mark.parametrize("hostile", HOSTILE)
def test_an_evidence_sheet_brings_no_markup(client: TestClient, hostile: str) -> None:
    changed = answer(client)
    fields = {"title": hostile, "publisher": hostile, "date": hostile, "section": [hostile], "quote": hostile}
    changed |= {
        "answer": f"{hostile} [1]",
        "citations": [changed["citations"][0] | fields],
        "rewritten_question": hostile,
    }
    sheet = client.post("/v1/evidence", json={"exchanges": [{"question": hostile, "answer": changed}]}).text
    assert_ours(sheet, SHEET, r"(http://localhost/source/|#|/$)")
