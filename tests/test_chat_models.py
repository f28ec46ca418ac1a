"""The chat model of the settings: what can be set up, and one clear line for what cannot."""

from __future__ import annotations

import pytest
from langchain_openai import ChatOpenAI

from assistant.errors import ConfigurationError
from assistant.models import load_chat_model
from assistant.settings import Settings

LOCAL = "http://127.0.0.1:9/v1"


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE"):
        monkeypatch.delenv(name, raising=False)


def load(model: str, base_url: str | None = None, timeout: float = 7.5) -> ChatOpenAI:
    loaded = load_chat_model(Settings(model=model, model_base_url=base_url, model_timeout=timeout))
    assert isinstance(loaded, ChatOpenAI)
    return loaded


def test_an_endpoint_of_ones_own_needs_no_key() -> None:
    model = load("openai:local/model:1b", LOCAL)
    assert (model.model_name, model.openai_api_base) == ("local/model:1b", LOCAL)
    assert (model.request_timeout, model.max_retries, model.temperature) == (7.5, 1, 0)
    assert model.max_tokens


def test_a_key_is_used_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret-1")
    for model in (load("openai:m", LOCAL), load("openai:m")):
        assert model.client._client.api_key == "secret-1"


def test_reasoning_models_get_no_temperature(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret-1")
    assert load("openai:o3-mini").temperature is None


@pytest.mark.parametrize(
    ("model", "base_url", "error"),
    [
        (None, None, r"model \(none\) is not named as `provider:model`\. Correct LOTSE_MODEL"),
        ("gpt-4o", LOCAL, r"model gpt-4o is not named as `provider:model`\. Correct LOTSE_MODEL"),
        ("openai:", LOCAL, r"model openai: is not named"),
        ("nobody:m", LOCAL, r"nobody:m cannot be set up: Unable to infer model provider"),
        ("anthropic:m", None, r"anthropic:m needs a package.* Run `pip install langchain-anthropic`\.$"),
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
