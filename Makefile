# The single door. `make help` lists what it opens.
# Python 3.11 or newer, make and git are enough; `make setup PYTHON=/path/to/python3` names another interpreter.

.DEFAULT_GOAL := help
.PHONY: help setup run test long check format proof bench clean reset
export PYTHON
# A target starts many processes; told not to keep bytecode, each would compile everything again: 2.5 seconds more.
unexport PYTHONDONTWRITEBYTECODE

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

setup: .venv/ready ## install everything into .venv, at the pinned versions

.venv/ready: $(wildcard requirements/*.txt) pyproject.toml scripts/setup
	@scripts/setup

run: .venv/ready ## serve the demonstration on http://127.0.0.1:8000 (PORT=8001 for another port)
	@.venv/bin/python -m maillage.cli.serve --stop-with-parent $(if $(PORT),--port $(PORT))

test: .venv/ready ## pass every test but those of the long tier (ARGS="tests/core -k calendar" for some)
	@scripts/test "not long" $(ARGS)

long: .venv/ready ## pass the long tier: what repeats at length what a test of `make test` proves
	@MAILLAGE_DRAWS=100 scripts/test "long or hypothesis" $(ARGS)

check: .venv/ready ## lint, types, layers, templates, sizes
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/djlint --check --quiet maillage
	.venv/bin/djlint --lint --quiet maillage
	.venv/bin/python -m pytest -q tests/architecture/test_sizes.py

format: .venv/ready ## put code and templates in their shape
	.venv/bin/ruff check --fix-only .
	.venv/bin/ruff format .
	.venv/bin/djlint --reformat --quiet maillage || true

proof: .venv/ready ## the promises at full size, fifteen minutes a line at most (ONLY=S1 for one)
	@.venv/bin/python -m tests.proof $(ONLY)

bench: .venv/ready ## measure (ONLY=name for one line)
	@.venv/bin/python -m benchmarks $(ONLY)

clean: ## remove what make installed and every cache; the demonstration's data stay
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis maillage.egg-info
	find . -name __pycache__ -prune -exec rm -rf {} +

reset: .venv/ready ## forget the demonstration's data and the test databases
	@.venv/bin/python -m maillage.cli.reset
