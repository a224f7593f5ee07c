# testbed: mysql mariadb
#
# The databases of Kratos and Alkemio, poisoned with every class of value that their targets refuse: alkconv_preflight lists each once with the right count,
# and when its rules are in place, and mended is what no rule settles, the migration ends well.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $fixtures = 'test/fixtures';

# Per application: table, column, the poison (SQL) for the first so many rows by id, the check that is to find them, and where no rule settles it, what mends it.
my %poison = (
	alkemio => [
		[ 'account', 'createdDate', "'0000-00-00'", 2, 'zero_date' ],
		[ 'ai_persona', 'bodyOfKnowledgeLastUpdated', "'0000-00-00 00:00:00'", 2, 'zero_date' ],
		[ 'calendar_event', 'startDate', "'2020-05-00 00:00:00'", 3, 'partial_date' ],
		[ 'post', 'createdBy', "''", 2, 'empty_uuid' ],
		[ 'vc_interaction', 'virtualContributorID', "'a-name-id'", 1, 'invalid_uuid', 'UUID()' ],
		[ 'ai_persona', 'prompt', "CONCAT('before', CHAR(0), 'after')", 2, 'nul_in_text' ],
		[ 'calendar_event', 'wholeDay', 7, 2, 'not_boolean' ],
		[ 'profile', 'type', "''", 3, 'enum_empty' ],
		[ 'activity', 'description', "REPEAT('ü', 600)", 2, 'text_too_long' ],
		[ 'activity', 'version', 2147483648, 2, 'out_of_range' ],
		[ 'license_plan', 'pricePerMonth', '1.005', 1, 'inexact_number' ],
		[ 'virtual_contributor', 'platformSettings', 'NULL', 1, 'null_for_not_null' ],
		[ 'calendar_event', 'profileId', "'11111111-1111-1111-1111-111111111111'", 1, 'orphan' ],
	],
	kratos_v131 => [
		[ 'identities', 'traits', q(JSON_OBJECT('a', CHAR(0 USING utf8mb4))), 2, 'nul_in_json' ],
		[ 'selfservice_login_flows', 'request_url', 'NULL', 2, 'null_for_not_null' ],
		[ 'identity_login_codes', 'used_at', "'0000-00-00 00:00:00'", 1, 'zero_date' ],
		[ 'identity_login_codes', 'address_type', "'email '", 1, 'trailing_blanks' ],
		[ 'selfservice_verification_flows', 'session_id', "'nobody'", 1, 'invalid_uuid', 'NULL' ],
		[ 'identities', 'state', "REPEAT('x', 256)", 1, 'text_too_long' ],
		[ 'selfservice_login_flows', 'forced', 2, 1, 'not_boolean' ],
	],
);
# What MySQL's own schema would not hold.
my %wider = (
	alkemio => ['ALTER TABLE activity MODIFY description varchar(600), MODIFY version bigint NOT NULL', 'ALTER TABLE license_plan MODIFY pricePerMonth decimal(12,4)'],
	kratos_v131 => ['ALTER TABLE identities MODIFY state varchar(300) NOT NULL', 'ALTER TABLE identity_login_codes MODIFY address_type varchar(36) NOT NULL'],
);

for my $fixture (sort keys %poison) {
	my $my = scratch_source();
	$my->load("$fixtures/$fixture/" . flavor() . '.sql');
	my %rows = run_command(['perl', "$fixtures/generate.pl", '--db', $fixture, '--rows', 1000, '--flavor', flavor()]);
	die "generate.pl: $rows{stderr}" if $rows{rc} != 0;
	$my->run($rows{stdout});
	my $db = scratch_database();
	$db->run(slurp("$fixtures/$fixture/postgres.sql") . slurp("$fixtures/$fixture/postgres_seed.sql"));
	$db->link_source('src', $my, profile => $fixture =~ s/_.*//r);

	my $errors = "SELECT table_name, column_name, check_name, rows FROM alkconv_preflight('src') WHERE severity = 'error'";
	same_text($db->value($errors), '', "$fixture: as it is nothing stands in the way");

	$my->run("SET SESSION sql_mode = 'ALLOW_INVALID_DATES', foreign_key_checks = 0;" . join '', map { "$_;\n" } @{ $wider{$fixture} });
	my @expected;
	for (@{ $poison{$fixture} }) {
		my ($table, $column, $value, $count, $check) = @$_;
		$my->run("SET SESSION sql_mode = 'ALLOW_INVALID_DATES', foreign_key_checks = 0; UPDATE IGNORE `$table` SET `$column` = $value ORDER BY id LIMIT $count");
		push @expected, join '|', $table, $column, $check, $count;
	}
	same_text(join("\n", sort $db->rows($errors)), join("\n", sort @expected), "$fixture: each class is listed once, with its count");

	for (grep { @$_ > 5 } @{ $poison{$fixture} }) {
		my ($table, $column, $value, $count, $check, $mended) = @$_;
		$my->run("UPDATE `$table` SET `$column` = $mended WHERE `$column` = $value");
	}
	$db->run("SELECT rule FROM alkconv_preflight('src') WHERE severity = 'error' AND rule IS NOT NULL \\gexec\n");
	same_text($db->value($errors), '', "$fixture: with the suggested rules nothing stands in the way");
	my %run = $db->psql("SELECT alkconv_migrate('src')");
	is($run{rc}, 0, "$fixture: and the migration ends well") or diag($run{stderr} =~ s/^.*NOTICE.*\n|^LOCATION.*\n//mgr);
	is($db->value("SELECT count(*) FROM alkconv_report() WHERE verdict NOT IN ('ok', 'excluded')"), 0, "$fixture: every verdict is ok");
}

done_testing();
