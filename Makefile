# `make serve` and `make test` work on a fresh clone; `make help` lists everything.
# The virtual environment is made once and again only when pyproject.toml or constraints.txt change. The install is
# editable, so changes to the source count at once.

PYTHON ?= python3
PORT ?= 7860
ARGS ?=
ORIGINALS ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet -c constraints.txt
APP := .venv/app-installed
TESTS := .venv/tests-installed

.DEFAULT_GOAL := help
.PHONY: help serve index openapi test soak fuzz contract redteam journeys browser tesseract eval mutate bench bench-scale clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' Makefile

serve: index ## install, index the shipped corpus, serve chat and API on PORT (7860)
	@echo "Loading the models."
	@exec $(BIN)/python -m assistant serve --port $(PORT)

# The folder is that of all commands: LOTSE_DATA or the default. It is left alone unless the corpus, or the code that
# reads it, is newer than the index there. A wrong setting gives no folder, and lotse-ingest says what is wrong with it.
index: $(APP) ## bring the index of the shipped corpus up to date
	@data="$$($(BIN)/python -c 'from assistant.settings import load_settings; print(load_settings().data)' 2>/dev/null)"; \
	current="$$data/CURRENT"; \
	if [ ! -f "$$current" ] || [ -n "$$(find corpus ingest assistant/index -name __pycache__ -prune -o -newer "$$current" -print)" ]; then \
		echo "Indexing corpus/ $${data:+into $$data }(some minutes the first time)."; \
		$(BIN)/python -m ingest && touch "$$current"; \
	fi

test: $(TESTS) browser tesseract ## everything .ci/run runs: formatting, lint, types, tests (ARGS= goes to pytest)
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest $(ARGS)

soak: $(TESTS) ## kill 300 imports, damage 200 indexes, read all hostile files; some of each are in make test (half an hour)
	@SOAK=1 $(BIN)/python -m pytest tests/ingest/test_kills.py tests/ingest/test_damage.py tests/ingest/test_hostile.py $(ARGS)

redteam: index $(TESTS) ## a lying, an obedient and an honest model against the gate, by kind of error (some minutes; a part is in make test)
	@$(BIN)/python -m tests.redteam $(ARGS)

fuzz: $(TESTS) ## send every route more than 5,000 made-up requests and every string field 200 strings that programs trip over (four minutes)
	@FUZZ=1 $(BIN)/python -m pytest -s tests/web/test_fuzz.py tests/web/test_naughty.py $(ARGS)

contract: index $(TESTS) ## ask more than a hundred questions on every surface: all answers and citations must be the same (some minutes)
	@CONTRACT="$$($(BIN)/python -c 'from assistant.settings import load_settings; print(load_settings().data)')" \
	$(BIN)/python -m pytest -s tests/test_contract.py $(ARGS)

openapi: $(APP) ## renew docs/openapi.json, the description of the HTTP interface
	@mkdir -p docs && $(BIN)/python -m assistant openapi > docs/openapi.json

journeys: $(TESTS) browser ## walk all journeys through the chat in every language, width and colour; pictures in tests/artefacts (ten minutes)
	@JOURNEYS=1 $(BIN)/python -m pytest tests/web/test_journeys.py $(ARGS)

# the browser tests drive Debian's Chromium, which pip does not bring
browser:
	@command -v chromium >/dev/null || \
	{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && echo "Installing Chromium for the browser tests." && \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends chromium >/dev/null; } || \
	echo "Chromium is missing: install it (on Debian: sudo apt-get install chromium) to run the browser tests."

# the tests of scanned documents run Debian's Tesseract with its German model; English comes with it
tesseract:
	@tesseract --list-langs 2>/dev/null | grep -qx deu || \
	{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && echo "Installing Tesseract for the tests of scanned documents." && \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends tesseract-ocr tesseract-ocr-deu >/dev/null; } || \
	echo "Tesseract is missing: install it (on Debian: sudo apt-get install tesseract-ocr tesseract-ocr-deu) to run its tests."

# The cases on the documents that are not shipped are asked where ORIGINALS= names their folder.
eval: index $(TESTS) ## ask all evaluation cases, in two orders of import, and a plain pipeline beside (ARGS= goes to lotse-eval)
	@$(BIN)/python -m evals $(ARGS)
	@$(BIN)/python -m evals order
	@$(BIN)/python benchmarks/plain_langchain.py --vectors build/plain
	@if [ -n "$(ORIGINALS)" ]; then \
		$(BIN)/python -m ingest $(ORIGINALS) --data build/originals && $(BIN)/python -m evals --data build/originals; fi

mutate: index ## break the assistant in known ways: the gates have to notice each (some minutes; a sample is in make test)
	@$(BIN)/python -m evals mutate $(ARGS)

bench: index $(TESTS) ## measure answering, importing and embedding as ratios (an hour; CONTRIBUTING.md names shorter ways)
	@$(BIN)/python benchmarks/answer_time.py
	@$(BIN)/python benchmarks/gate_time.py
	@$(BIN)/python benchmarks/generation.py
	@$(BIN)/python benchmarks/load.py
	@$(BIN)/python benchmarks/page.py
	@$(BIN)/python benchmarks/embedding_speed.py
	@$(BIN)/python benchmarks/import_time.py
	@$(BIN)/python benchmarks/import_memory.py

# The large index is made once, in build/, and again only when that folder is removed.
bench-scale: index $(TESTS) ## answer and search in 100,000 passages beside the shipped corpus, as ratios (half an hour and 9 GB the first time)
	@$(BIN)/python benchmarks/scale.py $(ARGS)

clean: ## remove what the other targets made here; the index stays
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(APP): pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing the pinned packages into .venv (some minutes and about 2.5 GB the first time)."
	@$(PIP) -e .
	@touch $@

$(TESTS): pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing the pinned packages into .venv (some minutes and about 2.5 GB the first time)."
	@$(PIP) -e '.[test,model-server]'
	@touch $@ $(APP)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	{ echo "Python 3.11 or newer is needed and $(PYTHON) is not one. Name another: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -m venv .venv
