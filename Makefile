# Laurel: everything a contributor runs. `make help` lists it.

SHELL := /bin/bash
GO    ?= go

GOLANGCI_VERSION := 2.15.0
GOLANGCI_BINARY  := $(shell $(GO) env GOPATH)/bin/golangci-lint
# The installed linter, if it is the pinned version; else the pinned one, built once into Go's cache.
GOLANGCI := $(shell if $(GOLANGCI_BINARY) version 2>/dev/null | grep -qF 'version $(GOLANGCI_VERSION) '; then \
	echo $(GOLANGCI_BINARY); else echo $(GO) run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v$(GOLANGCI_VERSION); fi)

# One PostgreSQL server for all packages of a run.
WITH_POSTGRES := $(GO) run ./internal/testdb/run

# What `make generate` writes. All of it is committed.
GENERATED := api/openapi.yaml api/client docs/configuration.md web/api

FUZZTIME ?= 30s
# Go makes each input that finds something new smaller for a minute, and tries nothing new meanwhile.
FUZZMINIMIZE ?= 20x

.DEFAULT_GOAL := help

.PHONY: help
help: ## List what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: ## Start the demo on http://127.0.0.1:8080, with everything embedded
	$(GO) run ./cmd/laurel demo

.PHONY: check
check: format vet lint ## Before each commit: format, vet, lint, quick tests (under a minute when warm)
	$(WITH_POSTGRES) $(GO) test -short $$($(GO) list ./... | grep -v /e2e)

.PHONY: registry-million
registry-million: ## Import a million generated rows of NPPES into both databases, and measure it
	$(WITH_POSTGRES) $(GO) test -tags million -timeout 30m -run TestAMillionRows -v ./internal/database/

.PHONY: test
test: packages web/node_modules/.package-lock.json ## Everything that CI runs: installs what is missing, checks, all tests, browser
	$(GO) mod verify
	.ci/unchanged 'make generate' $(GENERATED) -- $(MAKE) --no-print-directory generate
	$(MAKE) --no-print-directory format vet lint
	npm --prefix web run check
	npm --prefix web run test
	.ci/unchanged 'make web' web/dist -- $(MAKE) --no-print-directory web
	$(WITH_POSTGRES) $(GO) test -race -timeout 20m ./...
	npm --prefix web run e2e

.PHONY: generate
generate: web/node_modules/.package-lock.json ## Write the generated files again: contract, clients, reference pages
	$(GO) generate ./...
	npm --prefix web run generate

.PHONY: web
web: web/node_modules/.package-lock.json ## Build widget, console and demo shop into web/dist
	npm --prefix web run build

.PHONY: bench
bench: ## Measure the hot paths against a bare server and bare PostgreSQL, in one run
	$(GO) run ./cmd/laurel bench --write docs/performance.md

RACES ?= 1

.PHONY: races
races: ## Run the tests of races and faults, RACES times (1)
	$(WITH_POSTGRES) $(GO) test -count $(RACES) -timeout 2h -run '^(TestRaces|TestFaultsInTheMiddleOfARace|TestRedisFaults|TestAnAdopterRacesTheirDeployment)$$' ./cmd/laurel/e2e

.PHONY: redgreen
redgreen: ## Break each guard of checkout and proof on purpose: its test must fail
	GO=$(GO) .ci/redgreen

.PHONY: fuzz
fuzz: ## Run each fuzz target for FUZZTIME (30s)
	@set -e -o pipefail; \
	{ grep -rEoH --include='*_test.go' --exclude-dir=node_modules '^func Fuzz[A-Za-z0-9_]*' . || true; } | \
	while IFS=: read -r file target; do \
		echo "$${target#func } in $$(dirname "$$file"), $(FUZZTIME)"; \
		$(GO) test -run '^$$' -fuzz "^$${target#func }\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime $(FUZZMINIMIZE) "$$(dirname "$$file")" </dev/null; \
	done

.PHONY: format
format: ## Check that all Go code is formatted
	@unformatted=$$(gofmt -l $$(find . -name '*.go' -not -path '*/node_modules/*')); \
	if [ -n "$$unformatted" ]; then printf 'Not formatted; run gofmt -w:\n%s\n' "$$unformatted"; exit 1; fi

.PHONY: vet
vet: ## Run go vet
	$(GO) vet ./...

.PHONY: lint
lint: ## Run golangci-lint, pinned
	$(GOLANGCI) run

.PHONY: packages
packages: ## Install what the tests need of the system, where it is missing (Debian)
	.ci/packages

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	npm --prefix web ci --ignore-scripts
	@touch $@
