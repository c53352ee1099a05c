# Two configurations: what one works with every day is built in debug, once for dev, demo and test; what measures or
# takes long runs the programs that ship.

SWIFT ?= swift
SOURCES := Package.swift Sources Tests bench/LoadGenerator bench/BrokerLimit bench/NachaFigures

# What a target needs is made in the order in which it is written, with make -j too: nothing is built before the setup.
.NOTPARALLEL:

.PHONY: help setup build release dev demo test chaos chaos-webhooks conformance soak contract-coverage allocations fuzz bench bench-peers format lint clean

help: ## Say what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /	/' | expand -t 20

setup: ## Install what is missing on Debian 12, Ubuntu 24.04 or later
	scripts/setup

build: ## Build every program in debug, as dev, demo and test do
	scripts/build debug

release: ## Build every program as it ships
	scripts/build release

dev: setup build ## Run the whole system on this machine until Ctrl-C
	@exec .build/debug/paylinks dev

demo: setup build ## Create, claim, settle and be told of it, on a running system or one of its own
	@scripts/demo

test: setup ## Build everything, and run every test beside servers of its own
	@scripts/test

chaos: setup ## Kill each part for a minute under load, expire 100,000 links, kill webhook workers
	@CONFIGURATION=release PAYLINKS_CHAOS_SECONDS=60 scripts/test --filter 'IntegrationTests.FaultTests|IntegrationTests.ExpiryTests|WebhookChaosTests'

chaos-webhooks: setup ## Kill webhook workers at random for a minute of 500 events a second
	@CONFIGURATION=release PAYLINKS_CHAOS_SECONDS=60 scripts/test --filter WebhookChaosTests

conformance: setup release ## Have programs of others look for faults in the whole system, at full length
	@scripts/conformance

soak: setup ## Send the gateway 200,000 requests and 10,000 silent connections, and watch its memory
	@CONFIGURATION=release PAYLINKS_SOAK=full scripts/test --filter SoakTests

contract-coverage: setup ## Write docs/contract-coverage.md anew from its table
	@PAYLINKS_WRITE_DOCS=1 scripts/test --filter ContractCoverageTests

fuzz: setup ## Read 20,000 mutated Nacha files
	@PAYLINKS_FUZZ_ROUNDS=20000 scripts/test --filter 'NachaTests.FuzzTests'

allocations: setup ## Count what a request allocates in the programs that ship
	@CONFIGURATION=release scripts/test --filter AllocationTests

format: ## Rewrite the sources in the project's format
	$(SWIFT) format --in-place --recursive --parallel $(SOURCES)

lint: ## Say where the sources depart from the project's format
	$(SWIFT) format lint --strict --recursive --parallel $(SOURCES)

clean: ## Remove what was built
	rm -rf .build

bench: setup release ## Measure a fresh system on this machine (QUICK=1: in minutes); results in .paylinks/bench
	@bench/setup
	@python3 -m unittest discover --quiet --start-directory bench/tests
	@bench/run $(if $(QUICK),--quick) >/dev/null

bench-peers: setup release ## Measure the same claims through FastAPI, Celery and psycopg, beside ours
	@bench/setup peers
	@bench/run $(if $(QUICK),--quick) --only wallet-hot,wallet-cold,peer >/dev/null
