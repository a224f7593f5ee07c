# testbed: mysql mariadb no-sanitizer
#
# The proof asks each session of the source what it is like: one whose pins did not reach the server (a proxy that shares sessions among clients) ends
# the run, although both sides of the comparison may agree.
use strict;
use warnings;
use AlkconvTest;
use AlkconvTest::LyingProxy;
use Test::More;

my $my = scratch_source(<<'SQL');
CREATE TABLE event (id int PRIMARY KEY, at timestamp(3) NULL, shown char(5), doc json);
INSERT INTO event VALUES (1, '2024-07-01 12:00:00.25', 'a', '{"name": "Ж 漢"}'), (2, NULL, 'b', NULL);
CREATE TABLE late (id int PRIMARY KEY, d varchar(20));
INSERT INTO late VALUES (1, '2020-01-01'), (2, 'never');
SQL
my $proxy = AlkconvTest::LyingProxy->start($my->port);
my $db = scratch_database();
$db->link_source('src', $my, host => '127.0.0.1', port => $proxy->port, ssl_mode => 'disabled');
$db->run(<<'SQL');
CREATE TABLE event (id int PRIMARY KEY, at timestamptz(3), shown char(5), doc jsonb);
CREATE TABLE late (id int PRIMARY KEY, d date);
SQL
my $one = "SELECT alkconv_migrate('src', include => '{event}', on_existing => 'replace', readers => 1)";
my $several = "SELECT alkconv_migrate('src', include => '{event}', on_existing => 'replace', readers => 2)";
my $failed = qr/ERROR: +(?:XX001: )?verification failed: a session of the source is not as it must be/;

$db->run($one);
my @statements = $proxy->statements;
my ($set) = grep { /^SET SESSION time_zone/ } @statements;
my ($names) = grep { /^SET NAMES/ } @statements;
my ($question) = grep { /^SELECT \@\@session\.time_zone,/ } @statements;
ok($set && $names && $question, 'sessions are pinned, and asked') or BAIL_OUT(join "\n", @statements);

for my $run ([ 'one reader', $one ], [ 'two readers', $several ]) {
	my ($what, $sql) = @$run;
	$proxy->lie('swallow', $set);
	my %got = $db->psql($sql);
	isnt($got{rc}, 0, "$what: a session in the server's own zone");
	like($got{stderr}, $failed, "$what: the session is named");
	like($got{stderr}, qr/DETAIL: +time_zone is "[^"]+" and must be "\+00:00"; sql_mode is "/, "$what: so are its variables");
	$proxy->lie('swallow', $names);
	%got = $db->psql($sql);
	like($got{stderr}, $failed, "$what: without SET NAMES");
	like($got{stderr}, qr/collation_connection is "[^"]+" and must be "utf8mb4_bin"/, "$what: its collation is named");
	for my $edit ([ '+00:00', '+02:00', 'time_zone is "+02:00" and must be "+00:00"' ], [ 'utf8mb4', 'latin1x', 'character_set_results is "latin1x" and must be "utf8mb4"' ],
		[ '18446744073709551615', '00000000000000000100', 'sql_select_limit is "00000000000000000100"' ], [ 'REPEATABLE-READ', 'READ-COMMITTED!', 'isolation is "READ-COMMITTED!"' ]) {
		$proxy->lie("edit $edit->[0] $edit->[1]", $question);
		%got = $db->psql($sql);
		like($got{stderr}, qr/\Q$edit->[2]\E/, "$what: $edit->[2]");
	}
	$proxy->be_honest;
	my %honest = $db->psql($sql);
	is($honest{rc}, 0, "$what: an honest server");
}

$proxy->lie('edit +00:00 +02:00', $question);
my %got = $db->psql("SELECT count(*) FROM alkconv_verify('src', include => '{event}')");
like($got{stderr}, $failed, 'alkconv_verify asks, too');
$proxy->be_honest;
is($db->value("SELECT count(*) FROM alkconv_verify('src', include => '{event}') WHERE verdict <> 'ok'"), 0, 'and finds nothing');

$db->run("SELECT alkconv_migrate('src', include => '{late}', on_bad_value => 'reject')");
my $run = $db->value('SELECT DISTINCT run FROM alkconv.reject');
$my->run("UPDATE late SET d = '2021-01-01' WHERE id = 2");
$proxy->lie('edit +00:00 +02:00', $question);
%got = $db->psql("SELECT alkconv_replay('$run')");
like($got{stderr}, $failed, 'so does alkconv_replay');
$proxy->be_honest;
$db->run("SELECT alkconv_replay('$run')");

done_testing;
