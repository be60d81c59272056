# The portal's commands. Everything is made when it is missing or older than what it is made from.
.DEFAULT_GOAL := help
SHELL := /bin/sh

PYTHON ?= python3
export PYTHONUNBUFFERED := 1
VENV := .venv/bin
MANAGE := $(VENV)/python manage.py

# A production-like environment for checks that need settings but no database.
CHECK_ENV := DEMO=0 DATABASE_URL=postgresql://web@localhost/coi DATABASE_OWNER_URL=postgresql://owner@localhost/coi \
	SECRET_KEY=only-for-make-check-0123456789-abcdefghijklmnopqrstuvwxyz ALLOWED_HOSTS=portal.example \
	EMAIL_URL=submission://mail.example:587 MEDIA_ROOT=/srv/media

.PHONY: help demo test check check-types check-rest bench drill lighthouse install install-dev lock format

help:  ## Vis kommandoerne
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | sort

# Order matters: look first, then install, then start.
demo:  ## Start demonstrationen (PORT, COI_DATA_DIR og DATABASE_URL kan angives)
	@DEMO=1 $(PYTHON) coi/preflight.py
	@$(MAKE) --no-print-directory install
	@DEMO=1 exec $(MANAGE) demo

install: .venv/installed node_modules/installed
	@:

install-dev: .venv/installed-dev node_modules/installed-dev
	@:

.venv/bin/python:
	@$(PYTHON) -m venv .venv || { echo "Stoppet: Python mangler modulet venv (på Debian: apt-get install python3-venv)." >&2; exit 1; }

.venv/installed: requirements.txt | .venv/bin/python
	@echo "Installerer Python-pakker …"
	@$(VENV)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed
	@echo "Installerer udviklerpakker …"
	@$(VENV)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

# npm comes from the machine, or else from a wheel of its own. Only checks and tests need the dev packages.
NPM_CI := npm ci --ignore-scripts --no-update-notifier --no-audit --no-fund --loglevel=error
WITH_NPM := command -v npm >/dev/null || $(VENV)/python -m pip install --quiet --disable-pip-version-check \
	--require-hashes -r requirements-node.txt; PATH="$$PATH:$(CURDIR)/.venv/bin";

node_modules/installed: package.json package-lock.json | .venv/installed
	@echo "Henter front end-pakker …"
	@$(WITH_NPM) $(NPM_CI) --omit=dev
	@touch $@

node_modules/installed-dev: package.json package-lock.json | .venv/installed
	@echo "Henter front end-pakker til test …"
	@$(WITH_NPM) $(NPM_CI)
	@touch $@ node_modules/installed

test: install-dev  ## Kør alle tests
	@$(VENV)/python -m pytest -n 2 --dist worksteal

# Types take as long as all the rest, so the two go side by side.
check: install-dev  ## Kør lint, format, typer, lag, migrationer og check --deploy
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=recurse check-types check-rest

check-types:
	$(CHECK_ENV) $(VENV)/mypy

check-rest:
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/djlint --lint --quiet templates
	$(VENV)/lint-imports --no-cache
	$(CHECK_ENV) $(VENV)/python -W ignore manage.py makemigrations --check --dry-run
	$(CHECK_ENV) $(MANAGE) check --deploy --fail-level WARNING

# A database of its own, so that the demonstration keeps its content.
N ?= 1000
BENCH := DEMO=1 COI_DATA_DIR=$(or $(COI_DATA_DIR),var)/bench-$(N) $(MANAGE)
bench: install  ## Mål siderne (N=100000 sætter antallet af indlæg)
	@$(BENCH) migrate --verbosity 0
	@$(BENCH) load_demo
	@$(if $(wildcard */management/commands/bulk_demo.py),$(BENCH) bulk_demo --entries $(N))
	@$(BENCH) bulk_landscape --entries $(N)
	@$(BENCH) collectstatic --noinput --verbosity 0
	@$(BENCH) bench

format:  ## Ret format og det, ruff selv kan rette
	$(VENV)/ruff check --fix .
	$(VENV)/ruff format .

drill: install-dev  ## De lange prøver: nedbrud, optagne porte, genskabelse
	@$(VENV)/python -m pytest -m drill -p no:xdist

# Of a portal that is running: PORTAL=http://localhost:8000.
lighthouse: install-dev  ## Mål en kørende portal med Lighthouse (PORTAL sætter adressen)
	@$(VENV)/python scripts/lighthouse.py $(or $(PORTAL),http://localhost:$(or $(PORT),8000))

lock: install-dev  ## Lås versionerne igen efter en ændring i pyproject.toml
	$(VENV)/python scripts/lock.py
