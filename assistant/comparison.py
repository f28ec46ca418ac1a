"""Clusters beside each other: for each of them and each kind of figure what the documents state, with its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.index.facts import Fact
from assistant.index.store import Store
from assistant.text.bodies import KnownBodies, body_key
from assistant.types import Language

COLUMNS = (  # kind and attribute of the facts that fill them, in the order they are shown
    ("founded", ""),
    ("seat", ""),
    ("staff", ""),
    ("members", "total"),
    ("members", "sme"),
    ("members", "large"),
    ("members", "research"),
)
_FEWEST = 2  # columns that must be filled, or it is no cluster that can be compared


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as it is written, what it is sorted by, and the fact that states it."""

    written: str
    value: str
    fact: Fact


@dataclass(frozen=True, slots=True)
class Row:
    """One cluster; a cell of several values is one about which the newest documents differ."""

    name: str
    cells: tuple[tuple[Cell, ...], ...]

    def number(self, column: tuple[str, str]) -> Cell | None:
        """The one value of a column; None where there is none or more than one."""
        cells = self.cells[COLUMNS.index(column)]
        return cells[0] if len(cells) == 1 else None


def compare(store: Store, language: Language) -> list[Row]:
    """The clusters whose members or whose management's staff are counted somewhere, by name.

    Args:
        store: whose facts are taken.
        language: which documents are quoted first.
    """
    by_column = {column: _facts(store, column, language) for column in COLUMNS}
    counted = [fact.entry.subject for column in (("members", "total"), ("staff", "")) for fact in by_column[column]]
    by_body = {column: _by_body(facts) for column, facts in by_column.items()}
    rows = []
    for names in _groups(counted, store):
        keys = {_joined(name) for name in names}
        cells = tuple(_cells(_of_bodies(keys, facts), language) for facts in by_body.values())
        if sum(bool(cell) for cell in cells) >= _FEWEST:
            rows.append(Row(names[0], cells))
    return sorted(rows, key=lambda row: row.name.casefold())


def _groups(names: Sequence[str], store: Store) -> list[list[str]]:
    """The names that mean the same body, the shortest ones first."""
    known = KnownBodies(names, store.long_forms())
    groups: list[list[str]] = []
    group_of: dict[str, int] = {}
    for name in dict.fromkeys(sorted(filter(None, names), key=len)):
        place = min((group_of[other] for other in known.same(name) if other in group_of), default=len(groups))
        if place == len(groups):
            groups.append([])
        groups[place].append(name)
        group_of[name] = place
    return groups


def _by_body(facts: Sequence[Fact]) -> dict[str, list[tuple[int, Fact]]]:
    """Facts by whom they are about, each with its place."""
    found: dict[str, list[tuple[int, Fact]]] = {}
    for place, fact in enumerate(facts):
        found.setdefault(_joined(fact.entry.subject), []).append((place, fact))
    return found


def _of_bodies(keys: set[str], facts: Mapping[str, Sequence[tuple[int, Fact]]]) -> list[Fact]:
    found = [one for key in keys for one in facts.get(key, ())]
    return [fact for _, fact in sorted(found, key=lambda one: one[0])]


def _joined(name: str) -> str:
    """What a body's exact name is known by: "LSN ACADEMY" begins like "LSN" and is another body."""
    return "".join(body_key(name))


def _facts(store: Store, column: tuple[str, str], language: Language) -> list[Fact]:
    """In the language of the reader first; those of the other one only where nothing else is known of a body."""
    facts = [fact for fact in store.facts(kind=column[0]) if fact.entry.attribute == column[1]]
    return sorted(facts, key=lambda fact: fact.entry.language != language)


def _cells(facts: Sequence[Fact], language: Language) -> tuple[Cell, ...]:
    """Each different value of the newest documents once, with the sentence that says it best."""
    spoken = [fact for fact in facts if fact.entry.language == language] or list(facts)
    newest = max((fact.entry.period or "" for fact in spoken), default="")
    newer = [fact for fact in spoken if (fact.entry.period or "")[:4] == newest[:4]]
    best: dict[str, Cell] = {}
    for fact in sorted(newer, key=lambda fact: (not fact.quote.rstrip().endswith("."), len(fact.quote))):
        finer = next((v for v in best if v.startswith(fact.entry.value) or fact.entry.value.startswith(v)), None)
        if fact.entry.measure == "date" and finer is not None:  # 2023-09 and 2023-09-12 are no disagreement
            continue
        best.setdefault(fact.entry.value, Cell(fact.entry.written, fact.entry.value, fact))
    return tuple(best.values())
