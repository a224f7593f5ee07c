# AlkconvTest::Server: base of the clusters and sources that the test bed's `server` command runs.
package AlkconvTest::Server;

use strict;
use warnings;
use AlkconvTest::Command;

my $owner = $$; # a forked child must not stop anything

sub _command {
	my (@arguments) = @_;
	my %result = run_command([$ENV{ALKCONV_TEST_SERVER}, @arguments]);
	die "server @arguments: $result{stderr}\n" if $result{rc} != 0;
	return $result{stdout};
}

# Values as the server command prints them: PORT, SOCKET, PID, DATA, LOG, VERSION ...
sub _properties {
	my ($text) = @_;
	return map { /^(\w+)='?(.*?)'?$/ ? ($1 => $2) : () } split /\n/, $text;
}

# The platform's own server.
sub _existing {
	my ($class, $name) = @_;
	return bless { name => $name, _properties(_command('env', $name)) }, $class;
}

# A server of the test's own; stopped and removed when the object goes.
sub _start {
	my ($class, $kind, $name, @options) = @_;
	return bless { name => $name, extra => 1, _properties(_command('start', $kind, $name, @options)) }, $class;
}

sub host { return '127.0.0.1' }
sub port { return $_[0]{PORT} }
sub socket { return $_[0]{SOCKET} }
sub version { return $_[0]{VERSION} }
sub data { return $_[0]{DATA} }

# What the server has logged.
sub log { return slurp($_[0]{LOG}) }

# stop('fast' or 'kill'): the data goes as well.
sub stop {
	my ($self, $how) = @_;
	_command('stop', $self->{name}, $how // 'fast');
	delete $self->{extra};
	return;
}

# restart: same data, port and options.
sub restart {
	my ($self) = @_;
	my %properties = _properties(_command('restart', $self->{name}));
	@$self{ keys %properties } = values %properties;
	return;
}

sub DESTROY {
	my ($self) = @_;
	return if !$self->{extra} || $$ != $owner;
	local ($?, $@);
	eval { $self->stop('kill') };
	return;
}

1;
