SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test check format coverage bench drill flask clients release screens setup setup-dev lock

PY := .venv/bin/python
ARGS ?=
NAME ?=

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' Makefile

setup: ## the environment the product runs in: .venv with locked dependencies, a Chinese font
	@tools/setup.sh runtime

setup-dev: ## the same, and what tests and checks need
	@tools/setup.sh dev

run: setup ## everything in the foreground: pages, database, demo data, web server, worker, WeChat sandbox
	@exec $(PY) -m tools.run

clients: setup ## the phone pages, the mini-program and the console, what changed of them
	@$(PY) -m tools.clients

release: setup ## one archive with the built pages and the mini-program into var/release; VITE_API_BASE=https://...
	@exec $(PY) -m tools.release

screens: setup-dev ## the README's pictures again, from demo data into docs/screens
	@exec $(PY) -m tests.browser.screens

# The clients are built before the tests begin, so that one sees it going on; the tests say what does not build.
test: setup-dev ## every test, on SQLite and PostgreSQL; ARGS="tests/http -k book" for some of them
	@$(PY) -m tools.clients || true
	@exec $(PY) -m pytest $(if $(ARGS),$(ARGS),tests -n 2)

check: setup-dev ## format, lint, types, import contracts, security lint; the clients' format where Node is
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	.venv/bin/lint-imports --no-cache
	$(PY) -m tools.formatting check
	$(PY) -m bandit -q -ll -c pyproject.toml -r service schemas blueprints config tools wsgi.py

format: setup-dev ## write the format and the safe lint fixes
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .
	$(PY) -m tools.formatting write

coverage: setup-dev ## every test with branch coverage of service/ and schemas/
	@exec $(PY) -m pytest tests --cov --cov-report=term-missing:skip-covered

bench: setup-dev ## the benchmark table; JSON lines to var/bench.jsonl
	@exec $(PY) -m tests.bench $(ARGS)

drill: setup-dev ## faults and load, all or NAME=...; JSON lines to var/drill.jsonl
	@exec $(PY) -m tests.drills $(NAME)

flask: setup ## one operators' command: make flask ARGS="audit bookings"
	@exec .venv/bin/flask --app wsgi $(ARGS)

lock: ## requirements/*.txt again from the *.in files; needs uv on the PATH
	@export UV_CUSTOM_COMPILE_COMMAND="make lock"; \
	for name in runtime dev; do \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	    --no-emit-index-url requirements/$$name.in -o requirements/$$name.txt; \
	done
