# Everything a person or a machine does with this checkout. Needs make and Python 3.11 or newer.

VENV := .venv
PYTHON_IN_VENV := $(VENV)/bin/python
PYTHON ?= $(shell for python in python3.11 python3 python3.12 python3.13 python3.14; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)
INSTALL := $(PYTHON_IN_VENV) -m pip install --disable-pip-version-check --quiet --no-deps --require-hashes
COMPILE := $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate
ROOMS := settings rules store clients worker sync bot run sandbox

.DEFAULT_GOAL := help
.PHONY: help run test check bench setup doctor lock --json backup restore

help: ## what there is
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/^([a-z]+):.*## */make \1\t/' | expand -t 14

run: $(VENV)/runtime.stamp ## start everything; without any account, the sandbox
	@$(PYTHON_IN_VENV) -m run

test: $(VENV)/dev.stamp ## run every test
	@$(PYTHON_IN_VENV) -m pytest -n auto --dist loadfile --no-loadscope-reorder

check: $(VENV)/dev.stamp ## lint, format, types, import directions, every branch of the rules tested
	@$(VENV)/bin/ruff check
	@$(VENV)/bin/ruff format --check
	@$(VENV)/bin/mypy $(ROOMS)
	@$(VENV)/bin/lint-imports
	@$(PYTHON_IN_VENV) -m pytest tests/rules -n auto --cov=rules --cov-branch --cov-fail-under=100 \
		--cov-report=term-missing:skip-covered

bench: $(VENV)/dev.stamp ## measure
	@$(PYTHON_IN_VENV) -m bench

setup: $(VENV)/runtime.stamp ## ask for the tokens, test each, write .env
	@$(PYTHON_IN_VENV) -m run setup

doctor: $(VENV)/runtime.stamp ## look at everything, say how to mend it; `make doctor -- --json`
	@$(PYTHON_IN_VENV) -m run doctor $(filter --json,$(MAKECMDGOALS))

--json: doctor
	@:

backup: $(VENV)/runtime.stamp ## copy the store, also while it runs, into a file here or where FILE= says
	@$(PYTHON_IN_VENV) -m run backup $(FILE)

restore: $(VENV)/runtime.stamp ## put the backup FILE= back, while nothing runs; what was there is kept
	@$(PYTHON_IN_VENV) -m run restore $(FILE)

lock: $(VENV)/bin/pip ## pin requirements*.in anew; UPGRADE=--upgrade takes newer versions
	@$(PYTHON_IN_VENV) -m pip install --disable-pip-version-check --quiet uv==0.13.9
	@$(COMPILE) $(UPGRADE) --output-file requirements.lock requirements.in
	@$(COMPILE) $(UPGRADE) --constraint requirements.lock \
		--output-file requirements-dev.lock requirements-dev.in

$(VENV)/runtime.stamp: requirements.lock | $(VENV)/bin/pip
	@echo "Installing what the product needs ..."
	@$(INSTALL) -r requirements.lock
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock | $(VENV)/bin/pip
	@echo "Installing what tests and checks need ..."
	@$(INSTALL) -r requirements-dev.lock
	@touch $@

$(VENV)/bin/pip:
	@test -n "$(PYTHON)" || { echo "error: Python 3.11 or newer is needed." >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV)
