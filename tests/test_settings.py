from pathlib import Path

import pytest

from assistant.errors import ConfigurationError
from assistant.settings import Settings, load_settings


def test_nothing_needs_to_be_set() -> None:
    settings = load_settings()
    assert settings.data.parts[-2:] == ("clusterlotse", "index")
    assert settings.keys.parts[-2:] == ("clusterlotse", "keys.json")
    assert settings.model_dump(exclude={"data", "keys"}) == {
        "model": None,
        "model_base_url": None,
        "model_timeout": 15.0,
        "model_deadline": 30.0,
        "model_retries": 2,
        "model_max_tokens": 4_096,
        "model_context": 16_384,
        "model_faults": 5,
        "model_pause": 60.0,
        "model_daily_tokens": None,
        "model_daily_cost": None,
        "model_price_input": 0.0,
        "model_price_output": 0.0,
        "entailment_model": None,
        "embedding_model": None,
        "chroma_url": None,
        "documents": None,
        "fetch": False,
        "require_keys": False,
        "hosts": (),
        "origins": (),
        "proxies": (),
        "rate": 600,
        "workers": 0,
        "queue": 32,
        "deadline": 60.0,
        "cache": 1_000,
        "drain": 0.0,
        "log": "quiet",
        "log_questions": False,
        "traces": None,
        "originals": None,
    }


@pytest.mark.parametrize(
    ("name", "value", "field", "expected"),
    [
        ("LOTSE_DATA", "somewhere", "data", Path("somewhere")),
        ("LOTSE_DATA", "~/index", "data", Path("~/index").expanduser()),
        ("lotse_data", "lower", "data", Path("lower")),
        ("LOTSE_MODEL", "openai:gpt-4o", "model", "openai:gpt-4o"),
        ("LOTSE_MODEL", "", "model", None),
        ("LOTSE_MODEL_TIMEOUT", "2.5", "model_timeout", 2.5),
        ("LOTSE_MODEL_DAILY_TOKENS", "100000", "model_daily_tokens", 100_000),
        ("LOTSE_MODEL_PRICE_OUTPUT", "0.6", "model_price_output", 0.6),
        ("LOTSE_MODEL_BASE_URL", "http://127.0.0.1:8000/v1", "model_base_url", "http://127.0.0.1:8000/v1"),
        ("LOTSE_CHROMA_URL", "https://chroma.example", "chroma_url", "https://chroma.example"),
        ("LOTSE_EMBEDDING_MODEL", "some/model", "embedding_model", "some/model"),
        ("LOTSE_FETCH", "true", "fetch", True),
        ("LOTSE_KEYS", "~/keys.json", "keys", Path("~/keys.json").expanduser()),
        ("LOTSE_HOSTS", "Portal.example, other.example,", "hosts", ("portal.example", "other.example")),
        ("LOTSE_ORIGINS", "https://portal.example:8443", "origins", ("https://portal.example:8443",)),
        ("LOTSE_PROXIES", "10.0.0.1", "proxies", ("10.0.0.1",)),
        ("LOTSE_RATE", "0", "rate", 0),
        ("LOTSE_LOG", "json", "log", "json"),
    ],
)
@pytest.mark.parametrize("place", ["environment", ".env"])
def test_each_setting(
    name: str, value: str, field: str, expected: object, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if place == ".env":
        Path(".env").write_text(f"OPENAI_API_KEY=untouched\n{name}={value}\n", encoding="utf-8")
    else:
        monkeypatch.setenv(name, value)
    assert getattr(load_settings(), field) == expected


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("LOTSE_MODEL=file:model\n", encoding="utf-8")
    monkeypatch.setenv("LOTSE_MODEL", "environment:model")
    assert load_settings().model == "environment:model"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("LOTSE_DATTA", "x", "Unknown setting LOTSE_DATTA. Did you mean LOTSE_DATA?"),
        ("LOTSE_TIMEOUT", "3", "Did you mean LOTSE_MODEL_TIMEOUT?"),
        ("LOTSE_", "", "Unknown setting LOTSE_."),
        ("lotse_modell", "x", "Unknown setting lotse_modell. Did you mean LOTSE_MODEL?"),
        ("LOTSE_MODEL_TIMEOUT", "soon", "Setting LOTSE_MODEL_TIMEOUT is unusable"),
        ("LOTSE_MODEL_TIMEOUT", "0", "greater than 0"),
        ("LOTSE_MODEL_TIMEOUT", "inf", "finite"),
        ("LOTSE_MODEL_RETRIES", "-1", "LOTSE_MODEL_RETRIES is unusable"),
        (
            "LOTSE_MODEL_MAX_TOKENS",
            "16384",
            "LOTSE_MODEL_MAX_TOKENS leaves no room for a prompt in LOTSE_MODEL_CONTEXT.",
        ),
        (
            "LOTSE_MODEL_DAILY_COST",
            "5",
            "LOTSE_MODEL_DAILY_COST needs LOTSE_MODEL_PRICE_INPUT and LOTSE_MODEL_PRICE_OUTPUT.",
        ),
        ("LOTSE_MODEL_DAILY_TOKENS", "4096", "LOTSE_MODEL_DAILY_TOKENS is less than a single reply may have"),
        ("LOTSE_CHROMA_URL", "chroma:8000", "LOTSE_CHROMA_URL is unusable: it is no address like http://host:port"),
        ("LOTSE_CHROMA_URL", "http://:8000", "LOTSE_CHROMA_URL is unusable"),
        ("LOTSE_CHROMA_URL", "http://host:99999", "LOTSE_CHROMA_URL is unusable"),
        ("LOTSE_MODEL_BASE_URL", "localhost", "LOTSE_MODEL_BASE_URL is unusable"),
        ("LOTSE_ORIGINS", "portal.example", "LOTSE_ORIGINS is unusable: it is no address like http://host:port"),
        ("LOTSE_ORIGINS", "https://portal.example/x", "an origin is only https://host"),
        ("LOTSE_LOG", "loud", "LOTSE_LOG is unusable"),
        ("LOTSE_QUEUE", "-1", "LOTSE_QUEUE is unusable"),
        ("LOTSE_DATA", "~nobody-of-that-name/index", "LOTSE_DATA is unusable"),
    ],
)
@pytest.mark.parametrize("place", ["environment", ".env"])
def test_unusable_settings_are_named(
    name: str, value: str, message: str, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if place == ".env":
        Path(".env").write_text(f"{name}={value}\n", encoding="utf-8")
    else:
        monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError) as caught:
        load_settings()
    assert message in str(caught.value)
    assert caught.value.fix


def test_an_unreadable_file_is_named() -> None:
    Path(".env").write_bytes(b"LOTSE_MODEL=\xff\xfe\n")
    with pytest.raises(ConfigurationError, match=r"The file \.env cannot be read"):
        load_settings()


def test_every_setting_is_described() -> None:
    assert all(field.description for field in Settings.model_fields.values())
