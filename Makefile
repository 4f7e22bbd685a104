# `make` alone lists what there is. `make run` and `make test` need nothing installed beforehand but Python 3.11.
PYTHON ?= python3
VENV := .venv/bin/
export CLUB_PORT CLUB_ADDRESS CLUB_STATE
ifeq ($(CLUB_PORT),)
unexport CLUB_PORT
endif
ifeq ($(CLUB_ADDRESS),)
unexport CLUB_ADDRESS
endif
ifeq ($(CLUB_STATE),)
unexport CLUB_STATE
endif
# Compiled modules are kept: without them each start compiles Django and Wagtail anew, for seconds.
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := help
.PHONY: help run run-full test test-fast e2e lint format demo reset bench lock install

help: ## List these targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

run: ## Serve the whole site on this machine, with its demo content (Ctrl-C stops it)
	@exec $(PYTHON) tools/run.py

run-full: install ## Serve the production shape: nginx, gunicorn, daphne, workers, PostgreSQL, Redis, Elasticsearch
	@exec $(VENV)python -m tools.run_full

test: install ## Run every test, against real services that it starts itself
	@exec $(VENV)python -m tools.test all

test-fast: install ## Run the tests that need no service (about a minute and a half)
	@exec $(VENV)python -m tools.test fast

e2e: install ## Run the tests in a real browser only
	@exec $(VENV)python -m tools.test e2e

lint: install ## Check style, types, imports, templates, migrations, secrets
	@exec $(VENV)python -m tools.lint

format: install ## Put code and templates in order
	@$(VENV)ruff check -q --fix-only . ; $(VENV)ruff format -q .

demo: ## Load the demo content now (also done by `make run`)
	@$(PYTHON) tools/run.py install && $(VENV)python manage.py demo

reset: ## Delete everything this installation holds in var/ (asks first; YES=1 does not)
	@$(PYTHON) tools/reset.py

bench: install ## Measure: prints tables, asserts nothing
	@exec $(VENV)python -m bench

lock: install ## Resolve the dependencies anew and write the locks (hashes, no index address)
	@for name in bootstrap base dev; do \
	  $(VENV)uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header \
	    --python-version 3.11 requirements/$$name.in -o requirements/$$name.txt; done
	@mv requirements/base.txt requirements.txt

install: ## Make the virtual environment of development
	@$(PYTHON) tools/run.py install dev
