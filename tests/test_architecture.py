"""The rules of the house, read off the imports: who may know whom, and where each outside library lives."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("assistant", "ingest", "evals")
MOST_LINES = 300

INGEST_MAY_IMPORT = {"types", "errors", "settings", "resources", "models", "text", "index", "console"}
STAGES = ("rewrite", "retrieve", "extractive", "generative", "verify")
HOMES = {
    "chromadb": {"assistant/index/vectors.py"},
    "gradio": {"assistant/web/chat/page.py"},
    "langchain.chat_models": {"assistant/models.py"},
    "sentence_transformers": {"assistant/models.py", "assistant/packaged_model.py"},
    "markdown_it": {"assistant/web/rendering.py"},
    "tenacity": {"assistant/generation/request.py"},
    "mcp": {"assistant/web/mcp_server.py"},
    "opentelemetry": {"assistant/web/observe/tracing.py"},
    "prometheus_client": {"assistant/web/observe/metrics.py"},
    "cachetools": {"assistant/web/guard/rate.py", "assistant/web/load/cache.py"},
    "filelock": {"assistant/feedback.py", "assistant/generation/budget.py", "assistant/keys.py", "ingest/build.py"},
    "pypdfium2": {"assistant/page_picture.py", "ingest/read/pdfium.py", "ingest/read/pieces.py"},
    "jinja2": {"assistant/web/templating.py"},
    "matplotlib": {"assistant/web/charts.py"},
    "PIL": {"assistant/page_picture.py"},
    "torch": {"assistant/packaged_model.py"},
    "docx": {"ingest/read/docx.py"},
    "lxml": {"ingest/read/docx.py", "ingest/read/docx_styles.py", "ingest/read/pptx.py"},
    "openpyxl": {"ingest/read/xlsx.py"},
    "pptx": {"ingest/read/pptx.py"},
    "selectolax": {"ingest/read/html.py", "ingest/read/html_about.py", "ingest/read/html_nodes.py"},
    "httpcore": {"ingest/fetch.py"},
    "lingua": {"assistant/text/language.py"},
    "Stemmer": {"assistant/text/words.py"},
    "sqlite3": {"assistant/index/store.py", "assistant/index/writer.py"},
}


def imports(source: str) -> Iterator[str]:
    """Dotted names of all imports, those inside functions and type checks too; `from a import b` gives `a.b`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute here, so that they can be read without knowing the file"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(f"{prefix}.")


IMPORTS = {
    path.relative_to(ROOT).as_posix(): tuple(imports(path.read_text(encoding="utf-8")))
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import a", ["a"]),
        ("import a.b as c, d", ["a.b", "d"]),
        ("from a.b import c as d, e", ["a.b.c", "a.b.e"]),
        ("def f():\n    from a import b", ["a.b"]),
        ("if TYPE_CHECKING:\n    import a", ["a"]),
        ("try:\n    import a\nexcept ImportError:\n    pass", ["a"]),
        ("text = 'import a'", []),
    ],
)
def test_every_form_of_import_is_seen(source: str, expected: list[str]) -> None:
    assert list(imports(source)) == expected


def test_the_packages_are_read() -> None:
    assert {"assistant/pipeline.py", "ingest/build.py", "evals/__init__.py"} <= IMPORTS.keys()


def test_assistant_knows_neither_ingest_nor_evals() -> None:
    assert not {
        (path, name)
        for path, names in IMPORTS.items()
        for name in names
        if path.startswith("assistant/") and (within(name, "ingest") or within(name, "evals"))
    }


def test_ingest_knows_only_the_lower_rooms_of_assistant() -> None:
    assert not {
        (path, name)
        for path, names in IMPORTS.items()
        for name in names
        if path.startswith("ingest/")
        and (within(name, "evals") or (within(name, "assistant") and _room(name) not in INGEST_MAY_IMPORT))
    }


def _room(name: str) -> str:
    """`text` of `assistant.text.words`; empty for `assistant` itself."""
    return [*name.split("."), ""][1]


@pytest.mark.parametrize("stage", STAGES)
def test_stages_do_not_know_each_other(stage: str) -> None:
    others = [f"assistant.{other}" for other in STAGES if other != stage]
    assert not [name for name in IMPORTS[f"assistant/{stage}.py"] if any(within(name, other) for other in others)]


def test_types_import_nothing_of_ours() -> None:
    assert not [name for name in IMPORTS["assistant/types.py"] if any(within(name, package) for package in PACKAGES)]


@pytest.mark.parametrize(("library", "homes"), HOMES.items())
def test_a_library_lives_in_its_home_file(library: str, homes: set[str]) -> None:
    assert {path for path, names in IMPORTS.items() if any(within(name, library) for name in names)} == homes


@pytest.mark.parametrize("path", IMPORTS)
def test_modules_stay_small(path: str) -> None:
    assert len((ROOT / path).read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def test_importing_the_light_modules_loads_nothing_heavy() -> None:
    program = (
        "import sys, assistant, assistant.settings, assistant.types\n"
        "heavy = ('torch', 'chromadb', 'gradio', 'langchain', 'langchain_core', 'sentence_transformers')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.stdout, run.stderr) == ("[]\n", "")
