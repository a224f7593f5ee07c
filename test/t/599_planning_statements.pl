# testbed: mysql mariadb
#
# Planning to create many tables asks the source about its rows for many tables at a time, and each table gets the types that its own rows allow.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $server = AlkconvTest::Source->start('logged599', '--general-log=1', '--log-output=TABLE');
my $uuid = '00000000-0000-4000-8000-000000000000';
my @sql;
for my $n (0 .. 119) {
	my $no_flag = $n % 4 == 0;
	push @sql, sprintf('CREATE TABLE t%03d (id int PRIMARY KEY, %suid char(36), v bigint unsigned)', $n, $no_flag ? '' : 'flag tinyint(1), ');
	next if $n == 7; # of no rows nothing is known
	push @sql, sprintf('INSERT INTO t%03d VALUES (1, %s%s, %s)', $n, $no_flag ? '' : ($n == 50 ? '2, ' : '1, '), $n == 49 ? "'other'" : "'$uuid'", $n == 99 ? '18446744073709551615' : '1');
}
my $my = scratch_source(join(";\n", @sql), server => $server);
my $db = scratch_database();
$db->link_source('src', $my, target_schema => 'public');

$server->run('TRUNCATE mysql.general_log');
is($db->value("SELECT count(*) FROM alkconv_plan('src', mode => 'create') WHERE step = 'problem'"), 0, 'planned');
my $database = $my->dbname;
my @statements = $server->rows("SELECT LEFT(CONVERT(argument USING utf8mb4), 80) FROM mysql.general_log WHERE command_type = 'Query' AND argument LIKE '%FROM `$database`.`t%' AND argument NOT LIKE '%general_log%'");
cmp_ok(scalar @statements, '<=', 3, 'not a statement for each table') or diag(join "\n", @statements);

$db->run("SELECT alkconv_migrate('src', mode => 'create')");
my %types = map { split /=/ } $db->rows(q{SELECT c.relname || '.' || a.attname || '=' || format_type(a.atttypid, a.atttypmod) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
	WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname ~ '^t\d+$' AND a.attnum > 0 AND a.attname IN ('flag', 'uid', 'v')});
my %others = ('t049.uid' => 'character varying(36)', 't050.flag' => 'smallint', 't099.v' => 'numeric(20,0)');
for my $name (sort keys %types) {
	next if $name =~ /^t007/;
	my $usual = $name =~ /flag/ ? 'boolean' : $name =~ /uid/ ? 'uuid' : 'bigint';
	my $expected = $others{$name} // $usual;
	fail("$name is $types{$name} instead of $expected") if $types{$name} ne $expected;
}
isnt($types{'t049.uid'}, 'uuid', 'a table whose uuids are none');
isnt($types{'t050.flag'}, 'boolean', 'a table with other numbers in its flag, the first of a statement');
isnt($types{'t099.v'}, 'bigint', 'a table with a number beyond bigint, the last of a statement');
is(scalar(keys %types), 120 * 3 - 30, 'all columns');

done_testing;
