# The sources: the platform's own, called `source`, and a MariaDB beside it, called `mariadb`, for tools that cannot read the
# first. Both hold the same data in the database `bench`.

declare -A CLIENT=() PORT=() # by source

start_sources() {
	CLIENT[source]=$ALKCONV_TEST_MYSQL_CLIENT PORT[source]=$ALKCONV_TEST_MYSQL_PORT
	local shape
	for shape in $SHAPES; do
		if is_in pgloader $(usable_tools "$shape"); then
			start_mariadb
			return
		fi
	done
}

start_mariadb() {
	local env=$ALKCONV_RUN/servers/bench_mariadb/env
	if [ "$ALKCONV_TEST_MYSQL_FLAVOR" = mariadb ]; then
		CLIENT[mariadb]=${CLIENT[source]} PORT[mariadb]=${PORT[source]}
		return
	fi
	[ -e "$env" ] || "$ALKCONV_TEST_SERVER" start mariadb bench_mariadb >"$SCRATCH/mariadb" 2>&1 || { cat "$SCRATCH/mariadb" >&2; return 1; }
	CLIENT[mariadb]=$(sed -n 's/^CLIENT=//p' "$env") PORT[mariadb]=$(sed -n 's/^PORT=//p' "$env")
}

mysql_run() { # SOURCE [OPTION...]
	local client=${CLIENT[$1]}
	shift
	"$client" "$@"
}
mysql_value() { mysql_run "$1" --batch --raw --skip-column-names --execute "$2"; }

# make_source SHAPE ROWS: the data, in each source.
make_source() {
	local shape=$1 rows=$2 source made=""
	for source in "${!CLIENT[@]}"; do
		[ "$source" = source ] || is_in pgloader $TOOLS_NOW || continue
		[ "${PORT[$source]}" != "$made" ] || continue # one server in both parts
		made=${PORT[$source]}
		say "$shape: making $rows rows in $source"
		mysql_run "$source" --execute 'DROP DATABASE IF EXISTS bench; CREATE DATABASE bench CHARACTER SET utf8mb4'
		"shape_${shape}_source" "$source" "$rows"
		settle "$source"
	done
}

# settle SOURCE: with statistics, and without pages that are still to be written while others measure.
settle() {
	local waited=0
	mysql_value "$1" "SELECT table_name FROM information_schema.tables WHERE table_schema = 'bench'" |
		sed 's/.*/ANALYZE TABLE `&`;/' | mysql_run "$1" bench >/dev/null
	mysql_value "$1" 'SET GLOBAL innodb_max_dirty_pages_pct = 0, GLOBAL innodb_io_capacity_max = 20000, GLOBAL innodb_io_capacity = 20000'
	while [ "$(mysql_value "$1" "SHOW GLOBAL STATUS LIKE 'Innodb_buffer_pool_pages_dirty'" | cut -f 2)" -gt 100 ] && [ $waited -lt 600 ]; do
		sleep 0.5
		waited=$((waited + 1))
	done
}

drop_source() {
	local source
	for source in "${!CLIENT[@]}"; do
		mysql_run "$source" --execute 'DROP DATABASE IF EXISTS bench'
	done
}

# fill SOURCE ROWS: runs the script on standard input in the database, with a table `n` of the numbers below ROWS and a
# random uuid for each. Keys are random as applications make them, and n is read in their order, so that the server fills
# its clustered index from left to right.
fill() {
	{
		cat <<-SQL
			SET SESSION sql_log_bin = 0, unique_checks = 0, foreign_key_checks = 0;
			CREATE TABLE digit (d int PRIMARY KEY);
			INSERT INTO digit VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9);
			CREATE TABLE n (id char(36) PRIMARY KEY, i int NOT NULL);
			INSERT INTO n SELECT $(uuid_of "${FILL_SALT:-}" i) AS id, i FROM
				(SELECT g.d*1000000 + f.d*100000 + e.d*10000 + d.d*1000 + c.d*100 + b.d*10 + a.d AS i
				FROM digit g, digit f, digit e, digit d, digit c, digit b, digit a
				WHERE g.d*1000000 < $2 AND g.d*1000000 + f.d*100000 < $2 AND g.d*1000000 + f.d*100000 + e.d*10000 < $2) numbers
			WHERE i < $2 ORDER BY id;
		SQL
		cat
		echo 'DROP TABLE n, digit;'
	} | mysql_run "$1" bench
}

# uuid_of SALT NUMBER: SQL of a uuid of version 4.
uuid_of() {
	local hash="SHA2(CONCAT('$1', $2), 256)"
	echo "CONCAT(LEFT($hash,8),'-',SUBSTR($hash,9,4),'-4',SUBSTR($hash,14,3),'-a',SUBSTR($hash,18,3),'-',SUBSTR($hash,21,12))"
}
