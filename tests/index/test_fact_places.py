"""Which units state a fact that a question is after: by its kind and by the body, in any of its names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant.index.fact_places import FactPlaces
from assistant.index.store import Store
from assistant.index.versions import STORE, served
from assistant.types import Language
from ingest.build import ingest
from tests.helpers import HashingEmbeddings

TEXT = """---
language: de
---
# NovaMed Thüringen e. V.

Das Cluster NovaMed Thüringen (NMT) wurde am 3. Mai 2011 gegründet. NovaMed Thüringen hat 84 Mitglieder.

# Cluster ElbHafen

Der ElbHafen e. V. wurde 1998 gegründet.
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.md").write_text(TEXT, encoding="utf-8")
    ingest([docs], tmp_path / "data", HashingEmbeddings())
    with closing(Store(served(tmp_path / "data").folder / STORE)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "language", "expected"),
    [
        ("Wann wurde NovaMed Thüringen gegründet?", "de", {"3. Mai 2011"}),
        ("seit wann gibt es novamed thueringen?", "de", {"3. Mai 2011"}),
        ("When was NovaMed's network founded?", "en", {"3. Mai 2011"}),
        ("Wie viele Mitglieder hat NovaMed?", "de", {"84"}),
        ("Wann wurde der ElbHafen gegründet?", "de", {"1998"}),
        ("Wann wurde BioRN gegründet?", "de", set()),
        ("Warum ist NovaMed so bekannt?", "de", set()),
    ],
)
def test_the_units_that_state_what_is_asked(
    store: Store, question: str, language: Language, expected: set[str]
) -> None:
    written = {fact.unit_id: fact.entry.written for fact in store.facts()}
    assert {written[unit] for unit in FactPlaces(store).of(question, language)} == expected
