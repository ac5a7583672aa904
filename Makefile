# `make` says what there is. Everything is built in release mode, so that the solver HiGHS is compiled only once.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup build build-pdf demo test campaign fuzz lint workbook bench bench-full bench-peers bench-web commit

# Where cmake and libclang are. Make runs the setup to write it where it is missing, then reads it and goes on.
ifneq ($(filter-out help setup,$(MAKECMDGOALS)),)
include .build-env
endif

INSTANCE := instances/pilot.json
ORAUX := target/release/oraux

help: ## Say what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 16

.build-env: scripts/setup.sh
	@scripts/setup.sh

setup: ## Bring what the build needs: cmake, a C++ compiler, libclang
	@scripts/setup.sh

build: .build-env ## Build the oraux command
	cargo build --release --bin oraux

build-pdf: .build-env ## Build the oraux command with PDF (some six minutes more, the first time)
	cargo build --release --features pdf --bin oraux

demo: build ## Plan a pilot group of 150 candidates in 20 seconds and show the result
	@mkdir -p out
	$(ORAUX) solve $(INSTANCE) -o out/pilot.schedule.json --time 20
	$(ORAUX) check $(INSTANCE) out/pilot.schedule.json
	$(ORAUX) report $(INSTANCE) out/pilot.schedule.json -o out/pilot.html
	@# A project holds somebody's work: one that is there stays.
	@test -e out/pilot.oraux || $(ORAUX) project out/pilot.oraux --new --instance $(INSTANCE) --schedule out/pilot.schedule.json
	@echo; echo 'In the browser, to be adjusted by hand: $(ORAUX) serve out/pilot.oraux'

# With `FEATURES=pdf` one build serves the tests of documents in PDF as well, read back with pdftotext where there is one.
# The planning room's page is tried in a real browser, where there is one.
test: .build-env ## Run every test; with FEATURES=pdf, those of documents in PDF too
	cargo test --release $(FEATURES:%=--features %)
	scripts/browser.sh

# Several campaigns side by side, each for all the time: damaged schedules and workbooks, pins, bounds, re-plans, kills, hostile commands. SEED (a number
# that a campaign has said), CASES and ONLY (its name) repeat a case. What `make test` built is used again.
SECONDS := 300
campaign: .build-env ## Try at random what may go wrong, for SECONDS=300
	$(if $(SEED),ORAUX_SEED=$(SEED)) $(if $(CASES),ORAUX_CASES=$(CASES)) ORAUX_SECONDS=$(SECONDS) cargo test --release \
		$(FEATURES:%=--features %) --test suite -- --ignored --nocapture --test-threads=10 campaigns::$(ONLY)

# Nothing has to be installed for it: the compiler knows how, and libFuzzer comes with a crate. The first build takes a quarter of an
# hour. What is tried again each time is in fuzz/corpus.
READER := sheets
fuzz: .build-env ## Feed a reader with damaged bytes (READER=sheets, instance, schedule, events), for SECONDS=300
	@mkdir -p out/fuzz/$(READER)
	cd fuzz && cargo run --release --bin $(READER) -- -max_total_time=$(SECONDS) -timeout=10 -rss_limit_mb=2048 \
		-artifact_prefix=../out/fuzz/ ../out/fuzz/$(READER) corpus/$(READER)

lint: .build-env ## Check the format and the lints
	cargo fmt --all -- --check
	cargo clippy --release --all-targets -- -D warnings

workbook: build ## Write the pilot group as the example workbook
	$(ORAUX) --lang fr template -o instances/pilot.xlsx --from $(INSTANCE)

# The program knows the commit of its sources as they were when it was built: what is measured should know the last one.
commit:
	@log=$$(git rev-parse --git-path logs/HEAD 2>/dev/null) && [ "$$log" -nt $(ORAUX) ] && touch build.rs || true

# One run after the other, each on two threads: nothing else should work on the machine. Stopped, the same command goes on.
QUICK := $(addprefix instances/,small.json pilot.json large.json.gz tight.json)
KNOWN := --best-known instances/best_known.csv
bench: commit build ## Compare the strategies, in a quarter of an hour
	$(ORAUX) bench $(QUICK) --strategies portfolio,anneal,decompose,greedy --seeds 1-3 --seconds 20 --threads 2 $(KNOWN) -o out/bench

bench-full: commit build ## Compare the strategies on all instances, for hours
	$(ORAUX) bench $(QUICK) instances/first-written-day.json instances/first-written-day-orals.json \
		instances/national.json.gz --strategies portfolio,anneal,decompose,greedy --seeds 1-5 --seconds 600 --threads 2 $(KNOWN) -o out/bench-full

# OR-Tools comes from PyPI and is needed by nothing else; the runs join those of `make bench` in one report.
bench-peers: commit build .venv-peers/.done ## Run a CP-SAT program on the same instances, in five minutes
	$(ORAUX) bench $(QUICK) --peer cp-sat=".venv-peers/bin/python benches/peers/cp_sat.py" --strategies peer-cp-sat \
		--seeds 1-3 --seconds 20 --threads 2 $(KNOWN) -o out/bench

# Nothing else should work on the machine.
bench-web: build ## Measure the planning room's page in a real browser, in ten minutes
	REQUIRE_BROWSER=1 scripts/browser.sh tests/browser/bench_planning.py

.venv-peers/.done: benches/peers/requirements.txt
	python3 -m venv .venv-peers
	.venv-peers/bin/pip install --quiet -r $<
	@touch $@
