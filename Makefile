# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later

PYTHON ?=
SCENARIO ?= default
TARGET ?=
SIZES ?= 10000 100000
HOSTS ?= 1
CASE ?=
IMAGE ?=
PART ?=
VERSION ?=
export PYTHON
export LC_ALL := C.UTF-8

BIN := .cache/venv/bin
# Runs in one checkout wait for each other, because they share .cache/. With CI=true, antsibull-nox changes no files.
NOX := flock --nonblock .cache/gate.lock true || echo "waiting for another run in this checkout"; \
	CI=true flock --close .cache/gate.lock $(BIN)/nox

VM_PARTS = $(IMAGE:%=--image=%) $(PART:%=--part=%)

.PHONY: help demo lab check test test-deep step integration molecule vm vm-full build docs format bench bench-load bench-fleet screens pictures release lock link clean setup setup-demo

help: ## list the targets (default)
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS='	' read -r target text; do printf '  make %-12s %s\n' "$$target" "$$text"; done

demo: NEEDS_ROOT := "make demo"
demo: setup-demo ## guided tour on two throwaway web servers; leaves this machine unchanged
	@$(BIN)/python tests/lab/demo.py

lab: NEEDS_ROOT := $(if $(CASE),"make lab CASE=$(CASE)")
lab: setup-demo ## list of TCP faults; reproduce and explain one on local test hosts: make lab CASE=last_ack
	@$(BIN)/python tests/lab/run_cases.py $(if $(CASE),show $(CASE))

check: setup ## linters, documentation, unit tests; about a minute
	@$(NOX) -s check

test: setup ## the gate: all checks, as in CI; about 15 minutes on an idle machine
	@tests/gate/venv.sh importer
	@$(NOX) -s test

test-deep: setup ## the gate, with virtual machines, all molecule scenarios, screens, Pythons and ansible-cores
	@tests/gate/packages.sh vm
	@tests/gate/packages.sh callbacks
	@tests/gate/venv.sh importer
	@tests/gate/venv.sh oldest
	@tests/gate/venv.sh callbacks
	@tests/gate/packages.sh report
	@$(NOX) -s deep

step: setup ## one session of the gate: make step STEP=sanity; without STEP: list them
	@$(if $(filter importer importer-all engines-image,$(STEP)),tests/gate/venv.sh importer)
	@$(if $(filter integration-oldest,$(STEP)),tests/gate/venv.sh oldest)
	@$(if $(filter vm,$(STEP)),tests/gate/packages.sh vm)
	@$(if $(filter report site-pages,$(STEP)),tests/gate/packages.sh report)
	@$(if $(filter callbacks-posix engines-redis,$(STEP)),tests/gate/packages.sh callbacks && tests/gate/venv.sh callbacks)
	@$(if $(STEP),$(NOX) -s $(firstword $(STEP)) -- $(wordlist 2,99,$(STEP)),$(BIN)/nox -l)

integration: setup ## integration targets on local test hosts: make integration TARGET=sysctl_profile
	@$(NOX) -s integration -- $(TARGET)

molecule: setup ## one molecule scenario in containers: make molecule SCENARIO=default
	@$(NOX) -s molecule -- $(SCENARIO)

vm: setup ## roles on virtual machines that reboot, minutes each: make vm IMAGE=debian12 PART=web
	@tests/gate/packages.sh vm
	@$(NOX) -s build
	@$(BIN)/python -m tests.vm $(VM_PARTS)

vm-full: setup ## every part on every kernel, or those named: make vm-full PART=power
	@tests/gate/packages.sh vm
	@$(NOX) -s build
	@$(BIN)/python -m tests.vm --full $(VM_PARTS)

build: setup ## the collection as a tarball, in .cache/build
	@$(NOX) -s build

docs: setup ## the support matrix in README.md, and the documentation site in .cache/docs/html
	@$(BIN)/python -m tests.gate.support
	@$(NOX) -s site

format: setup ## format Python files and sort their imports
	@$(BIN)/ruff check --quiet --select I --fix . ; $(BIN)/ruff format .

bench: ## benchmarks, ten minutes; all of them: make bench SIZES="10000 100000 500000 1000000" HOSTS="1 20" REPORT=1
	@tests/gate/packages.sh bench
	@tests/gate/venv.sh demo
	@tests/gate/venv.sh bench
	@tests/bench/tools.sh
	@.cache/bench/venv/bin/python -m tests.bench --sizes $(SIZES) --hosts $(HOSTS) $(if $(REPORT),--report)

bench-load: link ## the benchmark under load, five minutes: make bench-load LIVE=100000 RATE=5000 REPORT=1
	@tests/gate/packages.sh bench
	@tests/gate/venv.sh demo
	@$(BIN)/python -m tests.bench --only load $(if $(LIVE),--live $(LIVE)) $(if $(RATE),--rate $(RATE)) $(if $(REPORT),--report)

bench-fleet: link ## playbooks on fleets by ssh, an hour: make bench-fleet HOSTS="20 50 200" ROUNDS=3 REPORT=1
	@tests/gate/packages.sh bench
	@tests/gate/venv.sh demo
	@tests/bench/tools.sh sshd
	@$(BIN)/python -m tests.bench.fleet $(if $(filter-out 1,$(HOSTS)),--hosts $(HOSTS)) $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(REPORT),--report)

screens: setup ## record what the playbooks print into docs/screens: make screens NAME=tune-web
	@$(BIN)/python -m tests.screens $(NAME)

pictures: setup ## take the pictures of the documentation: a tune run and the report, in docs/img
	@tests/gate/packages.sh report
	@$(BIN)/python -m tests.screens.picture
	@$(BIN)/python -m tests.report

release: setup ## prepare and check a release, publish nothing: make release VERSION=1.1.0
	@tests/gate/packages.sh demo "make release"
	@$(BIN)/python -m tests.gate.release $(or $(VERSION),$(error VERSION is not set, such as VERSION=1.1.0))

lock: ## resolve requirements/*.in to the pinned requirements/*.txt
	@tests/gate/venv.sh lock

link: ## let playbooks/ find the collection in this checkout
	@mkdir -p playbooks/collections/ansible_collections/nettune
	@ln -sfn ../../../.. playbooks/collections/ansible_collections/nettune/tcp

clean: ## remove everything that make has created
	rm -rf .cache playbooks/collections

setup-demo: link
	@tests/gate/packages.sh demo $(NEEDS_ROOT)
	@tests/gate/venv.sh demo

setup: link
	@tests/gate/packages.sh gate
	@tests/gate/venv.sh gate
