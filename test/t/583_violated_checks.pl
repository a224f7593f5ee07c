# testbed: mysql mariadb
#
# Rows that violate a CHECK of the source: preflight lists them, the run's error names one of them, and a rule lets the constraint be NOT VALID.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $findings = "SELECT concat_ws('|', severity, table_name, column_name, check_name, rows, sample_key, sample_value) FROM alkconv_preflight('src') WHERE severity = 'error'";
my $rules = "SELECT rule FROM alkconv_preflight('src') WHERE severity = 'error' AND check_name = 'check'";

# ---- constraints that were switched off for a while -----------------------------------------------------------------------------------------

if (flavor() eq 'mariadb') {
	my $my = case_source('checks-violated-mariadb');
	my $db = scratch_database();
	$db->link_source('src', $my, target_schema => 'public');
	same_text(join("\n", $db->rows($findings)), <<'ROWS' =~ s/\n\z//r, 'preflight lists each constraint with count and key');
error|t|j|invalid_json|1|(id)=(3)|no json
error|t|n|check|1|(id)=(2)|-1
error|t|n, id|check|1|(id)=(4)|500, 4
ROWS
	like($db->value("SELECT remedy FROM alkconv_preflight('src') WHERE check_name = 'check' AND sample_key = '(id)=(4)'"), qr/CHECK constraint "both_" of the source.*`n` < 100 or `id` > 5.*NOT VALID/, 'and says what it is');
	my $before = $db->dump;
	$db->fails("SELECT alkconv_migrate('src')", sqlstate => '22P02', like => [qr/table "t"/, qr/\(id\)=\(3\)/], name => 'the run: no JSON');
	$my->run("UPDATE t SET j = '{}' WHERE id = 3");
	$db->fails("SELECT alkconv_migrate('src')", sqlstate => '23514', like => [qr/row \(id\)=\(\d\) of table "t" violates check constraint "\w+"/, qr/1 row violates it/, qr/table_pattern 't', action skip_validation, argument '(n|both_)'/], name => 'a CHECK: table, constraint, row, remedy');
	is($db->dump, $before, 'nothing is left');

	$db->run($db->rows($rules));
	is($db->value($findings), '', 'with the suggested rules nothing stands in the way');
	my $notices = $db->notices("SELECT alkconv_migrate('src')");
	like($notices, qr/every value proved equal/, 'all rows arrive');
	is($db->value("SELECT count(*) FROM alkconv_report() WHERE note LIKE 'NOT VALID, so that rows which violate it may stay, by rule skip_validation%'"), 2, 'the report has the rule');
	is($db->value("SELECT string_agg(target_value || '/' || verdict, ' ') FROM alkconv_report() WHERE target_value LIKE 'NOT VALID%'"), 'NOT VALID: 1 row violates it/note NOT VALID: 1 row violates it/note', 'and that rows violate them');
	is($db->value("SELECT count(*) FROM alkconv_verify('src') WHERE verdict = 'mismatch'"), 0, 'they are no difference');
	$db->fails("INSERT INTO t VALUES (5, -1, '{}')", sqlstate => '23514', name => 'new rows are looked at');

	$db = scratch_database();
	$db->link_source('src', $my, target_schema => 'public');
	$my->run('SET check_constraint_checks = 1; UPDATE t SET n = 5 WHERE id IN (2, 4)');
	$db->run("SELECT alkconv_migrate('src')");
	is($db->value('SELECT count(*) FROM pg_constraint WHERE conrelid = $$t$$::regclass AND contype = $$c$$ AND convalidated'), 2, 'with the rows mended they are valid');
}

# ---- the rule -------------------------------------------------------------------------------------------------------------------------------

my $my = scratch_source('CREATE TABLE stock (id int PRIMARY KEY, n int, CONSTRAINT positive CHECK (n > 0)); INSERT INTO stock VALUES (1, 1), (2, NULL)');
my $valid = "SELECT string_agg(conname || ' ' || convalidated, ',') FROM pg_constraint WHERE conrelid = 'stock'::regclass AND contype = 'c'";
my $db = scratch_database();
$db->link_source('src', $my, target_schema => 'public');
is($db->value($findings), '', 'what is neither true nor false passes');
$db->run("SELECT alkconv_migrate('src')");
is($db->value($valid), 'positive true', 'without the rule the constraint is valid');
$db = scratch_database();
$db->link_source('src', $my, target_schema => 'public');
$db->run("INSERT INTO alkconv.rule (table_pattern, action, argument) VALUES ('%', 'skip_validation', 'positive'), ('%', 'skip_validation', 'none_such')", "SELECT alkconv_migrate('src')");
is($db->value($valid), 'positive false', 'with it NOT VALID');
is($db->value("SELECT verdict FROM alkconv_report() WHERE check_name = 'check positive' AND target_value IS NOT NULL"), 'ok', 'no row violates it');
is($db->value("SELECT string_agg(rule, ',') FROM alkconv_plan('src') WHERE step = 'unused rule'"), 'skip_validation(none_such)', 'a rule that names no constraint is told');
$db->fails('INSERT INTO stock VALUES (3, -1)', sqlstate => '23514', name => 'new rows are looked at');

done_testing;
