# The commands of the project. `make install run test check weights bench`; every one installs what it needs.

PYTHON ?= python3
PORT ?= 8000
SERVERS ?= 2
DATA ?= $(firstword $(wildcard $(DIGITS_DATA) ../shared/data data) data)
BIN := .venv/bin
SUDO := $(shell [ "$$(id -u)" = 0 ] || command -v sudo)
APT := $(SUDO) apt-get update -qq && $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq

.PHONY: install run up restart static test test-fast check format data weights experiments figures maths types rooms screenshots bench peers lock browsers clean

install: .venv/.dev node_modules/.done  ## everything, locked, in .venv and node_modules

run: .venv/.serve static  ## serve on http://localhost:$(PORT)
	PORT=$(PORT) exec $(BIN)/python -m app

up: .venv/.serve static  ## serve by $(SERVERS) processes behind nginx; one that ends is started anew
	@test -x "$$(PATH="$$PATH:/usr/sbin" command -v nginx)" || { $(APT) nginx-light; }
	PORT=$(PORT) exec $(BIN)/python -m deploy.up --servers $(SERVERS)

restart:  ## replace the processes of `make up` one after the other, and lose no request
	@grep -qs deploy.up /proc/$$(cat runs/up/pid 2>/dev/null)/cmdline || { echo 'Nothing is there to replace: `make up` starts it' >&2; exit 1; }
	kill -USR1 $$(cat runs/up/pid)

static: static/dist/manifest.json  ## the pages' files, from static/js and static/css

# Tests of browsers wait for frames, those of servers for time-outs: one worker more than there are cores works meanwhile.
test: install static browsers  ## all tests: Python, JavaScript, real browsers
	$(BIN)/node --test 'tests/js/**/*.test.js'
	$(BIN)/python -m pytest --numprocesses $$(($$(getconf _NPROCESSORS_ONLN) + 1)) --maxprocesses 4 --dist worksteal

test-fast: install static  ## the inner loop: JavaScript and Python, without browsers, servers and trainings
	$(BIN)/node --test 'tests/js/**/*.test.js'
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal -m "not slow" --ignore tests/e2e

check: install  ## lint, format and types, Python and JavaScript
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/node node_modules/typescript/bin/tsc --project jsconfig.json
	$(BIN)/python -m tools.api_types --check

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

data: .venv/.dev  ## fetch the training data that $(DATA) lacks, and check what it has
	$(BIN)/python -m model.data --data $(DATA)

# Two jobs of one thread of BLAS each keep two cores busy, with a network each.
# What is done is done until all is, and an interrupted training is resumed; once all is done, the next call starts anew.
weights: .venv/.dev  ## retrain what ships; again after an interruption: goes on
	$(MAKE) --jobs 2 runs/small.trained runs/wide.trained
	for file in digits.npz digits.gallery.npz digits.maths.json; do cp runs/wide/$$file weights/digits-wide$${file#digits}; done
	cp runs/wide/report.json weights/report-wide.json
	$(BIN)/python -m model.localize --data $(DATA)
	$(BIN)/python -m model.segment --data $(DATA)
	$(MAKE) --jobs 2 $(EVALUATIONS)
	rm weights/digits-wide.mistakes.npz
	rm runs/small.trained runs/wide.trained

EVALUATIONS := evaluate-digits evaluate-digits-wide
.PHONY: $(EVALUATIONS)
$(EVALUATIONS): evaluate-%: .venv/.dev
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m model.evaluate --data $(DATA) --weights weights/$*.npz

runs/small.trained:
	$(call train,weights,recipes/small.toml)
	@mkdir -p $(@D) && touch $@

runs/wide.trained:
	$(call train,runs/wide,recipes/wide.toml)
	@mkdir -p $(@D) && touch $@

train = OPENBLAS_NUM_THREADS=1 $(BIN)/python -m model.train --data $(DATA) --out $(1) $(if $(wildcard $(1)/resume.npz),--resume,--recipe $(2))

experiments: .venv/.dev  ## answer the questions in experiments/, by the trainings that runs/ lacks
	$(BIN)/python -m model.experiment experiments/*.toml --data $(DATA)

figures: .venv/.dev  ## the README's tables, from the report and the settings
	$(BIN)/python -m tools.readme

maths: install  ## docs/maths.md's excerpts and numbers, the page made from it, and the numbers in weights/
	$(BIN)/python -m tools.maths

types: install  ## static/js/server/api.d.ts, the API's types for the page, from its schemas
	$(BIN)/python -m tools.api_types

rooms: .venv/.dev  ## CONTRIBUTING's picture of the rooms, from the imports
	$(BIN)/python -m tools.rooms

screenshots: .venv/.dev static browsers  ## the pictures of the README, of links to the pages, and of their icon
	$(BIN)/python -m tests.e2e.screenshots

bench: .venv/.dev static  ## the benchmarks, each a ratio measured in one run
	$(BIN)/python -m bench

capacity: .venv/.dev static browsers  ## measure what a drawing costs, and docs/capacity.md from it
	$(BIN)/python -m bench.capacity
	$(BIN)/python -m tools.capacity

peers: .venv/.bench node_modules/.bin/lighthouse  ## what benchmarks measure against, and the fuzzers; by hand: `apt-get install wrk`, PyTorch: .venv/bin/pip install torch==2.13.0

lock: .venv/.dev  ## resolve the dependencies anew; the files name versions and hashes, no index
	$(BIN)/python -m pip install --quiet uv
	$(call compile,requirements/serve.txt)
	$(call compile,requirements/dev.txt --extra train --extra dev --constraint requirements/serve.txt)
	$(call compile,requirements/bench.txt --extra train --extra dev --extra bench --constraint requirements/dev.txt)
	$(call compile,requirements/build.txt --group build --constraint requirements/dev.txt)
	$(call compile,requirements/audit.txt --group audit --constraint requirements/dev.txt)
	npm_config_omit_lockfile_registry_resolved=true $(npm) install --package-lock-only

compile = $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --custom-compile-command 'make lock' $(if $(findstring --group,$(1)),,pyproject.toml) --output-file $(1)

.PHONY: capacity image base sbom audit

IMAGE ?= inkscope
VERSION := $(shell sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)

image:  ## the container's image, $(IMAGE), on the base that requirements/image.txt pins
	docker build --tag $(IMAGE):$(VERSION) --tag $(IMAGE):latest --build-arg BASE=$(shell cat requirements/image.txt) --build-arg VERSION=$(VERSION) \
		--build-arg REVISION=$(shell git rev-parse HEAD) --build-arg SOURCE=$(shell git config --get remote.origin.url | sed 's,//[^/]*@,//,') .  # without a password

base:  ## pin the newest base of the image
	tag=$$(sed -n 's/^ARG BASE=//p' Dockerfile) && docker pull --quiet $$tag && \
		docker inspect --format '{{index .RepoDigests 0}}' $$tag | sed "s/^.*@/$$tag@/" >requirements/image.txt

sbom: .venv/.audit .venv/.node  ## bills of materials (CycloneDX) of the server and of the pages' bundle, in runs/
	mkdir -p runs
	$(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible --of JSON -o runs/sbom-server.json requirements/serve.txt
	$(npm) sbom --package-lock-only --omit dev --sbom-format cyclonedx >runs/sbom-page.json

audit: .venv/.audit .venv/.node  ## known vulnerabilities of what serves, builds and tests; asks the registries
	$(BIN)/pip-audit --strict --require-hashes --disable-pip $(patsubst %,--requirement requirements/%.txt,serve build dev audit)
	$(npm) audit

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Inkscope needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another with make PYTHON=...")'
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { $(APT) python3-venv; }
	$(PYTHON) -m venv .venv

.venv/.serve: requirements/serve.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

.venv/.dev: requirements/dev.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@ .venv/.serve

.venv/.bench: requirements/bench.txt | .venv/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

.venv/.audit: requirements/audit.txt | .venv/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

node_modules/.bin/lighthouse: | node_modules/.done
	$(npm) install --silent --no-audit --no-fund --no-save lighthouse@13

.venv/.node: requirements/build.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

node_modules/.done: package-lock.json | .venv/.node
	$(npm) ci --silent --no-audit --no-fund
	@touch $@ node_modules/.build

node_modules/.build: package-lock.json | .venv/.node
	$(npm) ci --silent --no-audit --no-fund --omit=dev
	@touch $@

npm = PATH="$(CURDIR)/$(BIN):$$PATH" npm

static/dist/manifest.json: vite.config.js $(shell find static/js static/css static/fonts static/public -type f) | node_modules/.build
	$(BIN)/node node_modules/vite/bin/vite.js build --logLevel warn

browsers:  # Chromium, Firefox, and WebKit on a display that nobody sees
	@command -v chromium >/dev/null || { $(APT) chromium; }
	@command -v chromium-headless-shell >/dev/null || { $(APT) chromium-headless-shell; } || true  # faster, if there is one
	@command -v firefox-esr >/dev/null || command -v firefox >/dev/null || { $(APT) firefox-esr; }
	@command -v WebKitWebDriver >/dev/null && command -v Xvfb >/dev/null || { $(APT) webkit2gtk-driver xvfb; }

clean:
	rm -rf .venv node_modules static/dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
