"""Where facts of a kind about a body are stated: the units that a question for such a fact is most likely answered by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from assistant.index.store import Store
from assistant.text.bodies import KnownForms, body_key, is_marked
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
        self._of_kind: dict[str, set[int]] = {}
        long_forms = store.long_forms()
        for kind, subject, unit in store.fact_places():
            if (kind, subject) not in self._units:
                for name in _forms(subject, long_forms):
                    self._names.setdefault(name, set()).add(subject)
            self._units.setdefault((kind, subject), set()).add(unit)
            self._of_kind.setdefault(kind, set()).add(unit)
        self.subjects = frozenset(subject for _, subject in self._units)
        self.of = lru_cache(_CACHED)(self._of)

    def of_kind(self, question: str, language: Language, units: Iterable[int]) -> frozenset[int]:
        """Those of the units that state a fact of the kinds a question asks for, whatever it is about."""
        stated = [self._of_kind.get(kind, set()) for kind in sought_kinds(question, language)]
        return frozenset(unit for unit in units if any(unit in one for one in stated))

    def _of(self, question: str, language: Language) -> frozenset[int]:
        """The units with facts of the kinds a question asks for, about the bodies it names; none where there are too many."""
        kinds = sought_kinds(question, language)
        subjects = {subject for name in _runs(question) for subject in self._names.get(name, ())} if kinds else set()
        units = {unit for kind in kinds for subject in subjects for unit in self._units.get((kind, subject), ())}
        return frozenset(units) if len(units) <= _MOST_UNITS else frozenset()


def _forms(subject: str, long_forms: KnownForms) -> set[str]:
    """How a question may name a subject: in full, by the beginning of a long name, by a short or a long form."""
    key = body_key(subject)
    forms = {"".join(key[:count]) for count in range(2, len(key) + 1)} | {"".join(key)}
    if key and is_marked(subject.split()[0]):
        forms.add(key[0])
    forms |= {"".join(other) for others in (long_forms.longer, long_forms.shorter) for other in others.get(key, ())}
    return {form for form in forms if len(form) >= _SHORTEST}


def _runs(question: str) -> Iterator[str]:
    """All runs of words that may be a name, as names are compared, and without the s of a genitive."""
    words = [match[0] for match in TOKEN.finditer(question)]
    for start in range(len(words)):
        for end in range(start + 1, min(start + _MOST_WORDS, len(words)) + 1):
            run = " ".join(words[start:end])
            yield "".join(body_key(run))
            yield "".join(body_key(run.removesuffix("s").removesuffix("'").removesuffix("’")))
