# make demo and make test need Python 3.10 or later, make, and a package index; each makes what it needs.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
DEMO = out/diplomacy.store

.DELETE_ON_ERROR:
.PHONY: help demo test lint types unit bench bench-long wheel lowest newest licences audit sbom release clean

help:
	@echo "make demo   install into $(VENV), build a graph from the examples, ask it questions"
	@echo "make test   install with the development tools, check style and types, run all tests"
	@echo "make lint   the style and type checks alone"
	@echo "make lowest, make newest    all tests with the lowest and the newest versions of what is needed"
	@echo "make licences               docs/licences.md anew"
	@echo "make audit  look for known vulnerabilities in what is needed; asks the package index for them"
	@echo "make bench  measure speed, memory and quality, and print one table; takes half an hour"
	@echo "make bench-long  the figures of 20,000 documents for that table; takes an hour"
	@echo "make wheel  a source archive and a wheel in dist/"
	@echo "make release                these, and a bill of materials (CycloneDX), in dist/"
	@echo "make clean  remove what these made"

demo: $(VENV)/.installed
	@mkdir -p out
	$(BIN)/graphwright build examples/diplomacy/documents --to $(DEMO)
	@$(BIN)/python examples/diplomacy/show.py $(DEMO)
	@echo "To look at it in a browser: $(BIN)/graphwright serve $(DEMO)"

test: lint unit

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

unit: $(VENV)/.installed-dev
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

# ROWS chooses rows of the table, QUICK=1 small sizes: make bench ROWS="workers memory" QUICK=1
bench: $(VENV)/.installed-dev
	@mkdir -p out
	$(BIN)/python benchmarks/figures $(addprefix --only ,$(ROWS)) $(if $(QUICK),--quick) --json out/figures.json

bench-long: $(VENV)/.installed-dev
	@mkdir -p out
	$(BIN)/python benchmarks/figures/long.py --json out/long.json

wheel: $(VENV)/.installed-dev
	$(BIN)/python -m build --outdir dist

# What pyproject.toml promises of versions is tried out: both ends of what it allows, each in an environment of its own.
lowest: RESOLUTION = lowest-direct
newest: RESOLUTION = highest
lowest newest: $(VENV)/.installed-release
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(VENV)-$@
	$(BIN)/uv pip install --quiet --python $(VENV)-$@ --resolution $(RESOLUTION) --editable '.[dev]'
	$(VENV)-$@/bin/python -m pytest -m "not slow" --numprocesses auto --dist loadfile

licences: $(VENV)/.installed-dev
	$(BIN)/python .ci/licences.py > docs/licences.md

# What a user gets who installs today, and nothing that only we need.
$(VENV)-needed/requirements.txt: pyproject.toml | $(VENV)/.installed-release
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(VENV)-needed
	$(BIN)/uv pip compile --quiet --no-header --no-emit-index-url --upgrade --output-file $@ pyproject.toml
	$(BIN)/uv pip sync --quiet --python $(VENV)-needed $@

audit: $(VENV)-needed/requirements.txt
	$(BIN)/pip-audit --strict --no-deps --disable-pip --progress-spinner off --requirement $<

sbom: $(VENV)-needed/requirements.txt
	mkdir -p dist
	$(BIN)/cyclonedx-py environment --pyproject pyproject.toml --mc-type library --short-PURLs --output-reproducible \
	  --output-file dist/graphwright.cdx.json $(VENV)-needed/bin/python

release: wheel sbom

clean:
	rm -rf $(VENV) $(VENV)-lowest $(VENV)-newest $(VENV)-needed out dist .mypy_cache .ruff_cache .hypothesis
	find src tests examples benchmarks training -name __pycache__ -prune -exec rm -rf {} +

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip

# The package is installed in place: a change of the code needs no second installation, one of pyproject.toml does.
$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-release: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable '.[release]'
	@touch $@
