# Everything runs from .venv, which is made on first use. `make` alone lists the targets.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo lab full test lint extension constraints clean

# The interpreter that .venv is made from, for instance: make demo PYTHON=python3.12
PYTHON ?= python3

BIN := .venv/bin
# Two sets: what the tour needs comes in well under a minute; torch, transformers and the test tools only where used.
READY := .venv/.ready
INSTALLED := .venv/.installed
export PYTHONUTF8 := 1

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

demo: $(READY) ## Run the tour and leave it, with an HTML page of it, in build/tour/
	@GENART_HOME="$(CURDIR)/build/tour/home" $(BIN)/python scripts/run_notebook.py notebooks/00_tour.ipynb build/tour

lab: $(READY) ## Open JupyterLab on the tour
	@$(BIN)/jupyter trust notebooks/*.ipynb > /dev/null
	@$(BIN)/jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root) --LabApp.default_url=/lab/tree/notebooks/00_tour.ipynb

# Each stage runs even when one before it failed, so that one run tells all; any failure fails the target.
test: $(INSTALLED) ## Run lint, every test (in a real browser too) and every notebook
	@$(BIN)/python scripts/chromium.py
	@failed=""; \
	$(MAKE) --no-print-directory lint || failed="$$failed lint"; \
	$(BIN)/python -m pytest tests || failed="$$failed tests"; \
	$(BIN)/python -m pytest --nbval --nbval-current-env --nbval-cell-timeout=600 notebooks || failed="$$failed notebooks"; \
	if [ -n "$$failed" ]; then echo "FAILED:$$failed"; exit 1; fi; echo "All passed: lint, tests, notebooks"

lint: $(INSTALLED) ## Check style, types and the direction of imports
	@failed=""; \
	for check in "ruff check ." mypy lint-imports; do $(BIN)/$$check || failed="$$failed $${check%% *}"; done; \
	if [ -n "$$failed" ]; then echo "lint:$$failed failed"; exit 1; fi

extension: $(INSTALLED) ## Check the lab extension's TypeScript and build it into the package
	@$(BIN)/python scripts/labextension.py

constraints: $(INSTALLED) ## Pin what is in .venv now: upgrade there with pip first, then run this
	@$(BIN)/python scripts/pin.py constraints.txt

clean: ## Remove .venv and everything that was built
	@rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "genart_nb needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1 || true)."; \
		echo "Fix: install one, then name it: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@echo "Making .venv with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv .venv || { \
		rm -rf .venv; echo "Fix: on Debian and Ubuntu, apt install python3-venv; then run this again"; exit 1; }

$(READY): pyproject.toml constraints.txt scripts/install.py | $(BIN)/python
	@$(BIN)/python scripts/install.py lab
	@touch $@

$(INSTALLED): $(READY)
	@$(BIN)/python scripts/install.py hub,lab,train,video,publish,test
	@touch $@

full: $(INSTALLED) ## Install torch, transformers, diffusers and the test tools too
