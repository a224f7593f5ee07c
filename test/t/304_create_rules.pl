# testbed: mysql mariadb
#
# Mode create under rules: types that a rule decides, what is computed of columns that rules change, and collations that call different texts equal.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $mariadb = flavor() eq 'mariadb';
my $db = scratch_database();

# made($name, $my, [rule...]...): the schema $name as a run makes it under rules [table, column, action, argument], which stay.
sub made {
	my ($name, $my, @rules) = @_;
	$db->run("CREATE SCHEMA $name", 'DELETE FROM alkconv.rule WHERE NOT shipped');
	$db->link_source($name, $my, target_schema => $name, readers => 1);
	$db->run('INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES (' . join(', ', map { defined ? "'" . s/'/''/gr . "'" : 'NULL' } @$_) . ')') for @rules;
	return "SELECT alkconv_migrate('$name', mode => 'create')";
}

sub goes_well {
	my ($name, $my, @rules) = @_;
	my $notices = $db->notices(made($name, $my, @rules));
	like($notices, qr/(?:every value proved equal|proved equal to what \d+ rules? makes? of them)/, "$name: every value proved equal");
	is($db->value("SELECT string_agg(concat_ws(' ', table_name, check_name, verdict, note), '; ') FROM alkconv_report() WHERE verdict NOT IN ('ok', 'note')"), '', "$name: every verdict is ok");
	my $built = scratch_database(extension => 0);
	$built->run("CREATE SCHEMA $name", $db->value("SELECT coalesce(string_agg(format('CREATE COLLATION %I (provider = icu, locale = %L, deterministic = false)', collname, 'und-u-ks-level1'), '; '), 'SELECT 1')
		FROM pg_collation WHERE collnamespace = 'public'::regnamespace"), $db->value("SELECT string_agg(statement, E';\n' ORDER BY ordinal) FROM alkconv_baseline('$name')"));
	my ($got, $expected) = map { $_->dump('--schema-only', "--schema=$name") } $built, $db;
	same_text($got, $expected, "$name: a database built from the baseline is the same");
	return;
}

sub types {
	my ($table) = @_;
	return $db->value("SELECT string_agg(concat(attname, ' ', format_type(atttypid, atttypmod), CASE WHEN attgenerated <> '' THEN ' generated' END), ', ' ORDER BY attnum) FROM pg_attribute
		WHERE attrelid = '$table'::regclass AND attnum > 0");
}

# ---- tinyint_to_boolean ----------------------------------------------------------------------------------------------------------------

my $flags = scratch_source(<<'SQL');
CREATE TABLE flags (id int PRIMARY KEY, flag tinyint(1) NOT NULL DEFAULT 2, rank_no tinyint(1) UNIQUE, n int DEFAULT 0, CHECK (flag < 8), next_flag int GENERATED ALWAYS AS (flag + 1) STORED);
INSERT INTO flags (id, flag, rank_no, n) VALUES (1, 0, 5, 7), (2, 1, 6, 0), (3, 7, NULL, NULL), (4, -1, 0, -2);
SQL
goes_well('by_pattern', $flags, ['%', '%', 'transform', 'tinyint_to_boolean']);
is(types('by_pattern.flags'), 'id integer, flag boolean, rank_no smallint, n integer, next_flag integer', 'a pattern: tinyint(1) outside of unique keys');
is($db->value("SELECT string_agg(flag || ':' || next_flag, ' ' ORDER BY id) FROM by_pattern.flags"), 'false:1 true:2 true:8 true:0', 'values, and what the source computes of them');
is($db->value("SELECT note FROM alkconv_report() WHERE check_name = 'column next_flag'"),
	'its expression is not translated (column `flag` has other values by a rule); generated in the source, its values are copied', 'and the report says why they are copied');
like($db->value("SELECT note FROM alkconv_report() WHERE check_name = 'table'"), qr/flag: changed 2 of \d+ values by transform\(tinyint_to_boolean\)/, 'changed values are counted');
is($db->value('INSERT INTO by_pattern.flags (id) VALUES (9) RETURNING flag'), 't', 'a default is true as well');
goes_well('by_name', $flags, ['flags', 'n', 'transform', 'tinyint_to_boolean']);
is(types('by_name.flags'), 'id integer, flag smallint, rank_no smallint, n boolean, next_flag integer generated', 'a rule that names the column: any integer');
is($db->value("SELECT string_agg(coalesce(n::text, 'null'), ' ' ORDER BY id) FROM by_name.flags"), 'true false null true', 'values');

# ---- what the source has computed otherwise ------------------------------------------------------------------------------------------------

# a source that is not strict has stored what fits
my $stale = scratch_source(<<'SQL');
SET SESSION sql_mode = '';
CREATE TABLE parts (id int PRIMARY KEY, n int, twice tinyint GENERATED ALWAYS AS (n * 2) STORED);
INSERT INTO parts (id, n) VALUES (1, 3), (2, 100);
SQL
is($stale->value('SELECT twice FROM parts WHERE id = 2'), 127, 'a value that the expression does not give');
$db->fails(made('stale', $stale), name => 'a generated column that would have other values', sqlstate => 'XX001',
	like => [qr/verification failed: generated columns? of table "parts"/, qr/DETAIL:.*\(id\)=\(2\)/, qr/HINT:.*a rule with action target_type/]);
is($db->value("SELECT count(*) FROM pg_class WHERE relnamespace = 'stale'::regnamespace"), 0, 'nothing is left');
$db->run("INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ('parts', 'twice', 'target_type', 'smallint')");
$db->run("SELECT alkconv_migrate('stale', mode => 'create')");
is($db->value('SELECT string_agg(twice::text, \' \' ORDER BY id) FROM stale.parts'), '6 127', 'the rule that the hint names keeps the values');

# ---- texts that differ and are equal ---------------------------------------------------------------------------------------------------

my $texts = scratch_source(<<'SQL');
CREATE TABLE people (name varchar(40) COLLATE utf8mb4_unicode_ci PRIMARY KEY, email varchar(60) COLLATE utf8mb4_unicode_ci, bio text, UNIQUE KEY by_email (email), KEY by_start (name(3)));
INSERT INTO people VALUES ('Ann', 'Ann@Example.org', 'a'), ('Zoë', 'ZOE@example.org', 'z'), ('Straße', NULL, NULL), ('bob', 'BOB@x', 'b'), ('', '', '');
CREATE TABLE posts (author varchar(40) COLLATE utf8mb4_unicode_ci, no int, PRIMARY KEY (author, no), CONSTRAINT by_author FOREIGN KEY (author) REFERENCES people (name));
INSERT INTO posts VALUES ('ann', 1), ('ANN', 2), ('zoe', 1), ('BOB', 3);
SQL
$db->run("CREATE COLLATION public.loose (provider = icu, locale = 'und-u-ks-level1', deterministic = false)");
my @loose = map { [$_->[0], $_->[1], 'collation', 'public.loose'] } ['people', 'name'], ['people', 'email'], ['posts', 'author'];
goes_well('loose', $texts, @loose);
is($db->value("SELECT string_agg(name, ' ' ORDER BY name COLLATE \"C\") FROM loose.people WHERE email IS NOT NULL AND name <> ''"), 'Ann Zoë bob', 'as they were spelled');
is($db->value("SELECT string_agg(author || no, ' ' ORDER BY author COLLATE \"C\", no) FROM loose.posts"), 'ANN2 BOB3 ann1 zoe1', 'children too, which find their parents by another spelling');
is($db->value("SELECT count(*) FROM loose.people WHERE name = 'STRASSE' OR email = 'ann\@example.ORG'"), 2, 'look-ups of the source');
$db->fails("INSERT INTO loose.people VALUES ('ANN')", sqlstate => '23505', name => 'uniqueness of the source');
$db->fails("INSERT INTO loose.posts VALUES ('nobody', 1)", sqlstate => '23503', name => 'the foreign key holds');
is($db->value("SELECT string_agg(v::text, '; ') FILTER (WHERE verdict <> 'ok'), count(*) FILTER (WHERE check_name = 'digest') FROM alkconv_verify('loose') v"), '|2', 'verified again');
$db->run("UPDATE loose.people SET email = 'ann\@example.org' WHERE name = 'Ann'", "UPDATE loose.posts SET author = 'Bob' WHERE no = 3", "DELETE FROM loose.people WHERE name = ''");
is($db->value("SELECT string_agg(table_name || ' ' || check_name, ', ' ORDER BY table_name, check_name) FROM alkconv_verify('loose') WHERE verdict <> 'ok'"), 'people digest, people rows, posts digest',
	'a value that is spelled in another way is found, though it is equal');
like($db->value("SELECT string_agg(note, '; ' ORDER BY table_name) FROM alkconv_verify('loose') WHERE check_name = 'digest'"), qr/Ann\@Example\.org.*ann\@example\.org|BOB/s, 'and shown');

# one that finds more equal than the source does
$texts->run("INSERT INTO people VALUES ('Zoe2', 'a', ''), ('zoe-2', 'b', '')");
$db->run("CREATE COLLATION public.looser (provider = icu, locale = 'und-u-ka-shifted-ks-level1', deterministic = false)");
$db->fails(made('looser', $texts, ['people', 'name', 'collation', 'public.looser'], ['posts', 'author', 'collation', 'public.looser']), name => 'a collation under which two keys are equal',
	sqlstate => '23505', like => [qr/people_pkey/, qr/table "people"/]);

done_testing();
