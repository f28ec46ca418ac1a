"""The chat model of the settings: what can be set up, and one clear line for what cannot."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_openai import ChatOpenAI

from assistant.errors import ConfigurationError
from assistant.models import load_chat_model, load_model_client
from assistant.settings import Settings

LOCAL = "http://127.0.0.1:9/v1"
KEYS = {
    "openai": "OPENAI_API_KEY",
    "anthropic": "ANTHROPIC_API_KEY",
    "google_genai": "GOOGLE_API_KEY",
    "mistralai": "MISTRAL_API_KEY",
}
EXTRAS = {
    "langchain_openai": ("openai", "openai"),
    "langchain_anthropic": ("anthropic", "anthropic"),
    "langchain_google_genai": ("google_genai", "google"),
    "langchain_mistralai": ("mistralai", "mistral"),
    "langchain_ollama": ("ollama", "ollama"),
}


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*KEYS.values(), "OPENAI_ADMIN_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE", "GEMINI_API_KEY"):
        monkeypatch.delenv(name, raising=False)


def load(model: str, base_url: str | None = None, **settings: Any) -> ChatOpenAI:
    loaded = load_chat_model(Settings(model=model, model_base_url=base_url, **settings))
    assert isinstance(loaded, ChatOpenAI)
    return loaded


def test_an_endpoint_of_ones_own_needs_no_key() -> None:
    model = load("openai:local/model:1b", LOCAL, model_timeout=7.5, model_max_tokens=123)
    assert (model.model_name, model.openai_api_base) == ("local/model:1b", LOCAL)
    assert (model.request_timeout, model.max_retries, model.temperature, model.max_tokens) == (8, 0, 0, 123)


def test_a_key_is_used_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret-1")
    for model in (load("openai:m", LOCAL), load("openai:m")):
        assert model.client._client.api_key == "secret-1"


@pytest.mark.parametrize("name", ["o3-mini", "gpt-5", "gpt-5-mini"])
def test_reasoning_models_get_no_temperature(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret-1")
    assert load(f"openai:{name}").temperature != 0


LIMITS = {
    "openai": ("max_tokens", "max_retries", 0),
    "anthropic": ("max_tokens", "max_retries", 0),
    "google_genai": ("max_output_tokens", "max_retries", 1),  # the requests, not the repetitions
    "mistralai": ("max_tokens", "max_retries", 0),
}


@pytest.mark.filterwarnings("default")  # what the providers' packages warn of is theirs
@pytest.mark.parametrize("provider", LIMITS)
def test_every_provider_takes_the_limits_and_leaves_retries_to_us(
    provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEYS[provider], "secret-1")
    model = load_chat_model(Settings(model=f"{provider}:m-1", model_max_tokens=123))
    tokens, retries, once = LIMITS[provider]
    assert (getattr(model, tokens), getattr(model, retries), getattr(model, "temperature", 0)) == (123, once, 0)
    assert type(model)._astream is not BaseChatModel._astream, "streams without a thread of its own"


def test_ollama_is_told_the_window_too() -> None:
    model: Any = load_chat_model(
        Settings(model="ollama:m", model_base_url="http://127.0.0.1:9", model_context=4_096, model_max_tokens=123)
    )
    assert (model.num_ctx, model.num_predict, model.base_url) == (4_096, 123, "http://127.0.0.1:9")
    assert model._async_client._client.timeout.read == 15


@pytest.mark.parametrize("package", EXTRAS)
def test_a_missing_extra_is_named_with_its_command(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from langchain.chat_models import base

    provider, extra = EXTRAS[package]
    base._get_chat_model_creator.cache_clear()
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ConfigurationError) as raised:
        load_chat_model(Settings(model=f"{provider}:m", model_base_url=LOCAL))
    assert str(raised.value) == (
        f"The chat model {provider}:m needs a package that is not installed. Run `pip install 'clusterlotse[{extra}]'`."
    )


@pytest.mark.parametrize(
    ("model", "base_url", "error"),
    [
        (None, None, r"model \(none\) is not named as `provider:model`\. Correct LOTSE_MODEL"),
        ("gpt-4o", LOCAL, r"model gpt-4o is not named as `provider:model`\. Correct LOTSE_MODEL"),
        ("openai:", LOCAL, r"model openai: is not named"),
        ("nobody:m", LOCAL, r"nobody:m cannot be set up: Unable to infer model provider"),
        ("groq:m", None, r"groq:m needs a package.* Run `pip install langchain-groq`\.$"),
        (
            "openai:m",
            None,
            r"openai:m cannot be set up: Missing credentials.*OPENAI_API_KEY.*set its provider's key\.$",
        ),
    ],
)
def test_what_cannot_be_set_up_is_said_in_one_line(model: str | None, base_url: str | None, error: str) -> None:
    with pytest.raises(ConfigurationError, match=error) as raised:
        load_chat_model(Settings(model=model, model_base_url=base_url))
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 400


def test_the_limits_are_those_of_the_settings() -> None:
    client = load_model_client(
        Settings(model="openai:m", model_base_url=LOCAL, model_deadline=9, model_retries=7, model_context=5_000)
    )
    assert client.name == "openai:m"
    assert (client.limits.deadline, client.limits.retries, client.limits.room) == (9, 7, 5_000 - 4_096)
