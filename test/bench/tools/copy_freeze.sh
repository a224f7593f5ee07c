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
	fresh_run template0 && timed copy_and_index || return
	RESULTS=(copy_freeze "$(time_of copy)" index_build "$(time_of index)")
}

# Seconds of the parts with that name. The commit belongs to the copying: it syncs the files.
time_of() { awk -v part="$1" '/^part / { now = $2 } /^Time: / && now == part { ms += $2 } END { printf "%.3f", ms / 1000 }' "$SCRATCH/out"; }

copy_and_index() {
	{
		echo 'BEGIN;'
		cat "$SCRATCH/pre.sql"
		printf '%s\n' '\timing on' '\echo part copy'
		sed "s|.*|COPY public.\"&\" FROM '$SCRATCH/&.copy' (FORMAT binary, FREEZE);|" "$SCRATCH/tables"
		echo '\echo part index'
		cat "$SCRATCH/post.sql"
		echo '\echo part copy'
		echo 'COMMIT;'
	} | pg bench_run
}
