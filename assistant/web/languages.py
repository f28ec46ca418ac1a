"""Which of our languages a browser asks for."""

from __future__ import annotations

from assistant.types import Language

_LANGUAGES: dict[str, Language] = {"de": "de", "en": "en"}


def preferred_language(accept_language: str | None) -> Language:
    """The first of our languages in an Accept-Language header; German without a header, English when neither is in it."""
    if not accept_language:
        return "de"
    ranked: list[tuple[float, str]] = []
    for item in accept_language.split(","):
        tag, _, quality = item.partition(";q=")
        try:
            ranked.append((-float(quality or 1), tag.strip().lower()))
        except ValueError:
            continue
    wanted = (_LANGUAGES.get(tag.partition("-")[0]) for rank, tag in sorted(ranked, key=lambda pair: pair[0]) if rank)
    return next((language for language in wanted if language), "en")
