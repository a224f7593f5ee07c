# pgloader: data only, into the tables that are there. Its MySQL driver knows no authentication that MySQL 9 has, so it reads
# the same data from MariaDB. On its defaults its heap does not hold what it prefetches of wide rows.

tool_pgloader_lacks() {
	command -v pgloader >/dev/null || { echo "it is not installed here"; return; }
	command -v mariadbd >/dev/null || echo "there is no MariaDB here, and it cannot log in to MySQL 9"
}

tool_pgloader_prepare() { # SHAPE
	cat >"$SCRATCH/pgloader.load" <<-LOAD
		LOAD DATABASE
			FROM mysql://$ALKCONV_TEST_MYSQL_USER:$ALKCONV_TEST_MYSQL_PASSWORD@127.0.0.1:${PORT[mariadb]}/bench
			INTO postgresql://$PGUSER:$PGPASSWORD@127.0.0.1:$PGPORT/bench_run
			WITH data only, drop indexes, workers = 4, concurrency = 1, prefetch rows = $(pgloader_prefetch "$1"), batch size = 20 MB
			ALTER SCHEMA 'bench' RENAME TO 'public';
	LOAD
}
pgloader_prefetch() { case $1 in wide | mixed) echo 5000 ;; *) echo 100000 ;; esac; }

tool_pgloader() { load pgloader pgloader --root-dir "$SCRATCH/pgloader" --on-error-stop "$SCRATCH/pgloader.load"; }

# It exits with 0 whatever happened.
tool_pgloader_check() { require_counts pgloader || { tail -n 40 "$SCRATCH/out"; exit 1; }; }
