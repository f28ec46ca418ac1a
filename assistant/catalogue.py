"""The sentences users read, one catalogue per language, kept out of the code."""

from __future__ import annotations

import tomllib
from functools import lru_cache

from assistant.resources import PACKAGE
from assistant.types import Language


@lru_cache(maxsize=2)
def catalogue(language: Language) -> dict[str, str]:
    """All texts of a language by key."""
    return tomllib.loads((PACKAGE / "catalogue" / f"{language}.toml").read_text(encoding="utf-8"))


def text(language: Language, key: str, **values: str) -> str:
    """One text with its values filled in.

    Raises:
        KeyError: the key or one of its values is missing.
    """
    return catalogue(language)[key].format(**values)
