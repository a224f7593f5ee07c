#!/usr/bin/perl
# memory.pl POSTMASTER DATABASE CLIENT: prints a line, watches memory ten times a second until SIGTERM, and prints a line with
# four peaks in kB, separated by tabs:
#   private memory (RssAnon) of the largest backend that works in the database
#   private memory of all of them with their parallel workers
#   the most that one of them ever had resident (VmHWM), Postgres' shared buffers that it touched included
#   private memory of the processes that the process CLIENT started meanwhile
use strict;
use warnings;

my ($postmaster, $database, $client) = @ARGV;
@ARGV == 3 or die "usage: memory.pl POSTMASTER DATABASE CLIENT\n";
my ($largest, $total, $resident, $clients, $over) = (0, 0, 0, 0, 0);
my %before; # what ran already is no client
%before = map { $_ => 1 } descendants($client), $$;
$SIG{TERM} = sub { $over = 1; };
$| = 1;
print "watching\n";
until ($over)
{
	look();
	select undef, undef, undef, 0.1;
}
print join("\t", $largest, $total, $resident, $clients), "\n";

sub look
{
	my ($sum, @workers) = (0);
	my %ours;
	for my $pid (children($postmaster))
	{
		my $title = content("/proc/$pid/cmdline");
		if ($title =~ /^postgres: \S+ \Q$database\E /) { $ours{$pid} = 1; }
		elsif ($title =~ /^postgres: parallel worker for PID (\d+)/) { push @workers, [ $pid, $1 ]; }
	}
	for my $pid (keys %ours, map { $_->[0] } grep { $ours{ $_->[1] } } @workers)
	{
		my ($private, $highest) = memory($pid);
		$sum += $private;
		keep(\$largest, $private);
		keep(\$resident, $highest);
	}
	keep(\$total, $sum);
	my $of_clients = 0;
	$of_clients += (memory($_))[0] for descendants($client);
	keep(\$clients, $of_clients);
}

sub descendants { my ($pid) = @_; return map { $_, descendants($_) } grep { !$before{$_} } children($pid); }

# Each thread of a process has children of its own.
sub children { my ($pid) = @_; return map { split ' ', content($_) } glob "/proc/$pid/task/*/children"; }

sub memory
{
	my ($pid) = @_;
	my $status = content("/proc/$pid/status");
	return map { $status =~ /^$_:\s+(\d+) kB/m ? $1 : 0 } qw(RssAnon VmHWM);
}

sub content
{
	my ($path) = @_;
	open my $in, '<', $path or return ''; # it has ended
	local $/;
	return <$in> // '';
}

sub keep { my ($peak, $now) = @_; $$peak = $now if $now > $$peak; return; }
