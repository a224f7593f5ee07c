# What runs: rounds over the tools of a shape, and alkconv alone at smaller sizes.

# The tools that make sense for a shape, then those that work here.
shape_tools() { # SHAPE
	local only=tools_$1 tool
	for tool in $TOOLS; do
		[ -n "${!only:-}" ] && ! is_in "$tool" ${!only} || echo "$tool"
	done
}
usable_tools() { # SHAPE
	local tool
	for tool in $(shape_tools "$1"); do
		[ -n "$(lacks "$tool")" ] || echo "$tool"
	done
}
lacks() { ! declare -F "tool_$1_lacks" >/dev/null || "tool_$1_lacks"; }

say_skipped() { # SHAPE
	local tool
	for tool in $(shape_tools "$1"); do
		[ -z "$(lacks "$tool")" ] || say "$1: $tool is left out: $(lacks "$tool")"
	done
}

bench_shape() { # SHAPE
	say_skipped "$1"
	bench_size "$1" "$SCALE" "$(usable_tools "$1")"
	if is_in "$1" $GROWTH; then
		local part
		for part in 4 2; do
			bench_size "$1" "$(awk -v s="$SCALE" -v p="$part" 'BEGIN { print s / p }')" "$(usable_tools "$1" | grep ^alkconv_)"
		done
	fi
}

bench_size() { # SHAPE SCALE TOOLS
	local tool
	SHAPE=$1 SCALED=$2 TOOLS_NOW=$3
	make_source "$SHAPE" "$("shape_${SHAPE}_rows" "$SCALED")"
	make_template "$SHAPE"
	count_source "$SHAPE"
	say "$SHAPE: $ROWS rows, $((BYTES / 1000000)) MB as text"
	for tool in $TOOLS_NOW; do
		! declare -F "tool_${tool}_prepare" >/dev/null || "tool_${tool}_prepare" "$SHAPE"
	done
	FAILED=""
	for ROUND in $(seq "$REPEAT"); do
		for tool in $TOOLS_NOW; do
			is_in "$tool" $FAILED || measure "$tool"
		done
	done
	drop_target
	drop_source
}

scaled() { awk -v n="$1" -v s="$2" 'BEGIN { n = int(n * s); print (n > 10 ? n : 10) }'; } # ROWS SCALE
