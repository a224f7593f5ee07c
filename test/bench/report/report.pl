#!/usr/bin/perl
# report.pl FOLDER: makes results.md, results.json and results.svg of FOLDER/results.tsv and conditions.tsv, and prints the first.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use JSON::PP;
use Bench::Chart qw(chart);
use Bench::Results qw(read_results read_conditions);
use Bench::Tables qw(tables);

my ($folder) = @ARGV or die "usage: report.pl FOLDER\n";
my $sizes      = read_results("$folder/results.tsv");
my $conditions = read_conditions("$folder/conditions.tsv");
my %conditions = map { @$_ } @$conditions;

my $text = tables($conditions, $sizes);
save('results.md', $text);
save('results.json', JSON::PP->new->canonical->pretty->encode({ conditions => \%conditions, sizes => [ map { numeric($_) } @$sizes ] }));
save('results.svg', chart(grep { $_->{scale} == $conditions{SCALE} } @$sizes));
print "\n$text";

sub save
{
	my ($name, $content) = @_;
	open my $out, '>', "$folder/$name" or die "cannot write $folder/$name: $!\n";
	print $out $content;
	close $out or die "cannot write $folder/$name: $!\n";
	return;
}

# Numbers read from a file are text to the encoder.
sub numeric
{
	my ($value) = @_;
	return { map { $_ => numeric($value->{$_}) } keys %$value } if ref $value eq 'HASH';
	return [ map { numeric($_) } @$value ] if ref $value eq 'ARRAY';
	return $value =~ /^-?\d+(?:\.\d+)?(?:e[-+]?\d+)?$/ ? $value + 0 : $value;
}
