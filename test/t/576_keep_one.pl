# testbed: mysql mariadb alone
#
# Rules keep_one: of rows that are equal under a key that only the target has one is copied; the others are counted, listed, and no row may lose
# its parent by that without a word.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $my = scratch_source(<<'SQL');
CREATE TABLE session_devices (id char(36) CHARACTER SET ascii PRIMARY KEY, nid int NOT NULL, ip varchar(50) COLLATE utf8mb4_unicode_ci, agent varchar(512) COLLATE utf8mb4_unicode_ci, seen datetime);
INSERT INTO session_devices VALUES ('a', 1, '10.0.0.1', 'Firefox', '2024-01-01'), ('b', 1, '10.0.0.1', 'Firefox', '2024-03-01'), ('c', 1, '10.0.0.1', 'firefox', '2024-02-01'),
	('d', 1, '10.0.0.1', 'Firefox', NULL), ('e', 2, '10.0.0.1', 'Firefox', '2024-02-01'), ('f', 1, NULL, 'Firefox', '2024-02-01'), ('g', 1, NULL, 'Firefox', '2024-02-02'), ('h', 1, '10.0.0.1 ', 'Firefox', '2024-02-01');
CREATE TABLE notes (id int PRIMARY KEY, device char(36) CHARACTER SET ascii, CONSTRAINT of_device FOREIGN KEY (device) REFERENCES session_devices (id));
INSERT INTO notes VALUES (1, 'a'), (2, 'c'), (3, NULL);
CREATE TABLE codes (code varchar(10) COLLATE utf8mb4_bin PRIMARY KEY, v int);
INSERT INTO codes VALUES ('1', 1), ('01', 2), ('2', 3), ('001', 4);
SQL
my $db = scratch_database();
$db->run(<<'SQL');
CREATE TABLE session_devices (id text PRIMARY KEY, nid int NOT NULL, ip text, agent text, seen timestamp, CONSTRAINT unique_session_device UNIQUE (nid, ip, agent));
CREATE TABLE notes (id int PRIMARY KEY, device text);
CREATE TABLE codes (code int PRIMARY KEY, v int);
SQL
$db->link_source('src', $my, readers => 1);

sub rule {
	my ($table, $argument, $action, $column) = @_;
	return sprintf "INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument, reason) VALUES ('%s', %s, '%s', '%s', 'test')", $table, $column ? "'$column'" : 'NULL', $action // 'keep_one', $argument;
}

sub only {
	my (@rules) = @_;
	$db->run('DELETE FROM alkconv.rule WHERE NOT shipped', @rules);
	return;
}
my $run = "SELECT alkconv_migrate('src', on_existing => 'replace')";
my $devices = "SELECT string_agg(id, '' ORDER BY id) FROM session_devices";
sub checks { my ($of, $like) = @_; return join "\n", $db->rows("SELECT table_name, check_name, coalesce(source_value, ''), coalesce(target_value, ''), verdict FROM $of WHERE check_name ~ '$like'") }

# ---- vocabulary ------------------------------------------------------------------------------------------------------------------------

is($db->value("SELECT count(*) FROM alkconv_vocabulary() AS v WHERE v::text ~ 'keep_one'"), 1, 'the vocabulary has it');
for my $bad ('', '(a', '(a,)', 'key, lowest', 'key, first by', 'key last', 'key, first by a b', '""', 'key, by a') {
	$db->fails(rule('t', $bad), name => "the argument \"$bad\" is refused when the rule is written", like => qr/keep_one|argument/);
}
$db->fails(rule('t', 'k', 'keep_one', 'c'), name => 'it is about tables', like => qr/whole tables/);

# ---- without a rule ----------------------------------------------------------------------------------------------------------------------

$db->fails($run, sqlstate => '23505', name => 'duplicates', like => [qr/codes_pkey|unique_session_device/, qr/table_pattern '(?:codes|session_devices)', action keep_one, argument '(?:codes_pkey|unique_session_device)'/, qr/DROP CONSTRAINT/]);
my $remedy = $db->value("SELECT remedy FROM alkconv_preflight('src', on_existing => 'replace') WHERE check_name = 'duplicate' AND table_name = 'session_devices'");
like($remedy, qr/ALTER TABLE "session_devices" DROP CONSTRAINT "unique_session_device"/, 'preflight does not advise to drop the index of a constraint');
unlike($remedy, qr/DROP INDEX/, 'at all');
my ($ready) = $remedy =~ /(INSERT INTO alkconv\.rule .*;)/;
like($ready // '', qr/'keep_one', 'unique_session_device', 'of rows that are equal under unique_session_device the first by \(id\) is kept, the others stay behind'/, 'and has the rule ready');
is($db->value("SELECT rule FROM alkconv_preflight('src', on_existing => 'replace') WHERE check_name = 'duplicate' AND table_name = 'session_devices'"), '', 'which is not among those that may be taken unread');

# ---- one stays -----------------------------------------------------------------------------------------------------------------------------

only($ready, rule('codes', '(code), last'));
is($db->value("SELECT count(*) FROM alkconv_preflight('src', on_existing => 'replace') WHERE severity = 'error'"), 0, 'with rules preflight finds no error');
is($db->value("SELECT count(*) FROM alkconv_plan('src', on_existing => 'replace') WHERE step = 'problem'"), 0, 'nor does the plan');
like($db->value("SELECT string_agg(note, ' ') FROM alkconv_plan('src', on_existing => 'replace') WHERE table_name = 'session_devices'"),
	qr/of rows that are equal under unique index "unique_session_device" one is copied: rule keep_one\(unique_session_device\)/, 'which says what happens') or diag(join "\n", $db->rows("SELECT * FROM alkconv_plan('src', on_existing => 'replace')"));
for my $readers (1, 4) {
	$db->run("ALTER SERVER src OPTIONS (SET readers '$readers')");
	like($db->notices($run), qr/left out: 4 duplicate rows by rules/, "$readers readers: the last NOTICE counts what was left out");
	is($db->value($devices), 'acefgh', 'one of each stays; NULLs, upper case and blanks make others');
	is($db->value('SELECT string_agg(code || \'=\' || v, \' \' ORDER BY code) FROM codes'), '1=1 2=3', 'equality is the target\'s: 1, 01 and 001 are one number');
	is(checks('alkconv_report()', '^duplicate'), "codes|duplicates left out, columns \"code\"|4 rows, 2 duplicates, 2 different keys|2 rows, 2 different keys|ok\n"
		. "codes|duplicate (code)=(001)|||left out\ncodes|duplicate (code)=(01)|||left out\n"
		. "session_devices|duplicates left out, unique index \"unique_session_device\"|8 rows, 2 duplicates, 4 different keys|6 rows, 4 different keys|ok\n"
		. "session_devices|duplicate (id)=(b)|||left out\nsession_devices|duplicate (id)=(d)|||left out", 'counted by both, and listed');
	is($db->value("SELECT note FROM alkconv_report() WHERE check_name = 'duplicate (id)=(b)'"), '(id)=(a) stays: keep_one(unique_session_device): of rows that are equal under unique_session_device the first by (id) is kept, the others stay behind', 'with what stays');
	like($db->value("SELECT note FROM alkconv_report() WHERE check_name = 'table' AND table_name = 'codes'"), qr/^2 rows left out by keep_one\(\(code\), last\): test/, 'and the table says it');
}
is(checks("alkconv_verify('src')", '^duplicates'), "codes|duplicates left out, columns \"code\"|4 rows, 2 duplicates, 2 different keys|2 rows, 2 different keys|ok\n"
	. "session_devices|duplicates left out, unique index \"unique_session_device\"|8 rows, 2 duplicates, 4 different keys|6 rows, 4 different keys|ok", 'alkconv_verify counts again');
is($db->value("SELECT count(*) FROM alkconv_verify('src') WHERE verdict = 'mismatch'"), 0, 'and finds nothing wrong');

# a rehearsal leaves nothing
my $before = $db->dump;
$db->run("BEGIN; $run; ROLLBACK");
same_text($db->dump, $before, 'a rehearsal leaves nothing');

# ---- what the proof finds -------------------------------------------------------------------------------------------------------------------

# by its columns, since the constraint is in the way of damage
only(rule('session_devices', '(nid, ip, agent)'), rule('codes', 'codes_pkey'));
$db->run($run);
sub damaged {
	my ($what, $damage) = @_;
	is($db->value("BEGIN; $damage; SELECT string_agg(check_name, ',') FROM alkconv_verify('src') WHERE verdict = 'mismatch' AND table_name = 'session_devices'") =~ /rows.*duplicates left out/ ? 1 : 0, 1, $what);
	return;
}
damaged('one row less', "DELETE FROM session_devices WHERE id = 'e'");
damaged('one row that has no duplicate less, one that is a duplicate more', "ALTER TABLE session_devices DROP CONSTRAINT unique_session_device; UPDATE session_devices SET (id, nid, seen) = ('b', 1, '2024-03-01') WHERE id = 'e'; DELETE FROM session_devices WHERE id = 'f'");
damaged('both rows of a key', "ALTER TABLE session_devices DROP CONSTRAINT unique_session_device; INSERT INTO session_devices VALUES ('b', 1, '10.0.0.1', 'Firefox', '2024-03-01')");
is($db->value("BEGIN; ALTER TABLE session_devices DROP CONSTRAINT unique_session_device; DELETE FROM session_devices WHERE id = 'a'; INSERT INTO session_devices VALUES ('b', 1, '10.0.0.1', 'Firefox', '2024-03-01');
	SELECT string_agg(check_name, ',') FROM alkconv_verify('src') WHERE verdict = 'mismatch' AND table_name = 'session_devices'") =~ /digest/ ? 1 : 0, 1, 'the other row of a key');

# ---- which one stays ------------------------------------------------------------------------------------------------------------------------

for my $case ([ 'unique_session_device, last', 'cdefgh' ], [ 'unique_session_device, first by seen', 'acefgh' ], [ 'unique_session_device, last by seen', 'bcefgh' ],
	[ '(nid, ip, agent), last by "seen"', 'bcefgh' ]) {
	only(rule('session\_devices', $case->[0]), rule('codes', 'codes_pkey'), rule('notes', 'delete', 'orphans', 'device'));
	$db->run($run);
	is($db->value($devices), $case->[1], $case->[0]);
}
is($db->value('SELECT string_agg(id::text, \',\' ORDER BY id) FROM notes'), '2,3', 'rows whose parent stays behind follow the rule about orphans');

# ---- no silent orphans, though the target has no foreign key ------------------------------------------------------------------------------------

only(rule('session_devices', 'unique_session_device, last'), rule('codes', 'codes_pkey'));
$before = $db->dump;
$db->fails($run, sqlstate => '23503', name => 'a row that refers to one that stays behind', like => [qr/references to duplicates by of_device of table "notes"/, qr/1 rows refer to duplicates that are left out/, qr/action orphans/]);
same_text($db->dump, $before, 'nothing was changed');
only(rule('session_devices', 'unique_session_device, last'), rule('codes', 'codes_pkey'), rule('notes', 'null', 'orphans', 'device'));
$db->run($run);
is($db->value("SELECT string_agg(id || ':' || coalesce(device, 'null'), ' ' ORDER BY id) FROM notes"), '1:null 2:c 3:null', 'or becomes null');

# ---- NULLS NOT DISTINCT, composite and long keys ------------------------------------------------------------------------------------------------

$db->run('TRUNCATE session_devices', 'ALTER TABLE session_devices DROP CONSTRAINT unique_session_device', 'CREATE UNIQUE INDEX "by all, (not) distinct" ON session_devices (nid, ip, agent) NULLS NOT DISTINCT');
like($db->value("SELECT remedy FROM alkconv_preflight('src', on_existing => 'replace') WHERE check_name = 'duplicate' AND table_name = 'session_devices'"), qr/DROP INDEX "by all, \(not\) distinct"/, 'an index without a constraint is dropped as such');
($ready) = $db->value("SELECT remedy FROM alkconv_preflight('src', on_existing => 'replace') WHERE check_name = 'duplicate' AND table_name = 'session_devices'") =~ /(INSERT INTO alkconv\.rule .*;)/;
only($ready, rule('codes', 'codes_pkey'));
$db->run($run);
is($db->value($devices), 'acefh', 'NULLS NOT DISTINCT: two NULLs are equal');
is($db->value("SELECT count(*) FROM alkconv_verify('src') WHERE verdict = 'mismatch'"), 0, 'and so the proof says');

# ---- what cannot be followed ---------------------------------------------------------------------------------------------------------------------

sub problem { my ($rule, $like, $name) = @_; only($rule, rule('codes', 'codes_pkey')); like($db->value("SELECT string_agg(note, ' ') FROM alkconv_plan('src', on_existing => 'replace') WHERE step = 'problem'"), $like, $name); return }
problem(rule('session_devices', 'nothing'), qr/neither the target table nor the source has a unique index or constraint "nothing"/, 'an unknown index');
problem(rule('session_devices', '(nid, nothing)'), qr/the source table has no column "nothing"/, 'an unknown column');
problem(rule('session_devices', '(nid), last by nothing'), qr/the source table has no column "nothing"/, 'an unknown order');
$db->run('CREATE UNIQUE INDEX in_part ON session_devices (nid, ip, agent) WHERE nid = 7');
problem(rule('session_devices', 'in_part'), qr/has a predicate/, 'an index with a predicate');
only(rule('%', 'nothing'), rule('codes', 'codes_pkey'), rule('session_devices', '"by all, (not) distinct"'));
is($db->value("SELECT count(*) FROM alkconv_plan('src', on_existing => 'replace') WHERE step = 'unused rule' AND coalesce(note, '') || coalesce(rule, '') ~ 'nothing'"), 1, 'a pattern that finds no such index anywhere is unused') or diag(join "\n", $db->rows("SELECT * FROM alkconv_plan('src', on_existing => 'replace')"));

# ---- tables that alkconv makes -----------------------------------------------------------------------------------------------------------------------

my $ids = scratch_source(<<'SQL');
CREATE TABLE token (id int PRIMARY KEY, t varchar(36) COLLATE utf8mb4_bin, UNIQUE KEY by_t (t));
INSERT INTO token VALUES (1, '6ccd780c-baba-1026-9564-5b8c656024db'), (2, '6CCD780C-BABA-1026-9564-5B8C656024DB'), (3, NULL), (4, NULL);
SQL
$db->run('CREATE SCHEMA made');
$db->link_source('ids', $ids, target_schema => 'made');
only(rule('token', 'uuid', 'target_type', 't'));
$db->fails("SELECT alkconv_migrate('ids', mode => 'create')", sqlstate => '23505', name => 'values that are equal in the target only', like => [qr/table_pattern 'token', action keep_one, argument 'by_t'/]);
only(rule('token', 'uuid', 'target_type', 't'), rule('token', 'by_t'));
like($db->notices("SELECT alkconv_migrate('ids', mode => 'create')"), qr/left out: 1 duplicate row by a rule/, 'a key of the source, in a table that alkconv makes');
is($db->value("SELECT string_agg(id::text, '' ORDER BY id) FROM made.token"), '134', 'one stays');
is($db->value("SELECT count(*) FROM alkconv_verify('ids') WHERE verdict = 'mismatch'"), 0, 'alkconv_verify agrees');

my $readings = scratch_source("CREATE TABLE reading (id int PRIMARY KEY, v double); INSERT INTO reading VALUES (1, 0e0), (2, -0e0)");
$db->run('CREATE TABLE reading (id int PRIMARY KEY, v double precision CONSTRAINT one_value UNIQUE)');
$db->link_source('readings', $readings, target_schema => 'public');
only(rule('reading', 'one_value'));
like($db->value("SELECT string_agg(note, ' ') FROM alkconv_plan('readings') WHERE step = 'problem'"), qr/0 and -0 are equal numbers, and different values/, 'floating-point numbers are not told apart by what they equal');

done_testing();
