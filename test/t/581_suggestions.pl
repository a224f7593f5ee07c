# testbed: mysql mariadb
#
# Every rule that preflight suggests is applied as it stands, the run ends well, and source and target are compared here, not by the extension: no row and
# no column is missing, good values are as they were, bad ones are what the rule says. Where no rule is right none is suggested.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $null = '~';

# name: columns of both sides (what follows them in the target is a constraint), good values, bad ones and what becomes of these; none: nothing is suggested.
my @cases = (
	{ check => 'zero_date', source => 'date', target => 'date', good => ["'2024-02-29'"], bad => ["'0000-00-00'"], becomes => [$null] },
	{ check => 'zero_date', source => 'date', target => 'date UNIQUE', good => ["'2024-02-29'"], bad => ["'0000-00-00'"], becomes => [$null] },
	{ check => 'zero_date', source => 'date', target => 'date UNIQUE NULLS NOT DISTINCT', good => ["'2024-02-29'"], bad => ["'0000-00-00'"], none => 1 },
	{ check => 'zero_date', source => 'date', target => "date CHECK (v > '1900-01-01')", good => ["'2024-02-29'"], bad => ["'0000-00-00'"], none => 1 },
	{ check => 'zero_date', source => 'datetime', target => 'timestamp NOT NULL', good => ["'2024-02-29 10:00:00'"], bad => ["'0000-00-00 00:00:00'"], becomes => ['-infinity'] },
	{ check => 'zero_date', source => 'date', target => 'date NOT NULL UNIQUE', good => ["'2024-02-29'"], bad => ["'0000-00-00'"], none => 1 },
	{ check => 'partial_date', source => 'date', target => 'date', good => ["'2024-02-29'"], bad => ["'2020-05-00'"], becomes => [$null] },
	{ check => 'partial_date', source => 'date', target => 'date NOT NULL', good => ["'2024-02-29'"], bad => [ "'2020-05-00'", "'2023-02-31'" ], becomes => [ '2020-05-01', '2023-02-01' ] },
	{ check => 'year_zero', source => 'date', target => 'date NOT NULL', good => ["'2024-02-29'"], bad => ["'0000-05-01'"], becomes => ['-infinity'] },
	{ check => 'nul_in_text', source => 'varchar(9)', target => 'text', good => ["'a'"], bad => ["CONCAT('b', CHAR(0))"], becomes => ["b\xe2\x90\x80"] },
	{ check => 'nul_in_text', source => 'varchar(9)', target => 'text UNIQUE', good => ["'a'"], bad => ["CONCAT('b', CHAR(0))"], none => 1 },
	{ check => 'nul_in_text', source => 'varchar(64)', target => 'name', good => ["'a'"], bad => ["CONCAT(REPEAT('b', 62), CHAR(0))"], none => 1 },
	{ check => 'text_too_long', source => 'varchar(20)', target => 'varchar(5)', good => [ "'fünf!'", "'a'" ], bad => ["'sechs!'"], becomes => ['sechs'] },
	{ check => 'text_too_long', source => 'varchar(20)', target => 'varchar(7) UNIQUE', good => ["'1234567'"], bad => [ "'12345678'", "'12345679'" ], none => 1 },
	{ check => 'text_too_long', source => 'varchar(20)', target => "varchar(5) CHECK (v <> 'sechs')", good => ["'a'"], bad => ["'sechs!'"], none => 1 },
	{ check => 'text_too_long', source => 'int', target => 'varchar(2)', good => [99], bad => [-42], none => 1 },
	{ check => 'text_too_long', source => 'varchar(20)', target => 'varchar(5), w text GENERATED ALWAYS AS (lower(v)) STORED', good => ["'a'"], bad => ["'sechs!'"], none => 1 },
	{ check => 'trailing_blanks', source => 'varchar(10)', target => 'char(10)', good => ["'  a'"], bad => ["'lost  '"], becomes => ['lost'] },
	{ check => 'trailing_blanks', source => 'varchar(10)', target => 'char(10) UNIQUE', good => ["'a'"], bad => ["'a  '"], none => 1 },
	{ check => 'out_of_range', source => 'bigint', target => 'integer', good => [ 7, -2147483648 ], bad => [2147483648], becomes => [2147483647] },
	{ check => 'out_of_range', source => 'bigint', target => 'integer UNIQUE', good => [2147483647], bad => [ 2147483648, 2147483649 ], none => 1 },
	{ check => 'inexact_number', source => 'decimal(20,2)', target => 'integer', good => ['7.00'], bad => ['7.50'], becomes => [8], good_text => ['7'] },
	{ check => 'inexact_number', source => 'decimal(6,3)', target => 'numeric(5,2)', good => ['1.500'], bad => [ '1.005', '999.996', '-999.996' ], becomes => [ '1.01', '999.99', '-999.99' ], good_text => ['1.50'] },
	{ check => 'inexact_number', source => 'double', target => 'integer', good => [3], bad => [ 0.5, '2147483647.75' ], becomes => [ 1, 2147483647 ] },
	{ check => 'inexact_number', source => 'decimal(6,3)', target => 'numeric(5,2) UNIQUE', good => ['1.500'], bad => [ '1.501', '1.502' ], none => 1, good_text => ['1.50'] },
	{ check => 'inexact_number', source => 'datetime(3)', target => 'timestamp(0)', good => ["'2024-02-29 12:00:00'"], bad => ["'2024-02-29 12:00:00.5'"], becomes => ['2024-02-29 12:00:01'] },
	{ check => 'inexact_number', source => 'datetime', target => 'date', good => ["'2024-02-29'"], bad => ["'2024-03-01 23:00:00'"], becomes => ['2024-03-01'] },
	{ check => 'not_boolean', source => 'tinyint(1)', target => 'boolean', good => [ 0, 1 ], bad => [7], becomes => ['true'], good_text => [ 'false', 'true' ] },
	{ check => 'empty_uuid', source => 'char(36)', target => 'uuid', good => ["'6ccd780c-baba-1026-9564-5b8c656024db'"], bad => [ "''", "''" ], becomes => [ $null, $null ] },
	{ check => 'empty_uuid', source => 'char(36)', target => 'uuid NOT NULL', good => ["'6ccd780c-baba-1026-9564-5b8c656024db'"], bad => ["''"], none => 1, decide => qr/<an expression over value, of type uuid/ },
	{ check => 'empty_text', source => 'varchar(9)', target => 'integer', good => ["'7'"], bad => ["''"], becomes => [$null] },
	{ check => 'empty_text', source => 'varchar(9)', target => 'integer NOT NULL', good => ["'7'"], bad => ["''"], none => 1, decide => qr/with what stands for ''>/ },
	{ check => 'enum_empty', source => "enum('a','b')", target => 'mood', good => ["'a'"], bad => ["''"], becomes => [$null] },
	{ check => 'enum_empty', source => "enum('a','b')", target => 'mood NOT NULL', good => ["'a'"], bad => ["''"], none => 1, decide => qr/<'enum_empty\(\.\.\.\)' with the label/ },
	{ check => 'null_for_not_null', source => 'varchar(9)', target => 'text NOT NULL', good => ["''"], bad => ['NULL'], none => 1, decide => qr/with what stands for NULL>/ },
	{ check => 'null_for_not_null', source => 'int', target => 'int NOT NULL REFERENCES parent', good => [1], bad => ['NULL'], none => 1 },
	{ check => 'nul_in_json', source => 'json', target => 'jsonb', good => [q('{"a": 1}')], bad => [q('{"a": "\\\\u0000"}')], becomes => [qq({"a": "\xe2\x90\x80"})] },
	{ check => 'duplicate_member', source => 'text', target => 'jsonb', good => [q('{"a": 1}')], bad => [q('{"a": 1, "a": 2}')], becomes => ['{"a": 2}'] },
	{ check => 'double_encoding', source => 'varchar(20)', target => 'text', good => ["'café'"], bad => ["'cafÃ©'"], becomes => ['café'] },
	{ check => 'double_encoding', source => 'varchar(20)', target => 'text UNIQUE', good => ["'café'"], bad => ["'cafÃ©'"], none => 1, loads => 1 },
	{ check => 'compressed_text', source => 'varchar(20)', target => 'text', good => ["'plain'"], bad => ["CONVERT(CAST(UNHEX('78C29CC38B48') AS BINARY) USING utf8mb4)"], none => 1, loads => 1 },
	{ check => 'orphan', source => 'int, FOREIGN KEY (v) REFERENCES parent (id)', target => 'int REFERENCES parent', good => [1], bad => [7], becomes => [$null] },
	{ check => 'orphan', source => 'int NOT NULL, FOREIGN KEY (v) REFERENCES parent (id)', target => 'int NOT NULL REFERENCES parent', good => [1], bad => [7], none => 1, decide => qr/<'delete', if/ },
	{ check => 'orphan', source => 'int, FOREIGN KEY (v) REFERENCES parent (id)', target => 'int REFERENCES parent CHECK (v > 0)', good => [1], bad => [7], none => 1 },
	{ check => 'parent_spelling', source => 'varchar(9) COLLATE utf8mb4_general_ci, FOREIGN KEY (v) REFERENCES named (name)', target => 'text REFERENCES named', good => ["'Ada'"], bad => [ "'ada'", "'ADA'" ], becomes => [ 'Ada', 'Ada' ] },
	{ check => 'parent_spelling', source => 'varchar(9) COLLATE utf8mb4_general_ci, FOREIGN KEY (v) REFERENCES named (name)', target => 'text UNIQUE REFERENCES named', good => ["'Ada'"], bad => ["'ada'"], none => 1 },
	{ check => 'parent_spelling', source => 'varchar(9) COLLATE utf8mb4_general_ci UNIQUE, FOREIGN KEY (v) REFERENCES named (name)', target => 'text UNIQUE REFERENCES named', good => ["'Ada'"], bad => ["'bob'"], becomes => ['Bob'] },
	( map { { check => $_->[0], source => $_->[1], target => $_->[2], good => [], bad => [ $_->[3] ], none => 1 } }
		[ 'invalid_uuid', 'varchar(40)', 'uuid', "'no'" ], [ 'invalid_text', 'varchar(9)', 'integer', "'x'" ], [ 'invalid_json', 'text', 'json', "'{'" ], [ 'invalid_encoding', 'varbinary(9)', 'text', "X'ff'" ],
		[ 'unknown_label', 'varchar(9)', 'mood', "'c'" ], [ 'date_out_of_range', 'varchar(30)', 'timestamp', "'2024-13-01'" ], [ 'surrogate_in_json', 'text', 'jsonb', q('"\\\\ud83d"') ] ),
);

my ($source_sql, $target_sql) = (<<'SOURCE', <<'TARGET');
SET SESSION sql_mode = 'ALLOW_INVALID_DATES', time_zone = '+00:00', foreign_key_checks = 0;
CREATE TABLE parent (id int PRIMARY KEY);
INSERT INTO parent VALUES (1);
CREATE TABLE named (name varchar(9) COLLATE utf8mb4_general_ci PRIMARY KEY);
INSERT INTO named VALUES ('Ada'), ('Bob');
SOURCE
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE TABLE parent (id int PRIMARY KEY);
CREATE TABLE named (name text PRIMARY KEY);
TARGET
my $number = 0;
for my $case (@cases) {
	$case->{table} = sprintf '%s_%02d', $case->{check}, ++$number;
	my @values = (@{ $case->{good} }, @{ $case->{bad} });
	$source_sql .= "CREATE TABLE $case->{table} (id int PRIMARY KEY, v $case->{source});\n";
	$source_sql .= 'INSERT ' . ($case->{check} eq 'enum_empty' ? 'IGNORE ' : '') . "INTO $case->{table} VALUES (" . ($_ + 1) . ", $values[$_]);\n" for 0 .. $#values;
	$target_sql .= "CREATE TABLE $case->{table} (id int PRIMARY KEY, v $case->{target});\n";
}
my $my = scratch_source($source_sql);
my $db = scratch_database();
$db->run($target_sql);
$db->link_source('src', $my);

for my $case (@cases) {
	my ($suggested, $remedies) = split /\|/, $db->value("SELECT count(rule), string_agg(remedy, ' ') FROM alkconv_preflight('src', include => '{$case->{table},parent,named}') WHERE table_name = '$case->{table}' AND check_name = '$case->{check}' AND severity <> 'info'"), 2;
	is($suggested, $case->{none} ? 0 : 1, "$case->{table}: " . ($case->{none} ? 'nothing is suggested' : 'one rule is suggested'));
	like($remedies, $case->{decide}, "$case->{table}: what is to be decided") if $case->{decide};
}
my @rules = $db->rows("SELECT DISTINCT rule FROM alkconv_preflight('src') WHERE rule IS NOT NULL");
is(scalar(grep { /skip_column|'exclude'|'delete'|coalesce|</ } @rules), 0, 'no suggestion leaves anything out, invents a value or has a gap');
$db->run("SELECT DISTINCT rule FROM alkconv_preflight('src') WHERE rule IS NOT NULL \\gexec\n");
is($db->value('SELECT count(*) FROM alkconv.rule WHERE NOT shipped'), scalar @rules, 'each runs as it stands');

# What nothing is suggested for is still there, and nothing else.
same_text(join("\n", sort $db->rows("SELECT DISTINCT table_name FROM alkconv_preflight('src') WHERE severity = 'error'")), join("\n", sort map { $_->{table} } grep { $_->{none} && !$_->{loads} } @cases), 'with the rules only that is left');
for my $case (grep { $_->{none} && !$_->{loads} } @cases) {
	$my->run("DELETE FROM $case->{table} WHERE id > " . scalar @{ $case->{good} });
	$case->{bad} = [];
}
my %run = $db->psql("SELECT alkconv_migrate('src')");
is($run{rc}, 0, 'the run ends well') or diag($run{stderr} =~ s/^.*NOTICE.*\n|^LOCATION.*\n//mgr);
is($db->value("SELECT count(*) FROM alkconv_report() WHERE verdict NOT IN ('ok', 'note', 'left out')"), 0, 'and is proved');
is($db->value("SELECT count(*) FROM alkconv_report() WHERE verdict = 'left out' AND check_name LIKE 'source%'"), 0, 'no column stays in the source');

sub value { my ($sql) = @_; return $sql =~ /^'(.*)'$/s ? $1 : $sql }
for my $case (@cases) {
	my @good = @{ $case->{good_text} // [ map { value($_) } @{ $case->{good} } ] };
	my @want = (@good, @{ $case->{bad} } == 0 ? () : $case->{becomes} ? @{ $case->{becomes} } : ());
	my @have = $db->rows("SELECT coalesce(rtrim(v::text), '$null') FROM $case->{table} ORDER BY id");
	if ($case->{loads}) { is(scalar @have, @{ $case->{good} } + @{ $case->{bad} }, "$case->{table}: all rows") }
	else { same_text(join("\n", @have), join("\n", @want), "$case->{table}: values") }
}

# ---- the problems of the plan -------------------------------------------------------------------------------------------------------------

$my = scratch_source(<<'SQL');
CREATE TABLE zoned (id int PRIMARY KEY, at datetime);
CREATE TABLE lacking (id int PRIMARY KEY, more int);
CREATE TABLE viewed (id int PRIMARY KEY);
CREATE TABLE absent (id int PRIMARY KEY);
SQL
$db = scratch_database();
$db->run('CREATE TABLE zoned (id int PRIMARY KEY, at timestamptz NOT NULL DEFAULT now()); CREATE TABLE lacking (id int PRIMARY KEY); CREATE VIEW viewed AS SELECT 1 AS id');
$db->link_source('src', $my);
is($db->value("SELECT count(*) FILTER (WHERE severity = 'error') > 3, count(rule) FROM alkconv_preflight('src')"), 't|0', 'problems of the plan are for somebody to decide');

# ---- the case: NULL in a foreign key ---------------------------------------------------------------------------------------------------------

$my = case_source('null-in-a-foreign-key');
$db = scratch_database();
case_target($db, 'null-in-a-foreign-key');
$db->link_source('src', $my);
my $finding = "SELECT check_name, rows, sample_key, rule IS NULL, remedy FROM alkconv_preflight('src') WHERE severity = 'error'";
like($db->value($finding), qr/^null_for_not_null\|1\|\(id\)=\(2\)\|t\|.*No rule is suggested: the column is part of foreign key payment_rental_id_fkey/, 'named, and no value is suggested');
unlike($db->value($finding), qr/coalesce|INSERT/, 'not as a template either');

done_testing();
