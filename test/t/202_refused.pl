# testbed: mysql mariadb
#
# Runs that cannot start: arguments, plans, privileges and connections. Each ends with an ERROR that says what is wrong and what to do,
# with the right SQLSTATE; the target stays as it was, and no password is in a message or in the server's log.
use strict;
use warnings;
use AlkconvTest;
use IO::Select;
use IO::Socket::INET;
use POSIX ();
use Test::More;

my $my = scratch_source(<<'SQL');
CREATE TABLE good (id int PRIMARY KEY, v int);
INSERT INTO good VALUES (1, 1), (2, 2);
CREATE TABLE missing_one (id int PRIMARY KEY);
CREATE TABLE missing_two (id int PRIMARY KEY);
CREATE TABLE missing_column (id int PRIMARY KEY, here int, nowhere int);
CREATE TABLE needs_value (id int PRIMARY KEY);
CREATE TABLE has_rule (id int PRIMARY KEY);
CREATE TABLE generated_target (id int PRIMARY KEY, v int);
CREATE TABLE is_view (id int PRIMARY KEY);
CREATE TABLE is_partitioned (id int PRIMARY KEY);
CREATE TABLE is_partition (id int PRIMARY KEY);
CREATE TABLE has_foreign_partition (id int);
CREATE TABLE ambiguous (id int PRIMARY KEY, userName int);
CREATE TABLE no_conversion (id int PRIMARY KEY, v json);
CREATE TABLE row_security (id int PRIMARY KEY);
CREATE TABLE in_use (id int PRIMARY KEY);
CREATE TABLE not_mine (id int PRIMARY KEY);
SQL
my $db = scratch_database();
$db->run(<<'SQL');
CREATE TABLE good (id int PRIMARY KEY, v int);
CREATE TABLE not_empty (id int PRIMARY KEY, v int);
CREATE TABLE missing_column (id int PRIMARY KEY, here int);
CREATE TABLE needs_value (id int PRIMARY KEY, needed int NOT NULL);
CREATE TABLE has_rule (id int PRIMARY KEY);
CREATE RULE no_insert AS ON INSERT TO has_rule DO INSTEAD NOTHING;
CREATE TABLE generated_target (id int PRIMARY KEY, v int GENERATED ALWAYS AS (7) STORED);
CREATE VIEW is_view AS SELECT 1 AS id;
CREATE TABLE is_partitioned (id int PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE is_partition PARTITION OF is_partitioned FOR VALUES FROM (1) TO (9);
CREATE TABLE ambiguous (id int PRIMARY KEY, "USERNAME" int, username int);
CREATE TABLE no_conversion (id int PRIMARY KEY, v double precision);
CREATE TABLE row_security (id int PRIMARY KEY);
CREATE TABLE in_use (id int PRIMARY KEY);
CREATE TABLE not_mine (id int PRIMARY KEY);
CREATE SCHEMA other;
CREATE TABLE other.good (id int PRIMARY KEY, v int);
INSERT INTO other.good VALUES (7, 7);
SQL
$db->link_source('src', $my);
$db->run('CREATE TABLE has_foreign_partition (id int) PARTITION BY RANGE (id)',
	'CREATE FOREIGN TABLE elsewhere PARTITION OF has_foreign_partition DEFAULT SERVER src');
my $password = $my->password;
my $before = $db->dump;

# One call, on tables that are given, with further arguments; the dump is compared by the caller where the call could have begun.
sub refused {
	my ($tables, $arguments, %expected) = @_;
	my $include = $tables ? ', include => ARRAY[' . join(',', map { "'$_'" } split / /, $tables) . ']' : '';
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $source = delete $expected{source} // 'src';
	my $prefix = delete $expected{prefix} // '';
	$expected{unlike} = [qr/\Q$password\E/, @{ $expected{unlike} // [] }];
	$db->fails("$prefix SELECT alkconv_migrate('$source'$include$arguments)", %expected);
	same_text($db->dump, $before, "$expected{name}: the target is as it was");
	return;
}

# ---- arguments -------------------------------------------------------------------------------------------------------------------

refused('good', ", mode => 'quick'", name => 'unknown mode', sqlstate => '22023', like => [qr/mode: "quick"/, qr/HINT:  Valid values: auto, existing, create/]);
refused('good', ", on_existing => 'merge'", name => 'unknown on_existing', sqlstate => '22023',
	like => [qr/on_existing: "merge"/, qr/HINT:  Valid values: error, replace/]);
refused('good', ", verify => 'some'", name => 'unknown verify', sqlstate => '22023', like => [qr/verify: "some"/, qr/HINT:  Valid values: full, counts/]);
refused('good', ', readers => 0', name => 'no reader', sqlstate => '22023', like => qr/readers must be at least 1, not 0/);
refused('good', ', readers => 65', name => 'too many readers', sqlstate => '22023', like => qr/readers must be at most 64, not 65/);
refused('good', ", exclude => ARRAY[NULL]", name => 'null among the patterns', sqlstate => '22004', like => [qr/"exclude" holds a null/, qr/HINT/]);
refused('good gud%', '', name => 'pattern without a match', sqlstate => '22023', like => [qr/include pattern "gud%" matches no table/, qr/HINT/]);
refused('good', ", exclude => ARRAY['good', 'missing_on']", name => 'pattern of exclude without a match', sqlstate => '22023',
	like => [qr/exclude pattern "missing_on" matches no table/, qr/HINT:  .*upper and lower case/]);
refused('good', ", target_schema => 'nowhere'", name => 'unknown schema', sqlstate => '3F000', like => qr/schema "nowhere" does not exist/);
refused('', '', source => 'nowhere', name => 'unknown source', sqlstate => '42704', like => qr/server "nowhere" does not exist/);
$db->fails('SELECT alkconv_migrate(NULL)', sqlstate => '22004', like => [qr/source must not be null/, qr/HINT:  .*foreign server/], name => 'null source');
$db->run('CREATE FOREIGN DATA WRAPPER another', 'CREATE SERVER stranger FOREIGN DATA WRAPPER another');
$before = $db->dump;
refused('', '', source => 'stranger', name => 'server of another wrapper', sqlstate => '42809', like => [qr/"stranger".*"another"/, qr/HINT:  .*alkconv_fdw/]);

# ---- plans -----------------------------------------------------------------------------------------------------------------------

refused('missing_one missing_two good', '', name => 'tables without a target', sqlstate => '42704',
	like => [qr/2 source tables have no table in target schema "public": "missing_one", "missing_two"/, qr/HINT:  .*exclude.*mode => 'create'/]);
refused('missing_column good', '', name => 'column without a target', sqlstate => '42704',
	like => [qr/"missing_column"\."nowhere" has no column/, qr/HINT:  .*skip_column/, qr/TABLE NAME:  missing_column/, qr/COLUMN NAME:  nowhere/]);
refused('needs_value good', '', name => 'NOT NULL without a source', sqlstate => '23502',
	like => [qr/target column "needed" of "public"\."needs_value" is NOT NULL, has no default and no source column/, qr/HINT:  Give the column a default/]);
refused('generated_target good', '', name => 'generated target', sqlstate => '0A000',
	like => [qr/target column "v" of "public"\."generated_target" is generated/, qr/HINT:  .*skip_column/]);
refused('is_view good', '', name => 'view as target', sqlstate => '0A000', like => [qr/"is_view" is a view/, qr/HINT/]);
refused('ambiguous good', '', name => 'two candidates', sqlstate => '42702', like => [qr/"ambiguous"\."userName" could be "USERNAME", "username"/, qr/HINT/]);
refused('no_conversion good', '', name => 'no conversion', sqlstate => '42846',
	like => [qr/column "no_conversion"\."v"/, qr/json|longtext/, qr/double precision/, qr/HINT/, qr/COLUMN NAME:  v/]);
refused('no_conversion needs_value good', '', name => 'several problems', sqlstate => '23502',
	like => qr/DETAIL:  The plan has 1 more problem; public\.alkconv_plan lists it/);
is($db->value("SELECT count(*) FROM alkconv_plan('src', include => ARRAY['no_conversion', 'needs_value', 'missing%']) WHERE step = 'problem'"), 4,
	'alkconv_plan lists all of them');

# ---- what the target is --------------------------------------------------------------------------------------------------------------

refused('good', ", target_schema => 'other'", name => 'not empty', sqlstate => '55000',
	like => [qr/target table "good" is not empty/, qr/HINT:  .*on_existing => 'replace'/, qr/TABLE NAME:  good/]);
refused('good has_rule', '', name => 'rewrite rule', sqlstate => '0A000', like => [qr/"has_rule": it has a rewrite rule on INSERT/, qr/HINT/]);
refused('is_partitioned is_partition', '', name => 'a table and a partition of it', sqlstate => '0A000',
	like => [qr/"is_partition": it is a partition of "is_partitioned", which is a target as well/, qr/HINT:  Exclude one/, qr/TABLE NAME:  is_partition$/m]);
refused('has_foreign_partition good', '', name => 'foreign partition', sqlstate => '0A000',
	like => [qr/"has_foreign_partition": it has the foreign table "elsewhere" as a partition/, qr/HINT:  Detach that partition/]);

my $session = $db->background('BEGIN; LOCK TABLE in_use IN ACCESS SHARE MODE; SELECT pg_sleep(60)');
wait_until { $session->wait_event eq 'Timeout:PgSleep' } 10, 'the other session to hold its lock';
refused('good in_use', '', prefix => "SET lock_timeout = '100ms';", name => 'table in use', sqlstate => '55P03',
	like => [qr/lock timeout/, qr/while locking target table "in_use"/]);
$session->terminate;
$session->finish;

# The table is open in this very session: its rows cannot be exchanged below a cursor.
$db->fails("BEGIN; DECLARE c CURSOR FOR SELECT * FROM good; FETCH c; SELECT alkconv_migrate('src', include => ARRAY['good'])",
	name => 'open cursor', sqlstate => '55006', like => qr/"good".*being used by active queries/);

# ---- a database that cannot hold the source's text -----------------------------------------------------------------------------------

my $latin = AlkconvTest::Postgres->main->database($db->dbname . '_latin');
$db->run('CREATE DATABASE ' . $latin->dbname . " TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'");
$latin->run('CREATE EXTENSION alkconv', 'CREATE TABLE good (id int PRIMARY KEY, v int)');
$latin->link_source('src', $my);
$latin->run("CREATE FOREIGN TABLE foreign_good (id int, v int) SERVER src OPTIONS (table_name 'good')");
for my $sql ("SELECT alkconv_migrate('src', include => ARRAY['good'])", 'SELECT * FROM foreign_good') {
	$latin->fails($sql, name => "another encoding: $sql", sqlstate => '0A000',
		like => [qr/alkconv needs a database with encoding UTF8/, qr/DETAIL:  This database has encoding LATIN1/, qr/HINT:  .*ENCODING 'UTF8'/]);
}
$db->run('DROP DATABASE ' . $latin->dbname);

# ---- privileges ----------------------------------------------------------------------------------------------------------------------

my $role = 'alk_' . $db->dbname;
$db->run("CREATE ROLE $role LOGIN", "ALTER TABLE good OWNER TO $role", "ALTER TABLE row_security ENABLE ROW LEVEL SECURITY");
$before = $db->dump;
my @as = (user => $role);
refused('good', '', @as, name => 'no usage on the server', sqlstate => '42501', like => qr/permission denied for foreign server src/);
$db->run("GRANT USAGE ON FOREIGN SERVER src TO $role");
$before = $db->dump;
refused('good', '', @as, name => 'no user mapping', sqlstate => '42704', like => [qr/"src" has no user mapping for role $role/, qr/HINT:  CREATE USER MAPPING/]);
$db->run("CREATE USER MAPPING FOR $role SERVER src OPTIONS (username 'plain', password '$password')");
$before = $db->dump;
refused('good not_mine', '', @as, name => 'not the owner', sqlstate => '42501',
	like => [qr/must be owner of table not_mine/, qr/HINT:  .*SET ROLE postgres/, qr/TABLE NAME:  not_mine/]);
my %owner = $db->psql("SELECT alkconv_migrate('src', include => ARRAY['good'])", user => $role);
is($owner{rc}, 0, 'the owner of the table needs no more than that') or diag($owner{stderr});
is($db->value('SELECT count(*) FROM good'), 2, 'and has the rows');
is($db->value('SELECT caller FROM alkconv.run'), $role, 'and the record names the role');
$before = $db->dump;

# ---- connections -----------------------------------------------------------------------------------------------------------------------

# What psql sends is logged when it fails, so the mappings are made by statements that succeed.
my $wrong = 'wr0ng-Pass' . $$ . 'word';
$db->link_source('wrong_password', $my, password => $wrong);
$db->link_source('wrong_user', $my, user => 'nobody_at_all');
$db->link_source('wrong_host', $my, host => '127.0.0.1', port => 1);
$db->link_source('wrong_database', $my, dbname => 'no_such_database');
$db->link_source('no_database', $my, dbname => undef);
$db->link_source('unknown_profile', $my, profile => 'kratoz');
$before = $db->dump;

refused('', '', source => 'wrong_password', name => 'wrong password', sqlstate => '28000',
	like => [qr/could not connect to the MySQL server/, qr/user "root"/, qr/HINT:  .*user mapping/], unlike => [qr/\Q$wrong\E/]);
refused('', '', source => 'wrong_user', name => 'unknown user', sqlstate => '28000', like => [qr/user "nobody_at_all"/, qr/HINT:  .*user mapping/]);
refused('', '', source => 'wrong_host', name => 'host unreachable', sqlstate => '08001', like => [qr/127\.0\.0\.1:1\b/, qr/HINT:  .*host, port/]);
refused('', '', source => 'wrong_database', name => 'unknown database', sqlstate => '3D000', like => [qr/no_such_database/, qr/HINT:  .*dbname/]);
refused('', '', source => 'no_database', name => 'no database', sqlstate => 'HV00J', like => [qr/"no_database"/, qr/HINT:  .*ADD dbname/]);
refused('', '', source => 'unknown_profile', name => 'unknown profile', sqlstate => '42704',
	like => [qr/no profile "kratoz"/, qr/HINT:  .*alkemio, kratos/]);
$db->fails("ALTER SERVER src OPTIONS (ADD hoost 'x')", name => 'invalid option', sqlstate => 'HV00D', like => [qr/invalid option "hoost"/, qr/HINT:  .*"host"/]);

# A server without TLS, reached through a relay that keeps what the client sends. TLS where it is demanded, or nothing is sent at all;
# and where it is only preferred, the password does not travel in clear.
my $no_tls = AlkconvTest::Source->start('no_tls', flavor() eq 'mysql' ? '--tls-version=' : '--skip-ssl');
AlkconvTest::Source->make_certificates(my $certificates = "$ENV{ALKCONV_RUN}/tmp/certificates_$$");
my ($relay_port, $relay_pid, $sent) = relay_to($no_tls->port);
for my $mode (qw(required verify_identity)) {
	$db->link_source("no_tls_$mode", $no_tls->database('mysql'), host => 'localhost', port => $relay_port, ssl_mode => $mode,
		ssl_ca => $mode eq 'required' ? undef : "$certificates/ca.pem");
	$before = $db->dump;
	spew($sent, '');
	refused('', '', source => "no_tls_$mode", name => "TLS demanded ($mode) and not offered", sqlstate => '08004',
		like => [qr/(TLS|SSL)/, qr/HINT:  .*(ssl_mode|TLS)/]);
	is(slurp($sent), '', 'and nothing was sent');
}
$db->link_source('no_tls_preferred', $no_tls->database('mysql'), port => $relay_port, ssl_mode => 'preferred');
spew($sent, '');
cmp_ok($db->value("SELECT count(*) FROM alkconv_plan('no_tls_preferred')"), '>', 0, 'TLS preferred and not offered: goes on without');
like(slurp($sent), qr/information_schema/, 'in clear text');
unlike(slurp($sent), qr/\Q$password\E/, 'but for the password');
$no_tls->stop('kill');

my $log = AlkconvTest::Postgres->main->log;
unlike($log, qr/\Q$wrong\E/, 'the wrong password is not in the server log');
unlike($log, qr/\Q$password\E/, 'nor is the right one');

done_testing();
# relay_to(port): port and process id of a relay, and the file to which it appends what clients send.
sub relay_to {
	my ($port) = @_;
	my $file = "$ENV{ALKCONV_RUN}/tmp/sent_$$";
	my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 5) or die "listen: $!\n";
	my $pid = fork() // die "fork: $!\n";
	return ($listener->sockport, $pid, $file) if $pid;
	while (my $client = $listener->accept) {
		my $server = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port) or last;
		my $both = IO::Select->new($client, $server);
		RELAY: while (1) {
			for my $from ($both->can_read) {
				sysread($from, my $data, 65536) or last RELAY;
				if ($from == $client) {
					open my $out, '>>', $file or last RELAY;
					syswrite $out, $data;
				}
				syswrite $from == $client ? $server : $client, $data;
			}
		}
	}
	POSIX::_exit(0);
}

END {
	kill 'KILL', $relay_pid if $relay_pid;
	$db->run("DROP OWNED BY $role CASCADE", "DROP ROLE $role") if $db && $role;
}
