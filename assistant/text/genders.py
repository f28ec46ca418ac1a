"""The German article of a noun, by its ending; no more than a follow-up needs to read well."""

from __future__ import annotations

import re

_MASCULINE = re.compile(
    r"(?:er|sitz|name|satz|stand|rat|ort|zweck|punkt|fokus|anteil|etat|halt|chef|plan|weg|grund|wert|trag|raum|start|preis)$"
)
_FEMININE = re.compile(r"(?:ung|heit|keit|schaft|ion|tät|ie|e|in)$")


def article_for(noun: str) -> str:
    """In the nominative singular; "das" where no ending tells."""
    plain = noun.split()[-1].casefold()
    return (
        "die"
        if _FEMININE.search(plain) and not _MASCULINE.search(plain)
        else "der"
        if _MASCULINE.search(plain)
        else "das"
    )
