# testbed: mysql mariadb
#
# What used to end a run, and need not: a counter at its end; a target loaded through COPY to which others refer, where it is empty. Where it is not, the plan
# says so.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

# ---- a used-up AUTO_INCREMENT ---------------------------------------------------------------------------------------------------------------

my $my = scratch_source(<<'SQL');
CREATE TABLE used (id int AUTO_INCREMENT PRIMARY KEY);
INSERT INTO used VALUES (2147483647);
CREATE TABLE big (id bigint AUTO_INCREMENT PRIMARY KEY);
INSERT INTO big VALUES (9223372036854775807);
CREATE TABLE narrowed (id int AUTO_INCREMENT PRIMARY KEY);
INSERT INTO narrowed VALUES (32767);
CREATE TABLE going (id smallint AUTO_INCREMENT PRIMARY KEY);
INSERT INTO going VALUES (5);
SQL
my $targets = 'CREATE TABLE used (id serial PRIMARY KEY); CREATE TABLE big (id bigserial PRIMARY KEY); CREATE TABLE narrowed (id smallserial PRIMARY KEY); CREATE TABLE going (id serial PRIMARY KEY);';
for my $mode ('create', 'existing') {
	my $db = scratch_database();
	$db->run($targets) if $mode eq 'existing';
	$db->run("INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ('narrowed', 'id', 'target_type', 'smallint')") if $mode eq 'create';
	$db->link_source('src', $my, target_schema => 'public');
	is($db->value("SELECT string_agg(table_name, ',') FROM alkconv_preflight('src') WHERE check_name = 'counter_at_end' AND severity = 'warning'"), 'big,narrowed,used', "mode $mode: preflight warns of each");
	my %run = $db->psql("SELECT alkconv_migrate('src', mode => '$mode')");
	is($run{rc}, 0, "mode $mode: a counter at its end does not fail the run") or diag(substr $run{stderr}, -800);
	for my $table (qw(big narrowed used)) {
		like($run{stderr}, qr/WARNING: .*the sequence of column "id" of table "$table" is used up/, "mode $mode: $table: a warning");
		$db->fails("INSERT INTO $table DEFAULT VALUES", sqlstate => '2200H', like => [qr/reached maximum value of sequence/], name => "mode $mode: $table: no number is given twice");
	}
	is($db->value("SELECT string_agg(table_name || ' ' || target_value || ' ' || verdict, ', ' ORDER BY table_name) FROM alkconv_report() WHERE check_name LIKE 'sequence of%'"),
		'big used up ok, going next value 6 ok, narrowed used up ok, used used up ok', "mode $mode: the report says so");
	is($db->value('INSERT INTO going DEFAULT VALUES RETURNING id'), '6', "mode $mode: the others go on");
	$db->run('BEGIN', "DELETE FROM alkconv.rule", 'ROLLBACK');
}

my $db = scratch_database();
$db->run($targets);
$db->link_source('src', $my, target_schema => 'public');
$db->run("BEGIN; SELECT alkconv_migrate('src'); ROLLBACK");
is($db->value('INSERT INTO used DEFAULT VALUES RETURNING id'), '1', 'a rollback restores a sequence that stood at its end');

# ---- targets loaded through COPY that are to be emptied -----------------------------------------------------------------------------------------

$my = scratch_source(<<'SQL');
CREATE TABLE parent (id int PRIMARY KEY);
INSERT INTO parent VALUES (1), (2);
CREATE TABLE child (id int PRIMARY KEY, p int);
INSERT INTO child VALUES (1, 1);
CREATE TABLE apart (id int PRIMARY KEY);
INSERT INTO apart VALUES (1);
SQL
$db = scratch_database();
$db->run(<<'SQL');
CREATE TABLE parent (id int PRIMARY KEY) PARTITION BY LIST (id);
CREATE TABLE parent_all PARTITION OF parent DEFAULT;
CREATE TABLE child (id int PRIMARY KEY, p int REFERENCES parent);
CREATE TABLE apart (id int PRIMARY KEY);
CREATE TABLE outside (id int PRIMARY KEY, p int REFERENCES parent);
CREATE TABLE outside_too (id int PRIMARY KEY, a int REFERENCES apart);
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE 'emptied %', TG_TABLE_NAME; RETURN NULL; END $$;
CREATE TRIGGER noted BEFORE TRUNCATE ON apart EXECUTE FUNCTION noted();
SQL
$db->link_source('src', $my, target_schema => 'public');
my $run = "SELECT alkconv_migrate('src', on_existing => 'replace')";
is($db->value("SELECT count(*) FROM alkconv_plan('src', on_existing => 'replace') WHERE step = 'problem'"), 0, 'nothing is to be emptied: no problem');
$db->run($run);
is($db->value('SELECT count(*) FROM parent'), 2, 'and the run goes well');
my $problem = qr/target table "parent" is loaded through COPY and holds rows that are to be replaced, and table public.outside, which is no part of the run, refers to it \(foreign key "outside_p_fkey"\)/;
like($db->value("SELECT table_name || ': ' || note FROM alkconv_plan('src', on_existing => 'replace') WHERE step = 'problem'"), qr/^parent: $problem - Let the run load both tables/, 'now it is one of the plan');
$db->fails($run, sqlstate => '0A000', like => [$problem], name => 'and of the run, before it begins');
is($db->value("SELECT string_agg(severity || ' ' || table_name, ',') FROM alkconv_preflight('src', on_existing => 'replace') WHERE check_name = 'unsupported'"), 'error parent', 'and of preflight');
$db->run('ALTER TABLE outside DROP CONSTRAINT outside_p_fkey');
my %run = $db->psql($run);
is($run{rc}, 0, 'a table outside that refers to another target does not matter') or diag(substr $run{stderr}, -800);
unlike($run{stderr}, qr/emptied apart/, 'which is not emptied by TRUNCATE at all');
is($db->value('SELECT (SELECT count(*) FROM parent) || $$ $$ || (SELECT count(*) FROM child) || $$ $$ || (SELECT count(*) FROM apart)'), '2 1 1', 'all rows are those of the source');

done_testing;
