# The lists of mutants and how they get into the source. The form of a list:
#
#   mutant true_stored_as_false              a name: small letters, digits, _
#   file src/core/conversion_number.cpp
#   in Value Boolean(                        optional: the place is the first one after this line, which is there once
#   scenario types made                      optional: the scenarios (scenarios.pl) that reach it, the quickest first; otherwise all are tried
#   expression                               or: statement, omit
#   value != 0                               what stands there, once in the file (or once after `in`), on one or more lines
#   becomes
#   value == 0
#   end
#
# `always NAME` instead of `mutant NAME`: the build with mutants has `new` for `old` from the start, for instance a smaller limit, so that a small
# fixture reaches what a large table does otherwise.
#
# expression: (mutant ? (new) : (old)); statement: if (mutant) { new } else { old }; omit: if (!mutant) { old }, without `becomes`.
# `equal REASON` before `end`: what is stored does not change, or differs in a documented way; the mutant may survive.
package Mutants;

use strict;
use warnings;

sub slurp {
	my ($path) = @_;
	open my $in, '<', $path or die "$path: $!\n";
	local $/;
	return scalar <$in>;
}

sub spew {
	my ($path, $text) = @_;
	open my $out, '>', $path or die "$path: $!\n";
	print $out $text;
	close $out or die "$path: $!\n";
	return;
}

# All mutants of a folder's lists, in the order of files and places. Dies at what is no list.
sub read_lists {
	my ($folder) = @_;
	my (@mutants, %seen);
	for my $path (sort glob "$folder/*.mutants") {
		(my $list = $path) =~ s{.*/|\.mutants$}{}g;
		my ($mutant, $part);
		open my $in, '<', $path or die "$path: $!\n";
		while (my $line = <$in>) {
			chomp $line;
			my $where = "$path:$.";
			if (!$mutant) {
				next if $line =~ /^\s*(#|$)/;
				my ($what, $name) = $line =~ /^(mutant|always) ([a-z0-9_]+)$/ or die "$where: not 'mutant NAME': $line\n";
				die "$where: $name is there already\n" if $seen{$name}++;
				$mutant = { name => $name, always => $what eq 'always', list => $list, where => $where, old => [], new => [], why => '' };
				$part = 'head';
			} elsif ($part eq 'head') {
				if ($line =~ /^(file|in|scenario) (.+)$/) { $mutant->{$1} = $2 }
				elsif ($line =~ /^(expression|statement|omit)$/) { $mutant->{kind} = $1; $part = 'old' }
				else { die "$where: not file, in, scenario, expression, statement or omit: $line\n" }
			} elsif ($line eq 'becomes' && $part eq 'old' && $mutant->{kind} ne 'omit') {
				$part = 'new';
			} elsif ($line =~ /^equal (.+)$/) {
				$mutant->{why} = $1;
			} elsif ($line eq 'end') {
				$mutant->{$_} = join "\n", @{ $mutant->{$_} } for qw(old new);
				die "$where: $mutant->{name} lacks something\n"
					if !defined $mutant->{file} || $mutant->{old} eq '' || ($mutant->{kind} ne 'omit' && $mutant->{new} eq '');
				push @mutants, $mutant;
				$mutant = undef;
			} else {
				push @{ $mutant->{$part} }, $line;
			}
		}
		die "$path: $mutant->{name} has no end\n" if $mutant;
	}
	my %taken;
	for my $mutant (@mutants) {
		my $number = $mutant->{number} = number_of($mutant->{name});
		die "$mutant->{where}: $mutant->{name} has the number of $taken{$number}: call it otherwise\n" if $taken{$number};
		$taken{$number} = $mutant->{name};
	}
	return @mutants;
}

# Made of the name alone (FNV-1a), so that a mutant more or less compiles one file anew and not all that have some.
sub number_of {
	my ($name) = @_;
	my $number = 2166136261;
	$number = (($number ^ ord) * 16777619) & 0x7fffffff for split //, $name;
	return $number || 1;
}

# The offset of a mutant's place in $source, or undef and a fault.
sub place {
	my ($source, $mutant, $faults) = @_;
	my $from = 0;
	if (defined $mutant->{in}) {
		$from = index $source, $mutant->{in};
		return push(@$faults, "$mutant->{where}: $mutant->{name}: not in $mutant->{file}: $mutant->{in}"), undef if $from < 0;
		return push(@$faults, "$mutant->{where}: $mutant->{name}: more than once in $mutant->{file}: $mutant->{in}"), undef
			if index($source, $mutant->{in}, $from + 1) >= 0;
	}
	my $at = index $source, $mutant->{old}, $from;
	return push(@$faults, "$mutant->{where}: $mutant->{name}: not in $mutant->{file}: $mutant->{old}"), undef if $at < 0;
	return push(@$faults, "$mutant->{where}: $mutant->{name}: more than once in $mutant->{file}: $mutant->{old}"), undef
		if !defined $mutant->{in} && index($source, $mutant->{old}, $at + 1) >= 0;
	return $at;
}

my %form = (
	expression => sub { my ($on, $old, $new) = @_; "($on ? ($new) : ($old))" },
	statement => sub { my ($on, $old, $new) = @_; "if ($on) {\n$new\n} else {\n$old\n}" },
	omit => sub { my ($on, $old) = @_; "if (!$on) {\n$old\n}" },
);

# $source with all of @$mutants. Several may share one place to the letter; places that overlap otherwise are a fault.
sub guarded {
	my ($source, $mutants, $faults) = @_;
	my %places;
	for my $mutant (@$mutants) {
		my $at = place($source, $mutant, $faults);
		push @{ $places{$at} }, $mutant if defined $at;
	}
	my $end = length $source;
	for my $at (sort { $b <=> $a } keys %places) {
		my @here = @{ $places{$at} };
		for my $mutant (@here) {
			push @$faults, "$mutant->{where}: $mutant->{name}: not alone at its place" if $mutant->{always} && @here > 1;
			push @$faults, "$mutant->{where}: $mutant->{name}: overlaps another place"
				if $at + length $mutant->{old} > $end || $mutant->{old} ne $here[0]{old} || ($mutant->{kind} eq 'expression') != ($here[0]{kind} eq 'expression');
		}
		next if @$faults;
		my $text = $here[0]{old};
		$text = $_->{always} ? $_->{new} : $form{ $_->{kind} }->("ALKCONV_MUTANT($_->{number})", $text, $_->{new}) for @here;
		substr $source, $at, length $here[0]{old}, $text;
		$end = $at;
	}
	# After the line that states the regime, before everything else.
	$source =~ s{^(// Regime:[^\n]*\n)}{$1 . slurp_header()}e or push @$faults, "$mutants->[0]{file}: no regime line";
	return $source;
}

# The guard says also that its place was reached: a mutant that never is tells nothing. Threads read and write it, without order.
# Not optimised: the compiler's time is better spent on the tests, and what is stored is the same.
sub slurp_header {
	return <<'HEADER';
#pragma GCC diagnostic ignored "-Wreturn-type"
#pragma GCC diagnostic ignored "-Wimplicit-fallthrough"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wunused-variable"
#pragma GCC diagnostic ignored "-Wunused-but-set-variable"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wparentheses"
#pragma GCC diagnostic ignored "-Wtype-limits"
#pragma GCC diagnostic ignored "-Wclobbered"
#pragma GCC diagnostic ignored "-Wdangling-else"
#pragma GCC diagnostic ignored "-Wunused-value"
extern "C" int alkconv_mutant, alkconv_mutant_reached;
#define ALKCONV_MUTANT(number) \
	(__builtin_expect(alkconv_mutant == (number), 0) && (__atomic_store_n(&alkconv_mutant_reached, 1, __ATOMIC_RELAXED), true))
HEADER
}

# The setting, in the build with mutants alone.
sub add_setting {
	my ($path) = @_;
	my $source = slurp($path);
	$source =~ s{^(\t// a misspelled alkconv\.\* is refused\n)}{<<'SETTING' . $1}me or die "$path: no place for the setting\n";
	DefineCustomIntVariable("alkconv.mutant", "Number of the mutant that is on.", nullptr, &alkconv_mutant, 0, 0, INT_MAX, PGC_USERSET, 0,
							nullptr, nullptr, nullptr);
	DefineCustomIntVariable("alkconv.mutant_reached", "Whether its place was reached.", nullptr, &alkconv_mutant_reached, 0, 0, 1,
							PGC_USERSET, GUC_NOT_IN_SAMPLE, nullptr, nullptr, nullptr);
SETTING
	$source =~ s{^(#include "pg/regime_pg\.hpp"\n)}{$1\nextern "C" int alkconv_mutant, alkconv_mutant_reached;\nint alkconv_mutant, alkconv_mutant_reached;\n}m
		or die "$path: no last include\n";
	spew($path, $source);
	return;
}

1;
