#!/bin/bash
# check_layers.sh [alkconv.so]: checks the architecture of src/, the links of docs/ and, given the built library, what it exports.
# Prints a line "ok" or "not ok" per rule, with every violation, and fails when a rule is broken. Run from the top of the source tree.
set -u
failures=0

# rule NAME: the violations are on standard input, one per line.
rule() {
	local violations
	violations=$(cat)
	if [ -z "$violations" ]; then
		echo "ok - $1"
	else
		echo "not ok - $1"
		sed 's/^/#   /' <<<"$violations"
		failures=$((failures + 1))
	fi
}

sources() { find "${@:-src}" -name '*.cpp' -o -name '*.hpp' | sort; }

# The quoted includes of a layer: "file:line:path".
includes_of() {
	sources "src/$1" | xargs -r grep -HnoE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"[^"]+"' | sed -E 's/:[[:space:]]*#[^"]*"([^"]+)"/:\1/'
}

# may_include LAYER OTHER...: ours are named layer/name.hpp; what ends in .h belongs to Postgres or the system.
may_include() {
	local layer=$1 allowed
	allowed=$(printf '|%s' "$@")
	[ -d "src/$layer" ] || return 0
	includes_of "$layer" | awk -F : -v allowed="^(${allowed#|})/" '
		$3 ~ /\.h$/ { next }
		$3 !~ /^[a-z_]+\/[a-z0-9_]+\.hpp$/ { print $1 ":" $2 ": \"" $3 "\": name headers layer/name.hpp"; next }
		$3 !~ allowed { print $1 ":" $2 ": \"" $3 "\"" }
	' | rule "src/$layer includes nothing but: $*"
}

[ -n "$(sources)" ] && echo "ok - there are sources" || { echo "not ok - there are no sources in src/"; exit 1; }

may_include core
may_include mysql core
# The bridge waits for mysql's tasks; their headers show nothing of the client library.
may_include pg core mysql
may_include fdw core mysql pg
may_include load core mysql pg
may_include verify core mysql pg
may_include migrate core mysql pg fdw load verify
may_include sql core mysql pg fdw load verify migrate
for layer in src/*/; do
	case $(basename "$layer") in core | mysql | pg | fdw | load | verify | migrate | sql) ;; *) echo "$layer" ;; esac
done | rule "every folder of src is a layer"
find src -maxdepth 1 -name '*.[ch]pp' | rule "every source file lies in a layer"

# The client library's header stays within src/mysql: no other layer includes a header that leads to it.
client='^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"]((mysql|mariadb|mysqld_error|errmsg)[^/]*\.h|(mysql|mariadb)/[^>"]*\.h)[>"]'
leading=$(sources src/mysql | grep '\.hpp$' | xargs -r grep -lE "$client")
while :; do
	more=$leading
	for header in $leading; do
		more+=" $(sources | grep '\.hpp$' | xargs -r grep -lF "#include \"${header#src/}\"")"
	done
	more=$(printf '%s\n' $more | sort -u)
	[ "$more" != "$leading" ] || break
	leading=$more
done
{
	sources | grep -v '^src/mysql/' | xargs -r grep -nE "$client"
	for header in $leading; do
		sources | grep -v '^src/mysql/' | xargs -r grep -nF "#include \"${header#src/}\""
	done
} | rule "the MySQL client library is visible in src/mysql only"

# Postgres' headers are the quoted ones that end in .h.
postgres='^[[:space:]]*#[[:space:]]*include[[:space:]]*("[^"]*\.h"|<(postgres|libpq|pg_|c\.h|utils/|access/|catalog/|nodes/|storage/)[^>]*>)'
sources src/core src/mysql | xargs -r grep -nE "$postgres" | grep -vE "$(sed 's/^^/:[0-9]+:/' <<<"$client")" |
	rule "src/core and src/mysql include no header of Postgres"

sources | while read -r file; do
	case $(head -n 1 "$file") in
	'// Regime: C++ (may throw, never calls Postgres)' | '// Regime: Postgres (may longjmp, never throws)') ;;
	'// Regime: '*) [[ $file == src/pg/* ]] || echo "$file: only src/pg may state a regime of its own" ;;
	*) echo "$file" ;;
	esac
done | rule "the first line of every file states its regime"

sources src/core src/mysql | xargs grep -L '^// Regime: C++' | rule "src/core and src/mysql are of the C++ regime"

for file in $(find src -name '*.cpp' | sort); do
	head -n 1 "$file" | grep -q '^// Regime: Postgres (may longjmp, never throws)$' || continue
	case $file in src/pg/boundary.cpp | src/pg/guarded.cpp) continue ;; esac # the files with handlers
	last=$(grep -E '^[[:space:]]*#[[:space:]]*include' "$file" | tail -n 1)
	[[ $last == '#include "pg/regime_pg.hpp"'* ]] || echo "$file: ${last:-no include}"
done | rule "the last include of every file of the Postgres regime is pg/regime_pg.hpp"

find src -name '*.[ch]pp' | sort | while read -r file; do
	head -n 1 "$file" | grep -q '^// Regime: C++' || continue
	[[ $file == src/core/* || $file == src/mysql/* || $file == src/pg/* ]] || grep -HnE "$postgres" "$file"
done | rule "files of the C++ regime include no header of Postgres"

for file in $(find src -name '*.hpp' | sort); do
	grep -q '^#pragma once' "$file" || echo "$file"
done | grep -v '^src/pg/regime_pg.hpp$' | rule "every header has #pragma once"

grep -nE 'PG_FUNCTION_INFO_V1' -r src --include='*.cpp' --include='*.hpp' | grep -vE '^src/(sql|fdw)/' |
	rule "functions for SQL are declared in src/sql and src/fdw only"

for file in sql/*.sql; do
	[ -e "$file" ] || continue
	name=$(basename "$file" .sql)
	compgen -G "expected/${name}.out" >/dev/null || compgen -G "expected/${name}_[0-9].out" >/dev/null || echo "$file"
done | rule "every file of sql/ has one in expected/"
for file in expected/*.out; do
	[ -e "$file" ] || continue
	name=$(basename "$file" .out)
	[ -e "sql/$name.sql" ] || [ -e "sql/${name%_[0-9]}.sql" ] || echo "$file"
done | rule "every file of expected/ has one in sql/"

perl test/check_docs.pl links 2>&1 | rule "every link of the documentation leads somewhere"
perl test/check_docs.pl tests 2>&1 | rule "what docs/peers.md says of alkconv has a test"

if [ $# -gt 0 ]; then
	if [ -e "$1" ]; then
		nm --dynamic --defined-only --extern-only "$1" | awk '{ print $NF }' | sed 's/@.*//' |
			grep -vE '^(Pg_magic_func|_PG_init|pg_finfo_alkconv_.*|alkconv_.*)$' | rule "$1 exports its SQL functions and nothing else"
		nm --dynamic --defined-only "$1" | grep -q ' Pg_magic_func$' || echo "no Pg_magic_func" | rule "$1 is a module of Postgres"
		nm --dynamic --undefined-only --demangle "$1" | awk '$2 ~ /^alkconv::/ { print }' | rule "$1 defines all of its own functions"
	else
		echo "$1" | rule "the library is built"
	fi
fi
exit $((failures > 0))
