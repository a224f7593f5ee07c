# alkconv with one and with two readers, where each connection is as slow as over a long line: see test/testbed/slow_proxy.

tool_readers_1_prepare() {
	[ -n "$PROXY" ] || start_proxy
	link_source far "$PROXY_PORT" "$1"
}
tool_readers_2_prepare() { tool_readers_1_prepare "$1"; }
tool_readers_1() { load readers_1 migrate far counts 1; }
tool_readers_2() { load readers_2 migrate far counts 2; }

PROXY=""
start_proxy() {
	exec {PROXY_OUTPUT}< <(exec perl "$BENCH/../testbed/slow_proxy" --delay=20 --rate=50 "$ALKCONV_TEST_MYSQL_PORT")
	PROXY=$!
	IFS='=' read -r _ PROXY_PORT <&"$PROXY_OUTPUT"
}
