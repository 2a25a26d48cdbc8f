# `make demo` shows what astrovet finds, `make test` runs the whole suite. Both set up all they need in
# .venv; PYTHON=python3.13 chooses another Python. Programs are started as modules of the environment's
# Python, never by their scripts: a script's first line cannot hold a path with spaces.

PYTHON ?= python3
VENV := .venv
RUN := "$(VENV)/bin/python"
DEMO := fixtures/projects/claims-platform

.DEFAULT_GOAL := help
.PHONY: help demo test quick lint expected docs grammar bench growth judge fuzz mutants clean

help:
	@echo "make demo      scan a realistic estate and show what is wrong with it"
	@echo "make test      all checks: formatting, types, tests, coverage"
	@echo "make quick     the tests without the slow ones, and without coverage"
	@echo "make lint      the checks without the tests"
	@echo "make expected  write what is expected of the fixtures anew; read the difference"
	@echo "make docs      write docs/rules/ (a page of every rule, an index) and docs/statements.md anew"
	@echo "make grammar   write the tables of HCL's grammar anew, after a new python-hcl2 or lark"
	@echo "make bench     measure start-up, reading and judging against their limits"
	@echo "make growth    scan twice as much of one thing (ONLY=*-map), and see that it takes twice as long"
	@echo "make judge     compare expressions with what Terraform makes of them, where it is installed"
	@echo "make fuzz      look for inputs that break something, for TIME=300 seconds"
	@echo "make mutants   change COUNT=40 lines at random (SEED=…) and see whether a test fails"
	@echo "make clean     remove the environment and all caches"

demo: $(VENV)/installed
	cd "$(DEMO)" && "$(CURDIR)/$(VENV)/bin/python" -P -m astrovet scan --exit-zero

# Coverage doubles what a test takes, and the slow ones reach no line that the others do not.
test: lint
	$(RUN) -m pytest -q -n 2 --dist worksteal -m "not slow" --cov --cov-report=term --cov-report=json:.coverage.json
	$(RUN) tests/floors.py .coverage.json
	$(RUN) -m pytest -q -n 2 --dist loadgroup -m slow

quick: $(VENV)/installed-dev
	$(RUN) -m pytest -q -n 2 --dist worksteal -m "not slow"

lint: $(VENV)/installed-dev
	$(RUN) -m ruff check
	$(RUN) -m ruff format --check
	$(RUN) -m mypy

expected: $(VENV)/installed-dev
	ASTROVET_WRITE_EXPECTED=1 $(RUN) -m pytest -q tests/rules/test_rules.py tests/rules/test_plan_findings.py tests/rules/test_precision.py tests/rules/test_situations.py tests/rules/test_faults.py tests/rules/test_unknown_attributes.py tests/reports/test_outputs.py tests/terraform/test_sources_against_plans.py tests/terraform/functions/test_functions.py

docs: $(VENV)/installed
	$(RUN) docs/make_rules.py
	$(RUN) docs/make_statements.py

grammar: $(VENV)/installed
	$(RUN) docs/make_grammar.py

bench: $(VENV)/installed
	$(RUN) bench/startup.py --check
	$(RUN) bench/terraform_sources.py --check
	$(RUN) bench/judging.py --check

growth: $(VENV)/installed
	$(RUN) bench/growth.py --check --only "$(or $(ONLY),*)"

judge: $(VENV)/installed-dev
	$(RUN) -m pytest -q tests/judges

fuzz: $(VENV)/installed-dev
	$(RUN) bench/fuzz.py --time $(or $(TIME),300) $(if $(SEED),--seed $(SEED))

# The first run records which tests reach which lines, as long as the whole suite; later ones take minutes.
mutants: $(VENV)/installed-dev
	$(RUN) bench/mutants.py --count $(or $(COUNT),40) $(if $(SEED),--seed $(SEED))

clean:
	rm -rf "$(VENV)" .fuzz .mutants .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.* build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "astrovet needs Python 3.11 or later; '$(PYTHON)' is none. Name another: make PYTHON=python3.12 …" >&2; exit 1; }
	"$(PYTHON)" -m venv --clear "$(VENV)"

$(VENV)/installed: pyproject.toml | $(VENV)/bin/python
	$(RUN) -m pip install --quiet --disable-pip-version-check --editable .
	@touch "$@"

# Dependency groups need pip 25.1.
$(VENV)/installed-dev: $(VENV)/installed
	$(RUN) -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(RUN) -m pip install --quiet --disable-pip-version-check --group dev
	@touch "$@"
