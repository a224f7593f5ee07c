# The settings and their defaults: arguments of run, or the environment.
#
#   SHAPES  of data, see shapes/     TOOLS   see tools/
#   SCALE   1: full size; 0.01 takes a minute and serves to test the benchmark itself
#   REPEAT  rounds; in each round every tool runs once, and medians count
#   GROWTH  shapes that alkconv also loads at a quarter and at half of their size; none: no shape
#   BIG_MB  megabytes of the shape `big` at scale 1; 0 leaves it out
#   MODE    all; or network: alkconv with one and with two readers behind a slow proxy

all_shapes="issue narrow wide mixed alkemio big"
all_tools="drain copy_freeze alkconv_load alkconv_proof mysql_fdw pgloader csv_copy"

settings() {
	local setting
	for setting in "$@"; do
		[[ $setting =~ ^(SHAPES|TOOLS|SCALE|REPEAT|GROWTH|BIG_MB|MODE)=(.*)$ ]] || wrong "unknown setting $setting"
		printf -v "${BASH_REMATCH[1]}" %s "${BASH_REMATCH[2]}"
	done
	MODE=${MODE:-all} SCALE=${SCALE:-1} REPEAT=${REPEAT:-5} BIG_MB=${BIG_MB:-2048}
	case $MODE in
	all) SHAPES=${SHAPES:-$all_shapes} TOOLS=${TOOLS:-$all_tools} GROWTH=${GROWTH:-narrow wide} ;;
	network) SHAPES=${SHAPES:-narrow wide} TOOLS=${TOOLS:-readers_1 readers_2} GROWTH=none ;;
	*) wrong "MODE is all or network, not '$MODE'" ;;
	esac
	[[ $SCALE =~ ^[0-9]*\.?[0-9]+$ ]] || wrong "SCALE is a number, not '$SCALE'"
	[[ $REPEAT =~ ^[1-9][0-9]*$ ]] || wrong "REPEAT is a whole number, not '$REPEAT'"
	[[ $BIG_MB =~ ^[0-9]+$ ]] || wrong "BIG_MB is a whole number, not '$BIG_MB'"
	only_known shape "$all_shapes" $SHAPES
	only_known shape "$all_shapes none" $GROWTH
	only_known tool "$all_tools readers_1 readers_2" $TOOLS
	[ "$BIG_MB" -gt 0 ] || SHAPES=$(tr ' ' '\n' <<<"$SHAPES" | grep -vx big | xargs)
}

wrong() { printf 'bench: %s\n' "$*" >&2; exit 2; }

only_known() { # KIND KNOWN NAME...
	local kind=$1 known=$2 name
	shift 2
	for name in "$@"; do
		is_in "$name" $known || wrong "unknown $kind $name; there are: $known"
	done
}

is_in() { # WORD WORD...
	local word=$1 other
	shift
	for other in "$@"; do
		[ "$word" != "$other" ] || return 0
	done
	return 1
}

# What the report says about the circumstances: NAME, tab, value.
write_conditions() {
	local name
	for name in MODE SCALE REPEAT; do printf '%s\t%s\n' "$name" "${!name}"; done
	printf 'cores\t%s\n' "$(nproc)"
	printf 'processor\t%s\n' "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
	printf 'memory\t%s MB\n' "$(awk '/^MemTotal/ { print int($2 / 1024) }' /proc/meminfo)"
	printf 'target\tPostgreSQL %s\n' "$ALKCONV_TEST_PG_VERSION"
	for name in shared_buffers wal_level max_wal_size maintenance_work_mem default_toast_compression fsync; do
		printf '%s\t%s\n' "$name" "$(pg postgres -c "SHOW $name")"
	done
	printf 'source\t%s %s\n' "$ALKCONV_TEST_MYSQL_FLAVOR" "$ALKCONV_TEST_MYSQL_VERSION"
	printf 'innodb_buffer_pool_size\t%s\n' "$(mysql_value source 'SELECT @@innodb_buffer_pool_size')"
	[ -z "${CLIENT[mariadb]:-}" ] || printf 'source of pgloader\tmariadb %s\n' "$(mysql_value mariadb 'SELECT VERSION()')"
}
