# The servers of a platform and the environment that tests, demo and benchmark see.

start_servers() {
	local rc=0 pids=()
	# 160 bits: a password that occurs in a message is there because somebody put it there.
	od -An -tx1 -N20 /dev/urandom | tr -d ' \n' >"$ALKCONV_RUN/password"
	chmod 600 "$ALKCONV_RUN/password"
	"$TB/server" start postgres main & pids+=($!)
	"$TB/server" start "$TB_FLAVOR" source & pids+=($!)
	wait "${pids[0]}" || rc=1
	wait "${pids[1]}" || rc=1
	return $rc
}

write_environment() {
	local password source_env=$ALKCONV_RUN/servers/source/env
	password=$(cat "$ALKCONV_RUN/password")
	(
		. "$ALKCONV_RUN/servers/main/env"
		give() { printf 'export %s=%q\n' "$1" "$2"; }
		give PG_CONFIG "$(pg_bindir)/pg_config"
		give PATH "$(pg_bindir):$ALKCONV_RUN/bin:$PATH"
		give PGHOST "$SOCKET"
		give PGPORT "$PORT"
		give PGUSER postgres
		give PGPASSWORD "$password"
		give ALKCONV_TEST_PG_VERSION "$VERSION"
		. "$source_env"
		give ALKCONV_SRC "$ALKCONV_SRC"
		give ALKCONV_RUN "$ALKCONV_RUN"
		give ALKCONV_TEST_PLATFORM "$TB_PLATFORM"
		give ALKCONV_TEST_PG_MAJOR "$TB_PG"
		give ALKCONV_TEST_CLIENT_LIBRARY "$TB_CLIENT"
		give ALKCONV_TEST_SANITIZE "$TB_SANITIZE"
		give ALKCONV_TEST_SERVER "$TB/server"
		give ALKCONV_TEST_MYSQL "mysql://root:$password@127.0.0.1:$PORT/"
		give ALKCONV_TEST_MYSQL_HOST 127.0.0.1
		give ALKCONV_TEST_MYSQL_PORT "$PORT"
		give ALKCONV_TEST_MYSQL_SOCKET "$SOCKET"
		give ALKCONV_TEST_MYSQL_USER root
		give ALKCONV_TEST_MYSQL_PASSWORD "$password"
		give ALKCONV_TEST_MYSQL_FLAVOR "$FLAVOR"
		give ALKCONV_TEST_MYSQL_VERSION "$VERSION"
		give ALKCONV_TEST_MYSQL_CLIENT "$CLIENT"
		give PERL5LIB "$ALKCONV_SRC/test/t/lib"
		give MYSQL_CLIENT "$TB_CLIENT" # make in here builds as the test bed did
		[ "$TB_SANITIZE" != 1 ] || { give SANITIZE 1; give COPT -O1; }
	) >"$ALKCONV_RUN/env.sh"
}

describe_servers() {
	local password
	password=$(cat "$ALKCONV_RUN/password")
	cat >&2 <<-TEXT

		Postgres $ALKCONV_TEST_PG_VERSION:
		  psql 'postgresql://postgres:$password@127.0.0.1:$PGPORT/'
		$ALKCONV_TEST_MYSQL_FLAVOR $ALKCONV_TEST_MYSQL_VERSION (accounts root, reader and plain, the same password):
		  mysql -h 127.0.0.1 -P $ALKCONV_TEST_MYSQL_PORT -u root -p$password
		Without these clients on this machine, from another terminal:
		  test/testbed/testbed attach psql
	TEXT
}
