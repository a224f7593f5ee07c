# What people build themselves: the mysql client writes a text file, COPY reads it. It mistakes the text NULL for NULL.

tool_csv_copy_prepare() {
	pg bench_template >"$SCRATCH/csv_select" <<-'SQL'
		SELECT relname || E'\t' || format('SELECT %s FROM `%s`', string_agg(
			CASE atttypid WHEN 'bytea'::regtype THEN format('CONCAT(''\\x'', HEX(`%s`))', attname) ELSE format('`%s`', attname) END,
			', ' ORDER BY attnum), relname)
		FROM pg_class c JOIN pg_attribute a ON attrelid = c.oid AND attnum > 0
		WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace GROUP BY relname
	SQL
}

tool_csv_copy() { load csv_copy export_and_copy; }
export_and_copy() {
	local table select file
	while IFS=$'\t' read -r table select; do
		file=$SCRATCH/$table.csv
		mysql_run source --batch --quick --skip-column-names --execute "$select" bench >"$file" || return
		pg bench_run --single-transaction -c "TRUNCATE \"$table\"" -c "COPY \"$table\" FROM '$file' (NULL 'NULL', FREEZE)" || return
		rm "$file"
	done <"$SCRATCH/csv_select"
}
