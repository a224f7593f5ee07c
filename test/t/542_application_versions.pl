# testbed: mysql
#
# Kratos: the list of migrations says of which version each side is, and a network that was replaced asks for a restart.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $fixtures = 'test/fixtures';

sub source_of {
	my ($fixture) = @_;
	my $my = scratch_source();
	$my->load("$fixtures/$fixture/" . flavor() . '.sql');
	my %rows = run_command(['perl', "$fixtures/generate.pl", '--db', $fixture, '--rows', 50, '--flavor', flavor()]);
	die "generate.pl: $rows{stderr}" if $rows{rc} != 0;
	$my->run($rows{stdout});
	return $my;
}

sub target_of {
	my ($fixture, $my) = @_;
	my $db = scratch_database();
	$db->run(slurp("$fixtures/$fixture/postgres.sql") . slurp("$fixtures/$fixture/postgres_seed.sql"));
	$db->link_source('src', $my, profile => 'kratos', time_zone => 'UTC');
	return $db;
}

my $old = source_of('kratos_v131');
my $db = target_of('kratos_head', $old);
my @said = (qr/[Ss]ource and target are of different versions: the highest "version" of table "schema_migration" is "20241029153900000002" in the source and "20260218000000000001" in the target/,
	qr/Migrate the source's Kratos to the version of the target's first/);
$db->fails("SELECT alkconv_migrate('src')", sqlstate => '55000', like => \@said, name => 'an older source is refused');
like($db->value("SELECT remedy FROM alkconv_preflight('src') WHERE check_name = 'versions_differ'"), qr/$said[0].*$said[1]/s, 'by preflight');
like($db->value("SELECT string_agg(note, ' ') FROM alkconv_plan('src') WHERE table_name = 'schema_migration'"), $said[0], 'by the plan');

$db = target_of('kratos_v131', $old);
my $notices = $db->notices("SELECT alkconv_migrate('src')");
like($notices, qr/every value proved equal(?:; left out: [^\n]*)?$/m, 'equal versions are migrated');
like($notices, qr/the target's own rows were replaced in "networks": replace_seeded: .*Restart a Kratos that is running on the target/, 'and a running Kratos is to be restarted');
like($db->value("SELECT string_agg(concat_ws(' ', rule, note), ' ') FROM alkconv_plan('src', on_existing => 'replace') WHERE table_name = 'networks'"), qr/Restart a Kratos/, 'as the plan has said');
$db->run("DELETE FROM schema_migration");
$db->fails("SELECT alkconv_verify('src')", sqlstate => '55000', like => [qr/is "20241029153900000002" in the source and empty in the target/], name => 'a target that does not say its version');

done_testing();
