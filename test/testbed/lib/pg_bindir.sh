# Where the platform's Postgres is: the root file system's, or the private prefix of TESTBED=host.

pg_bindir() {
	if [ "$TB_MODE" = host ]; then
		echo "$ALKCONV_RUN/prefix/usr/lib/postgresql/$TB_PG/bin"
	else
		echo "/usr/lib/postgresql/$TB_PG/bin"
	fi
}
