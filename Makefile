# make demo              run the demonstration
# make examples          run the worked systems in full, with pictures in examples/out/
# make tutorial-pictures the same pictures, those of docs/tutorial.md, by short runs
# make test              run every check: ruff, mypy --strict, and the tests in both builds
# make test-pure         run the tests on the sources
# make test-compiled     compile the kernel, and run the tests on that and the oldest supported NumPy, SciPy, attrs and optree
# make wheels            make a wheel of each kind in dist/
# make bench             run the benchmarks on the compiled build; on the sources: make bench PURE=1
# make bench-examples    time a gradient of each example beside autograd, on the compiled build; or PURE=1
# make clean             remove what the above and the tools leave behind
#
# The sources run in .venv, where funcad is installed editable and as pure Python. The compiled build is a wheel in
# .venv-compiled for benchmarks, and for tests in .venv-oldest beside the oldest versions of what funcad needs: both
# versions and both builds are tested by two runs. What runs on it starts in build/outside: from here, `import funcad`
# would find the sources.
# Another interpreter: make test PYTHON=python3.13

PYTHON ?= python3
BIN := .venv/bin
COMPILED_BIN := .venv-compiled/bin
PIP := -m pip --disable-pip-version-check --quiet
RACE := --json $(CURDIR)/benchmarks/results/run.json --chart $(CURDIR)/benchmarks/results/run.png
OLDEST := numpy==2.4.0 attrs==23.2.0 optree==0.13.0 scipy==1.17.0
COMMANDS := products functions science taylor checkpoints
EXAMPLES := $(filter-out examples/shared.py examples/optimizers.py,$(wildcard examples/*.py))
SOURCES := setup.py pyproject.toml README.md LICENSE $(shell find funcad -name '*.py')

.PHONY: demo examples tutorial-pictures test lint test-pure test-compiled wheels bench bench-examples outside clean

demo: .venv/.with-demo
	$(BIN)/python -m funcad demo

examples: .venv/.with-examples
	set -e; for file in $(EXAMPLES); do $(BIN)/python $$file; done

tutorial-pictures: .venv/.with-examples
	set -e; for file in $(EXAMPLES); do $(BIN)/python $$file --quick; done

test: lint test-pure
	@obstacle=$$($(BIN)/python -c 'import setup; print(setup.obstacle() or "")') && \
	if [ -z "$$obstacle" ]; then $(MAKE) --no-print-directory test-compiled; \
	else echo "skipped the tests of the compiled build: $$obstacle"; fi

lint: .venv/.with-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict funcad tests/typing

test-pure: .venv/.with-test
	FUNCAD_EXPECT=pure $(BIN)/python -m pytest

test-compiled: .venv-oldest/.with-test outside
	cd build/outside && FUNCAD_EXPECT=compiled ../../.venv-oldest/bin/python -m pytest tests --pyargs funcad

wheels: build/wheel/.made
	rm -rf dist
	mkdir dist
	cp build/wheel/*.whl dist
	FUNCAD_PURE=1 $(COMPILED_BIN)/python $(PIP) wheel --no-deps --wheel-dir dist .
	@ls dist/funcad-*-cp*.whl dist/funcad-*-py3-none-any.whl

ifdef PURE
bench: .venv/.with-bench
	$(BIN)/python -m benchmarks $(RACE)
	set -e; for command in $(COMMANDS); do $(BIN)/python -m benchmarks.$$command; done

bench-examples: .venv/.with-bench .venv/.with-examples
	$(BIN)/python -m benchmarks.examples
else
bench: .venv-compiled/.with-bench outside
	cd build/outside && ../../$(COMPILED_BIN)/python -m benchmarks $(RACE)
	set -e; cd build/outside; for command in $(COMMANDS); do ../../$(COMPILED_BIN)/python -m benchmarks.$$command; done

bench-examples: .venv-compiled/.with-bench .venv-compiled/.with-examples outside
	cd build/outside && ../../$(COMPILED_BIN)/python -m benchmarks.examples
endif

outside:
	rm -rf build/outside
	mkdir -p build/outside
	cp -R benchmarks docs examples tests README.md pyproject.toml setup.py build/outside

# a stamp per extra: installed once, and again when what it was made of changes
.venv/.with-%: pyproject.toml setup.py | .venv/.made
	FUNCAD_PURE=1 $(BIN)/python $(PIP) install --editable '.[$*]'
	@touch $@

.venv-compiled/.with-%: build/wheel/.made
	$(COMPILED_BIN)/python $(PIP) install --force-reinstall --no-deps build/wheel/*.whl
	$(COMPILED_BIN)/python $(PIP) install "$$(echo build/wheel/*.whl)[$*]"
	@touch $@

# the oldest versions that pyproject.toml allows, where there are wheels of them
.venv-oldest/.with-test: build/wheel/.made pyproject.toml | .venv-oldest/.made
	.venv-oldest/bin/python $(PIP) install --force-reinstall --no-deps build/wheel/*.whl
	wheel=$$(echo build/wheel/*.whl); .venv-oldest/bin/python $(PIP) install "$$wheel[test]" $(OLDEST) || \
	{ echo "no $(OLDEST) for this Python: the newest are tested"; .venv-oldest/bin/python $(PIP) install "$$wheel[test]"; }
	@touch $@

build/wheel/.made: $(SOURCES) | .venv-compiled/.made
	rm -rf build/wheel
	FUNCAD_COMPILED=1 $(COMPILED_BIN)/python $(PIP) wheel --no-deps --wheel-dir build/wheel .
	@touch $@

.venv/.made .venv-compiled/.made .venv-oldest/.made:
	@$(PYTHON) -c 'import sys; sys.exit("funcad needs Python 3.11 or newer: make PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(@D)
	@touch $@

clean:
	rm -rf .venv .venv-compiled .venv-oldest build dist *.egg-info demo-output .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find funcad -name '*.so' -delete
