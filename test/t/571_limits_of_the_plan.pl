# testbed: mysql mariadb
#
# What the catalogs alone tell: tables with more columns than Postgres has, and NOT NULL columns that a trigger of the target fills.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

# ---- more than 1600 columns -----------------------------------------------------------------------------------------------------------------

my $my = case_source('more-than-1600-columns');
my $db = scratch_database();
$db->link_source('src', $my, target_schema => 'public');
my ($columns) = $my->value("SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '" . $my->dbname . "' AND TABLE_NAME = 'w_many'");
cmp_ok($columns, '>', 1600, 'the source has them');
$my->run('CREATE TABLE narrow (id int PRIMARY KEY)', 'INSERT INTO narrow VALUES (1)');
like($db->value("SELECT table_name || ': ' || note FROM alkconv_plan('src') WHERE step = 'problem'"), qr/^w_many: table "w_many" has $columns columns, and a table of Postgres has at most 1600 - Leave the table in the source with a rule \(action exclude\)/,
	'the plan says so');
$db->fails("SELECT alkconv_migrate('src')", sqlstate => '54011', like => [qr/table "w_many" has $columns columns/, qr/action exclude/], name => 'so does the run');
is($db->value("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"), 0, 'before it makes anything');
like($db->value("SELECT remedy FROM alkconv_preflight('src') WHERE severity = 'error' AND check_name = 'too_many_columns' AND table_name = 'w_many' AND rule IS NULL"),
	qr/action exclude/, 'and preflight, which suggests no rule that leaves a table behind');
$db->run("INSERT INTO alkconv.rule (table_pattern, action) VALUES ('w_many', 'exclude')", "SELECT alkconv_migrate('src')");
is($db->value('SELECT count(*) FROM narrow'), 1, 'with such a rule the run goes well');

$db->run('CREATE SCHEMA imported');
my %import = $db->psql('IMPORT FOREIGN SCHEMA "' . $my->dbname . '" FROM SERVER src INTO imported');
is($import{rc}, 0, 'IMPORT FOREIGN SCHEMA goes on');
like($import{stderr}, qr/WARNING: .*table "w_many" of MySQL database "\S+" is not imported.*DETAIL:  It has $columns columns, and a table of Postgres has at most 1600/s, 'and says what it leaves out');
is($db->value('SELECT count(*) FROM imported.narrow'), 1, 'the others are there');

# ---- a trigger that fills a column ---------------------------------------------------------------------------------------------------------

$my = case_source('filled-by-a-trigger');
$db = scratch_database();
case_target($db, 'filled-by-a-trigger');
$db->link_source('src', $my, target_schema => 'public');
is($db->value("SELECT count(*) FROM alkconv_plan('src') WHERE step = 'problem'"), 0, 'a column that a trigger fills is no problem');
is($db->value("SELECT note FROM alkconv_plan('src') WHERE column_name = 'words'"), 'NOT NULL: a trigger on INSERT has to fill it', 'the plan says who has to fill it');
is($db->value("SELECT count(*) FROM alkconv_preflight('src') WHERE severity = 'error'"), 0, 'nor is it one of preflight');
$db->run("SELECT alkconv_migrate('src')");
is($db->value('SELECT string_agg(words::text, chr(44) ORDER BY id) FROM film'), "'a':1 'b':2,'c':1", 'it is filled');

$db = scratch_database();
case_target($db, 'filled-by-a-trigger');
$db->run('ALTER TABLE film DISABLE TRIGGER film_words');
$db->link_source('src', $my, target_schema => 'public');
$db->fails("SELECT alkconv_migrate('src')", sqlstate => '23502', like => [qr/"words" .* is NOT NULL, has no default and no source column/], name => 'a trigger that is off fills nothing');
$db->run('ALTER TABLE film ENABLE TRIGGER film_words', 'CREATE OR REPLACE FUNCTION film_words() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$');
$db->fails("SELECT alkconv_migrate('src')", sqlstate => '23502', like => [qr/"words" of relation "film" violates not-null constraint/], name => 'one that does not fill it is found at the first row');

done_testing;
