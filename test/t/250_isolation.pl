# testbed: mysql mariadb readers
#
# What other sessions see of a run: the isolation tests of test/isolation, in a database with a source.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $my = scratch_source("CREATE TABLE item (id int PRIMARY KEY, v varchar(10)); INSERT INTO item VALUES (1, 'new'), (2, 'new'), (3, 'new')");
my $db = scratch_database();
$db->link_source('src', $my);

my ($pgxs) = { run_command([ $ENV{PG_CONFIG}, '--pgxs' ]) }->{stdout} =~ m{^(.*)/makefiles/pgxs\.mk$} or die "no pgxs\n";
my ($bindir) = { run_command([ $ENV{PG_CONFIG}, '--bindir' ]) }->{stdout} =~ /^(.*)$/;
my $output = "$ENV{ALKCONV_RUN}/tmp/" . $db->dbname;
mkdir $output;
my @specs = map { m{([^/]+)\.spec$} } sort glob "$ENV{ALKCONV_SRC}/test/isolation/specs/*.spec";
ok(scalar @specs, 'there are specs');
for my $spec (@specs) {
	my %result = run_command([
		"$pgxs/test/isolation/pg_isolation_regress", '--use-existing', "--bindir=$bindir", "--inputdir=$ENV{ALKCONV_SRC}/test/isolation",
		"--outputdir=$output", '--host=' . $db->socket, '--port=' . $db->port, '--user=postgres', '--dbname=' . $db->dbname, $spec
	]);
	is($result{rc}, 0, $spec) or diag($result{stdout}, $result{stderr}, map { slurp($_) } grep { -e } "$output/regression.diffs");
}

done_testing();
