"""One place for all settings: environment variables with the prefix LOTSE_, or a .env file."""

from __future__ import annotations

import difflib
import os
from pathlib import Path

from dotenv import dotenv_values
from platformdirs import user_data_path
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import ConfigurationError

PREFIX = "LOTSE_"


class Settings(BaseSettings):
    """All settings, each with its default; the README's table is compared with these fields by a test."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore", env_ignore_empty=True)

    data: Path = Field(
        default_factory=lambda: user_data_path("clusterlotse") / "index",
        description="folder of the index",
    )
    model: str | None = Field(
        default=None,
        description="chat model as LangChain's `provider:model`; unset: answers are quoted, no model is called",
    )
    model_base_url: str | None = Field(default=None, description="address of an OpenAI-compatible endpoint")
    model_timeout: float = Field(default=30.0, gt=0, description="seconds a chat model may take for one answer")
    embedding_model: str | None = Field(
        default=None,
        description="any sentence-transformers name or path; unset: the packaged multilingual model",
    )
    chroma_url: str | None = Field(default=None, description="address of a running Chroma; unset: embedded Chroma")


def load_settings() -> Settings:
    """Read the settings.

    Raises:
        ConfigurationError: a name with the prefix is unknown, or a value is unusable.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    given = [*os.environ, *(dotenv_values(".env") if Path(".env").is_file() else {})]
    for name in given:
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            nearest = difflib.get_close_matches(name.upper(), known, n=1, cutoff=0)[0]
            raise ConfigurationError(f"Unknown setting {name}.", f"Did you mean {nearest}? Correct or remove it.")
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + str(first["loc"][0]).upper()
        raise ConfigurationError(f"Setting {name} is unusable: {first['msg']}.", "Correct its value.") from None
