# testbed: mysql mariadb
#
# The summaries of plan, preflight and report stay within 120 columns as psql prints them, say what the long forms say, and lose nothing.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $my = scratch_source(slurp('test/fixtures/alkemio/' . flavor() . '.sql'));
my %rows = run_command(['perl', 'test/fixtures/generate.pl', '--db', 'alkemio', '--rows', 200, '--flavor', flavor()]);
$my->run($rows{stdout});
my $db = scratch_database();
$db->run(slurp('test/fixtures/alkemio/postgres.sql') . slurp('test/fixtures/alkemio/postgres_seed.sql'));
$db->run('CREATE SCHEMA fresh');
$db->link_source('src', $my, readers => 1, profile => 'alkemio');

# What psql shows of a query, as a person sees it; its longest line.
sub page {
	my ($sql) = @_;
	my %result = $db->psql($sql, args => ['--no-align', '--pset=format=aligned', '--pset=tuples_only=off']);
	is($result{rc}, 0, $sql) or diag($result{stderr});
	utf8::decode($result{stdout});
	my ($widest) = sort { $b <=> $a } map { length } split /\n/, $result{stdout};
	return ($result{stdout}, $widest);
}

for my $sql ("SELECT * FROM alkconv_plan_summary('src')", "SELECT * FROM alkconv_preflight_summary('src')",
	"SELECT * FROM alkconv_plan_summary('src', target_schema => 'fresh', mode => 'create')") {
	my ($text, $widest) = page($sql);
	cmp_ok($widest, '<=', 120, 'fits') or diag($text);
}
is($db->value(q(SELECT count(*) FROM (SELECT table_name, rows, pg_size_pretty(bytes) FROM alkconv_plan('src') WHERE rows IS NOT NULL
	EXCEPT SELECT table_name, rows, size FROM alkconv_plan_summary('src')) AS d)), 0, 'the plan: every table with its rows and size');
is($db->value(q(SELECT count(*) FROM alkconv_plan('src', target_schema => 'fresh', mode => 'create') WHERE step = 'create' AND (rows IS NULL
	OR bytes IS NULL OR conversion IS NULL))), 0, 'also in mode create, with types');
is($db->value(q(SELECT count(*) FROM alkconv_plan_summary('src') WHERE step IN ('load', 'replace') AND note !~ '^[a-z0-9]')), 0, 'the note names conversions');
is($db->value(q(SELECT regexp_replace(note, '\s+', ' ', 'g') ~ '\([0-9]+\)' FROM alkconv_plan_summary('src') WHERE table_name = 'user')), 't',
	'the note counts the conversions');
is($db->value("SELECT alkconv_wrapped('one two three seventeen' || repeat('x', 12) || ' four', 9)"), "one two\nthree\nseventeen\nxxxxxxxxx\nxxx four",
	'lines are broken at blanks, words where they are longer than a line');

is($db->value("SELECT count(*) FROM alkconv_preflight_summary('src') WHERE note LIKE E'\\n%' OR note IS NULL"), 0, 'no note begins with an empty line, as of problems without a sample');

$db->run("SELECT alkconv_migrate('src')");
my ($text, $widest) = page('SELECT * FROM alkconv_report_summary()');
cmp_ok($widest, '<=', 120, 'fits') or diag($text);
is($db->value(q(SELECT count(*) FROM (SELECT table_name, source_value, target_value, verdict FROM alkconv_report() WHERE check_name = 'table'
	EXCEPT SELECT table_name, source_rows::text, target_rows::text, verdict FROM alkconv_report_summary()) AS d)), 0, 'the report: every table');
is($db->value(q(SELECT count(*) FROM alkconv_report_summary() WHERE verdict = 'ok' AND checks !~ '^(\d+) of \1 ok$')), 0, 'all of its checks');

done_testing;
