package Bench::Tables;

# The results as tables of markdown.

use strict;
use warnings;
use Exporter 'import';
use Bench::Results qw(ratio);

our @EXPORT_OK = qw(tables label);

my %label = (
	drain => 'MySQL read and dropped', copy_freeze => 'COPY BINARY FREEZE', index_build => 'keys and indexes built',
	floor => '**the floor**', alkconv_load => '**alkconv**, rows counted', alkconv_proof => '**alkconv**, every value proved',
	mysql_fdw => 'mysql_fdw', pgloader => 'pgloader', csv_copy => 'text file and COPY', readers_1 => 'alkconv, one reader',
	readers_2 => 'alkconv, two readers',
);
sub label { my ($tool) = @_; return $label{$tool} // $tool; }

# tables(CONDITIONS, SIZES): the whole text.
sub tables
{
	my ($conditions, $sizes) = @_;
	my ($full) = map { $_->[1] } grep { $_->[0] eq 'SCALE' } @$conditions;
	my @full = grep { $_->{scale} == $full } @$sizes;
	return join "\n", conditions($conditions), (map { shape($_) } @full), growth(@$sizes);
}

sub conditions { my ($conditions) = @_; return join('; ', map { "$_->[0] $_->[1]" } @$conditions) . ".\n"; }

sub shape
{
	my ($size) = @_;
	my @rows = [ 'seconds', 'median', 'rows/s', 'MB/s', 'of the floor', 'mysql_fdw takes', 'pgloader takes', 'memory' ];
	for my $tool (@{ $size->{tools} })
	{
		my $by = $size->{by}{$tool};
		if ($by->{failed}) { push @rows, [ label($tool), 'failed', ('') x 5, memory($by) ]; next; }
		push @rows, [
			label($tool), number($by->{seconds}), sprintf('%.0f', $by->{rows_per_second}), number($by->{mb_per_second}),
			factor(ratio($size, $tool, 'floor')), (map { factor(ratio($size, $_, $tool)) } qw(mysql_fdw pgloader)), memory($by),
		];
	}
	my $text = sprintf "%s: %d rows, %d MB\n\n", $size->{shape}, $size->{rows}, $size->{bytes} / 1e6;
	my $gain = ratio($size, 'readers_1', 'readers_2');
	return $text . table(@rows) . (defined $gain ? sprintf("\nTwo readers are %.2f times as fast as one.\n", $gain) : '');
}

# How time and memory grow with the size, where a shape ran at several.
sub growth
{
	my (%scales, @rows);
	push @{ $scales{ $_->{shape} } }, $_ for @_;
	for my $shape (sort keys %scales)
	{
		next if @{ $scales{$shape} } < 2;
		for my $size (sort { $a->{rows} <=> $b->{rows} } @{ $scales{$shape} })
		{
			push @rows, [ $shape, $size->{rows}, sprintf('%.0f', $size->{bytes} / 1e6), map { growth_of($size, $_) } qw(alkconv_load alkconv_proof) ];
		}
	}
	return () if !@rows;
	return "How it grows\n\n" . table([ 'shape', 'rows', 'MB', 'load s', 'us/row', 'memory', 'proved s', 'us/row', 'memory' ], @rows);
}

sub growth_of
{
	my ($size, $tool) = @_;
	my $by = $size->{by}{$tool} or return ('', '', '');
	return (number($by->{seconds}), sprintf('%.2f', 1e6 * $by->{seconds} / $size->{rows}), memory($by));
}

sub memory
{
	my ($by) = @_;
	return '' if !defined $by->{backend_mb};
	return join ' + ', map { sprintf '%.0f %s', @$_ } grep { $_->[0] >= 8 || $_->[1] eq 'MB' } [ $by->{backend_mb}, 'MB' ],
		[ $by->{backends_mb} - $by->{backend_mb}, 'in other backends' ], [ $by->{client_mb}, 'in the client' ];
}

sub number { my ($n) = @_; return sprintf $n < 10 ? '%.2f' : $n < 100 ? '%.1f' : '%.0f', $n; }
sub factor { my ($n) = @_; return defined $n ? sprintf('%.2f x', $n) : ''; }

# Without the columns that have no figure.
sub table
{
	my ($head, @rows) = @_;
	my @used = grep { my $column = $_; grep { $_->[$column] ne '' } @rows } 0 .. $#$head;
	return join '', map { '| ' . join(' | ', @{$_}[@used]) . " |\n" } $head, [ '---', ('---:') x $#$head ], @rows;
}

1;
