# testbed: mysql mariadb
#
# A role that is no superuser must be let in by its password: not as the operating system account of the Postgres server over a socket, not by its
# certificate; unless a superuser says so in the user mapping.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $my = scratch_source('CREATE TABLE t (i int); INSERT INTO t VALUES (7)');
my $db = scratch_database();
my $role = $db->dbname . '_role';
my $database = $my->dbname;

# An account that is let in as whom the operating system says, with no password.
my $plugin = flavor() eq 'mariadb' ? 'unix_socket' : 'auth_socket';
my $owner = $db->value(q{SELECT pg_catalog.current_setting('data_directory')});
my ($os_user) = getpwuid((stat $owner)[4]);
my %made = $my->mysql(flavor() eq 'mariadb' ? "CREATE USER '$os_user'\@localhost IDENTIFIED VIA unix_socket"
	: "INSTALL PLUGIN auth_socket SONAME 'auth_socket.so'; CREATE USER '$os_user'\@localhost IDENTIFIED WITH auth_socket");
my $has_socket = $made{rc} == 0;
diag("no $plugin here: $made{stderr}") if !$has_socket;
$my->run("GRANT SELECT ON $database.* TO '$os_user'\@localhost") if $has_socket;

$db->run("CREATE ROLE $role LOGIN",
	"CREATE SERVER by_socket FOREIGN DATA WRAPPER alkconv_fdw OPTIONS (socket '" . $my->socket . "', dbname '$database')",
	"CREATE SERVER by_certificate FOREIGN DATA WRAPPER alkconv_fdw OPTIONS (host 'localhost', port '" . $my->port
		. "', dbname '$database', ssl_mode 'required', ssl_cert '/nonexistent/cert.pem', ssl_key '/nonexistent/key.pem')",
	"CREATE SERVER by_password FOREIGN DATA WRAPPER alkconv_fdw OPTIONS (host '127.0.0.1', port '" . $my->port . "', dbname '$database')",
	"GRANT USAGE ON FOREIGN SERVER by_socket, by_certificate, by_password TO $role",
	"CREATE SCHEMA own AUTHORIZATION $role");
my $as = sub { return "SET SESSION AUTHORIZATION $role; $_[0]" };
my $table = sub { my ($server) = @_; return "CREATE FOREIGN TABLE own.$server (i int) SERVER $server OPTIONS (table_name 't')" };
for my $server (qw(by_socket by_certificate by_password)) {
	$db->run($as->("CREATE USER MAPPING FOR CURRENT_USER SERVER $server OPTIONS (username '$os_user', password 'no matter'); " . $table->($server)));
}

$db->fails($as->('SELECT * FROM own.by_socket'), sqlstate => '2F003', like => [ qr/server "by_socket" has option "socket"/, qr/operating system account/, qr/password_required/ ],
	name => 'any password over a socket');
$db->fails($as->("SELECT alkconv_migrate('by_socket', 'own')"), sqlstate => '2F003', name => 'nor for a run');
$db->fails($as->("IMPORT FOREIGN SCHEMA $database FROM SERVER by_socket INTO own"), sqlstate => '2F003', name => 'nor for an import');
$db->fails($as->('SELECT * FROM own.by_certificate'), sqlstate => '2F003', like => [ qr/option "ssl_cert"/ ], name => 'nor by a certificate');
$db->fails($as->('SELECT * FROM own.by_password'), sqlstate => '28000', name => 'over TCP the password counts');
$db->run($as->("ALTER USER MAPPING FOR CURRENT_USER SERVER by_password OPTIONS (SET username 'reader', SET password '" . $my->password . "')"));
is($db->value($as->('SELECT i FROM own.by_password')), 7, 'and the right one lets in');

$db->fails($as->("ALTER USER MAPPING FOR CURRENT_USER SERVER by_socket OPTIONS (ADD password_required 'false')"), sqlstate => '42501',
	like => [ qr/only superusers may set option "password_required" to false/ ], name => 'the role cannot allow itself');
$db->fails($as->("CREATE USER MAPPING FOR PUBLIC SERVER by_socket OPTIONS (username 'x', password_required 'off')"), sqlstate => '42501', name => 'nor everybody');
$db->fails("ALTER USER MAPPING FOR $role SERVER by_socket OPTIONS (ADD password_required 'perhaps')", sqlstate => '22023', name => 'true or false');
$db->run($as->("ALTER USER MAPPING FOR CURRENT_USER SERVER by_socket OPTIONS (ADD password_required 'true')"));
$db->fails($as->('SELECT * FROM own.by_socket'), sqlstate => '2F003', name => 'true is the default');
$db->run("ALTER USER MAPPING FOR $role SERVER by_socket OPTIONS (SET password_required 'false', DROP password)");
$db->fails($as->("ALTER USER MAPPING FOR CURRENT_USER SERVER by_socket OPTIONS (SET username 'root')"), sqlstate => '42501', name => 'what a superuser allowed is for that account');
# A source of another root file system may not know the operating system's user; then it is the source that refuses, and no longer alkconv.
my %allowed = $db->psql($as->('SELECT i FROM own.by_socket'));
if (flavor() eq 'mariadb') {
	is($allowed{stdout}, "7\n", 'a superuser may allow it') or diag($allowed{stderr});
} else {
	ok($allowed{stdout} eq "7\n" || $allowed{stderr} =~ /ERROR:  28000: could not connect/, 'a superuser may allow it') or diag($allowed{stderr});
}
is($db->value(qq{SELECT count(*) FROM pg_catalog.pg_user_mappings WHERE srvname = 'by_socket'}), 1, 'one mapping');

$my->run("DROP USER '$os_user'\@localhost") if $has_socket;
$db->run("DROP OWNED BY $role CASCADE", 'DROP SERVER by_socket CASCADE', 'DROP SERVER by_certificate CASCADE', 'DROP SERVER by_password CASCADE', "DROP ROLE $role");

done_testing;
