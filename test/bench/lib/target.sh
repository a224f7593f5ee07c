# The target: a template with the shape's empty tables and what the tools need, and a copy of it for each run, called
# bench_run, so that every tool starts from the same.

say() { printf '%s  %s\n' "$(date +%H:%M:%S)" "$*"; }

pg() { # DATABASE [OPTION...]
	local database=$1
	shift
	PGOPTIONS="-c client_min_messages=warning" psql --no-psqlrc --quiet --no-align --tuples-only --set ON_ERROR_STOP=1 --dbname "$database" "$@"
}

make_template() { # SHAPE
	pg postgres -c 'DROP DATABASE IF EXISTS bench_template WITH (FORCE)' -c 'CREATE DATABASE bench_template TEMPLATE template0'
	"shape_${1}_target" | pg bench_template
	pg bench_template -c 'CREATE EXTENSION alkconv'
	link_source source "$ALKCONV_TEST_MYSQL_PORT" "$1"
}

# link_source NAME PORT SHAPE: a foreign server of ours in the template.
link_source() {
	local profile=profile_$3
	pg bench_template <<-SQL
		CREATE SERVER IF NOT EXISTS $1 FOREIGN DATA WRAPPER alkconv_fdw
			OPTIONS (host '127.0.0.1', port '$2', dbname 'bench'${!profile:+, profile '${!profile}'});
		CREATE USER MAPPING IF NOT EXISTS FOR CURRENT_USER SERVER $1
			OPTIONS (username '$ALKCONV_TEST_MYSQL_USER', password '$ALKCONV_TEST_MYSQL_PASSWORD');
	SQL
}

fresh_run() { # [TEMPLATE]
	pg postgres -c 'DROP DATABASE IF EXISTS bench_run WITH (FORCE)' -c "CREATE DATABASE bench_run TEMPLATE ${1:-bench_template}" -c CHECKPOINT
}

drop_target() {
	pg postgres -c 'DROP DATABASE IF EXISTS bench_run WITH (FORCE)' -c 'DROP DATABASE IF EXISTS bench_template WITH (FORCE)'
	rm -rf "${SCRATCH:?}"/*
}

# The tables to fill, without those that the shape says are not migrated.
target_tables() { # SHAPE
	local excluded=excluded_$1
	pg bench_template -c "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
		AND relname <> ALL ('{${!excluded:-}}') ORDER BY relname"
}
