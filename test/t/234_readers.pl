# testbed: mysql mariadb
#
# Several readers on one snapshot: the same rows in the same places, the same messages and errors, whatever their number; what happens
# where the account may not hold a common snapshot.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $server = AlkconvTest::Source->start('readers');
my $digits = '(' . join(' UNION ALL ', map { "SELECT $_ AS n" } 0 .. 9) . ')';
my $numbers = "SELECT a.n + 10 * b.n + 100 * c.n + 1000 * d.n + 10000 * e.n AS i FROM $digits a, $digits b, $digits c, $digits d, $digits e";
my $my = scratch_source(<<"SQL", server => $server, name => 'readers');
CREATE TABLE small (id int PRIMARY KEY, policy char(36));
CREATE TABLE policy (id char(36) PRIMARY KEY, n int NOT NULL UNIQUE, rules text NOT NULL);
INSERT INTO policy SELECT CONCAT(LEFT(h, 8), '-', SUBSTR(h, 9, 4), '-4', SUBSTR(h, 14, 3), '-8', SUBSTR(h, 18, 3), '-', SUBSTR(h, 21, 12)), i, REPEAT(h, 18)
	FROM (SELECT i, SHA2(i, 256) AS h FROM ($numbers) n) s;
INSERT INTO small SELECT n, id FROM policy WHERE n < 10;
CREATE TABLE pairs (a varchar(20) COLLATE utf8mb4_bin, b int, filler varchar(2000), PRIMARY KEY (a, b));
INSERT INTO pairs SELECT IF(i % 3 = 0, 'One', CONCAT('k', i % 1000)), i, REPEAT(CHAR(97 + i % 26), 1500) FROM ($numbers) n WHERE i < 60000;
ANALYZE TABLE policy, pairs, small;
SQL

my $db = scratch_database();
$db->link_source('src', $my);
$db->run(<<'SQL');
CREATE TABLE policy (rules text NOT NULL, id uuid PRIMARY KEY, n int NOT NULL UNIQUE);
CREATE TABLE pairs (a varchar(20), b int, filler text, PRIMARY KEY (a, b));
CREATE TABLE small (id int PRIMARY KEY, policy uuid REFERENCES policy);
SQL
my $places = join ' || ', map { "(SELECT md5(string_agg($_->[1], ',' ORDER BY ctid)) FROM $_->[0])" } [ 'policy', 'id::text' ], [ 'pairs', "a || b" ], [ 'small', 'id::text' ];
my $empty = 'TRUNCATE policy, pairs, small';

# Prepared statements that the server has run.
sub executed {
	my ($number) = $my->value("SHOW GLOBAL STATUS LIKE 'Com_stmt_execute'") =~ /(\d+)$/;
	return $number;
}

# A run: its notices, without what the clock decides, and where the rows are.
sub migrate {
	my ($arguments) = @_;
	my $statements = executed();
	my %result = $db->psql("$empty; SELECT alkconv_migrate('src'$arguments)");
	is($result{rc}, 0, "it succeeds: $arguments") or diag($result{stderr});
	my $executed = executed() - $statements;
	my $notices = join '', $result{stderr} =~ /^(?:psql:[^ ]* )?(NOTICE: .*\n)/mg;
	my $speeds = () = $notices =~ m{, \d+ MB/s, about \d+ s to load the rest$}mg;
	$notices =~ s{\d+ MB/s, about \d+ s}{N MB/s, about N s}g;
	return { notices => $notices, places => $db->value("SELECT $places"), executed => $executed, speeds => $speeds };
}
my %run = map { $_ => migrate(", readers => $_") } 1, 2, 4;

is($run{1}{executed}, 3, 'one reader: one statement for each table');
cmp_ok($run{2}{executed}, '>', 6, 'two readers: ranges of the large tables');
cmp_ok($run{4}{executed}, '>=', $run{2}{executed}, 'four readers: as many ranges at least');
for my $readers (2, 4) {
	is($run{$readers}{places}, $run{1}{places}, "$readers readers: every row is where one reader puts it");
	same_text($run{$readers}{notices}, $run{1}{notices}, "$readers readers: the same messages");
}
is($run{2}{speeds}, 2, 'large tables tell their speed, small ones do not') or diag($run{2}{notices});
like($run{1}{notices}, qr/loaded "p\w+": \d+ rows, \d+ MB, .*loaded "p\w+": .*loaded "small": 10 rows$/ms, 'large tables come first');
is($db->value('SELECT string_agg(readers || snapshot_method, \',\' ORDER BY finished) FROM alkconv.run'),
	'1single connection,2lock tables,4lock tables', 'and the record says how it was read');
is($db->value("SELECT count(*) FROM alkconv_report() WHERE verdict <> 'ok'"), 0, 'every verdict is ok');

# The first bad value in the key's order, not the first that somebody meets.
$my->run("UPDATE pairs SET filler = 'a\\0b' WHERE b IN (40001, 59999, 17, 1002)");
my %first;
for my $readers (1, 2, 4) {
	my %result = $db->psql("$empty; SELECT alkconv_migrate('src', readers => $readers)");
	($first{$readers}) = $result{stderr} =~ /^DETAIL:  (.*)$/m;
	isnt($result{rc}, 0, "$readers readers: a bad value is an error");
}
ok(defined $first{1} && $first{1} =~ /\(One, 1002\)/, 'the error names its key') or diag(explain(\%first));
is($first{$_}, $first{1}, "$_ readers: the same value is the first") for 2, 4;
$my->run("UPDATE pairs SET filler = 'fine' WHERE b IN (40001, 59999, 17, 1002)");

# ---- who may hold a snapshot for several ---------------------------------------------------------------------------------------------------

$db->link_source('plain', $my, user => 'plain');
my $only = qr/NOTICE:  .*reading over one connection: the account cannot hold a snapshot for several connections/;
my %result = $db->psql("$empty; SELECT alkconv_migrate('plain')");
is($result{rc}, 0, 'an account with SELECT alone: it succeeds') or diag($result{stderr});
is($db->value('SELECT readers, snapshot_method FROM alkconv.run ORDER BY finished DESC LIMIT 1'), '1|single connection', 'with one connection');
like($result{stderr}, $only, 'and says why');
$db->fails("$empty; SELECT alkconv_migrate('plain', readers => 2)", sqlstate => '42501', name => 'asked for several',
	like => [ qr/the account cannot hold a snapshot for several connections/, qr/HINT:  Grant it LOCK TABLES on the database, or RELOAD/ ]);
%result = $db->psql("$empty; SELECT alkconv_migrate('plain', readers => 1)");
is($result{rc}, 0, 'asked for one') or diag($result{stderr});
unlike($result{stderr}, $only, 'nothing to say');
$db->run("ALTER SERVER plain OPTIONS (ADD readers '2')");
$db->fails("$empty; SELECT alkconv_migrate('plain')", sqlstate => '42501', name => 'asked for several by the option');
$db->run("ALTER SERVER src OPTIONS (ADD readers '3')", "$empty; SELECT alkconv_migrate('src')");
is($db->value('SELECT readers FROM alkconv.run ORDER BY finished DESC LIMIT 1'), 3, 'the option says how many');
is($db->value("SELECT count(*) FROM alkconv_verify('plain') WHERE verdict <> 'ok'"), 0, 'verification needs one connection only');

done_testing();
