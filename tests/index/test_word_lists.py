"""The search by words, beside a full-text index that ranks by the same formula."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.index.listing import Row
from assistant.index.word_lists import WordReader, word_lists
from assistant.index.writer import StoreWriter
from tests.index.parts import document, put, unit_ids

Units = list[tuple[int, str, str]]


def sentences() -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from("hafen turm kran rot blau 17 35".split()), max_size=6).map(" ".join)


UNITS = st.dictionaries(st.integers(0, 2**62), st.tuples(sentences(), sentences()), max_size=12).map(
    lambda units: [(unit_id, *texts) for unit_id, texts in sorted(units.items())]
)


@pytest.fixture(scope="module")
def database() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as opened:
        opened.execute("CREATE TABLE words_de (term, places, counts)")
        opened.execute("CREATE TABLE worded (language, ids, lengths)")
        opened.execute("CREATE VIRTUAL TABLE words USING fts5(body, context)")
        yield opened


class Written(WordReader):
    """What searches the lists of a few units."""

    def __init__(self, database: sqlite3.Connection, units: Units) -> None:
        self._database, made = database, word_lists(units)
        for table in ("words_de", "worded", "words"):
            database.execute(f"DELETE FROM {table}")
        database.executemany("INSERT INTO words_de VALUES (?, ?, ?)", [(t, *lists) for t, lists in made.lists.items()])
        database.execute("INSERT INTO worded VALUES ('de', ?, ?)", (made.ids, made.lengths))
        database.executemany("INSERT INTO words (rowid, body, context) VALUES (?, ?, ?)", units)

    def _rows(self, query: str, values: Sequence[object] | dict[str, object] = ()) -> list[Row]:
        return self._database.execute(query, values).fetchall()

    def _kept(self, name: str, make):  # type: ignore[no-untyped-def]
        return make()

    def by_sqlite(self, terms: list[str], limit: int) -> list[Row]:
        """The units in SQLite's own ranking."""
        query = "SELECT rowid, -bm25(words, 1.0, 0.5) AS score FROM words WHERE words MATCH ? ORDER BY score DESC, rowid LIMIT ?"
        return self._database.execute(query, (" OR ".join(f'"{term}"' for term in terms), limit)).fetchall()


@given(units=UNITS, terms=st.lists(st.sampled_from("hafen turm kran rot 17 unheard".split()), min_size=1, unique=True))
def test_units_are_ranked_as_by_a_full_text_index(units: Units, terms: list[str], database: sqlite3.Connection) -> None:
    written = Written(database, units)
    for limit in (1, 3, 100):
        found = list(written.search_words(terms, "de", limit).items())
        expected = written.by_sqlite(terms, limit)
        assert [unit for unit, _ in found] == [unit for unit, _ in expected]
        assert [score for _, score in found] == pytest.approx([score for _, score in expected])


@given(units=UNITS)
def test_every_word_knows_its_units(units: Units, database: sqlite3.Connection) -> None:
    written = Written(database, units)
    words = {term: [unit for unit, *texts in units if term in " ".join(texts).split()] for term in ("rot", "unheard")}
    assert written.frequencies(words, "de") == {term: len(found) for term, found in words.items()}
    for term, found in words.items():
        np.testing.assert_array_equal(written.holding(term, "de"), np.array(found, np.int64))
    assert set(written.terms("de")) == {word for _, *texts in units for word in " ".join(texts).split()}
    assert written.worded("de") == len(units)


def test_documents_are_found_by_their_words_and_their_headings(store: StoreWriter) -> None:
    put(store, document("a", "Der Turm ist rot."), section=("Kräne",))
    put(store, document("b", "Der rote Turm."), section=("Leipzig",))
    put(store, document("c", "Der Kran ist rot."))
    assert store.documents_holding("turm", "de") == {"id-a", "id-b"}
    assert store.documents_holding("leipzig", "de") == {"id-b"}
    assert store.documents_holding("unheard", "de") == store.documents_holding("turm", "en") == set()


def test_what_was_read_is_read_again_after_a_change(store: StoreWriter) -> None:
    put(store, document("a", "Der Turm ist rot."))
    assert list(store.search_words(["rot"], "de", 5)) == unit_ids(store, "a")
    put(store, document("b", "Der Kran ist rot."))
    assert set(store.search_words(["rot"], "de", 5)) == set(unit_ids(store, "a", "b"))
