# testbed: mysql mariadb
#
# Rules are for one source and one target schema where they say so, preflight writes them so, and every value that one of them changed is counted.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

# ---- a rule for one target, suggested by preflight -------------------------------------------------------------------------
my $case = case_source('expression-into-another-target');
my $db = scratch_database();
case_target($db, 'expression-into-another-target');
$db->run('CREATE SCHEMA exact; CREATE TABLE exact.p (id int PRIMARY KEY, price numeric(10,2), t varchar(10))');
$db->link_source('src', $case);
my $rule = $db->value("SELECT rule FROM alkconv_preflight('src', 'public') WHERE column_name = 'price' AND severity = 'error'");
like($rule, qr/^INSERT INTO alkconv\.rule \(source, target_schema, table_pattern, /, 'the suggested rule is bound');
like($rule, qr/VALUES \('src', 'public', 'p', 'price', /, 'to this source and schema');
$db->run($rule);
like($db->notices("SELECT alkconv_migrate('src', 'public')"), qr/3 rows, proved equal to what 1 rule makes of them, 1 column by reading it again$/m, 'the last notice says what is proved');
is(join(',', $db->rows('SELECT price FROM p ORDER BY id')), '0.1,0.3,0.3', 'the rule is at work');
like($db->value("SELECT note FROM alkconv_report() WHERE check_name = 'table'"), qr/^price: changed 2 of 3 values by expression\(/, 'what it changed is counted');
like($db->notices("SELECT alkconv_migrate('src', 'exact')"), qr/3 rows, every value proved equal$/m, 'and is no rule for another schema');
is(join(',', $db->rows('SELECT price FROM exact.p ORDER BY id')), '0.14,0.29,0.30', 'whose values are the source\'s');
is($db->value("SELECT note FROM alkconv_report() WHERE check_name = 'table'"), '', 'nothing was changed there');
$db->link_source('other', $case);
$db->run("UPDATE alkconv.rule SET target_schema = NULL WHERE source = 'src'");
$db->fails("SELECT alkconv_migrate('other', 'public', on_existing => 'replace')", sqlstate => '22003', name => 'nor for another source');
like($db->notices("INSERT INTO alkconv.rule (source, table_pattern, action) VALUES ('nowhere', 'p', 'exclude')"), qr/WARNING:  server "nowhere" does not exist/, 'a slip in the source is told');

# ---- which of several governs ----------------------------------------------------------------------------------------------
$db->run("DELETE FROM alkconv.rule WHERE NOT shipped", "INSERT INTO alkconv.rule (source, target_schema, table_pattern, column_pattern, action, argument) VALUES
	(NULL, NULL, 'p', 'price', 'expression', '1'), (NULL, 'exact', '%', '%', 'expression', '2'), ('src', NULL, '%', '%', 'expression', '3'), ('src', 'public', 'p', 'price', 'expression', '4')");
my $governing = sub { return $db->value("SELECT rule FROM alkconv_plan('$_[0]', '$_[1]') WHERE column_name = 'price'") };
is($governing->('src', 'public'), 'expression(4)', 'for this source and schema');
is($governing->('src', 'exact'), 'expression(3)', 'for this source');
is($governing->('other', 'exact'), 'expression(2)', 'for this schema');
is($governing->('other', 'public'), 'expression(1)', 'for all');

# ---- what counts as changed ------------------------------------------------------------------------------------------------
my @counts = (
	[ 'text as it is', 'varchar(20)', 'text', 'lower(value)', [ "'a'", "'B'", 'NULL', "''" ], 1 ],
	[ 'null and not null', 'varchar(20)', 'text', "nullif(coalesce(value, 'x'), '')", [ "'a'", 'NULL', "''" ], 2 ],
	[ 'what the target could not hold', 'varchar(20)', 'integer', "nullif(value, 'none')::int", [ "'none'", "'7'", "'07'" ], 1 ],
	[ 'numbers', 'decimal(10,2)', 'numeric(10,1)', 'round(value::numeric, 1)', [ '0.10', '0.30', '0.25' ], 1 ],
	[ 'between types that do not convert', 'datetime', 'timestamptz', "value::timestamp AT TIME ZONE 'UTC'", [ "'2020-01-01 00:00:00'", 'NULL' ], 1 ],
	[ 'uuids', 'char(36)', 'uuid', "nullif(value, '')::uuid", [ "''", "'00112233-4455-6677-8899-AABBCCDDEEFF'" ], 1 ],
	[ 'documents', 'json', 'jsonb', q(value::jsonb - 'b'), [ q('{"a": 1}'), q('{"a": 1, "b": 2}') ], 1 ],
	[ 'never changed', 'int', 'bigint', 'value::bigint', [ 1, 2 ], 0 ],
);
my ($source_sql, $target_sql, $rules) = ('', '', '');
for my $n (0 .. $#counts) {
	my ($name, $from, $to, $expression, $values) = @{ $counts[$n] };
	$source_sql .= "CREATE TABLE c$n (id int PRIMARY KEY, v $from); INSERT INTO c$n VALUES " . join(', ', map { "($_, $values->[$_])" } 0 .. $#$values) . ";\n";
	$target_sql .= "CREATE TABLE c$n (id int PRIMARY KEY, v $to); CREATE TABLE parts.c$n (id int PRIMARY KEY, v $to) PARTITION BY RANGE (id); CREATE TABLE parts.c${n}_all PARTITION OF parts.c$n DEFAULT;\n";
	$rules .= "INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ('c$n', 'v', 'expression', " . AlkconvTest::Postgres::quote_literal($expression) . ");\n";
}
my $counted = scratch_database();
$counted->run("CREATE SCHEMA parts; $target_sql");
my $counted_source = scratch_source($source_sql);
$counted->link_source('src', $counted_source);
$counted->run($rules);
for my $schema ('public', 'parts') {
	like($counted->notices("SELECT alkconv_migrate('src', '$schema')"), qr/proved equal to what 7 rules make of them/, "$schema: rules that changed something");
	my %note = map { split /\|/, $_, 2 } $counted->rows("SELECT table_name, coalesce(note, '') FROM alkconv_report() WHERE check_name = 'table'");
	for my $n (0 .. $#counts) {
		my ($name, $values, $changed) = @{ $counts[$n] }[ 0, 4, 5 ];
		my $rows = @$values;
		$changed ? like($note{"c$n"}, qr/^v: changed $changed of $rows values by expression/, "$schema: $name") : is($note{"c$n"}, '', "$schema: $name");
	}
}

# ---- a rejected row changes nothing ----------------------------------------------------------------------------------------
my $some = scratch_database();
$some->run("CREATE TABLE r (id int PRIMARY KEY, v int CHECK (v < 100)); INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ('r', 'v', 'expression', 'value::int * 2')");
my $some_source = scratch_source("CREATE TABLE r (id int PRIMARY KEY, v varchar(9)); INSERT INTO r VALUES (1, '1'), (2, 'x'), (3, '3'), (4, '99'), (5, '0')");
$some->link_source('src', $some_source);
$some->run("SELECT alkconv_migrate('src', on_bad_value => 'reject')");
like($some->value("SELECT note FROM alkconv_report() WHERE check_name = 'table'"), qr/v: changed 2 of 3 values by expression/, 'rejected rows are not counted');

# ---- names by pattern ------------------------------------------------------------------------------------------------------
my $wp = scratch_source('CREATE TABLE wp_posts (p_id int PRIMARY KEY, p_title varchar(9)); INSERT INTO wp_posts VALUES (1, \'a\'); CREATE TABLE wp_users (id int PRIMARY KEY); CREATE TABLE posts (id int PRIMARY KEY)');
my $blog = scratch_database();
$blog->link_source('wp', $wp);
$blog->run(q(INSERT INTO alkconv.rule (table_pattern, action, argument) VALUES ('wp\_%', 'rename', '%')), q(INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ('wp\_posts', 'p\_%', 'rename', '%')));
$blog->fails("SELECT alkconv_migrate('wp', mode => 'create')", sqlstate => '42702', like => qr/source tables "posts", "wp_posts" would all be target table "posts"/, name => 'two tables of one name');
$blog->run("SELECT alkconv_migrate('wp', mode => 'create', exclude => '{posts}')");
is(join(';', $blog->rows("SELECT table_name || '(' || string_agg(column_name, ',' ORDER BY ordinal_position) || ')' FROM information_schema.columns WHERE table_schema = 'public' GROUP BY table_name ORDER BY table_name")),
	'posts(id,title);users(id)', 'one rule takes the prefix off all tables');
$blog->run("DELETE FROM alkconv.rule WHERE NOT shipped; INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ('wp\\_posts', '%', 'rename', 'x')");
is($blog->value("SELECT note FROM alkconv_plan('wp', include => '{wp\\_posts}', mode => 'create') WHERE step = 'problem'"),
	'source columns "p_id", "p_title" of table "wp_posts" would all be target column "x" - Change the rules with action rename, or skip all but one.', 'two columns of one name');
$blog->fails(q(INSERT INTO alkconv.rule (table_pattern, action, argument) VALUES ('wp', 'rename', '%')), sqlstate => '22023', like => qr/both have exactly one/, name => 'a % that stands for nothing');

done_testing();
