# alkconv with one and with two readers through a proxy that delays and limits each connection.

tool_readers_1_prepare() { start_proxy "$1"; }
tool_readers_2_prepare() { start_proxy "$1"; }
tool_readers_1() { load readers_1 migrate far counts 1; }
tool_readers_2() { load readers_2 migrate far counts 2; }
