# testbed: mysql mariadb smoke
#
# The test bed itself: the servers answer, are what the platform says, and the helpers do what the other tests rely on.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $main = AlkconvTest::Postgres->main;
my $source = AlkconvTest::Source->main;
my ($major, $wanted_flavor) = platform() =~ /^(?:pg(\d+)|host)-(mysql|mariadb)$/;
$major //= pg_major();

# The servers
like($main->version, qr/^\Q$major\E\./, "Postgres is version $major");
is(flavor(), $wanted_flavor, "the source is $wanted_flavor");
is($source->value('SELECT VERSION()'), $ENV{ALKCONV_TEST_MYSQL_VERSION}, 'the source tells the version of the environment');
is($source->value('SELECT VERSION()') =~ /MariaDB/ ? 'mariadb' : 'mysql', $wanted_flavor, 'and is of that make');
is($main->value('SHOW TimeZone'), 'Europe/Sofia', 'Postgres lives in a zone with daylight saving');
is($source->value('SELECT @@global.time_zone'), '-03:30', 'the source in yet another');
is($main->value('SHOW server_encoding'), 'UTF8', 'Postgres is UTF8');

# Accounts
for my $user (qw(root reader plain)) {
	my %result = $source->mysql('SELECT CURRENT_USER()', args => ["--user=$user"]);
	is($result{stdout}, "$user\@%\n", "the account $user exists") or diag($result{stderr});
}
my %refused = $source->mysql('FLUSH TABLES WITH READ LOCK', args => ['--user=plain']);
isnt($refused{rc}, 0, 'plain may not lock tables');
is({ $source->mysql('FLUSH TABLES WITH READ LOCK', args => ['--user=reader']) }->{rc}, 0, 'reader may');

# Databases
my $my = scratch_source('CREATE TABLE t (i int PRIMARY KEY, s text); INSERT INTO t VALUES (1, "grüße 😀")');
is($my->value('SELECT s FROM t'), "gr\xC3\xBC\xC3\x9Fe \xF0\x9F\x98\x80", 'a scratch source, in UTF-8 both ways');
my $db = scratch_database();
is($db->value("SELECT extname FROM pg_extension WHERE extname = 'alkconv'"), 'alkconv', 'a scratch database with the extension');
my $before = $db->dump;
is($db->dump, $before, 'dumps of an unchanged database are identical');
$db->run('CREATE TABLE t (i int)');
isnt($db->dump, $before, 'and differ when something changed');

# Errors
$db->fails('SELECT 1/0', sqlstate => '22012', like => qr/division by zero/, name => 'fails() sees the SQLSTATE');

# Sessions in the background
my $session = $db->background('SELECT pg_sleep(60)');
is($session->threads, 1, 'a backend has one thread');
cmp_ok($session->descriptors, '>', 3, 'and open files');
cmp_ok($session->resident, '>', 1000, 'and memory');
wait_until { $session->wait_event eq 'Timeout:PgSleep' } 10, 'the session to sleep';
$session->cancel;
my %ended = $session->finish(10);
like($ended{stderr}, qr/57014/, 'a background session can be cancelled');

# Servers of a test's own
my $mine = AlkconvTest::Source->start('mine', '--max-connections=17');
is($mine->value('SELECT @@max_connections'), 17, 'an extra source with options');
$mine->run('CREATE DATABASE kept');
$mine->restart;
is($mine->value('SHOW DATABASES LIKE "kept"'), 'kept', 'keeps its data when restarted');
my $cluster = AlkconvTest::Postgres->start('mine_too', 'wal_level = minimal', 'max_wal_senders = 0');
my $other = scratch_database(cluster => $cluster);
is($other->value('SHOW wal_level'), 'minimal', 'an extra cluster with settings, and a database of it');

done_testing();
