# testbed: mysql mariadb
#
# Every rule that changes values, both ways: without it the run stops with the precise error, with it the run ends `ok`, the values are those
# that the rule says, and the report counts them.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

# Bytes for a column of bytes, and the same bytes as one code point each for a column of text.
my $zlib = '789ccb48cdc9c95728cf2fca4901001a0b045d'; # 'hello world' by zlib, for every version of it
my $gzip = '1f8b08000000000000ffcb48cdc9c95728cf2fca49010085114a0d0b000000';
my $compress = "0b000000$zlib";
my $points = pack 'H*', $zlib;
utf8::encode($points);
$points = unpack 'H*', $points;

# `values` are the source's (SQL), `gives` what the target holds then (text, undef for NULL), `touched` how many the rule changed. Without the
# rule the run fails with `sqlstate`, or, where there is none, keeps the values as they are.
my @cases = (
	{ rule => 'zero_date(null)', source => 'date', target => 'date', values => [ "'0000-00-00'", "'2020-02-29'", 'NULL' ], gives => [ undef, '2020-02-29', undef ], touched => 1, sqlstate => '22007' },
	{ rule => 'zero_date(-infinity)', source => 'datetime(3)', target => 'timestamp NOT NULL', values => [ "'0000-00-00'", "'2020-02-29 01:02:03.004'" ], gives => [ '-infinity', '2020-02-29 01:02:03.004' ],
		touched => 1, sqlstate => '22007' },
	{ rule => 'zero_date(1970-01-01)', source => 'timestamp NULL', target => 'timestamptz', values => [ "'0000-00-00'", "'2020-02-29 01:02:03'" ], gives => [ '1970-01-01 00:00:00+00', '2020-02-29 01:02:03+00' ],
		touched => 1, sqlstate => '22007' },
	{ rule => 'partial_date(null)', source => 'date', target => 'date', values => [ "'2020-00-10'", "'2023-02-31'", "'2020-02-29'" ], gives => [ undef, undef, '2020-02-29' ], touched => 2, sqlstate => '22007' },
	{ rule => 'partial_date(first)', source => 'datetime', target => 'timestamp', values => [ "'2020-00-10 10:00:00'", "'2023-02-31 11:00:00'", "'2020-05-00 12:00:00'" ],
		gives => [ '2020-01-01 10:00:00', '2023-02-01 11:00:00', '2020-05-01 12:00:00' ], touched => 3, sqlstate => '22007' },
	{ rule => 'strip_nul', source => 'varchar(20)', target => 'text', values => [ "CONCAT('a', CHAR(0), 'b')", 'CHAR(0)', "'c'" ], gives => [ 'ab', '', 'c' ], touched => 2, sqlstate => '22P05' },
	{ rule => 'replace_nul', source => 'longtext', target => 'text', values => [ "CONCAT('a', CHAR(0), 'b')", "'c'" ], gives => [ "a\xe2\x90\x80b", 'c' ], touched => 1, sqlstate => '22P05' },
	{ rule => 'strip_nul', source => 'varbinary(20)', target => 'text', values => [ "X'610062'", "X'00'", "'c'" ], gives => [ 'ab', '', 'c' ], touched => 2, sqlstate => '22P05' },
	{ rule => 'replace_nul', source => 'blob', target => 'varchar(3)', values => [ "X'c3a400c3b6'", "'c'" ], gives => [ "\xc3\xa4\xe2\x90\x80\xc3\xb6", 'c' ], touched => 1, sqlstate => '22P05' },
	{ rule => 'trim_pad', source => 'varchar(20)', target => 'char(5)', values => [ "'a  '", "'b'" ], gives => [ 'a', 'b' ], touched => 1, sqlstate => '22001' },
	{ rule => 'json_nul(strip)', source => 'json', target => 'jsonb', values => [ q('{"a": "x\\\\u0000y"}'), q('{"a": "\\\\\\\\u0000"}') ], gives => [ '{"a": "xy"}', '{"a": "\\\\u0000"}' ], touched => 1, sqlstate => '22P05' },
	{ rule => 'json_nul(replace)', source => 'json', target => 'jsonb', values => [ q('{"a": "x\\\\u0000y"}') ], gives => ["{\"a\": \"x\xe2\x90\x80y\"}"], touched => 1, sqlstate => '22P05' },
	{ rule => 'json_nul(null)', source => 'json', target => 'jsonb', values => [ q('{"a": "x\\\\u0000y"}'), "'[1]'" ], gives => [ undef, '[1]' ], touched => 1, sqlstate => '22P05' },
	{ rule => 'utf8_in_latin1_repair', source => 'varchar(20)', target => 'text', values => [ "CONVERT(X'C383C2A9' USING utf8mb4)", "CONVERT(X'C3A9' USING utf8mb4)", "'plain'" ],
		gives => [ "\xc3\xa9", "\xc3\xa9", 'plain' ], touched => 1 },
	{ rule => 'utf8_in_latin1_repair', source => 'varchar(20) CHARACTER SET latin1', target => 'text', values => [ "CONVERT(X'C3A9' USING latin1)", "CONVERT(X'E9' USING latin1)" ],
		gives => [ "\xc3\xa9", "\xc3\xa9" ], touched => 1 },
	{ rule => 'utf8_in_latin1_repair', source => 'longtext', target => 'text', values => [ "REPEAT(CONVERT(X'C383C2A9' USING utf8mb4), 1000000)", "CONVERT(X'C3ADC2A0E282AC' USING utf8mb4)", "CONVERT(X'C3ACC2A0E282AC' USING utf8mb4)" ],
		gives => [ "\xc3\xa9" x 1_000_000, "\xc3\xad\xc2\xa0\xe2\x82\xac", "\xec\xa0\x80" ], touched => 2 }, # ED A0 80 would be half a pair of surrogates
	{ rule => 'uuid_swap', source => 'binary(16)', target => 'uuid', values => ["X'66774455001122338899AABBCCDDEEFF'"], gives => ['00112233-4455-6677-8899-aabbccddeeff'], touched => 1 },
	{ rule => 'tinyint_to_boolean', source => 'tinyint(1)', target => 'boolean', values => [ 5, 0, 1, -1, 'NULL' ], gives => [ 'true', 'false', 'true', 'true', undef ], touched => 2, sqlstate => '22003' },
	{ rule => 'clamp', source => 'bigint unsigned', target => 'bigint', values => [ '18446744073709551615', 7 ], gives => [ '9223372036854775807', 7 ], touched => 1, sqlstate => '22003' },
	{ rule => 'clamp', source => 'bigint unsigned', target => 'numeric(19)', values => [ '18446744073709551615', 7 ], gives => [ '9999999999999999999', 7 ], touched => 1, sqlstate => '22003' },
	{ rule => 'clamp', source => 'decimal(20,2)', target => 'numeric(5,2)', values => [ '12345678.90', '-1000.00', '1.10' ], gives => [ '999.99', '-999.99', '1.10' ], touched => 2, sqlstate => '22003' },
	{ rule => 'clamp', source => 'double', target => 'integer', values => [ '1e300', 3 ], gives => [ 2147483647, 3 ], touched => 1, sqlstate => '22003' },
	{ rule => 'enum_empty(null)', source => "enum('a','b')", target => 'mood', values => [ "''", "'a'" ], gives => [ undef, 'a' ], touched => 1, sqlstate => '22P02' },
	{ rule => 'enum_empty(b)', source => "enum('a','b')", target => 'mood NOT NULL', values => [ "''", "'a'" ], gives => [ 'b', 'a' ], touched => 1, sqlstate => '22P02' },
	{ rule => 'empty_to_null', source => 'varchar(36)', target => 'uuid', values => [ "''", "'00112233-4455-6677-8899-aabbccddeeff'" ], gives => [ undef, '00112233-4455-6677-8899-aabbccddeeff' ], touched => 1, sqlstate => '22P02' },
	{ rule => 'code_points_to_bytea', source => 'longtext', target => 'bytea', values => [ "CONVERT(X'78C29C00' USING utf8mb4)", "''" ], gives => [ '\\x789c00', '\\x' ], touched => 1 },
	{ rule => 'code_points_to_base64', source => 'longtext', target => 'text', values => [ "''", "CONVERT(X'78C29C00' USING utf8mb4)" ], gives => [ '', 'eJwA' ], touched => 1, sqlstate => '22P05' },
	{ rule => 'inflate', source => 'blob', target => 'text', values => [ "X'$zlib'", "X'$gzip'", "X'$compress'", "''", 'NULL' ], gives => [ ('hello world') x 3, '', undef ], touched => 3, sqlstate => '22021', reread => 1, converter => 1 },
	{ rule => 'inflate', source => 'mediumblob', target => 'text', values => ["COMPRESS(REPEAT('x', 40056))"], gives => [ 'x' x 40056 ], touched => 1, sqlstate => '22021' }, # whose length begins like a zlib stream
	{ rule => 'inflate', source => 'longtext', target => 'bytea', values => ["CONVERT(X'$points' USING utf8mb4)"], gives => ['\\x68656c6c6f20776f726c64'], touched => 1 },
	{ action => 'expression', rule => q(nullif(value, 'none')::int * 2), source => 'varchar(20)', target => 'integer', values => [ "'none'", "'21'" ], gives => [ undef, 42 ], sqlstate => '22P02', reread => 1 },
	{ action => 'expression', rule => q(coalesce(value, 'unknown')), source => 'varchar(20)', target => 'text NOT NULL', values => [ 'NULL', "'x'" ], gives => [ 'unknown', 'x' ], sqlstate => '23502', reread => 1 },
	{ action => 'expression', rule => q(decode(substr(value, 3), 'hex')), source => 'varbinary(20)', target => 'bytea', values => ["X'00FF'"], gives => ['\\x00ff'], reread => 1 },
);

my ($source_sql, $target_sql) = ("SET SESSION sql_mode = 'ALLOW_INVALID_DATES', time_zone = '+00:00';\n", "CREATE TYPE mood AS ENUM ('a', 'b');\n");
my $number = 0;
for my $case (@cases) {
	$case->{action} //= 'transform';
	$case->{reread} ||= flavor() eq 'mariadb' && $case->{target} eq 'jsonb'; # always there
	$case->{table} = sprintf 't%02d', ++$number;
	$source_sql .= "CREATE TABLE $case->{table} (id int PRIMARY KEY, v $case->{source});\n";
	$source_sql .= 'INSERT ' . ($case->{rule} =~ /enum/ ? 'IGNORE ' : '') . "INTO $case->{table} VALUES (" . ($_ + 1) . ", $case->{values}[$_]);\n" for 0 .. $#{ $case->{values} };
	$target_sql .= "CREATE TABLE $case->{table} (id int PRIMARY KEY, v $case->{target});\n";
}
my $my = scratch_source($source_sql);
my $db = scratch_database();
$db->run($target_sql);
$db->link_source('src', $my);

sub quoted { my ($text) = @_; $text =~ s/'/''/g; return "'$text'" }
sub migrate_sql { my ($table) = @_; return "SET TimeZone = 'UTC'; SELECT alkconv_migrate('src', include => ARRAY['$table'], on_existing => 'replace')" }

for my $case (@cases) {
	my ($table, $rule, $action) = @$case{qw(table rule action)};
	subtest "$rule: $case->{source} to $case->{target}" => sub {
		if ($case->{sqlstate}) {
			$db->fails(migrate_sql($table), name => 'refused without the rule', sqlstate => $case->{sqlstate}, like => [ qr/^TABLE NAME:  $table$/m, qr/column "v"/ ]);
		}
		$db->run("INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument, reason) VALUES ('$table', 'v', '$action', " . quoted($rule) . ", 'why')");
		is($db->value("SELECT rule FROM alkconv_plan('src', include => ARRAY['$table']) WHERE column_name = 'v'"), "$action($rule): why", 'the plan names it');
		my $end = $case->{reread} ? ', 1 column by reading it again' . ($case->{converter} ? ' with the converter' : '') : '';
		like($db->notices(migrate_sql($table)), qr/migrated "src": 1 table, \d+ rows?, (?:every value proved equal|proved equal to what 1 rule makes of them)$end(?:; left out: \d+ tables)?$/m, 'the last notice says how it was proved');
		my @held = $db->rows("SET TimeZone = 'UTC'; SET client_encoding = 'UTF8'; SELECT coalesce(v::text, '<null>') FROM $table ORDER BY id");
		is_deeply([ grep { $_ ne 'SET' } @held ], [ map { $_ // '<null>' } @{ $case->{gives} } ], 'values');
		my $note = $db->value("SELECT note FROM alkconv_report() WHERE check_name = 'table' AND table_name = '$table'") // '';
		my $touched = $case->{touched};
		my $rows = @{ $case->{values} };
		is($note, "v: changed $touched of $rows value" . ($rows == 1 ? '' : 's') . " by $action($rule): why", 'counted') if $touched;
		is($db->value("SELECT count(*) FROM alkconv_report() WHERE table_name = '$table' AND check_name LIKE 'reread%' AND target_value = 'equal, " . ($case->{converter} ? 'converted' : 'read') . " again' AND verdict = 'ok'"), $case->{reread} ? 1 : 0, 'and so does the report');
		is($db->value("SELECT string_agg(DISTINCT verdict, ',') FROM alkconv_verify('src', include => ARRAY['$table'])"), 'ok', 'verified again');
		# the proof is one of the stored value: damage is found
		my $damage = $case->{target} =~ /boolean/ ? 'NOT v' : $case->{target} =~ /int|numeric/ ? 'v - 1' : $case->{target} =~ /date|time/ ? "v + interval '1 day'" : 'NULL';
		my $row = (grep { defined $case->{gives}[$_] && $case->{gives}[$_] ne '-infinity' } 0 .. $#{ $case->{gives} })[-1] + 1;
		$damage = "'damage'" if $damage eq 'NULL' && $case->{target} =~ /text NOT NULL/;
		$damage = "'a'" if $case->{target} eq 'mood NOT NULL' && ($row = 1);
		$db->run("UPDATE $table SET v = $damage WHERE id = $row");
		is($db->value("SELECT count(*) FROM alkconv_verify('src', include => ARRAY['$table']) WHERE verdict = 'mismatch'"), 1, 'damage is found');
		$db->run('DELETE FROM alkconv.rule WHERE NOT shipped');
	};
}

subtest 'each column that was read again has its reason' => sub {
	my $two = scratch_source("CREATE TABLE both_ways (id int PRIMARY KEY, z blob, n varchar(20)); INSERT INTO both_ways VALUES (1, X'$zlib', '21');");
	$db->link_source('two', $two);
	$db->run("CREATE TABLE both_ways (id int PRIMARY KEY, z text, n integer);
		INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ('both_ways', 'z', 'transform', 'inflate'), ('both_ways', 'n', 'expression', 'value::int * 2')");
	like($db->notices("SELECT alkconv_migrate('two')"), qr/proved equal to what 2 rules make of them, 1 column by reading it again$/m, 'they are counted');
	is($db->value("SELECT note FROM alkconv_report() WHERE check_name LIKE 'reread%'"), "no digest: a rule's expression computed them", 'and explained');
	$db->run('DELETE FROM alkconv.rule WHERE NOT shipped');
};

subtest 'an expression on the way through COPY' => sub {
	my $pieces = scratch_source("CREATE TABLE pieces (id int PRIMARY KEY, v varchar(20)); INSERT INTO pieces VALUES (1, 'none'), (2, '21'), (101, '-4');");
	$db->link_source('pieces', $pieces);
	$db->run("CREATE TABLE pieces (id int PRIMARY KEY, v integer) PARTITION BY RANGE (id);
		CREATE TABLE pieces_low PARTITION OF pieces FOR VALUES FROM (0) TO (100); CREATE TABLE pieces_high PARTITION OF pieces FOR VALUES FROM (100) TO (200);
		INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ('pieces', 'v', 'expression', 'nullif(value, ''none'')::int * 2')");
	like($db->notices("SELECT alkconv_migrate('pieces')"), qr/loaded "pieces": 3 rows, through COPY\n.*proved equal to what 1 rule makes of them, 1 column by reading it again$/ms, 'loaded and proved');
	is(join(';', $db->rows('SELECT tableoid::regclass, id, v FROM pieces ORDER BY id')), 'pieces_low|1|;pieces_low|2|42;pieces_high|101|-8', 'values');
	$db->run('UPDATE pieces SET v = 41 WHERE id = 2');
	is($db->value("SELECT count(*) FROM alkconv_verify('pieces') WHERE verdict = 'mismatch' AND check_name = 'reread v'"), 1, 'damage is found');
	$db->run('DELETE FROM alkconv.rule WHERE NOT shipped');
};

# ---- foreign keys ----------------------------------------------------------------------------------------------------------
my $fk = scratch_source(<<'SQL');
SET foreign_key_checks = 0;
CREATE TABLE person (name varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci PRIMARY KEY);
CREATE TABLE team (id int PRIMARY KEY, boss varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
	CONSTRAINT boss FOREIGN KEY (boss) REFERENCES person (name));
CREATE TABLE player (id int PRIMARY KEY, team int NOT NULL, captain int,
	CONSTRAINT team FOREIGN KEY (team) REFERENCES team (id), CONSTRAINT captain FOREIGN KEY (captain) REFERENCES player (id));
INSERT INTO person VALUES ('Ann'), ('Bob');
INSERT INTO team VALUES (1, 'ann'), (2, 'Bob '), (3, 'Bob'), (4, 'gone'), (5, NULL);
INSERT INTO player VALUES (1, 1, NULL), (2, 4, 1), (3, 99, NULL), (4, 2, 77), (5, 5, 4);
SQL
my $fk_db = scratch_database();
$fk_db->run(<<'SQL');
CREATE TABLE person (name varchar(20) PRIMARY KEY);
CREATE TABLE team (id int PRIMARY KEY, boss varchar(20), CONSTRAINT boss FOREIGN KEY (boss) REFERENCES person);
CREATE TABLE player (id int PRIMARY KEY, team int NOT NULL, captain int, CONSTRAINT team FOREIGN KEY (team) REFERENCES team,
	CONSTRAINT captain FOREIGN KEY (captain) REFERENCES player);
SQL
$fk_db->link_source('fk', $fk);
my $run = "SELECT alkconv_migrate('fk', on_existing => 'replace')";
my $add = sub {
	my ($table, $column, $action, $argument) = @_;
	$fk_db->run("INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ('$table', '$column', '$action', '$argument')");
};
$fk_db->fails($run, name => 'orphans without a rule', sqlstate => '23503', like => [ qr/verification failed: foreign key/, qr/parent_spelling/ ]);
$add->('team', 'boss', 'transform', 'parent_spelling');
$fk_db->fails($run, name => 'spelling alone gives nobody a parent', sqlstate => '23503', like => [ qr/1 orphan in "person"|orphan/, qr/gone|captain|team/ ]);
$add->('team', 'boss', 'orphans', 'delete');
$add->('player', 'team', 'orphans', 'delete');
$fk_db->fails($run, name => 'one foreign key is left', sqlstate => '23503', like => [ qr/foreign key captain/, qr/77/ ]);
$add->('player', 'captain', 'orphans', 'null');
$fk_db->run($run);
is(join(';', $fk_db->rows('SELECT id, boss FROM team ORDER BY id')), '1|Ann;2|Bob;3|Bob;5|', 'children are spelled as their parents, orphans are gone');
is(join(';', $fk_db->rows('SELECT id, team, captain FROM player ORDER BY id')), '1|1|;4|2|;5|5|4', 'and the orphans of those that went');
my %note = map { split /\|/, $_, 2 } $fk_db->rows("SELECT table_name, note FROM alkconv_report() WHERE check_name = 'table' AND note IS NOT NULL");
is($note{team}, '1 row left out by orphans(delete); boss: changed 2 of 4 values by transform(parent_spelling)', 'counts of team');
is($note{player}, '2 rows left out by orphans(delete); captain: changed 1 of 3 values by orphans(null)', 'counts of player');
is(join(';', $fk_db->rows("SELECT check_name, source_value, target_value, verdict FROM alkconv_verify('fk') WHERE check_name LIKE 'orphans%'")),
	'orphans left out|5 rows, 2 orphans|3 rows|ok;orphans made null captain|1 nulls, 1 orphans|2 nulls|ok;orphans left out|5 rows, 1 orphans|4 rows|ok', 'what went are the orphans');
is($fk_db->value("SELECT string_agg(DISTINCT verdict, ',') FROM alkconv_verify('fk')"), 'ok', 'verified again');
$fk_db->run('DELETE FROM player WHERE id = 1');
like($fk_db->value("SELECT string_agg(check_name, ',') FROM alkconv_verify('fk') WHERE verdict = 'mismatch' AND table_name = 'player'"), qr/rows.*orphans left out/, 'a row too few is no orphan');
$fk_db->run("DELETE FROM alkconv.rule WHERE action = 'orphans' AND column_pattern = 'captain'");
$add->('player', 'captain', 'orphans', 'delete');
$fk_db->fails($run, name => 'orphans are not deleted along a circle', sqlstate => '0A000', like => qr/circle/);

# ---- a parents' key that is not unique -------------------------------------------------------------------------------------
# The source would find any of the spellings; the unlike one comes first in its order.
my $allow = flavor() eq 'mysql' ? 'SET SESSION restrict_fk_on_non_standard_key = OFF;' : '';
my $spelled = scratch_source(<<"SQL");
$allow
CREATE TABLE club (id int PRIMARY KEY, name varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci, KEY (name));
CREATE TABLE member (id int PRIMARY KEY, club varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci, CONSTRAINT club FOREIGN KEY (club) REFERENCES club (name));
INSERT INTO club VALUES (1, 'ABC'), (2, 'abc'), (3, 'DEF'), (4, 'DEF');
INSERT INTO member VALUES (1, 'abc'), (2, 'ABC'), (3, 'def'), (4, NULL);
SQL
my $spelled_db = scratch_database();
$spelled_db->run(<<'SQL');
CREATE TABLE club (id int PRIMARY KEY, name varchar(20));
CREATE TABLE member (id int PRIMARY KEY, club varchar(20));
SQL
$spelled_db->link_source('spelled', $spelled);
$spelled_db->run("INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ('member', 'club', 'transform', 'parent_spelling')");
$spelled_db->run("SELECT alkconv_migrate('spelled')");
is(join(';', $spelled_db->rows('SELECT id, club FROM member ORDER BY id')), '1|abc;2|ABC;3|DEF;4|', 'a child whose parent is spelled like it keeps that parent');
is($spelled_db->value("SELECT note FROM alkconv_report() WHERE check_name = 'table' AND table_name = 'member'"), 'club: changed 1 of 4 values by transform(parent_spelling)', 'only the other one is changed');
is(join(';', $spelled_db->rows("SELECT source_value, target_value, verdict FROM alkconv_verify('spelled') WHERE check_name = 'spelling of club'")),
	'1 values spelled as their parents|0 in doubt|ok', 'nothing is guessed');
$spelled->run("INSERT INTO member VALUES (5, 'Abc')");
$spelled_db->fails("SELECT alkconv_migrate('spelled', on_existing => 'replace')", name => 'a child of several parents, none spelled like it', sqlstate => '23503',
	like => [ qr/verification failed: spelling of club of table "member"/, qr/1 values have several parents, none of them spelled alike; 0 would change .* "Abc"/, qr/HINT:  Spell these values in the source/ ]);

done_testing();
