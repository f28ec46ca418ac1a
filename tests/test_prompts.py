"""Prompts: variables that agree, one pass of filling in."""

import pytest

from assistant.errors import ConfigurationError
from assistant.prompts import load_prompt, parse_prompt
from assistant.resources import resource_dir

NAMES = sorted(path.stem for path in resource_dir("prompts").glob("*.md"))


def test_a_prompt_is_filled_in_once() -> None:
    prompt = parse_prompt("p", "---\nvariables: [a, b]\n---\n{{a}} and {{b}}, again {{a}}\n")
    assert prompt.render(a="{{b}}", b=r"\1 {x}") == r"{{b}} and \1 {x}, again {{b}}"


def test_windows_line_ends_are_read() -> None:
    assert parse_prompt("p", "---\r\nvariables: [a]\r\n---\r\nSay {{a}}.\r\n").render(a="x") == "Say x."


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("Say {{a}}.", "no front matter"),
        ("---\nvariables: [a\n---\n{{a}}", "front matter of the prompt p is unusable"),
        ("---\nnames: [a]\n---\n{{a}}", "front matter of the prompt p is unusable"),
        ("---\nvariables: [a]\ntone: kind\n---\n{{a}}", "front matter of the prompt p is unusable"),
        ("---\nvariables: [a, b]\n---\n{{a}}", "declared but not used: b"),
        ("---\nvariables: [a]\n---\n{{a}} {{c}} {{b}}", "used but not declared: b, c"),
    ],
)
def test_a_prompt_that_contradicts_itself_is_refused(text: str, error: str) -> None:
    with pytest.raises(ConfigurationError, match=error):
        parse_prompt("p", text)


@pytest.mark.parametrize(
    ("values", "error"),
    [({}, "not given: a"), ({"a": "x", "b": "y"}, "given but unknown: b"), ({"b": "y"}, "not given: a")],
)
def test_values_and_variables_must_agree(values: dict[str, str], error: str) -> None:
    prompt = parse_prompt("p", "---\nvariables: [a]\n---\n{{a}}")
    with pytest.raises(ConfigurationError, match=error):
        prompt.render(**values)


def test_an_unknown_prompt_is_named() -> None:
    with pytest.raises(ConfigurationError, match=r"no prompt nowhere\.md"):
        load_prompt("nowhere")


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_prompt_renders(name: str) -> None:
    prompt = load_prompt(name)
    rendered = prompt.render(**{variable: f"<{variable} is here>" for variable in prompt.variables})
    assert all(f"<{variable} is here>" in rendered for variable in prompt.variables)
    assert "{{" not in rendered


def test_the_prompts_are_shipped() -> None:
    assert NAMES == ["answer", "conversation", "judge", "rewrite", "sources"]
