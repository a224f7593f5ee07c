# check and check-all: which parts run where, and the summary.

# run_matrix check|check-all|fuzz|unit|unit-asan|unit-tsan, run_matrix parts PLATFORM [PART...]
run_matrix() {
	local what=$1 platform kind="" versions="" boundary more
	shift
	NO_MYSQL=""
	choose_mode
	case $what in
	check | mutants) choose_reference trixie sid ;;
	check-all) choose_reference trixie sid bookworm postgis timescale ;;
	parts)
		[ "$TESTBED" = host ] && choose_reference || choose_reference $(platform_roots "$1") || exit 1
		[ "$TESTBED" = host ] || REFERENCE=$1
		shift
		[ $# -gt 0 ] || set -- layers boundary regress tap
		;;
	*) choose_reference trixie ;;
	esac
	session_open
	RESULTS=$SESSION/results.tsv
	: >"$RESULTS"
	case $what in
	check)
		[ "$SANITIZE" != 1 ] || kind=asan
		if [ "$UNIT_PLATFORM" != "$REFERENCE" ]; then
			beside check_beside "$kind"
			part "$REFERENCE" suites layers boundary regress tap
			join_beside
		else
			part "$UNIT_PLATFORM" unit $kind
			part "$REFERENCE" suites layers boundary regress tap
		fi
		[ "$SANITIZE" = 1 ] || check_chosen_mutants
		;;
	check-all)
		part "$UNIT_PLATFORM" unit
		part "$UNIT_PLATFORM" unit asan
		part "$UNIT_PLATFORM" unit tsan
		[ "$TESTBED" = host ] || part "$UNIT_PLATFORM" fuzz
		for platform in $(matrix_platforms); do
			# What the compiler must refuse is a matter of the Postgres headers: once for each version.
			case " $versions " in *" ${platform%-*} "*) boundary="" ;; *) boundary=boundary ;; esac
			versions+=" ${platform%-*}"
			[ "$platform" = "$REFERENCE" ] && more="readers thorough live-asan live-tsan" || more=""
			part "$platform" suites layers $boundary regress tap live $more
		done
		for platform in $(matrix_platforms postgis); do
			part "$platform" suites postgis
		done
		for platform in $(matrix_platforms timescale); do
			part "$platform" suites timescale
		done
		check_mutants
		SANITIZE=1
		part "$REFERENCE" suites regress tap
		[ -z "$NO_MYSQL" ] || printf '%s\t%s\t0\t1\t0\t0\t%s\n' "Postgres 18" all "$NO_MYSQL" >>"$RESULTS"
		;;
	parts) part "$REFERENCE" suites "$@" ;;
	mutants) check_mutants ;;
	fuzz) part "$UNIT_PLATFORM" fuzz ;;
	unit-*) part "$UNIT_PLATFORM" unit "${what#unit-}" ;;
	*) part "$UNIT_PLATFORM" unit ;;
	esac
	summary
}

check_mutants() {
	MUTANTS=1
	part "$REFERENCE" suites mutants
	[ -z "$SECOND" ] || part "$SECOND" suites mutants
	MUTANTS=0
}

check_chosen_mutants() {
	MUTANTS=1
	part "$REFERENCE" suites mutants-chosen
	MUTANTS=0
}

check_beside() { # asan or nothing
	part "$UNIT_PLATFORM" unit $1
	[ -z "$SECOND" ] || part "$SECOND" suites smoke
}

# beside FUNCTION...: runs it at the same time as what follows, on other platforms. Its output waits for join_beside, so that
# lines of two platforms do not mix; its results come last in the summary.
beside() {
	( RESULTS=$SESSION/results-beside.tsv && "$@" ) >"$SESSION/beside.log" 2>&1 &
	BESIDE=$!
}

join_beside() {
	[ ! -d "/proc/$BESIDE" ] || say "what ran beside it is still at work; its output follows"
	wait "$BESIDE"
	cat "$SESSION/beside.log" >&2
	cat "$SESSION/results-beside.tsv" >>"$RESULTS" ||
		printf '%s	%s	0	1	0	0	%s
' "$UNIT_PLATFORM" beside "ended without a result" >>"$RESULTS"
}

# All platforms whose root file systems there are: those with PostGIS or TimescaleDB (matrix_platforms postgis), which one part of the tests
# needs, or the others.
matrix_platforms() { # [postgis|timescale]
	local platform kind
	[ "$TESTBED" = chroot ] || { [ -n "${1:-}" ] || echo "$REFERENCE"; return; }
	for platform in $(platform_names); do
		case $platform in postgis-*) kind=postgis ;; timescale-*) kind=timescale ;; *) kind="" ;; esac
		[ "$kind" = "${1:-}" ] || continue
		case " $(platform_roots "$platform" | xargs) " in
		*" sid "* | *" timescale "*) [ -n "$NO_MYSQL" ] || echo "$platform" ;;
		*) echo "$platform" ;;
		esac
	done
}

# part PLATFORM COMMAND...: runs it there and takes over its results; one that leaves none has failed.
part() {
	local platform=$1 results=$SESSION/$1/results.tsv logs=$1
	shift
	[ "$1" != unit ] || logs=unit${2:+-$2}
	[ "$1" != fuzz ] || logs=fuzz
	[ "$SANITIZE" != 1 ] || logs+=-sanitizers
	[ "$MUTANTS" != 1 ] || logs+=-mutants
	say "$platform: $*$([ "$SANITIZE" != 1 ] || echo ' (sanitizers)')"
	rm -rf --one-file-system "${SESSION:?}/$platform"
	enter_platform "$platform" "$@" </dev/null
	if [ -s "$results" ]; then
		cat "$results" >>"$RESULTS"
	else
		printf '%s\t%s\t0\t1\t0\t0\t%s\n' "$platform" "$*" "ended without a result" >>"$RESULTS"
	fi
	session_keep_logs "$platform" "$logs" >/dev/null
}

summary() {
	local rc
	printf '\n'
	[ -z "$NO_MYSQL" ] || printf '*** %s ***\n' "$NO_MYSQL"
	awk -F '\t' '
		BEGIN { printf "%-14s %-10s %7s %7s %8s  %s\n", "platform", "part", "passed", "failed", "seconds", "on" }
		{
			printf "%-14s %-10s %7d %7d %8d  %s\n", $1, $2, $3, $4, $6, $7
			passed += $3; failed += $4
		}
		END {
			if (NR == 0) failed = 1
			printf "%d passed, %d failed\n", passed, failed
			exit failed > 0
		}' "$RESULTS"
	rc=$?
	[ $rc = 0 ] || say "logs: $CACHE/log/$CHECKOUT_KEY"
	return $rc
}
