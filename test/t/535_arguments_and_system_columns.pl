# testbed: mysql mariadb
#
# An empty list of tables is no list of all tables; a foreign table has no system columns but tableoid.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $my = scratch_source('CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1), (2); CREATE TABLE u (id int PRIMARY KEY)');
my $db = scratch_database();
$db->link_source('src', $my);
$db->run("SELECT alkconv_migrate('src', mode => 'create')", 'INSERT INTO t VALUES (3)');

for my $call ("alkconv_migrate('src', include => %s, on_existing => 'replace')", "alkconv_plan('src', include => %s)", "alkconv_preflight('src', include => %s)",
	"alkconv_verify('src', include => %s)", "alkconv_baseline('src', include => %s)") {
	my ($name) = $call =~ /^(\w+)/;
	$db->fails('SELECT * FROM ' . sprintf($call, "'{}'"), sqlstate => '22023', like => qr/argument "include" is an empty list/, name => "$name: an empty list");
	$db->fails('SELECT * FROM ' . sprintf($call, "ARRAY[]::text[]"), sqlstate => '22023', name => "$name: however it is written");
	$db->fails('SELECT * FROM ' . sprintf($call, "ARRAY['t', NULL]"), sqlstate => '22004', name => "$name: a null in it");
}
is($db->value('SELECT count(*) FROM t'), 3, 'nothing was replaced');
$db->fails("SELECT alkconv_migrate('src', exclude => ARRAY[NULL]::text[], on_existing => 'replace')", sqlstate => '22004', name => 'a null in exclude');
ok($db->run("SELECT alkconv_migrate('src', exclude => '{}', on_existing => 'replace')"), 'an empty list of what to leave out leaves out nothing');
is($db->value('SELECT count(*) FROM t'), 2, 'all is replaced');

$db->run('CREATE SCHEMA far', 'IMPORT FOREIGN SCHEMA ' . $my->dbname . ' FROM SERVER src INTO far');
for my $column (qw(ctid xmin xmax cmin cmax)) {
	$db->fails("SELECT $column FROM far.t", sqlstate => '0A000', like => qr/cannot retrieve system column "$column" of foreign table "t"/, name => "$column is refused");
}
$db->fails("SELECT id FROM far.t WHERE ctid = '(0,1)'", sqlstate => '0A000', name => 'in a condition');
$db->fails('SELECT l.id FROM far.t l JOIN far.u r ON l.ctid = r.ctid', sqlstate => '0A000', name => 'in a join');
is($db->value('SELECT DISTINCT tableoid::regclass FROM far.t'), 'far.t', 'tableoid is known');
is($db->value('SELECT count(*) FROM (SELECT id FROM far.t FOR UPDATE) l'), 2, 'and what the server itself asks for works');

done_testing;
