# Everything a newcomer runs: `make run` answers searches, `make test` proves that it all works.
#
#   requirements.lock ─→ .venv/.installed ─→ run
#   requirements-dev.lock ─→ .venv/.developing ─→ test (= check, on a fresh machine)
#   requirements-bench.lock ─→ .venv/.benching ─→ bench
#
# Variables: PYTHON chooses the interpreter, PORT where `run` listens (what RITAGLIO_PORT
# names, else 8000), VENV another environment, N how many inputs `fuzz` makes.

PYTHON ?= python3
PORT ?= $(or $(RITAGLIO_PORT),8000)
VENV ?= .venv
TRIAL_KEY = rit_only_for_requests_that_are_made_up
ASKED ?= --max-examples 250
WRITING = --include-path /articles --include-path /articles/{article_id} --exclude-method GET \
	--max-examples 1000
MINUTES ?= 30
KILLS ?= 500

IN_VENV = $(VENV)/bin/python -m
PIP = $(IN_VENV) pip -qq --disable-pip-version-check install
KERNELS = $(wildcard indexer/engines/whoosh/native/*.[ch] service/snippets/native/*.[ch])
COMPILE = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command 'make lock' $(UPGRADE)

.PHONY: help run test check bench bench-large test-whoosh3 fuzz test-api test-api-writing test-corpora soak kills audit test-faults lock

help: ## say what there is (the default)
	@echo "make TARGET [PORT=8000] [PYTHON=python3]"
	@sed -n 's/^\([a-z0-9-]*\):.*## /  \1\t/p' Makefile

# stats ends with 1 where an index is there and empty: whoever emptied it wants no seeds. Where a
# first load was killed it ends with 2, as where there is no index.
run: $(VENV)/.installed ## install, index seeds/ unless there is an index, serve on 127.0.0.1:PORT
	@$(IN_VENV) indexer stats >/dev/null 2>&1 || [ $$? = 1 ] || $(IN_VENV) indexer add seeds/
	@RITAGLIO_PORT='$(PORT)' $(IN_VENV) service

test: $(VENV)/.developing ## install with the development tools, then check
	@$(MAKE) --no-print-directory check VENV='$(VENV)'

check: ## format, lint, types, import contracts, tests, in an environment that is there
	$(IN_VENV) ruff format --check
	$(IN_VENV) ruff check
	$(IN_VENV) mypy
	$(VENV)/bin/lint-imports
	$(IN_VENV) pytest

bench: $(VENV)/.benching ## measure speed beside other engines: a quarter of an hour, best on a quiet machine
	@$(IN_VENV) benchmarks.speed

bench-large: $(VENV)/.benching ## the same with 1,000,000 articles, beside tantivy alone: an hour
	@$(IN_VENV) benchmarks.speed --quick --articles-count 1000000 --engines ours,tantivy

test-whoosh3: .venv-whoosh3/.whoosh3 ## run the tests of the engines on whoosh3, in an environment of its own
	.venv-whoosh3/bin/python -m pytest tests/engines

fuzz: $(VENV)/.developing ## put N made-up inputs each (default 100000) to the query parser, the article readers, the snippets
	$(IN_VENV) tests.fuzzing $(or $(N),100000)

test-api: $(VENV)/.installed .venv-schemathesis/.made ## put thousands of made-up requests to a service with four workers
	@.venv-schemathesis/bin/python -m pip -qq install 'schemathesis>=4.32,<5'
	@rm -rf .venv-schemathesis/index
	@$(IN_VENV) indexer add seeds/ --index whoosh:.venv-schemathesis/index
	@RITAGLIO_INDEX=whoosh:.venv-schemathesis/index RITAGLIO_PORT=8742 RITAGLIO_WORKERS=4 \
	RITAGLIO_KEYS='$(TRIAL_KEY):write' $(IN_VENV) service & \
	service=$$!; trap "kill $$service" EXIT; sleep 3; PYTHONPATH=. .venv-schemathesis/bin/schemathesis run \
	http://127.0.0.1:8742/openapi.json --checks all $(ASKED) -H 'Authorization: Bearer $(TRIAL_KEY)'

test-api-writing: ## the same for what writes alone, 2,000 requests and more
	@$(MAKE) --no-print-directory test-api ASKED='$(WRITING)'

test-corpora: $(VENV)/.developing ## check marks and 100,000 made-up queries on whole corpora (../shared/data; skipped where it is not): half an hour
	$(IN_VENV) pytest tests/corpora --whole

.venv-schemathesis/.made:
	@$(PYTHON) -m venv .venv-schemathesis
	@touch $@

soak: $(VENV)/.installed ## everything at once for MINUTES=30 over a service with four workers, compared with a model
	@$(IN_VENV) tests.soak --minutes '$(MINUTES)'

kills: $(VENV)/.installed ## KILLS=500 times kill -9 under writing clients: nothing acknowledged is lost
	@$(IN_VENV) tests.soak.kills --kills '$(KILLS)'

audit: .venv-audit/.made ## ask the package index which of the locked versions have known vulnerabilities
	@.venv-audit/bin/python -m pip -qq install 'pip-audit>=2.10,<3'
	@.venv-audit/bin/pip-audit --disable-pip --require-hashes --strict -r requirements.lock \
	2>.venv-audit/told; status=$$?; cat .venv-audit/told >&2; \
	[ $$status = 0 ] || grep -q 'known vulnerabilit' .venv-audit/told || echo "\
	Nothing is known of the locked versions: this audit was not made. It needs a package index that \
	tells known vulnerabilities; mirrors often hold the packages alone. Run it where the public one \
	can be reached." >&2; exit $$status

.venv-audit/.made:
	@$(PYTHON) -m venv .venv-audit
	@touch $@

test-faults: $(VENV)/.developing ## every fault of disk, power and process at every step, FAULTS=100 at random: an hour
	$(IN_VENV) pytest tests/engines/test_crashes.py tests/engines/test_switch_crashes.py \
	tests/engines/test_repair_crashes.py tests/engines/test_refusing_disk.py tests/engines/test_damage.py tests/engines/test_checking.py \
	--faults $(or $(FAULTS),100)

lock: ## write the locks from pyproject.toml (needs uv; UPGRADE=--upgrade takes newer versions)
	$(COMPILE) pyproject.toml --group build --output-file requirements.lock
	$(COMPILE) pyproject.toml --group build --group dev --constraint requirements.lock --output-file requirements-dev.lock
	$(COMPILE) --group bench --output-file requirements-bench.lock
	$(COMPILE) --group compiler --output-file requirements-compiler.lock

# What a virtual environment asks of a machine; what is missing is said in one sentence.
$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "\
	Ritaglio needs Python 3.11 or newer, and $(PYTHON) is not: install it and name it, as in \
	make $(MAKECMDGOALS) PYTHON=python3.13" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "\
	$(PYTHON) comes without its venv module: install it (on Debian and Ubuntu: \
	apt install python3-venv) and try again" >&2; exit 1; }
	@echo "Making $(VENV) and installing into it (this first time only)…"
	@$(PYTHON) -m venv '$(VENV)'
	@touch $@

# The kernels want a C compiler: where the system has none, pip brings one.
$(VENV)/.installed: $(VENV)/.made requirements.lock requirements-compiler.lock pyproject.toml setup.py $(KERNELS)
	@$(PIP) --require-hashes -r requirements.lock
	@command -v cc >/dev/null || $(PIP) --require-hashes -r requirements-compiler.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.developing: $(VENV)/.installed requirements-dev.lock
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/.benching: $(VENV)/.installed requirements-bench.lock
	@$(PIP) --require-hashes -r requirements-bench.lock
	@touch $@

# whoosh3 brings a package of the same name: it takes the place of the Whoosh that we depend on.
.venv-whoosh3/.whoosh3: requirements-dev.lock
	@$(MAKE) --no-print-directory VENV=.venv-whoosh3 .venv-whoosh3/.developing
	@.venv-whoosh3/bin/python -m pip -qq uninstall --yes whoosh
	@.venv-whoosh3/bin/python -m pip -qq install --no-deps whoosh3==3.54.0
	@touch $@
