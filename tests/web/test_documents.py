"""GET /v1/documents …, /v1/index: what is in, how it is found, its text, its file and its pages."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from assistant.open_index import OpenIndex
from assistant.pipeline import Service
from assistant.settings import Settings
from assistant.web.api import create_app
from assistant.web.documents import EXAMPLE
from ingest.build import ingest
from tests.helpers import HashingEmbeddings
from tests.ingest.make_pdf import Pdf
from tests.small_service import DOCUMENTS, small_service

PAGE = "<!doctype html><title>Feste</title><h1>Feste</h1><p>Das Hafenfest begann am Montag um zehn Uhr.</p><script>x()</script>"
FIELDS = (
    "document_id name title publisher date date_place language source translation_of supersedes superseded_by "
    "characters pages url"
).split()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is indexed: the small documents, a PDF of two pages, a page of the web, and one file that is taken away later."""
    folder = tmp_path_factory.mktemp("documents")
    for name, content in DOCUMENTS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    pdf = Pdf(title="Jahresbericht der Werft").line("Die Werft von Althafen hat 31 Kräne.").page()
    (folder / "werft.pdf").write_bytes(pdf.line("Im Winter ruht der Betrieb der Werft.").data())
    (folder / "feste.html").write_text(PAGE, encoding="utf-8")
    (folder / "weg.md").write_text("Der Leuchtturm ist weg.\n", encoding="utf-8")
    (folder / "alt.md").write_text(
        "---\ntitle: Alte Zahlen\ndate: 2019\n---\nDer Kai war 1907 lang.\n", encoding="utf-8"
    )
    return folder


@pytest.fixture(scope="module")
def service(files: Path, tmp_path_factory: pytest.TempPathFactory) -> Service:
    data, embedder = tmp_path_factory.mktemp("data"), HashingEmbeddings()
    report = ingest([files], data, embedder)
    assert not report.refused
    (files / "weg.md").unlink()
    small = small_service(tmp_path_factory.mktemp("small"))
    return Service(small.assistant, OpenIndex(Settings(data=data), embedder))


@pytest.fixture(scope="module")
def client(service: Service, files: Path) -> Iterator[TestClient]:
    with TestClient(create_app(service, with_chat=False, files=files), base_url="http://localhost") as client:
        yield client


def listed(client: TestClient, **filters: Any) -> dict[str, Any]:
    reply = client.get("/v1/documents", params=filters)
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


def names(client: TestClient, **filters: Any) -> list[str]:
    return [document["name"] for document in listed(client, **filters)["documents"]]


def id_of(client: TestClient, name: str) -> str:
    (found,) = [one["document_id"] for one in listed(client)["documents"] if one["name"] == name]
    return str(found)


# ---- the list ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ["alt.md", "de/brutkasten.md", "de/rosenau.md", "en/rosenau.md", "feste.html", "weg.md", "werft.pdf"]),
        ({"language": "en"}, ["en/rosenau.md"]),
        ({"publisher": "rosenau"}, ["de/rosenau.md", "en/rosenau.md"]),
        ({"publisher": "ROSENAUER VERLAG"}, ["de/rosenau.md"]),
        ({"publisher": "niemand"}, []),
        ({"date_from": "2025"}, ["de/rosenau.md", "en/rosenau.md"]),
        ({"date_from": "2025-04-03", "date_to": "2025-04-03"}, ["de/rosenau.md", "en/rosenau.md"]),
        ({"date_from": "2025-04-04"}, []),
        ({"date_to": "2025-04"}, ["alt.md", "de/rosenau.md", "en/rosenau.md", "werft.pdf"]),
        ({"date_from": "2019-06-15", "date_to": "2019-06-15"}, ["alt.md"]),  # some day of 2019
        ({"date_to": "2018"}, ["werft.pdf"]),  # made on 2000-01-01
        ({"text": "Mitglied"}, ["de/rosenau.md"]),  # "Mitglieder", as the search has it
        ({"text": "members Lindtal"}, ["en/rosenau.md"]),
        ({"text": "members Mitglieder"}, []),
        ({"text": "1.200"}, ["de/brutkasten.md"]),
        ({"text": "brutkas"}, ["de/brutkasten.md"]),  # a part of its name
        ({"text": "Jahresbericht der"}, ["werft.pdf"]),  # of its title
        ({"text": "der die das"}, []),
        ({"text": "  "}, ["alt.md", "de/brutkasten.md", "de/rosenau.md", "en/rosenau.md", "feste.html", "weg.md", "werft.pdf"]),
        ({"text": 'Mitglieder" OR "x'}, []),
        ({"text": "Biocluster", "language": "en"}, ["en/rosenau.md"]),
    ],
)  # fmt: skip
def test_documents_are_filtered(client: TestClient, filters: dict[str, str], expected: list[str]) -> None:
    assert names(client, **filters) == expected
    assert listed(client, **filters)["total"] == len(expected)


def test_pages_of_the_list_are_the_list(client: TestClient) -> None:
    offset: int | None = 0
    found: list[str] = []
    while offset is not None:
        page = listed(client, limit=3, offset=offset)
        assert page["total"] == 7
        found += [document["name"] for document in page["documents"]]
        offset = page["next_offset"]
    assert found == names(client)
    assert listed(client, offset=7) == {**listed(client), "documents": [], "next_offset": None}


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 201}, "limit"),
        ({"offset": -1}, "offset"),
        ({"date_from": "gestern"}, "date_from"),
        ({"language": "fr"}, "language"),
        ({"text": "a" * 201}, "text"),
    ],
)
def test_a_wrong_filter_is_named(client: TestClient, filters: dict[str, Any], said: str) -> None:
    reply = client.get("/v1/documents", params=filters)
    assert (reply.status_code, reply.headers["content-type"]) == (422, "application/problem+json")
    assert reply.json()["detail"].startswith(f"{said}: ")


# ---- one document --------------------------------------------------------------------------------------------


def test_what_is_known_of_a_document(client: TestClient) -> None:
    for document in listed(client)["documents"]:
        assert list(document) == FIELDS
        assert client.get(f"{document['url']}/metadata").json() == document
        assert len(client.get(document["url"]).text) == document["characters"]
    found = {document["name"]: document for document in listed(client)["documents"]}
    assert (found["werft.pdf"]["pages"], found["alt.md"]["pages"]) == (2, None)
    assert found["de/rosenau.md"]["translation_of"] == "en/rosenau.md"
    assert (found["alt.md"]["date"], found["alt.md"]["date_place"]) == ("2019", "front matter")


@pytest.mark.parametrize(
    ("around", "before", "after"), [(0, "", ""), (7, "on der\n", "\n\nDer B"), (20_000, None, None)]
)
def test_a_quote_in_its_surroundings(client: TestClient, around: int, before: str | None, after: str | None) -> None:
    document_id = id_of(client, "de/rosenau.md")
    text = client.get(f"/v1/documents/{document_id}").text
    quote = "Der Biocluster Rosenau hat 42 Mitglieder."
    start = text.index(quote)
    asked = {"start": start, "end": start + len(quote), "around": around}
    found = client.get(f"/v1/documents/{document_id}/text", params=asked).json()
    assert (found["text"], found["start"], found["end"]) == (quote, start, start + len(quote))
    assert found["before"] == text[max(0, start - around) : start]
    assert found["after"] == text[start + len(quote) :][:around]
    assert (found["before"] + quote + found["after"] == text) is (around == 20_000)


@pytest.mark.parametrize(("start", "end"), [(5, 4), (0, 100_000), (100_000, 100_000)])
def test_characters_that_are_not_there(client: TestClient, start: int, end: int) -> None:
    asked = {"start": start, "end": end}
    reply = client.get(f"/v1/documents/{id_of(client, 'de/rosenau.md')}/text", params=asked)
    assert reply.status_code == 404
    assert "Take `start` and `end` of a citation" in reply.json()["detail"]


@pytest.mark.parametrize("route", ["", "/metadata", "/text", "/original", "/pages/1"])
def test_a_document_that_is_not_there(client: TestClient, route: str) -> None:
    reply = client.get(f"/v1/documents/none{route}")
    assert (reply.status_code, reply.headers["content-type"]) == (404, "application/problem+json")
    assert reply.json()["title"] == "There is no document 'none'."


# ---- files ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind", "shown"),
    [
        ("werft.pdf", "application/pdf", "inline"),
        ("feste.html", "application/octet-stream", "attachment"),
        ("de/rosenau.md", "text/plain; charset=utf-8", "attachment"),
    ],
)
def test_the_original_is_given_out(client: TestClient, files: Path, name: str, kind: str, shown: str) -> None:
    reply = client.get(f"/v1/documents/{id_of(client, name)}/original")
    assert (reply.status_code, reply.headers["content-type"]) == (200, kind)
    assert reply.content == (files / name).read_bytes()
    assert reply.headers["content-disposition"].startswith(shown)
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert ("sandbox" in reply.headers["content-security-policy"]) is (shown == "attachment")


def test_a_page_as_a_picture(client: TestClient) -> None:
    pictures = []
    for page in (1, 2):
        reply = client.get(f"/v1/documents/{id_of(client, 'werft.pdf')}/pages/{page}", params={"width": 300})
        assert (reply.status_code, reply.headers["content-type"]) == (200, "image/png")
        picture = Image.open(io.BytesIO(reply.content))
        assert abs(picture.width - 300) <= 1
        assert picture.convert("L").getextrema()[0] < 128, "something is written there"
        pictures.append(reply.content)
    assert pictures[0] != pictures[1]


@pytest.mark.parametrize(
    ("name", "route", "said"),
    [
        ("werft.pdf", "pages/3", "no page 3"),
        ("feste.html", "pages/1", "Only of a PDF"),
        ("weg.md", "original", "The original of 'weg' is not there"),
        ("weg.md", "pages/1", "The original of 'weg' is not there"),
    ],
)
def test_what_cannot_be_given_out(client: TestClient, name: str, route: str, said: str) -> None:
    reply = client.get(f"/v1/documents/{id_of(client, name)}/{route}")
    assert reply.status_code == 404
    assert said in reply.json()["detail"]


def test_a_file_that_was_damaged_later(client: TestClient, files: Path) -> None:
    whole = (files / "werft.pdf").read_bytes()
    (files / "werft.pdf").write_bytes(b"%PDF-1.7\n" + whole[2_000:])
    reply = client.get(f"/v1/documents/{id_of(client, 'werft.pdf')}/pages/1")
    (files / "werft.pdf").write_bytes(whole)
    assert (reply.status_code, reply.json()["title"]) == (
        404,
        "The original of 'Jahresbericht der Werft' is not there as it was indexed.",
    )


def test_a_link_that_leads_out_is_not_followed(client: TestClient, files: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("secret", encoding="utf-8")
    (files / "weg.md").symlink_to(tmp_path / "secret.md")
    reply = client.get(f"/v1/documents/{id_of(client, 'weg.md')}/original")
    (files / "weg.md").unlink()
    assert reply.status_code == 404


def test_without_the_setting_no_file_is_given_out(service: Service) -> None:
    with TestClient(create_app(service, with_chat=False), base_url="http://localhost") as client:
        document = id_of(client, "werft.pdf")
        for route in ("original", "pages/1"):
            reply = client.get(f"/v1/documents/{document}/{route}")
            assert reply.status_code == 403
            assert "LOTSE_ORIGINALS" in reply.json()["detail"]


# ---- the index -----------------------------------------------------------------------------------------------


def test_the_index_tells_what_is_in_it(client: TestClient, service: Service) -> None:
    found = client.get("/v1/index").json()
    assert found["index_version"] == client.get("/readyz").json()["index_version"]
    assert found["counts"]["documents"] == 7
    assert found["counts"]["facts"] == len(client.get("/v1/facts").json()["facts"])
    assert found["counts"]["sentences"] >= found["counts"]["passages"] >= 7
    assert found["languages"] == {"de": 6, "en": 1}
    assert (found["oldest"]["title"], found["oldest"]["date"], found["newest"]["date"]) == (
        "Jahresbericht der Werft",
        "2000-01-01",
        "2025-04-03",
    )
    assert found["undated"] == 3
    assert found["embedding_model"] == "test/hashing-256"
    built = datetime.fromisoformat(found["built_at"])
    assert abs(built.timestamp() - service.index.current().store.path.stat().st_mtime) <= 1


def test_the_example_is_a_document_of_the_shipped_corpus() -> None:
    corpus = Path(__file__).resolve().parents[2] / "corpus"
    ids = {
        hashlib.sha256(path.relative_to(corpus).as_posix().encode()).hexdigest()[:16] for path in corpus.rglob("*.md")
    }
    assert EXAMPLE in ids
