# `make` says what there is. Everything is built in release mode, so that the solver HiGHS is compiled only once.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup build demo test lint

# Where cmake and libclang are. Make runs the setup to write it where it is missing, then reads it and goes on.
ifneq ($(filter-out help setup,$(MAKECMDGOALS)),)
include .build-env
endif

INSTANCE := instances/pilot.json
ORAUX := target/release/oraux

help: ## Say what there is
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

.build-env: scripts/setup.sh
	@scripts/setup.sh

setup: ## Bring what the build needs: cmake, a C++ compiler, libclang
	@scripts/setup.sh

build: .build-env ## Build the oraux command
	cargo build --release --bin oraux

demo: build ## Plan a pilot group of 150 candidates in 20 seconds and show the result
	@mkdir -p out
	$(ORAUX) solve $(INSTANCE) -o out/pilot.schedule.json --time 20
	$(ORAUX) check $(INSTANCE) out/pilot.schedule.json
	$(ORAUX) report $(INSTANCE) out/pilot.schedule.json -o out/pilot.html
	@echo
	@echo "Open out/pilot.html in a browser."

test: .build-env ## Run every test
	cargo test --release

lint: .build-env ## Check the format and the lints
	cargo fmt --all -- --check
	cargo clippy --release --all-targets -- -D warnings
