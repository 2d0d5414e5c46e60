# Dienstweg's commands. From a clean clone, `make demo` and `make test` do all the set-up.
SHELL := /bin/sh
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help install demo tour test accessibility fuzz screenshots bench chaos conformance lint format clean

export UV_PYTHON_DOWNLOADS := never
export UV_NO_PROGRESS := 1
export UV_COMPILE_BYTECODE := 1

# A user without a home of his own gets one here, for the caches of uv, npm and Chromium.
ifneq ($(shell test -d "$$HOME" -a -w "$$HOME" && echo yes),yes)
export HOME := $(CURDIR)/.tools/home
endif

PYTHON ?= $(shell sh scripts/find-python)
BIN := .venv/bin
DIENSTWEG := $(BIN)/dienstweg
PACKAGES := .venv/.installed
STATIC := node_modules/.installed

help: ## Say what there is
	@echo "Dienstweg: make ..."
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 16

install: $(PACKAGES) $(STATIC) ## Install the locked packages and build the static files

demo: install ## Start everything with a demo network on http://localhost:8000
	@exec $(DIENSTWEG) demo

tour: install ## Play the whole journey against a fresh instance of its own
	@exec $(DIENSTWEG) tour

test: install ## Run every check except load and chaos
	@scripts/check

accessibility: install ## Look at every page with axe in every look; walk every acceptance case
	@rm -rf var/accessibility
	@CHROMIUM=$$(sh scripts/find-chromium whole) && export CHROMIUM && failed=0; \
	ACCESSIBILITY=full $(BIN)/pytest -n 2 --dist loadgroup -m browser || failed=1; \
	$(BIN)/python tests/inspected.py && exit $$failed

fuzz: install ## Try every property with new examples, round after round (ROUNDS=5)
	@for round in $$(seq $(or $(ROUNDS),5)); do \
	FUZZ=1 $(BIN)/pytest -n 2 -m "hypothesis and not browser" || exit 1; done

screenshots: install ## Take the pictures of the documentation anew
	@CHROMIUM=$$(sh scripts/find-chromium whole) && export CHROMIUM && \
	SCREENSHOTS=1 $(BIN)/pytest tests/browser -k "journey or field_types"

bench: install ## Measure speed, memory and size against their aims (about 15 minutes)
	@$(BIN)/python -m bench

chaos: install ## Kill processes during 500 submissions and in steps of a building permit; compare
	@$(BIN)/python -m bench.chaos
	@KILLS=full $(BIN)/pytest tests/processes/test_killed_anywhere.py -q -n 2

conformance: install ## Try FIM schemas, BPMN and DMN of SAMPLES=DIR, in a browser too (about 20 minutes)
	@rm -rf var/conformance-browser
	@if [ -d "$(SAMPLES)" ]; then \
	CHROMIUM=$$(sh scripts/find-chromium) && export CHROMIUM && SAMPLES="$(SAMPLES)" CONFORMANCE=full \
	$(BIN)/pytest -n 2 tests/browser/test_fim_walks.py; fi; \
	$(BIN)/python -m bench.fim_rules "$(SAMPLES)" --docs docs/fim-rules.md; \
	$(BIN)/python -m bench.conformance "$(SAMPLES)" --json var/conformance.json --docs docs/fim.md \
		--browser var/conformance-browser
	@$(BIN)/python -m bench.conformance_bpmn "$(SAMPLES)" --json var/conformance-bpmn.json \
		--docs docs/bpmn.md --pictures var/bpmn
	@$(BIN)/python -m bench.conformance_dmn "$(SAMPLES)" --json var/conformance-dmn.json --docs docs/dmn.md

lint: $(PACKAGES) ## Check format, lint, types and the floor plan
	@$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/lint-imports --no-logo

format: $(PACKAGES) ## Format the code
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

clean: ## Remove what was installed and built; the data in var/ stays
	@rm -rf .venv .tools node_modules

$(PACKAGES): uv.lock pyproject.toml scripts/uv-requirements.txt
	@test -n "$(PYTHON)"
	@mkdir -p .tools/home
	@echo "Installing the Python packages ..."
	@uv=$$($(PYTHON) scripts/install_uv.py) && sh scripts/install-python "$$uv" "$(PYTHON)"
	@touch $@

$(STATIC): package-lock.json scripts/build_static.mjs
	@command -v npm >/dev/null || { echo "Dienstweg needs Node 20 or newer (Debian: apt-get install nodejs npm)."; exit 1; }
	@mkdir -p .tools/home
	@echo "Installing the npm packages and building the static files ..."
	@npm ci --no-audit --no-fund --no-update-notifier --loglevel=error
	@npm run --silent build
	@touch $@
