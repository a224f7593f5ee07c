# All tables of Alkemio with their foreign keys: 3.5 million rows at scale 1, half of them and 6 GB in authorization_policy.

# Others cannot bring it over: tables left out, seeded rows replaced, drawings recoded.
tools_alkemio="drain copy_freeze alkconv_load alkconv_proof readers_1 readers_2"
profile_alkemio=alkemio
excluded_alkemio=migrations_typeorm,query-result-cache

shape_alkemio_rows() { scaled 3500000 "$1"; }

# Perl makes the small tables and the first rows of the large one, the server repeats those: that is faster, and in the
# order of the keys.
alkemio_first=500
shape_alkemio_source() { # SOURCE ROWS
	local rows
	mysql_run "$1" bench <"$FIXTURES/alkemio/$(mysql_flavor "$1").sql"
	{
		echo 'SET SESSION sql_log_bin = 0, unique_checks = 0;'
		perl "$FIXTURES/generate.pl" --db alkemio --rows "$2" --flavor "$(mysql_flavor "$1")" --first authorization_policy=$alkemio_first
	} | awk -v rows="$SCRATCH/rows" '{ print } /^-- authorization_policy: the first / { print $(NF - 1) >rows }' | mysql_run "$1" bench
	rows=$(cat "$SCRATCH/rows")
	[ "$rows" -le $alkemio_first ] || alkemio_policies "$1" "$rows"
}

mysql_flavor() { if [ "$1" = mariadb ]; then echo mariadb; else echo "$ALKCONV_TEST_MYSQL_FLAVOR"; fi; }

# The rows of authorization_policy after the first, with the identifiers that the rows of the other tables refer to:
# Fixture::Values::uuid_for writes every 17th in upper case.
alkemio_policies() { # SOURCE ROWS
	local parent
	parent=$(uuid_of 1/authorization_policy/ 'n.i DIV 2')
	FILL_SALT=1/authorization_policy/ fill "$@" <<-SQL
		CREATE TABLE first (k int PRIMARY KEY AUTO_INCREMENT) SELECT * FROM authorization_policy;
		INSERT INTO authorization_policy (id, createdDate, updatedDate, version, credentialRules, privilegeRules, type, parentAuthorizationPolicyId)
		SELECT IF(n.i % 17 = 5, UPPER(n.id), n.id), createdDate, updatedDate, version, credentialRules, privilegeRules, type,
			IF(n.i % 7 = 3, NULL, IF(n.i DIV 2 % 17 = 5, UPPER($parent), $parent))
		FROM n STRAIGHT_JOIN first ON first.k = n.i % $alkemio_first + 1 WHERE n.i >= $alkemio_first ORDER BY n.id;
		DROP TABLE first;
	SQL
}

shape_alkemio_target() { cat "$FIXTURES/alkemio/postgres.sql" "$FIXTURES/alkemio/postgres_seed.sql"; }
