# testbed: mysql mariadb
#
# The slow network that measurements of several readers use: it delays and limits, changes nothing, and ends when either side does.
use strict;
use warnings;
use AlkconvTest;
use AlkconvTest::SlowProxy;
use IO::Socket::INET;
use POSIX ();
use Test::More;
use Time::HiRes qw(time);

my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 5) or die "listen: $!\n";

# The two ends of a new connection through a proxy.
sub pair {
	my ($proxy) = @_;
	my $client = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $proxy->port) or die "connect: $!\n";
	my $server = $listener->accept or die "accept: $!\n";
	return ($client, $server);
}

sub receive {
	my ($socket, $length) = @_;
	my $all = '';
	while (length $all < $length) {
		sysread($socket, $all, $length - length $all, length $all) or die "only " . length($all) . " bytes came\n";
	}
	return $all;
}

# Writes from another process, as both sides of a full connection wait for each other.
sub send_all {
	my ($socket, $bytes) = @_;
	my $sender = fork // die "fork: $!\n";
	if (!$sender) {
		syswrite $socket, $bytes;
		POSIX::_exit(0);
	}
	return $sender;
}

sub at_end { return sysread($_[0], my $byte, 1) == 0 }

# ---- bytes, delay, rate ------------------------------------------------------------------------------------------------------

my $proxy = AlkconvTest::SlowProxy->start($listener->sockport, delay => 60, rate => 10);
my ($client, $server) = pair($proxy);
my $before = time;
syswrite $client, 'ping';
is(receive($server, 4), 'ping', 'what the client sends arrives');
cmp_ok(time - $before, '>=', 0.03, 'after half of the round trip');
syswrite $server, 'pong';
is(receive($client, 4), 'pong', 'the answer, too');
cmp_ok(time - $before, '>=', 0.06, 'after the other half');

my $bytes = join '', map { pack 'N', $_ * 2654435761 % 2**32 } 1 .. 500_000; # 2 MB: 0.2 s
$before = time;
my $sender = send_all($server, $bytes);
ok(receive($client, length $bytes) eq $bytes, 'two megabytes come as they were sent');
cmp_ok(time - $before, '>=', 0.19, 'not faster than the rate');
waitpid $sender, 0;
$sender = send_all($client, $bytes);
ok(receive($server, length $bytes) eq $bytes, 'and go so');
waitpid $sender, 0;

# ---- ends --------------------------------------------------------------------------------------------------------------------

syswrite $client, 'last words';
shutdown $client, 1;
is(receive($server, 10), 'last words', 'what was sent before the end still arrives');
ok(at_end($server), 'and then the end');
syswrite $server, 'answer';
close $server;
is(receive($client, 6), 'answer', 'the other direction lives on until its own end');
ok(at_end($client), 'which comes, too');

($client, $server) = pair($proxy);
close $client;
ok(at_end($server), 'a client that goes takes its connection with it');
my ($client_2, $server_2) = pair($proxy);
my %stopped = $proxy->stop;
is($stopped{rc}, 0, 'the proxy ends when it is told to');
is($stopped{stderr}, '', 'in silence');
ok(at_end($client_2) && at_end($server_2), 'its connections end with it');
ok(!IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $proxy->port), 'nobody listens any more');

# ---- MySQL -------------------------------------------------------------------------------------------------------------------

my $my = scratch_source('CREATE TABLE wide (id int PRIMARY KEY, body longtext)');
$my->run('INSERT INTO wide VALUES ' . join ', ', map { "($_, REPEAT(SHA2($_, 256), 20000))" } 1 .. 3);
my $slow = AlkconvTest::SlowProxy->start($my->port, delay => 2, rate => 200);
my %direct = $my->mysql('SELECT * FROM wide ORDER BY id');
my %through = $my->mysql('SELECT * FROM wide ORDER BY id', args => [ '--port=' . $slow->port ]);
is($through{rc}, 0, 'the client reads through it') or diag($through{stderr});
ok($through{stdout} eq $direct{stdout} && length $direct{stdout} > 3_800_000, 'the same rows');

my $db = scratch_database();
$db->link_source('src', $my, port => $slow->port);
$db->run('CREATE TABLE wide (id int PRIMARY KEY, body text)', "SELECT alkconv_migrate('src')");
is($db->value("SELECT count(*) FROM wide WHERE body = repeat(encode(sha256(id::text::bytea), 'hex'), 20000)"), 3, 'and so does a run');

done_testing();
