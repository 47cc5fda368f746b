# `make report` and `make test` each install what they need first; nothing is installed twice.
STUDY ?= microworld
# What STUDY=all means: the studies with published numbers.
STUDIES := thesis_logo unicorn_girl sks_dog clip_similarity
# Another base model, one's own pictures, any other setting of every cell: e.g. MODEL=sd15 SUBJECT=folder
# OVERRIDES="subject.folder=$HOME/cat subject.identifier='sks cat' subject.class_words=cat"
WORDS = $(if $(MODEL),model=$(MODEL)) $(if $(SUBJECT),subject=$(SUBJECT)) $(OVERRIDES)
# A file of sdbench/bench/sizes: what `make bench` measures.
BENCH ?= microworld
WORKERS ?= 2
# Without a GPU a study runs in workers of one thread each (the studies say threads=1): faster than one of as many
# threads, and the same numbers on any number of cores.
LAUNCHER ?= $(if $(wildcard /dev/nvidia*),,hydra/launcher=workers hydra.launcher.n_jobs=$(WORKERS))
BIN := .venv/bin
INSTALLED := .venv/.installed

.DEFAULT_GOAL := help
.PHONY: help install check test endurance report bench lock clean

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## */  make \1\t/' | expand -t 18

install: $(INSTALLED)  ## .venv with the pinned requirements and sdbench, by uv

# A working uv: the one on the path, else one of our own. `pip --target` is allowed where PEP 668 forbids the rest,
# and a small venv does where there is no pip outside of one.
UV = $$(uv --version >/dev/null 2>&1 && echo uv || echo .uv/bin/uv)
$(INSTALLED): requirements.txt pyproject.toml
	@uv --version >/dev/null 2>&1 || test -x .uv/bin/uv \
	  || python3 -m pip install --quiet --target .uv uv \
	  || { rm -rf .uv && python3 -m venv .uv && .uv/bin/pip install --quiet uv; } \
	  || { echo "uv could not be installed: see https://docs.astral.sh/uv, then repeat" >&2; exit 1; }
	test -x $(BIN)/python || $(UV) venv --quiet --python '>=3.11,<3.14' .venv
	$(UV) pip sync --quiet --compile-bytecode --python $(BIN)/python requirements.txt
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

check: $(INSTALLED)  ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# One thread a worker: on few cores, two such workers do more than one process with two threads.
PYTEST := OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile
test: $(INSTALLED)  ## every test but those of endurance
	$(PYTEST) -m "not endurance"

endurance: $(INSTALLED)  ## the slow ones: kill storms, Ray and Slurm clusters, coverage of intervals
	$(PYTEST) -m endurance

report: $(INSTALLED)  ## run what is missing of STUDY (microworld), or of all, audit its metrics, write reports/STUDY/
	@set -e; for study in $(if $(filter all,$(STUDY)),$(STUDIES),$(STUDY)); do \
	  if [ ! -f experiments/$$study/matrix.yaml ]; then \
	    $(BIN)/sdbench run --study $$study $(LAUNCHER) $(WORDS) || test $$? -eq 1; \
	    $(BIN)/sdbench audit $$study $(WORDS); \
	  fi; \
	  $(BIN)/sdbench report $$study; \
	done  # exit code 1: a cell did not finish, which the report shows

bench: $(INSTALLED)  ## speed beside diffusers' scripts (PEER=their checkout) or a plain loop: reports/bench/
	$(BIN)/sdbench bench $(BENCH) $(if $(PEER),--peer $(PEER))

lock: $(INSTALLED)  ## pin requirements.txt anew from pyproject.toml; says no index, no host
	$(UV) pip compile pyproject.toml --extra dev --extra ray --universal --upgrade --quiet \
	  --no-emit-index-url --no-annotate --no-header --output-file requirements.txt

clean:  ## remove what was installed and what tools cached; runs/ and reports/ stay
	rm -rf .venv .uv *.egg-info .pytest_cache .ruff_cache .mypy_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
