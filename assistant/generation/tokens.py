"""How many tokens a text has, at most about: without the model's own tokenizer, which would have to be downloaded."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from langchain_core.messages import BaseMessage

_BYTES = 3  # of UTF-8 a token of a word has at least; German with a small vocabulary about as many, most models more
_WORD = re.compile(r"[^\W\d_]+")
_SINGLE = re.compile(
    r" ?[\d_]| ?[^\w\s]|\n"
)  # many vocabularies hold digits one by one, some the space before them too
_FRAME = 16  # tokens around a message


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens sent to a model and written by it."""

    sent: int = 0
    written: int = 0


def count_tokens(text: str) -> int:
    """An upper estimate."""
    words = sum(math.ceil(len(word.encode("utf-8", "replace")) / _BYTES) for word in _WORD.findall(text))
    return words + sum(map(len, _SINGLE.findall(text)))


def count_prompt(messages: Sequence[BaseMessage]) -> int:
    """An upper estimate for a whole prompt."""
    return sum(count_tokens(message.text) + _FRAME for message in messages)
