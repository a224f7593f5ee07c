# testbed: mysql mariadb no-sanitizer alone
#
# The memory of a backend does not grow with the rows that a run loads and proves, nor much with the size of each.
use strict;
use warnings;
use AlkconvTest;
use Test::More;
use Time::HiRes qw(sleep);

my $digits = '(' . join(' UNION ALL ', map { "SELECT $_ AS n" } 0 .. 9) . ')';
my $my = scratch_source(<<SQL);
CREATE TABLE many (id int PRIMARY KEY, u char(36), filler varchar(400));
INSERT INTO many SELECT 1 + a.n + 10 * b.n + 100 * c.n + 1000 * d.n + 10000 * e.n, UUID(), REPEAT(CHAR(97 + a.n), 400)
	FROM $digits a, $digits b, $digits c, $digits d, $digits e;
CREATE TABLE wide (id int PRIMARY KEY, body longtext);
INSERT INTO wide SELECT 1 + a.n + 10 * b.n + 100 * c.n, REPEAT(CONCAT(a.n, b.n, c.n, ' '), 75000) FROM $digits a, $digits b, $digits c WHERE c.n < 9;
SQL
my $db = scratch_database();
$db->run('CREATE TABLE many (id int PRIMARY KEY, u uuid UNIQUE, filler text)', 'CREATE TABLE wide (id int PRIMARY KEY, body text)');
$db->link_source('src', $my);

sub anonymous { return slurp("/proc/$_[0]/status") =~ /^RssAnon:\s+(\d+)/m ? $1 : 0 }

# The most private memory (kB) that the backend has while the statement runs, above what it had.
sub peak {
	my ($sql) = @_;
	my $session = $db->background("SELECT alkconv_version(); SELECT pg_sleep(0.3); $sql");
	my $pid = $session->pid;
	wait_until { $session->wait_event eq 'Timeout:PgSleep' } 10, 'the session to begin';
	my $start = anonymous($pid);
	my $most = $start;
	while ($session->running) {
		my $now = eval { anonymous($pid) } // 0;
		$most = $now if $now > $most;
		sleep 0.02;
	}
	my %result = $session->finish;
	is($result{rc}, 0, $sql) or diag($result{stderr});
	return $most - $start;
}

# The queue of a reader holds 8 MB, what the writer has of it in hand as much; the sort for an index takes the rest.
my $many = peak("SELECT alkconv_migrate('src', include => ARRAY['many'])");
cmp_ok($many, '<', 40_000, "100,000 rows of 45 MB: $many kB");
my $wide = peak("SELECT alkconv_migrate('src', include => ARRAY['wide'])");
cmp_ok($wide, '<', 40_000, "900 rows of 270 MB: $wide kB");
my $again = peak("SELECT count(*) FROM alkconv_verify('src')");
cmp_ok($again, '<', 40_000, "the proof of both: $again kB");

done_testing();
