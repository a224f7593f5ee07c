# testbed: mysql mariadb
#
# Other names by the hundred are one line of plan, preflight and report; none is lost: the report's line lists them, and so does the baseline.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $tables = 60;
my $my = scratch_source(join "\n", map { "CREATE TABLE t$_ (id int PRIMARY KEY, a int, b int, KEY a (a), KEY b (b));" } 1 .. $tables);
my $db = scratch_database();
$db->link_source('src', $my, target_schema => 'public');
my $renamed = 2 * $tables;

is($db->value("SELECT count(*) FROM alkconv_plan('src', mode => 'create') WHERE step = 'note'"), 1, 'one line in the plan');
my $said = qr/$renamed are called otherwise, by a rule or because their names are taken, reserved or too long/;
like($db->value("SELECT note FROM alkconv_plan('src', mode => 'create') WHERE step = 'note'"), qr/^renamed index "\w+": $said; public\.alkconv_baseline lists them$/, 'that counts them and says where they are');
is($db->value("SELECT count(*) FROM alkconv_preflight('src', mode => 'create') WHERE check_name = 'not_as_in_source'"), 1, 'one finding');
like($db->value("SELECT remedy FROM alkconv_preflight('src', mode => 'create') WHERE check_name = 'not_as_in_source'"), $said, 'likewise');
is($db->value("SELECT count(*) FROM alkconv_baseline('src') WHERE kind = 'note' AND statement LIKE '-- renamed index %'"), $renamed, 'the baseline has each');
like($db->notices("SELECT alkconv_migrate('src', mode => 'create')"), qr/1 property or object of the source is noted in the report/, 'the run says that there is one note');
is($db->value("SELECT count(*) FROM alkconv_report() WHERE check_name LIKE 'renamed%'"), 1, 'one line in the report');
is($db->value("SELECT count(*) FROM alkconv_report() r, string_to_table(r.source_value, E'\\n') l JOIN pg_class i ON i.relname = split_part(l, ': ', 2) AND i.relkind = 'i' WHERE r.check_name LIKE 'renamed%'"),
	$renamed, 'that lists every name that an index has now');

# ---- a few stand by themselves ----

my $few = scratch_source('CREATE TABLE a (id int PRIMARY KEY, x int, KEY k (x)); CREATE TABLE b (id int PRIMARY KEY, x int, KEY k (x))');
$db->link_source('few', $few, target_schema => 'fresh');
$db->run('CREATE SCHEMA fresh');
is($db->value("SELECT string_agg(table_name || ' ' || note, ', ' ORDER BY table_name) FROM alkconv_plan('few', mode => 'create') WHERE step = 'note'"),
	'a renamed index "k": is called "a_k", b renamed index "k": is called "b_k"', 'with their tables');

done_testing;
