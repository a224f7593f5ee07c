# testbed: mysql mariadb
#
# alkconv_preflight lists every value that the target refuses, each once, with its count and its key; what it does not list converts.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

# Per case: columns on both sides, good values and then bad ones (SQL), the check that is to find them, and the SQLSTATE of the run's error.
my $long = "'" . 'x' x 64 . "'";
my @cases = (
	{ check => 'zero_date', source => 'date', target => 'date', good => [ "'2024-02-29'", 'NULL' ], bad => ["'0000-00-00'"], sqlstate => '22007' },
	{ check => 'zero_date', source => 'datetime(3)', target => 'timestamp', good => ["'2024-02-29 23:59:59.999'"], bad => [ "'0000-00-00 00:00:00'", "'0000-00-00 10:00:00'" ], sqlstate => '22007' },
	{ check => 'zero_date', source => 'timestamp NULL', target => 'timestamptz', good => ["'2024-02-29 23:59:59'"], bad => ["'0000-00-00 00:00:00'"], sqlstate => '22007' },
	{ check => 'partial_date', source => 'date', target => 'date', good => ["'2000-02-29'"], bad => [ "'2020-00-10'", "'2020-10-00'", "'2023-02-29'", "'2023-04-31'" ], sqlstate => '22007' },
	{ check => 'year_zero', source => 'date', target => 'date', good => ["'0001-01-01'"], bad => [ "'0000-01-01'", "'0000-00-31'", "'0000-12-00'" ], sqlstate => '22007' },
	{ check => 'partial_date', source => 'datetime', target => 'timestamp', good => ["'2000-02-29'"], bad => [ "'2020-00-10'", "'1900-02-29 10:00:00'" ], sqlstate => '22007' },
	{ check => 'inexact_number', source => 'datetime(3)', target => 'timestamp(0)', good => ["'2024-02-29 12:00:00'"], bad => ["'2024-02-29 12:00:00.5'"], sqlstate => '22003' },
	{ check => 'inexact_number', source => 'datetime', target => 'date', good => ["'2024-02-29'"], bad => ["'2024-02-29 00:00:01'"], sqlstate => '22003' },
	{ check => 'out_of_range', source => 'time(3)', target => 'time', good => [ "'00:00:00'", "'24:00:00'", "'23:59:59.999'" ], bad => [ "'24:00:00.001'", "'-00:00:01'", "'838:59:59'" ], sqlstate => '22003' },
	{ check => 'inexact_number', source => 'time(3)', target => 'interval(1)', good => ["'-838:59:59.5'"], bad => ["'00:00:00.25'"], sqlstate => '22003' },
	{ check => 'out_of_range', source => 'bigint', target => 'integer', good => [ 2147483647, -2147483648 ], bad => [ 2147483648, -2147483649 ], sqlstate => '22003' },
	{ check => 'out_of_range', source => 'bigint unsigned', target => 'bigint', good => ['9223372036854775807'], bad => [ '9223372036854775808', '18446744073709551615' ], sqlstate => '22003' },
	{ check => 'out_of_range', source => 'bit(32)', target => 'integer', good => [2147483647], bad => [2147483648], sqlstate => '22003' },
	{ check => 'out_of_range', source => 'int', target => 'numeric(3,0)', good => [ 999, -999 ], bad => [ 1000, -1000 ], sqlstate => '22003' },
	{ check => 'inexact_number', source => 'int', target => 'numeric(2,-2)', good => [1200], bad => [1250], sqlstate => '22003' },
	{ check => 'out_of_range', source => 'bigint', target => 'numeric(18)', good => ['-999999999999999999'], bad => ['-9223372036854775808'], sqlstate => '22003' },
	{ check => 'out_of_range', source => 'decimal(10,5)', target => 'numeric(2,5)', good => ['0.00012'], bad => ['0.00123'], sqlstate => '22003' },
	{ check => 'inexact_number', source => 'decimal(6,3)', target => 'numeric(5,2)', good => [ '1.5', '-999.99' ], bad => [ '1.005', '-0.001' ], sqlstate => '22003' },
	{ check => 'inexact_number', source => 'decimal(20,2)', target => 'integer', good => ['7.00'], bad => ['7.10'], sqlstate => '22003' },
	{ check => 'out_of_range', source => 'decimal(20,0)', target => 'bigint', good => ['-9223372036854775808'], bad => ['9223372036854775808'], sqlstate => '22003' },
	{ check => 'not_boolean', source => 'tinyint(1)', target => 'boolean', good => [ 0, 1, 'NULL' ], bad => [ 2, -1, 127 ], sqlstate => '22003' },
	{ check => 'inexact_number', source => 'bigint', target => 'double precision', good => [ '9007199254740992', '-9223372036854775808', 0 ], bad => ['9007199254740993'], sqlstate => '22003' },
	{ check => 'inexact_number', source => 'bigint unsigned', target => 'real', good => [ 0, 16777216, '18446742974197923840' ], bad => [ 16777217, '18446744073709551615' ], sqlstate => '22003' },
	{ check => 'out_of_range', source => 'double', target => 'real', good => [ '3.4028234663852886e38', 0.5 ], bad => ['1e39'], sqlstate => '22003' },
	{ check => 'inexact_number', source => 'double', target => 'real', good => [0.5], bad => [0.1], sqlstate => '22003' },
	{ check => 'inexact_number', source => 'double', target => 'numeric(6,2)', good => [ 0.1, 12.34 ], bad => [0.123], sqlstate => '22003' },
	{ check => 'inexact_number', source => 'float', target => 'numeric(6,2)', good => [ 0.1, 12.34 ], bad => [0.125], sqlstate => '22003' },
	{ check => 'out_of_range', source => 'double', target => 'bigint', good => [ '-9223372036854775808', '9007199254740992' ], bad => ['9223372036854775808'], sqlstate => '22003' },
	{ check => 'inexact_number', source => 'double', target => 'integer', good => [ -3, 2147483647 ], bad => [0.5], sqlstate => '22003' },

	( flavor() eq 'mysql' ? { check => 'null_for_not_null', source => 'vector(3)', target => 'bytea NOT NULL', good => ["STRING_TO_VECTOR('[1,2,3]')"], bad => ['NULL'], sqlstate => '23502' } : () ),
	{ check => 'null_for_not_null', source => 'varchar(10)', target => 'text NOT NULL', good => ["''"], bad => ['NULL'], sqlstate => '23502' },
	{ check => 'nul_in_text', source => 'varchar(20)', target => 'text', good => ["'fine'", "''"], bad => [ "CONCAT('a', CHAR(0))", 'CHAR(0)' ], sqlstate => '22P05' },
	{ check => 'nul_in_text', source => 'varchar(20) CHARACTER SET utf16', target => 'text', good => ["'äЖ😀'"], bad => ["CONCAT('a', CHAR(0 USING utf8mb4))"], sqlstate => '22P05' },
	{ check => 'text_too_long', source => 'varchar(20)', target => 'varchar(5)', good => [ "'fünf!'", "'😀😀😀😀😀'" ], bad => [ "'sechs!'", "'1234  '" ], sqlstate => '22001' },
	{ check => 'text_too_long', source => 'int', target => 'varchar(2)', good => [ 99, -9 ], bad => [-42], sqlstate => '22001' },
	{ check => 'text_too_long', source => 'varchar(64)', target => 'name', good => ["'short'"], bad => [$long], sqlstate => '22001' },
	{ check => 'trailing_blanks', source => 'varchar(10)', target => 'char(10)', good => ["'  kept'"], bad => ["'lost  '"], sqlstate => '22001' },
	{ check => 'empty_uuid', source => 'char(36) NOT NULL', target => 'uuid NOT NULL', good => ['UUID()'], bad => ["''"], sqlstate => '22P02' },
	{ check => 'invalid_uuid', source => 'varchar(50)', target => 'uuid', sqlstate => '22P02',
		good => [ 'UUID()', "REPLACE(UUID(), '-', '')", "CONCAT('{', UPPER(UUID()), '}')", "'6ccd-780c-baba-1026-9564-5b8c-6560-24db'" ],
		bad => [ "'no-uuid-at-all'", "CONCAT(UUID(), '\\n')", "CONCAT('{', UUID())", "' 6ccd780c-baba-1026-9564-5b8c656024db'", "'6ccd780c-baba-1026-9564-5b8c656024dg'" ] },
	{ check => 'invalid_uuid', source => 'varbinary(36)', target => 'uuid', good => [ "UNHEX(REPLACE(UUID(), '-', ''))", 'UUID()' ], bad => [ "X'00ff'", "'no uuid'" ], sqlstate => '22P02' },
	{ check => 'invalid_encoding', source => 'varbinary(20)', target => 'text', good => [ "'äЖ😀'", "''" ], bad => [ "X'ff'", "X'61c3'", "X'eda080'", "X'c080'" ], sqlstate => '22021' },
	{ check => 'enum_empty', source => "enum('a','b')", target => 'mood', good => [ "'a'", 'NULL' ], bad => ["''"], sqlstate => '22P02' },
	{ check => 'enum_empty', source => "enum('a','b')", target => 'text', good => ["'b'"], bad => ["''"], sqlstate => '22P02' },
	{ check => 'unknown_label', source => "enum('a','new','b')", target => 'mood', good => [ "'a'", "'b'" ], bad => ["'new'"], sqlstate => '22P02' },
	{ check => 'unknown_label', source => 'varchar(10)', target => 'mood', good => ["'a'"], bad => [ "'A'", "'a '", "''" ], sqlstate => '22P02' },
	{ check => 'nul_in_json', source => 'json', target => 'jsonb', good => [ q('{"a": "\\\\\\\\u0000"}'), q('[1, "x"]') ], bad => [ q('{"a": "\\\\u0000"}'), q('{"\\\\\\\\\\\\u0000": 1}') ], sqlstate => '22P05' },
	{ check => 'invalid_json', source => 'text', target => 'json', sqlstate => '22P02',
		good => [ q('{"a": "\\\\ud800"}'), "'1e400'", "' [1, 2.50] '", "'null'", q('"\\\\\\\\x 1. .5"') ], bad => [ "'{'", "'nul'", "'[1,]'", "'01'", "'1.'", q('"\\\\x"'), "'\"a\nb\"'" ] },
	{ check => 'invalid_json', source => 'text', target => 'jsonb', good => [ q('{"a": "\\\\ud83d\\\\ude00"}'), "'1e400'" ], bad => [ "'{'", "'{} {}'" ], sqlstate => '22P02' },
	{ check => 'surrogate_in_json', source => 'text', target => 'jsonb', good => [ q('["\\\\ud83d\\\\ude00", "\\\\\\\\ud83d"]') ], bad => [ q('"\\\\ud83d"'), q('"\\\\ude00\\\\ud83d"') ], sqlstate => '22P02' },
	{ check => 'duplicate_member', source => 'longtext', target => 'jsonb', sqlstate => '22030',
		good => [ q('{"a": {"b": 1}, "b": {"b": 1}, "A": 2, "a ": 3}'), q('[{"x:y": ":", "x:\\\\"z": " :"}, {"x:y": "a\\\\\\\\"}]'), q('{"b": "\\\\u003a", "c": "\\\\u0020:", "a": ":"}'), q('["a", "a", {"k": "k", "l": "\\\\":"}]') ],
		bad => [ q('{"a": 1, "a": 1}'), q('{"a" :1,"b":{"c": ":"},"a" : 2}'), q('[[{"x": [{"p\\\\\\\\q": {"r": 1, "s": [1, {}], "r": "\\\\u003a"}}]}]]'), q('{"": 1, "": 2}'), q('{"é:": 1, "e": "é:", "é:": []}') ] },
	{ check => 'duplicate_member', source => 'varbinary(99)', target => 'jsonb', good => [q('{"a": 1}')], bad => [q('{"a": 1, "b": 1, "a": 3}')], sqlstate => '22030' },
	( flavor() eq 'mariadb' ? { check => 'duplicate_member', source => 'json', target => 'jsonb', good => [q('{"a": 1}')], bad => [q('{"a": 1, "a": 1}')], sqlstate => '22030' } : () ),
	{ check => 'empty_text', source => 'text', target => 'json', good => ["'{}'"], bad => ["''"], sqlstate => '22P02' },
	{ check => 'invalid_text', source => 'varchar(30)', target => 'integer', good => [ "' 12 '", "'+7'", "'-0'" ], bad => [ "'1.0'", "'12a'", "' '", "'1e3'" ], sqlstate => '22P02' },
	{ check => 'out_of_range', source => 'varchar(30)', target => 'smallint', good => ["'-32768'"], bad => [ "'32768'", "'99999999999999999999'" ], sqlstate => '22003' },
	{ check => 'invalid_text', source => 'varchar(30)', target => 'numeric', good => [ "'NaN'", "'-Infinity'", "'.5'", "'1.'", "'1e-3'" ], bad => [ "'1,5'", "'.'", "'e5'" ], sqlstate => '22P02' },
	{ check => 'inexact_number', source => 'varchar(30)', target => 'numeric(5,2)', good => [ "'1.500'", "'NaN'" ], bad => ["'1.234'"], sqlstate => '22003' },
	{ check => 'invalid_text', source => 'varchar(30)', target => 'date', good => ["'2024-02-29'"], bad => [ "'29.2.2024'", "'today'", "'2024-02-29 10:00:00'" ], sqlstate => '22P02' },
	{ check => 'partial_date', source => 'varchar(30)', target => 'date', good => ["'2024-02-29'"], bad => [ "'2023-02-29'", "'2023-00-01'" ], sqlstate => '22007' },
	{ check => 'date_out_of_range', source => 'varchar(30)', target => 'timestamp', good => [ "'2024-02-29T23:59:59.123456'", "'2024-02-29'" ], bad => [ "'2024-13-01'", "'2024-01-01 24:00'" ], sqlstate => '22008' },
	{ check => 'invalid_text', source => 'varchar(40)', target => 'timestamptz', good => [ "'2024-02-29T23:59:59Z'", "'2024-02-29 10:00:00.5+05:30'" ], bad => ["'2024-02-29 10:00:00'"], sqlstate => '22P02' },
	{ check => 'invalid_text', source => 'varchar(10)', target => 'boolean', good => [ "' TRUE '", "'n'", "'of'", "'0'" ], bad => [ "'2'", "'o'", "'maybe'" ], sqlstate => '22P02' },
);

my ($source_sql, $target_sql) = ("SET SESSION sql_mode = 'ALLOW_INVALID_DATES', time_zone = '+00:00';\n", "CREATE TYPE mood AS ENUM ('a', 'b');\n");
my $number = 0;
for my $case (@cases) {
	$case->{table} = sprintf '%s_%02d', $case->{check}, ++$number;
	my @values = (@{ $case->{good} }, @{ $case->{bad} });
	$case->{first} = @{ $case->{good} } + 1;
	$source_sql .= "CREATE TABLE $case->{table} (id int PRIMARY KEY, v $case->{source});\n";
	$source_sql .= 'INSERT ' . ($case->{check} eq 'enum_empty' ? 'IGNORE ' : '') . "INTO $case->{table} VALUES (" . ($_ + 1) . ", $values[$_]);\n" for 0 .. $#values;
	$target_sql .= "CREATE TABLE $case->{table} (id int PRIMARY KEY, v $case->{target});\n";
}
my $my = scratch_source($source_sql);
my $db = scratch_database();
$db->run($target_sql);
$db->link_source('src', $my);

my @expected = sort map { join '|', $_->{table}, 'v', $_->{check}, scalar @{ $_->{bad} }, "(id)=($_->{first})" } @cases;
my $query = "SELECT table_name, column_name, check_name, rows, sample_key FROM alkconv_preflight('src') WHERE severity = 'error'";
same_text(join("\n", sort $db->rows($query)), join("\n", @expected), 'every bad value is listed once, with its check, count and first key');
my $all = "SELECT string_agg(p::text, E'\\n') FROM alkconv_preflight('src') p WHERE check_name <> 'space'";
same_text($db->value($all), $db->value($all), 'twice the same');

for my $case (@cases) {
	$db->fails("SELECT alkconv_migrate('src', include => ARRAY['$case->{table}'])", name => "$case->{table}: the run fails as foretold",
		sqlstate => $case->{sqlstate}, like => [ qr/^TABLE NAME:  $case->{table}$/m, qr/\(id\)=\($case->{first}\)/ ]);
}
$my->run(join "\n", map { "DELETE FROM $_->{table} WHERE id >= $_->{first};" } @cases);
is($db->value("SELECT count(*) FROM alkconv_preflight('src') WHERE severity = 'error'"), 0, 'without them nothing is listed');
my %run = $db->psql("SELECT alkconv_migrate('src')");
is($run{rc}, 0, 'and the run goes well') or diag($run{stderr});

# ---- what no single value shows ------------------------------------------------------------------------------------------------------

$my = scratch_source(<<'SQL');
SET SESSION sql_mode = '', foreign_key_checks = 0;
CREATE TABLE parent (name varchar(20) COLLATE utf8mb4_general_ci PRIMARY KEY, number int UNIQUE);
INSERT INTO parent VALUES ('Ada', 1), ('Bob', 2);
CREATE TABLE child (id int PRIMARY KEY, name varchar(20) COLLATE utf8mb4_general_ci, number int, KEY (name), KEY (number), CONSTRAINT by_name FOREIGN KEY (name) REFERENCES parent (name));
INSERT INTO child VALUES (1, 'Ada', 1), (2, 'ada', 2), (3, 'Bob ', NULL), (4, 'Carl', 3), (5, NULL, 4), (6, 'BOB', 1);
CREATE TABLE identified (id char(36) COLLATE utf8mb4_general_ci PRIMARY KEY, other char(36) COLLATE utf8mb4_bin UNIQUE);
INSERT INTO identified VALUES ('6ccd780c-baba-1026-9564-5b8c656024db', '6CCD780C-baba-1026-9564-5b8c656024db'), ('7ccd780c-baba-1026-9564-5b8c656024db', '6ccd780c-baba-1026-9564-5b8c656024db');
CREATE TABLE spelled (id varchar(38) COLLATE utf8mb4_general_ci PRIMARY KEY);
INSERT INTO spelled VALUES ('6ccd780c-baba-1026-9564-5b8c656024db'), ('{6ccd780c-baba-1026-9564-5b8c656024db}'), ('6ccd780cbaba102695645b8c656024db');
CREATE TABLE mail (id int PRIMARY KEY, address varchar(50), kind varchar(10), folded varchar(50));
INSERT INTO mail VALUES (1, 'a', 'x', 'q'), (2, 'b', 'x', 'Q'), (3, 'a', 'y', 'r'), (4, 'a', NULL, 's'), (5, 'A', NULL, 't');
CREATE TABLE long_key (id int PRIMARY KEY, v text);
SET SESSION group_concat_max_len = 100000;
INSERT INTO long_key WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 25) SELECT 3, LEFT(GROUP_CONCAT(SHA2(n, 512) ORDER BY n SEPARATOR ''), 3000) FROM r;
INSERT INTO long_key VALUES (1, 'short'), (2, REPEAT('x', 2692)), (4, REPEAT('z', 9000)), (5, (SELECT CONCAT(v, '!') FROM (SELECT v FROM long_key WHERE id = 3) x));
CREATE TABLE packed (id int PRIMARY KEY, v longtext);
INSERT INTO packed VALUES (1, 'x^2'), (2, CONVERT(CAST(UNHEX('78C29CC38B48') AS BINARY) USING utf8mb4)), (3, CONVERT(CAST(UNHEX('1FC28B08') AS BINARY) USING utf8mb4)), (4, 'H4sIAAAAAAAAA0tMSgYAwkEkNQMAAAA='), (5, 'H4sI am no base64, but text');
CREATE TABLE garbled (id int PRIMARY KEY, v varchar(50));
INSERT INTO garbled VALUES (1, 'café'), (2, 'cafÃ©'), (3, 'â‚¬ 5'), (4, 'Ã'), (5, '日本'), (6, 'ascii');
CREATE TABLE old_engine (id int PRIMARY KEY) ENGINE = MyISAM;
CREATE VIEW a_view AS SELECT 1 AS one;
CREATE TABLE no_target (id int PRIMARY KEY);
SQL
$db = scratch_database();
$db->run(<<'SQL');
CREATE TABLE parent (name varchar(20) PRIMARY KEY, number int UNIQUE);
CREATE TABLE child (id int PRIMARY KEY, name varchar(20) CONSTRAINT by_name REFERENCES parent, number int CONSTRAINT by_number REFERENCES parent (number));
CREATE TABLE identified (id uuid PRIMARY KEY, other uuid UNIQUE);
CREATE TABLE spelled (id uuid PRIMARY KEY);
CREATE TABLE mail (id int PRIMARY KEY, address text, kind text, folded text, CONSTRAINT one_address UNIQUE (address, kind));
CREATE UNIQUE INDEX one_a ON mail (address) WHERE kind = 'x';
CREATE UNIQUE INDEX lower_folded ON mail (lower(folded));
CREATE TABLE long_key (id int PRIMARY KEY, v text);
CREATE INDEX by_v ON long_key (v);
CREATE TABLE packed (id int PRIMARY KEY, v text);
CREATE TABLE garbled (id int PRIMARY KEY, v text);
CREATE TABLE old_engine (id int PRIMARY KEY);
INSERT INTO old_engine VALUES (1);
SQL
$db->link_source('src', $my);
$db->run("INSERT INTO alkconv.rule (table_pattern, column_pattern, action, reason) VALUES ('childe', 'name', 'skip_column', 'a slip')");
$query = "SELECT severity, table_name, column_name, check_name, rows, sample_key, sample_value FROM alkconv_preflight('src') WHERE severity <> 'info'";
same_text(join("\n", $db->rows($query)), <<'ROWS' =~ s/\n\z//r, 'keys, engines, rules, texts');
error|child|name|orphan|1|(id)=(4)|Carl
error|child|name|parent_spelling|3|(id)=(2)|ada
error|child|number|orphan|2|(id)=(4)|3
error|identified|other|duplicate|1|(id)=(6ccd780c-baba-1026-9564-5b8c656024db)|6CCD780C-baba-1026-9564-5b8c656024db
error|long_key|v|index_entry_too_long|2|(id)=(3)|4dff4ea340f0a823f15d3f4f01ab62eae0e5da579ccb851f8db9dfe84c58b2b37b89903a740e1...
error|no_target||missing_target|||
error|old_engine||target_not_empty|||
error|spelled|id|duplicate|2|(id)=(6ccd780c-baba-1026-9564-5b8c656024db)|6ccd780c-baba-1026-9564-5b8c656024db
warning|childe|name|idle_rule|||
warning|garbled|v|double_encoding|2|(id)=(2)|cafÃ©
warning|mail|address|duplicate|2|(id)=(1)|a
warning|old_engine||snapshot|||
warning|packed|v|compressed_text|2|(id)=(2)|x\xc2\x9cËH
ROWS
same_text(join("\n", $db->rows("SELECT table_name, column_name, check_name, rows FROM alkconv_preflight('src') WHERE severity = 'info' AND check_name NOT IN ('versions', 'space')")),
	<<'ROWS' =~ s/\n\z//r, 'what is good to know');
||left_behind|1
mail||not_checked_ahead|
packed|v|compressed_base64|1
parent|name|weaker_unique|
ROWS
like($db->value("SELECT remedy FROM alkconv_preflight('src') WHERE check_name = 'versions'"), qr/^Source: (MySQL|MariaDB) \d.*Target: Postgres \d.*UTF8\.$/, 'versions of both sides');

# ---- tables to be created, and an account that may do less ---------------------------------------------------------------------------

$my = scratch_source(<<'SQL');
SET SESSION sql_mode = '', foreign_key_checks = 0;
CREATE TABLE parent (id int PRIMARY KEY);
CREATE TABLE child (id int PRIMARY KEY, d date, t varchar(10), e enum('a','b'), j json, parent_id int, FOREIGN KEY (parent_id) REFERENCES parent (id));
INSERT IGNORE INTO child VALUES (1, '0000-00-00', 'x', 'a', '{}', NULL), (2, '2024-02-29', CHAR(0), '', '{}', 7);
SQL
$db = scratch_database();
$db->link_source('src', $my, user => 'plain');
same_text(join("\n", $db->rows("SELECT severity, table_name, column_name, check_name, rows, sample_key FROM alkconv_preflight('src', mode => 'create') WHERE severity <> 'info'")),
	<<'ROWS' =~ s/\n\z//r, 'tables to be created');
error|child|d|zero_date|1|(id)=(1)
error|child|e|enum_empty|1|(id)=(2)
error|child|parent_id|orphan|1|(id)=(2)
error|child|t|nul_in_text|1|(id)=(2)
warning|||one_reader||
ROWS

done_testing();
