# testbed: mysql mariadb no-sanitizer alone
#
# An answer that does not end is an ERROR that names the limit, long before it fills the memory; and what a source calls its things cannot steer the
# terminal of whoever reads the message.
use strict;
use warnings;
use AlkconvTest;
use AlkconvTest::LyingProxy;
use Test::More;

my $my = scratch_source("CREATE TABLE t (id int PRIMARY KEY, v varchar(20)); INSERT INTO t VALUES (1, 'a'), (2, 'b')");
my $proxy = AlkconvTest::LyingProxy->start($my->port);
my $db = scratch_database();
$db->link_source('src', $my, host => '127.0.0.1', port => $proxy->port, ssl_mode => 'disabled', readers => 1);
$db->run('CREATE SCHEMA fresh');

my $sql = "SELECT alkconv_migrate('src', 'fresh', mode => 'create')";
$proxy->statements;
$db->run("BEGIN; $sql; ROLLBACK");
my @statements = $proxy->statements;
my ($columns) = grep { /FROM information_schema\.COLUMNS/ } @statements;
my ($digest) = grep { /SHA2/ } @statements;
for my $statement ($columns, $digest, 'SHOW GRANTS') {
	(my $name = substr $statement, 0, 40) =~ s/\s+$//;
	$proxy->lie('endless', $statement);
	my $session = $db->background("SET statement_timeout = '240s'; $sql");
	my ($pid, $most) = ($session->pid, 0);
	while ($session->running) {
		my $now = eval { $session->resident } // 0;
		$most = $now if $now > $most;
		select undef, undef, undef, 0.2;
	}
	my %result = $session->finish;
	like($result{stderr}, qr/ERROR:  54000: the MySQL server's answer about .* is too large/, "without end: $name");
	like($result{stderr}, qr/The limit is 256 MB/, 'it names the limit');
	cmp_ok($most, '<', 500_000, "no more than 500 MB resident: $most kB");
}
$proxy->be_honest;

# names of the source in messages
my $odd = scratch_source("CREATE TABLE `red\e[31m` (id int PRIMARY KEY, `line\r\nERROR:  forged` int unsigned); INSERT INTO `red\e[31m` VALUES (1, 4294967295);"
	. "CREATE TABLE plain (id int PRIMARY KEY, t varchar(40)); INSERT INTO plain VALUES (1, 'a\e[31m\tb')");
my $other = scratch_database();
$other->link_source('odd', $odd, readers => 1);
my @said = ($other->psql("SELECT alkconv_migrate('odd', mode => 'create')"), $other->psql("DROP TABLE plain; CREATE TABLE plain (id int PRIMARY KEY, t inet); SELECT alkconv_migrate('odd', on_existing => 'replace')"),
	$other->psql("SELECT alkconv_migrate('odd', include => '{plain}', on_existing => 'replace')"),
	$other->psql('IMPORT FOREIGN SCHEMA "no\e[31m" FROM SERVER odd INTO public'));
my $all = join "\n", map { ref $_ ? () : $_ } grep { defined } map { $_ } @said;
unlike($all, qr/[\e\r]/, 'no ESC and no CR reaches the reader');
unlike($all, qr/^ERROR:  forged/m, 'nor a line of its own');
like($all, qr/red\\x1b\[31m/, 'they are shown as \xNN');
like($all, qr/a\\x1b\[31m\\x09b/, 'values too');

done_testing;
