"""One place for all settings: environment variables with the prefix LOTSE_, or a .env file."""

from __future__ import annotations

import difflib
import os
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from platformdirs import user_config_path, user_data_path
from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from assistant.errors import ConfigurationError

PREFIX = "LOTSE_"
ENV_FILE = ".env"


def _expanded(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise ValueError(str(error)) from None


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
        raise ValueError("it is no address like http://host:port")
    return url


def _origin(url: str) -> str:
    if urlsplit(_address(url)).path:
        raise ValueError("an origin is only https://host or https://host:port")
    return url


def _separated(value: object) -> object:
    return [part.strip().lower() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


Address = Annotated[str, AfterValidator(_address)]
Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Amount = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Price = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Origin = Annotated[str, AfterValidator(_origin)]
Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_separated)]
Origins = Annotated[tuple[Origin, ...], NoDecode, BeforeValidator(_separated)]


class Settings(BaseSettings):
    """All settings, each with its default; the README's table is compared with these fields by a test."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=ENV_FILE, extra="ignore", env_ignore_empty=True)

    data: Annotated[Path, AfterValidator(_expanded)] = Field(
        default_factory=lambda: user_data_path("clusterlotse") / "index",
        description="folder of the index",
    )
    model: str | None = Field(
        default=None,
        description="chat model as LangChain's `provider:model`; unset: answers are quoted, no model is called",
    )
    model_base_url: Address | None = Field(default=None, description="address of an OpenAI-compatible endpoint")
    model_timeout: Seconds = Field(
        default=15.0, description="seconds of silence after which a request to the chat model is given up"
    )
    model_deadline: Seconds = Field(
        default=30.0, description="seconds the chat model may take for one answer, retries included; then it is quoted"
    )
    model_retries: int = Field(
        default=2, ge=0, le=10, description="how often a request is sent again that failed before its first word"
    )
    model_max_tokens: int = Field(
        default=4_096, ge=16, description="longest reply of the chat model in tokens, its thoughts included"
    )
    model_context: int = Field(
        default=16_384, ge=512, description="tokens that prompt and reply of the chat model have together"
    )
    model_faults: int = Field(
        default=5, ge=1, description="failed answers in a row after which the chat model is left alone for a while"
    )
    model_pause: Seconds = Field(default=60.0, description="seconds of that while; then one question tries it again")
    model_daily_tokens: int | None = Field(
        default=None, gt=0, description="tokens a day for the chat model; once they are spent answers are quoted"
    )
    model_daily_cost: Amount | None = Field(
        default=None, description="the same as an amount of money, in the currency of the prices"
    )
    model_price_input: Price = Field(default=0.0, description="price of a million tokens sent to the chat model")
    model_price_output: Price = Field(default=0.0, description="price of a million tokens written by it")
    embedding_model: str | None = Field(
        default=None,
        description="any sentence-transformers name or path; unset: the packaged multilingual model",
    )
    entailment_model: str | None = Field(
        default=None,
        description="sentence-transformers cross-encoder, name or path, that checks what a chat model wrote; unset: none",
    )
    chroma_url: Address | None = Field(default=None, description="address of a running Chroma; unset: embedded Chroma")
    documents: Annotated[Path | None, AfterValidator(lambda path: path and _expanded(path))] = Field(
        default=None,
        description="folder whose documents are added, withdrawn and restored in the browser, by a key for `ingest` from elsewhere",
    )
    fetch: bool = Field(default=False, description="`true`: `lotse-ingest` also takes addresses on the web")
    originals: Annotated[Path, AfterValidator(_expanded)] | None = Field(
        default=None, description="folder of the files that were indexed, which are then given out; unset: they are not"
    )
    keys: Annotated[Path, AfterValidator(_expanded)] = Field(
        default_factory=lambda: user_config_path("clusterlotse") / "keys.json",
        description="file of the keys that `lotse keys` makes",
    )
    require_keys: bool = Field(
        default=False, description="`true`: a key is asked for on loopback too, as it is on every other address"
    )
    hosts: Names = Field(
        default=(), description="names, separated by commas, by which this server is called, besides its address"
    )
    origins: Origins = Field(
        default=(),
        description="other servers, as `https://name` and separated by commas, whose pages may call this one",
    )
    proxies: Names = Field(
        default=(), description="addresses of proxies in front, separated by commas, whose X-Forwarded-For is believed"
    )
    rate: int = Field(
        default=600, ge=0, description="requests a minute that one key and one address may make; 0: any number"
    )
    workers: int = Field(default=0, ge=0, le=64, description="processes that answer; 0: the server answers itself")
    queue: int = Field(default=32, ge=0, le=1_000, description="questions that may wait; the next one is refused")
    deadline: float = Field(
        default=60.0, gt=0, allow_inf_nan=False, description="seconds after which a request is given up"
    )
    cache: int = Field(default=1_000, ge=0, description="answers kept for when they are asked for again; 0: none")
    drain: float = Field(
        default=0.0,
        ge=0,
        allow_inf_nan=False,
        description="seconds between `/readyz` saying no and the end, for proxies to notice",
    )
    log: Literal["quiet", "text", "json"] = Field(
        default="quiet", description="`text` or `json`: a line for each request; `quiet`: only what is wrong"
    )
    log_questions: bool = Field(default=False, description="`true`: questions are in the log too")
    traces: Address | None = Field(
        default=None,
        description="address of an OpenTelemetry collector (gRPC), with the extra `otel`; unset: no traces",
    )

    @model_validator(mode="after")
    def _limits_fit(self) -> Settings:
        if self.model_max_tokens >= self.model_context:
            raise ValueError("LOTSE_MODEL_MAX_TOKENS leaves no room for a prompt in LOTSE_MODEL_CONTEXT")
        if self.model_daily_tokens is not None and self.model_daily_tokens <= self.model_max_tokens:
            raise ValueError("LOTSE_MODEL_DAILY_TOKENS is less than a single reply may have by LOTSE_MODEL_MAX_TOKENS")
        if self.model_daily_cost and not (self.model_price_input or self.model_price_output):
            raise ValueError("LOTSE_MODEL_DAILY_COST needs LOTSE_MODEL_PRICE_INPUT and LOTSE_MODEL_PRICE_OUTPUT")
        return self


def load_settings() -> Settings:
    """Read the settings.

    Raises:
        ConfigurationError: a name with the prefix is unknown, a value is unusable, or .env cannot be read.
    """
    try:
        from_file = dotenv_values(ENV_FILE) if Path(ENV_FILE).is_file() else {}
        _check_names([*os.environ, *from_file])
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        names, reason = (
            [PREFIX + str(place).upper() for place in first["loc"]],
            first["msg"].removeprefix("Value error, "),
        )
        if not names:  # settings that do not fit each other
            raise ConfigurationError(f"{reason}.", "Correct these settings.") from None
        raise ConfigurationError(f"Setting {names[0]} is unusable: {reason}.", "Correct its value.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"The file {ENV_FILE} cannot be read ({error}).", "Save it as UTF-8 or remove it."
        ) from None


def _check_names(names: list[str]) -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    for name in names:
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            nearest = difflib.get_close_matches(name.upper(), known, n=1, cutoff=0)[0]
            raise ConfigurationError(f"Unknown setting {name}.", f"Did you mean {nearest}? Correct or remove it.")
