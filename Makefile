PYTHON ?= python3
PORT ?= 8080
BIN := .venv/bin
# Without the plugins that only lie beside the tools (Locust's, Faker's, that of schemathesis): loading
# and rewriting them costs each worker seven seconds. Rewritten tests are kept, whatever the
# environment says, so that nothing is compiled again in the processes that tests start.
# Worlds come and go in megabytes: glibc is told to keep what they leave, for the next one.
KEEP := MALLOC_TRIM_THRESHOLD_=536870912 MALLOC_MMAP_THRESHOLD_=33554432
PYTEST := PYTHONDONTWRITEBYTECODE= $(KEEP) $(BIN)/pytest --disable-plugin-autoload -p xdist \
	-p hypothesispytest -n auto --dist loadgroup

.PHONY: serve test check fuzz stores bench world fidelity load load-full load-compare clean

serve: .venv/ready
	$(BIN)/cwmock serve --port $(PORT)

# Every test, after everything that needs no run.
test: static
	$(PYTEST) -m "not deep"

# Quick: what a commit should survive.
check: static
	$(PYTEST) -m "not slow and not deep"

.PHONY: static
static: .venv/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Sweeps of every operation with every hostile input, and long random runs: minutes.
fuzz: .venv/ready
	$(PYTEST) -m deep

# The contract tests with the world in a file, and in PostgreSQL where one answers.
stores: .venv/ready
	CWMOCK_TEST_STORE=sqlite $(PYTEST) -m "not deep" contract_tests
	CWMOCK_TEST_STORE=postgresql $(PYTEST) -m "not deep" contract_tests

bench: .venv/ready
	$(BIN)/python -m mockserver.bench

# One load scenario with Locust against an emulator of its own: under a minute.
load: .venv/ready
	$(BIN)/python -m loadtests.run S1

# All of them, negative controls included: about eleven minutes.
load-full: .venv/ready
	$(BIN)/python -m loadtests.run all

# Every strategy on the same scenario, in virtual time; writes loadtests/comparison.md.
load-compare: .venv/ready
	$(BIN)/python -m loadtests.compare

# Builds the shipped default world anew; a test tells when that is needed.
world: .venv/ready
	$(BIN)/python -m mockserver.worlds fixtures/default

# Writes the page of how each operation is known; a test tells when that is needed.
fidelity: .venv/ready
	$(BIN)/python -m mockserver.checks.fidelity

.venv/ready: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	touch $@

clean:
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache
