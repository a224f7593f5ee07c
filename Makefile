# alkconv: product build (PGXS) and the entry points of the test bed.
#
#   make && make install && make installcheck    with PG_CONFIG and, for installcheck, ALKCONV_TEST_MYSQL (a DSN)
#   make demo | check | check-all | check-mutants | bench    everything in throw-away servers; needs no Postgres on this machine
#
# Variables: PG_CONFIG, MYSQL_CLIENT=auto|mariadb|mysql, WERROR=, SANITIZE=1 (ASan and UBSan),
# KEEP=1 (demo keeps its servers up), TESTBED=auto|chroot|host. docs/testing.md describes the test bed.

TESTBED_GOALS = demo check check-all check-mutants bench testbed-shell lint

ifneq ($(filter $(TESTBED_GOALS),$(MAKECMDGOALS)),)

# The test bed brings its own Postgres: nothing here may ask for pg_config.
export KEEP SANITIZE TESTBED JOBS
.PHONY: $(TESTBED_GOALS)
demo check check-all bench lint:
	@test/testbed/testbed $@
check-mutants:
	@test/testbed/testbed mutants
testbed-shell:
	@test/testbed/testbed shell

else

EXTENSION   = control/alkconv
EXTVERSION := $(shell sed -n "s/^default_version *= *'\(.*\)'.*/\1/p" control/alkconv.control)
DATA        = $(wildcard control/alkconv--*.sql)
MODULE_big  = alkconv
OBJS        = $(patsubst %.cpp,%.o,$(sort $(wildcard src/*/*.cpp)))
# What needs the test module runs where that is installed, as it is in the test bed.
regress_all = $(patsubst sql/%.sql,%,$(sort $(wildcard sql/*.sql)))
regress_module = $(patsubst sql/%.sql,%,$(shell grep -l 'EXTENSION.* alkconv_test' sql/*.sql))
REGRESS     = $(filter-out $(if $(wildcard $(datadir)/extension/alkconv_test.control),,$(regress_module)),$(regress_all))
EXTRA_CLEAN = $(wildcard src/*/*.d) .build-id results regression.diffs regression.out

include build.mk

# The tests read a source: its DSN alone is enough, the test bed sets all of these.
ifneq ($(ALKCONV_TEST_MYSQL),)
dsn = $(shell printf '%s' '$(ALKCONV_TEST_MYSQL)' | sed -nE 's|^mysql://([^:@/]*):([^@]*)@([^:/]*):?([0-9]*)(/.*)?$$|\$(1)|p')
export ALKCONV_TEST_MYSQL
export ALKCONV_TEST_MYSQL_USER ?= $(call dsn,1)
export ALKCONV_TEST_MYSQL_PASSWORD ?= $(call dsn,2)
export ALKCONV_TEST_MYSQL_HOST ?= $(call dsn,3)
export ALKCONV_TEST_MYSQL_PORT ?= $(or $(call dsn,4),3306)
export ALKCONV_TEST_MYSQL_CLIENT ?= $(CURDIR)/test/mysql_client
endif
installcheck: source-given
.PHONY: source-given
source-given:
	@test -n '$(ALKCONV_TEST_MYSQL_USER)' || { echo 'set ALKCONV_TEST_MYSQL=mysql://user:password@host:port/ to a MySQL or' \
		'MariaDB server for tests (the account makes and drops databases), or use make check' >&2; exit 1; }

# The tests of the C++/Postgres boundary live in an extension of their own, which is never part of `make install`.
.PHONY: test-module test-module-install test-module-clean
test-module: all
	$(MAKE) -C test/module
test-module-install: test-module
	$(MAKE) -C test/module install
test-module-clean:
	$(MAKE) -C test/module clean

endif
