# testbed: mysql mariadb no-sanitizer thorough
#
# Every statement of every command is answered in all wrong shapes: no rows, a column less or more, NULLs, no numbers, an OK, an error. The command
# ends in an ERROR that says what is wrong, or does what it should: no backend dies of it, none waits for ever, and no "ok" stands under wrong data.
use strict;
use warnings;
use AlkconvTest;
use AlkconvTest::LyingProxy;
use Test::More;

my @kinds = qw(ok err none twice wide narrow nulls garbage huge long short);

my $my = scratch_source(<<'SQL');
CREATE TABLE parent (id int PRIMARY KEY AUTO_INCREMENT, name varchar(20) NOT NULL UNIQUE, flag tinyint(1) NOT NULL DEFAULT 1);
INSERT INTO parent (name) VALUES ('one'), ('two'), ('three');
CREATE TABLE child (id int PRIMARY KEY, parent int, at datetime(3), e enum('a', 'b') DEFAULT 'b', d decimal(8, 2), CHECK (d > 0),
	CONSTRAINT child_parent FOREIGN KEY (parent) REFERENCES parent (id) ON DELETE CASCADE);
SET foreign_key_checks = 0;
INSERT INTO child VALUES (1, 1, '2020-01-01 00:00:00.5', 'a', 1.5), (2, 2, NULL, 'b', 2), (3, 9, NULL, NULL, NULL);
CREATE VIEW seen AS SELECT id FROM parent;
CREATE PROCEDURE nothing() DO 0;
CREATE TABLE late (id int PRIMARY KEY, d varchar(20));
INSERT INTO late VALUES (1, '2020-01-01'), (2, 'never')
SQL
my $proxy = AlkconvTest::LyingProxy->start($my->port);
my $db = scratch_database();
$db->link_source('src', $my, host => '127.0.0.1', port => $proxy->port, ssl_mode => 'disabled', readers => 1, read_timeout => 20);
$db->run(<<'SQL');
INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument, reason) VALUES ('child', 'parent', 'orphans', 'null', 'it is gone');
CREATE SCHEMA old;
CREATE SCHEMA late;
CREATE TABLE late.late (id int PRIMARY KEY, d date);
CREATE SCHEMA far;
CREATE SCHEMA fresh;
SQL
my $database = $my->dbname;
$db->run("IMPORT FOREIGN SCHEMA $database FROM SERVER src INTO far",
	"SELECT alkconv_migrate('src', 'old', exclude => '{late}', mode => 'create')",
	"SELECT alkconv_migrate('src', 'late', include => '{late}', mode => 'existing', on_bad_value => 'reject')");
my $run = $db->value('SELECT DISTINCT run FROM alkconv.reject');
$my->run("UPDATE late SET d = '2021-01-01' WHERE id = 2");

my $rows_of = sub {
	my ($schema) = @_;
	return join ";\n", map { "SELECT '$_', t.* FROM $schema.$_ t ORDER BY id" } qw(parent child);
};

# One transaction that is rolled back.
sub outcome {
	my ($sql) = @_;
	return $db->psql("SET client_min_messages = error; SET statement_timeout = '30s';\nBEGIN;\n$sql;\nROLLBACK;\n");
}

# A catalog that lists nothing may be right.
sub could_be_true { my ($kind, $statement) = @_; return $kind eq 'none' && $statement =~ /FROM information_schema/ }

my %examined;

# examine($name, $sql, $right): answers each statement of $sql that no earlier one has sent in all wrong shapes. $right->(output, honest output, kind)
# says whether a success is one.
sub examine {
	my ($name, $sql, $right) = @_;
	$proxy->be_honest;
	$proxy->statements;
	my %honest = outcome($sql);
	is($honest{stderr}, '', "$name: works with an honest server");
	my (@faults, %count);
	for my $statement (grep { !$examined{$_}++ } $proxy->statements) {
		for my $kind (@kinds) {
			$proxy->lie($kind, $statement);
			my %got = outcome($sql);
			my ($state) = $got{stderr} =~ /(?:ERROR|FATAL):  (\w{5}):/;
			my $fault = $got{stderr} =~ /terminated|closed the connection|could not connect/ ? 'the backend died'
				: $got{rc} == 0 ? (could_be_true($kind, $statement) || $right->($got{stdout}, $honest{stdout}, $kind) ? '' : "wrong and no error:\n$got{stdout}")
				: !defined $state ? 'no SQLSTATE'
				: $state =~ /^(XX00[02]|57|42601)/ ? "SQLSTATE $state" # XX001: the proof has found it
				: $got{stderr} =~ /[\e\r\xff]/ ? 'control characters' : '';
			$count{ $got{rc} == 0 ? 'right' : 'refused' }++;
			push @faults, "$kind for: $statement\n$fault\n$got{stderr}" if $fault;
		}
	}
	$proxy->be_honest;
	ok(!@faults, "$name: " . join(', ', map { $count{$_} . " $_" } sort keys %count)) or diag(join "\n", scalar(@faults) . ' faults', @faults > 8 ? @faults[0 .. 7] : @faults);
	return;
}

my $same = sub { my ($got, $honest) = @_; return $got eq $honest };
my $anything = sub { return 1 };

examine('create', "DO \$\$ BEGIN PERFORM alkconv_migrate('src', 'fresh', exclude => '{late}', mode => 'create'); END \$\$;\n" . $rows_of->('fresh'), $same);
examine('replace', "DO \$\$ BEGIN PERFORM alkconv_migrate('src', 'old', exclude => '{late}', on_existing => 'replace'); END \$\$;\n" . $rows_of->('old'), $same);
examine('counts', "DO \$\$ BEGIN PERFORM alkconv_migrate('src', 'old', exclude => '{late}', on_existing => 'replace', verify => 'counts'); END \$\$;\n" . $rows_of->('old'), $same);
examine('replay', "DO \$\$ BEGIN PERFORM alkconv_replay('$run'); END \$\$;\nSELECT * FROM late.late ORDER BY id", $same);

# what examined a right target examines a damaged one again: its digest, and then where it differs
delete @examined{ grep { /SHA2|COUNT/ } keys %examined };
examine('verify, damaged target', "UPDATE old.child SET d = 7 WHERE id = 1;\nDELETE FROM old.child WHERE id = 3;\n"
	. "SELECT bool_and(verdict NOT IN ('mismatch', 'violation')) FROM alkconv_verify('src', 'old', exclude => '{late}')", $same);
examine('verify, counts', "DELETE FROM old.child WHERE id = 3;\n"
	. "SELECT bool_and(verdict NOT IN ('mismatch', 'violation')) FROM alkconv_verify('src', 'old', exclude => '{late}', verify => 'counts')", $same);
# rows that nobody proves: what is no row of that table is refused
examine('foreign scan', 'SELECT * FROM far.child ORDER BY id', sub { my ($got, $honest, $kind) = @_; return $got eq $honest || $kind !~ /^(ok|err|narrow|wide)$/ });
examine('import', "CREATE SCHEMA again; IMPORT FOREIGN SCHEMA $database FROM SERVER src INTO again", $anything);
examine('plan', "SELECT count(*) FROM alkconv_plan('src', 'old')", $anything);
examine('preflight', "SELECT count(*) FROM alkconv_preflight('src', 'late', include => '{late}')", $anything);
examine('preflight, create', "SELECT count(*) FROM alkconv_preflight('src', 'fresh')", $anything);
examine('baseline', "SELECT count(*) FROM alkconv_baseline('src', 'fresh')", $anything);

unlike($db->log, qr/terminated by signal/, 'no backend crashed');
is($db->value('SELECT count(*) FROM old.child'), 3, 'the cluster is up');

done_testing;
