# testbed: mysql mariadb no-sanitizer alone
#
# Foreign scans keep the backend small: wide rows, many rows, and rows that are set aside for another scan.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $my = scratch_source(<<'SQL');
CREATE TABLE digits (d int);
INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
CREATE TABLE wide (id int PRIMARY KEY, b longblob);
INSERT INTO wide SELECT a.d + 10 * b.d + 100 * c.d, REPEAT('b', 1024 * 1024) FROM digits a, digits b, digits c WHERE c.d < 3;
CREATE TABLE tall (id int PRIMARY KEY, u char(36), v varchar(20));
INSERT INTO tall SELECT a.d + 10 * b.d + 100 * c.d + 1000 * d.d + 10000 * e.d + 100000 * f.d,
		CONCAT(LPAD(a.d + 10 * b.d + 100 * c.d + 1000 * d.d + 10000 * e.d + 100000 * f.d, 8, '0'), '-0000-4000-8000-000000000000'), 'text'
	FROM digits a, digits b, digits c, digits d, digits e, digits f;
SQL
my $db = scratch_database();
$db->link_source('src', $my);
$db->run('CREATE FOREIGN TABLE wide (id int, b bytea) SERVER src', 'CREATE FOREIGN TABLE tall (id int, u uuid, v text) SERVER src');

# The most memory that a fresh backend ever had while it ran this, in MB, and what it printed.
sub peak {
	my ($sql) = @_;
	my $session = $db->background("$sql;\nSELECT pg_sleep(60);");
	wait_until { $session->wait_event eq 'Timeout:PgSleep' } 120, 'the end of the scan';
	my ($peak) = slurp('/proc/' . $session->pid . '/status') =~ /^VmHWM:\s+(\d+)/m;
	$session->cancel;
	my %ended = $session->finish(20);
	chomp $ended{stdout};
	return ($peak / 1024, $ended{stdout});
}

my ($base) = peak('SELECT count(*) FROM wide WHERE id < 0');
for my $case (
	['300 MB in wide rows', 'SELECT count(*), sum(length(b)) FROM wide', '300|314572800', 60],
	['a million rows', 'SELECT count(*), count(u), sum(id) FROM tall', '1000000|1000000|499999500000', 40],
	['a scan set aside for another', "BEGIN;\nDECLARE c CURSOR FOR SELECT u FROM tall;\nFETCH 1 FROM c;\nSELECT count(*) FROM wide WHERE id < 10;\nMOVE 999998 IN c;\nFETCH 2 FROM c;\nCOMMIT",
		"00000000-0000-4000-8000-000000000000\n10\n00999999-0000-4000-8000-000000000000", 60],
	['a scan repeated', 'SET enable_material = off; SELECT count(*) FROM generate_series(1, 3) g LEFT JOIN tall t ON t.id > g', '2999991', 40],
) {
	my ($what, $sql, $expected, $room) = @$case;
	my ($peak, $output) = peak($sql);
	is($output, $expected, "$what: read");
	cmp_ok($peak - $base, '<', $room, sprintf '%s: %.0f MB more than a scan of one narrow column', $what, $peak - $base);
}

done_testing();
