"""The facts of a document, with the bodies they are about."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from assistant.index.store import Store
from assistant.index.versions import STORE, served
from tests.ingest.parts import Place

PORTRAITS = """---
title: Vergleich der Cluster
date: 2019-02-28
---
# Vergleich der Cluster

## BIOROSE E. V.

Der BioRose e. V. ist ein Netzwerk. Im Verein, der 2009 gegründet wurde, sind 124 Akteure eingebunden.

In der Geschäftsstelle sind neun Personen beschäftigt.

## BioLindtal: Zahlen

- Zum Verein gehören 30 Mitglieder.

## Sichtbarkeit

| Cluster | gegründet | Akteure |
|---|---|---|
| Ulmer Bio | 1997 | 80 |
| Rosenauer Bio | 2001 | 90 |
"""


def facts_in(place: Place) -> list[tuple[str, str, str, str, str | None]]:
    with closing(Store(served(place.data).folder / STORE)) as store:
        found = store.facts()
        for fact in found:
            document = store.document(fact.document.id)
            assert document is not None
            assert document.text[fact.span.start : fact.span.end] == fact.quote
            assert fact.entry.written in fact.quote
        return [(f.entry.kind, f.entry.subject, f.entry.attribute, f.entry.value, f.entry.period) for f in found]


def test_subjects_come_from_the_sentence_else_from_the_headings(tmp_path: Path) -> None:
    place = Place(tmp_path, {"vergleich.md": PORTRAITS})
    place.ingest()
    assert set(facts_in(place)) == {
        ("founded", "BioRose", "", "2009", "2019-02-28"),
        ("members", "BioRose", "total", "124", "2019-02-28"),
        ("staff", "BioRose", "", "9", "2019-02-28"),
        ("members", "BioLindtal", "total", "30", "2019-02-28"),
        ("founded", "Ulmer Bio", "", "1997", "2019-02-28"),
        ("members", "Ulmer Bio", "total", "80", "2019-02-28"),
        ("founded", "Rosenauer Bio", "", "2001", "2019-02-28"),
        ("members", "Rosenauer Bio", "total", "90", "2019-02-28"),
    }


def test_a_changed_document_changes_its_facts_and_a_removed_one_takes_them_along(tmp_path: Path) -> None:
    texts = {name: f"# Zahlen\n\nBio{name.title()} wurde 1997 gegründet.\n" for name in ("rosa", "lila")}
    place = Place(tmp_path, {f"{name}.md": text for name, text in texts.items()})
    place.ingest()
    assert sorted(fact[1] for fact in facts_in(place)) == ["BioLila", "BioRosa"]
    place.write("rosa.md", texts["rosa"].replace("1997", "1998"))
    place.ingest()
    assert sorted((fact[1], fact[3]) for fact in facts_in(place)) == [("BioLila", "1997"), ("BioRosa", "1998")]
    (place.docs / "lila.md").unlink()
    place.ingest()
    assert [fact[1] for fact in facts_in(place)] == ["BioRosa"]


def test_a_document_about_one_body_need_not_name_it_in_every_sentence(tmp_path: Path) -> None:
    text = "# Bericht\n\n" + "SaxoRose forscht. " * 6 + "\n\nDieser Verein wurde 1997 gegründet.\n"
    place = Place(tmp_path, {"bericht.md": text})
    place.ingest()
    assert facts_in(place) == [("founded", "SaxoRose", "", "1997", None)]
