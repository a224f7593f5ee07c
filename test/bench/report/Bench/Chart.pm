package Bench::Chart;

# A bar chart as SVG: a group for each shape, each group to a scale of its own, seconds at the bars.

use strict;
use warnings;
use Exporter 'import';

our @EXPORT_OK = qw(chart);

my @bars = (
	[ floor => 'floor of the hardware', '#9aa0a6' ], [ alkconv_load => 'alkconv, rows counted', '#1a7f37' ],
	[ alkconv_proof => 'alkconv, every value proved', '#57ab5a' ], [ mysql_fdw => 'mysql_fdw', '#bf8700' ],
	[ pgloader => 'pgloader', '#bc4c00' ], [ csv_copy => 'text file and COPY', '#8250df' ],
);
my ($width, $left, $right, $step, $thick) = (760, 210, 70, 20, 14);

# chart(SIZES): the text of the file.
sub chart
{
	my @sizes = @_;
	my ($y, @parts) = (10);
	for my $size (@sizes)
	{
		my @present = grep { $size->{by}{ $_->[0] } } @bars;
		my ($longest) = sort { $b <=> $a } map { $size->{by}{ $_->[0] }{seconds} // 0 } @present;
		next if !$longest;
		push @parts, text(10, $y + 12, 'start', 'bold', sprintf '%s: %s rows, %s', $size->{shape}, grouped($size->{rows}), megabytes($size->{bytes}));
		$y += 24;
		for my $bar (@present)
		{
			my ($tool, $label, $color) = @$bar;
			my $seconds = $size->{by}{$tool}{seconds};
			my $length  = ($width - $left - $right) * ($seconds // 0) / $longest;
			my $figure  = defined $seconds ? sprintf $seconds < 10 ? '%.2f s' : '%.1f s', $seconds : 'failed';
			push @parts, text($left - 8, $y + 11, 'end', 'normal', $label);
			push @parts, sprintf qq(<rect x="%d" y="%d" width="%.1f" height="%d" fill="%s"/>\n), $left, $y, $length < 1 ? 1 : $length, $thick, $color;
			push @parts, text($left + $length + 6, $y + 11, 'start', 'normal', $figure);
			$y += $step;
		}
		$y += 14;
	}
	return qq(<svg xmlns="http://www.w3.org/2000/svg" width="$width" height="$y" viewBox="0 0 $width $y" font-family="sans-serif" font-size="12">\n)
		. qq(<rect width="$width" height="$y" fill="#ffffff"/>\n) . join('', @parts) . "</svg>\n";
}

sub text
{
	my ($x, $y, $anchor, $weight, $text) = @_;
	return sprintf qq(<text x="%.1f" y="%d" text-anchor="%s" font-weight="%s" fill="#1f2328">%s</text>\n), $x, $y, $anchor, $weight, $text;
}

sub grouped { my ($n) = @_; 1 while $n =~ s/^(\d+)(\d{3})/$1 $2/; return $n; }
sub megabytes { my ($bytes) = @_; return $bytes < 1e9 ? sprintf('%.0f MB', $bytes / 1e6) : sprintf('%.2f GB', $bytes / 1e9); }

1;
