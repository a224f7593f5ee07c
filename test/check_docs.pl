#!/usr/bin/perl
# check_docs.pl links | tests: prints what is wrong with the links of docs/ and README.md, a line each. Run from the top of the source tree.
#
#   links   every relative link leads to a file, with a heading of that name where it has an anchor; every [text][name] is defined
#   tests   every link of docs/peers.md to a test names one that is there, as its title; the last cell of each of its rows that speaks of
#           alkconv has such a link, or says that there is nothing to show ("no...", "not yet...")
#
# The title of a link to a test is how the test's name begins (.pl: a string; .sql: a comment line), or Suite.Name (.cpp).
use strict;
use warnings;

my %text_of;
sub text_of {
	my ($file) = @_;
	return $text_of{$file} //= do {
		local $/;
		open my $in, '<:encoding(UTF-8)', $file or die "$file: $!";
		my $text = <$in>;
		$text;
	};
}

# How GitHub names a heading.
sub anchor {
	my ($heading) = @_;
	$heading =~ s/\[([^\]]*)\]\([^)]*\)/$1/g;
	$heading =~ s/[^\w\- ]//g;
	return lc($heading) =~ tr/ /-/r;
}

# Each link of a file: [line, target, title]. Code is no place for links.
sub links_of {
	my ($file) = @_;
	my $text = text_of($file);
	$text =~ s/^```.*?^```$/"\n" x ($& =~ tr|\n||)/gmse;
	$text =~ s/`[^`\n]*`/`code`/g;
	my (@links, %defined, @used);
	my $line = 0;
	for (split /\n/, $text) {
		++$line;
		push @links, [ $line, $1, $2 ] while /\]\(([^()\s]+)(?:\s+"([^"]*)")?\)/g;
		push @used, [ $line, $1 ] while /\]\[([^\]\s]+)\]/g;
		if (/^\[([^\]]+)\]:\s+(\S+)$/) {
			$defined{$1} = 1;
			push @links, [ $line, $2 ];
		}
	}
	defined $defined{ $_->[1] } or print "$file:$_->[0]: [$_->[1]] is not defined\n" for @used;
	return @links;
}

# The file that a relative link leads to.
sub target_of {
	my ($file, $link) = @_;
	my @parts = split m{/}, $file;
	pop @parts;
	for (split m{/}, $link) { $_ eq '..' ? pop @parts : push @parts, $_ }
	return join '/', @parts;
}

sub has_test {
	my ($file, $name) = @_;
	my $text = text_of($file);
	return $text =~ /['"]\Q$name\E/ if $file =~ /\.pl$/;
	return $text =~ /^-- \Q$name\E/m if $file =~ /\.sql$/;
	my ($suite, $test) = split /\./, $name;
	return defined $test && $text =~ /^TEST(?:_F|_P)?\(\Q$suite\E, \Q$test\E\)/m;
}

my %check = (
	links => sub {
		for my $file ('README.md', glob 'docs/*.md') {
			for (links_of($file)) {
				my ($line, $link) = @$_;
				next if $link =~ /^[a-z]+:/;
				my ($path, $anchor) = split /#/, $link, 2;
				my $target = $path eq '' ? $file : target_of($file, $path);
				if (!-e $target) { print "$file:$line: $target does not exist\n" }
				elsif (defined $anchor && !grep { anchor($_) eq $anchor } text_of($target) =~ /^#+ +(.*)$/mg) { print "$file:$line: $target has no heading #$anchor\n" }
			}
		}
	},
	tests => sub {
		my $file = 'docs/peers.md';
		for (links_of($file)) {
			my ($line, $link, $title) = @$_;
			next if $link !~ m{^\.\./((?:test|sql)/.*)$} || !-f $1;
			if (!defined $title) { print "$file:$line: which test of $1?\n" }
			elsif (!has_test($1, $title)) { print "$file:$line: $1 has no test \"$title\"\n" }
		}
		my ($line, $ours) = (0, 0);
		for (split /\n/, text_of($file)) {
			++$line;
			if (!/^\|.*\|$/) { $ours = 0 }
			elsif (/\| alkconv \|$/) { $ours = 1 }
			elsif ($ours && !/^\|[-|]+\|$/ && (split /\|/)[-1] !~ m{^ no\b|^ not yet\b|\]\(\.\./(?:test|sql)/}) { print "$file:$line: which test shows it?\n" }
		}
	},
);
my $run = $check{ $ARGV[0] // '' } or die "usage: check_docs.pl links | tests\n";
binmode STDOUT, ':encoding(UTF-8)';
$run->();
