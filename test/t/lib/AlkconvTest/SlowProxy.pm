# AlkconvTest::SlowProxy: a slow network in front of a server; test/testbed/slow_proxy says what it does.
package AlkconvTest::SlowProxy;

use strict;
use warnings;
use AlkconvTest::Command;

# start($port, delay => ms of a round trip, rate => MB/s of a connection): in front of 127.0.0.1:$port; ends when the object goes.
sub start {
	my ($class, $port, %options) = @_;
	my $self = bless {
		process => AlkconvTest::Command->start([ "$ENV{ALKCONV_SRC}/test/testbed/slow_proxy", $port, map { "--$_=$options{$_}" } sort keys %options ])
	}, $class;
	my $process = $self->{process};
	wait_until { $process->output =~ /^PORT=\d+\n/ || !$process->running } 20, 'the proxy to listen';
	($self->{port}) = $process->output =~ /^PORT=(\d+)\n/ or die 'slow_proxy: ' . $process->errors;
	return $self;
}

sub port { return $_[0]{port} }

# stop: ends it and its connections; a hash as run_command's.
sub stop {
	my ($self) = @_;
	kill 'TERM', $self->{process}->pid;
	return $self->{process}->finish(20);
}

sub DESTROY {
	my ($self) = @_;
	local ($?, $@);
	eval { $self->stop } if $self->{process}->running;
	return;
}

1;
