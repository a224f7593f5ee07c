# testbed: mysql mariadb
#
# An account with rights on some tables or columns sees a smaller schema. Nobody learns that from the catalog, so SHOW GRANTS is asked: preflight and
# run say it, and no column of a target stays empty for it.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $my = case_source('reader-without-privileges');
my ($part, $all) = map { $my->dbname . $_ } qw(ro ro2);
my $password = 'ro';

my $db = scratch_database();
$db->link_source('part', $my, user => $part, password => $password, readers => 1);
$db->link_source('whole', $my, user => $all, password => $password, readers => 1);

sub findings {
	my ($source, $arguments) = @_;
	return $db->value("SELECT severity, table_name, check_name, remedy FROM alkconv_preflight('$source'" . ($arguments // '') . ") WHERE check_name LIKE 'hidden%' ORDER BY 3, 2");
}

subtest 'SELECT on the database: all rows, and what is not seen is said' => sub {
	my $found = findings('whole');
	unlike($found, qr/hidden_tables|hidden_columns/, 'no table and no column is hidden');
	like($found, qr/^info\|\|hidden_objects\|The account may not see: triggers \(privilege TRIGGER\), routines \(.*\), events \(EVENT\), the texts of views \(SHOW VIEW\)\./, 'triggers, routines, events, texts of views');
	$db->run('CREATE SCHEMA whole');
	my $notices = $db->notices("SELECT alkconv_migrate('whole', 'whole', mode => 'create')");
	unlike($notices, qr/WARNING/, 'no warning');
	is($db->value('SELECT (SELECT count(*) FROM whole.a), (SELECT secret FROM whole.b), (SELECT count(*) FROM whole.c)'), '1|99|1', 'all rows of all tables');
	like($db->value("SELECT string_agg(check_name || ': ' || coalesce(note, ''), E'\\n') FROM alkconv_report()"), qr/the account may not see: triggers/, 'the report says what is not seen');
	like($db->value("SELECT string_agg(statement, E'\\n') FROM alkconv_baseline('whole', 'other')"), qr/vw.*may not see its text/s, 'a view without its text is said to be so');
};

subtest 'rights on some tables and columns' => sub {
	my $found = findings('part');
	like($found, qr/^warning\|b\|hidden_columns\|/m, 'a table seen in part');
	like($found, qr/^warning\|\|hidden_tables\|The account has no SELECT on the whole database: tables may be hidden from it, and columns of "b"\. Grant the account SELECT/m, 'tables may be hidden');
	unlike($found, qr/\|a\|hidden_columns/, 'not one that is seen whole');
	$db->run('CREATE SCHEMA part; CREATE TABLE part.a (id int PRIMARY KEY, v int); CREATE TABLE part.b (id int PRIMARY KEY, secret int, open_ int); CREATE TABLE part.c (id int PRIMARY KEY)');
	$db->fails("SELECT alkconv_migrate('part', 'part')", sqlstate => '42501',
		like => [ qr/target column "secret" of "part"\."b" would get nothing, and columns of source table "b" may be hidden/, qr/skip_column/ ], name => 'no target column stays empty for it');
	like($db->value("SELECT string_agg(note, ' ') FROM alkconv_plan('part', 'part')"), qr/secret/, 'the plan says so');
	is($db->value("SELECT check_name FROM alkconv_preflight('part', 'part') WHERE severity = 'error'"), 'hidden_columns', 'and preflight');
	$db->run("INSERT INTO alkconv.rule (table_pattern, column_pattern, action, reason) VALUES ('b', 'secret', 'skip_column', 'it is not there')");
	my $notices = $db->notices("SELECT alkconv_migrate('part', 'part')");
	like($notices, qr/WARNING:  the account has no SELECT on the whole database: tables may be hidden from it, and columns of "b"/, 'a run that is allowed says so');
	is($db->value('SELECT (SELECT count(*) FROM part.a), (SELECT open_ FROM part.b), (SELECT count(*) FROM part.c)'), '1|5|0', 'what is seen arrived');
	$db->run("DELETE FROM alkconv.rule WHERE reason = 'it is not there'");
};

subtest 'tables that are seen whole, some of them' => sub {
	$my->run("GRANT SELECT ON b TO $part\@'%'");
	my $found = findings('part');
	like($found, qr/hidden_tables/, 'tables may be hidden');
	unlike($found, qr/hidden_columns/, 'columns may not');
};

subtest 'by a role' => sub {
	my $role = $my->dbname . 'role';
	$my->run("CREATE ROLE $role", "GRANT SELECT ON `" . $my->dbname . "`.* TO $role", "GRANT $role TO $part\@'%'",
		flavor() eq 'mariadb' ? "SET DEFAULT ROLE $role FOR $part\@'%'" : "SET DEFAULT ROLE $role TO $part\@'%'");
	unlike(findings('part'), qr/hidden_tables|hidden_columns/, 'an active role counts');
	$my->run(flavor() eq 'mariadb' ? "SET DEFAULT ROLE NONE FOR $part\@'%'" : "SET DEFAULT ROLE NONE TO $part\@'%'");
	like(findings('part'), qr/hidden_tables/, 'one that is not active does not');
	$my->run("DROP ROLE $role");
};

$my->run("DROP USER $part\@'%', $all\@'%'");
done_testing;
