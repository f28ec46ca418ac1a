"""Names in a text: what must not be said without a quote that says it too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.text.words import fold

_WORD = re.compile(r"[^\W_](?:[\w&.’'-]*[^\W_])?")
_SENTENCE_START = re.compile(r"(?:^|[.!?:]\s+|\n\s*(?:[-*]\s+)?)$")


def named_bodies(text: str) -> Iterator[str]:
    """People, bodies, products and places a text names.

    German writes every noun with a capital, so one capital alone names nothing: a name is a word with an inner capital
    or digit ("CAR-T", "BioRN", "TUD") or two or more capitalised words in a row ("Ulrike Köhl", "Fraunhofer Institut").
    """
    run: list[re.Match[str]] = []
    for word in [*_WORD.finditer(text), None]:
        if word and word.group()[0].isupper() and (not run or text[run[-1].end() : word.start()] == " "):
            run.append(word)
            continue
        yield from _names(text, run)
        run = [word] if word and word.group()[0].isupper() else []
        if word and not run and _is_marked(word.group()):
            yield word.group()


def supports_name(text: str, name: str) -> bool:
    """Whether every word of a name stands in a text, whatever its ending."""
    folded = fold(text)
    return all(fold(word)[: max(4, len(word) - 2)] in folded for word in _WORD.findall(name) if len(word) > 1)


def _names(text: str, run: list[re.Match[str]]) -> Iterator[str]:
    if run and _SENTENCE_START.search(text[: run[0].start()]) and not _is_marked(run[0].group()):
        run = run[1:]  # a sentence's first word is a capital anyway
    if len(run) > 1 or (run and _is_marked(run[0].group())):
        yield " ".join(word.group() for word in run)


def _is_marked(word: str) -> bool:
    return len(word) > 1 and any(c.isupper() for c in word[1:])
