# The parts of the test suite, inside a platform. Each records how many tests passed and failed; a part without a test fails.

# record PART PASSED FAILED SKIPPED SECONDS NOTE
record() {
	printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "${RECORD_AS:-$TB_PLATFORM}" "$1" "$2" "$3" "$4" "$5" "$6" >>"$ALKCONV_RUN/results.tsv"
}

# finish PART PASSED FAILED SKIPPED STARTED NOTE: records, and says whether the part is good.
finish() {
	local failed=$3 note=$6
	if [ "$2" = 0 ] && [ "$failed" = 0 ]; then
		failed=1
		note="no test ran; $note"
	fi
	record "$1" "$2" "$failed" "$4" $((SECONDS - $5)) "$note"
	[ "$failed" = 0 ]
}

versions() {
	echo "Postgres $ALKCONV_TEST_PG_VERSION, $ALKCONV_TEST_MYSQL_FLAVOR ${ALKCONV_TEST_MYSQL_VERSION%%-*}, lib${TB_CLIENT/#mysql/mysqlclient}"
}

suites() {
	local part rc=0
	for part in "$@"; do
		"suite_${part//-/_}" || rc=1
	done
	return $rc
}

suite_layers() {
	local started=$SECONDS log=$ALKCONV_RUN/logs/layers.log
	test/check_layers.sh alkconv.so 2>&1 | tee "$log" >&2
	finish layers "$(grep -c '^ok ' "$log")" "$(grep -c '^not ok ' "$log")" 0 "$started" "include directions, exported symbols"
}

# What the compiler and our own check must refuse at the boundary.
suite_boundary() {
	local started=$SECONDS log=$ALKCONV_RUN/logs/boundary.log passed=0 failed=0
	JOBS=$TB_JOBS test/compile_fail/run 2>&1 | tee "$log" >&2
	read -r passed failed < <(sed -nE 's/.*\b([0-9]+) passed, ([0-9]+) failed$/\1 \2/p' "$log" | tail -n 1) || failed=1
	finish boundary "$passed" "$failed" 0 "$started" "$("$PG_CONFIG" --version), $(g++ --version | head -n 1)"
}

# Under sanitizers without the files that measure memory or time; they say so on a line "-- testbed: no-sanitizer".
regress_selection() {
	[ "$TB_SANITIZE" = 1 ] || return 0
	echo "REGRESS=$(grep -L '^-- testbed: no-sanitizer' sql/*.sql | sed 's|^sql/||; s|\.sql$||' | xargs)"
}

suite_regress() {
	local started=$SECONDS log=$ALKCONV_RUN/logs/regress.log passed failed rc selection
	mapfile -t selection < <(regress_selection)
	if ! compgen -G 'sql/*.sql' >/dev/null; then
		finish regress 0 0 0 "$started" "$(versions)"
		return 1
	fi
	make --no-print-directory installcheck "${selection[@]}" 2>&1 | tee "$log" >&2
	rc=${PIPESTATUS[0]}
	# Postgres 15 writes "test NAME ... ok", later ones TAP.
	passed=$(grep -Ec '^ok [0-9]+|^test .* \.\.\. +ok' "$log")
	failed=$(grep -Ec '^not ok [0-9]+|^test .* \.\.\. +FAILED' "$log")
	[ "$rc" = 0 ] || [ "$failed" -gt 0 ] || failed=1
	if [ -s regression.diffs ]; then
		cp regression.diffs "$ALKCONV_RUN/logs/"
		head -n 200 regression.diffs >&2
	fi
	[ "$failed" = 0 ] || server_logs
	finish regress "$passed" "$failed" 0 "$started" "$(versions)"
}

# A TAP file says on a line "# testbed: WORD..." what it is for: mysql, mariadb (the sources it runs on; both when it names
# none), smoke (part of the short run on the second source), readers (run again with other numbers of readers), no-sanitizer
# (measures memory or time), alone (no other file may run at the same time), postgis and timescale (need them: run on the platforms that have them),
# thorough (takes many minutes: a part of its own, of check-all alone).
tap_files() { # [smoke|readers|postgis|timescale|thorough]
	local file words
	for file in test/t/[0-9]*.pl; do
		[ -e "$file" ] || continue
		words=" $(sed -n 's/^# testbed: *//p' "$file" | head -n 1) "
		case $words in *" mysql "* | *" mariadb "*)
			case $words in *" $ALKCONV_TEST_MYSQL_FLAVOR "*) ;; *) continue ;; esac ;;
		esac
		if [ -n "${1:-}" ]; then
			case $words in *" $1 "*) ;; *) continue ;; esac
		fi
		case $words in *" postgis "*) [ "$TB_ROOT" = postgis ] || continue ;; esac
		case $words in *" timescale "*) [ "$TB_ROOT" = timescale ] || continue ;; esac
		case $words in *" thorough "*) [ "${1:-}" = thorough ] || continue ;; esac
		if [ "$TB_SANITIZE" = 1 ]; then
			case $words in *" no-sanitizer "*) continue ;; esac
		fi
		echo "$file"
	done
}

suite_tap() { tap_part tap; }
suite_smoke() { tap_part smoke smoke; }
suite_postgis() { tap_part postgis postgis; }
suite_thorough() { tap_part thorough thorough; }
suite_timescale() { tap_part timescale timescale; }

# The main job with one reader and with four; what the machine gives is what tap ran with.
suite_readers() {
	local readers rc=0
	for readers in 1 4; do
		ALKCONV_TEST_READERS=$readers tap_part "readers-$readers" readers || rc=1
	done
	return $rc
}

tap_part() { # PART [smoke|readers|postgis|timescale]
	local started=$SECONDS passed=0 failed=0 skipped=0 files crashes
	mapfile -t files < <(tap_files "${2:-}")
	rm -f "$ALKCONV_RUN/tap.counts"
	if [ ${#files[@]} -gt 0 ]; then
		perl "$TB/tap_runner.pl" $((TB_JOBS < 4 ? TB_JOBS : 4)) "$ALKCONV_RUN/tap.counts" "$ALKCONV_RUN/logs" "${files[@]}" >&2
		read -r passed failed skipped <"$ALKCONV_RUN/tap.counts" || failed=1
	fi
	# A backend that died under a test, whatever the test made of it.
	crashes=$(grep -c -E 'was terminated by signal|PANIC:|AddressSanitizer|runtime error:' "$ALKCONV_RUN/logs/main.server.log")
	if [ "$crashes" -gt 0 ]; then
		say "the server log shows a crash:"
		grep -E -A 15 'was terminated by signal|PANIC:|AddressSanitizer|runtime error:' "$ALKCONV_RUN/logs/main.server.log" | head -n 60 >&2
		failed=$((failed + 1))
	fi
	[ "$failed" = 0 ] || server_logs
	finish "$1" "$passed" "$failed" "$skipped" "$started" "$(versions)${files:+, ${#files[@]} files}"
}

# Every mutant, or those named by ALKCONV_MUTANTS, in a build that holds them all (MUTANTS=1); mutants-chosen: the dozen of every check.
suite_mutants() { mutants_part mutants ${ALKCONV_MUTANTS:-}; }
suite_mutants_chosen() { mutants_part mutants-chosen --chosen; }

mutants_part() { # PART ARG...
	local started=$SECONDS part=$1 log=$ALKCONV_RUN/logs/$1.log
	shift
	ALKCONV_MUTANTS_TABLE=$ALKCONV_RUN/logs/mutants.tsv test/mutants/run "$@" 2>&1 | tee "$log" >&2
	[ "${PIPESTATUS[0]}" = 0 ] || echo "not ok - the end" >>"$log"
	finish "$part" "$(grep -c '^ok ' "$log")" "$(grep -c '^not ok ' "$log")" 0 "$started" "$(versions)"
}

suite_live() { live_part; }
suite_live_asan() { live_part asan; }
suite_live_tsan() { live_part tsan; }

# live_part [asan|tsan]: GoogleTest of src/mysql against the platform's source.
live_part() {
	local started=$SECONDS part=live${1:+-$1} reports log passed failed skipped rc=0
	reports=$ALKCONV_RUN/$part log=$ALKCONV_RUN/logs/$part.log
	rm -rf "$reports"
	mkdir -p "$reports"
	if ! GTEST_OUTPUT="xml:$reports/" test/live/run "$@" >"$log" 2>&1; then
		say "the live tests failed; the end of the log:"
		tail -n 80 "$log" >&2
		rc=1
	fi
	read -r passed failed skipped < <(gtest_counts "$reports")
	[ $rc = 0 ] || [ "$failed" -gt 0 ] || failed=1 # did not build, or a sanitizer spoke
	finish "$part" "$passed" "$failed" "$skipped" "$started" "$(versions)"
}

# suite_unit [asan|tsan]: GoogleTest of src/core and the pure parts of src/mysql. No server, no Postgres headers.
suite_unit() {
	local RECORD_AS=$TB_ROOT passed failed skipped
	local kind=${1:-plain} started=$SECONDS options=() reports log=$ALKCONV_RUN/logs/unit-${1:-plain}.log rc=0
	case $kind in
	asan) options=(-DALKCONV_SANITIZE=ON) ;;
	tsan) options=(-DALKCONV_TSAN=ON) ;;
	esac
	reports=$ALKCONV_RUN/unit-$kind
	rm -rf "$reports"
	mkdir -p "$reports"
	open_tree "$TB_ROOT-unit-$kind" || return 1
	{
		cmake -S . -B build "${options[@]}" && cmake --build build -j"$TB_JOBS" &&
			GTEST_OUTPUT="xml:$reports/" ctest --test-dir build --output-on-failure
	} >"$log" 2>&1 || rc=1
	close_unit_tree
	read -r passed failed skipped < <(gtest_counts "$reports")
	if [ $rc != 0 ]; then
		[ "$failed" -gt 0 ] || failed=1
		say "unit tests ($kind) failed; the end of the log:"
		tail -n 60 "$log" >&2
	fi
	finish "unit${1:+-$1}" "$passed" "$failed" "$skipped" "$started" "$(g++ --version | head -n 1)"
}

# libFuzzer on test/fuzz: each target starts from its seeds and has FUZZ_SECONDS. What it finds is kept with the logs.
suite_fuzz() {
	local RECORD_AS=$TB_ROOT started=$SECONDS log=$ALKCONV_RUN/logs/fuzz.log source name passed=0 failed=0
	local seconds=${FUZZ_SECONDS:-20}
	open_tree "$TB_ROOT-fuzz" || return 1
	if { cmake -S . -B build -DALKCONV_FUZZ=ON -DCMAKE_CXX_COMPILER=clang++ && cmake --build build -j"$TB_JOBS" --target fuzz; } >"$log" 2>&1; then
		for source in test/fuzz/fuzz_*.cpp; do
			name=$(basename "$source" .cpp)
			mkdir -p "$ALKCONV_RUN/corpus/$name"
			if "build/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=4096 -print_final_stats=1 \
				-artifact_prefix="$ALKCONV_RUN/logs/$name-" "$ALKCONV_RUN/corpus/$name" "test/fuzz/seeds/${name#fuzz_}" >>"$log" 2>&1; then
				passed=$((passed + 1))
			else
				failed=$((failed + 1))
				say "$name found something; the end of the log:"
				tail -n 40 "$log" >&2
			fi
		done
	else
		failed=1
		say "the fuzz targets do not build; the end of the log:"
		tail -n 40 "$log" >&2
	fi
	close_unit_tree
	finish fuzz "$passed" "$failed" 0 "$started" "$(clang++ --version | head -n 1), $seconds s each"
}

# gtest_counts FOLDER: "passed failed skipped" of the reports that GoogleTest left there.
gtest_counts() {
	perl -ne 'if (/^<testsuites tests="(\d+)" failures="(\d+)" disabled="(\d+)" errors="(\d+)"/) { $t += $1; $f += $2 + $4; $s += $3 }
		$s++ if /^\s*<testcase .* result="skipped"/; END { printf "%d %d %d\n", $t - $f - $s, $f, $s }' /dev/null "$1"/*.xml 2>/dev/null
}

close_unit_tree() {
	cd /
	[ "$TB_MODE" != chroot ] || umount "$ALKCONV_SRC"
	rm -f "$BUILD_TREE.busy"
	exec 8>&-
}

lint() {
	local rc=0
	cd "$ALKCONV_RUN/src" || return 1
	if command -v clang-format >/dev/null; then
		find src test/unit test/module -name '*.[ch]pp' -print0 2>/dev/null | xargs -0 -r clang-format --dry-run --Werror || rc=1
	else
		say "clang-format is not installed here: formatting not checked"
	fi
	if command -v clang-tidy >/dev/null; then
		# The pure layers: they compile anywhere. A file that was found good is looked at again when it, what it includes or the
		# rules have changed.
		export lint_flags="-std=c++17 -Isrc $(pkg-config --cflags libmariadb)" lint_good=$ALKCONV_RUN/cache/build/$TB_KEY-lint
		mkdir -p "$lint_good"
		find "$lint_good" -type f -mtime +30 -delete
		find src/core src/mysql -name '*.cpp' -print0 | xargs -0 -r -n 1 -P "$TB_JOBS" bash -c '
			good=$lint_good/$({ echo "$1"; clang-tidy --version; cat .clang-tidy; g++ -E -CC $lint_flags "$1"; } | sha256sum | cut -c 1-32)
			[ ! -e "$good" ] || { touch "$good"; exit 0; }
			clang-tidy --quiet "$1" -- $lint_flags 2>/dev/null && touch "$good"' - || rc=1
	else
		say "clang-tidy is not installed here: not run"
	fi
	return $rc
}
