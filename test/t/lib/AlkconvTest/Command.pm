# AlkconvTest::Command: running programs, waiting, files.
package AlkconvTest::Command;

use strict;
use warnings;
use Exporter qw(import);
use File::Temp ();
use Time::HiRes qw(sleep time);

our @EXPORT = qw(run_command wait_until slurp spew);

sub slurp {
	my ($path) = @_;
	open my $file, '<:raw', $path or die "$path: $!\n";
	local $/;
	return scalar <$file> // '';
}

sub spew {
	my ($path, $content) = @_;
	utf8::encode($content) if utf8::is_utf8($content);
	open my $file, '>:raw', $path or die "$path: $!\n";
	print $file $content;
	close $file or die "$path: $!\n";
	return $path;
}

# run_command([program, argument...], input => text): a hash of rc, stdout, stderr (bytes, as UTF-8). rc is -1 when a signal ended it.
sub run_command {
	my ($command, %options) = @_;
	my $process = AlkconvTest::Command->start($command, %options);
	return $process->finish;
}

# wait_until { condition } $seconds, 'what': polls; dies when it does not come true.
sub wait_until(&;$$) {
	my ($condition, $seconds, $what) = @_;
	my $deadline = time() + ($seconds // 30);
	while (1) {
		my $result = $condition->();
		return $result if $result;
		die 'waited in vain for ' . ($what // 'a condition') . "\n" if time() > $deadline;
		sleep 0.05;
	}
}

# start(): the same in the background; finish() waits for it.
sub start {
	my ($class, $command, %options) = @_;
	my $self = bless {
		command => $command,
		stdin => File::Temp->new,
		stdout => File::Temp->new,
		stderr => File::Temp->new,
		started => time(),
	}, $class;
	my $input = $options{input} // '';
	utf8::encode($input) if utf8::is_utf8($input);
	binmode $self->{stdin};
	print { $self->{stdin} } $input;
	$self->{stdin}->flush;
	my $pid = fork() // die "fork: $!\n";
	if (!$pid) {
		open STDIN, '<', $self->{stdin}->filename or die;
		open STDOUT, '>', $self->{stdout}->filename or die;
		open STDERR, '>', $self->{stderr}->filename or die;
		local %ENV = (%ENV, %{ $options{env} // {} });
		exec { $command->[0] } @$command or do {
			print STDERR "$command->[0]: $!\n";
			require POSIX;
			POSIX::_exit(127);
		};
	}
	$self->{pid} = $pid;
	return $self;
}

sub pid { return $_[0]{pid} }

sub running {
	my ($self) = @_;
	return 0 if exists $self->{status};
	require POSIX;
	return 1 if waitpid($self->{pid}, POSIX::WNOHANG()) == 0;
	$self->{status} = $?;
	return 0;
}

# finish(timeout): waits for the end; past the timeout (seconds, 300) it is killed and finish dies.
sub finish {
	my ($self, $timeout) = @_;
	my $deadline = time() + ($timeout // 300);
	my $pause = 0.001;
	while ($self->running) {
		if (time() > $deadline) {
			kill 'KILL', $self->{pid};
			waitpid $self->{pid}, 0;
			$self->{status} = $?;
			die "still running after its time: @{ $self->{command} }\n" . slurp($self->{stderr}->filename);
		}
		sleep $pause;
		$pause *= 2 if $pause < 0.03;
	}
	my $status = $self->{status};
	return (
		rc => $status & 127 ? -1 : $status >> 8,
		stdout => $self->output,
		stderr => slurp($self->{stderr}->filename),
		seconds => time() - $self->{started},
	);
}

# What it has printed up to now.
sub output { return slurp($_[0]{stdout}->filename) }
sub errors { return slurp($_[0]{stderr}->filename) }

sub DESTROY {
	my ($self) = @_;
	return if exists $self->{status} || !$self->{pid};
	local ($?, $!);
	kill 'KILL', $self->{pid};
	waitpid $self->{pid}, 0;
	return;
}

1;
