"""Clusters beside each other: grouped by their names, with every value's source, also where documents differ."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from assistant.comparison import COLUMNS, Row, compare
from assistant.index.store import Store
from assistant.index.versions import STORE, served
from assistant.web import charts
from assistant.web.corpus import as_csv
from ingest.build import ingest
from tests.helpers import HashingEmbeddings

DOCUMENTS = {
    "a.md": """---
date: 2025
---
# Rosenau

Der Biocluster Rosenau hat 42 Mitglieder. Der Biocluster Rosenau wurde im Jahr 1998 gegründet.

Die Rosenau Akademie wurde im Jahr 2017 gegründet.
""",
    "b.md": "---\ndate: 2025\n---\n# Tannfeld\n\nDer Medcluster Tannfeld hat mehr als 19 Mitglieder. "
    "Der Medcluster Tannfeld wurde im Jahr 2004 gegründet.\n",
    "c.md": "---\ndate: 2025\n---\n# Tannfeld\n\nDer Medcluster Tannfeld hat 23 Mitglieder.\n",
    "d.md": "---\ndate: 2011\n---\n# Rosenau\n\nDer Biocluster Rosenau hat 30 Mitglieder.\n",
}


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Row]]:
    folder = tmp_path_factory.mktemp("comparison")
    for name, content in DOCUMENTS.items():
        (folder / "d" / name).parent.mkdir(exist_ok=True)
        (folder / "d" / name).write_text(content, encoding="utf-8")
    ingest([folder / "d"], folder / "i", HashingEmbeddings())
    store = Store(Path(served(folder / "i").folder / STORE))
    yield compare(store, "de")
    store.close()


def written(row: Row, kind: str, attribute: str = "") -> list[str]:
    return [cell.written for cell in row.cells[COLUMNS.index((kind, attribute))]]


def test_each_cluster_is_one_row(rows: list[Row]) -> None:
    assert [row.name for row in rows] == ["Biocluster Rosenau", "Medcluster Tannfeld"]
    assert [written(row, "founded") for row in rows] == [["1998"], ["2004"]]


def test_the_newest_documents_count_and_all_their_values(rows: list[Row]) -> None:
    assert written(rows[0], "members", "total") == ["42"]
    assert sorted(written(rows[1], "members", "total")) == ["23", "mehr als 19"]
    assert rows[1].number(("members", "total")) is None


def test_every_value_has_its_quote(rows: list[Row]) -> None:
    for row in rows:
        for cell in (cell for cells in row.cells for cell in cells):
            assert cell.written in cell.fact.quote


@pytest.mark.parametrize("narrow", [False, True])
def test_each_mark_leads_to_its_source(rows: list[Row], narrow: bool) -> None:
    drawn = ET.fromstring(charts.svg(rows, "founded", "en", narrow=narrow))  # noqa: S314 - drawn here
    links = [(link.get("aria-label"), link.get("href")) for link in drawn.iter("{http://www.w3.org/2000/svg}a")]
    assert [label for label, _ in links] == [
        "Medcluster Tannfeld: 2004, open source",
        "Biocluster Rosenau: 1998, open source",
    ]
    for (_, address), row in zip(links, reversed(rows), strict=True):
        fact = row.cells[0][0].fact
        assert str(address).startswith(f"/source/{fact.document.id}?start={fact.span.start}&end={fact.span.end}&")


def test_plots_take_the_colours_of_the_page(rows: list[Row]) -> None:
    for name in charts.NAMES:
        drawn, picture = charts.svg(rows, name, "de"), charts.png(rows, name, "de")
        assert bool(drawn) == bool(picture) == (name in ("founded", "members"))
        assert not set(re.findall(r"#[0-9a-f]{6}\b", drawn)) - {"#000000", "#ffffff"}
        assert "<image" not in drawn
        assert not picture or picture.startswith(b"\x89PNG")


def test_a_plot_without_marks_is_left_out() -> None:
    assert charts.svg([], "staff", "de") == ""


def test_a_spreadsheet_runs_nothing(rows: list[Row]) -> None:
    hostile = [Row("=HYPERLINK(1)", rows[0].cells)]
    table = list(csv.reader(io.StringIO(as_csv(hostile, "de")), delimiter=";"))
    assert {line[0] for line in table[1:]} == {"'=HYPERLINK(1)"}
    assert len({len(line) for line in table}) == 1
