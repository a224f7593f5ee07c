# testbed: mysql mariadb
#
# README, walked by an ordinary owner of the tables: a superuser does what README gives to one, all the rest is done by a role without any
# attribute. The statements are README's own, but for the address and the password of the source.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $fixtures = 'test/fixtures/kratos_v131';
my $my = scratch_source(slurp("$fixtures/" . flavor() . '.sql'));
my %rows = run_command(['perl', 'test/fixtures/generate.pl', '--db', 'kratos_v131', '--rows', 200, '--flavor', flavor()]);
$my->run($rows{stdout});

my $readme = slurp('README.md');
my ($use) = $readme =~ /```sql\n(CREATE EXTENSION alkconv;\nCREATE SERVER .*?)```/s or die "README has no first walk\n";
my ($grants) = $readme =~ /```sql\n(CREATE EXTENSION alkconv;\nGRANT .*?)```/s or die "README has no grants\n";
my ($rules) = $readme =~ /```sql\n(INSERT INTO alkconv\.rule .*?)```/s or die "README has no rules\n";

my $db = scratch_database(extension => 0);
my $role = $db->dbname . '_app';
$db->run("DROP ROLE IF EXISTS $role; CREATE ROLE $role LOGIN; GRANT CREATE ON SCHEMA public TO $role; GRANT CREATE ON DATABASE " . $db->dbname . " TO $role"); # its migrations make a trusted extension
$db->run($grants =~ s/app_owner/$role/gr);

sub as_owner {
	my ($sql, $name) = @_;
	my %result = $db->psql($sql, user => $role);
	is($result{rc}, 0, $name) or diag($result{stderr});
	return \%result;
}

as_owner(slurp("$fixtures/postgres.sql") . slurp("$fixtures/postgres_seed.sql"), 'the application\'s own migrations');

my ($server, $rest) = $use =~ /^CREATE EXTENSION alkconv;\n(CREATE SERVER .*?;\n)(.*)$/s;
is(() = $use =~ /time_zone 'source'/g, 1, 'README names the zone where the first users need it');
my ($host, $port, $dbname) = ($my->host, $my->port, $my->dbname);
$use =~ s/^CREATE EXTENSION alkconv;\n//;
$use =~ s/OPTIONS \(host .*?\);[^\n]*/OPTIONS (host '$host', port '$port', dbname '$dbname', ssl_mode 'disabled', profile 'kratos', time_zone 'UTC', readers '1');/s;
my $password = $my->password;
$use =~ s/username 'reader', password '\.\.\.'/username 'reader', password '$password'/;
my $done = as_owner($use, 'the ten lines of README');
like($done->{stderr}, qr/migrated "kratos"/, 'the run is at its end');
is($db->value("SELECT count(*) > 0 FROM identities"), 't', 'and committed');

as_owner("SELECT * FROM alkconv_plan_summary('kratos'); SELECT * FROM alkconv_preflight_summary('kratos') WHERE severity <> 'info'", 'plan and preflight');
as_owner("SELECT alkconv_migrate('kratos', on_existing => 'replace')", 'again, replacing');
as_owner($rules, 'the rules of README');
is($db->value("SELECT count(*) FROM alkconv.rule WHERE author = '$role'"), 3, 'are his own');
as_owner("CREATE SCHEMA staging; IMPORT FOREIGN SCHEMA $dbname FROM SERVER kratos INTO staging; SELECT count(*) FROM staging.sessions",
	'foreign tables');
$db->fails("CREATE SERVER other FOREIGN DATA WRAPPER alkconv_fdw OPTIONS (host 'h', ssl_mode 'verify_ca', ssl_ca '/etc/ssl/ca.pem')", user => $role,
	sqlstate => '42501', name => 'options that name files are for superusers');

# ---- rejected rows, mended as docs/rejects.md says -----------------------------------------------------------------------------------

my $bad = scratch_source("SET sql_mode = ''; CREATE TABLE t (id int PRIMARY KEY, born date); INSERT INTO t VALUES (0, '0000-00-00'), (1, '2020-01-01'), (2, '0000-00-00')");
my $bad_name = $bad->dbname;
as_owner("CREATE SCHEMA bad; CREATE SERVER bad FOREIGN DATA WRAPPER alkconv_fdw OPTIONS (host '$host', port '$port', dbname '$bad_name', target_schema 'bad', readers '1');
	CREATE USER MAPPING FOR CURRENT_USER SERVER bad OPTIONS (username 'reader', password '$password');
	SELECT alkconv_migrate('bad', mode => 'create', on_bad_value => 'reject')", 'a run that rejects rows');
my $run = $db->value('SELECT DISTINCT run FROM alkconv.reject');
my $rejects = slurp('docs/rejects.md');
my ($correct) = $rejects =~ /^    (UPDATE alkconv\.reject .*?;)$/m or die "docs/rejects.md has no correction\n";
my ($delete) = $rejects =~ /^    (DELETE FROM alkconv\.reject .*?;)$/m or die "docs/rejects.md has no deletion\n";
my ($grant) = $rejects =~ /^    (GRANT .*?;)$/m or die "docs/rejects.md has no grant\n";
my $mend = join ' ', map { s/7d0e8f1c-\.\.\./$run/r } $correct, $delete =~ s/source_table = 'session'/key = '{2}'/r;
$bad->run("SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO'; UPDATE t SET id = 4711, born = '2020-01-01' WHERE id = 0");
$db->fails($mend, user => $role, sqlstate => '42501', name => 'who may read the record may not change it');
$db->run($grant =~ s/app_owner/$role/r);
as_owner("$mend SELECT alkconv_replay('$run')", 'with the grant of the page he corrects keys, deletes entries and brings the rest');
is($db->value('SELECT string_agg(id::text, $$ $$ ORDER BY id) FROM bad.t'), '1 4711', 'which arrive');
my $other = "${role}_other";
$db->run("CREATE ROLE $other LOGIN; " . $grant =~ s/app_owner/$other/r);
is({ $db->psql("UPDATE alkconv.reject SET key = '{1}' RETURNING key", user => $other) }->{stdout}, '', 'another role with that grant has nothing to change');
$db->run("DROP OWNED BY $other; DROP ROLE $other; DROP OWNED BY $role CASCADE; DROP ROLE $role");

done_testing;
