# AlkconvTest::SlowProxy: a slow network in front of a server; test/testbed/slow_proxy says what it does.
package AlkconvTest::SlowProxy;

use strict;
use warnings;
use AlkconvTest::Command;

sub program { return 'slow_proxy' }

# start($port, delay => ms of a round trip, rate => MB/s of a connection): in front of 127.0.0.1:$port; ends when the object goes.
sub start {
	my ($class, $port, %options) = @_;
	my $self = bless {
		process => AlkconvTest::Command->start([ "$ENV{ALKCONV_SRC}/test/testbed/" . $class->program, $port, map { "--$_=$options{$_}" } sort keys %options ])
	}, $class;
	my $process = $self->{process};
	wait_until { $process->output =~ /^PORT=\d+\n/ || !$process->running } 20, 'the proxy to listen';
	($self->{port}) = $process->output =~ /^PORT=(\d+)\n/ or die $class->program . ': ' . $process->errors;
	return $self;
}

sub port { return $_[0]{port} }

# The processes of its connections, in the order in which they were opened.
sub _connections {
	my ($self) = @_;
	my $pid = $self->{process}->pid;
	return sort { $a <=> $b } split ' ', slurp("/proc/$pid/task/$pid/children");
}

# freeze_first: nothing passes over its oldest connection any more, in either direction, until thaw.
sub freeze_first {
	my ($self) = @_;
	($self->{frozen}) = $self->_connections or die "nobody is connected through the proxy\n";
	kill 'STOP', $self->{frozen};
	return;
}

sub thaw {
	my ($self) = @_;
	kill 'CONT', delete $self->{frozen} if $self->{frozen};
	return;
}

# wait_idle: until all of its connections have ended.
sub wait_idle {
	my ($self) = @_;
	wait_until { !$self->_connections } 20, 'the connections through the proxy to end';
	return;
}

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
