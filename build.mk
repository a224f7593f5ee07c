# Compile and link flags of every shared library here: the product (Makefile) and the test module (test/module/Makefile).
# The including Makefile sets MODULE_big, OBJS and the like, and TOP (empty at the top, otherwise ending in a slash).
#
# The layers are enforced by include paths: src/core sees neither Postgres nor MySQL, src/mysql sees the client library,
# everything else sees Postgres. Postgres' own headers are system headers, so that our warnings can be errors.

PG_CONFIG ?= pg_config
ifeq ($(shell command -v $(PG_CONFIG)),)
$(error pg_config not found: install the server headers of Postgres (Debian: postgresql-server-dev-NN) or set PG_CONFIG; `make check` and `make demo` do not need it)
endif
PGXS := $(shell $(PG_CONFIG) --pgxs)
ifeq ($(wildcard $(PGXS)),)
$(error $(PGXS) not found: the server headers of Postgres are missing (Debian: postgresql-server-dev-NN))
endif

# --- the client library ---------------------------------------------------------------------------------------------
MYSQL_CLIENT ?= auto
override client_wanted := $(if $(filter auto,$(MYSQL_CLIENT)),mariadb mysql,$(MYSQL_CLIENT))
client_probe_mariadb = if pkg-config --exists libmariadb 2>/dev/null; then echo 'pkg-config libmariadb'; \
	elif command -v mariadb_config >/dev/null; then echo mariadb_config; fi
client_probe_mysql = if pkg-config --exists mysqlclient 2>/dev/null; then echo 'pkg-config mysqlclient'; \
	elif command -v mysql_config >/dev/null; then echo mysql_config; fi
client_tool := $(firstword $(foreach c,$(client_wanted),$(if $(shell $(client_probe_$(c))),$(c))))
ifeq ($(client_tool),)
$(error no MySQL client library found (MYSQL_CLIENT=$(MYSQL_CLIENT)): install libmariadb-dev or libmysqlclient-dev)
endif
override MYSQL_CLIENT := $(client_tool)
client_config := $(shell $(client_probe_$(client_tool)))
# The first versions of libmariadb that check where a row ends (docs/security.md): 3.3.20, and 3.4.10 of the 3.4 series.
ifeq ($(client_tool),mariadb)
client_old := $(shell v=$$($(client_config) $(if $(findstring pkg-config,$(client_config)),--modversion,--cc_version)); \
	case $$v in (3.4.*) least=3.4.10;; (*) least=3.3.20;; esac; \
	[ "$$(printf '%s\n' $$least $$v | sort -V | head -n 1)" = $$least ] || echo "$$v, wanted is $$least")
ifneq ($(client_old),)
$(warning libmariadb $(client_old): it trusts the source with the length of its rows; connect to sources that you trust only)
endif
endif
MYSQL_CFLAGS := $(patsubst -I%,-isystem %,$(filter -I%,$(shell $(client_config) --cflags)))
MYSQL_LIBS := $(shell $(client_config) --libs)

# --- libraries of core ----------------------------------------------------------------------------------------------
core_packages = simdjson liblz4 zlib
ifneq ($(shell pkg-config --exists $(core_packages) && echo found),found)
$(error not found by pkg-config: $(core_packages) (Debian: libsimdjson-dev liblz4-dev zlib1g-dev))
endif
CORE_CFLAGS := $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(core_packages)))
CORE_LIBS := $(shell pkg-config --libs $(core_packages))

# --- flags ----------------------------------------------------------------------------------------------------------
WERROR ?= -Werror
# Bitcode for inlining into queries buys nothing for a module that throws exceptions.
override with_llvm = no

own_cxxflags = -std=c++17 -Wall -Wextra -Wshadow $(WERROR)
ifeq ($(findstring clang,$(shell $(CXX) --version)),)
own_cxxflags += -Wclobbered
endif
ifneq ($(filter-out 0,$(SANITIZE)),)
sanitize_flags = -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer -U_FORTIFY_SOURCE
endif
# From META.json, the only place that names the version of the distribution.
DISTVERSION := $(shell sed -n 's/^\t"version": "\(.*\)",/\1/p' $(TOP)META.json)

PG_CXXFLAGS += $(own_cxxflags)
# PGXS links with the C compiler, so the C++ library must be named. Weak symbols of std templates stay private.
SHLIB_LINK += $(MYSQL_LIBS) $(CORE_LIBS) -lstdc++ -lpthread -Wl,--version-script=$(TOP)exports.map $(sanitize_flags)

# Objects of another compiler, Postgres or client library are never reused.
override BUILD_ID := $(shell $(PG_CONFIG) --version) $(shell $(PG_CONFIG) --includedir-server) $(MYSQL_CLIENT) $(MYSQL_CFLAGS) $(CORE_CFLAGS) \
	$(shell $(CXX) --version | head -n 1) $(sanitize_flags) $(DISTVERSION) $(CXXFLAGS) $(COPT)

include $(PGXS)

# Written only when it differs, so that objects are rebuilt only then.
.PHONY: force
$(TOP).build-id: force
	@echo '$(strip $(BUILD_ID))' | cmp -s - $@ || echo '$(strip $(BUILD_ID))' > $@

# --- one rule per layer ---------------------------------------------------------------------------------------------
# CXXFLAGS comes from PGXS and holds PG_CXXFLAGS; CPPFLAGS holds Postgres' include path, which only the upper layers get.
pg_includes := $(sort $(INCLUDEDIR_SERVER) $(includedir_server) $(includedir_internal))
pg_cppflags := $(foreach f,$(CPPFLAGS),$(if $(filter $(addprefix -I,$(pg_includes)),$(f)),$(subst -I,-isystem ,$(f)),$(f)))
plain_cppflags := $(filter -D% -U%,$(CPPFLAGS))
hidden = -fvisibility=hidden -fvisibility-inlines-hidden
ifneq ($(MAJORVERSION),15)
pg_hidden = $(hidden)
else
# PG_FUNCTION_INFO_V1 makes its function visible from 16 on; here exports.map alone keeps the rest private.
pg_hidden = -fvisibility-inlines-hidden
endif
compile = $(CXX) $(CXXFLAGS) -I$(TOP)src -MMD -MP $(sanitize_flags)

$(TOP)src/core/%.o: $(TOP)src/core/%.cpp $(TOP).build-id $(TOP)build.mk
	$(compile) $(hidden) $(plain_cppflags) $(CORE_CFLAGS) -c -o $@ $<
$(TOP)src/mysql/%.o: $(TOP)src/mysql/%.cpp $(TOP).build-id $(TOP)build.mk
	$(compile) $(hidden) $(plain_cppflags) $(MYSQL_CFLAGS) -c -o $@ $<
$(TOP)src/sql/%.o: $(TOP)src/sql/%.cpp $(TOP).build-id $(TOP)build.mk
	$(compile) $(pg_hidden) $(pg_cppflags) -DALKCONV_VERSION='"$(DISTVERSION)"' -c -o $@ $<
$(TOP)src/%.o: $(TOP)src/%.cpp $(TOP).build-id $(TOP)build.mk
	$(compile) $(pg_hidden) $(pg_cppflags) -c -o $@ $<
%.o: %.cpp $(TOP).build-id $(TOP)build.mk
	$(compile) $(pg_hidden) $(pg_cppflags) -c -o $@ $<

$(shlib): $(TOP)exports.map

-include $(OBJS:.o=.d)
