# Root file systems: made once, from nothing, into CACHE/roots/SUITE-HASH, where HASH stands for the recipe and the package
# list. A root appears under its name only when complete; it is never written to afterwards (runs work on overlays).

root_recipe=1 # raise it when the steps below change what they make

root_hash() {
	{ echo "$root_recipe $MIRROR"; packages_of "$1" | xargs -n 1 | sort; } | sha256sum | cut -c 1-12
}
root_path() { echo "$CACHE/roots/$1-$(root_hash "$1")"; }

# ensure_roots SUITE...: makes what is missing, in parallel. Fails when one cannot be made; see ROOTS_FAILED.
ensure_roots() {
	local suite pids=() suites=() i
	ROOTS_FAILED=""
	mkdir -p "$CACHE/roots" "$CACHE/log"
	for suite in $(printf '%s\n' "$@" | sort -u); do
		touch "$(root_path "$suite").in-use"
		drop_old_roots "$suite" "$(root_path "$suite")"
		[ -d "$(root_path "$suite")" ] && continue
		[ ${#pids[@]} -gt 0 ] || need_bootstrap_tool
		say "making the $suite root file system (once; log: $CACHE/log/root-$suite.log)"
		( make_root "$suite" ) &
		pids+=($!)
		suites+=("$suite")
	done
	for i in "${!pids[@]}"; do
		wait "${pids[i]}" || ROOTS_FAILED+=" ${suites[i]}"
	done
	[ -z "$ROOTS_FAILED" ]
}

need_bootstrap_tool() {
	command -v mmdebstrap >/dev/null || command -v debootstrap >/dev/null && return
	command -v apt-get >/dev/null || die "need mmdebstrap or debootstrap to make root file systems (or TESTBED=host)"
	say "installing mmdebstrap on this machine"
	apt_install mmdebstrap || die "could not install mmdebstrap: apt-get failed"
}

apt_install() {
	apt-get -q update >&2 && DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "$@" </dev/null >&2
}

make_root() {
	local suite=$1 final tmp log=$CACHE/log/root-$1.log started=$SECONDS
	final=$(root_path "$suite")
	exec 9>"$CACHE/roots/$suite.lock"
	flock 9 # another run may be making it
	[ -d "$final" ] && return 0
	[ -n "$MIRROR" ] || die "apt names no Debian mirror here: set ALKCONV_TESTBED_MIRROR"
	rm -rf "$CACHE/roots/.new-$suite".*
	tmp=$(mktemp -d "$CACHE/roots/.new-$suite.XXXXXX")
	chmod 755 "$tmp"
	# Its own namespaces: what a bootstrap mounts or starts is gone when it ends, however it ends.
	if setpriv --pdeathsig KILL unshare --mount --pid --fork --mount-proc --kill-child \
		bash "$TESTBED_DIR/lib/bootstrap.sh" "$(suite_of "$suite")" "$tmp" "$MIRROR" $(packages_of "$suite") >"$log" 2>&1 </dev/null 9>&-; then
		mv "$tmp" "$final"
		say "made the $suite root file system in $((SECONDS - started)) s"
	else
		rm -rf --one-file-system "$tmp"
		say "could not make the $suite root file system; the end of $log:"
		tail -n 15 "$log" >&2
		return 1
	fi
}

# Roots of other package lists go when nobody asked for them for a day (other checkouts, other branches) and no run holds them
# (each run holds a shared lock on its roots).
drop_old_roots() { # SUITE ROOT
	local old
	for old in "$CACHE/roots/$1"-*/; do
		old=${old%/}
		[ -d "$old" ] && [ "$old" != "$2" ] || continue
		[ -z "$(find "$old.in-use" -mtime -1 2>/dev/null)" ] || continue
		(
			flock --exclusive --nonblock 8 || exit 0
			rm -rf --one-file-system "$old"
		) 8>>"$old.in-use"
		[ -d "$old" ] || rm -rf --one-file-system "$old.in-use" "$CACHE/templates/${old##*/}"-*
	done
}
