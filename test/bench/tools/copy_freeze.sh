# The floor on the target's side: COPY BINARY FREEZE of ready values from a file into tables made in the same transaction
# without an index, then keys, indexes and foreign keys; both are timed apart.

tool_copy_freeze_prepare() {
	pg_dump --dbname bench_template --schema public --extension '*' --section pre-data | grep -vx 'CREATE SCHEMA public;' >"$SCRATCH/pre.sql"
	pg_dump --dbname bench_template --schema public --section post-data >"$SCRATCH/post.sql"
	# The values as alkconv brings them, written by the server.
	fresh_run
	migrate source counts NULL >"$SCRATCH/out"
	sed "s|.*|COPY \"&\" TO '$SCRATCH/&.copy' (FORMAT binary);|" "$SCRATCH/tables" | pg bench_run
}

tool_copy_freeze() {
	local time
	fresh_run template0
	timed copy_and_index
	mapfile -t time < <(sed -n 's/^mark //p' "$SCRATCH/out")
	# Before the last mark is the commit, which syncs the files.
	RESULTS=(copy_freeze "$(awk -v a="${time[0]}" -v b="${time[1]}" -v c="${time[2]}" -v d="${time[3]}" 'BEGIN { printf "%.3f", b - a + d - c }')"
		index_build "$(difference "${time[1]}" "${time[2]}")")
}

copy_and_index() {
	local mark="SELECT 'mark ' || extract(epoch FROM clock_timestamp());"
	{
		echo 'BEGIN;'
		cat "$SCRATCH/pre.sql"
		echo "$mark"
		sed "s|.*|COPY public.\"&\" FROM '$SCRATCH/&.copy' (FORMAT binary, FREEZE);|" "$SCRATCH/tables"
		echo "$mark"
		cat "$SCRATCH/post.sql"
		echo "$mark COMMIT; $mark"
	} | pg bench_run
}
