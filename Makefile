# `make serve` and `make test` work on a fresh clone; `make help` lists everything.
# The virtual environment is made once and again only when pyproject.toml or constraints.txt change. The install is
# editable, so changes to the source count at once.

PYTHON ?= python3
PORT ?= 7860
ARGS ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet -c constraints.txt
APP := .venv/app-installed
TESTS := .venv/tests-installed

# A folder of its own: the default folder may hold an index of your own documents, and this one follows corpus/.
LOTSE_DATA ?= $(CURDIR)/.lotse
serve eval bench index: export LOTSE_DATA := $(LOTSE_DATA)

.DEFAULT_GOAL := help
.PHONY: help serve index test browser eval bench clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

serve: index ## install, index the shipped corpus, serve chat and API on PORT (7860)
	@echo "Loading the models. The same index on the command line: $(BIN)/lotse ask --data '$(LOTSE_DATA)' QUESTION"
	@exec $(BIN)/python -m assistant serve --port $(PORT)

# ingest only where the corpus, or what reads it, is newer than the index
index: $(APP) ## bring the index of the shipped corpus up to date
	@current="$$LOTSE_DATA/CURRENT"; \
	if [ ! -f "$$current" ] || [ -n "$$(find corpus ingest assistant/index -name __pycache__ -prune -o -newer "$$current" -print)" ]; then \
		echo "Indexing corpus/ into $$LOTSE_DATA (some minutes the first time)."; \
		$(BIN)/python -m ingest && touch "$$current"; \
	fi

test: $(TESTS) browser ## everything .ci/run runs: formatting, lint, types, tests (ARGS= goes to pytest)
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest $(ARGS)

# the browser tests drive Debian's Chromium, which pip does not bring
browser:
	@command -v chromium >/dev/null || \
	{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && echo "Installing Chromium for the browser tests." && \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends chromium >/dev/null; } || \
	echo "Chromium is missing: install it (on Debian: sudo apt-get install chromium) to run the browser tests."

eval: index ## run the evaluation cases (ARGS= goes to lotse-eval)
	@$(BIN)/python -m evals $(ARGS)

bench: index ## measure answering and ingesting against embedding alone (ARGS="--sample 20" for a fast version)
	@$(BIN)/python benchmarks/answer_time.py $(ARGS)

clean: ## remove what the other targets made, the index included
	rm -rf .venv .lotse build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(APP): pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing the pinned packages into .venv (some minutes and about 2.5 GB the first time)."
	@$(PIP) -e .
	@touch $@

$(TESTS): pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing the pinned packages into .venv (some minutes and about 2.5 GB the first time)."
	@$(PIP) -e '.[test]'
	@touch $@ $(APP)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	{ echo "Python 3.11 or newer is needed and $(PYTHON) is not one. Name another: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -m venv .venv
