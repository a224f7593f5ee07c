# A Postgres cluster: UTF8 and C.UTF-8, in a time zone with daylight saving so that confusions of zones show, without fsync.

postgres_initdb() { # DIR
	own_by postgres "$1"
	as_user postgres
	"${AS[@]}" "$(pg_bindir)/initdb" --pgdata="$1" --no-sync --username=postgres --encoding=UTF8 --locale=C.UTF-8 \
		--auth-local=trust --auth-host=scram-sha-256 >&2
}

postgres_make() { # LINE...
	local root_id=TB_ROOT_ID_$TB_ROOT
	copy_template "${!root_id:-host-$(id -u)}-pg$TB_PG" "$TB/lib/server_postgres.sh" postgres_initdb
	mkdir -p "$DIR/sock"
	cat >>"$DIR/data/postgresql.conf" <<-CONF
		listen_addresses = '127.0.0.1'
		port = $(cat "$DIR/port")
		unix_socket_directories = '$DIR/sock'
		max_connections = 60
		TimeZone = 'Europe/Sofia'
		log_timezone = 'UTC'
		log_line_prefix = '%m [%p] %d '
		lc_messages = 'C'
		$(postgres_profile)
		$(printf '%s\n' "$@")
	CONF
	own_by postgres "$DIR/data" "$DIR/sock"
}

# Tests want speed, the benchmark wants what a DBA would run.
postgres_profile() {
	if [ "${TB_PROFILE:-check}" = bench ]; then
		printf '%s\n' "shared_buffers = '1GB'" "max_wal_size = '8GB'" "maintenance_work_mem = '512MB'" "checkpoint_timeout = '30min'" \
			"wal_level = minimal" "max_wal_senders = 0" "default_toast_compression = lz4" "autovacuum = off"
	else
		printf '%s\n' "shared_buffers = '128MB'" "max_wal_size = '2GB'" "fsync = off" "full_page_writes = off" \
			"synchronous_commit = off"
	fi
}

# The extension under sanitizers needs their runtime, and libstdc++ (whose exceptions it intercepts), loaded first.
sanitizer_environment() {
	[ "${TB_SANITIZE:-0}" = 1 ] || return 0
	printf '%s\n' "LD_PRELOAD=$(readlink -f "$(gcc -print-file-name=libasan.so)") $(readlink -f "$(gcc -print-file-name=libstdc++.so)")" \
		"ASAN_OPTIONS=detect_leaks=0:detect_stack_use_after_return=0:abort_on_error=1:disable_coredump=1" \
		"UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1:abort_on_error=1"
}

postgres_start() {
	local port log=$ALKCONV_RUN/logs/$NAME.server.log environment waited=0 version
	port=$(cat "$DIR/port")
	mapfile -t environment < <(sanitizer_environment)
	[ -e "$log" ] || { : >"$log"; own_by postgres "$log"; }
	as_user postgres
	"${AS[@]}" env "${environment[@]}" setsid "$(pg_bindir)/postgres" -D "$DIR/data" >>"$log" 2>&1 </dev/null \
		3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
	echo $! >"$DIR/pid"
	until version=$("$(pg_bindir)/psql" -XAtq -h "$DIR/sock" -p "$port" -U postgres -d postgres -v ON_ERROR_STOP=1 \
		-c "ALTER ROLE postgres PASSWORD '$(cat "$ALKCONV_RUN/password")'" -c 'SHOW server_version' 2>"$DIR/psql.err"); do
		sleep 0.1
		waited=$((waited + 1))
		if ! alive || [ $waited -ge 600 ]; then
			tail -n 30 "$log" "$DIR/psql.err" >&2
			die "Postgres '$NAME' does not start"
		fi
	done
	write_env FLAVOR=postgres "PORT=$port" "SOCKET=$DIR/sock" "PID=$(cat "$DIR/pid")" "DATA=$DIR/data" "LOG=$log" \
		"VERSION='${version%% *}'"
}
