# check and check-all: which parts run where, and the summary.

# run_matrix check|check-all|unit|unit-asan|unit-tsan
run_matrix() {
	local what=$1 platform kind="" versions="" boundary
	NO_MYSQL=""
	choose_mode
	case $what in
	check) choose_reference trixie sid ;;
	check-all) choose_reference trixie sid bookworm ;;
	*) choose_reference trixie ;;
	esac
	session_open
	: >"$SESSION/results.tsv"
	case $what in
	check)
		[ "$SANITIZE" != 1 ] || kind=asan
		part "$UNIT_PLATFORM" unit $kind
		part "$REFERENCE" suites layers boundary regress tap
		[ -z "$SECOND" ] || part "$SECOND" suites smoke
		;;
	check-all)
		part "$UNIT_PLATFORM" unit
		part "$UNIT_PLATFORM" unit asan
		part "$UNIT_PLATFORM" unit tsan
		for platform in $(matrix_platforms); do
			# What the compiler must refuse is a matter of the Postgres headers: once for each version.
			case " $versions " in *" ${platform%-*} "*) boundary="" ;; *) boundary=boundary ;; esac
			versions+=" ${platform%-*}"
			part "$platform" suites layers $boundary regress tap
		done
		SANITIZE=1
		part "$REFERENCE" suites regress tap
		[ -z "$NO_MYSQL" ] || printf '%s\t%s\t0\t1\t0\t0\t%s\n' "Postgres 18" all "$NO_MYSQL" >>"$SESSION/results.tsv"
		;;
	unit-*) part "$UNIT_PLATFORM" unit "${what#unit-}" ;;
	*) part "$UNIT_PLATFORM" unit ;;
	esac
	summary
}

# All platforms whose root file systems there are.
matrix_platforms() {
	local platform
	[ "$TESTBED" = chroot ] || { echo "$REFERENCE"; return; }
	for platform in $(platform_names); do
		case " $(platform_roots "$platform" | xargs) " in
		*" sid "*) [ -n "$NO_MYSQL" ] || echo "$platform" ;;
		*) echo "$platform" ;;
		esac
	done
}

# part PLATFORM COMMAND...: runs it there and takes over its results; one that leaves none has failed.
part() {
	local platform=$1 results=$SESSION/$1/results.tsv logs=$1
	shift
	[ "$1" != unit ] || logs=unit${2:+-$2}
	[ "$SANITIZE" != 1 ] || logs+=-sanitizers
	say "$platform: $*$([ "$SANITIZE" != 1 ] || echo ' (sanitizers)')"
	rm -rf --one-file-system "${SESSION:?}/$platform"
	enter_platform "$platform" "$@" </dev/null
	if [ -s "$results" ]; then
		cat "$results" >>"$SESSION/results.tsv"
	else
		printf '%s\t%s\t0\t1\t0\t0\t%s\n' "$platform" "$*" "ended without a result" >>"$SESSION/results.tsv"
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
		}' "$SESSION/results.tsv"
	rc=$?
	[ $rc = 0 ] || say "logs: $CACHE/log/$CHECKOUT_KEY"
	return $rc
}
