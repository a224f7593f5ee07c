# Entering a platform: private mount, pid and ipc namespaces, overlays over the cached roots, chroot. Everything that runs
# in there ends with its first process, which ends with us (also by kill -9); nothing is mounted outside.

chroot_possible() {
	[ "$(id -u)" = 0 ] || { echo "not root"; return 1; }
	mkdir -p "$CACHE/probe" 2>/dev/null || { echo "cannot write to $CACHE"; return 1; }
	unshare --mount --pid --ipc --fork --mount-proc --kill-child bash -c '
		mount --make-rprivate / && cd "$1" && mkdir -p l m && mount -t tmpfs none m && mkdir m/u m/w m/o &&
		mount -t overlay overlay -o lowerdir=l,upperdir=m/u,workdir=m/w m/o && chroot / true
	' - "$CACHE/probe" 2>/dev/null || { echo "mounts, namespaces or overlayfs are not permitted here"; return 1; }
}

# enter_platform NAME COMMAND...: runs `inside COMMAND...` there. Standard input is passed on.
enter_platform() {
	local name=$1 suite roots=() locks=()
	shift
	mkdir -p "$SESSION/$name"
	if [ "$TESTBED" = host ]; then
		host_platform "$name" "$@"
		return
	fi
	for suite in $(platform_roots "$name"); do
		roots+=("$suite=$(root_path "$suite")")
		locks+=("$(root_path "$suite").in-use")
	done
	platform_load "$name"
	(
		exec 4>>"${locks[0]}" 5>>"${locks[-1]}"
		flock --shared 4
		flock --shared 5
		# Background jobs start with SIGINT ignored, which nothing in there could undo.
		exec env --default-signal=INT,QUIT setpriv --pdeathsig KILL unshare --mount --pid --ipc --fork --mount-proc --kill-child \
			bash "$SESSION/src/test/testbed/lib/namespace.sh" "$SESSION" "$name" "$CACHE" "${roots[*]}" \
			"$(platform_environment)" "$@"
	) <&3 & # 3 is our own standard input: background jobs would get /dev/null
	ENTERED=$!
	echo "$ENTERED" >"$SESSION/$name/entered"
	wait "$ENTERED"
}

# What `inside` needs to know, as lines NAME=VALUE, and what the user may hand to unit tests and benchmark.
platform_environment() {
	local name
	for name in ALKCONV_MUTANTS ALKCONV_MUTANTS_SCENARIO GTEST_FILTER FUZZ_SECONDS SHAPES TOOLS SCALE REPEAT GROWTH BIG_MB MODE; do
		[ -z "${!name:-}" ] || printf '%s\n' "$name=${!name}"
	done
	printf '%s\n' "TB_MODE=$TESTBED" "TB_PLATFORM=$P_NAME" "TB_ROOT=$P_ROOT" "TB_PG=$P_PG" "TB_CLIENT=$P_CLIENT" \
		"TB_FLAVOR=$P_FLAVOR" "TB_SOURCE_ROOT=$P_SOURCE_ROOT" "TB_KEY=$CHECKOUT_KEY" "TB_JOBS=$JOBS" "TB_SANITIZE=$SANITIZE" "TB_MUTANTS=$MUTANTS" \
		"TB_KEEP=$KEEP" "TB_SERVERS_ONLY=$SERVERS_ONLY" "TB_PROFILE=${TB_PROFILE:-check}" "TERM=${TERM:-dumb}"
}
