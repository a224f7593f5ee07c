# testbed: mysql mariadb readers
#
# on_bad_value => 'reject': rows that do not convert are kept out and listed, rows that refer to them too, everything else is proved; a replay
# brings them when they are mended.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $mariadb = flavor() eq 'mariadb';

# Values that do not convert by each way that a value goes: in the reader, by a type's input function, a domain, an expression of a rule, a CHECK
# of the target, NOT NULL.
my $my = scratch_source(<<'SQL');
SET SESSION sql_mode = 'ALLOW_INVALID_DATES', time_zone = '+00:00';
CREATE TABLE plain (id int PRIMARY KEY, d date, n bigint unsigned, t varchar(40), e varchar(40), dom varchar(40), x varchar(40), c int, nn int);
INSERT INTO plain VALUES
	(1, '2020-01-01', 1, 'a', '10.0.0.1', '5', '7', 1, 1),
	(2, '0000-00-00', 2, 'b', '10.0.0.1', '5', '7', 1, 1),
	(3, '2020-01-01', 18446744073709551615, 'c', '10.0.0.1', '5', '7', 1, 1),
	(4, '2020-01-01', 4, 'way too long', '10.0.0.1', '5', '7', 1, 1),
	(5, '2020-01-01', 5, 'd', 'no address', '5', '7', 1, 1),
	(6, '2020-01-01', 6, 'e', '10.0.0.1', '-5', '7', 1, 1),
	(7, '2020-01-01', 7, 'f', '10.0.0.1', '5', 'seven', 1, 1),
	(8, '2020-01-01', 8, 'g', '10.0.0.1', '5', '7', -1, 1),
	(9, '2020-01-01', 9, 'h', '10.0.0.1', '5', '7', 1, NULL),
	(10, '0000-00-00', 18446744073709551615, 'j', 'no address', '5', '7', 1, 1),
	(11, '2020-01-01', 11, 'i', '10.0.0.1', '5', '7', 1, 1);
CREATE TABLE whole (id int PRIMARY KEY, v int);
INSERT INTO whole VALUES (1, 1), (2, 2);
SQL
my $target = <<'SQL';
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE TABLE plain (id int PRIMARY KEY, d date, n bigint, t varchar(5), e inet, dom positive, x int, c int CHECK (c > 0), nn int NOT NULL);
CREATE TABLE whole (id int PRIMARY KEY, v int);
INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument, reason) VALUES ('plain', 'x', 'expression', 'value::int * 2', 'twice');
SQL
my @rejected = (
	[ 2, 'd', '0000-00-00', '22007' ],
	[ 3, 'n', '18446744073709551615', '22003' ],
	[ 4, 't', 'way too long', '22001' ],
	[ 9, 'nn', undef, '23502' ],
	[ 10, 'd', '0000-00-00', '22007' ],
	[ 5, 'e', 'no address', '22P02' ],
	[ 6, 'dom', '-5', '23514' ],
	[ 7, 'x', 'seven', '22P02' ],
	[ 8, undef, undef, '23514' ],
);

sub entries {
	my ($db, $where) = @_;
	return join "\n", $db->rows("SELECT table_name, array_to_string(key, ','), column_name, encode(value, 'escape'), sqlstate FROM alkconv.reject " . ($where // '') . ' ORDER BY ordinal');
}
sub listed { return join "\n", map { my $row = $_; join '|', map { $_ // '' } @$row } @_ }

for my $partitioned (0, 1) {
	my $way = $partitioned ? 'through COPY' : 'into a heap';
	subtest "values of every kind, $way" => sub {
		my $db = scratch_database();
		my $sql = $target;
		# what COPY itself refuses is no value of the feed: the CHECK's row is taken away
		if ($partitioned) {
			$sql =~ s/nn int NOT NULL\);/nn int NOT NULL) PARTITION BY RANGE (id); CREATE TABLE plain_all PARTITION OF plain FOR VALUES FROM (0) TO (100);/;
			$sql =~ s/ CHECK \(c > 0\)//;
		}
		$db->run($sql);
		$db->link_source('src', $my);
		$db->fails("SELECT alkconv_migrate('src')", sqlstate => '22007', like => [qr/"0000-00-00"/], name => 'without it the first one ends the run');
		my $notices = $db->notices("SELECT alkconv_migrate('src', on_bad_value => 'reject')");
		my @expected = map { [ 'plain', @$_ ] } grep { !$partitioned || $_->[0] != 8 } @rejected;
		my $count = @expected;
		is(entries($db), listed(@expected), 'each is listed with its key, bytes and SQLSTATE');
		like($notices, qr/WARNING: +$count rows were rejected\n/, 'the last line is a warning');
		like($notices, qr/all ok for the rows that were not rejected/, 'nor does the proof speak of all');
		like($db->value(q{SELECT message || ' ' || hint FROM alkconv.reject WHERE key = '{5}'}), qr/^column "e" of table "plain": invalid input syntax for type inet: "no address" \S/, 'in the server\'s own words');
		is($db->value('SELECT count(DISTINCT run) FROM alkconv.reject JOIN alkconv.run USING (run) WHERE on_bad_value = \'reject\' AND rejected = ' . $count), 1, 'of this run');
		is(join(';', $db->rows("SELECT table_name, source_value, target_value, verdict FROM alkconv_report() WHERE check_name = 'table'")),
			'plain|11|' . (11 - $count) . "|rejected $count;whole|2|2|ok", 'the verdict is rejected, never ok');
		is($db->value("SELECT source_value || ' ' || target_value || ' ' || verdict FROM alkconv_report() WHERE check_name = 'rejected rows'"), '11 ' . (11 - $count) . " and $count rejected rejected", 'and no row is missing');
		is($db->value("SELECT verdict FROM alkconv_report() WHERE check_name = 'digest' AND table_name = 'plain'"), 'ok', 'the others are proved by digests');
		is($db->value('SELECT array_agg(id ORDER BY id) FROM plain'), $partitioned ? '{1,8,11}' : '{1,11}', 'and there');
		like($db->run("SELECT note FROM alkconv_verify('src', include => ARRAY['plain']) WHERE check_name LIKE 'reread%' AND verdict = 'mismatch'"),
			qr/^4 rows of the source do not convert, the first of them: \(id\)=\(5\): column "e" of table "plain": invalid input syntax for type inet: "no address"$/, 'who verifies both as they are learns of the value');

		my $run = $db->value('SELECT run FROM alkconv.run');
		$db->fails("SELECT alkconv_replay('$run')", sqlstate => '22007', like => [qr/\(id\)=\(2\)/], name => 'what is not mended stays out');
		is(entries($db, 'WHERE replayed_by IS NULL'), listed(@expected), 'and listed');
	};
}

subtest 'a replay brings what was mended' => sub {
	my $source = scratch_source(<<'SQL');
CREATE TABLE item (id int AUTO_INCREMENT PRIMARY KEY, n bigint unsigned, v varchar(20));
INSERT INTO item VALUES (1, 1, 'a'), (2, 18446744073709551615, 'b'), (3, 18446744073709551614, 'c'), (900, 18446744073709551613, 'd');
SQL
	my $db = scratch_database();
	$db->run('CREATE TABLE item (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, n bigint, v text)');
	$db->link_source('src', $source);
	$db->run("SELECT alkconv_migrate('src', on_bad_value => 'reject')");
	my $run = $db->value('SELECT run FROM alkconv.run');
	# both sides go on, and one row of three is mended
	$source->run("UPDATE item SET n = 20, v = 'mended' WHERE id = 2; UPDATE item SET v = 'changed' WHERE id = 1; INSERT INTO item VALUES (5000, 7, 'new')");
	$db->run("INSERT INTO item VALUES (10, 10, 'of the application'); UPDATE item SET v = 'changed here' WHERE id = 1");
	$db->fails("SELECT alkconv_replay('$run')", sqlstate => '22003', like => [qr/"18446744073709551614"/, qr/\(id\)=\(3\)/], name => 'all or nothing');
	is($db->value('SELECT count(*) FROM item'), 2, 'nothing was added');
	$source->run('UPDATE item SET id = 30, n = 30 WHERE id = 3; DELETE FROM item WHERE id = 900');
	$db->fails("SELECT alkconv_replay('$run')", sqlstate => 'P0002', like => [ qr/the source holds 1 of 3 rejected rows of table "item"/, qr/The first that is missing has the key \(3\)/ ], name => 'a row that is gone is not forgotten');
	$db->run(q{UPDATE alkconv.reject SET key = '{30}' WHERE key = '{3}'; DELETE FROM alkconv.reject WHERE key = '{900}'});
	my $notices = $db->notices("BEGIN; INSERT INTO item VALUES (11, 11, 'in the same transaction'); SELECT alkconv_replay('$run'); COMMIT");
	like($notices, qr/replayed run $run: 2 rows, every value proved equal/, 'brought');
	is(join(';', $db->rows('SELECT id, n, v FROM item ORDER BY id')), '1|1|changed here;2|20|mended;10|10|of the application;11|11|in the same transaction;30|30|c', 'and nothing else has changed');
	is(join(';', $db->rows("SELECT mode, rows, rejected FROM alkconv.run ORDER BY finished")), 'auto|1|3;replay|2|0', 'as a run of its own');
	is($db->value(q{SELECT count(*) FROM alkconv.reject r JOIN alkconv.run n ON n.run = r.replayed_by WHERE n.mode = 'replay'}), 2, 'that settles the entries');
	is($db->value("SELECT string_agg(DISTINCT verdict, ',') FROM alkconv_report()"), 'ok', 'its proof');
	cmp_ok($db->value("INSERT INTO item (n) VALUES (1) RETURNING id"), '>', 30, 'the sequence is beyond');
	like($db->notices("SELECT alkconv_replay('$run') IS NULL"), qr/has no rejected rows that are still to be brought/, 'and once is enough');
	$db->fails("SELECT alkconv_replay('00000000-0000-0000-0000-000000000000')", sqlstate => '42704', like => [qr/there is no run/], name => 'an unknown run');
};

subtest 'a rule settles what a replay brings' => sub {
	my $source = scratch_source("CREATE TABLE item (id varchar(5) CHARACTER SET latin1, part int, d date, PRIMARY KEY (id, part));
		SET SESSION sql_mode = ''; INSERT INTO item VALUES ('\xc3\xa9''', 1, '0000-00-00'), ('b', 1, '2020-02-02'), ('b', 2, '0000-00-00');");
	my $db = scratch_database();
	$db->run('CREATE TABLE item (id text, part int, d date, PRIMARY KEY (id, part))');
	$db->link_source('src', $source);
	$db->run("SELECT alkconv_migrate('src', on_bad_value => 'reject', readers => 2)");
	is($db->value("SET client_encoding = 'UTF8'; SELECT array_agg(key::text ORDER BY ordinal) FROM alkconv.reject") =~ s/^SET\n//r, "{\"{b,2}\",\"{\xc3\xa9',1}\"}", 'keys of several columns');
	$db->run("INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ('item', 'd', 'transform', 'zero_date(null)');
		SELECT alkconv_replay(run) FROM alkconv.run");
	is(join(';', $db->rows('SELECT part, d FROM item ORDER BY part, d')), '1|2020-02-02;1|;2|', 'all rows are there');
	is($db->value("SELECT note FROM alkconv_report() WHERE check_name = 'table'"), 'd: changed 2 of 2 values by transform(zero_date(null))', 'and counted');
	is($db->value("SELECT string_agg(DISTINCT verdict, ',') FROM alkconv_verify('src')"), 'ok', 'both sides are equal now');
};

# ---- rows that refer to rejected ones ---------------------------------------------------------------------------------------------------

my $family = <<'SQL';
CREATE TABLE parent (id binary(2) PRIMARY KEY, n bigint unsigned, boss binary(2), CONSTRAINT boss FOREIGN KEY (boss) REFERENCES parent (id));
CREATE TABLE child (id int PRIMARY KEY, parent binary(2), v text, CONSTRAINT parent FOREIGN KEY (parent) REFERENCES parent (id));
CREATE TABLE grandchild (id bit(3) PRIMARY KEY, child int NOT NULL, CONSTRAINT child FOREIGN KEY (child) REFERENCES child (id) ON DELETE CASCADE);
INSERT INTO parent VALUES (X'0001', 1, NULL), (X'0002', 18446744073709551615, X'0001'), (X'0003', 3, X'0002'), (X'0004', 4, X'0001');
INSERT INTO child VALUES (1, X'0001', 'kept'), (2, X'0002', 'refers to the rejected'), (3, X'0003', 'refers to one that refers'), (4, NULL, 'to none');
INSERT INTO grandchild VALUES (b'001', 1), (b'010', 2), (b'011', 4);
SQL
my @family = ([ 'parent', '\x0002', 'n', '18446744073709551615', '22003' ], [ 'parent', '\x0003', 'boss', undef, '23503' ],
	[ 'child', 2, 'parent', undef, '23503' ], [ 'child', 3, 'parent', undef, '23503' ], [ 'grandchild', '010', 'child', undef, '23503' ]);
my $family_source = scratch_source($family);

sub sorted { return join "\n", sort split /\n/, $_[0] }

subtest 'rows that refer to rejected ones, existing tables' => sub {
	my $db = scratch_database();
	$db->run(<<'SQL');
CREATE TABLE parent (id bytea PRIMARY KEY, n bigint, boss bytea REFERENCES parent);
CREATE TABLE child (id int PRIMARY KEY, parent bytea REFERENCES parent, v text);
CREATE TABLE grandchild (id bit(3) PRIMARY KEY, child int NOT NULL REFERENCES child ON DELETE CASCADE);
CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'deleted by hand'; END $$;
CREATE TRIGGER guard BEFORE DELETE ON child FOR EACH ROW EXECUTE FUNCTION shout();
SQL
	$db->link_source('src', $family_source);
	like($db->notices("SELECT alkconv_migrate('src', on_bad_value => 'reject')"), qr/rejected 4 rows that refer to rejected rows\n.*WARNING: +5 rows were rejected/s, 'they go with them, down to the last');
	is(sorted(entries($db)), sorted(listed(@family)), 'and are listed');
	like($db->value("SELECT message FROM alkconv.reject WHERE table_name = 'grandchild'"), qr/^column "child" of table "grandchild": the row of "child" that it refers to was rejected$/, 'with the reason');
	is($db->value("SELECT count(*) FROM alkconv_report() WHERE verdict NOT IN ('ok', 'rejected') AND verdict !~ '^rejected \\d'"), 0, 'the rest is proved, foreign keys too');
	is($db->value('SELECT (SELECT count(*) FROM parent) || \' \' || (SELECT array_agg(id ORDER BY id)::text FROM child) || \' \' || (SELECT count(*) FROM grandchild)'), '2 {1,4} 2', 'rows');
	$family_source->run("UPDATE parent SET n = 2 WHERE id = X'0002'");
	like($db->notices("SELECT alkconv_replay(run) FROM alkconv.run"), qr/replayed run \S+: 5 rows/, 'mending the parent is enough');
	is($db->value("SELECT string_agg(DISTINCT verdict, ',') FROM alkconv_verify('src')"), 'ok', 'both sides are equal now');
	$family_source->run("UPDATE parent SET n = 18446744073709551615 WHERE id = X'0002'");
};

subtest 'rows that refer to rejected ones, new tables' => sub {
	my $db = scratch_database();
	$db->run('CREATE SCHEMA made');
	$db->link_source('src', $family_source, target_schema => 'made');
	# the type is the rule's, since by itself every value would fit
	$db->run("INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ('parent', 'n', 'target_type', 'bigint')");
	$db->run("SELECT alkconv_migrate('src', mode => 'create', on_bad_value => 'reject')");
	is(sorted(entries($db)), sorted(listed(@family)), 'they are listed');
	is($db->value("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated AND connamespace = 'made'::regnamespace"), 3, 'all foreign keys hold');
	is(join(';', $db->rows("SELECT table_name, source_value, target_value, verdict FROM alkconv_report() WHERE check_name = 'table'")),
		'child|4|2|rejected 2;grandchild|3|2|rejected 1;parent|4|2|rejected 2', 'verdicts');
};

subtest 'orphans of the source are not covered up' => sub {
	my $source = scratch_source("CREATE TABLE parent (id int PRIMARY KEY, n bigint unsigned); CREATE TABLE child (id int PRIMARY KEY, parent int, CONSTRAINT p FOREIGN KEY (parent) REFERENCES parent (id));
		SET foreign_key_checks = 0; INSERT INTO parent VALUES (1, 18446744073709551615), (2, 2); INSERT INTO child VALUES (1, 1), (2, 2), (3, 99);");
	my $db = scratch_database();
	$db->run('CREATE TABLE parent (id int PRIMARY KEY, n bigint); CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES parent)');
	$db->link_source('src', $source);
	$db->fails("SELECT alkconv_migrate('src', on_bad_value => 'reject')", sqlstate => '23503', like => [qr/row \(id\)=\(3\) refers to \(parent\)=\(99\)/], name => 'they remain an error');
	is($db->value('SELECT (SELECT count(*) FROM alkconv.reject) + (SELECT count(*) FROM parent)'), 0, 'which leaves nothing');
};

subtest 'a parent that was rejected and a child through COPY' => sub {
	my $source = scratch_source("CREATE TABLE parent (id int PRIMARY KEY, n bigint unsigned); CREATE TABLE child (id int PRIMARY KEY, parent int);
		INSERT INTO parent VALUES (1, 18446744073709551615); INSERT INTO child VALUES (1, 1);");
	my $db = scratch_database();
	$db->run('CREATE TABLE parent (id int PRIMARY KEY, n bigint);
		CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES parent) PARTITION BY RANGE (id); CREATE TABLE child_all PARTITION OF child FOR VALUES FROM (0) TO (9)');
	$db->link_source('src', $source);
	$db->fails("SELECT alkconv_migrate('src', on_bad_value => 'reject')", sqlstate => '23503', like => [ qr/Key \(parent\)=\(1\) is not present/, qr/HINT:  The parent may be a row that this run rejected/ ], name => 'the server refuses the child');
};

subtest 'rules about foreign keys, generated columns and counted runs' => sub {
	my $source = scratch_source(<<'SQL');
SET foreign_key_checks = 0;
CREATE TABLE parent (id int PRIMARY KEY, n bigint unsigned, twice int GENERATED ALWAYS AS (id * 2) STORED);
CREATE TABLE child (id int PRIMARY KEY, parent int, n bigint unsigned, CONSTRAINT p FOREIGN KEY (parent) REFERENCES parent (id));
CREATE TABLE gone (id int PRIMARY KEY, parent int, n bigint unsigned, CONSTRAINT g FOREIGN KEY (parent) REFERENCES parent (id));
INSERT INTO parent (id, n) VALUES (1, 1), (2, 18446744073709551615), (3, 3);
INSERT INTO child VALUES (1, 1, 1), (2, 2, 2), (3, 99, 3), (4, NULL, 18446744073709551615), (5, 98, 18446744073709551615);
INSERT INTO gone VALUES (1, 1, 1), (2, 2, 2), (3, 99, 3), (4, 99, 18446744073709551615), (5, 3, 18446744073709551615);
SQL
	for my $level (qw(full counts)) {
		my $db = scratch_database();
		$db->run("CREATE SCHEMA made; INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES
			('%', 'n', 'target_type', 'bigint'), ('child', 'parent', 'orphans', 'null'), ('gone', 'parent', 'orphans', 'delete')");
		$db->link_source('src', $source, target_schema => 'made');
		$db->run("SELECT alkconv_migrate('src', mode => 'create', on_bad_value => 'reject', verify => '$level')");
		is(sorted(entries($db)), sorted(listed([ 'parent', 2, 'n', '18446744073709551615', '22003' ], [ 'child', 4, 'n', '18446744073709551615', '22003' ], [ 'child', 5, 'n', '18446744073709551615', '22003' ],
			[ 'gone', 5, 'n', '18446744073709551615', '22003' ], [ 'child', 2, 'parent', undef, '23503' ], [ 'gone', 2, 'parent', undef, '23503' ])), "$level: orphans by the rule, rejected rows and their children");
		is(join(';', $db->rows('SELECT id, parent FROM made.child UNION ALL SELECT 10 * id, parent FROM made.gone UNION ALL SELECT 100 * id, twice FROM made.parent ORDER BY 1')), '1|1;3|;10|1;100|2;300|6', "$level: rows");
		is($db->value("SELECT source_value || ', ' || target_value || ', ' || verdict FROM alkconv_report() WHERE check_name = 'orphans left out'"), '5 rows, 2 orphans, 1 rows, ok', "$level: removed rows");
		is($db->value("SELECT verdict FROM alkconv_report() WHERE check_name = 'orphans made null parent'"), 'note', "$level: nulls");
		is($db->value("SELECT count(*) FROM alkconv_report() WHERE verdict = 'mismatch'"), 0, "$level: no mismatch");
		is($db->value("SELECT count(*) FROM alkconv_report() WHERE check_name = 'generated columns' AND verdict = 'ok'"), $level eq 'full' ? 1 : 0, "$level: generated columns");
	}
};

subtest 'a role without privileges on the record' => sub {
	my $db = scratch_database();
	my ($mover) = ($db->dbname . '_mover');
	$db->run("CREATE ROLE $mover; CREATE SCHEMA own AUTHORIZATION $mover; SET ROLE $mover; SET search_path = own;
		CREATE TABLE parent (id bytea PRIMARY KEY, n bigint, boss bytea REFERENCES parent); CREATE TABLE child (id int PRIMARY KEY, parent bytea REFERENCES parent, v text);
		CREATE TABLE grandchild (id bit(3) PRIMARY KEY, child int NOT NULL REFERENCES child)");
	$db->link_source('src', $family_source, target_schema => 'own');
	$db->run("GRANT USAGE ON FOREIGN SERVER src TO $mover");
	my ($user) = ($db->value("SELECT array_to_string(umoptions, '|') FROM pg_user_mappings WHERE srvname = 'src' LIMIT 1"));
	my %option = map { split /=/, $_, 2 } split /\|/, $user;
	$db->run("CREATE USER MAPPING FOR $mover SERVER src OPTIONS (username '$option{username}', password '$option{password}')");
	$db->run("SET ROLE $mover; SELECT alkconv_migrate('src', on_bad_value => 'reject')");
	is(sorted(entries($db)), sorted(listed(@family)), 'rejects, and takes children out, with the rights of the tables');
	is($db->run("SET ROLE $mover; SELECT count(*) > 0 FROM alkconv.reject"), 't', 'and reads them');
	$family_source->run("UPDATE parent SET n = 2 WHERE id = X'0002'");
	$db->run("DO \$\$ DECLARE run uuid := (SELECT r.run FROM alkconv.run r); BEGIN SET LOCAL ROLE $mover; PERFORM alkconv_replay(run); END \$\$");
	is($db->value('SELECT count(*) FROM alkconv.reject WHERE replayed_by IS NOT NULL'), 5, 'but bring');
	$family_source->run("UPDATE parent SET n = 18446744073709551615 WHERE id = X'0002'");
	$db->run("DROP OWNED BY $mover CASCADE; DROP ROLE $mover");
};

# ---- bounds -----------------------------------------------------------------------------------------------------------------------------

subtest 'what cannot be rejected' => sub {
	my $source = scratch_source("SET SESSION sql_mode = ''; CREATE TABLE keyless (d date); INSERT INTO keyless VALUES ('0000-00-00');
		CREATE TABLE twice (id int PRIMARY KEY, v varchar(5) COLLATE utf8mb4_bin UNIQUE); INSERT INTO twice VALUES (1, '1'), (2, '01');
		CREATE TABLE strange (id varchar(5) PRIMARY KEY, d date); INSERT INTO strange VALUES (CONCAT('a', CHAR(0)), '0000-00-00');
		CREATE TABLE `a_%` (id int PRIMARY KEY, d date); INSERT INTO `a_%` VALUES (1, '0000-00-00'); CREATE TABLE ab_c (id int PRIMARY KEY); CREATE TABLE many (id int PRIMARY KEY, d date); INSERT INTO many VALUES (1, '0000-00-00'), (2, '0000-00-00'), (3, '0000-00-00'), (4, '2020-01-01');");
	my $db = scratch_database();
	$db->run('CREATE TABLE strange (id bytea PRIMARY KEY, d date); CREATE TABLE "a_%" (id int PRIMARY KEY, d date); CREATE TABLE ab_c (id int PRIMARY KEY); CREATE TABLE keyless (d date); CREATE TABLE twice (id int PRIMARY KEY, v int UNIQUE); CREATE TABLE many (id int PRIMARY KEY, d date)');
	$db->link_source('src', $source);
	my $migrate = sub { return "SELECT alkconv_migrate('src', include => ARRAY['$_[0]'], on_bad_value => 'reject')" };
	$db->fails($migrate->('keyless'), sqlstate => '22007', like => [qr/no key that would name the row/], name => 'a row without a key');
	$db->fails($migrate->('strange'), sqlstate => '22007', like => [ qr/"0000-00-00"/, qr/The row cannot be rejected/, qr/^COLUMN NAME:  d$/m ], name => 'a key that is no text');
	$db->fails($migrate->('twice'), sqlstate => '23505', name => 'rows that are fine and equal');
	$db->fails('SET alkconv.reject_limit = 2; ' . $migrate->('many'), sqlstate => '22000', like => [ qr/more than 2 rows were rejected/, qr/The next one: column "d" of table "many": "0000-00-00"/, qr/alkconv_preflight/ ], name => 'more than the limit');
	is($db->value('SELECT count(*) FROM alkconv.reject'), 0, 'and nothing is left');
	$db->run('SET alkconv.reject_limit = 3; ' . $migrate->('many'));
	is($db->value('SELECT count(*) FROM alkconv.reject'), 3, 'as many as the limit');
	$db->run('DELETE FROM alkconv.run; ' . $migrate->('a\\_\\%'));
	is($db->value('SELECT string_agg(source_table, \',\') FROM alkconv.reject'), 'a_%', 'the record goes with its run');
	$source->run("UPDATE `a_%` SET d = '2020-01-01'");
	$db->run('SET standard_conforming_strings = off; SELECT alkconv_replay(run) FROM alkconv.run');
	is($db->value('SELECT d FROM "a_%"'), '2020-01-01', 'a name is no pattern');
	$source->run("SET SESSION sql_mode = ''; UPDATE `a_%` SET d = '0000-00-00'");
	$db->run($migrate->('a\\_\\%') =~ s/\)\z/, on_existing => 'replace')/r);
	$db->fails("SELECT alkconv_migrate('src', on_bad_value => 'ignore')", sqlstate => '22023', like => [qr/error, reject/], name => 'other words are refused');
	$db->fails("UPDATE alkconv.reject SET key = '{1) OR (1=1}'; SELECT alkconv_replay(run) FROM alkconv.run WHERE rejected > 0 ORDER BY finished DESC LIMIT 1", sqlstate => '22P02', like => [qr/is no key/], name => 'an edited key is a value, never SQL');
	is($db->value('DROP ROLE IF EXISTS nobody_special; CREATE ROLE nobody_special; SET ROLE nobody_special; SELECT count(*) FROM alkconv.reject'), 0, 'rejected values are not for everybody');
	cmp_ok($db->value('SELECT count(*) FROM alkconv.reject'), '>', 0, 'of which there are some');
	$db->run('DROP ROLE IF EXISTS nobody_special');
};

subtest 'errors that are no answer' => sub {
	my $source = scratch_source('CREATE TABLE item (id int PRIMARY KEY, n int); INSERT INTO item VALUES (1, 1), (2, 2), (3, 3)');
	my $db = scratch_database();
	$db->run(<<'SQL');
CREATE FUNCTION odd(n int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN IF n = 2 THEN RAISE 'no answer' USING ERRCODE = 'ZZ001'; END IF; RETURN true; END $$;
CREATE FUNCTION slow(n int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN IF n = 3 THEN PERFORM pg_catalog.pg_sleep(60); END IF; RETURN true; END $$;
CREATE TABLE item (id int PRIMARY KEY, n int, CHECK (odd(n)));
CREATE TABLE trace (t text);
SQL
	$db->link_source('src', $source);
	my $migrate = "alkconv_migrate('src', on_bad_value => 'reject')";
	my $untouched = sub { return $db->value("SELECT (SELECT count(*) FROM item) || ' ' || (SELECT count(*) FROM trace) || ' ' || (SELECT count(*) FROM alkconv.run) || ' ' || (SELECT count(*) FROM pg_class WHERE relname LIKE 'pg_temp%' AND relkind = 'r')") };
	$db->fails("SELECT $migrate", sqlstate => 'ZZ001', name => 'another SQLSTATE ends the run');
	like($db->run("\\set ON_ERROR_STOP 0\nSELECT $migrate;\nSELECT 'the session goes on';"), qr/the session goes on/, 'and nothing but the run');
	is($untouched->(), '0 0 0 0', 'which leaves nothing');
	$db->run("DO \$\$ BEGIN INSERT INTO trace VALUES ('before'); BEGIN INSERT INTO trace VALUES ('to be undone'); PERFORM $migrate; EXCEPTION WHEN OTHERS THEN INSERT INTO trace VALUES (SQLSTATE || ' ' || current_user || ' ' || current_setting('search_path')); END; END \$\$");
	is($db->value("SELECT string_agg(t, ';' ORDER BY t) FROM trace"), 'ZZ001 postgres "$user", public;before', 'who catches it finds a subtransaction, user and path as they were');
	$db->run('TRUNCATE trace; ALTER TABLE item DROP CONSTRAINT item_n_check, DROP CONSTRAINT IF EXISTS item_check, ADD CHECK (slow(n))');
	$db->fails("SET statement_timeout = '2s'; SELECT $migrate", sqlstate => '57014', name => 'so does a timeout');
	is($untouched->(), '0 0 0 0', 'which leaves nothing');
	for my $end (qw(cancel terminate)) {
		my $run = $db->background("SELECT $migrate");
		wait_until { $run->wait_event eq 'Timeout:PgSleep' } 30, 'the run to be at a row';
		$run->$end;
		my %ended = $run->finish(30);
		like($ended{stderr}, $end eq 'cancel' ? qr/57014/ : qr/57P01/, "$end: while a row is being examined");
		is($untouched->(), '0 0 0 0', "$end: leaves nothing");
		wait_until { !$source->connections } 20, 'the source to see the connections end';
	}
};

subtest 'what defaults of good rows write stays, and checks stay whole' => sub {
	my $source = scratch_source('CREATE TABLE item (id int PRIMARY KEY, n int); INSERT INTO item VALUES (1, 1), (2, 2), (3, -3), (4, 4), (5, -5)');
	my $db = scratch_database();
	$db->run(<<'SQL');
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE TABLE made (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
CREATE FUNCTION make_one() RETURNS int LANGUAGE sql AS 'INSERT INTO public.made DEFAULT VALUES RETURNING id';
CREATE TABLE item (id int PRIMARY KEY, n positive, log int DEFAULT make_one());
SQL
	$db->link_source('src', $source);
	$db->run("SELECT alkconv_migrate('src', on_bad_value => 'reject')");
	is($db->value('SELECT (SELECT count(*) FROM item) || \' \' || count(*) FROM item JOIN made ON made.id = item.log'), '3 3', 'each row refers to what its default has made');
	$db->run('DROP TABLE item; CREATE TABLE item (id int PRIMARY KEY, n int CHECK (n > 0), CHECK (n <> 1 / 0))');
	$db->fails("SELECT alkconv_migrate('src', on_bad_value => 'reject')", sqlstate => '22012', name => 'a CHECK that cannot be computed lets nothing pass');
};

subtest 'a replay adds no row twice' => sub {
	my $source = scratch_source("CREATE TABLE item (id int PRIMARY KEY, n bigint unsigned); INSERT INTO item VALUES (1, 1), (2, 18446744073709551615)");
	my $db = scratch_database();
	$db->run('CREATE TABLE item (id int, n bigint)');
	$db->link_source('src', $source);
	$db->run("SELECT alkconv_migrate('src', on_bad_value => 'reject')");
	my $run = $db->value('SELECT run FROM alkconv.run');
	$source->run('UPDATE item SET n = 2 WHERE id = 2');
	$db->run("SELECT alkconv_migrate('src', on_existing => 'replace')");
	$db->fails("SELECT alkconv_replay('$run')", sqlstate => '23505', like => [ qr/target table "item" already holds 1 of the rejected rows/, qr/One of them is \(id\)=\(2\)/, qr/Delete their entries/ ], name => 'which a later run has brought');
	$db->run("DELETE FROM item WHERE id = 2; CREATE FUNCTION other() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER other AFTER INSERT ON item FOR EACH ROW EXECUTE FUNCTION other()");
	$db->fails("SELECT alkconv_replay('$run')", sqlstate => '0A000', like => [qr/has the trigger "other" on INSERT/], name => 'nor lets a trigger add others');
	$db->run("ALTER TABLE item DISABLE TRIGGER other; SELECT alkconv_replay('$run')");
	is($db->value('SELECT array_agg(id ORDER BY id) FROM item'), '{1,2}', 'once');
};

subtest 'what has changed since the run' => sub {
	my $source = scratch_source("CREATE TABLE item (id int PRIMARY KEY, n bigint unsigned); INSERT INTO item VALUES (1, 18446744073709551615), (2, 18446744073709551615)");
	my $other = scratch_source('CREATE TABLE item (id int PRIMARY KEY, n bigint unsigned)');
	my $db = scratch_database();
	$db->run('CREATE TABLE item (id int PRIMARY KEY, n bigint)');
	$db->link_source('src', $source);
	$db->run("SELECT alkconv_migrate('src', on_bad_value => 'reject')");
	my $run = $db->value('SELECT run FROM alkconv.run');
	$source->run('UPDATE item SET n = id');
	my $refused = sub {
		my ($name, $change, @like) = @_;
		return $db->fails("BEGIN; $change; SELECT alkconv_replay('$run')", like => [@like], name => $name);
	};
	$refused->('another database', "ALTER SERVER src OPTIONS (SET dbname '" . $other->dbname . "')", qr/55000: +server "src" now names database "\S+"; the rows were rejected from/, qr/HINT:  Set the server's option dbname back/);
	$refused->('another key', q(UPDATE alkconv.reject SET key_columns = '{n}'), qr/55000: +the key of table "item" is not the one by which its rows were rejected/, qr/HINT:  Columns key_columns and key/);
	$refused->('a key of two values', q(UPDATE alkconv.reject SET key = '{1,2}'), qr/22P02: +a key of 2 values is none of table "item": its key has 1/);
	$refused->('one key twice', q(UPDATE alkconv.reject SET key = '{1}'), qr/P0002: +the source holds 1 of 2 rejected rows of table "item"/, qr/Several entries have the same key/);
	$refused->('a table that a rule leaves out', "INSERT INTO alkconv.rule (table_pattern, action) VALUES ('item', 'exclude')", qr/55000: +rows of 1 tables were rejected, and the plan has 0 of these/, qr/HINT:  A rule or a change/);
	$db->run("SELECT alkconv_replay('$run')");
	is($db->value('SELECT array_agg(id ORDER BY id) FROM item'), '{1,2}', 'nothing of it lasts');
};

subtest 'a key whose charset has two spellings of one character' => sub {
	my $source = scratch_source("SET SESSION sql_mode = ''; CREATE TABLE item (id varchar(5) CHARACTER SET cp932 COLLATE cp932_bin PRIMARY KEY, d date); INSERT INTO item VALUES (X'8790', '0000-00-00'), (X'81E0', '2020-01-01')");
	my $db = scratch_database();
	$db->run('CREATE TABLE item (id text, d date)');
	$db->link_source('src', $source);
	$db->fails("SELECT alkconv_migrate('src', on_bad_value => 'reject', verify => 'counts')", sqlstate => '22007', name => 'names no row');
};

subtest 'no trigger fires when children go' => sub {
	my $db = scratch_database();
	$db->run(<<'SQL');
CREATE TABLE parent (id bytea PRIMARY KEY, n bigint, boss bytea REFERENCES parent);
CREATE TABLE child (id int PRIMARY KEY, parent bytea REFERENCES parent, v text);
CREATE TABLE grandchild (id bit(3) PRIMARY KEY, child int NOT NULL REFERENCES child ON DELETE CASCADE);
CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'fired'; END $$;
CREATE TRIGGER guard BEFORE DELETE ON child FOR EACH ROW EXECUTE FUNCTION shout(); ALTER TABLE child ENABLE ALWAYS TRIGGER guard;
CREATE TRIGGER each BEFORE DELETE ON child EXECUTE FUNCTION shout(); ALTER TABLE child ENABLE REPLICA TRIGGER each;
SQL
	$db->link_source('src', $family_source);
	$db->run("SELECT alkconv_migrate('src', on_bad_value => 'reject')");
	is(sorted(entries($db)), sorted(listed(@family)), 'not even one that always does');
};

subtest 'rejected rows are the same for every number of readers, batch after batch' => sub {
	my $source = scratch_source("SET SESSION sql_mode = ''; CREATE TABLE big (id int PRIMARY KEY, d date, t varchar(20));
		INSERT INTO big SELECT a.n * 1000 + b.n * 100 + c.n * 10 + d.n, IF((a.n * 1000 + b.n * 100 + c.n * 10 + d.n) % 7 = 0, '0000-00-00', '2020-01-01'), ' '
		FROM (" . join(' UNION ALL ', map { "SELECT $_ AS n" } 0 .. 9) . ') a' . join('', map { ', (' . join(' UNION ALL ', map { "SELECT $_ AS n" } 0 .. 9) . ") $_" } qw(b c d)) . ';');
	my $db = scratch_database();
	$db->run("CREATE TABLE big (id int PRIMARY KEY, d date, t text);
		INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ('big', 't', 'transform', 'trim_pad')");
	$db->link_source('src', $source);
	for my $readers (1, 3) {
		$db->run("SELECT alkconv_migrate('src', on_bad_value => 'reject', on_existing => 'replace', readers => $readers)");
		is($db->value('SELECT count(*) || \' \' || bool_and(key[1]::int = (ordinal - 1) * 7) FROM alkconv.reject WHERE run = (SELECT run FROM alkconv.run ORDER BY finished DESC LIMIT 1)'), '1429 true', "$readers readers: in order");
		is($db->value("SELECT note FROM alkconv_report() WHERE check_name = 'table'") =~ /changed 8571 of \d+ values by transform\(trim_pad\)/ ? 1 : 0, 1, "$readers readers: rules count the rows that came")
			or diag $db->value("SELECT note FROM alkconv_report() WHERE check_name = 'table'");
	}
	$source->run("UPDATE big SET d = '2020-01-01'");
	like($db->notices("SELECT alkconv_replay((SELECT run FROM alkconv.run ORDER BY finished DESC LIMIT 1))"), qr/replayed run \S+: 1429 rows/, 'replayed');
	is($db->value("SELECT string_agg(DISTINCT verdict, ',') FROM alkconv_verify('src')"), 'ok', 'all there');
};

done_testing();
