"""Answers out of the table of facts, and questions it must leave alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from assistant.facts import fact_answer
from assistant.index.store import Store
from assistant.index.versions import STORE, served
from assistant.text.language import detect_language
from assistant.types import Answer, Findings, Question
from assistant.verify import verify_draft
from tests.ingest.parts import Place

DOCUMENTS = {
    "cluster.md": """---
title: Die Cluster
date: 2024-01-31
language: de
---
# Die Cluster

## BioRose

BioRose wurde 1997 gegründet. Zum Netzwerk BioRose gehören über 250 Akteure, darunter 200 KMU.

In der Geschäftsstelle sind neun Personen beschäftigt. BioRose hat seinen Sitz in Ulm.

## BioLind

Das Netzwerk BioLind wurde am 12. März 2003 gegründet. BioLind umfasst 80 Mitglieder, darunter 55 KMU.

Die Geschäftsstelle von BioLind beschäftigt 16 Personen. BioLind hat seinen Sitz in Jena.

## MedLahn

Der Verein MedLahn wurde 2009 gegründet. MedLahn hat 124 Mitglieder, darunter 49 KMU.

## RoseTec

Die RoseTec GmbH wurde 2021 gegründet.

## Sichtbarkeit

BioRose ist auf LinkedIn (651 Follower) und auf Instagram (110 Follower).
""",
    "alt.md": """---
title: Ein älterer Bericht
date: 2018-01-31
language: de
---
# Ein älterer Bericht

MedLahn hat 90 Mitglieder.
""",
    "streit.md": """---
title: Ein Streit
date: 2024-01-31
language: de
---
# Ein Streit

BioZank wurde 1999 gegründet. BioZank wurde 2001 gegründet.
""",
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    place = Place(tmp_path_factory.mktemp("facts"), DOCUMENTS)
    place.ingest()
    with closing(Store(served(place.data).folder / STORE)) as opened:
        yield opened


def answer(store: Store, question: str) -> Answer | None:
    asked = Question(question, question, detect_language(question))
    draft = fact_answer(asked, store)
    return verify_draft(asked, Findings((), 1.0, "v"), draft) if draft else None


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (
            "Wer hat mehr Mitglieder, BioRose oder BioLind?",
            "**BioRose** hat mehr Mitglieder: über 250, gegenüber 80 bei BioLind. [1] [2]",
        ),
        (
            "Wer hat weniger KMU: BioLind oder MedLahn?",
            "**MedLahn** hat weniger KMU: 49, gegenüber 55 bei BioLind. [1] [2]",
        ),
        (
            "Is BioRose older than BioLind?",
            "**BioRose** is older: founded 1997, compared with 2003-03-12 at BioLind. [1] [2]",
        ),
        ("Ist BioRose jünger als MedLahn?", "**MedLahn** ist jünger: gegründet 2009, gegenüber 1997 bei BioRose. [1] [2]"),
        (
            "Wie groß ist das Team von BioRose im Vergleich zu BioLind?",
            "**BioLind** hat mehr Beschäftigte: 16, gegenüber neun bei BioRose. [1] [2] [3]",
        ),
        (
            "Hat BioRose oder BioLind mehr Personal?",
            "**BioLind** hat mehr Beschäftigte: 16, gegenüber neun bei BioRose. [1] [2] [3]",
        ),
        (
            "Is BioRose or BioLind bigger?",
            "**BioRose** has more members: more than 250, compared with 80 at BioLind. [1] [2]",
        ),
        ("Which clusters have more than 100 members?", "- BioRose: more than 250 [1] \n- MedLahn: 124 [2]"),
        ("Welche Cluster wurden vor 2005 gegründet?", "- BioRose: 1997 [1] \n- BioLind: 12. März 2003 [2]"),
        ("Welche Cluster wurden 2009 gegründet?", "- MedLahn: 2009 [1]"),
        ("Wo haben BioRose und BioLind ihren Sitz?", "- BioRose: Ulm [1] \n- BioLind: Jena [2]"),
        ("Wie viele KMU haben BioRose und BioLind zusammen?", "- BioRose: 200 [1] \n- BioLind: 55 [2]"),
        (
            "Does BioRose have more followers on LinkedIn or Instagram?",
            "**LinkedIn** has more followers: 651, compared with 110 at Instagram. [1]",
        ),
        (
            "Welches Cluster ist das älteste?",
            "**BioRose** wurde als Erstes gegründet: 1997. [1] \n- BioLind: 12. März 2003 [2] \n- MedLahn: 2009 [3]",
        ),
        (
            "Which cluster has the fewest members?",
            "**BioLind** has the fewest members: 80. [1] \n- MedLahn: 124 [2] \n- BioRose: more than 250 [3]",
        ),
        ("Seit wann gibt es BioLind?", "Das Netzwerk BioLind wurde am **12. März 2003** gegründet. [1]"),
        ("Wie viele Mitglieder hat MedLahn?", "MedLahn hat **124** Mitglieder, darunter 49 KMU. [1]"),
        ("Where is BioLind based?", "Found in German only:\n\nBioLind hat seinen Sitz in **Jena**. [1]"),
    ],
)  # fmt: skip
def test_what_the_facts_answer(store: Store, question: str, said: str) -> None:
    found = answer(store, question)
    assert found is not None
    assert found.answer.replace("\n\n", "\n") == said.replace("\n\n", "\n")
    assert found.status == "answered"
    for citation in found.citations:
        document = store.document(citation.document_id)
        assert document is not None
        assert document.text[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize(
    "question",
    [
        "Was ist ein Cluster?",
        "Wie viele Cluster wurden 2009 gegründet?",  # no quote says how many there are
        "Welche Cluster wurden 1850 gegründet?",
        "Wann wurde BioZank gegründet?",  # the documents differ
        "Wann wurde BioNirgends gegründet?",
        "Ist BioRose älter als BioNirgends?",
        "Wie viele Mitglieder hat BioRose in Hamburg?",
        "Wie viele neue Mitglieder hat BioRose?",
        "Why was BioRose founded in Berlin?",
        "Wie viele Mitglieder will BioRose 2030 haben?",
        "Welche Firma ist die älteste?",
        "Wer hat mehr Mitglieder?",
        "Wie viel Personal hat BioRose?",  # of its office, or of the whole industry
    ],
)
def test_what_the_facts_leave_alone(store: Store, question: str) -> None:
    assert answer(store, question) is None


def test_companies_are_no_clusters(store: Store) -> None:
    found = answer(store, "Welches Cluster ist das jüngste?")
    assert found is not None
    assert found.answer.startswith("**MedLahn** wurde als Letztes gegründet: 2009.")
    assert "RoseTec" not in found.answer


def test_the_store_filters_by_body_kind_and_language(store: Store) -> None:
    def values(subject: str | None, kind: str | None = None) -> list[str]:
        return [fact.entry.value for fact in store.facts(subject, kind)]

    assert values("biorose", "founded") == ["1997"]
    assert values("Bio Rose e. V.", "founded") == ["1997"]
    assert values("BioNirgends") == []
    assert store.facts(language="en") == []
    assert len(store.facts()) == len(store.facts(language="de")) > 10
