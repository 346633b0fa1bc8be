# `make` alone prints what there is. A machine needs git, make and Python 3.11 or newer.
# Pass options on with ARGS: `make demo ARGS=--reset`, `make test ARGS=tests/game`.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo dev test lint chromium bench soak pages messages lock

BIN := .venv/bin
# npm's scripts look for node on the PATH.
NPM := cd pwa && PATH="$(CURDIR)/$(BIN):$$PATH" npm
PWA_SOURCES := $(shell find pwa -path pwa/node_modules -prune -o -path pwa/templates -prune -o -type f -print)

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Compiled Python is kept, whatever the shell says: without it each start compiles everything anew.
export PYTHONDONTWRITEBYTECODE :=

help: ## print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/.installed static/build/.built ## environment, front end; skips what is fresh

demo: setup ## the demo company with a live battle, on http://127.0.0.1:8000 (PORT, ARGS=--lan, ARGS=--reset)
	@exec $(BIN)/leitai demo $(ARGS)

dev: setup ## the app with reload on its own services
	@exec $(BIN)/leitai dev $(ARGS)

test: setup chromium lint ## everything: browser, lint, front end tests, all Python tests
	@$(NPM) test --silent
	@$(BIN)/pytest -n 3 --dist worksteal --ignore tests/test_tidy.py $(ARGS)

lint: setup ## ruff, mypy, import contracts, templates, TypeScript, house rules, locks
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/djlint --quiet --lint pwa/templates
	@$(NPM) run --silent check
	@$(BIN)/pytest tests/test_tidy.py

bench: setup ## measurements as ratios, written to var/bench.json
	@$(BIN)/python -m tests.bench $(ARGS)

soak: setup ## the promises at length: kills, long properties, planted bugs (ARGS=--level ci, --only chaos)
	@$(BIN)/python -m tests.soak $(ARGS)

pages: setup chromium ## axe, fingers, keyboard and small screens on every sample page
	@$(BIN)/pytest -n 2 tests/soak/test_every_page.py $(ARGS)

messages: setup ## bring the catalogues up to date and list what is untranslated
	@$(BIN)/python -m server.kit.i18n

lock: .venv/.installed ## resolve pyproject.toml and package.json again
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --all-extras \
		--group dev pyproject.toml --output-file requirements.lock
	@$(NPM) install --package-lock-only

# uv is quick but reads no pip configuration; where it can't reach an index, pip may.
.venv/.installed: requirements.lock pyproject.toml
	@python=$$(for each in python3 python3.14 python3.13 python3.12 python3.11; do \
		if $$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
		then echo $$each; break; fi; done); \
	if [ -z "$$python" ]; then \
		echo "Python 3.11 or newer is missing. Type: sudo apt-get install python3 python3-venv"; \
		exit 1; \
	fi; \
	if ! $$python -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "Python's venv is missing. Type: sudo apt-get install python3-venv"; \
		exit 1; \
	fi; \
	[ -x $(BIN)/python ] || $$python -m venv .venv
	@echo "Installing the Python side …"
	@{ $(BIN)/python -m pip install --quiet uv \
		&& $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock \
		&& $(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -e .; } \
	|| { $(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock \
		&& $(BIN)/python -m pip install --quiet --no-deps -e .; }
	@touch $@

pwa/node_modules/.installed: pwa/package-lock.json pwa/package.json .venv/.installed
	@echo "Installing the front end's tools …"
	@$(NPM) ci --silent
	@touch $@

static/build/.built: pwa/node_modules/.installed $(PWA_SOURCES)
	@echo "Building the front end …"
	@$(NPM) run --silent build -- --logLevel warn
	@touch $@

chromium: .venv/.installed
	@for each in chromium chromium-browser google-chrome; do \
		if command -v $$each >/dev/null; then exit 0; fi; \
	done; \
	echo "Installing Chromium …"; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq \
		&& apt-get install -y -qq --no-install-recommends chromium; then exit 0; fi; \
	if $(BIN)/playwright install chromium; then exit 0; fi; \
	echo "Chromium is missing. Type: sudo apt-get install chromium"; \
	exit 1
