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
FOUND = command -v $(PYTHON) >/dev/null || { echo "« $(PYTHON) » est introuvable : installez python3.11 et python3.11-venv, ou nommez-le par « make PYTHON=… »." >&2; exit 1; };
.DEFAULT_GOAL := help
.PHONY: help run run-full test test-fast e2e lint format demo reset bench lock install

help: ## Énumère ces commandes
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

run: ## Sert tout le site sur cette machine, avec sa démonstration (Ctrl-C arrête tout)
	@$(FOUND) exec $(PYTHON) tools/run.py

run-full: install ## Sert la forme de production : nginx, gunicorn, daphne, agents, PostgreSQL, Redis, Elasticsearch
	@exec $(VENV)python -m tools.run_full

test: install ## Lance tous les tests, contre de vrais services qu’il démarre lui-même
	@exec $(VENV)python -m tools.test all

test-fast: install ## Lance les tests qui n’ont besoin d’aucun service (moins d’une minute)
	@exec $(VENV)python -m tools.test fast

e2e: install ## Lance seulement les tests dans un vrai navigateur
	@exec $(VENV)python -m tools.test e2e

lint: install ## Contrôle style, types, imports, gabarits, migrations, secrets
	@exec $(VENV)python -m tools.lint

format: install ## Met le code en ordre
	@$(VENV)ruff check -q --fix-only . ; $(VENV)ruff format -q .

demo: ## Charge la démonstration maintenant (« make run » le fait aussi)
	@$(FOUND) $(PYTHON) tools/run.py install && $(VENV)python manage.py demo

reset: ## Efface tout ce que cette installation garde dans var/ (après question ; YES=1 : sans)
	@$(FOUND) exec $(PYTHON) tools/reset.py

bench: install ## Mesure : montre des tableaux, ne juge de rien
	@exec $(VENV)python -m bench

lock: install ## Résout de nouveau les dépendances et écrit les verrous (sommes, sans adresse)
	@for name in bootstrap base dev; do \
	  $(VENV)uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header \
	    --python-version 3.11 requirements/$$name.in -o requirements/$$name.txt; done
	@mv requirements/base.txt requirements.txt

install: ## Fait l’environnement virtuel de développement
	@$(FOUND) exec $(PYTHON) tools/run.py install dev
