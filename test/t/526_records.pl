# testbed: mysql
#
# Records of runs hold values and sources of views: they are shown to members of the role that called the run, and to whom the DBA lets in.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $db = scratch_database();
my ($ann, $bob, $team) = map { "alk526_$_" } qw(ann bob team);
$db->run("DROP ROLE IF EXISTS $ann, $bob, $team", "CREATE ROLE $ann LOGIN; CREATE ROLE $bob LOGIN; CREATE ROLE $team LOGIN; CREATE SCHEMA own AUTHORIZATION $ann",
	"SET ROLE $ann; CREATE TABLE own.t (id int PRIMARY KEY, d date)");
my $my = scratch_source("SET SESSION sql_mode = ''; CREATE TABLE t (id int PRIMARY KEY, d date); INSERT INTO t VALUES (1, '0000-00-00'), (2, '2020-01-01')");
$db->link_source('src', $my, target_schema => 'own');
my ($options) = $db->value("SELECT array_to_string(umoptions, '|') FROM pg_user_mappings WHERE srvname = 'src'");
my %option = map { split /=/, $_, 2 } split /\|/, $options;
$db->run("GRANT USAGE ON FOREIGN SERVER src TO $ann, $bob", map { "CREATE USER MAPPING FOR $_ SERVER src OPTIONS (username '$option{username}', password '$option{password}')" } $ann, $bob);
sub as { my ($role, $sql) = @_; my %result = $db->psql($sql, user => $role); die $result{stderr} if $result{rc} != 0; chomp $result{stdout}; return $result{stdout} }

my $run = as($ann, "SET client_min_messages = error; SELECT alkconv_migrate('src', on_bad_value => 'reject')");
my @tables = qw(run run_table run_check reject);
my $seen = join ' UNION ALL ', map { "SELECT '$_', count(*) > 0 FROM alkconv.$_" } @tables;
my ($all, $nothing) = map { my $t = $_; join "\n", map { "$_|$t" } @tables } 't', 'f';
is(as($ann, $seen), $all, 'who called a run reads its record');
is(as('postgres', $seen), $all, 'so does a superuser');
is(as($bob, $seen), $nothing, 'a stranger does not');
my $nobody = '01234567-89ab-cdef-0123-456789abcdef';
for my $function (qw(alkconv_report alkconv_report_json)) {
	$db->fails("SELECT * FROM $function()", user => $bob, sqlstate => 'P0002', like => [qr/there is no run to report/, qr/that you may read/], unlike => qr/$run/, name => "nor its report: $function");
	my ($hidden, $unknown) = map { my $id = $_; $db->fails("SELECT * FROM $function('$id')", user => $bob, sqlstate => '42704', like => qr/there is no run $id/, name => "nor $function of run " . ($id eq $run ? 'by its id' : 'that nobody made')) } $run, $nobody;
	is($hidden =~ s/\Q$run\E/$nobody/gr, $unknown, "$function says the same of a run that is hidden and of one that is not there");
}
$db->fails("SELECT alkconv_replay('$run')", user => $bob, sqlstate => '42704', like => qr/there is no run/, name => 'and does not go on with it');
$db->fails("INSERT INTO alkconv.run_check (run, ordinal, table_name, check_name, verdict) VALUES ('$run', 99, 't', 'x', 'ok')", user => $ann, sqlstate => '42501', name => 'nobody writes into it');
$db->run("GRANT $ann TO $team");
is(as($team, $seen), $all, 'a member of the role reads it');
$db->run("REVOKE $ann FROM $team");
is(as($team, $seen), $nothing, 'no longer one, no longer');
$db->fails("SELECT * FROM $_()", user => $team, sqlstate => 'P0002', name => "nor by $_") for qw(alkconv_report alkconv_report_json);
$db->run("CREATE POLICY auditors ON alkconv.run FOR SELECT TO $team USING (true)");
is(as($team, $seen), $all, 'whom the DBA lets in reads all of it');
$db->run("DROP POLICY auditors ON alkconv.run");
is(as($ann, "SET client_min_messages = error; SELECT verdict FROM alkconv_report('$run') WHERE check_name = 'table'"), 'rejected 1', 'the report says what was rejected');

$db->run("DROP OWNED BY $ann, $bob, $team CASCADE", "DROP ROLE $ann, $bob, $team");
is(as('postgres', $seen), $all, 'the record outlives the role');
done_testing();
