package Bench::Results;

# Reads what the runs left, and works out medians, rates and ratios.

use strict;
use warnings;
use Exporter 'import';

our @EXPORT_OK = qw(read_results read_conditions ratio);

# read_results(FILE): [ { shape, scale, rows, bytes, tools => [ names in order ], by => { NAME => figures } } ], one for each
# shape and scale, in the order of the runs. Figures: runs (seconds), seconds (their median), rows_per_second, mb_per_second,
# which a tool that failed has none of but failed => 1, and in MB the highest of all runs: backend_mb, backends_mb, resident_mb, client_mb (see memory.pl).
sub read_results
{
	my ($file) = @_;
	my (@sizes, %size);
	open my $in, '<', $file or die "cannot read $file: $!\n";
	while (my $line = <$in>)
	{
		chomp $line;
		my ($shape, $scale, $tool, undef, $seconds, $rows, $bytes, @memory) = split /\t/, $line;
		my $key  = "$shape\t$scale";
		my $size = $size{$key};
		push @sizes, $size = $size{$key} = { shape => $shape, scale => $scale, rows => $rows, bytes => $bytes, tools => [], by => {} } if !$size;
		push @{ $size->{tools} }, $tool if !$size->{by}{$tool};
		my $figures = $size->{by}{$tool} ||= { runs => [] };
		if ($seconds eq 'failed') { $figures->{failed} = 1; }
		else                      { push @{ $figures->{runs} }, $seconds; }
		for my $name (qw(backend_mb backends_mb resident_mb client_mb))
		{
			my $mb = shift(@memory) / 1024;
			$figures->{$name} = $mb if $mb > ($figures->{$name} // -1);
		}
	}
	for my $size (@sizes)
	{
		$_->{seconds} = median(@{ $_->{runs} }) for grep { !$_->{failed} } values %{ $size->{by} };
		add_floor($size);
		rates($size, $_) for grep { !$_->{failed} } values %{ $size->{by} };
	}
	return \@sizes;
}

# No way to load is faster than the slower one of reading and writing, with the keys built after it.
sub add_floor
{
	my ($size) = @_;
	my ($drain, $copy, $index) = map { ($size->{by}{$_} || {})->{seconds} } qw(drain copy_freeze index_build);
	return if !defined $drain || !defined $copy;
	push @{ $size->{tools} }, 'floor';
	$size->{by}{floor} = { seconds => ($drain > $copy ? $drain : $copy) + $index };
	return;
}

sub rates
{
	my ($size, $figures) = @_;
	my $seconds = $figures->{seconds} > 0 ? $figures->{seconds} : 0.001;
	$figures->{rows_per_second} = $size->{rows} / $seconds;
	$figures->{mb_per_second}   = $size->{bytes} / 1e6 / $seconds;
	return;
}

sub median
{
	my @sorted = sort { $a <=> $b } @_;
	return ($sorted[ $#sorted / 2 ] + $sorted[ @sorted / 2 ]) / 2;
}

# ratio(SIZE, A, B): how many times as long A takes as B; undef where one did not run.
sub ratio
{
	my ($size, @tools) = @_;
	my ($one, $other) = map { ($size->{by}{$_} || {})->{seconds} } @tools;
	return $one && $other ? $one / $other : undef;
}

# read_conditions(FILE): [ [ name, value ], ... ].
sub read_conditions
{
	my ($file) = @_;
	open my $in, '<', $file or die "cannot read $file: $!\n";
	return [ map { chomp; [ split /\t/, $_, 2 ] } <$in> ];
}

1;
