# pgloader: data only, into the tables that are there. Its MySQL driver knows no authentication that MySQL 9 has, so it reads
# the same data from MariaDB. Its defaults, a heap of 1 GB and 100000 rows prefetched, end in "heap exhausted" on wide rows.

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

tool_pgloader() { load pgloader pgloader --dynamic-space-size 4GB --root-dir "$SCRATCH/pgloader" --on-error-stop "$SCRATCH/pgloader.load"; }
