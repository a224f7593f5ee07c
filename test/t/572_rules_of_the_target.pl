# testbed: mysql mariadb
#
# alkconv_preflight: what only the target's own server can judge. CHECK constraints of targets look at the converted values, and parents that are no
# part of the run are asked.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $findings = "SELECT concat_ws('|', severity, table_name, column_name, check_name, rows, sample_key, sample_value) FROM alkconv_preflight('src') WHERE severity = 'error' OR check_name = 'not_checked_ahead'";

# ---- CHECKs ----------------------------------------------------------------------------------------------------------------------------------

my $my = case_source('checks-of-the-target');
my $db = scratch_database();
case_target($db, 'checks-of-the-target');
$db->link_source('src', $my, target_schema => 'public');
is($db->value($findings), 'error|chk|n|check|2|(id)=(2)|-5', 'a row for the CHECK, with count, first key and value');
like($db->value("SELECT remedy FROM alkconv_preflight('src') WHERE check_name = 'check'"), qr/^The rows violate CHECK constraint chk_n_check of target table chk: \(n >= 0\)\. Mend them in the source, drop the constraint for the run, or let a rule/, 'and a remedy');
$db->run(q{INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ('chk', 'n', 'expression', 'abs(value::int)')});
is($db->value($findings . " AND check_name = 'check'"), '', 'a rule that makes other values of them settles it');
$db->run("SELECT alkconv_migrate('src')");
is($db->value('SELECT sum(n) FROM chk'), 15, 'as it does in the run');

$my = scratch_source(<<'SQL');
CREATE TABLE several (id int PRIMARY KEY, a int, b varchar(10), c int);
INSERT INTO several VALUES (1, 1, 'x', 1), (2, 5, 'y', 2), (3, NULL, 'z', 3), (4, 9, 'longer', 4);
CREATE TABLE unkeyed (v int);
INSERT INTO unkeyed VALUES (1), (12);
CREATE TABLE mended (id int PRIMARY KEY, v int);
INSERT INTO mended VALUES (1, 400000), (2, -1);
SQL
$db = scratch_database();
$db->run(<<'SQL');
CREATE FUNCTION is_short(text) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN IF $1 = 'y' THEN RAISE EXCEPTION 'no'; END IF; RETURN length($1) < 3; END $$;
CREATE TABLE several (id int PRIMARY KEY, a int, b text, c int, mine int DEFAULT 3, CONSTRAINT two CHECK (a < c + 4 OR a IS NULL), CONSTRAINT short CHECK (public.is_short(b)), CONSTRAINT other CHECK (mine > c));
CREATE TABLE unkeyed (v int CHECK (v < 10));
CREATE TABLE mended (id int PRIMARY KEY, v smallint CHECK (v > 0));
SQL
$db->link_source('src', $my, target_schema => 'public');
same_text(join("\n", $db->rows($findings)), <<'ROWS' =~ s/\n\z//r, 'several columns, functions, columns of the target alone, rows without a key, values that do not convert');
error|mended|v|check|1|(id)=(2)|-1
error|mended|v|out_of_range|1|(id)=(1)|400000
error|several|a, c|check|1|(id)=(4)|9, 4
error|several|b|check|1|(id)=(4)|longer
error|unkeyed|v|check|1|12
info|several|not_checked_ahead
ROWS

# ---- parents that are no part of the run ---------------------------------------------------------------------------------------------------

$my = case_source('parent-outside-the-run');
$db = scratch_database();
case_target($db, 'parent-outside-the-run');
$db->link_source('src', $my, target_schema => 'public');
is($db->value($findings), 'error|child|g|orphan|1|(id)=(2)|11', 'the local parent is asked');
like($db->value("SELECT remedy FROM alkconv_preflight('src') WHERE check_name = 'orphan'"), qr/^The rows refer to parents that do not exist: foreign key child_g_fkey to grp, which is no part of the run\./, 'and named');
$db->run('INSERT INTO grp VALUES (11)');
is($db->value($findings), '', 'with its parent it is none');
$db->run("SELECT alkconv_migrate('src')");
is($db->value('SELECT count(*) FROM child'), 2, 'and the run goes well');

$my = scratch_source(<<'SQL');
CREATE TABLE t (id int PRIMARY KEY, name varchar(10), a int, b bigint, f double);
INSERT INTO t VALUES (1, 'x', 1, 1, 1), (2, 'X', 1, 2, 2), (3, NULL, NULL, 2, NULL), (4, 'x', 2, NULL, 3), (5, 'q', 3, 3, NULL), (6, 'q', 3, 3, NULL);
SQL
$db = scratch_database();
$db->run(<<'SQL');
CREATE SCHEMA other;
CREATE TABLE other.names (name text PRIMARY KEY);
INSERT INTO other.names VALUES ('x');
CREATE TABLE pairs (a int, b bigint, PRIMARY KEY (a, b)) PARTITION BY LIST (a);
CREATE TABLE pairs_all PARTITION OF pairs DEFAULT;
INSERT INTO pairs VALUES (1, 1);
CREATE TABLE floats (f float8 PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, name text REFERENCES other.names, a int, b bigint, f float8 REFERENCES floats, FOREIGN KEY (a, b) REFERENCES pairs);
SQL
$db->link_source('src', $my, target_schema => 'public');
same_text(join("\n", $db->rows($findings)), <<'ROWS' =~ s/\n\z//r, 'spelling, several columns, NULLs, what cannot be grouped');
error|t|a, b|orphan|3|(id)=(2)|1, 2
error|t|name|orphan|3|(id)=(2)|X
info|t|f|not_checked_ahead
ROWS

done_testing;
