# testbed: mysql mariadb
#
# The functions stand in the schema that CREATE EXTENSION named, and what messages say to call is qualified: it works as it is printed,
# whatever the search_path. And nothing is created in schema public unless somebody named it.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $my = scratch_source('CREATE TABLE t (id int PRIMARY KEY, v varchar(10)); INSERT INTO t VALUES (1, \'one\'), (2, \'two\');'
	. ' CREATE TABLE p (id int PRIMARY KEY, u char(36)); INSERT INTO p VALUES (7, \'no uuid\')');

subtest 'a schema of its own, and a search_path that does not name it' => sub {
	my $db = scratch_database(extension => 0);
	$db->run('CREATE SCHEMA "My Tools"; CREATE EXTENSION alkconv SCHEMA "My Tools"; CREATE SCHEMA app;'
		. ' CREATE TABLE app.t (id int PRIMARY KEY, v text); CREATE TABLE app.p (id int PRIMARY KEY, u uuid)');
	$db->link_source('src', $my, readers => 1);
	my $path = 'SET search_path = app';
	$db->fails("$path; SELECT alkconv_migrate('src')", sqlstate => '42883', name => 'an unqualified call is unknown');
	$db->fails("$path; SELECT \"My Tools\".alkconv_migrate('src', exclude => '{nothing,none}')", sqlstate => '22023',
		like => [qr/DETAIL:  The plan has 1 more problem; "My Tools"\.alkconv_plan lists it\./], name => 'the detail names the plan as it is called');
	my %result = $db->psql("$path; SELECT \"My Tools\".alkconv_migrate('src', on_bad_value => 'reject')");
	is($result{rc}, 0, 'a run into the schema of the search_path');
	like($result{stderr}, qr/HINT:  .*SELECT ("My Tools"\.alkconv_replay\('[-0-9a-f]{36}'\))\./, 'the hint is a statement');
	my ($call) = $result{stderr} =~ /SELECT ("My Tools"\.alkconv_replay\('[-0-9a-f]{36}'\))/;
	$my->run("UPDATE p SET u = '01234567-89ab-cdef-0123-456789abcdef'");
	is({ $db->psql("$path; SELECT $call") }->{rc}, 0, 'which works as it is printed');
	is($db->value("$path; SELECT u FROM p"), '01234567-89ab-cdef-0123-456789abcdef', 'the row has come');
	is($db->value("$path; SELECT count(*) FROM \"My Tools\".alkconv_report() WHERE check_name = 'table'"), 2, 'the report');
	is($db->value("$path; SELECT count(*) FROM \"My Tools\".alkconv_verify('src') WHERE verdict <> 'ok'"), 0, 'the comparison');
};

subtest 'tables are created in public only where somebody says so' => sub {
	my $db = scratch_database();
	$db->link_source('src', $my, readers => 1);
	my $problem = '2 tables would be created in schema "public", which nobody named';
	is($db->value("SELECT note FROM alkconv_plan('src') WHERE step = 'problem'"),
		"$problem - Name the schema: target_schema => 'public', or another, or the server option target_schema.", 'the plan asks');
	is($db->value("SELECT count(*) FROM alkconv_preflight('src') WHERE severity = 'error'"), 1, 'so does preflight');
	$db->fails("SELECT alkconv_migrate('src')", sqlstate => '3F000', like => [qr/\Q$problem\E/, qr/HINT:  Name the schema/], name => 'the run stops');
	is($db->value("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), 0, 'and creates nothing');
	$db->run("SELECT alkconv_migrate('src', target_schema => 'public')");
	is($db->value('SELECT count(*) FROM public.t'), 2, 'public, when it is named');
	$db->run("SELECT alkconv_migrate('src', on_existing => 'replace')");
	is($db->value('SELECT count(*) FROM public.t'), 2, 'tables that exist are no question');
	$db->run("CREATE SCHEMA app; SET search_path = app, public; SELECT alkconv_migrate('src')");
	is($db->value('SELECT count(*) FROM app.t'), 2, 'another schema that the search_path names first is none either');
};

done_testing;
