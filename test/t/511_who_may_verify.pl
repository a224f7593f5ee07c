# testbed: mysql mariadb
#
# The proof reads rows as their table's owner, and its results show values: whoever calls alkconv_verify has to be able to read these rows himself. No policy
# hides rows from the proof, and an owner who cannot name his own table is told so.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $my = scratch_source(<<'SQL');
CREATE TABLE t (id int PRIMARY KEY, secret varchar(20));
INSERT INTO t VALUES (1, 'one'), (2, 'two'), (3, 'three');
SQL
my $db = scratch_database();
my ($owner, $reader) = map { $_ . $db->dbname } qw(owner_ reader_);
$db->run("CREATE ROLE $_ LOGIN" ) for $owner, $reader;
$db->link_source('src', $my);
$db->run("CREATE SCHEMA app AUTHORIZATION $owner", "SET ROLE $owner; CREATE TABLE app.t (id int PRIMARY KEY, secret text NOT NULL)");
for my $role ($owner, $reader) {
	$db->run("GRANT USAGE ON FOREIGN SERVER src TO $role", "CREATE USER MAPPING FOR $role SERVER src OPTIONS (username 'root', password '" . $my->password . "')");
}
$db->run("SELECT alkconv_migrate('src', 'app')", "UPDATE app.t SET secret = 'changed' WHERE id = 2");

my $verify = "SELECT check_name, verdict, note FROM alkconv_verify('src', 'app')";
my @refused = (user => $reader, sqlstate => '42501', unlike => [qr/changed/, qr/two/]);
$db->fails($verify, @refused, name => 'not without USAGE of the schema', like => qr/permission denied for schema app/);
$db->run("GRANT USAGE ON SCHEMA app TO $reader");
$db->fails($verify, @refused, name => 'not without SELECT', like => qr/permission denied for table t/);
$db->run("GRANT SELECT (id) ON app.t TO $reader");
$db->fails($verify, @refused, name => 'not by one column', like => qr/permission denied for table t/);

my $difference = qr/^digest\|mismatch\|.*\(id\)=\(2\): column "secret": source 'two', target 'changed'/m;
sub seen_by {
	my ($role, $name, $set) = @_;
	my %result = $db->psql(($set // '') . $verify, user => $role);
	return like($result{stdout}, $difference, $name) || diag($result{stderr});
}
$db->run("GRANT SELECT (secret) ON app.t TO $reader");
seen_by($reader, 'all columns are enough');
$db->run("REVOKE ALL ON app.t FROM $reader", "GRANT SELECT ON app.t TO $reader");
seen_by($reader, 'SELECT is enough');
seen_by($owner, 'the owner may');
seen_by('postgres', 'superusers may');

# A policy hides the row that differs. Nobody gets a verdict about half of the rows.
$db->run("ALTER TABLE app.t ENABLE ROW LEVEL SECURITY; CREATE POLICY a_policy ON app.t USING (id <> 2)");
$db->fails($verify, @refused, name => 'row-level security applies', like => [qr/row-level security of table "t" applies to you/, qr/HINT:  Run as a role that bypasses/]);
$db->fails("SET row_security = off; $verify", @refused, name => 'and is not switched off', like => qr/row-level security of table "t" applies to you/);
seen_by($owner, 'the owner sees all');
$db->run('ALTER TABLE app.t FORCE ROW LEVEL SECURITY');
$db->fails($verify, @refused, user => $owner, name => 'forced on the owner, too', like => qr/row-level security of table "t" applies to you/);
seen_by('postgres', 'a superuser\'s verdict is about all rows, though the owner would not see them');
is($db->value("SELECT source_value || ' ' || target_value FROM alkconv_verify('src', 'app', verify => 'counts') WHERE check_name = 'rows'"), '3 3', 'so are its counts');
like($db->notices("SELECT alkconv_migrate('src', 'app', on_existing => 'replace')"), qr/every value proved equal/, 'and his run is proved');
is($db->value("SELECT note FROM alkconv_report() WHERE check_name = 'table'"), '3 rows replaced by on_existing', 'all replaced rows are counted');
$db->run('ALTER TABLE app.t NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY');

# An owner who may not use the schema.
$db->run('ALTER SCHEMA app OWNER TO postgres');
my @hint = (sqlstate => '42501', like => [qr/owner $owner of table "t" may not use schema app/, qr/HINT:  GRANT USAGE ON SCHEMA app TO $owner/]);
$db->fails("SELECT alkconv_migrate('src', 'app', on_existing => 'replace')", @hint, name => 'a run says what the owner lacks');
$db->fails($verify, @hint, name => 'so does a verification');
like($db->value("SELECT severity || ' ' || remedy FROM alkconv_preflight('src', 'app', on_existing => 'replace') WHERE check_name = 'target_privilege'"),
	qr/^error .*GRANT USAGE ON SCHEMA app TO $owner\.$/, 'and preflight');
$db->run("GRANT USAGE ON SCHEMA app TO $owner", "SELECT alkconv_migrate('src', 'app', on_existing => 'replace')");
pass('which settles it');

done_testing();

END {
	$db->run(map { "DROP OWNED BY $_ CASCADE; DROP ROLE $_" } $owner, $reader) if $db && $reader;
}
