# make         publish the newsroom into build/, after setting up whatever is missing
# make test    run every check, the cheap ones first
# make long    run those that make test leaves out: of many cases that are alike, it tries a few
# make fuzz    try a thousand inputs of each kind at random; FUZZ=100000 chooses more
# make serve   show the newsroom in a browser, rebuilt at every change
# make docs    bring what the manual shows up to date with the program
# make bench   measure communique beside other programs; BENCH='--sizes 500 --runs 2' chooses less
# make scale   measure a cluster on this machine alone; SCALE='--documents 400' chooses more
# make faults  kill builds, again and again; FAULTS='--rounds 1000' chooses how often
# make lock    renew requirements/*.lock, and the locks of tests/tools and tests/bench
# make clean   remove everything that make made, build/ included
# make help    show these lines
#
# "Error 3" means that the machine lacks something; the lines above it say what, and the command that installs it.
# PYTHON=/path/to/python3 chooses the Python. What is set up is remembered by empty files in .venv/.

suits := -c 'import sys; sys.exit(sys.version_info < (3, 11))'
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do $$p $(suits) 2>&- && echo $$p && break; done)

pip := .venv/bin/python -m pip --disable-pip-version-check --quiet install
npm := npm --no-audit --no-fund --ignore-scripts --omit-lockfile-registry-resolved
# Where Python is told to keep no compiled files, each of some hundred processes would compile the program anew.
export PYTHONDONTWRITEBYTECODE :=

# One more than there are processors: tests wait for browsers and processes.
workers := $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

.DEFAULT_GOAL := site
.PHONY: site test long fuzz faults serve docs bench scale lock clean help

site: .venv/.site
	.venv/bin/communique build

serve: .venv/.site
	.venv/bin/communique serve

test: .venv/.test tests/tools/node_modules/.package-lock.json
	.venv/bin/ruff format --check
	.venv/bin/ruff check
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo
	tools/in-memory .venv/bin/pytest -n $(workers)

long: .venv/.test tests/tools/node_modules/.package-lock.json
	COMMUNIQUE_FAULT_ROUNDS=3 COMMUNIQUE_EQUIVALENCE_STEPS=48 .venv/bin/pytest -n $(workers) -m long

fuzz: .venv/.test
	FUZZ=$(or $(FUZZ),1000) tools/in-memory .venv/bin/pytest -n auto tests/test_fuzz.py

docs: .venv/.test
	.venv/bin/python -m tests.manual

.venv/.site: requirements/build.lock requirements/site.lock pyproject.toml
	@tools/system-packages site $(PYTHON)
	.venv/bin/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	$(pip) --require-hashes -r requirements/build.lock
	$(pip) --require-hashes --no-build-isolation -r requirements/site.lock
	$(pip) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.test: .venv/.site requirements/test.lock
	@tools/system-packages test .venv/bin/python
	$(pip) --require-hashes -r requirements/test.lock
	@touch $@

tests/tools/node_modules/.package-lock.json: tests/tools/package-lock.json | .venv/.test
	cd tests/tools && $(npm) --loglevel=error ci
	@touch $@

# Prints tables for docs/benchmarks.md. Takes hours with 20,000 releases: a machine with nothing else to do.
bench: .venv/.bench tests/bench/node_modules/.package-lock.json
	.venv/bin/python -m tests.bench.run --date "$$(date +%F)" $(BENCH)
	.venv/bin/python -m tests.bench.profile

# Prints the tables of docs/scale.md: ten minutes on a machine with nothing else to do.
scale: .venv/.test
	.venv/bin/python -m tests.bench.scale --date "$$(date +%F)" $(SCALE)

# Two seconds a round at most. What it does, and what must hold then: tests/faults/kill.py.
faults: .venv/.test
	.venv/bin/python -m tests.faults.kill $(FAULTS)

.venv/.bench: .venv/.test tests/bench/pelican.lock
	@tools/system-packages bench .venv/bin/python
	$(PYTHON) -m venv --clear .venv/bench
	.venv/bench/bin/pip --disable-pip-version-check --quiet install --require-hashes -r tests/bench/pelican.lock
	@touch $@

tests/bench/node_modules/.package-lock.json: tests/bench/package-lock.json | .venv/.bench
	cd tests/bench && $(npm) --loglevel=error ci
	@touch $@

lock:
	$(PYTHON) -m venv --clear .venv/lock && .venv/lock/bin/pip --quiet install uv
	$(call compile,build) --group build
	$(call compile,site) --constraints requirements/build.lock pyproject.toml
	$(call compile,test) --constraints requirements/build.lock --constraints requirements/site.lock \
		--group dev pyproject.toml
	$(resolve) --output-file tests/bench/pelican.lock tests/bench/pelican.in
	cd tests/tools && $(npm) --package-lock-only update
	cd tests/bench && $(npm) --package-lock-only update
	rm -r .venv/lock
compile = $(resolve) --output-file requirements/$(1).lock
resolve = .venv/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
	--annotation-style line --custom-compile-command 'make lock'

clean:
	rm -rf .venv build dist .communique .bench tests/tools/node_modules tests/bench/node_modules
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find src tests -name __pycache__ -prune -exec rm -rf {} +

help:
	@sed -n 's/^# //p;/^#$$/q' $(firstword $(MAKEFILE_LIST))
