"""Data in a prompt: fenced, so that nothing inside can pass for the prompt."""

from __future__ import annotations

import secrets


def new_fence() -> str:
    """The end of every tag of one prompt: no document can know it."""
    return secrets.token_hex(8)


def escape(words: str) -> str:
    """Text in which no tag can begin or end; it also keeps the marks that some servers read as turns of a conversation."""
    return words.replace("<", "&lt;").replace(">", "&gt;")
