#!/usr/bin/perl
# table.pl MYSQL.tsv [MARIADB.tsv]: writes what `run` has found (ALKCONV_MUTANTS_TABLE) into docs/verification.md, between its marks.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Mutants;

my ($begin, $end) = ('<!-- mutants -->', '<!-- /mutants -->');

# The check, or the error in short.
sub found_by {
	my ($outcome, $text) = @_;
	return "not tried" if !defined $outcome;
	return "**$outcome**" . ($outcome eq 'survived' || $outcome eq 'same' ? ", as documented: $text" : '') if $outcome ne 'found';
	$text =~ s/^\w+: //; # the scenario
	return "proof: $1" if $text =~ /^XX001: verification failed: (.*?)(?: of table .*| "[^"]*".*|, .*)?$/;
	$text =~ s/^(\w{5}): /error $1: /;
	$text =~ s/"[^"]*"/.../g;
	return length $text > 90 ? substr($text, 0, 87) . '...' : $text;
}

sub rows {
	my ($path) = @_;
	return map { my ($name, $file, $outcome, $text) = split /\t/; $name => { file => $file, by => found_by($outcome, $text // '') } } split /\n/, Mutants::slurp($path);
}

my @tables = map { { rows($_) } } @ARGV or die "usage: table.pl MYSQL.tsv [MARIADB.tsv]\n";
my @lines = ('| mutant | file | found by' . (@tables > 1 ? ', from MySQL | from MariaDB |' : ' |'), '|' . '---|' x (2 + @tables));
for my $mutant (Mutants::read_lists($FindBin::Bin)) {
	next if $mutant->{always};
	my @by = map { $_->{ $mutant->{name} }{by} // found_by() } @tables;
	s/\|/\\|/g for @by;
	push @lines, join ' | ', "| `$mutant->{name}`", "`$mutant->{file}`", @by;
	$lines[-1] .= ' |';
}
my $page = "$FindBin::Bin/../../docs/verification.md";
my $text = Mutants::slurp($page);
$text =~ s/\Q$begin\E.*\Q$end\E/join "\n", $begin, @lines, $end/se or die "$page: no marks\n";
Mutants::spew($page, $text);
