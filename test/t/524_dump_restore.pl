# testbed: mysql
#
# Rules, their authors, what the DBA made of shipped rules, runs and rejects survive pg_dump and pg_restore.
use strict;
use warnings;
use AlkconvTest;
use AlkconvTest::Command;
use Test::More;

my ($author, $gone) = ('alk524_author', 'alk524_gone');
my $db = scratch_database();
$db->run("DROP ROLE IF EXISTS $author, $gone");
$db->run(<<"SQL");
CREATE ROLE $author LOGIN;
CREATE ROLE $gone;
CREATE TABLE t (id int PRIMARY KEY, d date, v text);
CREATE SCHEMA app;
CREATE FUNCTION app.f(text) RETURNS text LANGUAGE sql IMMUTABLE RETURN upper(\$1);
GRANT USAGE ON SCHEMA app TO $author;
GRANT INSERT ON alkconv.rule TO $author;
INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument, reason) VALUES ('t', 'v', 'expression', 'lower(value)', 'of a superuser');
SQL
$db->psql("INSERT INTO alkconv.rule (source, table_pattern, column_pattern, action, argument) VALUES ('src', 'none', 'v', 'expression', 'app.f(value)')", user => $author);
$db->run(
	"INSERT INTO alkconv.rule (table_pattern, action, author) VALUES ('none', 'exclude', '$gone')",
	"DELETE FROM alkconv.rule WHERE shipped_name = 'kratos/networks'",
	"UPDATE alkconv.rule SET argument = 'timestamp without time zone', reason = 'changed here' WHERE shipped_name = 'alkemio/empty ids'",
	"UPDATE alkconv.rule SET reason = reason WHERE shipped");
my $my = scratch_source("SET SESSION sql_mode = ''; CREATE TABLE t (id int PRIMARY KEY, d date, v text); INSERT INTO t VALUES (1, '0000-00-00', 'A'), (2, '2020-01-01', 'B')");
$db->link_source('src', $my);
is($db->value("SELECT count(*) FROM alkconv.rule WHERE NOT shipped AND rule_id < 1000"), 0, 'own rules have other numbers than shipped ones');
is(join(',', $db->rows('SELECT shipped_name FROM alkconv.changed_rule ORDER BY 1')), 'alkemio/empty ids,kratos/networks', 'what became of shipped rules is noted; an update that changes nothing changes nothing');
my $run = $db->value("SET client_min_messages = error; SELECT alkconv_migrate('src', on_bad_value => 'reject')");

my %queries = (
	rules => 'SELECT rule_id, profile, source, target_schema, table_pattern, column_pattern, action, argument, reason, author, shipped, shipped_name FROM alkconv.rule ORDER BY rule_id',
	authors => 'SELECT rule_id, author_id::regrole FROM alkconv.rule WHERE NOT shipped ORDER BY rule_id',
	'changed shipped rules' => 'SELECT * FROM alkconv.changed_rule ORDER BY 1',
	runs => 'SELECT * FROM alkconv.run ORDER BY run',
	tables => 'SELECT * FROM alkconv.run_table ORDER BY run, ordinal',
	checks => 'SELECT * FROM alkconv.run_check ORDER BY run, ordinal',
	rejects => 'SELECT * FROM alkconv.reject ORDER BY run, ordinal',
	report => "SELECT * FROM alkconv_report('$run')",
);
my %before = map { $_ => $db->value($queries{$_}) } keys %queries;

sub restored {
	my ($into, @options) = @_;
	my $file = "$ENV{ALKCONV_RUN}/tmp/524.dump";
	my %dump = run_command([ 'pg_dump', '-Fc', '-h', $db->socket, '-p', $db->port, '-U', 'postgres', '-d', $db->dbname, '-f', $file, grep { /^--(data-only|inserts|column)/ } @options ]);
	is($dump{rc}, 0, "@options: pg_dump") or diag($dump{stderr});
	my %restore = run_command([ 'pg_restore', '-h', $into->socket, '-p', $into->port, '-U', 'postgres', '-d', $into->dbname, '--exit-on-error', @options, $file ]);
	is($restore{rc}, 0, "@options: pg_restore") or diag($restore{stderr});
	unlink $file;
	return $restore{stderr};
}

for my $options ([], ['--single-transaction']) {
	my $copy = scratch_database(extension => 0);
	restored($copy, @$options);
	is($copy->value($queries{$_}), $before{$_}, "@$options: $_") for sort keys %queries;
	is($copy->value("INSERT INTO alkconv.rule (table_pattern, action) VALUES ('next', 'exclude') RETURNING rule_id > (SELECT max(rule_id) FROM alkconv.rule)"), 't', "@$options: the next rule has a number of its own");
	$copy->run("INSERT INTO alkconv.changed_rule VALUES ('kratos/schema_migration')");
	is($copy->value("SELECT count(*) FROM alkconv.rule WHERE shipped_name = 'kratos/schema_migration'"), 0, "@$options: no shipped rule stays that is noted");
	# once more from there
	$copy->run("DROP EXTENSION alkconv CASCADE; CREATE EXTENSION alkconv");
	is($copy->value("SELECT count(*) FROM alkconv.rule WHERE shipped_name IN ('kratos/networks', 'alkemio/empty ids')"), 2, "@$options: a new extension has them all");
}

# ---- a role that the other cluster lacks -----------------------------------------------------------------------------------
my $file = $db->dump('--data-only', '--table=alkconv.rule', '--table=alkconv.changed_rule', '--extension=alkconv');
$db->run("DELETE FROM alkconv.rule WHERE author = '$gone'; DROP ROLE $gone");
my $elsewhere = scratch_database();
my %result = $elsewhere->psql($file);
is($result{rc}, 0, 'rules are restored where a role is missing') or diag($result{stderr});
like($result{stderr}, qr/WARNING:.*role "$gone" does not exist/, 'which is told');
$elsewhere->link_source('src', $my);
$elsewhere->fails("SELECT * FROM alkconv_plan('src')", sqlstate => '42704', like => qr/rule \d+ \(exclude\) has no author: role "$gone"/, name => 'and no run goes on without it');

# ---- data alone, triggers off: the author's number is of another cluster, its name counts ----------------------------------
my $other = scratch_database();
%result = $other->psql("SET session_replication_role = replica;\n" . ($file =~ s/\t$author\t\d+\t/\t$author\t10\t/gr));
is($result{rc}, 0, 'restored without triggers') or diag($result{stderr});
$other->run("DELETE FROM alkconv.rule WHERE author = '$gone'");
$other->link_source('src', $my);
$other->fails("SELECT * FROM alkconv_plan('src')", sqlstate => '42704', like => [ qr/role "$author", which wrote it, does not exist/, qr/is called "postgres" now/ ], name => 'nobody becomes the author of a rule by a number');
$other->run("UPDATE alkconv.rule SET author = author WHERE NOT shipped");
is($other->value("SELECT count(*) FROM alkconv_plan('src') WHERE step = 'unused rule' AND note LIKE 'it is of role%'"), 1, 'and a superuser says that the names are right');

undef $elsewhere;
undef $other;
$db->run("DROP OWNED BY $author CASCADE", "DROP ROLE $author");
done_testing();
