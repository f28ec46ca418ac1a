"""What the README says is so: settings, commands, front matter."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import pytest

from assistant.settings import PREFIX, Settings
from ingest.read.markdown import FrontMatter, read_markdown

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", README, re.DOTALL)
COMMANDS = {"lotse": "assistant", "lotse-ingest": "ingest", "lotse-eval": "evals"}


def calls() -> list[list[str]]:
    """The words of each command in the README's blocks, without the settings before it and remarks behind it."""
    lines = [
        line.removeprefix("$ ") for kind, block in BLOCKS if kind in ("sh", "console") for line in block.splitlines()
    ]
    found = [shlex.split(line, comments=True) for line in lines if line.strip()]
    return [words[next(i for i, word in enumerate(words) if not re.match(r"[A-Z_]+=", word)) :] for words in found]


def settings_before_calls() -> set[str]:
    return set(re.findall(rf"\b({PREFIX}[A-Z_]+)=", README))


@lru_cache
def help_of(*command: str) -> str:
    """The help text, wide enough that no option is cut."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"}
    done = subprocess.run(
        [sys.executable, "-m", *command, "--help"], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_the_table_holds_every_setting_in_its_own_words() -> None:
    rows = re.findall(rf"(?m)^\| `({PREFIX}\w+)` \| (.+) \|$", README)
    assert rows == [(PREFIX + name.upper(), field.description) for name, field in Settings.model_fields.items()]


def test_settings_in_examples_exist() -> None:
    assert settings_before_calls() <= {PREFIX + name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("words", calls(), ids=" ".join)
def test_a_command_exists(words: list[str]) -> None:
    program = Path(words[0]).name
    if program == "make":
        targets = re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"))
        assert words[1] in targets
    elif program != "curl":  # those are run by test_http_docs
        module = COMMANDS[program]
        subcommand = words[1 : 3 if words[1:2] == ["keys"] else 2] if program == "lotse" else []
        for depth, name in enumerate(subcommand):
            assert re.search(rf"\W{name}\s", help_of(module, *subcommand[:depth]))
        text = help_of(module, *subcommand)
        for option in (word for word in words[1:] if word.startswith("--")):
            assert re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", text), option
        assert words[0] == f".venv/bin/{program}", "as it is installed by make"


def test_the_front_matter_is_accepted() -> None:
    (example,) = [block for kind, block in BLOCKS if kind == "yaml"]
    reading = read_markdown(f"{example}# Heading\n\nText.\n")
    assert set(re.findall(r"(?m)^(\w+):", example)) == set(FrontMatter.model_fields)
    for name in FrontMatter.model_fields:
        assert getattr(reading.stated, name), name


def test_files_and_folders_it_names_are_there() -> None:
    for name in re.findall(r"`((?:corpus|prompts|assistant|ingest|evals|tests)/[\w/.]*|[A-Z]+\.md)`", README):
        assert (ROOT / name).exists(), name


def test_no_gap_is_left_to_be_filled() -> None:
    assert not re.findall(r"(?<![`\w])(?:[A-Z]{2,}_)+[A-Z]{2,}(?![\w`=])", README)
