# One run of one tool: the clock and the memory.

# timed COMMAND...: runs it, keeps what it prints in SCRATCH/out and sets SECONDS_TAKEN.
timed() {
	local begin end
	read -r begin _ </proc/uptime # unlike the time of day it is never set; 10 ms
	"$@" >"$SCRATCH/out" 2>"$SCRATCH/err" </dev/null || { tail -n 40 "$SCRATCH/out" "$SCRATCH/err" >&2; return 1; }
	read -r end _ </proc/uptime
	SECONDS_TAKEN=$(awk -v a="$begin" -v b="$end" 'BEGIN { printf "%.2f", b - a }')
}

# record NAME SECONDS|failed: a line of the results, with the memory of the run that just ended.
record() {
	printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$SHAPE" "$SCALED" "$1" "$ROUND" "$2" "$ROWS" "$BYTES" "$MEMORY" >>"$OUT/results.tsv"
	say "$SHAPE x $SCALED, round $ROUND: $1 $2"
}

WATCHER=""
watch_memory() {
	exec {WATCHED}< <(exec perl "$BENCH/memory.pl" "$(pg postgres -c "SELECT split_part(pg_read_file('postmaster.pid'), E'\n', 1)")" bench_run $$)
	WATCHER=$!
	read -r <&"$WATCHED" # it has begun
}
read_memory() { # sets MEMORY
	kill "$WATCHER"
	read -r MEMORY <&"$WATCHED"
	exec {WATCHED}<&-
	WATCHER=""
}
stop_jobs() { [ -z "$WATCHER$PROXY" ] || kill $WATCHER $PROXY 2>/dev/null || true; }

# What may fail without ending the benchmark; the report says so.
rivals="mysql_fdw pgloader csv_copy"

# measure TOOL: one run from a fresh target to counted rows. The tool sets RESULTS: names and seconds, or returns that it
# failed. (The shell does not stop at errors in it.)
measure() {
	local check=require_counts good=1
	! declare -F "tool_${1}_check" >/dev/null || check=tool_${1}_check
	RESULTS=()
	fresh_run
	watch_memory
	"tool_$1" || good=0
	read_memory
	[ $good = 0 ] || "$check" "$1" || good=0
	if [ $good = 0 ]; then
		is_in "$1" $rivals || exit 1
		FAILED+=" $1"
		RESULTS=("$1" failed)
	fi
	set -- "${RESULTS[@]}"
	while [ $# -gt 0 ]; do
		record "$1" "$2"
		shift 2
	done
}

# load TOOL COMMAND...: what most tools are.
load() {
	local tool=$1
	shift
	timed "$@" || return
	RESULTS=("$tool" "$SECONDS_TAKEN")
}
