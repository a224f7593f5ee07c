# Building, inside a platform. Build trees live in the cache, one per checkout, root file system, Postgres and client library,
# so that a second run compiles what changed. Files are compared by content: a file that is the same keeps its time stamp,
# one that differs gets a new one, whatever git or an editor made of its times.

# open_tree KEY [SOURCES]: brings the build tree up to date with the session's snapshot, or another folder of sources, under its lock
# (descriptor 8), and enters it.
open_tree() {
	BUILD_TREE=$ALKCONV_RUN/cache/build/$TB_KEY-$1
	mkdir -p "$BUILD_TREE"
	exec 8>"$BUILD_TREE.lock"
	flock 8
	if [ -e "$BUILD_TREE.busy" ]; then # killed in mid-build: its last objects may be torn
		find "$BUILD_TREE" -newer "$BUILD_TREE.busy" \( -name '*.o' -o -name '*.a' -o -name '*.so' \) -delete
	fi
	touch "$BUILD_TREE.busy"
	rsync -rlpc --delete --filter='P *.o' --filter='P *.d' --filter='P *.so' --filter='P .build-id' --filter='P /build' \
		"${2:-$ALKCONV_RUN/src}/" "$BUILD_TREE/"
	if [ "$TB_MODE" = chroot ]; then # one path for all, in messages and debug information
		mkdir -p "$ALKCONV_SRC"
		mount --bind "$BUILD_TREE" "$ALKCONV_SRC"
		cd "$ALKCONV_SRC"
	else
		cd "$BUILD_TREE"
	fi
}

# close_tree: this run goes on with a copy of its own (others may build on), at the same path.
close_tree() {
	cd /
	mkdir -p "$ALKCONV_RUN/tree"
	[ "$TB_MODE" != chroot ] || umount "$ALKCONV_SRC"
	rsync -a --exclude /build "$BUILD_TREE/" "$ALKCONV_RUN/tree/"
	rm -f "$BUILD_TREE.busy"
	exec 8>&-
	[ "$TB_MODE" != chroot ] || mount --bind "$ALKCONV_RUN/tree" "$ALKCONV_SRC"
}

build_suffix() {
	[ "$TB_SANITIZE" != 1 ] || echo -asan
	[ "$TB_MUTANTS" != 1 ] || echo -mutants
}

# A copy of the sources with all mutants in it; prints where.
mutated_sources() {
	local copy=$ALKCONV_RUN/mutated
	rm -rf "$copy"
	cp -a "$ALKCONV_RUN/src" "$copy" && perl "$copy/test/mutants/apply.pl" "$copy" >&2 && echo "$copy"
}

build_make() {
	local flags=()
	[ "$TB_SANITIZE" != 1 ] || flags=(SANITIZE=1 COPT=-O1)
	# hundreds of mutants are looked at by the proof, not by the clock: the compiler is what takes the time
	[ "$TB_MUTANTS" != 1 ] || flags=(COPT='-O0 -g0 -U_FORTIFY_SOURCE')
	make --no-print-directory PG_CONFIG="$(pg_bindir)/pg_config" MYSQL_CLIENT="$TB_CLIENT" "${flags[@]}" "$@"
}

build_product() {
	local rc=0 goals=(all) sources=$ALKCONV_RUN/src
	[ "$TB_MUTANTS" != 1 ] || sources=$(mutated_sources) || return 1
	open_tree "$TB_ROOT-pg$TB_PG-$TB_CLIENT$(build_suffix)" "$sources" || return 1
	! has_test_module || goals+=(test-module)
	build_make -j"$TB_JOBS" -k "${goals[@]}" || rc=1
	close_tree || rc=1
	return $rc
}

# The test module is linked with objects of the product, which do without the setting that chooses a mutant.
has_test_module() { [ -e test/module/Makefile ] && [ "$TB_MUTANTS" != 1 ]; }

# Into the overlay (or the private prefix) of this run alone.
install_product() {
	local goals=(install)
	cd "$ALKCONV_SRC" || return 1
	! has_test_module || goals+=(test-module-install)
	build_make "${goals[@]}"
}
