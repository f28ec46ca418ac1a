from pathlib import Path

import pytest

from assistant import resources
from assistant.resources import resource_dir

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("name", ["prompts", "corpus"])
def test_a_checkout_has_them_beside_the_package(name: str) -> None:
    assert resource_dir(name) == ROOT / name


def test_a_wheel_has_them_in_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "assistant"
    inside = package / "_resources" / "corpus"
    inside.mkdir(parents=True)
    (tmp_path / "corpus").mkdir()
    monkeypatch.setattr(resources, "PACKAGE", package)
    assert resource_dir("corpus") == inside


def test_a_broken_installation_says_so() -> None:
    with pytest.raises(FileNotFoundError, match="Reinstall"):
        resource_dir("nothing-of-ours")
