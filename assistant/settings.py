"""One place for all settings: environment variables with the prefix LOTSE_, or a .env file."""

from __future__ import annotations

import difflib
import os
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from dotenv import dotenv_values
from platformdirs import user_data_path
from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

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


Address = Annotated[str, AfterValidator(_address)]


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
    model_timeout: float = Field(
        default=30.0, gt=0, allow_inf_nan=False, description="seconds a chat model may take for one answer"
    )
    embedding_model: str | None = Field(
        default=None,
        description="any sentence-transformers name or path; unset: the packaged multilingual model",
    )
    chroma_url: Address | None = Field(default=None, description="address of a running Chroma; unset: embedded Chroma")
    fetch: bool = Field(default=False, description="`true`: `lotse-ingest` also takes addresses on the web")


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
        name, reason = PREFIX + str(first["loc"][0]).upper(), first["msg"].removeprefix("Value error, ")
        raise ConfigurationError(f"Setting {name} is unusable: {reason}.", "Correct its value.") from None
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
