# testbed: mysql mariadb
#
# Targets whose rows somebody else stores: the server's own plans say so. They are refused before anything is done, by plan, preflight and run;
# what is already in them can be verified. The test module plays the extension (test/module/storage.cpp).
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $source = scratch_source('CREATE TABLE sharded (id int PRIMARY KEY, label varchar(20) NOT NULL); CREATE TABLE plain (id int PRIMARY KEY, note varchar(20));'
	. " INSERT INTO sharded VALUES (1, 'one'), (2, 'two'); INSERT INTO plain VALUES (1, 'a')");
my $db = scratch_database();
$db->run('CREATE EXTENSION alkconv_test');
$db->link_source('src', $source);
my $tables = 'CREATE TABLE sharded (id int PRIMARY KEY, label varchar(20) NOT NULL, twice int GENERATED ALWAYS AS (id * 2) STORED); CREATE TABLE plain (id int PRIMARY KEY, note varchar(20))';
$db->run($tables);
my $elsewhere = "LOAD 'alkconv_test'; SET alkconv_test.inserts_elsewhere = 'sharded';";

# ---- by the node that inserts ----

my @why = (qr/cannot load into table "sharded": it stores its rows elsewhere: an extension inserts them by the plan node "Test Storage"/, qr/HINT:  Migrate into plain tables, distribute them .*, and prove the result with public\.alkconv_verify\./);
for my $more ('', ", on_existing => 'replace'") {
	$db->fails("$elsewhere SELECT alkconv_migrate('src'$more)", sqlstate => '0A000', like => \@why, name => "a run refuses it$more");
}
is($db->value('SELECT count(*) FROM sharded') + $db->value('SELECT count(*) FROM plain'), 0, 'and has loaded nothing');
my %plan = $db->psql("$elsewhere SELECT note FROM alkconv_plan('src') WHERE step = 'problem'");
like($plan{stdout}, qr/^cannot load into table "sharded": it stores its rows elsewhere: .*"Test Storage" - Migrate into plain tables/, 'the plan says so') or diag($plan{stderr});
my %preflight = $db->psql("$elsewhere SELECT severity, table_name, check_name, remedy FROM alkconv_preflight('src') WHERE severity = 'error'");
like($preflight{stdout}, qr/^error\|sharded\|target_shape\|Target table sharded stores its rows elsewhere: .*"Test Storage"\. Migrate into plain tables/, 'so does preflight');
is(scalar(split /\n/, $preflight{stdout}), 1, 'which finds nothing else wrong') or diag($preflight{stdout}, $preflight{stderr});
like($db->notices("SELECT alkconv_migrate('src')"), qr/2 tables, 3 rows, every value proved equal/, 'without that extension it is loaded');

# ---- what is there is verified ----

my %verified = $db->psql("$elsewhere SELECT count(*) FILTER (WHERE verdict = 'ok') > 3, count(*) FILTER (WHERE verdict = 'mismatch') FROM alkconv_verify('src')");
is($verified{stdout}, "t|0\n", 'verify reads it through the planner') or diag($verified{stderr});
$db->run("UPDATE sharded SET label = 'other' WHERE id = 2");
%verified = $db->psql("$elsewhere SELECT string_agg(DISTINCT table_name, ' ') FROM alkconv_verify('src') WHERE verdict = 'mismatch'");
is($verified{stdout}, "sharded\n", 'and finds what differs') or diag($verified{stderr});

# ---- by what a SELECT reads ----

$db->run('TRUNCATE sharded, plain', 'CREATE TABLE shard (LIKE sharded)', q{INSERT INTO shard (id, label, twice) VALUES (1, 'one', 2), (2, 'two', 4)});
my $read = "LOAD 'alkconv_test'; SET alkconv_test.reads_elsewhere = 'sharded,shard';";
$db->fails("$read SELECT alkconv_migrate('src', include => '{sharded}')", sqlstate => '0A000', like => qr/cannot load into table "sharded": it stores its rows elsewhere: they are read from "shard"/, name => 'rows that are read from another table');
%verified = $db->psql("$read SELECT string_agg(check_name || ' ' || verdict, ', ' ORDER BY check_name) FROM alkconv_verify('src', include => '{sharded}') WHERE check_name IN ('rows', 'digest')");
is($verified{stdout}, "digest ok, rows ok\n", 'are verified where they are') or diag($verified{stderr});

# ---- tables below one by INHERITS are not its rows; those of a hypertable are ----

$db->run('DROP TABLE shard', 'CREATE TABLE child (extra int) INHERITS (sharded)', q{INSERT INTO child (id, label) VALUES (7, 'child')});
like($db->notices("SELECT alkconv_migrate('src')"), qr/2 tables, 3 rows, every value proved equal/, 'rows of a child stand beside those of its parent');
is($db->value('SELECT count(*) FROM child'), 1, 'and stay');
%verified = $db->psql("$elsewhere SELECT string_agg(check_name || ' ' || source_value || ' ' || target_value || ' ' || verdict, ', ') FROM alkconv_verify('src', include => '{sharded}') WHERE check_name = 'rows'");
is($verified{stdout}, "rows 2 3 mismatch\n", 'of a table that an extension fills, the rows below it are its own') or diag($verified{stderr});

# ---- partitions that are foreign tables ----

my $other = scratch_database();
$other->link_source('src', $source);
$other->run('CREATE TABLE plain (id int PRIMARY KEY, note varchar(20))', 'CREATE TABLE sharded (id int NOT NULL, label varchar(20) NOT NULL) PARTITION BY RANGE (id)',
	'CREATE TABLE sharded_1 PARTITION OF sharded FOR VALUES FROM (1) TO (100)',
	q{CREATE FOREIGN TABLE sharded_2 PARTITION OF sharded FOR VALUES FROM (100) TO (200) SERVER src OPTIONS (table_name 'sharded')});
$other->fails("SELECT alkconv_migrate('src')", sqlstate => '0A000', like => qr/it has the foreign table "sharded_2" as a partition/, name => 'a foreign partition: the run');
like($other->value("SELECT note FROM alkconv_plan('src') WHERE step = 'problem'"), qr/^cannot load into table "sharded": it has the foreign table "sharded_2" as a partition - Detach that partition/, 'the plan');
like($other->value("SELECT remedy FROM alkconv_preflight('src') WHERE check_name = 'target_shape'"), qr/^Target table sharded has the foreign table "sharded_2" as a partition\. Detach that partition/, 'preflight');

# ---- others' tables are not even planned ----

my $role = AlkconvTest::unique_name('role');
$db->run("CREATE ROLE $role LOGIN", "GRANT USAGE ON FOREIGN SERVER src TO $role", "CREATE USER MAPPING FOR $role SERVER src OPTIONS (username 'reader', password '" . $source->password . "')", "GRANT USAGE ON SCHEMA public TO $role");
%plan = $db->psql("SELECT count(*) FROM alkconv_plan('src') WHERE step = 'problem'", user => $role);
is($plan{stdout}, "0\n", 'a role that does not own the targets takes no lock on them') or diag($plan{stderr});
$db->run("DROP OWNED BY $role", "DROP ROLE $role");

done_testing();
