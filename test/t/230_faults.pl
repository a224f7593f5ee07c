# testbed: mysql mariadb alone
#
# What happens to a run when something else goes wrong in its middle: always an ERROR that says what happened, the target untouched, and
# no thread, lock, file, table or connection left behind.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

# 57 MB, more than readers and the sockets buffer: in the middle of it MySQL is still sending.
my $fill = <<'SQL';
CREATE TABLE big (id int PRIMARY KEY, filler varchar(1900) CHARACTER SET latin1);
INSERT INTO big SELECT 1 + a.n + 10 * b.n + 100 * c.n + 1000 * d.n, REPEAT(CHAR(97 + a.n), 1900)
	FROM (SELECT 0 AS n UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9) a,
	(SELECT 0 AS n UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9) b,
	(SELECT 0 AS n UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9) c,
	(SELECT 0 AS n UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9
		UNION SELECT 10 UNION SELECT 11 UNION SELECT 12 UNION SELECT 13 UNION SELECT 14 UNION SELECT 15 UNION SELECT 16 UNION SELECT 17 UNION SELECT 18 UNION SELECT 19 UNION SELECT 20 UNION SELECT 21 UNION SELECT 22 UNION SELECT 23 UNION SELECT 24
		UNION SELECT 25 UNION SELECT 26 UNION SELECT 27 UNION SELECT 28 UNION SELECT 29) d;
CREATE TABLE after_big (id int PRIMARY KEY);
INSERT INTO after_big VALUES (1), (2);
SQL
my $server = AlkconvTest::Source->start('faulty');
my $my = scratch_source($fill, server => $server, name => 'faults');
my $db = scratch_database();
$db->link_source('src', $my);

# A CHECK that waits at row 500 while somebody holds the advisory lock 1: the middle of the load.
$db->run(<<'SQL');
CREATE FUNCTION gate(i int) RETURNS bool LANGUAGE plpgsql AS $$
BEGIN
	IF i = 500 THEN
		PERFORM pg_advisory_xact_lock_shared(1);
	END IF;
	RETURN true;
END $$;
CREATE TABLE big (id serial PRIMARY KEY, filler text CHECK (gate(id)));
CREATE TABLE after_big (id int PRIMARY KEY);
INSERT INTO big VALUES (7, 'old');
INSERT INTO after_big VALUES (77);
SQL
my $before = $db->dump;
my $call = "SELECT alkconv_migrate('src', on_existing => 'replace', verify => 'counts', readers => 1)";
my $several = $call =~ s/readers => 1/readers => 3/r;

# Holds advisory locks until it is let go.
sub hold {
	my (@locks) = @_;
	my $holder = $db->background(join('', map { "SELECT pg_advisory_lock($_);" } @locks) . 'SELECT pg_sleep(120)');
	wait_until { $holder->wait_event eq 'Timeout:PgSleep' } 20, 'the gate to be shut';
	return $holder;
}

sub let_go {
	my ($holder) = @_;
	$holder->terminate;
	$holder->finish(20);
	return;
}

# A run that stands in the middle of its load, and what holds it there.
sub half_way {
	my ($sql, @locks) = @_;
	my $holder = hold(1, @locks);
	my $run = $db->background($sql);
	wait_until { $run->wait_event eq 'Lock:advisory' } 30, 'the run to be half way';
	return ($run, $holder);
}

my $orphans = q{SELECT count(*) FROM pg_ls_dir('base/' || (SELECT oid FROM pg_database WHERE datname = current_database())) f
	WHERE f ~ '^\d+$' AND NOT EXISTS (SELECT FROM pg_class c WHERE pg_relation_filenode(c.oid)::text = f)};

sub nothing_left {
	my ($name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	ok(eval { wait_until { !$my->connections } 10, 'the connections to end' }, "$name: no connection is left") or diag(explain([ $my->connections ]));
	same_text($db->dump, $before, "$name: the target is as it was");
	is($db->value("CHECKPOINT; SELECT count(*) FROM pg_class WHERE relname ~ '^pg_temp_|^pg_toast_temp'; $orphans"), "0\n0", "$name: no table and no file is left");
	return;
}

# ---- ended from Postgres' side -------------------------------------------------------------------------------------------------------------

my ($run, $holder) = half_way($call);
cmp_ok($run->threads, '>', 1, 'a run reads in a thread');
is(scalar $my->connections, 1, 'over one connection');
like($db->value('SELECT command, tuples_processed >= 0 FROM pg_stat_progress_copy'), qr/^COPY FROM\|t$/, 'and can be watched');
$run->terminate;
my %ended = $run->finish(20);
like($ended{stderr}, qr/FATAL:  57P01: terminating connection due to administrator command/, 'terminated in mid-load');
let_go($holder);
nothing_left('terminated');

($run, $holder) = half_way("\\set ON_ERROR_STOP 0\n$call;\nSELECT pg_advisory_lock(2);\n$call;", 2);
$run->cancel;
wait_until { $run->wait_event eq 'Lock:advisory' && $db->value('SELECT query FROM pg_stat_activity WHERE pid = ' . $run->pid) =~ /lock\(2\)/ } 20, 'the session to go on';
is($run->threads, 1, 'cancelled in mid-load: no thread is left');
nothing_left('cancelled');
let_go($holder);
%ended = $run->finish(60);
like($ended{stderr}, qr/ERROR:  57014: canceling statement due to user request.*migrated "src": 2 tables, 30002 rows/s, 'the same session runs it again, well');
is($db->value('SELECT (SELECT count(*) FROM big), (SELECT count(*) FROM after_big)'), '30000|2', 'and has the rows');
$db->run("DELETE FROM big; DELETE FROM after_big; TRUNCATE alkconv.run CASCADE; INSERT INTO big VALUES (7, 'old'); INSERT INTO after_big VALUES (77); ALTER SEQUENCE big_id_seq RESTART");

# MySQL says nothing, because another session of it has locked the table.
sub silent {
	my ($sql) = @_;
	my $locker = AlkconvTest::Command->start([ $my->{CLIENT}, '-N', '-B', 'faults' ], input => 'LOCK TABLES big WRITE; SELECT SLEEP(120);');
	wait_until { grep { $_->{info} =~ /SLEEP/ } $my->connections } 20, 'the table to be locked';
	my $session = $db->background($sql);
	wait_until { grep { $_->{state} =~ /metadata lock/i } $my->connections } 20, 'the run to wait for MySQL';
	return ($session, sub {
		$my->mysql("KILL $_->{id}") for grep { $_->{info} =~ /SLEEP/ } $my->connections;
		$locker->finish(20);
	});
}

my ($waiting, $unlock) = silent("SET statement_timeout = '2s'; $call");
%ended = $waiting->finish(20);
like($ended{stderr}, qr/ERROR:  57014: canceling statement due to statement timeout/, 'statement_timeout while MySQL is silent');
cmp_ok($ended{seconds}, '<', 10, 'in good time');
$unlock->();
nothing_left('timed out');

($waiting, $unlock) = silent($call);
$waiting->terminate;
%ended = $waiting->finish(20);
like($ended{stderr}, qr/FATAL:  57P01/, 'terminated while MySQL is silent');
$unlock->();
nothing_left('terminated in silence');

# ---- ended from MySQL's side -----------------------------------------------------------------------------------------------------------------

my $lost = qr/ERROR:  08006: connection to the MySQL server was lost.*^DETAIL:  server 127\.0\.0\.1:\d+.*^HINT:  .*nothing was taken for the end of the data/ms;

($waiting, $unlock) = silent($call);
$my->mysql("KILL $_->{id}") for grep { $_->{state} =~ /metadata lock/i } $my->connections;
%ended = $waiting->finish(20);
like($ended{stderr}, $lost, 'connection killed before the first row');
$unlock->();
nothing_left('killed before the first row');

($run, $holder) = half_way($call);
is($my->kill_connections, 1, 'connection killed in mid-scan');
let_go($holder);
%ended = $run->finish(60);
like($ended{stderr}, $lost, 'connection killed in mid-scan: an error, not an end of the data');
nothing_left('killed in mid-scan');

($run, $holder) = half_way($call);
$server->restart;
let_go($holder);
%ended = $run->finish(60);
like($ended{stderr}, $lost, 'MySQL restarted in mid-scan');
nothing_left('restarted');

# ---- several readers -------------------------------------------------------------------------------------------------------------------------

($run, $holder) = half_way($several);
is(scalar $my->connections, 4, 'three readers and a connection that counts');
$run->terminate;
%ended = $run->finish(20);
like($ended{stderr}, qr/FATAL:  57P01/, 'terminated with several readers');
let_go($holder);
nothing_left('several: terminated');

($run, $holder) = half_way("\\set ON_ERROR_STOP 0\n$several;\nSELECT pg_advisory_lock(2);", 2);
$run->cancel;
wait_until { $db->value('SELECT query FROM pg_stat_activity WHERE pid = ' . $run->pid) =~ /lock\(2\)/ } 20, 'the session to go on';
is($run->threads, 1, 'several: cancelled in mid-load: no thread is left');
nothing_left('several: cancelled');
let_go($holder);
$run->finish(20);

($run, $holder) = half_way($several);
is($my->kill_connections, 4, 'several: connections killed in mid-scan');
let_go($holder);
%ended = $run->finish(60);
like($ended{stderr}, $lost, 'several: an error, not an end of the data');
nothing_left('several: killed in mid-scan');

# Writers that do not pause: the lock for the common snapshot is waited for, and given up.
my $writer = AlkconvTest::Command->start([ $my->{CLIENT}, '-N', '-B', 'faults' ], input => 'LOCK TABLES big WRITE; SELECT SLEEP(120);');
wait_until { grep { $_->{info} =~ /SLEEP/ } $my->connections } 20, 'the table to be locked';
my $patient = $db->background($several);
wait_until { grep { $_->{state} =~ /lock|flush/i } $my->connections } 20, 'the run to wait for the writers';
$patient->cancel;
%ended = $patient->finish(20);
like($ended{stderr}, qr/ERROR:  57014/, 'several: cancelled while waiting for the writers');
$db->fails($several, sqlstate => '08006', name => 'several: writers that do not pause', like => [qr/needs all writers to pause/, qr/HINT:  .*readers/]);
$my->mysql("KILL $_->{id}") for grep { $_->{info} =~ /SLEEP/ } $my->connections;
$writer->finish(20);
nothing_left('several: writers');
$call = $several;

# ---- no room --------------------------------------------------------------------------------------------------------------------------------

# 16 MB is as large as any file may grow from here on (a segment of the log is not larger).
($run, $holder) = half_way($call);
my @as_postgres = $> == 0 ? qw(setpriv --reuid=postgres --regid=postgres --init-groups) : ();
my %limited = run_command([ @as_postgres, 'prlimit', '--fsize=16777216:16777216', '--pid', $run->pid ]);
is($limited{rc}, 0, 'no room for larger files') or diag($limited{stderr});
let_go($holder);
%ended = $run->finish(60);
like($ended{stderr}, qr/ERROR:  \w{5}: could not (extend|write|fallocate).*/, 'no room: an error');
nothing_left('no room');

# ---- others at the same time ------------------------------------------------------------------------------------------------------------------

($run, $holder) = half_way($call);
my $second = $db->background($call);
my $reader = $db->background('SELECT count(*) FROM big');
my $careful = $db->background("SELECT alkconv_migrate('src')");
for my $session ($second, $reader, $careful) {
	wait_until { $session->wait_event eq 'Lock:relation' } 20, 'others to wait';
}
pass('a second run, a reader and a run that does not replace wait for the first');
$db->fails("SET lock_timeout = '50ms'; SELECT count(*) FROM big", sqlstate => '55P03', name => 'nobody sees half a table');
let_go($holder);
for my $session ($run, $second) {
	%ended = $session->finish(60);
	is($ended{rc}, 0, 'each of two runs at once succeeds') or diag($ended{stderr});
}
%ended = $reader->finish(60);
is($ended{stdout}, "30000\n", 'the reader sees all rows');
%ended = $careful->finish(60);
like($ended{stderr}, qr/ERROR:  55000: target table "\w+" is not empty/, 'the run that must not replace rows finds some');
is($db->value('SELECT (SELECT count(*) FROM big), (SELECT count(*) FROM after_big), (SELECT count(*) FROM alkconv.run)'), '30000|2|2', 'nothing is there twice');

my $log = AlkconvTest::Postgres->main->log;
unlike($log, qr/terminated by signal|PANIC|TRAP:|server process .* exited with exit code/, 'no backend crashed');
unlike($log, qr/WARNING:.*(leak|still referenced)|resource was not closed/, 'and none leaked');

done_testing();
