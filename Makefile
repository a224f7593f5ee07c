# alkconv: product build (PGXS) and the entry points of the test bed.
#
#   make && make install && make installcheck    with PG_CONFIG and, for installcheck, ALKCONV_TEST_MYSQL (a DSN)
#   make demo | check | check-all | bench        everything in throw-away servers; needs no Postgres on this machine
#
# Variables: PG_CONFIG, MYSQL_CLIENT=auto|mariadb|mysql, WERROR=, SANITIZE=1 (ASan and UBSan),
# KEEP=1 (demo keeps its servers up), TESTBED=auto|chroot|host. docs/testing.md describes the test bed.

TESTBED_GOALS = demo check check-all bench testbed-shell lint

ifneq ($(filter $(TESTBED_GOALS),$(MAKECMDGOALS)),)

# The test bed brings its own Postgres: nothing here may ask for pg_config.
export KEEP SANITIZE TESTBED JOBS
.PHONY: $(TESTBED_GOALS)
demo check check-all bench lint:
	@test/testbed/testbed $@
testbed-shell:
	@test/testbed/testbed shell

else

EXTENSION   = control/alkconv
EXTVERSION := $(shell sed -n "s/^default_version *= *'\(.*\)'.*/\1/p" control/alkconv.control)
DATA        = $(wildcard control/alkconv--*.sql)
MODULE_big  = alkconv
OBJS        = $(patsubst %.cpp,%.o,$(sort $(wildcard src/*/*.cpp)))
REGRESS     = $(patsubst sql/%.sql,%,$(sort $(wildcard sql/*.sql)))
EXTRA_CLEAN = $(wildcard src/*/*.d) .build-id results regression.diffs regression.out

include build.mk

# The tests of the C++/Postgres boundary live in an extension of their own, which is never part of `make install`.
.PHONY: test-module test-module-install test-module-clean
test-module: all
	$(MAKE) -C test/module
test-module-install: test-module
	$(MAKE) -C test/module install
test-module-clean:
	$(MAKE) -C test/module clean

endif
