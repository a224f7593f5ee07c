# A session: one folder per invocation in CACHE/run, with a snapshot of the checkout that stays as it is while others edit,
# and one folder per platform entered. Its lock tells a later invocation whether the session is still alive.

session_open() {
	local old
	mkdir -p "$CACHE/run" "$CACHE/build" "$CACHE/templates" "$CACHE/log"
	exec 7>"$CACHE/run.lock"
	flock 7
	for old in "$CACHE"/run/*/; do # what a killed session left behind
		[ -d "$old" ] || continue
		( flock --exclusive --nonblock 6 && rm -rf --one-file-system "$old" ) 6>>"${old}lock" || true
	done
	SESSION=$(mktemp -d "$CACHE/run/XXXXXX")
	chmod 755 "$SESSION"
	exec 6>"$SESSION/lock"
	flock --exclusive 6
	exec 7>&-
	mkdir "$SESSION/src"
	tar -C "$CHECKOUT" --exclude=./.git --exclude='*.o' --exclude='*.d' --exclude='*.so' --exclude=./build \
		--exclude=./results --exclude=.build-id -cf - . | tar -C "$SESSION/src" -xf -
	chown -R --reference="$SESSION" "$SESSION/src"
}

session_close() {
	[ -n "${SESSION:-}" ] || return 0
	rm -rf --one-file-system "$SESSION"
	SESSION=""
}

# session_keep_logs PLATFORM [NAME]: what is worth reading after a failure outlives the session. Prints where.
session_keep_logs() {
	local to=$CACHE/log/$CHECKOUT_KEY/${2:-$1}
	rm -rf "$to"
	mkdir -p "$to"
	[ ! -d "$SESSION/$1/logs" ] || cp -a "$SESSION/$1/logs/." "$to/"
	echo "$to"
}

# What the benchmark leaves goes to build/bench of the checkout.
session_keep_results() {
	[ -s "$SESSION/$PLATFORM/bench/results.tsv" ] || return 0
	mkdir -p "$CHECKOUT/build/bench"
	cp "$SESSION/$PLATFORM/bench/"* "$CHECKOUT/build/bench/"
	chown -R --reference="$CHECKOUT" "$CHECKOUT/build"
	say "results: $CHECKOUT/build/bench"
}
