"""Example questions that the documents answer."""

from __future__ import annotations

from functools import lru_cache

from assistant.catalogue import text
from assistant.index.store import Store
from assistant.open_index import OpenVersion
from assistant.resources import resource_dir
from assistant.text.bodies import body_key
from assistant.types import Language

EXAMPLES = 4
_KINDS = ("members", "founded", "seat", "staff")  # of the facts that are asked for, each about another body


def chosen_examples(language: Language) -> list[str]:
    """Those that were chosen for the shipped corpus."""
    return [text(language, f"chat_example_{number}") for number in range(1, EXAMPLES + 1)]


@lru_cache(maxsize=4)  # a version that is kept here stays open until another one has taken its place
def examples(version: OpenVersion, language: Language) -> list[str]:
    """The chosen ones where the shipped corpus is in; else questions about what the documents state, as far as they do."""
    if any((resource_dir("corpus") / name).is_file() for name in version.store.files()):
        return chosen_examples(language)
    return _about(version.store, language)


def _about(store: Store, language: Language) -> list[str]:
    asked: dict[str, str] = {}
    by_kind = {kind: store.facts(kind=kind, language=language) for kind in _KINDS}
    counted = {body_key(fact.entry.subject) for kind in ("members", "staff") for fact in by_kind[kind]}
    for kind, facts in by_kind.items():
        for fact in facts:
            subject = fact.entry.subject
            sure = (
                subject and body_key(subject) in counted
            )  # what has members or staff is a body, and no founder's name
            if sure and subject not in asked and fact.entry.attribute in ("", "total"):
                asked[subject] = text(language, f"example_{kind}", subject=subject)
                break
    return list(asked.values())
