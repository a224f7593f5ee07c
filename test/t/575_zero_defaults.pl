# testbed: mysql mariadb
#
# Mode create under rules that change values: defaults become what the rules make of values, and NOT NULL gives way to rules that make nulls.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $my = scratch_source(<<'SQL');
SET SESSION sql_mode = '';
CREATE TABLE post (id int AUTO_INCREMENT PRIMARY KEY, d date NOT NULL DEFAULT '0000-00-00', dt datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
	fine datetime(3) NOT NULL DEFAULT '0000-00-00 00:00:00.000', ts timestamp NOT NULL DEFAULT '0000-00-00 00:00:00', part date NOT NULL DEFAULT '2020-05-00',
	note varchar(9) NOT NULL DEFAULT '', plain datetime NOT NULL DEFAULT '2001-02-03 04:05:06');
INSERT INTO post (id) VALUES (1);
INSERT INTO post VALUES (2, '2020-01-02', '2020-01-02 03:04:05', '2020-01-02 03:04:05.678', '2020-01-02 03:04:05', '2020-02-03', 'x', '2020-01-02');
CREATE TABLE empty_one (id int PRIMARY KEY, dt datetime NOT NULL DEFAULT '0000-00-00 00:00:00');
CREATE TABLE days (day date NOT NULL, n int, PRIMARY KEY (day));
INSERT INTO days VALUES ('2020-01-01', 1);
SQL
my $db = scratch_database();

sub made {
	my ($name, @transforms) = @_;
	$db->run("CREATE SCHEMA $name", 'DELETE FROM alkconv.rule WHERE NOT shipped');
	$db->link_source($name, $my, target_schema => $name, readers => 1);
	$db->run("INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ('%', '%', 'transform', '$_')") for @transforms;
	return "SELECT alkconv_migrate('$name', mode => 'create')";
}

sub column_list {
	my ($table) = @_;
	return $db->value("SELECT string_agg(concat_ws(' ', attname, pg_get_expr(adbin, adrelid), CASE WHEN attnotnull THEN 'NN' END), ', ' ORDER BY attnum)
		FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE attrelid = '$table'::regclass AND attnum > 1");
}

sub notes {
	my ($kind) = @_;
	return $db->value("SELECT coalesce(string_agg(table_name || ' ' || check_name || ': ' || note, '; '), '') FROM alkconv_report() WHERE verdict = 'note' AND check_name ~ '^$kind'");
}

# ---- -infinity and dates ---------------------------------------------------------------------------------------------------------------

like($db->notices(made('never', 'zero_date(-infinity)', 'partial_date(first)')), qr/proved equal to what \d+ rules make of them/, '-infinity: all proved');
my $list = column_list('never.post');
like($list, qr/d '-infinity'::date NN, dt '-infinity'::timestamp\S* without time zone NN, fine '-infinity'::timestamp\(3\) without time zone NN, ts '-infinity'::timestamp\S* with time zone NN, part '2020-05-01'::date NN, note ''::character varying NN, plain '2001-02-03 04:05:06'::timestamp\S* without time zone NN/,
	'defaults are what the rules make of values');
is($db->value("INSERT INTO never.post (id) VALUES (9) RETURNING concat_ws(' ', d, dt, fine, ts, part, plain)"),
	'-infinity -infinity -infinity -infinity 2020-05-01 2001-02-03 04:05:06', 'an INSERT of the application goes well');
is(notes('default'), '', 'nothing is lost, nothing is noted');
is(notes('table'), '', 'NOT NULL stays');
is($db->value("SELECT string_agg(table_name || ' ' || source_value || ' ' || verdict, '; ' ORDER BY table_name) FROM alkconv_report() WHERE check_name ~ '^literal defaults'"),
	'empty_one 1 column ok; post 7 columns ok', 'the source itself says what the rules make of the defaults') or diag($db->value("SELECT string_agg(concat_ws(' ', table_name, check_name, source_value, verdict, note), E'\n') FROM alkconv_report()"));
is($db->value("SELECT string_agg(DISTINCT table_name, ',') FROM alkconv_verify('never') WHERE verdict = 'mismatch'"), 'post', 'alkconv_verify sees the inserted row');

$db->run(made('once', 'zero_date(1970-01-01)', 'partial_date(first)'));
is($db->value("INSERT INTO once.post (id) VALUES (9) RETURNING concat_ws(' ', d, dt, fine, ts AT TIME ZONE 'UTC', part)"),
	'1970-01-01 1970-01-01 00:00:00 1970-01-01 00:00:00 1970-01-01 00:00:00 2020-05-01', 'a date of the rule');

# ---- null ------------------------------------------------------------------------------------------------------------------------------

my $migrate = made('unknown', 'zero_date(null)', 'partial_date(first)');
is($db->value("SELECT string_agg(table_name || ': ' || note, '; ' ORDER BY table_name) FROM alkconv_plan('unknown', mode => 'create') WHERE note ~ 'NOT NULL'"),
	'empty_one: NOT NULL is dropped, since rules make NULL of values: "dt"; post: NOT NULL is dropped, since rules make NULL of values: "d", "dt", "fine", "ts", "part", "plain"',
	'the plan says which columns lose their NOT NULL, one note a table') or diag($db->value("SELECT string_agg(concat_ws('|', step, table_name, note), E'\n') FROM alkconv_plan('unknown', mode => 'create')"));
is($db->value("SELECT count(*) FROM alkconv_preflight('unknown', mode => 'create') WHERE severity = 'error'"), 0, 'preflight finds no error');
$db->run($migrate);
like(column_list('unknown.post'), qr/^d, dt, fine, ts, part '2020-05-01'::date, note ''::character varying NN, plain '2001-02-03 04:05:06'::timestamp\S* without time zone$/,
	'no default and no NOT NULL for zero dates; texts are as they were');
is($db->value("SELECT count(*) FROM unknown.post WHERE num_nulls(d, dt, fine, ts) = 4"), 1, 'values');
is(notes('default'), '', 'a default that is NULL is none: nothing is noted');
like(notes('table'), qr/NOT NULL is dropped, since rules make NULL of values: "d", "dt"/, 'the report says it');
is($db->value("SELECT attnotnull FROM pg_attribute WHERE attrelid = 'unknown.days'::regclass AND attname = 'day'"), 't', 'a column of the primary key keeps it');
is($db->value("SELECT count(*) FROM alkconv_verify('unknown') WHERE verdict NOT IN ('ok', 'note')"), 0, 'alkconv_verify agrees');
my $built = scratch_database(extension => 0);
$built->run('CREATE SCHEMA unknown', $db->value("SELECT string_agg(statement, E';\n' ORDER BY ordinal) FROM alkconv_baseline('unknown')"));
same_text($built->dump('--schema-only', '--schema=unknown'), $db->dump('--schema-only', '--schema=unknown'), 'the baseline is the same');

# existing targets keep theirs: the rule is for nullable columns
$db->run('CREATE SCHEMA kept', 'CREATE TABLE kept.days (day date PRIMARY KEY, n int)', 'CREATE TABLE kept.empty_one (id int PRIMARY KEY, dt timestamp NOT NULL)',
	'CREATE TABLE kept.post (id int PRIMARY KEY, d date NOT NULL, dt timestamp, fine timestamp(3), ts timestamptz, part date, note text, plain timestamp)');
$db->link_source('kept', $my, target_schema => 'kept', readers => 1);
$db->fails("SELECT alkconv_migrate('kept')", sqlstate => '22007', like => [qr/"0000-00-00" is a zero date/], name => 'a NOT NULL column of an existing table is not touched');

# ---- a zero date in a primary key, and no rule --------------------------------------------------------------------------------------------

$my->run("SET SESSION sql_mode = ''; INSERT INTO days VALUES ('0000-00-00', 2)");
$db->fails(made('key_of_zero', 'zero_date(null)', 'partial_date(first)'), sqlstate => '22007', like => [qr/"0000-00-00" is a zero date/], name => 'a zero date in a primary key stays an error');
is($db->value("SELECT count(*) FROM pg_class WHERE relnamespace = 'key_of_zero'::regnamespace"), 0, 'nothing is left');
is($db->value("SELECT column_name || ' ' || check_name FROM alkconv_preflight('key_of_zero', mode => 'create') WHERE severity = 'error'"), 'day zero_date', 'preflight has it beforehand');
$my->run("DELETE FROM days WHERE n = 2; DELETE FROM post WHERE id = 1");
$db->run(made('no_rule'));
like(notes('default dt'), qr/post default dt: there is none: .*a rule with transform zero_date\(-infinity\), \(YYYY-MM-DD\) or \(null\) says what it becomes/, 'without a rule the note names the rule');
like(notes('default part'), qr/a rule with transform partial_date\(first\) or \(null\)/, 'of partial dates as well');

# ---- empty ids -------------------------------------------------------------------------------------------------------------------------

my $ids = scratch_source("CREATE TABLE member (id int PRIMARY KEY, must char(36) NOT NULL, may char(36)); INSERT INTO member VALUES (1, UUID(), UUID()), (2, UUID(), '')");
for my $case (['by_pattern', '%', 'must NN, may'], ['spelled', 'must', 'must, may']) {
	my ($name, $column, $expected) = @$case;
	$db->run("CREATE SCHEMA $name", 'DELETE FROM alkconv.rule WHERE NOT shipped',
		"INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ('member', 'may', 'target_type', 'uuid'), ('member', 'must', 'target_type', 'uuid'), ('%', 'may', 'empty_to_null', 'uuid'), ('%', '$column', 'empty_to_null', 'uuid')");
	$db->link_source($name, $ids, target_schema => $name, readers => 1);
	$db->run("SELECT alkconv_migrate('$name', mode => 'create')");
	is(column_list("$name.member"), $expected, "empty_to_null $name: NOT NULL of ids that must be there stays unless the rule spells them");
}

done_testing();
