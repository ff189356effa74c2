# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later

PYTHON ?=
SCENARIO ?= default
TARGET ?=
SIZES ?= 10000 100000
HOSTS ?= 1
CASE ?=
export PYTHON
export LC_ALL := C.UTF-8

BIN := .cache/venv/bin
GATE := $(BIN)/python -m tests.gate

.PHONY: help demo lab test check test-deep build docs molecule integration step lock clean bench setup-demo setup

help: ## what can be made (this list)
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS='	' read -r target text; do printf '  make %-12s %s\n' "$$target" "$$text"; done

demo: setup-demo ## the main job on two embedded web servers, explained as it goes; changes nothing of this machine
	@$(BIN)/python tests/lab/demo.py

lab: setup-demo ## TCP pathologies on private hosts: the list of them; one explained as it goes: make lab CASE=last_ack
	@$(BIN)/python tests/lab/pathologies.py $(if $(CASE),show $(CASE))

test: setup ## the whole gate, as a CI runs it
	@tests/gate/venv.sh importer
	@$(GATE) test

check: setup ## the inner loop: linters, documentation, unit tests; under a minute
	@$(GATE) check

test-deep: setup ## the gate, every molecule scenario, and the oldest ansible-core
	@tests/gate/venv.sh importer
	@tests/gate/venv.sh oldest
	@$(GATE) deep

build: setup ## the collection's tarball, in .cache/build
	@$(GATE) build

docs: setup ## the documentation site, in .cache/docs/html
	@$(GATE) site

molecule: setup ## one molecule scenario: make molecule SCENARIO=default
	@$(GATE) molecule $(SCENARIO)

integration: setup ## integration targets on private hosts: make integration TARGET=sysctl_profile
	@$(GATE) integration $(TARGET)

step: setup ## one step of the gate: make step STEP=sanity
	@$(GATE) $(or $(STEP),$(error which? make step STEP=ruff))

bench: ## benchmarks, in a few minutes; all of it: make bench SIZES="10000 100000 500000 1000000" HOSTS="1 20" REPORT=1
	@tests/gate/packages.sh bench
	@tests/gate/venv.sh demo
	@tests/gate/venv.sh bench
	@tests/bench/tools.sh
	@.cache/bench/venv/bin/python -m tests.bench --sizes $(SIZES) --hosts $(HOSTS) $(if $(REPORT),--report)

lock: ## requirements/*.txt anew, from what requirements/*.in ask for
	@tests/gate/venv.sh lock

clean: ## all that the above made
	rm -rf .cache

setup-demo:
	@tests/gate/packages.sh demo
	@tests/gate/venv.sh demo

setup:
	@tests/gate/packages.sh gate
	@tests/gate/venv.sh gate
