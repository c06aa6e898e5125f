# Every target sets up what it needs. `make` alone says what there is.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: help demo test servers core others check format docs guide site slips-pictures sweep bench torture faults fuzz mutate lowest ldap3-next clean

help:
	@echo "make demo    the whole story on synthetic data"
	@echo "make test    the tests, as root; installs with apt the servers that are missing"
	@echo "make servers install with apt the servers that are missing"
	@echo "make core    of the tests: the unit tests, with the core and the extra “services” alone"
	@echo "make others  of the tests: all others"
	@echo "make check   format, lint, types, layers"
	@echo "make format  put the code in form"
	@echo "make docs    write the generated pages, the schema files and the catalogues of translations"
	@echo "make guide   follow the Norwegian guide, as root, and write into it what the screen shows now"
	@echo "make site    build the site of the documentation in build/site; ends where a link leads nowhere"
	@echo "make slips-pictures  pictures of slips in every language, to look at"
	@echo "make sweep   every number of every year against the oracle of the tests; the laws at their full size; every page of the site in a browser; the README's installation"
	@echo "make bench   start time, speed beside python-stdnum, how often inventions pass, how often people are confused, a check of 100,000 users, writing beside ldapadd, ldap3 and python-ldap, metadata of 10,000 entities, a PIFU file of 100,000 people, an unchanged one of 5,000 planned, an XLSX of 100,000 rows, the worklist of 10,000 people"
	@echo "make torture 500 runs that are killed or cut off, 600 races, 100 kills of real processes, every command before a hostile LDAP server; needs the servers"
	@echo "make faults  every write, fsync, lock and send of the commands that write, made to fail in every way; needs gcc and slapd"
	@echo "make fuzz    100,000 mutated inputs of every kind that is read: each is read, or refused with a documented exception"
	@echo "make mutate  mutation tests of feideprov/numbers"
	@echo "make lowest  the unit tests and the demo with the oldest versions that pyproject.toml accepts"
	@echo "make ldap3-next  the tests of directories with the candidate for the next version of ldap3; needs the servers"

# The environment with what an administrator installs; the developers' tools are added to it by the next target.
.venv/demo: pyproject.toml
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --no-input -e '.[cli]'
	@touch $@

# uv needs a tenth of pip's time.
.venv/made: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python -e '.[dev]'
	touch $@

demo: .venv/demo
	@$(BIN)/feideprov demo

test: core others

# With everything installed. The collection before it rewrites the assertions of the tests, once for all workers; what
# it finds wrong, the run says.
others: .venv/made servers
	@$(BIN)/python -m pytest --collect-only -qq --ignore tests/unit >/dev/null || true
	$(BIN)/python -m pytest -n auto --dist loadgroup --no-loadscope-reorder --ignore tests/unit

.venv-core/made: .venv/made
	$(PYTHON) -m venv --without-pip .venv-core
	$(BIN)/uv pip install --quiet --python .venv-core/bin/python -e '.[services]' 'pytest<9.2' pytest-xdist hypothesis
	touch $@

servers:
	sh tests/install-servers

core: .venv-core/made
	@.venv-core/bin/python -m pytest --collect-only -qq tests/unit >/dev/null || true
	.venv-core/bin/python -m pytest -n auto --dist loadgroup --no-loadscope-reorder tests/unit

check: .venv/made
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/made
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: .venv/made
	$(BIN)/python -m feideprov.reference catalogues
	$(BIN)/python -m feideprov.reference docs
	$(BIN)/python -m feideprov.schema.schema feideprov/schema/files

guide: .venv/made servers
	PYTHONPATH=tests/support $(BIN)/python tests/journeys/test_norwegian_guide.py
	PYTHONPATH=tests/support $(BIN)/python tests/servers/test_norwegian_guide.py

# To look at it: python3 -m http.server --directory build/site
site: .venv/made
	$(BIN)/python -m zensical build --strict --clean

slips-pictures: .venv/made servers
	rm -rf docs/pictures/slips
	$(BIN)/python tests/slips/pictures.py docs/pictures/slips

sweep: .venv/made servers
	$(BIN)/python tests/sweep/sweep.py
	$(BIN)/python tests/sweep/keys.py
	$(BIN)/python tests/sweep/list_encodings.py
	FULL_SIZE=yes $(BIN)/python -m pytest -n auto --dist loadgroup --no-loadscope-reorder tests/laws tests/unit tests/extras tests/journeys tests/bench tests/servers/test_site.py tests/sweep/readme_install.py

bench: .venv/made servers
	sh tests/bench/install-python-ldap $(BIN)/python
	$(BIN)/python tests/bench/start.py
	$(BIN)/python tests/bench/speed.py
	$(BIN)/python tests/bench/inventions.py
	$(BIN)/python tests/bench/same_person.py
	$(BIN)/python tests/bench/checking.py
	$(BIN)/python tests/bench/observing.py
	$(BIN)/python tests/bench/writing.py
	$(BIN)/python tests/bench/metadata.py
	$(BIN)/python tests/bench/enterprise.py
	$(BIN)/python tests/bench/nightly.py
	$(BIN)/python tests/bench/spreadsheet.py
	$(BIN)/python tests/bench/worklist.py

torture: .venv/made servers
	$(BIN)/python tests/torture/torture.py
	$(BIN)/python tests/torture/races.py
	FULL_SIZE=yes $(BIN)/python -m pytest -s tests/torture/test_hostile_ldap.py
	FULL_SIZE=yes $(BIN)/python -m pytest tests/torture/test_faults.py tests/torture/test_torture.py tests/servers/test_pipeline.py
	KILLS=100 $(BIN)/python -m pytest tests/servers/test_crash.py tests/servers/test_notices.py
	FULL_SIZE=yes $(BIN)/python -m pytest tests/servers/test_many_organizations.py tests/servers/test_late_writes.py tests/servers/test_setup_389.py tests/contract/test_directories.py

faults: .venv/made servers
	$(BIN)/python tests/faults/fault_sweep.py

fuzz: .venv/made
	$(BIN)/python tests/fuzz/fuzz.py

mutate: .venv/made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[mutation]"
	$(BIN)/python tests/mutation/run.py

# Only here, and made anew each time: `make test` is with the newest versions.
lowest: .venv/made servers
	$(PYTHON) -m venv --clear --without-pip .venv-lowest
	$(BIN)/uv pip install --quiet --python .venv-lowest/bin/python --resolution lowest-direct -e '.[dev]'
	.venv-lowest/bin/python -m pytest -n auto tests/unit tests/extras/test_saml_attacks.py tests/extras/test_saml_signatures.py tests/extras/test_spreadsheets.py tests/extras/test_sheets.py
	.venv-lowest/bin/feideprov demo

ldap3-next: servers
	$(PYTHON) -m venv --clear .venv-ldap3-next
	.venv-ldap3-next/bin/python -m pip install --quiet --disable-pip-version-check -e '.[dev]' 'ldap3==2.10.2rc4'
	.venv-ldap3-next/bin/python -m pytest -n auto --dist loadgroup tests/unit/directory tests/contract tests/servers tests/journeys/test_bad_server.py

clean:
	rm -rf .venv .venv-core .venv-lowest .venv-ldap3-next dist build
