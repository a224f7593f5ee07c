# testbed: mysql mariadb no-sanitizer alone
#
# Thousands of tables in one transaction: each relation is a lock that the server has to have room for. What the room suffices for arrives, and for
# more the plan names the setting.
use strict;
use warnings;
use AlkconvTest;
use Test::More;
use Time::HiRes qw(time);

# As test/fixtures/cases/two-thousand-tables/expect.txt says: 'two-thousand-tables'.
sub many {
	my ($tables, $type) = @_;
	my @sql = ('SET foreign_key_checks = 0');
	for my $n (0 .. $tables - 1) {
		my $reference = $n % 10 == 9 ? sprintf(', FOREIGN KEY (p) REFERENCES t%04d (id)', $n - 1) : '';
		push @sql, sprintf("CREATE TABLE t%04d (id int PRIMARY KEY, v $type, p int, KEY (p)%s)", $n, $reference), sprintf("INSERT INTO t%04d VALUES (1, 'v', 1)", $n);
	}
	return join ";\n", @sql;
}

my $my = scratch_source(many(2000, 'varchar(20)'));
# the lock table has room for each process that may be: 18 has slots for more workers
my @slots = pg_major() >= 18 ? ('autovacuum_worker_slots = 3') : ();
my $default = AlkconvTest::Postgres->start('default', 'max_connections = 100', 'max_locks_per_transaction = 64', @slots);
my $db = scratch_database(cluster => $default);
$db->link_source('src', $my, target_schema => 'public');
my $start = time;
is($db->value("SELECT count(*) FROM alkconv_plan('src') WHERE step = 'problem'"), 0, 'a server with the default settings has room for two thousand small tables');
diag(sprintf 'planned in %.2f s', time - $start);
$start = time;
my %run = $db->psql("SELECT alkconv_migrate('src')");
diag(sprintf 'migrated in %.1f s', time - $start);
is($run{rc}, 0, 'two thousand tables arrive in one transaction') or diag(substr $run{stderr}, -600);
is($db->value("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"), 2000, 'all of them');
is($db->value("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated AND connamespace = 'public'::regnamespace"), 200, 'with their foreign keys');
is($db->value("SELECT v FROM t1999"), 'v', 'and rows');

# ---- into tables that are there, each of which needs a heap beside it -----------------------------------------------------------------------

my $problem = "SELECT table_name IS NULL, note FROM alkconv_plan('src', on_existing => 'replace') WHERE step = 'problem'";
$start = time;
my $needed = $db->value($problem);
diag(sprintf 'planned in %.2f s', time - $start);
like($needed, qr/^t\|the run locks \d{4} relations .* room for \d{4} locks - ALTER SYSTEM SET max_locks_per_transaction = (\d+) \(now it is 64\)/, 'more than there is room for is a problem of the plan');
$db->fails("SELECT alkconv_migrate('src', on_existing => 'replace')", sqlstate => '53400', like => [qr/the run locks \d+ relations/, qr/max_locks_per_transaction = \d+/], name => 'the run says so before it begins');
is($db->value("SELECT string_agg(severity || ' ' || check_name, ',') FROM alkconv_preflight('src', on_existing => 'replace') WHERE check_name = 'too_many_locks'"), 'error too_many_locks', 'and so does preflight');

my ($setting) = $needed =~ /max_locks_per_transaction = (\d+)/;
my $cluster = AlkconvTest::Postgres->start('roomy', 'max_connections = 100', "max_locks_per_transaction = $setting", @slots);
my $roomy = scratch_database(cluster => $cluster);
$roomy->link_source('src', $my, target_schema => 'public');
$roomy->run("SELECT alkconv_migrate('src')");
is($roomy->value($problem =~ s/\ASELECT.*?FROM/SELECT count(*) FROM/r), 0, 'with the setting that it names there is none');
$roomy->run("SELECT alkconv_migrate('src', on_existing => 'replace')");
is($roomy->value("SELECT v FROM t1999"), 'v', 'and the run goes well');

done_testing;
