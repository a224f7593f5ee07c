#!/usr/bin/perl
# apply.pl TREE: puts all mutants of test/mutants/*.mutants into the sources of TREE (a copy of the checkout), each guarded, so that one build
# holds all of them and a session chooses one by `SET alkconv.mutant = N`. Writes TREE/mutants.tsv: number, name, file, kind of reason, reason.
#
# A mutant whose place is gone, or is there more than once, ends this with an error: the list follows the code.
# --check: looks at the places only and changes nothing.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Mutants;

my $check = @ARGV && $ARGV[0] eq '--check' && shift;
my $tree = shift // die "usage: apply.pl [--check] TREE\n";
my @mutants = Mutants::read_lists("$tree/test/mutants");
my %by_file;
push @{ $by_file{ $_->{file} } }, $_ for @mutants;
my @faults;
for my $file (sort keys %by_file) {
	my $source = eval { Mutants::slurp("$tree/$file") };
	push(@faults, "$file: no such file"), next if !defined $source;
	my $mutated = Mutants::guarded($source, $by_file{$file}, \@faults);
	Mutants::spew("$tree/$file", $mutated) if !$check;
}
die join("\n", @faults, '') if @faults;
if (!$check) {
	Mutants::add_setting("$tree/src/sql/module.cpp");
	Mutants::spew("$tree/mutants.tsv", join '', map { "$_->{number}\t$_->{name}\t$_->{file}\t$_->{why}\n" } grep { !$_->{always} } @mutants);
}
printf "%d mutants in %d files\n", scalar(grep { !$_->{always} } @mutants), scalar keys %by_file;
