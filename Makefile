# Everything sets itself up: `make demo` and `make test` need python3 (3.11 or later, with venv) and nothing else.
PYTHON ?= python3
VENV ?= .venv
# Most tests wait for servers and processes, so more of them run at a time than there are cores.
JOBS ?= 3
BIN := $(VENV)/bin
PEERS := $(patsubst tests/bench/peers/%.txt,%,$(wildcard tests/bench/peers/*.txt))
LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --quiet

.PHONY: help demo test lint format bench screenshots lock clean

help:  ## what there is to make
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 10

demo: $(VENV)/installed  ## crawl an invented newswire served on this machine: no internet needed
	$(BIN)/monitor demo

test: $(VENV)/installed-dev  ## run the tests, several files at a time: make test JOBS=1 for one
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile

lint: $(VENV)/installed-dev  ## check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/installed-dev  ## put the code in form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/installed $(PEERS:%=.venv-bench/%/installed)  ## measure speed, beside other programs: make bench ARGS=--quick
	$(BIN)/python -m tests.bench $(ARGS)

screenshots: $(VENV)/installed-dev  ## take the pictures of docs/screenshots anew (needs chromium)
	$(BIN)/python -m tests.screenshots

lock: $(VENV)/installed-dev  ## pin the dependencies anew, with hashes
	$(BIN)/$(LOCK) --extra build --upgrade -o requirements.lock
	$(BIN)/$(LOCK) --extra build --extra dev -c requirements.lock --upgrade -o requirements-dev.lock

clean:  ## remove what was made, but not the databases in var/
	rm -rf $(VENV) .venv-bench build *.egg-info .mypy_cache .ruff_cache

$(VENV)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "python3 -m venv failed; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@touch $@

$(VENV)/installed: $(VENV)/python requirements.lock pyproject.toml
	$(BIN)/python -m pip install --disable-pip-version-check -q --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --disable-pip-version-check -q --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed requirements-dev.lock
	$(BIN)/python -m pip install --disable-pip-version-check -q --require-hashes -r requirements-dev.lock
	@touch $@

# What we are compared with: each in an environment of its own; one that cannot be had is left out.
.venv-bench/%/installed: tests/bench/peers/%.txt $(VENV)/python
	@rm -rf .venv-bench/$*
	@$(PYTHON) -m venv .venv-bench/$*
	@.venv-bench/$*/bin/python -m pip install --disable-pip-version-check -q -r $< || { echo "$* could not be installed; measuring without it" >&2; rm -rf .venv-bench/$*/*; }
	@touch $@
