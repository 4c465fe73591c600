# Every target sets up what it needs, once; a second run starts at once and needs no network.
# Another interpreter: make PYTHON=python3.12 test
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check
ARGS ?=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo browser test lint bench notebooks clean

help:  ## Say what there is
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1|\2/p' Makefile | awk -F'|' '{ printf "  %-16s %s\n", $$1, $$2 }'

demo: $(VENV)/.core  ## Train a network of scalar Values on handwritten digits and draw it and its mistakes
	$(PY) -m nn train digits --hidden 30,30 --batch-size 32 $(ARGS)

browser:  ## Install Debian's Chromium, in which the tests look at pages (needs a network, once)
	@command -v chromium >/dev/null || $(MAKE) --file $(firstword $(MAKEFILE_LIST)) --no-print-directory .chromium

# Python's compiled files are kept, whatever the environment says: some hundred processes are started.
test: $(VENV)/.dev  ## Run the tests; branch coverage of autograd must reach 95 %
	PYTHONDONTWRITEBYTECODE= $(PY) -m pytest -n auto --maxprocesses 4 --dist loadfile --cov --cov-report=term $(ARGS)

lint: $(VENV)/.dev  ## Check style and types
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy --strict

bench: $(VENV)/.dev $(VENV)/.bench  ## Measure speed, memory, accuracy, the checker, the pictures, compiled code and streams
	$(PY) -m benchmarks $(ARGS)
	$(PY) -m benchmarks.accuracy
	$(PY) -m benchmarks.gradcheck_cost
	$(PY) -m benchmarks.gradcheck_torch
	$(PY) -m benchmarks.view
	$(PY) -m benchmarks.watch
	$(PY) -m benchmarks.replay
	$(PY) -m benchmarks.compile
	$(PY) -m benchmarks.compile_safety
	$(PY) -m benchmarks.streaming

notebooks: $(VENV)/.dev  ## Run the notebooks and store what they show
	$(PY) notebooks/execute.py $(ARGS)

clean:  ## Remove the environment and everything that was built (runs/ stays)
	rm -rf $(VENV) dist .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A font belongs to it: without one the text of a page has no width. `install` needs root, by sudo where we are not.
.PHONY: .chromium
.chromium: SUDO = $(if $(filter 0,$(shell id -u)),,sudo)
.chromium:
	@command -v apt-get >/dev/null || { echo >&2 \
	  "There is no apt-get here: install Chromium by other means, so that 'chromium' is on the path."; exit 1; }
	$(SUDO) apt-get update
	$(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends chromium fonts-dejavu-core
	@command -v chromium >/dev/null || { echo >&2 \
	  "apt-get has no 'chromium' for the path here (on Ubuntu it is a snap): install it by other means."; exit 1; }

# The environment. `.core` holds what a user has, `.dev` and `.bench` add to it.
$(VENV)/.core: pyproject.toml
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo >&2 \
	  "Python 3.11 or newer is needed and '$(PYTHON)' is not: name another, as in 'make PYTHON=python3.12 test'."; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' || { echo >&2 \
	  "'$(PYTHON)' has no venv module: install it (on Debian and Ubuntu: apt install python3-venv)."; exit 1; }
	@echo "Setting up $(VENV) (once; a minute or so)"
	@$(PY) -c '' 2>/dev/null || "$(PYTHON)" -m venv --clear $(VENV)
	$(PIP) install --quiet --upgrade 'pip>=25.1'
	$(PIP) install --quiet --editable .
	@touch $@

# The clash with the `autograd` of PyPI is tested by installing it: its wheel is kept, so that the tests need no network.
$(VENV)/.dev: $(VENV)/.core
	$(PIP) install --quiet --group dev
	$(PIP) download --quiet --no-deps --only-binary :all: --dest $(VENV)/wheels autograd
	@touch $@

$(VENV)/.bench: $(VENV)/.core
	$(PIP) install --quiet --editable '.[bench]'
	@touch $@
