# The floor on the source's side: SELECT * in the binary protocol, every row dropped.

tool_drain_prepare() {
	local flags
	[ ! -x "$ALKCONV_RUN/bin/drain" ] || return 0
	flags=$(pkg-config --cflags --libs "$([ "$ALKCONV_TEST_CLIENT_LIBRARY" = mysql ] && echo mysqlclient || echo libmariadb)")
	g++ -std=c++17 -O2 -Wall -Wextra -Wshadow -Werror -o "$ALKCONV_RUN/bin/drain" "$BENCH/drain.cpp" $flags
}

tool_drain() {
	local tables
	mapfile -t tables <"$SCRATCH/tables"
	MYSQL_PWD=$ALKCONV_TEST_MYSQL_PASSWORD load drain drain "$ALKCONV_TEST_MYSQL_PORT" "$ALKCONV_TEST_MYSQL_USER" bench "${tables[@]}"
}

tool_drain_check() {
	[ "$(cat "$SCRATCH/out")" = "$ROWS" ] || { echo "bench: drain read $(cat "$SCRATCH/out") rows of $ROWS" >&2; return 1; }
}
