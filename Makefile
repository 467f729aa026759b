# Tertulia. `make` alone lists the targets; ARGS="--port 9000" goes to the command.
.DEFAULT_GOAL := help
.PHONY: help run dev test check lint system-postgres newest bench api faults build lock clean
SHELL := /bin/sh
BOOT := tools/bootstrap.sh
# Every command below runs with .venv and the Node of .tools first on its PATH.
IN := $(BOOT) exec
ARGS ?=

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile

run: ## install what is missing, build, and serve on http://127.0.0.1:8000
	@exec $(BOOT) run $(ARGS)

dev: ## server and web client, both reloading on change
	@$(BOOT) dev && $(BOOT) web && exec $(IN) python tools/dev.py $(ARGS)

test: ## everything: check, real clients and proxies, and the browser tests
	@$(BOOT) tests
	@$(MAKE) --no-print-directory check ROUND="$(LANDING)"
	$(IN) python -m pytest $(LANDING) -n 2 $(STRANGERS)
	$(IN) python -m pytest $(LANDING) -n 2 --dist loadfile tests/browser

# A flaky test is named and asked once more, and a few are borne (tests/conftest.py): among ten
# thousand with real browsers and killed processes, one must not hide what a change does.
LANDING = --reruns 1 --rerun-show-tracebacks -rfER --hypothesis-profile=landing
ROUND ?=

# What needs more than Python and Node: a Chromium, nginx, Caddy.
STRANGERS = tests/clients tests/proxies

check: lint ## lint, types, import contracts, Python tests, web unit tests
	$(IN) python -m pytest $(ROUND) -n 2 --ignore=tests/browser $(STRANGERS:%=--ignore=%)
	@$(MAKE) --no-print-directory system-postgres
	$(IN) npm --prefix web run check
	$(IN) npm --prefix web run budget

lint: ## only lint, format, types and import contracts of the Python side
	@$(BOOT) dev && $(BOOT) web
	$(IN) ruff check
	$(IN) ruff format --check
	$(IN) basedpyright
	$(IN) lint-imports
	$(IN) python tools/house.py

# What speaks SQL, once more on the newest PostgreSQL that Debian's packages installed here.
SYSTEM_POSTGRES = $(lastword $(sort $(wildcard /usr/lib/postgresql/*/bin)))
system-postgres: ## the tests that speak SQL, on the system's PostgreSQL where there is one
ifneq ($(SYSTEM_POSTGRES),)
	TERTULIA_TEST_POSTGRES=$(SYSTEM_POSTGRES) $(IN) python -m pytest $(ROUND) -n 2 tests/features tests/core/test_db.py tests/core/test_tx.py tests/core/test_eventlog.py tests/core/test_history.py
else
	@echo "system-postgres: no PostgreSQL in /usr/lib/postgresql, only the embedded one was tested"
endif

# On the PATH, or among pyenv's.
NEWEST = $(shell (for v in 4 3 2; do command -v python3.1$$v; done; ls -d $(HOME)/.pyenv/versions/3.1[2-9]*/bin/python 2>/dev/null | sort -rV) | head -1)
newest: ## the Python tests on the newest CPython at hand
	@$(BOOT) dev
	.tools/uv/bin/uv venv --quiet --clear --no-python-downloads --python $(NEWEST) .cache/newest
	.tools/uv/bin/uv pip install --quiet --python .cache/newest --require-hashes -r requirements-dev.lock
	.tools/uv/bin/uv pip install --quiet --python .cache/newest --no-deps -e .
	PATH="$(CURDIR)/.cache/newest/bin:$$PATH" python -m pytest -n 2 --ignore=tests/browser $(STRANGERS:%=--ignore=%)

api: ## ask a node everything once, and write its examples and docs/api.md anew
	@$(BOOT) dev
	$(IN) python tools/generate_api.py

bench: ## measure ours and the peers, as ratios; ARGS="fanout storm" for some sections
	@$(BOOT) dev && $(BOOT) web
	$(IN) python -m bench $(ARGS)

faults: ## the whole fault suite: kills, cuts, planted bugs (make check has a selection)
	@$(BOOT) dev && $(BOOT) web
	@PATH="$$PATH:/usr/sbin:/sbin"; command -v mkfs.xfs nft ip redis-server | wc -l | grep -q 4 || \
		[ "$$(id -u)" -ne 0 ] || \
		apt-get install -y -qq --no-install-recommends xfsprogs nftables iproute2 redis-server
	$(IN) python -m pytest -m "faults or not faults" tests/scenarios tests/faults $(ARGS)

build: ## the wheel, with the web client inside, in dist/
	@$(BOOT) dev && $(BOOT) web
	$(IN) .tools/uv/bin/uv build --wheel --quiet --build-constraints tools/locks/build.lock
	@ls -l dist/*.whl

lock: ## write the lock files anew, with the newest versions that fit
	@$(BOOT) lock

clean: ## remove what was built or installed here; never ./data
	rm -rf .venv .tools dist web/dist web/node_modules src/tertulia/static .cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
