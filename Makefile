# Needs git, make, Node >= 20 and npm; everything else comes from npm. Run `make` to see what there is.
.DEFAULT_GOAL := help
# A build that failed half way must not look finished.
.DELETE_ON_ERROR:
.PHONY: help install run test check clean-data

# The repository installs its own Node 24, and everything below must run on it, not on the machine's.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

# Where `make run` keeps its data.
DATA ?= .data/local
INSTALLED := node_modules/.package-lock.json
INSTALL_LOG := .npm-install.log
SOURCES := $(shell find src -name '*.ts' -not -name '*.spec.ts' 2>/dev/null)

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo '  make run ONCE=1        ends by itself; the last line is one JSON object'
	@echo '  make run DATA=folder   keeps its data elsewhere (default .data/local)'
	@echo '  make run PORT=8080     another port for the API (default 8000, or a free one)'

install: $(INSTALLED) ## Install the dependencies exactly as locked

# npm writes this file last, so it is missing after an installation that was cut short.
$(INSTALLED): package-lock.json
	@command -v node >/dev/null || { echo 'Node >= 20 is needed: https://nodejs.org' >&2; exit 1; }
	@command -v npm >/dev/null || { echo 'npm is needed; it comes with Node: https://nodejs.org' >&2; exit 1; }
	@node -e 'process.exit(Number.parseInt(process.versions.node, 10) >= 20 ? 0 : 1)' \
		|| { echo "Node >= 20 is needed; this is $$(node --version)" >&2; exit 1; }
	@echo 'Installing dependencies (once; a minute or so) ...'
	@npm ci --no-audit --no-fund --loglevel=error >$(INSTALL_LOG) 2>&1 \
		|| { cat $(INSTALL_LOG) >&2; echo 'npm ci failed; its output is above and in $(INSTALL_LOG)' >&2; exit 1; }
	@touch $(INSTALLED)
	@node -e 'process.exit(Number.parseInt(process.versions.node, 10) >= 24 ? 0 : 1)' \
		|| { echo "npm has no Node 24 for this system; install Node >= 24 yourself (this is $$(node --version))" >&2; \
		rm -f $(INSTALLED); exit 1; }

dist/service/main.js: $(SOURCES) $(INSTALLED) tsconfig.json nest-cli.json scripts/bundle-service.mjs
	@npm run --silent build
	@touch dist/service/main.js

run: dist/service/main.js ## Start everything on this machine, submit the sample claims, keep serving
	@node dist/cli/main.js start-local --data "$(DATA)" \
		$(if $(filter 1 true yes,$(ONCE)),--once) $(if $(PORT),--port "$(PORT)")

test: $(INSTALLED) ## Run the whole suite
	@npm run --silent jest --

check: $(INSTALLED) ## Format, lint, dead code, types, architecture and unit tests
	@npm run --silent check

clean-data: ## Delete what `make run` has stored
	@if [ -f "$(DATA)/supervisor.pid" ] && kill -0 "$$(cat "$(DATA)/supervisor.pid")" 2>/dev/null; then \
		echo 'make run is using $(DATA); stop it first' >&2; exit 1; fi
	@if [ -e "$(DATA)" ] && [ ! -f "$(DATA)/secrets.json" ]; then \
		echo '$(DATA) holds no data of make run; not deleted' >&2; exit 1; fi
	@rm -rf "$(DATA)"
	@echo 'Deleted $(DATA)'
