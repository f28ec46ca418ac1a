"""Sentences that state a contradiction, as the dossiers' editors mark them, and the values they set side by side."""

from __future__ import annotations

import re

from assistant.text.numbers import figures
from assistant.types import Language

_NOTE = re.compile(r"(?:Widerspruch|Contradiction)\s*:\s*")
_PLACE = re.compile(
    r"(?:Abschnitte?n?|Kapiteln?|Tabellen?|Abbildung(?:en)?|Sections?|Chapters?|Tables?|Figures?|Seiten?|pages?)\s+$", re.IGNORECASE
)
_TURN = re.compile(
    r"[,;]?\s+(?:dagegen|während|wohingegen|aber|hingegen|jedoch|sondern|whereas|while|but|however|by contrast)\b[,:]?\s*",
    re.IGNORECASE,
)


def stated_disagreement(sentence: str, language: Language) -> tuple[str, tuple[str, ...]] | None:
    """What a note of contradiction is about and the values it names, as they are written; None for any other sentence."""
    note = _NOTE.match(sentence)
    if not note:
        return None
    statement = sentence[note.end() :].strip()
    values: dict[str, str] = {}
    for figure in figures(statement, language):
        if not _PLACE.search(statement[: figure.start]):
            values.setdefault(figure.value, statement[figure.start : figure.end].strip())
    if len(values) == 2:
        return statement, tuple(values.values())
    sides = [side.strip(" ,;.") for side in _TURN.split(statement) if side.strip(" ,;.")]
    return statement, tuple(sides if len(sides) > 1 else [statement])
