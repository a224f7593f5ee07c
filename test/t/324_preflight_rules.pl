# testbed: mysql mariadb
#
# alkconv_preflight under rules: what a rule settles is told and is no error, what it leaves or makes bad is one; the run agrees.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

# Per case: rules (action, argument), columns on both sides, values that need no rule or that rules settle, and those that stay or become bad;
# the check that is to find these, how many values of which checks the rules settle, and the SQLSTATE of the run's error.
my @cases = (
	{ rules => ['strip_nul'], source => 'varchar(20)', target => 'varchar(3)', good => [ "'abc'", "CONCAT('abc', CHAR(0))" ], bad => ["CONCAT('abcd', CHAR(0))"],
		check => 'text_too_long', settled => 'nul_in_text 2, text_too_long 1', sqlstate => '22001' },
	{ rules => ['replace_nul'], source => 'varchar(64)', target => 'name', good => ["CONCAT('a', CHAR(0))"], bad => ["CONCAT(REPEAT('x', 62), CHAR(0))"],
		check => 'text_too_long', settled => 'nul_in_text 2', sqlstate => '22001' },
	{ rules => ['strip_nul'], source => 'varbinary(20)', target => 'text', good => [ "X'610062'", "'x'" ], bad => [ "X'ff00'", "X'ff'" ], check => 'invalid_encoding', settled => 'nul_in_text 2', sqlstate => '22021' },
	{ rules => ['replace_nul'], source => 'blob', target => 'text', good => ["X'00'"], bad => ["X'c3'"], check => 'invalid_encoding', settled => 'nul_in_text 1', sqlstate => '22021' },
	{ rules => ['trim_pad'], source => 'varchar(20)', target => 'char(3)', good => [ "'abc'", "'ab  '" ], bad => ["'abcd  '"], check => 'text_too_long', settled => 'text_too_long 1, trailing_blanks 0', sqlstate => '22001' },
	{ rules => ['trim_pad'], source => 'varchar(40)', target => 'uuid NOT NULL', good => ["'6ccd780c-baba-1026-9564-5b8c656024db '"], bad => [ "'  '", "''" ], check => 'empty_uuid',
		settled => 'invalid_uuid 2', sqlstate => '22P02' },
	{ rules => [ 'trim_pad', 'empty_to_null' ], source => 'varchar(40)', target => 'uuid', good => [ "'  '", "''" ], bad => ["'no'"], check => 'invalid_uuid', settled => 'empty_uuid 1, invalid_uuid 1', sqlstate => '22P02' },
	{ rules => ['empty_to_null'], source => 'varchar(9)', target => 'integer', good => [ "''", "'7'" ], bad => ["' '"], check => 'invalid_text', settled => 'empty_text 1', sqlstate => '22P02' },
	{ rules => ['json_nul(strip)'], source => 'json', target => 'jsonb', good => [ q('{"a": "\\\\u0000"}'), q('{"a": 1}') ], bad => [q('{"a\\\\u0000": 1, "a": 2}')], check => 'duplicate_member',
		settled => 'nul_in_json 2', sqlstate => '22030' },
	{ rules => ['json_nul(null)'], source => 'text', target => 'jsonb', good => [q('{"a\\\\u0000": 1, "a": 2}')], bad => ["'{'"], check => 'invalid_json', settled => 'nul_in_json 1', sqlstate => '22P02' },
	{ rules => ['enum_empty(none of them)'], source => "enum('a','b')", target => 'varchar(3)', good => ["'a'"], bad => ["''"], check => 'text_too_long', settled => 'enum_empty 1', sqlstate => '22001' },
	{ rules => ['enum_empty(b)'], source => "enum('a','new','b')", target => 'mood', good => [ "'a'", "''" ], bad => ["'new'"], check => 'unknown_label', settled => 'enum_empty 1', sqlstate => '22P02' },
	{ rules => ['zero_date(-infinity)'], source => 'date', target => 'date NOT NULL', good => ["'0000-00-00'"], bad => ["'2020-05-00'"], check => 'partial_date', settled => 'zero_date 1', sqlstate => '22007' },
	{ rules => ['partial_date(first)'], source => 'date', target => 'date', good => ["'2020-05-00'"], bad => [ "'0000-05-00'", "'0000-01-01'" ], check => 'year_zero', settled => 'partial_date 1', sqlstate => '22007' },
	{ rules => [ 'zero_date(1970-01-01)', 'partial_date(null)' ], source => 'datetime(3)', target => 'timestamp(0)', good => [ "'0000-00-00 00:00:00'", "'2020-00-10 10:00:00.5'", "'0000-01-01'" ],
		bad => ["'2020-01-01 00:00:00.5'"], check => 'inexact_number', settled => 'partial_date 1, year_zero 1, zero_date 1', sqlstate => '22003' },
	{ rules => ['clamp'], source => 'decimal(20,2)', target => 'integer', good => [ '99999999999.00', '-99999999999.50', '7.00' ], bad => ['1.50'], check => 'inexact_number', settled => 'out_of_range 2', sqlstate => '22003' },
	{ rules => ['tinyint_to_boolean'], source => 'tinyint(1)', target => 'boolean NOT NULL', good => [ 5, 0 ], bad => ['NULL'], check => 'null_for_not_null', settled => 'not_boolean 1', sqlstate => '23502' },
	{ rules => ['utf8_in_latin1_repair'], source => 'varchar(20)', target => 'varchar(4)', good => [ "'cafÃ©'", "'café'" ], bad => ["'caffÃ©'"], check => 'text_too_long', settled => 'text_too_long 1', sqlstate => '22001' },
	{ rules => ['code_points_to_base64'], source => 'varchar(20)', target => 'varchar(4)', good => [ "'abc'", "CONCAT('a', CHAR(0))" ], bad => ["'abcd'"], check => 'text_too_long', settled => 'nul_in_text 1', sqlstate => '22001' },
	{ rules => ['inflate'], source => 'blob', target => 'text', good => [ "''", "X'789ccb48cdc9c95728cf2fca4901001a0b045d'", "X'0b000000789ccb48cdc9c95728cf2fca4901001a0b045d'", "X'1f8b08000000000000ffcb48cdc9c95728cf2fca49010085114a0d0b000000'" ],
		bad => [ "'plain text'", "'x'", "X'789d'" ], check => 'invalid_compressed', settled => 'invalid_encoding 1, nul_in_text 3', sqlstate => '22000' },
	{ rules => ['inflate'], source => 'text', target => 'text', good => [ "CONVERT(X'78c29cc38b48c38dc389c3895728c38f2fc38a4901001a0b045d' USING utf8mb4)" ], bad => ["'xy'"], check => 'invalid_compressed', settled => 'nul_in_text 1', sqlstate => '22000' },
	{ rules => ['inflate'], source => 'text', target => 'text', good => ["''"], bad => ["'Жук'"], check => 'code_point_beyond_byte', settled => '', sqlstate => '22000' },
);

my ($source_sql, $target_sql, $rules) = ("SET SESSION sql_mode = 'ALLOW_INVALID_DATES', time_zone = '+00:00';\n", "CREATE TYPE mood AS ENUM ('a', 'b');\n", '');
my $number = 0;
for my $case (@cases) {
	$case->{table} = sprintf '%s_%02d', $case->{check}, ++$number;
	my @values = (@{ $case->{good} }, @{ $case->{bad} });
	$case->{first} = @{ $case->{good} } + 1;
	$source_sql .= "CREATE TABLE $case->{table} (id int PRIMARY KEY, v $case->{source});\n";
	$source_sql .= "INSERT IGNORE INTO $case->{table} VALUES (" . ($_ + 1) . ", $values[$_]);\n" for 0 .. $#values;
	$target_sql .= "CREATE TABLE $case->{table} (id int PRIMARY KEY, v $case->{target});\n";
	$rules .= "INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ('$case->{table}', 'v', 'transform', '$_');\n" for @{ $case->{rules} };
}
my $my = scratch_source($source_sql);
my $db = scratch_database();
$db->run($target_sql . $rules);
$db->link_source('src', $my);

my $query = "SELECT table_name, column_name, check_name, rows, sample_key FROM alkconv_preflight('src') WHERE severity = 'error'";
same_text(join("\n", sort $db->rows($query)), join("\n", sort map { join '|', $_->{table}, 'v', $_->{check}, scalar @{ $_->{bad} }, "(id)=($_->{first})" } @cases), 'what rules leave or make bad is listed, with its count and first key');
my $settled = "SELECT table_name || ': ' || string_agg(check_name || ' ' || rows, ', ' ORDER BY check_name) FROM alkconv_preflight('src') WHERE remedy LIKE 'Nothing to do: the rule %' GROUP BY table_name ORDER BY 1";
same_text(join("\n", $db->rows($settled)), join("\n", sort map { (my $counts = $_->{settled}) =~ s/,? ?\w+ 0//g; $counts eq '' ? () : "$_->{table}: $counts" } @cases), 'what they settle is told, with its count');
for my $case (@cases) {
	$db->fails("SELECT alkconv_migrate('src', include => ARRAY['$case->{table}'])", name => "$case->{table}: the run fails as foretold",
		sqlstate => $case->{sqlstate}, like => [ qr/^TABLE NAME:  $case->{table}$/m, qr/\(id\)=\($case->{first}\)/ ]);
}
$my->run(join "\n", map { "DELETE FROM $_->{table} WHERE id >= $_->{first};" } @cases);
is($db->value("SELECT count(*) FROM alkconv_preflight('src') WHERE severity = 'error'"), 0, 'without them nothing is listed');
my %run = $db->psql("SELECT alkconv_migrate('src')");
is($run{rc}, 0, 'and the run goes well') or diag($run{stderr});

# ---- keys under rules ------------------------------------------------------------------------------------------------------------------

my $allow = flavor() eq 'mysql' ? 'SET SESSION restrict_fk_on_non_standard_key = OFF;' : '';
$my = scratch_source(<<"SQL");
SET SESSION sql_mode = '', foreign_key_checks = 0; $allow
CREATE TABLE numbered (id int PRIMARY KEY, n varchar(10) COLLATE utf8mb4_bin UNIQUE, amount varchar(10) UNIQUE, at varchar(30) UNIQUE, day varchar(10) UNIQUE);
INSERT INTO numbered VALUES (1, '1', '1.5', '2020-02-29 00:00:00', '2020-02-29'), (2, '01', '1.50', '2020-02-29T00:00', '2020-03-01'), (3, '+1', '2', '2020-02-29', '2020-03-02'), (4, '2', '15e-1', '2020-03-01', NULL);
CREATE TABLE padded (id int PRIMARY KEY, code varchar(10) COLLATE utf8mb4_@{[ flavor() eq 'mysql' ? '0900_bin' : 'nopad_bin' ]} UNIQUE);
INSERT INTO padded VALUES (1, 'a'), (2, 'a '), (3, 'b ');
CREATE TABLE place (id int PRIMARY KEY, name varchar(10) COLLATE utf8mb4_general_ci, KEY (name));
INSERT INTO place VALUES (1, 'Ulm'), (2, 'ULM'), (3, 'Rom');
CREATE TABLE visit (id int PRIMARY KEY, place varchar(10) COLLATE utf8mb4_general_ci, CONSTRAINT to_place FOREIGN KEY (place) REFERENCES place (name));
INSERT INTO visit VALUES (1, 'ulm'), (2, 'ULM'), (3, 'rom'), (4, NULL), (5, 'uLm');
CREATE TABLE city (country varchar(2) COLLATE utf8mb4_general_ci, name varchar(10) COLLATE utf8mb4_general_ci, PRIMARY KEY (country, name));
INSERT INTO city VALUES ('de', 'Ulm');
CREATE TABLE trip (id int PRIMARY KEY, country varchar(2) COLLATE utf8mb4_general_ci, city varchar(10) COLLATE utf8mb4_general_ci, CONSTRAINT to_city FOREIGN KEY (country, city) REFERENCES city (country, name));
INSERT INTO trip VALUES (1, 'DE', 'ulm'), (2, 'de', 'Ulm');
CREATE TABLE grand (id int PRIMARY KEY);
CREATE TABLE parent (id int PRIMARY KEY, grand int, CONSTRAINT to_grand FOREIGN KEY (grand) REFERENCES grand (id));
CREATE TABLE child (id int PRIMARY KEY, parent int NOT NULL, also int, CONSTRAINT to_parent FOREIGN KEY (parent) REFERENCES parent (id), CONSTRAINT also_parent FOREIGN KEY (also) REFERENCES parent (id));
INSERT INTO grand VALUES (1);
INSERT INTO parent VALUES (1, 1), (2, 7), (3, NULL), (4, 8);
INSERT INTO child VALUES (1, 1, 2), (2, 2, NULL), (3, 3, 9), (4, 4, 4), (5, 6, 1);
SQL
$db = scratch_database();
$db->run(<<'SQL');
CREATE TABLE numbered (id int PRIMARY KEY, n int UNIQUE, amount numeric(6,2) UNIQUE, at timestamp UNIQUE, day date UNIQUE);
CREATE TABLE padded (id int PRIMARY KEY, code text UNIQUE);
CREATE TABLE place (id int PRIMARY KEY, name text UNIQUE);
CREATE TABLE visit (id int PRIMARY KEY, place text CONSTRAINT to_place REFERENCES place (name));
CREATE TABLE city (country text, name text, PRIMARY KEY (country, name));
CREATE TABLE trip (id int PRIMARY KEY, country text, city text, CONSTRAINT to_city FOREIGN KEY (country, city) REFERENCES city);
CREATE TABLE grand (id int PRIMARY KEY);
CREATE TABLE parent (id int PRIMARY KEY, grand int CONSTRAINT to_grand REFERENCES grand);
CREATE TABLE child (id int PRIMARY KEY, parent int NOT NULL CONSTRAINT to_parent REFERENCES parent, also int CONSTRAINT also_parent REFERENCES parent);
SQL
$db->link_source('src', $my);
my $keys = "SELECT severity, table_name, column_name, check_name, rows, sample_key, sample_value, rule IS NOT NULL FROM alkconv_preflight('src') WHERE check_name NOT IN ('versions', 'space', 'weaker_unique')";
same_text(join("\n", $db->rows($keys)), <<'ROWS' =~ s/\n\z//r, 'values that become one, orphans, spellings');
error|child|also|orphan|1|(id)=(3)|9|t
error|child|parent|orphan|1|(id)=(5)|6|f
error|numbered|amount|duplicate|2|(id)=(1)|1.5|f
error|numbered|at|duplicate|2|(id)=(1)|2020-02-29 00:00:00|f
error|numbered|n|duplicate|2|(id)=(1)|1|f
error|parent|grand|orphan|2|(id)=(2)|7|t
error|trip|country, city|parent_spelling|1|(id)=(1)|DE, ulm|t
error|visit|place|ambiguous_parent|2|(id)=(1)|ulm|f
error|visit|place|parent_spelling|1|(id)=(3)|rom|t
ROWS
$db->run("INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ('parent', 'grand', 'orphans', 'delete'), ('visit', 'place', 'transform', 'parent_spelling'), ('padded', 'code', 'transform', 'trim_pad')");
$my->run("DELETE FROM numbered WHERE id IN (2, 3, 4)");
same_text(join("\n", $db->rows($keys)), <<'ROWS' =~ s/\n\z//r, 'rules leave parents out and make values equal');
error|child|also|orphan|3|(id)=(1)|2|t
error|child|parent|orphan|3|(id)=(2)|2|f
error|padded|code|duplicate|1|(id)=(1)|a|f
error|trip|country, city|parent_spelling|1|(id)=(1)|DE, ulm|t
error|visit|place|ambiguous_parent|2|(id)=(1)|ulm|f
info|parent|grand|orphan|2|(id)=(2)|7|f
info|visit|place|parent_spelling|1|(id)=(3)|rom|f
ROWS
$my->run("DELETE FROM padded WHERE id = 2; UPDATE visit SET place = 'Ulm' WHERE id IN (1, 5); UPDATE child SET also = NULL WHERE id = 1");
$db->run("SELECT rule FROM alkconv_preflight('src') WHERE severity = 'error' AND rule IS NOT NULL \\gexec\n");
$db->run("INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ('child', 'parent', 'orphans', 'delete')"); # which is not for preflight to suggest
is($db->value("SELECT count(*) FROM alkconv_preflight('src') WHERE severity = 'error'"), 0, 'with the suggested rules, and mended what no rule settles, nothing is listed');
%run = $db->psql("SELECT alkconv_migrate('src')");
is($run{rc}, 0, 'and the run goes well') or diag($run{stderr} =~ s/^.*NOTICE.*\n|^LOCATION.*\n//mgr);
is($db->value('SELECT country, city FROM trip WHERE id = 1'), 'de|Ulm', 'both columns of a key are spelled as the parent');

done_testing();
