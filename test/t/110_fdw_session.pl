# testbed: mysql mariadb smoke
#
# Sessions of foreign scans: one snapshot and one connection per transaction, scans that make way for each other, early ends, cancel,
# timeouts, lost connections, and that nothing stays behind.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $my = scratch_source(<<'SQL');
CREATE TABLE digits (d int);
INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
CREATE TABLE big (id int PRIMARY KEY, v int, filler varchar(200));
INSERT INTO big SELECT a.d + 10 * b.d + 100 * c.d + 1000 * d.d + 10000 * e.d, 0, REPEAT('f', 200) FROM digits a, digits b, digits c, digits d, digits e;
CREATE TABLE small (id int PRIMARY KEY, v int);
INSERT INTO small VALUES (1, 10), (2, 20);
CREATE VIEW bigger AS SELECT big.id, filler FROM big, digits;
CREATE VIEW slow AS SELECT id, v + SLEEP(5) AS v FROM small;
CREATE TABLE with_uuid (id char(36) PRIMARY KEY, n int, txt varchar(100));
INSERT INTO with_uuid SELECT CONCAT(LPAD(HEX(id), 8, '0'), '-0000-4000-8000-000000000000'), id, REPEAT('t', 50) FROM big WHERE id < 5000;
SQL
my $name = $my->dbname;
my $db = scratch_database();
$db->link_source('src', $my);
$db->run(<<'SQL');
CREATE FOREIGN TABLE big (id int, v int, filler text) SERVER src;
CREATE FOREIGN TABLE small (id int, v int) SERVER src;
CREATE FOREIGN TABLE bigger (id int, filler text) SERVER src;
CREATE FOREIGN TABLE slow (id int, v int) SERVER src;
CREATE FOREIGN TABLE with_uuid (id uuid, n int, txt text) SERVER src;
SQL
my $client = q{\! "$ALKCONV_TEST_MYSQL_CLIENT" } . $name . ' -e ';
my $count_connections = q{\! "$ALKCONV_TEST_MYSQL_CLIENT" -N -e "SELECT CONCAT('connections=', COUNT(*)) FROM information_schema.processlist WHERE db = '}
	. $name . q{'"};
my $kill = q{\! for id in $("$ALKCONV_TEST_MYSQL_CLIENT" -N -e "SELECT id FROM information_schema.processlist WHERE db = '} . $name
	. q{' AND id <> CONNECTION_ID()"); do "$ALKCONV_TEST_MYSQL_CLIENT" -e "KILL $id"; done};

sub nothing_left {
	my ($what) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $gone = wait_until { !$my->connections } 20, "connections to go $what";
	ok($gone, "no connection is left $what");
	return;
}

# ---- one snapshot, one connection ------------------------------------------------------------------------------------------------

is($db->value(<<"SQL"), "0\nconnections=1\n0|100000\n100000\nconnections=1", 'two scans joined see one snapshot, while another session commits between them');
BEGIN;
SELECT sum(v) FROM big;
$client "UPDATE big SET v = 1; DELETE FROM big WHERE id >= 50000; COMMIT"
$count_connections
SELECT sum(a.v), count(*) FROM big a JOIN big b USING (id);
SELECT count(*) FROM (SELECT * FROM big a UNION ALL SELECT * FROM big b WHERE b.v = 1) x;
$count_connections
COMMIT;
SQL
is($db->value('SELECT sum(v), count(*) FROM big'), '50000|50000', 'the next transaction sees what was committed');

# The commit falls between the starts of the two scans of one join
is($db->value(<<"SQL"), "50000", 'a scan that starts after the commit still sees the snapshot of the first');
BEGIN;
DECLARE c CURSOR FOR SELECT * FROM big;
MOVE 10 IN c;
$client "UPDATE big SET v = 2; UPDATE small SET v = v + 1"
SELECT count(*) FROM big b WHERE v = 1;
COMMIT;
SQL
is($db->value("BEGIN;\nDECLARE c CURSOR FOR SELECT * FROM big;\nMOVE 10 IN c;\n$client \"UPDATE small SET v = v + 1\"\nSELECT sum(v) FROM small;\nCOMMIT;"), 32,
	'nor does it see other tables as they are by then');
nothing_left('after the end of transactions');

# ---- scans that make way ---------------------------------------------------------------------------------------------------------

is($db->value(<<'SQL'), "50000\n1249975000\n1249975000|50000", 'a scan that is set aside continues where it was, also in temporary files');
SET work_mem = '64kB';
BEGIN;
DECLARE c CURSOR FOR SELECT id FROM big;
CREATE TEMP TABLE seen (id int) ON COMMIT DROP;
DO $$
DECLARE c refcursor := 'c'; r int; n int := 0;
BEGIN
	LOOP
		FETCH c INTO r;
		EXIT WHEN NOT FOUND;
		INSERT INTO seen VALUES (r);
		n := n + 1;
		IF n = 777 THEN PERFORM count(*) FROM small; END IF;
	END LOOP;
END $$;
SELECT count(DISTINCT id) FROM seen;
SELECT sum(id) FROM seen;
SELECT sum(a.id), count(*) FROM big a LEFT JOIN (SELECT id FROM small WHERE id < 0) s ON s.id = a.id;
COMMIT;
SQL
is($db->value(<<'SQL'), "5000|5000|12497500", 'uuids of a row in use survive their batch');
SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_material = off; SET enable_nestloop = on;
SELECT count(*), count(DISTINCT id), sum(n) FROM (
	SELECT w.id, w.n FROM with_uuid w WHERE EXISTS (SELECT FROM small s WHERE s.id < 3 AND w.id IS NOT NULL OFFSET 0)) x
	WHERE id = (lpad(to_hex(n), 8, '0') || '-0000-4000-8000-000000000000')::uuid;
SQL
is($db->value(<<'SQL'), "10\n9\n50000", 'LIMIT and an early end keep the session');
BEGIN;
SELECT count(*) FROM (SELECT * FROM big LIMIT 10) x;
SELECT count(*) FROM (SELECT * FROM big b LIMIT 9) x;
SELECT count(*) FROM big;
COMMIT;
SQL
nothing_left('after early ends');

# ---- subtransactions -------------------------------------------------------------------------------------------------------------

is($db->value(<<"SQL"), "100000\n50000", 'a scan broken off by the abort of its subtransaction costs neither session nor snapshot');
BEGIN;
SELECT sum(v) FROM big;
$client "UPDATE big SET v = 3"
DO \$\$
BEGIN
	FOR i IN 1..5 LOOP
		BEGIN
			PERFORM 1 / (4999 - id) FROM big;
		EXCEPTION WHEN division_by_zero THEN NULL;
		END;
	END LOOP;
END \$\$;
SELECT count(*) FROM big WHERE v = 2;
COMMIT;
SQL

my %lost = $db->psql(<<"SQL", args => ['-v', 'ON_ERROR_STOP=0']);
BEGIN;
SELECT count(*) FROM big;
SAVEPOINT s;
$kill
SELECT count(*) FROM big;
ROLLBACK TO s;
$client "UPDATE big SET v = 4"
SELECT count(*) FROM big;
ROLLBACK TO s;
SELECT count(*) FROM small;
ROLLBACK;
SELECT count(*) FROM big WHERE v = 4;
SQL
is($lost{stdout}, "50000\n50000\n", 'a lost snapshot is not replaced within the transaction');
my @states = $lost{stderr} =~ /ERROR:  (\w{5})/g;
is("@states", '08006 08006 08006', 'every later scan of the transaction fails');
like($lost{stderr}, qr/the transaction's snapshot of server "src" is lost.*HINT:  Roll back the whole transaction/s, 'and says what to do');

# ---- cancel, timeouts, termination -----------------------------------------------------------------------------------------------

my $error = $db->fails("SET statement_timeout = '500ms'; SELECT * FROM slow", sqlstate => '57014', like => [qr/statement timeout/],
	name => 'statement_timeout works while the source is silent');
my $session = $db->background('SELECT * FROM slow');
wait_until { grep { $_->{info} =~ /slow/ } $my->connections } 20, 'the scan';
my $before = time;
$session->cancel;
my %cancelled = $session->finish(20);
like($cancelled{stderr}, qr/57014/, 'cancel works while the source is silent');
cmp_ok(time - $before, '<', 4, 'at once');
nothing_left('after a cancel');
$db->fails("SET statement_timeout = '300ms'; SELECT count(*) FROM big a, big b", sqlstate => '57014', name => 'statement_timeout in mid-scan');
nothing_left('after a timeout');

is($db->value(<<'SQL'), "50000\nt\n50000", 'a cancelled scan in a subtransaction leaves the session usable');
BEGIN;
SELECT count(*) FROM big;
DO $$
BEGIN
	PERFORM set_config('statement_timeout', '0', false);
	BEGIN
		PERFORM pg_cancel_backend(pg_backend_pid()) FROM big WHERE id = 20000;
	EXCEPTION WHEN query_canceled THEN NULL;
	END;
END $$;
SELECT true;
SELECT count(*) FROM big;
COMMIT;
SQL

$session = $db->background('SELECT pg_sleep(0.01), filler FROM bigger');
wait_until { grep { $_->{info} =~ /^SELECT/i } $my->connections } 20, 'the scan';
$session->terminate;
my %terminated = $session->finish(20);
like($terminated{stderr}, qr/57P01/, 'a backend can be terminated in mid-scan');
nothing_left('after a termination');

# ---- threads -----------------------------------------------------------------------------------------------------------------------

$session = $db->background(<<'SQL');
SELECT count(*) FROM big;
SELECT * FROM big LIMIT 1;
DO $$ BEGIN PERFORM 1 / (4999 - id) FROM big; EXCEPTION WHEN division_by_zero THEN NULL; END $$;
SELECT pg_sleep(30);
SQL
wait_until { $session->wait_event eq 'Timeout:PgSleep' } 30, 'the sleep';
is($session->threads, 1, 'no thread outlives its transaction');
nothing_left('while the session goes on');
$session->cancel;
$session->finish(20);

# ---- EXPLAIN -----------------------------------------------------------------------------------------------------------------------

my $plan = $db->value('EXPLAIN (ANALYZE, VERBOSE, TIMING OFF) SELECT v FROM small WHERE v < 0');
like($plan, qr/Remote SQL: SELECT `v`, `id` FROM `\Q$name\E`\.`small`/, 'EXPLAIN ANALYZE shows what was sent: the key comes along for messages');
like($plan, qr/Rows Removed by Filter: 2/, 'and that rows are filtered here');
like($db->value('EXPLAIN (VERBOSE) SELECT v FROM small'), qr/Remote SQL: SELECT `v` FROM/, 'EXPLAIN VERBOSE the columns that are needed');
nothing_left('by EXPLAIN');

done_testing();
