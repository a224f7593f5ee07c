#!/usr/bin/perl
# tap_runner.pl JOBS COUNTS LOGDIR FILE...: runs TAP files, as many at a time as JOBS says, and writes "passed failed skipped" to
# COUNTS; what each file printed is kept in LOGDIR. Files with the word "alone" on their "# testbed:" line come last, one by one. A
# skipped test counts as failed: what does not apply to a platform is left out by that line, so that nothing is missed unnoticed.
use strict;
use warnings;
use File::Basename qw(basename);
use TAP::Harness;
use TAP::Parser::Aggregator;

my ($jobs, $counts_file, $logdir, @files) = @ARGV;

sub alone {
	my ($file) = @_;
	open my $source, '<', $file or die "$file: $!";
	my ($words) = map { /^# testbed:(.*)/ ? $1 : () } <$source>;
	return ($words // '') =~ /\balone\b/;
}

my $harness = TAP::Harness->new({ verbosity => 0, timer => 1, lib => [], merge => 1 });
$harness->callback(made_parser => sub {
	my ($parser, $test) = @_;
	my $name = basename($test->[0], '.pl');
	open my $log, '>', "$logdir/$name.tap.log" or die "$logdir/$name.tap.log: $!";
	$log->autoflush(1);
	$parser->callback(ALL => sub { print $log $_[0]->as_string, "\n" });
});
$harness->callback(after_test => sub {
	my ($test, $parser) = @_;
	return if !$parser->has_problems && !$parser->skipped && !$parser->skip_all;
	my $name = basename($test->[0], '.pl');
	open my $log, '<', "$logdir/$name.tap.log" or return;
	my @lines = <$log>;
	splice @lines, 0, @lines - 150 if @lines > 150;
	print "--- the end of what $name printed:\n", @lines, "---\n";
});
my $result = TAP::Parser::Aggregator->new;
$result->start;
for my $turn ([$jobs, grep { !alone($_) } @files], [1, grep { alone($_) } @files]) {
	my ($at_once, @turn) = @$turn;
	$harness->jobs($at_once);
	$harness->aggregate_tests($result, @turn) if @turn;
}
$result->stop;
$harness->summary($result);
my $passed = $result->passed;
my $skipped = $result->skipped;
# A file that died, ran another number of tests than planned or was skipped whole failed, even if each of its tests passed.
my $bad_files = 0;
for my $parser ($result->parsers(@files)) {
	$bad_files++ if $parser->skip_all || $parser->parse_errors || (($parser->exit || $parser->wait) && !$parser->failed);
}
open my $counts, '>', $counts_file or die "$counts_file: $!";
printf $counts "%d %d %d\n", $passed - $skipped, $result->failed + $skipped + $bad_files, $skipped;
close $counts;
exit($result->all_passed && !$skipped && !$bad_files ? 0 : 1);
