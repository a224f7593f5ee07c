# AlkconvTest: what the TAP tests share. Runs in the environment of a test bed platform (docs/testing.md).
#
#   use AlkconvTest;
#   my $db = scratch_database();                              # Postgres, with the extension; dropped at the end
#   my $my = scratch_source("CREATE TABLE t (...)");          # MySQL or MariaDB
#   $db->link_source('src', $my);                             # CREATE SERVER and USER MAPPING
#   is($db->value("SELECT ..."), 3, 'three rows');
#   $db->fails("SELECT ...", sqlstate => '22003', like => [qr/table "t"/], name => 'out of range');
#
# A failing helper dies with what the server said, so that a test file stops where the trouble is.
package AlkconvTest;

use strict;
use warnings;
use Exporter qw(import);
use Test::More ();

use AlkconvTest::Command;
use AlkconvTest::Postgres;
use AlkconvTest::Source;

our @EXPORT = qw(scratch_database scratch_source case_source case_target core_objects same_text platform flavor pg_major sanitized run_command wait_until slurp spew);

my $serial = 0;

# A name that no other test file uses.
sub unique_name {
	my ($prefix) = @_;
	(my $file = $0) =~ s{.*/|\.pl$}{}g;
	$file =~ s/\W/_/g;
	return sprintf '%s_%s_%d', $prefix, substr($file, 0, 24), ++$serial;
}

sub platform { return $ENV{ALKCONV_TEST_PLATFORM} // die "not in a test bed platform: see docs/testing.md\n" }
sub flavor { return $ENV{ALKCONV_TEST_MYSQL_FLAVOR} }
sub pg_major { return $ENV{ALKCONV_TEST_PG_MAJOR} }
sub sanitized { return $ENV{ALKCONV_TEST_SANITIZE} }

# scratch_database(cluster => $cluster, name => ..., extension => 0): an AlkconvTest::Postgres for a new database with the
# extension, on the platform's cluster or another.
sub scratch_database {
	my (%options) = @_;
	my $cluster = $options{cluster} // AlkconvTest::Postgres->main;
	my $name = $options{name} // unique_name('alk');
	return $cluster->create_database($name, $options{extension} // 1);
}

# scratch_source($sql, server => $server): an AlkconvTest::Source for a new MySQL database, after running $sql in it.
sub scratch_source {
	my ($sql, %options) = @_;
	my $server = $options{server} // AlkconvTest::Source->main;
	my $source = $server->create_database($options{name} // unique_name('alk'));
	$source->run($sql) if defined $sql;
	return $source;
}

# What a tool that uses src/core is linked with: the objects of the build, or where there are none the sources, and their libraries.
sub core_objects {
	my @objects = glob "$ENV{ALKCONV_SRC}/src/core/*.o";
	@objects = glob "$ENV{ALKCONV_SRC}/src/core/*.cpp" if !@objects;
	my @libraries = split ' ', qx(pkg-config --cflags --libs simdjson liblz4 zlib);
	return (@objects, @libraries, sanitized() ? '-fsanitize=address,undefined' : ());
}

# The SQL of test/fixtures/cases/$case/$file with $name in place of its database; undef where the case has no such file.
sub _case_sql {
	my ($case, $file, $name) = @_;
	my $path = "test/fixtures/cases/$case/$file.sql";
	return undef unless -e $path;
	my $sql = slurp($path);
	$sql =~ s/case_source/$name/g if defined $name;
	return $sql;
}

# case_source('float-m-d'): an AlkconvTest::Source for a new database as the case's mysql.sql (on MariaDB its maria.sql, where it has one)
# makes it. Accounts that the case makes are named after the database: <dbname>ro.
sub case_source {
	my ($case, %options) = @_;
	my $source = scratch_source(undef, %options);
	my $sql = (flavor() eq 'mariadb' ? _case_sql($case, 'maria', $source->dbname) : undef) // _case_sql($case, 'mysql', $source->dbname)
		// die "case $case has nothing for this source\n";
	$source->run($sql);
	return $source;
}

# case_target($db, 'float-m-d', schema => 'public'): makes the tables of the case's target.sql.
sub case_target {
	my ($db, $case, %options) = @_;
	my $schema = $options{schema} // 'public';
	$db->run("CREATE SCHEMA IF NOT EXISTS $schema; SET search_path = $schema; " . _case_sql($case, 'target'));
	return;
}

# same_text($got, $expected, $name): is() for long texts such as dumps. Shows only the lines that differ, the first of them.
sub same_text {
	my ($got, $expected, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $same = Test::More::ok($got eq $expected, $name);
	if (!$same) {
		my (%count, @lines);
		$count{$_}++ for split /\n/, $got;
		for (split /\n/, $expected) { $count{$_}-- > 0 or push @lines, "missing: $_" }
		for (split /\n/, $got) { push @lines, "surplus: $_" if ($count{$_} // 0) > 0 && $count{$_}-- }
		@lines = map { substr $_, 0, 200 } @lines > 20 ? @lines[0 .. 19] : @lines;
		Test::More::diag(join "\n", @lines ? @lines : 'the same lines in another order');
	}
	return $same;
}

1;
