# testbed: timescale
#
# Hypertables: refused by name, verified when they were filled by the server's own INSERT.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $cluster = AlkconvTest::Postgres->start('timescale', q{shared_preload_libraries = 'timescaledb'}, 'timescaledb.telemetry_level = off');
my $source = scratch_source('CREATE TABLE measured (at datetime NOT NULL, device int NOT NULL, value double, PRIMARY KEY (at, device))');
$source->run("INSERT INTO measured SELECT '2020-01-01 00:00:00' + INTERVAL n * 7 HOUR, n % 5, n / 4 FROM (WITH RECURSIVE r AS (SELECT 1 n UNION ALL SELECT n + 1 FROM r WHERE n < 500) SELECT n FROM r) x");
my $db = scratch_database(cluster => $cluster);
$db->run('CREATE EXTENSION timescaledb', 'CREATE SCHEMA app', 'CREATE TABLE app.measured (at timestamp NOT NULL, device int NOT NULL, value double precision, PRIMARY KEY (at, device))');
$db->link_source('src', $source, target_schema => 'app');

$db->run('CREATE TABLE app.staged (LIKE app.measured INCLUDING ALL)', q{SELECT create_hypertable('app.measured', by_range('at', INTERVAL '7 days'))});
$db->fails("SELECT alkconv_migrate('src')", sqlstate => '0A000', like => [ qr/cannot load into table "measured": it stores its rows elsewhere: an extension inserts them by the plan node "\w+"/, qr/HINT:  Migrate into plain tables/ ], name => 'a run refuses a hypertable');
like($db->value("SELECT note FROM alkconv_plan('src') WHERE step = 'problem'"), qr/^cannot load into table "measured": it stores its rows elsewhere/, 'so does the plan');
like($db->value("SELECT remedy FROM alkconv_preflight('src') WHERE check_name = 'target_shape'"), qr/^Target table measured stores its rows elsewhere/, 'and preflight');
is($db->value("SELECT string_agg(check_name || ' ' || target_value || ' ' || verdict, ', ') FROM alkconv_verify('src') WHERE check_name = 'rows'"), 'rows 0 mismatch', 'an empty one is no copy');

# the recipe: into a plain table, then INSERT ... SELECT, then verify
my $plain = scratch_source('CREATE TABLE staged LIKE ' . $source->dbname . '.measured; INSERT INTO staged SELECT * FROM ' . $source->dbname . '.measured');
$db->link_source('plain', $plain, target_schema => 'app');
$db->run("SELECT alkconv_migrate('plain')", 'INSERT INTO app.measured SELECT * FROM app.staged');
cmp_ok($db->value("SELECT count(*) FROM timescaledb_information.chunks WHERE hypertable_name = 'measured'"), '>', 5, 'its rows are in chunks');
is($db->value("SELECT string_agg(check_name || ' ' || verdict, ', ' ORDER BY check_name) FROM alkconv_verify('src') WHERE check_name IN ('rows', 'digest')"), 'digest ok, rows ok', 'a filled one is verified');
$db->run("UPDATE app.measured SET value = value + 1 WHERE at = (SELECT max(at) FROM app.measured)");
is($db->value("SELECT count(*) FROM alkconv_verify('src') WHERE check_name = 'digest' AND verdict = 'mismatch'"), 1, 'a damaged value is found');

done_testing();
