# What the source holds, counted once for each shape, and what arrived.

# count_source SHAPE: rows by table into SCRATCH/expected; sets ROWS, and BYTES, the size of the rows as text with a tab or
# line break after each value.
count_source() {
	target_tables "$1" >"$SCRATCH/tables"
	sed "s/.*/SELECT '&', COUNT(*) FROM \`&\`;/" "$SCRATCH/tables" | mysql_run source --batch --skip-column-names bench >"$SCRATCH/expected"
	ROWS=$(awk -F'\t' '{ n += $2 } END { print n }' "$SCRATCH/expected")
	BYTES=$(sed 's/.*/SELECT * FROM `&`;/' "$SCRATCH/tables" | mysql_run source --batch --raw --quick --skip-column-names bench | wc -c)
}

require_counts() { # TOOL
	sed "s/.*/SELECT '&', count(*) FROM \"&\";/" "$SCRATCH/tables" | pg bench_run --field-separator $'\t' >"$SCRATCH/arrived"
	diff "$SCRATCH/expected" "$SCRATCH/arrived" >"$SCRATCH/missing" && return
	echo "bench: $1 did not bring every row (< source, > target):" >&2
	head -n 20 "$SCRATCH/missing" >&2
	tail -n 40 "$SCRATCH/out" "$SCRATCH/err" >&2 # some end with 0 whatever happened
	return 1
}
