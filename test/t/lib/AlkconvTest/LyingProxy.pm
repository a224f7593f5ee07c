# AlkconvTest::LyingProxy: a server that answers with something else; test/testbed/lying_proxy says with what.
package AlkconvTest::LyingProxy;

use strict;
use warnings;
use parent -norequire, 'AlkconvTest::SlowProxy';
use AlkconvTest::Command;
use AlkconvTest::SlowProxy;
use File::Temp ();

sub program { return 'lying_proxy' }

# start($port): in front of 127.0.0.1:$port; it tells the truth until lie() is called.
sub start {
	my ($class, $port) = @_;
	my ($lie, $log) = (File::Temp->new, File::Temp->new);
	my $self = $class->SUPER::start($port, lie => $lie->filename, log => $log->filename);
	@$self{qw(lie log)} = ($lie, $log);
	return $self;
}

# lie($kind, $statement): from now on that statement (as statements() spells it) is answered so.
sub lie { my ($self, $kind, $statement) = @_; spew($self->{lie}->filename, "$kind\n$statement"); return }
sub be_honest { my ($self) = @_; spew($self->{lie}->filename, ''); return }

# The statements since the last call, each once, in their order.
sub statements {
	my ($self) = @_;
	my %seen;
	my @statements = grep { !$seen{$_}++ } split /\n/, slurp($self->{log}->filename);
	spew($self->{log}->filename, '');
	return @statements;
}

1;
