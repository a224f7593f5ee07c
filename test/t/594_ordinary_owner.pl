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
$db->run("DROP OWNED BY $role CASCADE; DROP ROLE $role");

done_testing;
