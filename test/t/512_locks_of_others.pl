# testbed: mysql mariadb
#
# A role that may not load into a table does not make anybody wait for it: the privilege is examined before the lock is asked for, and once more when
# it is there.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $my = scratch_source(<<'SQL');
CREATE TABLE busy (id int PRIMARY KEY, v varchar(10));
INSERT INTO busy VALUES (1, '1'), (2, 'two');
CREATE TABLE parts (id int PRIMARY KEY);
INSERT INTO parts VALUES (1);
SQL
my $db = scratch_database();
my ($stranger, $other) = map { $_ . $db->dbname } qw(stranger_ other_);
$db->run("CREATE ROLE $_ LOGIN") for $stranger, $other;
$db->link_source('src', $my);
$db->run("GRANT USAGE ON FOREIGN SERVER src TO $stranger", "CREATE USER MAPPING FOR $stranger SERVER src OPTIONS (username 'root', password '" . $my->password . "')",
	'CREATE TABLE busy (id int PRIMARY KEY, v inet)', 'CREATE TABLE parts (id int PRIMARY KEY) PARTITION BY RANGE (id)', 'CREATE TABLE part PARTITION OF parts DEFAULT',
	"ALTER TABLE busy OWNER TO $stranger");
$my->run("UPDATE busy SET v = '10.0.0.1' WHERE id = 1");
my %first = $db->psql("SELECT alkconv_migrate('src', 'public', include => ARRAY['busy'], on_bad_value => 'reject')", user => $stranger);
my ($run) = $first{stdout} =~ /^([-0-9a-f]{36})$/m or BAIL_OUT($first{stderr});
$db->run('ALTER TABLE busy OWNER TO postgres; TRUNCATE busy');

# Somebody holds a lock that everybody may hold beside others: a request for an exclusive one waits, and all others wait behind it.
my $holder = $db->background('BEGIN; LOCK TABLE busy, part IN ACCESS SHARE MODE; SELECT pg_sleep(300)');
wait_until { $holder->wait_event eq 'Timeout:PgSleep' } 30, 'the lock of somebody';
my %calls = (
	'a run' => "SELECT alkconv_migrate('src', 'public', include => ARRAY['busy'])",
	'a run through COPY' => "SELECT alkconv_migrate('src', 'public', include => ARRAY['parts'])",
	'a replay' => "SELECT alkconv_replay('$run')",
);
for my $name (sort keys %calls) {
	$db->fails("SET lock_timeout = '3s'; $calls{$name}", user => $stranger, sqlstate => '42501', like => qr/must be owner of table (busy|parts)/, name => "$name: refused without waiting");
}
$holder->terminate;
$holder->finish;

# Nor does he wait himself for a lock that he may not have: what only looks at tables looks at those that are his, or that he may read.
$db->run('CREATE TABLE elsewhere (id int)', 'CREATE PUBLICATION everything FOR ALL TABLES');
$holder = $db->background('BEGIN; LOCK TABLE busy, parts, part, elsewhere IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(300)');
wait_until { $holder->wait_event eq 'Timeout:PgSleep' } 30, 'the exclusive lock of somebody';
for my $call (qw(alkconv_plan alkconv_preflight)) {
	my %called = $db->psql("SET lock_timeout = '3s'; SELECT count(*) FROM $call('src', 'public', include => ARRAY['busy', 'parts'])", user => $stranger);
	is($called{rc}, 0, "$call does not wait") or diag($called{stderr});
}
$db->fails("SET lock_timeout = '3s'; SELECT count(*) FROM alkconv_verify('src', 'public', include => ARRAY['busy', 'parts'])", user => $stranger, sqlstate => '42501', like => qr/permission denied for table (busy|parts)/, name => 'alkconv_verify is refused without waiting');
$holder->terminate;
$holder->finish;
is($db->value("SELECT count(*) FROM alkconv_preflight('src', 'public', include => ARRAY['busy']) WHERE check_name = 'target_shape' AND remedy ~ 'Publication everything publishes target table busy'"), 1, 'what is published is found all the same');
$db->run('DROP PUBLICATION everything');

# The table goes to somebody else while its owner waits.
$db->run("ALTER TABLE busy OWNER TO $stranger");
my $giver = $db->background("BEGIN; ALTER TABLE busy OWNER TO $other; SELECT pg_sleep(8); COMMIT");
wait_until { $giver->wait_event eq 'Timeout:PgSleep' } 30, 'the change of owners';
$db->fails($calls{'a run'}, user => $stranger, sqlstate => '42501', like => [qr/must be owner of table busy/, qr/HINT:  .*SET ROLE $other/], name => 'examined again under the lock');
$giver->finish;
is($db->value('SELECT count(*) FROM busy'), 0, 'and nothing was loaded');

done_testing();

END {
	$db->run(map { "DROP OWNED BY $_ CASCADE; DROP ROLE $_" } $stranger, $other) if $db && $other;
}
