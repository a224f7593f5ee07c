# testbed: mysql mariadb no-sanitizer
#
# Behind one address stand two servers (a load balancer, a reader endpoint). A run reads from one of them, or not at all; a KILL goes to the server
# that it is meant for, or nowhere.
use strict;
use warnings;
use AlkconvTest;
use AlkconvTest::AlternatingProxy;
use Test::More;

my $rows = 'CREATE TABLE a (id int PRIMARY KEY, server varchar(10)); CREATE TABLE b LIKE a; ';
my $one = scratch_source($rows . "INSERT INTO a VALUES (1, 'one'), (2, 'one'); INSERT INTO b SELECT * FROM a; CREATE VIEW slow AS SELECT id, SLEEP(20) AS s FROM a");
my $server = AlkconvTest::Source->start('other', '--general-log=1', '--log-output=TABLE');
my $two = scratch_source($rows . "INSERT INTO a VALUES (1, 'two'), (2, 'two'); INSERT INTO b SELECT * FROM a", server => $server, name => $one->dbname);

my $db = scratch_database();
my $proxy = AlkconvTest::AlternatingProxy->start($one->port, also => $server->port);
my %options = (host => '127.0.0.1', port => $proxy->port, ssl_mode => 'disabled', readers => undef);
$db->link_source('asked', $one, %options, readers => 3);
$db->link_source('usual', $one, %options);

$db->fails("SELECT alkconv_migrate('asked', mode => 'create')", sqlstate => '55000',
	like => [ qr/the connections to the source do not reach one server/, qr/load balancer/, qr/readers 1/ ], name => 'readers that were asked for reach two servers');
is($db->value("SELECT count(*) FROM pg_catalog.pg_class WHERE relname IN ('a', 'b')"), 0, 'and nothing was made');
$db->fails("SELECT alkconv_migrate('usual', mode => 'create', readers => 2)", sqlstate => '55000', name => 'by the argument as well');

my $notices = $db->notices("SELECT alkconv_migrate('usual', mode => 'create')");
like($notices, qr/reading over one connection: the connections to the source do not reach one server/, 'otherwise one connection reads, and says why');
is($db->value('SELECT count(DISTINCT server), count(*) FROM (TABLE a UNION ALL TABLE b) r'), '1|4', 'the rows are those of one server');

# the first connection of a new proxy goes to the first server, the one that is to end it to the other
my $killing = AlkconvTest::AlternatingProxy->start($one->port, also => $server->port);
$db->link_source('killing', $one, %options, port => $killing->port);
$db->run("CREATE FOREIGN TABLE slow (id int, s int) SERVER killing OPTIONS (table_name 'slow')");
$db->fails("SET statement_timeout = '1s'; SELECT * FROM slow", sqlstate => '57014', name => 'a statement is cancelled');
my $log = "FROM mysql.general_log WHERE argument NOT LIKE '%general_log%' AND argument LIKE";
wait_until { $server->value("SELECT COUNT(*) $log '%IS_USED_LOCK%'") > 0 } 20, 'the connection that is to end it';
is($server->value("SELECT COUNT(*) $log 'KILL%'"), 0, 'no KILL goes to the other server');

done_testing;
