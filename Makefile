# make demo    make .venv with the demo extra and run the demonstration
# make test    make .venv with the test extra and run every check
# make bench   make .venv with the bench extra and run the benchmarks
# make clean   remove .venv and what the tools leave behind
#
# Another interpreter: make test PYTHON=python3.13

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: demo test bench clean

demo: $(VENV)/.with-demo
	$(BIN)/python -m funcad demo

test: $(VENV)/.with-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict funcad tests/typing
	$(BIN)/python -m pytest

bench: $(VENV)/.with-bench
	$(BIN)/python -m benchmarks

# a stamp per extra: installed once, and again when pyproject.toml changes
$(VENV)/.with-%: pyproject.toml | $(VENV)/.made
	$(PIP) install --editable '.[$*]'
	@touch $@

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit("funcad needs Python 3.11 or newer: make PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	@touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info demo-output .mypy_cache .ruff_cache .pytest_cache .hypothesis
