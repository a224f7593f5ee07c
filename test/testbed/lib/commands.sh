# The commands of the driver.

# Decides between chroots and the host's own packages, once.
choose_mode() {
	local why
	case $TESTBED in
	chroot) why=$(chroot_possible) || die "TESTBED=chroot: $why" ;;
	host) ;;
	auto)
		if why=$(chroot_possible); then
			TESTBED=chroot
		else
			loud "no root file systems ($why): using this machine's own packages, as TESTBED=host does"
			TESTBED=host
		fi
		;;
	*) die "TESTBED is auto, chroot or host, not '$TESTBED'" ;;
	esac
	[ "$TESTBED" = chroot ] || host_prepare
}

# Makes what the platforms need and names the reference: without MySQL in sid, MariaDB stands in.
choose_reference() {
	REFERENCE=pg17-mysql
	SECOND=pg17-mariadb
	UNIT_PLATFORM=pg17-mariadb # needs one root file system only
	if [ "$TESTBED" = host ]; then
		REFERENCE=$(host_platform_name) SECOND=""
		UNIT_PLATFORM=$REFERENCE
		return
	fi
	ensure_roots "$@" && return
	case $ROOTS_FAILED in
	" sid")
		NO_MYSQL="MySQL and Postgres 18 do not install from Debian sid today: going on with MariaDB alone"
		loud "$NO_MYSQL"
		REFERENCE=pg17-mariadb SECOND=""
		;;
	*) die "root file systems missing:$ROOTS_FAILED" ;;
	esac
}

# start PLATFORM: mode, roots and session for a command on one platform; sets PLATFORM.
start() {
	choose_mode
	if [ "$TESTBED" = host ]; then
		PLATFORM=$(host_platform_name)
		[ -z "${1:-}" ] || [ "$1" = "$PLATFORM" ] || say "TESTBED=host: $PLATFORM instead of $1"
	elif [ -n "${1:-}" ]; then
		PLATFORM=$1
		ensure_roots $(platform_roots "$1") || die "root file systems missing:$ROOTS_FAILED"
	else
		choose_reference trixie sid
		PLATFORM=$REFERENCE
	fi
	session_open
}

command_run() {
	local platform usage="usage: testbed run [--servers-only] PLATFORM -- COMMAND..."
	if [ "${1:-}" = --servers-only ]; then
		SERVERS_ONLY=1
		shift
	fi
	[ $# -ge 2 ] || die "$usage"
	platform=$1
	shift
	[ "$1" != -- ] || shift
	[ $# -gt 0 ] || die "$usage"
	start "$platform"
	enter_platform "$PLATFORM" run "$@"
	local rc=$?
	[ $rc = 0 ] || say "logs: $(session_keep_logs "$PLATFORM")"
	return $rc
}

command_shell() {
	start "${1:-}"
	trap '' INT # the shell's own business
	enter_platform "$PLATFORM" shell
}

command_demo() { demo_or_bench demo check "$@"; }
command_bench() { demo_or_bench bench bench "$@"; }
demo_or_bench() {
	local what=$1 rc
	TB_PROFILE=$2
	shift 2
	start
	enter_platform "$PLATFORM" "$what" "$@"
	rc=$?
	[ $rc = 0 ] || say "logs: $(session_keep_logs "$PLATFORM")"
	[ "$what" = demo ] || session_keep_results
	return $rc
}

command_unit() {
	run_matrix "unit${1:+-$1}"
}

command_mutants() {
	export ALKCONV_MUTANTS="$*"
	run_matrix mutants
}

command_fuzz() {
	[ "$TESTBED" != host ] || die "the fuzz targets need clang, which the test bed's own root file system has"
	run_matrix fuzz
}

command_parts() {
	[ $# -gt 0 ] || die "usage: testbed parts PLATFORM [layers|boundary|regress|tap|smoke|readers|thorough|postgis|timescale|live|live-asan|live-tsan]..."
	run_matrix parts "$@"
}

command_lint() {
	choose_mode
	[ "$TESTBED" = host ] || ensure_roots trixie || die "root file system missing"
	session_open
	[ "$TESTBED" = host ] && PLATFORM=$(host_platform_name) || PLATFORM=pg17-mariadb
	enter_platform "$PLATFORM" lint
}

command_check() { run_matrix check; }
command_check_all() { run_matrix check-all; }

command_platforms() {
	printf '%-14s %-9s %-9s %-8s %-8s %s\n' name root Postgres client source 'its root'
	platform_table | while read -r name root pg client flavor source_root; do
		printf '%-14s %-9s %-9s %-8s %-8s %s\n' "$name" "$root" "$pg" "$client" "$flavor" "$source_root"
	done
}

command_roots() {
	TESTBED=chroot
	choose_mode
	[ $# -gt 0 ] || set -- trixie sid
	ensure_roots "$@" || die "root file systems missing:$ROOTS_FAILED"
	local suite
	for suite in "$@"; do root_path "$suite"; done
}

# Enters the newest session that is up.
command_attach() {
	local pid="" file
	[ $# -gt 0 ] || set -- bash
	for file in $(ls -t "$CACHE"/run/*/*/env.sh 2>/dev/null); do
		pid=$(cat "${file%/env.sh}/entered")
		pid=$(xargs <"/proc/$pid/task/$pid/children") && break # the first process of the namespace
		pid=""
	done 2>/dev/null
	[ -n "$pid" ] || die "no session is up; start one with: make testbed-shell, or make demo KEEP=1"
	exec nsenter --target "$pid" --mount --pid --ipc --root --wd bash -c '. /run/alkconv/env.sh; cd /alkconv; exec "$@"' - "$@" <&3
}

command_clean() {
	[ -d "$CACHE/roots" ] || die "$CACHE does not look like the cache of a test bed"
	local dir
	exec 7>"$CACHE/run.lock"
	flock --nonblock 7 || die "a test bed is starting"
	for dir in "$CACHE"/run/*/; do
		[ ! -d "$dir" ] || ( flock --exclusive --nonblock 6 ) 6>>"${dir}lock" || die "a test bed is running: $dir"
	done
	rm -rf --one-file-system "$CACHE"/{roots,run,build,templates,log,probe}
}
