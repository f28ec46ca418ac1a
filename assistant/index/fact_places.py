"""Where facts of a kind about a body are stated: the units that a question for such a fact is most likely answered by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from assistant.index.store import Store
from assistant.text.bodies import body_key, is_marked
from assistant.text.factual import TOKEN, sought_kinds
from assistant.types import Language

_MOST_WORDS = 6  # of a name
_SHORTEST = 3  # letters
_MOST_UNITS = 40
_CACHED = 1_000


class FactPlaces:
    """The units of one index version by kind of fact and by body; safe to share between threads."""

    def __init__(self, store: Store) -> None:
        self._names: dict[str, set[str]] = {}  # a name as it is compared → the subjects it may mean
        self._units: dict[tuple[str, str], set[int]] = {}  # kind, subject → units
        long_forms = store.long_forms()
        for kind, subject, unit in store.fact_places():
            if (kind, subject) not in self._units:
                for name in _forms(subject, long_forms):
                    self._names.setdefault(name, set()).add(subject)
            self._units.setdefault((kind, subject), set()).add(unit)
        self.subjects = frozenset(subject for _, subject in self._units)
        self.of = lru_cache(_CACHED)(self._of)

    def _of(self, question: str, language: Language) -> frozenset[int]:
        """The units with facts of the kinds a question asks for, about the bodies it names; none where there are too many."""
        kinds = sought_kinds(question, language)
        subjects = {subject for name in _runs(question) for subject in self._names.get(name, ())} if kinds else set()
        units = {unit for kind in kinds for subject in subjects for unit in self._units.get((kind, subject), ())}
        return frozenset(units) if len(units) <= _MOST_UNITS else frozenset()


def _forms(subject: str, long_forms: Mapping[str, str]) -> set[str]:
    """How a question may name a subject: in full, by the beginning of a long name, by a short or a long form."""
    key = body_key(subject)
    forms = {"".join(key[:count]) for count in range(2, len(key) + 1)} | {"".join(key)}
    if key and is_marked(subject.split()[0]):
        forms.add(key[0])
    for short, long in long_forms.items():
        if body_key(short) == key or body_key(long) == key:
            forms |= {"".join(body_key(short)), "".join(body_key(long))}
    return {form for form in forms if len(form) >= _SHORTEST}


def _runs(question: str) -> Iterator[str]:
    """All runs of words that may be a name, as names are compared, and without the s of a genitive."""
    words = [match[0] for match in TOKEN.finditer(question)]
    for start in range(len(words)):
        for end in range(start + 1, min(start + _MOST_WORDS, len(words)) + 1):
            run = " ".join(words[start:end])
            yield "".join(body_key(run))
            yield "".join(body_key(run.removesuffix("s").removesuffix("'").removesuffix("’")))
