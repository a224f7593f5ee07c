# testbed: mysql
#
# Every folder of test/fixtures/cases is examined by some test: the name stands in a call of case_source there, or it is made by the test itself.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $tests = join "\n", map { slurp($_) } grep { !/500_cases\.pl$/ } glob 'test/t/*.pl';

for my $case (map { m{([^/]+)/expect\.txt$} } sort glob 'test/fixtures/cases/*/expect.txt') {
	ok($tests =~ /'\Q$case\E'/, "case $case has a test");
}

done_testing;
