# Everything a person or CI runs. `make help` lists it.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

PYTHON ?= python3
MOTO := .cache/moto

.PHONY: help install build generate verify test test-unit test-sim reliability test-contract test-integration test-kind soak demo picture dashboard bench control-plane cluster-tools clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

node_modules/.installed: package.json package-lock.json .npmrc
	@command -v npm >/dev/null || { echo 'npm is missing: install Node.js (any version that brings npm 10 or newer)'; exit 1; }
	@# Not `npm ci`: it refuses a lock file made where the binaries of other platforms could not be had.
	npm install --no-save --no-progress
	@touch $@

install: node_modules/.installed ## Install what the targets need (npm packages with the project's own Node)

$(MOTO)/.installed: tools/moto/requirements.txt
	@if command -v $(PYTHON) >/dev/null; then \
	  $(PYTHON) -m venv $(MOTO) && $(MOTO)/bin/pip install --quiet --disable-pip-version-check -r $< && touch $@; \
	else echo 'skipped: moto (install Python 3.10 or newer with venv to run the contract suite against it)'; fi

control-plane: install ## Build or find the local Kubernetes control plane
	node tools/control-plane/build.ts

cluster-tools: install ## Build helm, kubeconform, promtool, PromQL and what judges objects as Flux and Argo CD do
	node tools/cluster-tools/build.ts

build: install ## Bundle the operator into dist/ecs-operator.mjs
	node tools/build.ts

generate: install ## Write the generated files (CRDs, RBAC, reference docs)
	node tools/generate.ts

verify: install ## Check format, lint, types, layers, dead code, generated files, docs links
	biome ci --colors=off .
	oxlint --type-aware --deny-warnings
	tsc --noEmit
	knip --treat-config-hints-as-errors
	node tools/generate.ts --check
	vitest run --project structure

test: install control-plane cluster-tools $(MOTO)/.installed build ## Run all tests: unit, whole operator, contract, integration
	node tools/run-tests.ts unit sim contract integration

test-unit: install ## Run the unit tests
	node tools/run-tests.ts unit

test-sim: install ## Run the whole-operator tests on virtual time
	node tools/run-tests.ts sim

reliability: install ## Run all points of the fault matrix and write the results into docs/reliability.md
	rm -rf .cache/matrix
	@# Also a red run is written down, with what was violated.
	status=0; MATRIX=page MATRIX_RESULTS=.cache/matrix vitest run --project sim test/sim/matrix --exclude '**/page.test.ts' || status=$$?; \
	  node test/sim/matrix/write-page.ts .cache/matrix; exit $$status

test-contract: install control-plane $(MOTO)/.installed ## Run the contract suites against every backing there is
	node tools/run-tests.ts contract

test-integration: install control-plane cluster-tools build ## Run the tests on a real API server
	node tools/run-tests.ts integration

test-kind: install control-plane cluster-tools build ## Run the operator's image in a kind cluster, and what integration tests any cluster can serve; needs Docker
	node tools/run-tests.ts kind

soak: install control-plane build ## Random troubles for an hour, or DURATION=20m OBJECTS=300 SEED=1; then all crash points, pauses and WALKS=300 through specs
	node test/soak/main.ts
	node tools/run-tests.ts soak
	WALKS=$${WALKS:-300} FAST_CHECK_SEED=$${SEED:-$$RANDOM} vitest run --project sim test/sim/walks

demo: install control-plane build ## Show a service rolling out; ONCE=1 tells the story without a terminal
	node test/demo/main.ts $(if $(ONCE),--once)

picture: install control-plane build ## Draw the picture of the demo anew
	node test/demo/main.ts --once --picture docs/demo.svg

dashboard: install control-plane cluster-tools build ## Draw the dashboard of the operator at work for 8 minutes anew
	node test/dashboard/main.ts

bench: install control-plane build ## Measure; docs/benchmarks.md says what
	node test/bench/main.ts

clean: ## Remove what the targets made
	rm -rf node_modules dist .cache
