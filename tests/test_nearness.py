"""Cosines in one measure for every model."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.index.late_interaction import AXES, SCALE, Embedded
from assistant.index.store import Store
from assistant.index.versions import STORE, served
from assistant.models import PACKAGED_MODEL
from assistant.nearness import USUAL_COSINE, Measure
from ingest.build import ingest
from tests.helpers import HashingEmbeddings

EMBEDDINGS = HashingEmbeddings()

WEIGHTS = [0.0, 2.0, 0.0, 1.0]  # of four written words


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Three sentences, two of them in one passage."""
    docs = tmp_path / "docs"
    docs.mkdir()
    text = (
        "---\nlanguage: de\n---\n# Hafen\n\nDer Hafen hat Kräne. Die Kräne sind alt.\n\n# Turm\n\nDer Turm ist hoch.\n"
    )
    (docs / "a.md").write_text(text, encoding="utf-8")
    ingest([docs], tmp_path / "data", EMBEDDINGS)
    with closing(Store(served(tmp_path / "data").folder / STORE)) as opened:
        yield opened


def test_units_and_passages_in_the_packaged_measure(store: Store) -> None:
    units = store.units(store.searched_ids("de"))
    siblings = store.siblings(list({unit.chunk_id for unit in units}))
    asked = EMBEDDINGS.query("Der Hafen hat Kräne.")
    question = asked.vector
    near = Measure(store, ["de"], PACKAGED_MODEL).nearness(asked, WEIGHTS, "de", units, siblings)
    for unit in units:
        assert near.unit[unit.id] == pytest.approx(float(unit.vector @ question) - USUAL_COSINE, abs=1e-4)
    for chunk_id, others in siblings.items():
        mean = np.mean([other.vector for other in others], axis=0)
        cosine = float(mean @ question / np.linalg.norm(mean))
        assert near.passage[chunk_id] == pytest.approx(cosine - USUAL_COSINE, abs=1e-4)
    middle = np.mean([unit.vector for unit in units], axis=0)
    assert near.background == pytest.approx(float(middle @ question) - USUAL_COSINE, abs=1e-4)
    assert near.usual.keys() == near.unit.keys()


def test_another_model_keeps_the_order(store: Store) -> None:
    units = store.units(store.searched_ids("de"))
    question = EMBEDDINGS.query("Turm")
    one, other = (
        Measure(store, ["de"], model).nearness(question, WEIGHTS, "de", units, {}).unit
        for model in (PACKAGED_MODEL, "another")
    )
    assert sorted(one, key=one.__getitem__) == sorted(other, key=other.__getitem__)
    assert one != other


def test_without_units_there_is_nothing(store: Store) -> None:
    near = Measure(store, ["de"], PACKAGED_MODEL).nearness(EMBEDDINGS.query("x"), [1.0], "de", [], {})
    assert (near.unit, near.passage, near.usual, near.words) == ({}, {}, {}, {})


def test_words_count_by_their_weight_and_not_by_their_tokens(store: Store) -> None:
    """The first word has two tokens: their weight is shared, and what the second word finds counts twice as much."""
    east, north = np.zeros(AXES, np.int8), np.zeros(AXES, np.int8)
    east[0], north[1] = SCALE / 2, SCALE / 2
    asked = Embedded(EMBEDDINGS.query_vector("x"), np.stack([east, east, north]), np.array([0, 0, 1], np.int16))
    first, second, third = (
        replace(unit, tokens=tokens)
        for unit, tokens in zip(
            store.units(store.searched_ids("de")),
            (east[None], north[None], np.zeros((0, AXES), np.int8)),
            strict=True,
        )
    )
    measure = Measure(store, ["de"], PACKAGED_MODEL)
    found = measure.nearness(asked, [1.0, 2.0], "de", [first, second, third], {}).words
    assert found[first.id] == pytest.approx(0.25 / 3)
    assert found[second.id] == pytest.approx(0.25 * 2 / 3)
    assert found[third.id] == 0.0
    unweighted = measure.nearness(asked, [0.0, 0.0], "de", [first], {}).words
    assert unweighted[first.id] == pytest.approx(0.25 * 2 / 3)
