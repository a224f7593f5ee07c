# testbed: mysql mariadb
#
# The databases of Kratos and Alkemio, poisoned with every class of value that their targets refuse: alkconv_preflight lists each once with the right count,
# and when its rules are in place, and mended is what no rule settles, the migration ends well.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $fixtures = 'test/fixtures';

# Per application: table, column, the poison (SQL) for the first so many rows by id, the check that is to find them, where no rule settles it, what mends it,
# and how many rows are listed, if not as many.
my %poison = (
	alkemio => [
		[ 'account', 'createdDate', "'0000-00-00'", 2, 'zero_date' ],
		[ 'ai_persona', 'bodyOfKnowledgeLastUpdated', "'0000-00-00 00:00:00'", 2, 'zero_date' ],
		[ 'calendar_event', 'startDate', "'2020-05-00 00:00:00'", 3, 'partial_date' ],
		[ 'post', 'createdBy', "''", 2, 'empty_uuid', 'UUID()' ],
		[ 'vc_interaction', 'virtualContributorID', "'a-name-id'", 1, 'invalid_uuid', 'UUID()' ],
		[ 'ai_persona', 'prompt', "CONCAT('before', CHAR(0), 'after')", 2, 'nul_in_text' ],
		[ 'calendar_event', 'wholeDay', 7, 2, 'not_boolean' ],
		[ 'profile', 'type', "''", 3, 'enum_empty', 1 ],
		[ 'activity', 'description', "REPEAT('ü', 600)", 2, 'text_too_long' ],
		[ 'activity', 'version', 2147483648, 2, 'out_of_range' ],
		[ 'license_plan', 'pricePerMonth', '1.005', 1, 'inexact_number' ],
		[ 'virtual_contributor', 'platformSettings', 'NULL', 1, 'null_for_not_null', q('{}') ],
		[ 'calendar_event', 'profileId', "'11111111-1111-1111-1111-111111111111'", 1, 'orphan' ],
		[ 'account', 'updatedDate', "'0000-05-00 00:00:00'", 1, 'year_zero' ],
		[ 'agent', 'version', '18446744073709551615', 1, 'out_of_range' ],
		[ 'calendar_event', 'durationDays', "''", 2, 'empty_text' ],
		[ 'calendar_event', 'durationMinutes', "'an hour'", 1, 'invalid_text', "'60'" ],
		[ 'ai_persona', 'promptGraph', "'{'", 1, 'invalid_json', "'{}'" ],
		[ 'post', 'createdDate', "'2024-13-01'", 1, 'date_out_of_range', "'2024-01-13'" ],
		[ 'whiteboard', 'content', "'Ж'", 1, 'code_point_beyond_byte', "''" ],
		[ 'poison_member', 'role', "'ADMIN'", 1, 'parent_spelling' ],
		[ 'poison_guest', 'role', "'admin '", 2, 'parent_spelling' ],
	],
	kratos_v131 => [
		[ 'identities', 'traits', q(JSON_OBJECT('a', CHAR(0 USING utf8mb4))), 2, 'nul_in_json' ],
		[ 'selfservice_login_flows', 'request_url', 'NULL', 2, 'null_for_not_null', "'https://x'" ],
		[ 'identity_login_codes', 'used_at', "'0000-00-00 00:00:00'", 1, 'zero_date' ],
		[ 'identity_login_codes', 'address_type', "'email '", 1, 'trailing_blanks' ],
		[ 'selfservice_verification_flows', 'session_id', "'nobody'", 1, 'invalid_uuid', 'NULL' ],
		[ 'identities', 'state', "REPEAT('x', 256)", 1, 'text_too_long' ],
		[ 'selfservice_login_flows', 'forced', 2, 1, 'not_boolean' ],
		[ 'continuity_containers', 'payload', q('{"a": 1, "a": 2}'), 1, 'duplicate_member' ],
		[ 'selfservice_errors', 'errors', q('"\\\\ud83d"'), 1, 'surrogate_in_json', "'{}'" ],
		[ 'identities', 'metadata_public', "''", 2, 'empty_text' ],
		[ 'courier_messages', 'body', "X'ff'", 1, 'invalid_encoding', "X'78'" ],
		[ 'identity_credential_types', 'name', "'password'", 2, 'duplicate', 'LEFT(id, 8)', 1 ],
	],
);
# What MySQL's own schema would not hold.
my %wider = (
	alkemio => [
		'ALTER TABLE activity MODIFY description varchar(600), MODIFY version bigint NOT NULL', 'ALTER TABLE license_plan MODIFY pricePerMonth decimal(12,4)',
		'ALTER TABLE agent MODIFY version bigint unsigned NOT NULL', 'ALTER TABLE calendar_event MODIFY durationDays varchar(20), MODIFY durationMinutes varchar(20) NOT NULL',
		'ALTER TABLE ai_persona MODIFY promptGraph longtext', 'ALTER TABLE post MODIFY createdDate varchar(30) NOT NULL',
	],
	kratos_v131 => [
		'ALTER TABLE identities MODIFY state varchar(300) NOT NULL, MODIFY metadata_public longtext', 'ALTER TABLE identity_login_codes MODIFY address_type varchar(36) NOT NULL',
		'ALTER TABLE continuity_containers MODIFY payload longtext', 'ALTER TABLE selfservice_errors MODIFY errors longtext NOT NULL', 'ALTER TABLE courier_messages MODIFY body longblob NOT NULL',
		'ALTER TABLE identity_credential_types DROP INDEX identity_credential_types_name_idx',
	],
);
# What neither application has: foreign keys of text, an engine without transactions.
my $more_target = <<'SQL';
CREATE TABLE poison_role (name varchar(20) PRIMARY KEY);
CREATE TABLE poison_member (id int PRIMARY KEY, role varchar(20), CONSTRAINT member_role FOREIGN KEY (role) REFERENCES poison_role (name));
CREATE TABLE poison_guest (id int PRIMARY KEY, role varchar(20), CONSTRAINT guest_role FOREIGN KEY (role) REFERENCES poison_role (name));
CREATE TABLE poison_old (id int PRIMARY KEY);
SQL
my $more_source = $more_target =~ s/\);$/) COLLATE utf8mb4_general_ci;/mgr . <<'SQL';
INSERT INTO poison_role VALUES ('admin');
INSERT INTO poison_member VALUES (1, NULL);
INSERT INTO poison_guest VALUES (1, NULL), (2, NULL);
ALTER TABLE poison_old ENGINE = MyISAM;
SQL
# As in %poison: what loads, and is doubtful.
my %doubtful = (
	alkemio => [
		[ 'profile', 'tagline', "CONVERT(X'78C29CC38B48' USING utf8mb4)", 2, 'compressed_text' ],
		[ 'profile', 'displayName', "'cafÃ©'", 3, 'double_encoding' ],
	],
	kratos_v131 => [ [ 'selfservice_recovery_flows', 'request_url', "'https://cafÃ©'", 2, 'double_encoding' ] ],
);

for my $fixture (sort keys %poison) {
	my $my = scratch_source();
	$my->load("$fixtures/$fixture/" . flavor() . '.sql');
	my %rows = run_command(['perl', "$fixtures/generate.pl", '--db', $fixture, '--rows', 1000, '--flavor', flavor()]);
	die "generate.pl: $rows{stderr}" if $rows{rc} != 0;
	$my->run($rows{stdout} . $more_source);
	my $db = scratch_database();
	$db->run(slurp("$fixtures/$fixture/postgres.sql") . slurp("$fixtures/$fixture/postgres_seed.sql") . $more_target);
	$db->link_source('src', $my, profile => $fixture =~ s/_.*//r, time_zone => 'UTC'); # that of the sessions that wrote the fixture

	my $errors = "SELECT table_name, column_name, check_name, rows FROM alkconv_preflight('src') WHERE severity = 'error'";
	my $warnings = $errors =~ s/'error'/'warning'/r;
	same_text($db->value($errors), '', "$fixture: as it is nothing stands in the way");
	my @warned = $db->rows($warnings);
	is(scalar(grep { /^poison_old\|\|snapshot\|$/ } @warned), 1, "$fixture: a table that no snapshot holds");

	$my->run("SET SESSION sql_mode = 'ALLOW_INVALID_DATES', foreign_key_checks = 0;" . join '', map { "$_;\n" } @{ $wider{$fixture} });
	my (@expected, @doubts);
	for ([ $poison{$fixture}, \@expected ], [ $doubtful{$fixture}, \@doubts ]) {
		my ($cases, $listed) = @$_;
		for (@$cases) {
			my ($table, $column, $value, $count, $check, $mended, $rows) = @$_;
			$my->run("SET SESSION sql_mode = 'ALLOW_INVALID_DATES', foreign_key_checks = 0; UPDATE IGNORE `$table` SET `$column` = $value ORDER BY id LIMIT $count");
			push @$listed, join '|', $table, $column, $check, $rows // $count;
		}
	}
	same_text(join("\n", sort $db->rows($errors)), join("\n", sort @expected), "$fixture: each class is listed once, with its count");
	same_text(join("\n", sort $db->rows($warnings)), join("\n", sort @warned, @doubts), "$fixture: and so is what is doubtful");

	for (grep { @$_ > 5 } @{ $poison{$fixture} }) {
		my ($table, $column, $value, $count, $check, $mended) = @$_;
		$my->run("UPDATE `$table` SET `$column` = $mended WHERE `$column` <=> $value");
	}
	$db->run("SELECT rule FROM alkconv_preflight('src') WHERE severity = 'error' AND rule IS NOT NULL \\gexec\n");
	same_text($db->value($errors), '', "$fixture: with the suggested rules nothing stands in the way");
	my %run = $db->psql("SELECT alkconv_migrate('src')");
	is($run{rc}, 0, "$fixture: and the migration ends well") or diag($run{stderr} =~ s/^.*NOTICE.*\n|^LOCATION.*\n//mgr);
	is($db->value("SELECT count(*) FROM alkconv_report() WHERE verdict NOT IN ('ok', 'excluded')"), 0, "$fixture: every verdict is ok");
}

done_testing();
