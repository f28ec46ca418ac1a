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

WORDS = 4  # of the question, as it was written


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
    chunks = store.chunks(list({unit.chunk_id for unit in units}))
    asked = EMBEDDINGS.query("Der Hafen hat Kräne.")
    question, rest = asked.vector, EMBEDDINGS.query("Kräne")
    near = Measure(store, ["de"], PACKAGED_MODEL).nearness(asked, rest, WORDS, "de", units, chunks)
    for unit in units:
        assert near.rest[unit.id] == pytest.approx(float(unit.vector @ rest.vector) - USUAL_COSINE, abs=1e-4)
        assert near.unit[unit.id] == pytest.approx(float(unit.vector @ question) - USUAL_COSINE, abs=1e-4)
    for chunk_id in chunks:
        mean = np.mean([unit.vector for unit in units if unit.chunk_id == chunk_id], axis=0)
        cosine = float(mean @ question / np.linalg.norm(mean))
        assert near.passage[chunk_id] == pytest.approx(cosine - USUAL_COSINE, abs=1e-4)
    assert near.usual.keys() == near.unit.keys()


def test_another_model_keeps_the_order(store: Store) -> None:
    units = store.units(store.searched_ids("de"))
    question = EMBEDDINGS.query("Turm")
    one, other = (
        Measure(store, ["de"], model).nearness(question, question, WORDS, "de", units, {}).unit
        for model in (PACKAGED_MODEL, "another")
    )
    assert sorted(one, key=one.__getitem__) == sorted(other, key=other.__getitem__)
    assert one != other


def test_without_units_there_is_nothing(store: Store) -> None:
    asked = EMBEDDINGS.query("x")
    near = Measure(store, ["de"], PACKAGED_MODEL).nearness(asked, asked, 1, "de", [], {})
    assert (near.unit, near.rest, near.passage, near.usual, near.words) == ({}, {}, {}, {}, {})


def test_each_word_has_the_mean_of_what_its_tokens_find(store: Store) -> None:
    """The first word has two tokens; the third has none, as a stop word may, and finds what is usual."""
    east, north = np.zeros(AXES, np.int8), np.zeros(AXES, np.int8)
    east[0], north[1] = SCALE / 2, SCALE / 2
    asked = Embedded(EMBEDDINGS.query_vector("x"), np.stack([east, north, north]), np.array([0, 0, 1], np.int16))
    first, second, third = (
        replace(unit, tokens=tokens)
        for unit, tokens in zip(
            store.units(store.searched_ids("de")),
            (east[None], north[None], np.zeros((0, AXES), np.int8)),
            strict=True,
        )
    )
    measure = Measure(store, ["de"], PACKAGED_MODEL)
    found = measure.nearness(asked, asked, 3, "de", [first, second, third], {}).words
    assert found[first.id] == pytest.approx([0.125, 0.0, 0.6])
    assert found[second.id] == pytest.approx([0.125, 0.25, 0.6])
    assert found[third.id] == pytest.approx([0.0, 0.0, 0.6])


def test_a_model_without_tokens_finds_what_is_usual(store: Store) -> None:
    asked, (unit, *_) = EMBEDDINGS.query("Kran"), store.units(store.searched_ids("de"))
    near = Measure(store, ["de"], PACKAGED_MODEL).nearness(asked, asked, 2, "de", [unit], {})
    assert near.words[unit.id] == pytest.approx([0.6, 0.6])
