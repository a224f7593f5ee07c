# testbed: mysql mariadb
#
# What takes no part is said: in the last NOTICE with its number and, where a rule decides, its name; in report and verify with a verdict of its own. A
# table of which a rule leaves a column in the source is never `ok`, and preflight suggests no such rule.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

# ---- the case: all suggestions of a preflight taken, a column lost, DEFAULT now() in its place, every verdict ok -------------------------------

my $my = case_source('suggestion-that-loses-a-column');
my $db = scratch_database();
case_target($db, 'suggestion-that-loses-a-column');
$db->link_source('src', $my);
is(join(' ', map { $_ // '' } $db->rows("SELECT DISTINCT rule FROM alkconv_preflight('src') WHERE rule ~ 'skip_column|exclude|delete'")), '', 'no suggestion leaves anything in the source');
$db->run("INSERT INTO alkconv.rule (table_pattern, column_pattern, action, reason) VALUES ('dt', 'created', 'skip_column', 'nobody asks')");
like($db->notices("SELECT alkconv_migrate('src')"), qr/migrated "src": 1 table, 1 row, [^\n]*; left out: 1 column by a rule \("dt"\."created"\), 1 column that only one side has$/m,
	'the last NOTICE names the column');
my $report = "SELECT check_name, verdict, note FROM alkconv_report() WHERE verdict NOT IN ('ok', 'note') ORDER BY check_name";
same_text(join("\n", $db->rows($report)), <<'ROWS' =~ s/\n\z//r, 'so does the report, and the table is not ok');
source column created|left out|rule skip_column: nobody asks
table|left out|created left out by skip_column: nobody asks
target column created|left out|keeps its default
ROWS
is(join(';', $db->rows("SELECT check_name, verdict FROM alkconv_verify('src') WHERE verdict <> 'ok' ORDER BY 1")), 'source column created|left out;target column created|left out', 'and verify');

# ---- tables, and columns that one side lacks -------------------------------------------------------------------------------------------------

$my = scratch_source(<<'SQL');
CREATE TABLE a (id int PRIMARY KEY, twice int AS (id * 2));
INSERT INTO a (id) VALUES (1);
CREATE TABLE b (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY);
CREATE TABLE d (id int PRIMARY KEY, both_sides int AS (id + 1));
CREATE TABLE schema_migration (id int PRIMARY KEY);
SQL
$db = scratch_database();
$db->run(<<'SQL');
CREATE TABLE a (id int PRIMARY KEY, made timestamptz DEFAULT now(), empty text);
CREATE TABLE d (id int PRIMARY KEY, both_sides int GENERATED ALWAYS AS (id + 1) STORED);
INSERT INTO alkconv.rule (table_pattern, action) VALUES ('b', 'exclude');
SQL
$db->link_source('src', $my, profile => 'kratos');
like($db->notices("SELECT alkconv_migrate('src', exclude => '{c}')"), qr/every value proved equal; left out: 3 tables, 3 columns that only one side has$/m, 'counted in the last NOTICE');
same_text(join("\n", $db->rows("SELECT table_name, check_name, verdict FROM alkconv_report() WHERE verdict <> 'ok'")), <<'ROWS' =~ s/\n\z//r, 'the report');
a|source column twice|left out
a|target column made|left out
a|target column empty|left out
b|table|left out
c|table|left out
schema_migration|table|excluded
ROWS
is($db->value("SELECT string_agg(DISTINCT verdict, ',') FROM alkconv_report() WHERE table_name IN ('a', 'd') AND check_name = 'table'"), 'ok', 'a column that one side lacks makes no other table of it');
is(join(';', $db->rows("SELECT table_name, check_name FROM alkconv_verify('src', exclude => '{c}') WHERE verdict = 'left out' AND check_name = 'table'")), 'b|table', 'verify names what rules leave out');
like($db->notices("SELECT alkconv_migrate('src', include => '{d}', on_existing => 'replace')"), qr/verified 1 table: (\d+) checks, all ok\n.*every value proved equal; left out: 4 tables$/ms, 'an include list leaves out, too');

done_testing();
