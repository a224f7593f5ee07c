# testbed: mysql mariadb alone
#
# A run that is ended from outside, in each of its phases, in each way, with one reader and with several: an ERROR that says what
# happened, or success where nothing is needed from MySQL any more; the target as it was, and no thread, connection, file or table left.
#
# Each round has two runs at once, with one reader and with three, each in a database of its own.
use strict;
use warnings;
use AlkconvTest;
use AlkconvTest::SlowProxy;
use Test::More;

# big: 150 MB in more than four ranges, which three readers hold ready at most: some are never read before row 500 is written.
my $server = AlkconvTest::Source->start('phases', '--skip-log-bin');
my $digits = '(' . join(' UNION ALL ', map { "SELECT $_ AS n" } 0 .. 9) . ')';
my $numbers = "SELECT 1 + a.n + 10 * b.n + 100 * c.n + 1000 * d.n + 10000 * e.n AS i FROM $digits a, $digits b, $digits c, $digits d, $digits e";
my $my = scratch_source(<<"SQL", server => $server, name => 'phases');
CREATE TABLE item (id int PRIMARY KEY, parent int NOT NULL);
INSERT INTO item SELECT i, 1 FROM ($numbers) n WHERE i <= 1000;
CREATE TABLE big (id int PRIMARY KEY, filler varchar(1900) CHARACTER SET latin1);
INSERT INTO big SELECT i, REPEAT('x', 1900) FROM ($numbers) n WHERE i <= 80000;
ANALYZE TABLE big, item;
SQL

# ---- targets and gates ------------------------------------------------------------------------------------------------------------------------

sub new_target {
	my ($readers) = @_;
	my $db = scratch_database();
	my $proxy = AlkconvTest::SlowProxy->start($my->port, delay => 0, rate => 0);
	$db->link_source('src', $my);
	$db->link_source('copied', $my, target_schema => 'copied');
	$db->link_source('proxied', $my, port => $proxy->port);
	# Row 500 waits where somebody holds the advisory lock of that number.
	$db->run(<<'SQL');
CREATE FUNCTION gate(i int, number int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$
BEGIN
	IF i = 500 THEN
		PERFORM pg_advisory_xact_lock_shared(number);
	END IF;
	RETURN i;
END $$;
CREATE FUNCTION gate_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM public.gate(new.id, 1);
	RETURN new;
END $$;
CREATE TABLE big (id int PRIMARY KEY, filler text CHECK (gate(id, 1) > 0));
CREATE TABLE parent (id int PRIMARY KEY);
INSERT INTO parent VALUES (1);
CREATE TABLE item (id serial PRIMARY KEY, parent int NOT NULL REFERENCES parent);
CREATE INDEX ON item (gate(id, 1));
INSERT INTO item VALUES (7, 1);
CREATE SCHEMA copied;
CREATE TABLE copied.big (id int PRIMARY KEY, filler text);
CREATE TRIGGER gate_row BEFORE INSERT ON copied.big FOR EACH ROW EXECUTE FUNCTION gate_row();
SQL
	my $idle = $db->background('SELECT pg_sleep(300)');
	wait_until { $idle->wait_event eq 'Timeout:PgSleep' } 20, 'a session to be idle';
	my %target = (db => $db, readers => $readers, proxy => $proxy, before => $db->dump, sockets => sockets($idle->pid));
	$idle->terminate;
	return \%target;
}

# What a backend has open but files.
sub sockets { my ($pid) = @_; return scalar grep { (readlink // '') =~ /^socket:|eventfd/ } glob "/proc/$pid/fd/*" }

# Shuts a gate; what opens it again.
sub hold {
	my ($target, $sql) = @_;
	my $holder = $target->{db}->background("BEGIN; $sql; SELECT pg_sleep(300)");
	wait_until { $holder->wait_event eq 'Timeout:PgSleep' } 20, 'the gate to be shut';
	return sub { $holder->terminate; $holder->finish(20) };
}
my $row_500 = 'SELECT pg_advisory_lock(1)';

sub writers { return grep { $_->{info} =~ /^SELECT SLEEP/ } $server->connections }

sub lock_item {
	my $writer = AlkconvTest::Command->start([ $my->{CLIENT}, '-N', '-B' ], input => 'LOCK TABLES phases.item WRITE; SELECT SLEEP(300);');
	wait_until { writers() } 20, 'the table to be locked';
	return sub { $server->mysql("KILL $_->{id}") for writers(); $writer->finish(20) };
}

sub start {
	my ($target, $source, $table) = @_;
	return $target->{run} = $target->{db}->background(<<"SQL");
\\set ON_ERROR_STOP 0
BEGIN;
SELECT alkconv_migrate('$source', include => '{$table}', on_existing => 'replace', verify => 'counts', readers => $target->{readers});
ROLLBACK;
SELECT pg_sleep(300);
SQL
}

sub wait_for {
	my ($target, $event, $said) = @_;
	wait_until { $target->{run}->wait_event eq $event && $target->{run}{process}->errors =~ $said } 30, "$event in the run of $target->{readers} readers";
	return;
}

# ---- phases: each brings a run there and returns what lets it go on ---------------------------------------------------------------------------

# With one reader there is no lock to wait for: it stands before its first row.
sub snapshot {
	my ($target) = @_;
	start($target, 'src', 'item');
	my $statement = $target->{readers} == 1 ? qr/^SELECT/ : qr/^LOCK TABLES/;
	wait_until { grep { $_->{state} =~ /metadata lock/i && $_->{info} =~ $statement } $my->connections } 20, 'the run to wait for the writer';
	return sub { };
}

sub load {
	my ($target) = @_;
	my $open = hold($target, $row_500);
	start($target, 'src', 'big');
	wait_for($target, 'Lock:advisory', qr/1 table to load/);
	return $open;
}

# Nothing is asked of MySQL while indexes are built: what it has been asked is answered.
sub indexes {
	my ($target) = @_;
	my $open = hold($target, $row_500);
	start($target, 'src', 'item');
	wait_for($target, 'Lock:advisory', qr/loaded "item"/);
	wait_until { !grep { $_->{command} ne 'Sleep' } $my->connections } 20, 'MySQL to have answered';
	return $open;
}

sub copying {
	my ($target) = @_;
	my $open = hold($target, $row_500);
	start($target, 'copied', 'big');
	wait_for($target, 'Lock:advisory', qr/1 table to load/);
	return $open;
}

# The first connection answers for the verifier. With several it is asked as soon as loading begins, after the run is recorded.
sub verifying_source {
	my ($target) = @_;
	my $one = $target->{readers} == 1;
	my $open = hold($target, $one ? $row_500 : 'LOCK TABLE alkconv.run IN SHARE MODE');
	start($target, 'proxied', 'item');
	wait_for($target, $one ? 'Lock:advisory' : 'Lock:relation', qr/1 table to load/);
	$target->{proxy}->freeze_first;
	$open->();
	wait_for($target, 'Extension:Extension', qr/published 1 table/);
	return sub { $target->{proxy}->thaw };
}

# A foreign key's parent that somebody has locked.
sub verifying_target {
	my ($target) = @_;
	my $open = hold($target, 'LOCK TABLE parent');
	start($target, 'src', 'item');
	wait_for($target, 'Lock:relation', qr/published 1 table/);
	return $open;
}

# A statement that waits for a lock may still be told why it ends.
my $interrupted = qr/ERROR:  HV000: MySQL server reported an error: Query execution was interrupted.*^HINT:  .*KILL, the server was being stopped/ms;

# needs: the numbers of readers whose run still needs MySQL there; error: what it may also say when that is gone.
my @phases = (
	{ name => 'taking the snapshot', enter => \&snapshot, shared => \&lock_item, needs => [ 1, 3 ], error => $interrupted },
	{ name => 'loading', enter => \&load, needs => [ 1, 3 ] },
	{ name => 'building indexes', enter => \&indexes, needs => [1] },
	{ name => 'loading through COPY', enter => \&copying, needs => [ 1, 3 ] },
	{ name => 'verifying, source', enter => \&verifying_source, needs => [ 1, 3 ] },
	{ name => 'verifying, target', enter => \&verifying_target, needs => [] },
);

# ---- ways to end it ---------------------------------------------------------------------------------------------------------------------------

my $lost = qr/ERROR:  08006: connection to the MySQL server was lost.*^DETAIL:  server 127\.0\.0\.1:\d+.*^HINT:  .*nothing was taken for the end of the data/ms;
my @ways = (
	{ name => 'terminated', target => sub { $_[0]{run}->terminate }, error => qr/FATAL:  57P01: terminating connection due to administrator command/ },
	{ name => 'cancelled', target => sub { $_[0]{run}->cancel }, error => qr/ERROR:  57014: canceling statement due to user request/ },
	{ name => 'connections killed', source => sub { $my->kill_connections }, error => $lost },
	{ name => 'MySQL restarted', source => sub { $server->restart }, error => $lost },
);

sub check_end {
	my ($name, $target, $phase, $way) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $run = $target->{run};
	if ($way->{name} ne 'terminated') {
		wait_until { $run->wait_event eq 'Timeout:PgSleep' } 30, "$name: the run to end";
		is($run->threads . ' ' . sockets($run->pid), "1 $target->{sockets}", "$name: no thread and no descriptor is left");
		$run->terminate;
	}
	my $said = { $run->finish(20) }->{stderr};
	my $error = $way->{source} && $phase->{error} ? qr/$way->{error}|$phase->{error}/ : $way->{error};
	if ($way->{target} || grep { $_ == $target->{readers} } @{ $phase->{needs} }) {
		like($said, $error, "$name: says what happened");
		unlike($said, qr/migrated/, "$name: does not succeed");
	} else {
		like($said, qr/migrated "\w+": 1 table, 1000 rows/, "$name: succeeds, nothing is needed from MySQL any more");
	}
	return;
}

my @targets = map { new_target($_) } 1, 3;
for my $phase (@phases) {
	for my $way (@ways) {
		my $name = "$phase->{name}, $way->{name}";
		my @open = $phase->{shared} ? $phase->{shared}->() : ();
		push @open, map { $phase->{enter}->($_) } @targets;
		$way->{target}->($_) for $way->{target} ? @targets : ();
		if ($way->{source}) {
			$way->{source}->();
			$_->() for splice @open;
		}
		check_end("$name, readers $_->{readers}", $_, $phase, $way) for @targets;
		ok(eval { wait_until { !$my->connections } 10, 'the connections to end' }, "$name: no connection is left") or diag(explain([ $my->connections ]));
		$_->() for @open;
		$_->{proxy}->wait_idle for @targets;
		same_text($_->{db}->dump, $_->{before}, "$name, readers $_->{readers}: the target is as it was") for @targets;
	}
}
for my $target (@targets) {
	is($target->{db}->value(<<'SQL'), "0\n0", "readers $target->{readers}: no table and no file is left");
CHECKPOINT;
SELECT count(*) FROM pg_class WHERE relname ~ '^pg_temp_|^pg_toast_temp';
SELECT count(*) FROM pg_ls_dir('base/' || (SELECT oid FROM pg_database WHERE datname = current_database())) f
	WHERE f ~ '^\d+$' AND NOT EXISTS (SELECT FROM pg_class c WHERE pg_relation_filenode(c.oid)::text = f);
SQL
}

my $log = AlkconvTest::Postgres->main->log;
unlike($log, qr/terminated by signal|PANIC|TRAP:|server process .* exited with exit code/, 'no backend crashed');
unlike($log, qr/WARNING:.*(leak|still referenced)|resource was not closed/, 'and none leaked');

done_testing();
