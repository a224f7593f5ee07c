# testbed: mysql mariadb no-sanitizer alone
#
# A session that migrates again and again needs no more memory than for the first few times: what a call has used is given back.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $digits = '(' . join(' UNION ALL ', map { "SELECT $_ AS n" } 0 .. 9) . ')';
my $tables = join "\n", map { "CREATE TABLE small_$_ (id int PRIMARY KEY, v varchar(100), p int, KEY (p)); INSERT INTO small_$_ SELECT a.n + 10 * b.n, REPEAT('v', 100), a.n FROM $digits a, $digits b;" } 1 .. 60;
my $my = scratch_source(<<SQL);
$tables
CREATE TABLE many (id int PRIMARY KEY, u char(36), filler varchar(400));
INSERT INTO many SELECT 1 + a.n + 10 * b.n + 100 * c.n + 1000 * d.n + 10000 * e.n, UUID(), REPEAT(CHAR(97 + a.n), 400) FROM $digits a, $digits b, $digits c, $digits d, $digits e WHERE e.n < 5;
CREATE TABLE wide (id int PRIMARY KEY, body longtext);
INSERT INTO wide SELECT 1 + a.n + 10 * b.n, REPEAT(CONCAT(a.n, b.n, ' '), 300000) FROM $digits a, $digits b;
SQL
my $db = scratch_database();
$db->link_source('src', $my, target_schema => 'public');
$db->run("SELECT alkconv_migrate('src')");

# Private memory (kB) of the session after each of so many calls.
sub memory {
	my ($call, $times) = @_;
	my @sql;
	push @sql, "SELECT count(*) FROM $call", "SELECT 'kB ' || (regexp_match(pg_read_file('/proc/self/status'), 'RssAnon:\\s+(\\d+)'))[1]" for 1 .. $times;
	my %session = $db->psql(join(";\n", 'SET client_min_messages = warning', @sql));
	die $session{stderr} if $session{rc} != 0;
	return $session{stdout} =~ /^kB (\d+)$/mg;
}

for my $call ("alkconv_migrate('src', on_existing => 'replace')", "alkconv_verify('src')", "alkconv_preflight('src', on_existing => 'replace')") {
	my @after = memory($call, 8);
	is(@after, 8, $call);
	cmp_ok($after[7] - $after[1], '<', 2_000, "$call: the eighth leaves no more than the second: @after kB");
}

done_testing;
