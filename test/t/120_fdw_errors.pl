# testbed: mysql mariadb
#
# Foreign scans that cannot be: each is an ERROR with its SQLSTATE that says where and what to do, and the password is in no message
# and in no log.
use strict;
use warnings;
use AlkconvTest;
use File::Temp ();
use IO::Socket::INET;
use Test::More;

my $my = scratch_source('CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)');
my $name = $my->dbname;
my $db = scratch_database();
my $password = $my->password;
my $wrong = 'wrongpw' . ('a' .. 'z')[rand 26] . int rand 1e9;
my @secrets = (qr/\Q$password\E/, qr/\Q$wrong\E/);

# A foreign table over a server with these options; the SELECT's failure.
my $serial = 0;
sub refused {
	my ($what, $options, %expected) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $server = 'src' . ++$serial;
	my $source = delete $expected{source} // $my;
	my $table = delete $expected{table} // 't';
	$db->link_source($server, $source, %$options);
	$db->run("CREATE FOREIGN TABLE ft_$server (id int) SERVER $server OPTIONS (table_name '$table')");
	$db->fails("SELECT * FROM ft_$server", %expected, unlike => \@secrets, name => $what);
	return;
}

# ---- connecting --------------------------------------------------------------------------------------------------------------------

refused('wrong password', { password => $wrong }, sqlstate => '28000', like => [qr/user "root"/, qr/HINT/, qr/scan of foreign table "ft_src1"/]);
refused('unknown user', { user => 'nobody_at_all', password => $wrong }, sqlstate => '28000', like => [qr/nobody_at_all/, qr/HINT/]);
refused('unknown database', { dbname => 'alk_no_such_database' }, sqlstate => '3D000', like => [qr/alk_no_such_database/, qr/HINT/]);

my $free = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1');
my $closed = $free->sockport;
close $free;
refused('nobody listens', { port => $closed }, sqlstate => '08001', like => [qr/127\.0\.0\.1:$closed/, qr/HINT/]);
refused('unknown host', { host => 'no-such-host.invalid' }, sqlstate => '08001', like => [qr/no-such-host\.invalid/, qr/HINT/]);
refused('no socket', { socket => '/nonexistent/mysqld.sock' }, sqlstate => '08001', like => [qr{/nonexistent/mysqld\.sock}, qr/HINT/]);

# Somebody who listens and says nothing
my $silent = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1');
my $started = time;
refused('a server that says nothing', { port => $silent->sockport, connect_timeout => 2 }, sqlstate => '08001', like => [qr/HINT/]);
cmp_ok(time - $started, '<', 15, 'connect_timeout is kept');
$started = time;
$db->link_source('deaf', $my, port => $silent->sockport, connect_timeout => 60);
$db->run('CREATE FOREIGN TABLE ft_deaf (id int) SERVER deaf');
$db->fails("SET statement_timeout = '500ms'; SELECT * FROM ft_deaf", sqlstate => '57014', name => 'statement_timeout works while connecting');
cmp_ok(time - $started, '<', 15, 'at once');

# ---- TLS ---------------------------------------------------------------------------------------------------------------------------

my $plain = AlkconvTest::Source->start('plain_text', $my->is_mariadb ? '--skip-ssl' : '--tls-version=');
my $no_tls = $plain->database('mysql'); # the command line client would not log in over TCP without TLS
refused('TLS demanded and not offered', { ssl_mode => 'required' }, source => $no_tls, sqlstate => '08004', like => [qr/TLS|SSL/, qr/HINT/]);
refused('verify_identity without a CA', { ssl_mode => 'verify_identity' }, sqlstate => '22023', like => [qr/ssl_ca/, qr/HINT/]);
$db->link_source('unprotected', $no_tls, ssl_mode => 'disabled');
$db->run("CREATE FOREIGN TABLE ft_unprotected (\"User\" text) SERVER unprotected OPTIONS (table_name 'user')");
is($db->value(q{SELECT bool_or("User" = 'root') FROM ft_unprotected}), 't', 'ssl_mode disabled connects without');

my $dir = File::Temp->newdir(DIR => "$ENV{ALKCONV_RUN}/tmp");
chmod 0755, $dir->dirname;
my $tls = AlkconvTest::Source->start('with_tls', AlkconvTest::Source->make_certificates("$dir"));
my $secure = $tls->create_database('secure');
$secure->run('CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (8)');
refused('a certificate of another authority', { ssl_mode => 'verify_identity', ssl_ca => "$dir/another-ca.pem" }, source => $secure,
	sqlstate => '08004', like => [qr/certificate/i, qr/HINT/]);
$db->link_source('verified', $secure, host => 'localhost', ssl_mode => 'verify_identity', ssl_ca => "$dir/ca.pem");
$db->run("CREATE FOREIGN TABLE ft_verified (id int) SERVER verified OPTIONS (table_name 't')");
is($db->value('SELECT id FROM ft_verified'), 8, 'the right one is accepted');

# ---- privileges in the source --------------------------------------------------------------------------------------------------------

$my->run("CREATE TABLE other (id int PRIMARY KEY); CREATE USER blind IDENTIFIED BY '$password'; GRANT SELECT ON $name.other TO blind");
refused('a table that the account may not see', { user => 'blind' }, sqlstate => 'HV00R', like => [qr/table "t" does not exist in database "\Q$name\E"/, qr/may not see/, qr/HINT/]);
$my->run('DROP USER blind');

# ---- what the source makes of it while it runs -----------------------------------------------------------------------------------------

my $main = AlkconvTest::Source->start('restarting');
my $dying = $main->create_database('dying');
$dying->run('CREATE TABLE t (id int PRIMARY KEY, filler varchar(4000)); INSERT INTO t WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 900)
	SELECT i, REPEAT("f", 4000) FROM n; INSERT INTO t SELECT id + 1000, filler FROM t; INSERT INTO t SELECT id + 2000, filler FROM t;
	INSERT INTO t SELECT id + 4000, filler FROM t; INSERT INTO t SELECT id + 8000, filler FROM t');
$db->link_source('dying', $dying);
$db->run("CREATE FOREIGN TABLE ft_dying (id int, filler text) SERVER dying OPTIONS (table_name 't')");
my $session = $db->background("BEGIN;\nDECLARE c CURSOR FOR SELECT * FROM ft_dying;\nMOVE 1 IN c;\nSELECT pg_sleep(3);\nCREATE TEMP TABLE reached_the_end (id int);\nMOVE ALL IN c;\nCOMMIT;");
wait_until { $session->wait_event eq 'Timeout:PgSleep' } 30, 'the pause';
$main->stop;
my %died = $session->finish(60);
like($died{stderr}, qr/ERROR:  08006:.*scan of foreign table "ft_dying"/s, 'a source that is shut down in mid-scan is an error');

# ---- the server's log ------------------------------------------------------------------------------------------------------------------

my $log = slurp("$ENV{ALKCONV_RUN}/logs/main.server.log");
like($log, qr/ft_src1/, 'the log tells of the failures');
unlike($log, $_, 'and holds no password') for @secrets;

done_testing();
