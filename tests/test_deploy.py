"""The example files name settings, options and files that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from dotenv import dotenv_values

from assistant.settings import PREFIX, Settings, load_settings

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
FILES = sorted(path.name for path in DEPLOY.iterdir())


@pytest.mark.parametrize("name", FILES)
def test_settings_exist(name: str) -> None:
    named = set(re.findall(rf"\b{PREFIX}[A-Z_]+", (DEPLOY / name).read_text(encoding="utf-8")))
    assert named <= {PREFIX + field.upper() for field in Settings.model_fields}


def test_the_settings_of_the_service_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for setting, value in dotenv_values(DEPLOY / "clusterlotse.env").items():
        monkeypatch.setenv(setting, value or "")
    settings = load_settings()
    assert settings.require_keys
    assert settings.proxies == ("127.0.0.1",)
    unit = (DEPLOY / "clusterlotse.service").read_text(encoding="utf-8")
    stop = int(re.findall(r"TimeoutStopSec=(\d+)", unit)[0])
    assert stop >= settings.drain + settings.deadline + 5
    assert "EnvironmentFile=/etc/clusterlotse.env" in unit


def test_the_composition() -> None:
    composition = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    services = composition["services"]
    assert services.keys() == {"chroma", "ingest", "server-1", "server-2"}
    assert composition["networks"]["back"]["internal"]
    assert services["chroma"]["networks"] == ["back"]
    assert "ports" not in services["chroma"]
    for service in services.values():
        assert (ROOT / service["build"]["dockerfile"]).is_file()
        environment = {name: str(value) for name, value in service.get("environment", {}).items()}
        assert all(isinstance(value, str) for value in service.get("environment", {}).values()), environment
    for copied in re.findall(r"(?m)^COPY (.+) \S+$", (DEPLOY / "Containerfile").read_text(encoding="utf-8")):
        assert all((ROOT / name).exists() for name in copied.split()), copied


def test_the_proxy_sets_what_is_believed() -> None:
    proxy = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in proxy
    assert "proxy_set_header Host $host;" in proxy
    assert proxy.count("{") == proxy.count("}")
