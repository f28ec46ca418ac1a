"""Load and render a prompt: a Markdown file whose front matter names its variables."""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.errors import ConfigurationError
from assistant.resources import resource_dir

_FILE = re.compile(r"\A---\n(?P<front>.*?)\n---\n(?P<body>.*)\Z", re.DOTALL)
_VARIABLE = re.compile(r"\{\{(\w+)\}\}")


class _FrontMatter(BaseModel):
    model_config = ConfigDict(extra="forbid")

    variables: frozenset[str]


@dataclass(frozen=True, slots=True)
class Prompt:
    """A checked prompt: `body` holds every name of `variables` as `{{name}}`, and no other."""

    name: str
    variables: frozenset[str]
    body: str

    def render(self, **values: str) -> str:
        """The prompt with its variables filled in; braces inside a value stay as they are.

        Raises:
            ConfigurationError: a variable is missing, or a value has no variable.
        """
        _check(self.name, "not given", self.variables - values.keys())
        _check(self.name, "given but unknown", values.keys() - self.variables)
        return _VARIABLE.sub(lambda match: values[match[1]], self.body)


def load_prompt(name: str) -> Prompt:
    """The prompt `name`, from `prompts/<name>.md`.

    Raises:
        ConfigurationError: there is no such prompt, or its front matter is broken or differs from its body.
    """
    path = resource_dir("prompts") / f"{name}.md"
    if not path.is_file():
        raise ConfigurationError(f"There is no prompt {path.name}.", f"Add it to {path.parent}.")
    return parse_prompt(name, path.read_text(encoding="utf-8"))


def parse_prompt(name: str, text: str) -> Prompt:
    """Read and check a prompt's text; errors as for `load_prompt`."""
    file = _FILE.match(text.replace("\r\n", "\n"))
    if not file:
        raise ConfigurationError(
            f"The prompt {name} has no front matter.", "Begin it with `---` and `variables: [...]`."
        )
    try:
        declared = _FrontMatter.model_validate(yaml.safe_load(file["front"])).variables
    except (yaml.YAMLError, ValidationError):
        raise ConfigurationError(
            f"The front matter of the prompt {name} is unusable.", "It holds one line, `variables: [...]`."
        ) from None
    used = frozenset(_VARIABLE.findall(file["body"]))
    _check(name, "declared but not used", declared - used)
    _check(name, "used but not declared", used - declared)
    return Prompt(name, declared, file["body"].strip())


def _check(prompt: str, what: str, variables: frozenset[str] | set[str]) -> None:
    if variables:
        raise ConfigurationError(
            f"The prompt {prompt} has variables that are {what}: {', '.join(sorted(variables))}.",
            "Make its front matter, its body and its caller agree.",
        )
