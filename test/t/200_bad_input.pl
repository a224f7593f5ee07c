# testbed: mysql mariadb readers
#
# Values that the target cannot hold. Each is refused by an ERROR that names the table, the column, the row's key, the value and
# the remedy, with the right SQLSTATE, and the target stays as it was: the dumps before and after are identical.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

# Per case: the source's column and values (SQL; good ones, then the bad one), the target's column, and what the error says.
my @cases = (
	{
		name => 'not_uuid', source => 'char(36)', values => ["UUID()", "'no-uuid-at-all'"], target => 'uuid', sqlstate => '22P02',
		says => qr/"no-uuid-at-all" is not a uuid/, hint => qr/Mend the value in the source/,
	},
	{
		name => 'empty_uuid', source => 'char(36) NOT NULL', values => ["UUID()", "''"], target => 'uuid NOT NULL', sqlstate => '22P02',
		says => qr/"" is an empty string, not a uuid/, hint => qr/empty_to_null in alkconv\.rule/,
	},
	{
		name => 'nul_in_text', source => 'varchar(20)', values => ["'fine'", "CONCAT('before', CHAR(0), 'after')"], target => 'text',
		sqlstate => '22P05', says => qr/"before\\x00after" contains U\+0000/, hint => qr/bytea/,
	},
	{
		name => 'nul_in_json', source => 'json', values => [q('{"fine": 1}'), q('{"a": "\\\\u0000"}')], target => 'jsonb', sqlstate => '22P05',
		says => qr/"\{"a": "\\+u0000"\}" contains the escape \\u0000/, hint => qr/change the target column to json/,
	},
	{
		name => 'duplicate_member', source => 'longtext', values => [q('{"a": 1}'), q('{"a": 1, "a": 2}')], target => 'jsonb', sqlstate => '22030',
		says => qr/two members of one name/, hint => qr/change the target column to json/,
	},
	{
		name => 'duplicate_member_deep', source => 'longtext', values => [q('[{"a": 1}]'), q(CONCAT('{"a": 1, "a": 2, "b": ', REPEAT('[', 200), REPEAT(']', 200), '}'))],
		target => 'jsonb', sqlstate => '22030', says => qr/two members of one name/, hint => qr/change the target column to json/,
	},
	{
		name => 'zero_date', source => 'date', values => ["'2024-02-29'", "'0000-00-00'"], target => 'date', sqlstate => '22007',
		says => qr/"0000-00-00" is a zero date/, hint => qr/null usually says what was meant/,
	},
	{
		name => 'zero_datetime', source => 'datetime(3)', values => ["'2024-02-29 12:00:00'", "'0000-00-00 00:00:00'"], target => 'timestamp(3)',
		sqlstate => '22007', says => qr/"0000-00-00 00:00:00(\.000)?" is a zero date/, hint => qr/null usually says what was meant/,
	},
	{
		name => 'partial_date', source => 'date', values => ["'2024-02-29'", "'2020-00-10'"], target => 'date', sqlstate => '22007',
		says => qr/"2020-00-10" is not a date of the calendar/, hint => qr/partial_date\(null\)/,
	},
	{
		name => 'not_boolean', source => 'tinyint(1)', values => [0, 5], target => 'boolean', sqlstate => '22003',
		says => qr/"5" is not a boolean/, hint => qr/change the target column to smallint/,
	},
	{
		name => 'out_of_range', source => 'bigint', values => [2147483647, 2147483648], target => 'integer', sqlstate => '22003',
		says => qr/"2147483648" is out of range for type integer/, hint => qr/wider type/,
	},
	{
		name => 'unsigned_out_of_range', source => 'bigint unsigned', values => ['9223372036854775807', '18446744073709551615'],
		target => 'bigint', sqlstate => '22003', says => qr/"18446744073709551615" is out of range for type bigint/, hint => qr/wider type/,
	},
	{
		name => 'would_round', source => 'decimal(10,4)', values => ['1.2500', '1.2345'], target => 'numeric(10,2)', sqlstate => '22003',
		says => qr/"1\.2345" cannot be stored in type numeric\(10,2\) without rounding/, hint => qr/more digits/,
	},
	{
		name => 'not_time_of_day', source => 'time', values => ["'23:59:59'", "'-00:00:01'"], target => 'time', sqlstate => '22003',
		says => qr/"-00:00:01" is out of range for type time/, hint => qr/interval/,
	},
	{
		name => 'null_value', source => 'varchar(10)', values => ["'fine'", 'NULL'], target => 'text NOT NULL', sqlstate => '23502',
		says => qr/null is not allowed by the target column, which is NOT NULL/i, hint => qr/drop the NOT NULL constraint/, value => qr/NULL/,
	},
	{
		name => 'too_long', source => 'varchar(20)', values => ["'fünf!'", "'sechs!'"], target => 'varchar(5)', sqlstate => '22001',
		says => qr/"sechs!" is too long for type character varying\(5\)/, hint => qr/change the target column to text/,
	},
	{
		name => 'unknown_label', source => "enum('a','b','new')", values => ["'a'", "'new'"], target => 'mood', sqlstate => '22P02',
		says => qr/"new" is not a label of type public\.mood/, hint => qr/ALTER TYPE \.\.\. ADD VALUE/,
	},
	{
		name => 'refused_by_input', source => 'varchar(30)', values => ["'08:00:2b:01:02:03'", "'no mac'"], target => 'macaddr',
		sqlstate => '22P02', says => qr/invalid input syntax for type macaddr: "no mac"/, hint => qr/Mend the value in the source/,
	},
	{
		name => 'refused_by_domain', source => 'int', values => [1, -7], target => 'positive', sqlstate => '23514',
		says => qr/value for domain public\.positive violates check constraint "positive_check"/, hint => qr/Mend the value in the source/, value => qr/-7/,
	},
	{
		name => 'ends_with_blanks', source => 'varchar(10)', values => ["'  kept'", "'lost  '"], target => 'char(10)', sqlstate => '22001',
		says => qr/"lost  " ends with blanks, which type character\(10\) does not keep/, hint => qr/character varying or text/,
	},
	{
		name => 'domain_would_round', source => 'decimal(10,4)', values => ['1.2500', '1.2345'], target => 'price', sqlstate => '22003',
		says => qr/"1\.2345" cannot be stored in type public\.price without rounding/, hint => qr/more digits/,
	},
	{
		name => 'domain_would_drop', source => 'datetime(3)', values => ["'2024-02-29 12:00:00'", "'2024-02-29 12:00:00.5'"], target => 'moment', sqlstate => '22003',
		says => qr/"2024-02-29 12:00:00\.500" has more digits of the second than type public\.moment keeps/, hint => qr/more digits/,
	},
	{
		name => 'domain_would_cut', source => 'varchar(20)', values => ["'ABC'", "'DE  '"], target => 'code', sqlstate => '22001',
		says => qr/"DE  " is too long for type public\.code/, hint => qr/change the target column to text/,
	},
	{
		name => 'own_hint', source => 'int', values => [1, 7], target => 'no_seven', sqlstate => 'P0001',
		says => qr/seven is not allowed/, hint => qr/Ask the owner of the seven\./, value => qr/value 7/, unlike => [qr/Mend the value/],
	},
	{
		name => 'refused_by_check', source => 'int', values => [1, 13], target => 'integer CONSTRAINT no_thirteen CHECK (v <> 13)',
		sqlstate => '23514', says => qr/new row for relation "refused_by_check" violates check constraint "no_thirteen"/,
		hint => qr/Mend the row in the source, or drop the constraint/, value => qr/\(2, 13\)/, column => qr/no_thirteen/,
	},
	{
		name => 'long_value', source => 'text', values => ["'08:00:2b:01:02:03'", "REPEAT('long', 5000)"], target => 'uuid', sqlstate => '22P02',
		good => "UUID()", says => qr/"(long){10}.* is not a uuid/, hint => qr/Mend the value/, value => qr/long/, unlike => qr/(long){30}/,
	},
);

my ($source_sql, $target_sql) = ("SET SESSION sql_mode = '';\n", '');
for my $case (@cases) {
	my @values = @{ $case->{values} };
	$values[0] = $case->{good} if $case->{good};
	my $rows = join ', ', map { '(' . ($_ + 1) . ", $values[$_])" } 0 .. $#values;
	$source_sql .= "CREATE TABLE $case->{name} (id int PRIMARY KEY, v $case->{source}); INSERT INTO $case->{name} VALUES $rows;\n";
	$target_sql .= "CREATE TABLE $case->{name} (id int PRIMARY KEY, v $case->{target});\n";
}

# Beyond single values: orphans, and rows that only the target's keys find equal.
$source_sql .= <<'SQL';
CREATE TABLE orphan_parent (id int PRIMARY KEY);
INSERT INTO orphan_parent VALUES (1), (2);
CREATE TABLE orphan_child (id int PRIMARY KEY, parent_id int);
INSERT INTO orphan_child VALUES (10, 1), (11, 99), (12, NULL), (13, 98), (14, 97), (15, 96);
CREATE TABLE duplicate (id int PRIMARY KEY, email varchar(50));
INSERT INTO duplicate VALUES (1, 'a@example.org'), (2, 'b@example.org'), (3, 'a@example.org');
CREATE TABLE overlapping (id int PRIMARY KEY, taken varchar(20));
INSERT INTO overlapping VALUES (1, '[1,5)'), (2, '[5,9)'), (3, '[8,10)');
CREATE TABLE only_parent (id int PRIMARY KEY);
INSERT INTO only_parent VALUES (1), (2);
CREATE TABLE good (id int PRIMARY KEY, v int);
INSERT INTO good VALUES (1, 1), (2, 2);
SQL
$target_sql .= <<'SQL';
CREATE TABLE orphan_parent (id int PRIMARY KEY);
CREATE TABLE orphan_child (id int PRIMARY KEY, parent_id int CONSTRAINT child_of_parent REFERENCES orphan_parent);
CREATE TABLE duplicate (id int PRIMARY KEY, email text CONSTRAINT one_account_per_address UNIQUE);
CREATE TABLE overlapping (id int PRIMARY KEY, taken int4range, CONSTRAINT no_overlap EXCLUDE USING gist (taken WITH &&));
CREATE TABLE only_parent (id int PRIMARY KEY);
INSERT INTO only_parent VALUES (2), (5);
CREATE TABLE outside (id int PRIMARY KEY, parent int CONSTRAINT of_parent REFERENCES only_parent);
INSERT INTO outside VALUES (1, 5), (2, 2);
CREATE TABLE good (id serial PRIMARY KEY, v int);
INSERT INTO good VALUES (70, 700);
SQL

my $my = scratch_source($source_sql);
my $db = scratch_database();
$db->run("CREATE TYPE mood AS ENUM ('a', 'b')", 'CREATE DOMAIN positive AS int CHECK (value > 0)', 'CREATE DOMAIN price AS numeric(10,2)',
	'CREATE DOMAIN moment AS timestamp(0)', 'CREATE DOMAIN code AS varchar(3)',
	q{CREATE FUNCTION not_seven(int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN IF $1 = 7 THEN
		RAISE 'seven is not allowed' USING HINT = 'Ask the owner of the seven.'; END IF; RETURN true; END $$},
	'CREATE DOMAIN no_seven AS int CHECK (not_seven(value))', $target_sql);
$db->link_source('src', $my);
my $before = $db->dump;

# The table is loaded after one that is good, so that something would be left behind if anything ever was.
sub refused {
	my ($table, %expected) = @_;
	my $include = join ',', map { "'$_'" } 'good', ref $table ? @$table : $table;
	my $message = $db->fails("SELECT alkconv_migrate('src', include => ARRAY[$include], on_existing => 'replace')", %expected);
	same_text($db->dump, $before, "$expected{name}: the target is as it was");
	return $message;
}

for my $case (@cases) {
	my $bad = @{ $case->{values} };
	(my $value = $case->{values}[-1]) =~ s/^'|'$//g;
	refused($case->{name}, name => $case->{name}, sqlstate => $case->{sqlstate}, unlike => $case->{unlike},
		like => [
			$case->{says}, qr/^HINT:  .*$case->{hint}/m, qr/table "$case->{name}"/, qr/^TABLE NAME:  $case->{name}$/m,
			$case->{column} // (qr/column "v"/, qr/^COLUMN NAME:  v$/m), qr/\(id\)=\($bad\)/, $case->{value} // (),
		]);
}

refused([qw(orphan_parent orphan_child)], name => 'orphan', sqlstate => '23503', like => [
	qr/foreign key child_of_parent of table "orphan_child"/, qr/4 orphans in "orphan_parent"/,
	qr/row \(id\)=\(11\) refers to \(parent_id\)=\(99\)/, qr/^HINT:  .*Add the parent rows or delete the orphans/m, qr/^TABLE NAME:  orphan_child$/m,
]);

refused('duplicate', name => 'duplicate', sqlstate => '23505', like => [
	qr/could not create unique index "one_account_per_address"/, qr/Key \(email\)=\(a\@example\.org\) is duplicated/,
	qr/table "duplicate"/, qr/^HINT:  .*source/m, qr/^TABLE NAME:  duplicate$/m, qr/^CONSTRAINT NAME:  one_account_per_address$/m,
]);

refused('overlapping', name => 'overlap', sqlstate => '23P01', like => [
	qr/could not create exclusion constraint "no_overlap"/, qr/\(taken\)=\(\[8,10\)\)/, qr/table "overlapping"/, qr/^HINT:  .*source/m, qr/^CONSTRAINT NAME:  no_overlap$/m,
]);

refused('only_parent', name => 'a parent gone below a child that is not part of the run', sqlstate => '23503', like => [
	qr/foreign key of_parent of table "outside"/, qr/1 orphan in "only_parent"/, qr/row \(id\)=\(1\) refers to \(parent\)=\(5\)/, qr/^HINT:  /m,
]);

# What is refused above is refused for its value alone: the same call without it goes well.
my %fine = $db->psql("SELECT alkconv_migrate('src', include => ARRAY['good'], on_existing => 'replace')");
is($fine{rc}, 0, 'the good table alone is migrated') or diag($fine{stderr});
is($db->value('SELECT array_agg((id, v) ORDER BY id) FROM good'), '{"(1,1)","(2,2)"}', 'and its rows are there');

done_testing();
