# mysql_fdw: INSERT ... SELECT from a foreign table. TRUNCATE in the same transaction spares it the WAL, as it spares it us.

tool_mysql_fdw_lacks() {
	[ -n "$(pg postgres -c "SELECT 1 FROM pg_available_extensions WHERE name = 'mysql_fdw'")" ] || echo "there is no mysql_fdw for this Postgres"
}

tool_mysql_fdw_prepare() {
	pg bench_template <<-SQL
		CREATE EXTENSION mysql_fdw;
		CREATE SERVER peer FOREIGN DATA WRAPPER mysql_fdw
			OPTIONS (host '127.0.0.1', port '$ALKCONV_TEST_MYSQL_PORT', fetch_size '10000');
		CREATE USER MAPPING FOR CURRENT_USER SERVER peer
			OPTIONS (username '$ALKCONV_TEST_MYSQL_USER', password '$ALKCONV_TEST_MYSQL_PASSWORD');
		CREATE SCHEMA peer;
		SELECT format('CREATE FOREIGN TABLE peer.%I (%s) SERVER peer OPTIONS (dbname ''bench'', table_name %L)', relname,
			(SELECT string_agg(format('%I %s', attname, format_type(atttypid, atttypmod)), ', ' ORDER BY attnum)
				FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0), relname)
		FROM pg_class c WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace \gexec
	SQL
}

tool_mysql_fdw() { load mysql_fdw insert_select; }
insert_select() {
	sed 's/.*/TRUNCATE "&"; INSERT INTO "&" SELECT * FROM peer."&";/' "$SCRATCH/tables" | pg bench_run --single-transaction
}
