# make run     the demo company on http://127.0.0.1:8000/
# make test    everything that must hold, on SQLite and on PostgreSQL
# make setup   the installing part of both; afterwards the command is .venv/bin/shouwen
# make format  put the code in its usual form
# make bench   the numbers (see bench/)
# make shape   the ten longest functions and modules
#
# Every step leaves a stamp and is done again only when what it was made from has changed.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run test tools lint test-sqlite test-postgresql bench shape format clean

# Compiled modules are kept, whoever calls: each of the workers and programs of the tests reads them again.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3.14 python3,$(shell command -v $(name))))
BIN := .venv/bin
STAMPS := .venv/stamps
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PYTEST := $(BIN)/python -m pytest -q -n 2 --dist worksteal
FRONTEND := $(wildcard frontend/package-lock.json frontend/build frontend/css/* frontend/src/* frontend/phone/* frontend/charts/*)

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

setup: $(STAMPS)/base $(STAMPS)/shouwen $(STAMPS)/pages

$(STAMPS)/venv:
	@test -n "$(PYTHON)" || { echo "首问 needs Python 3.11 or later" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "首问 needs Python 3.11 or later; $(PYTHON) is older. Another one: make PYTHON=…" >&2; exit 1; }
	@echo "setup 1/4  environment in .venv ($(PYTHON))"
	@$(PYTHON) -m venv .venv || { \
	    echo "Python came without venv. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/base: requirements.lock | $(STAMPS)/venv
	@echo "setup 2/4  packages, as locked (a minute the first time)"
	@$(PIP) --require-hashes -r requirements.lock
	@touch $@

$(STAMPS)/shouwen: pyproject.toml | $(STAMPS)/base
	@echo "setup 3/4  the command .venv/bin/shouwen"
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(STAMPS)/pages: $(FRONTEND) | $(STAMPS)/base
	@echo "setup 4/4  styles and scripts of the pages, fonts of the sheets"
	@frontend/build
	@touch $@

run: setup
	@$(BIN)/shouwen migrate
	@$(BIN)/shouwen demo --if-empty
	@exec $(BIN)/shouwen serve --note "$$($(BIN)/shouwen demo --logins)"

tools: setup $(STAMPS)/dev $(STAMPS)/machine

$(STAMPS)/dev: requirements-dev.lock | $(STAMPS)/base
	@echo "tools 1/2  packages of the tests, as locked"
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

$(STAMPS)/machine: scripts/test-machine | $(STAMPS)/venv
	@echo "tools 2/2  Chromium and a Chinese font"
	@scripts/test-machine
	@touch $@

test: lint test-sqlite test-postgresql
	@echo "all tests passed"

lint: export SHOUWEN_DATA := .venv/lint-data
lint: tools
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy shouwen tests
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet shouwen
	$(BIN)/djade --check $$(find shouwen -name '*.html')
	frontend/build check
	$(BIN)/shouwen django-admin makemigrations --check --dry-run
	test ! -d shouwen/locale || (cd shouwen && ../$(BIN)/shouwen django-admin compilemessages -v 0)
	$(BIN)/shouwen regulation check

test-sqlite: tools
	SHOUWEN_TEST_DATABASE=sqlite $(PYTEST)

# What the database cannot change is shown once (docs/decisions/0012 and 0014).
test-postgresql: tools
	SHOUWEN_TEST_DATABASE=postgresql $(PYTEST) -m "not browser and not pages and not pure and not once"

bench: tools
	$(BIN)/python -m bench

shape:
	@$(PYTHON) scripts/shape

format: tools
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf .venv build dist *.egg-info frontend/node_modules .mypy_cache .ruff_cache .pytest_cache
