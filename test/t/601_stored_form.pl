# testbed: mysql mariadb
#
# Values that are not as the server stores them, keys that rows share, and columns that were not computed are found without the source. The damage is
# done in the catalogs, as only a superuser can.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $my = scratch_source(<<'SQL');
CREATE TABLE formed (id int PRIMARY KEY, v varchar(20), c char(10), n decimal(10,3), t datetime(3), dom varchar(20), j json, u int, n2 int);
INSERT INTO formed VALUES (1, 'a short one', 'abc', 1.5, '2024-01-01 10:00:00.5', '5', '{"a": [1, 2]}', 1, NULL), (2, 'another', 'de', 22.125, '2024-01-01 10:00:00', '6', '[]', 2, NULL), (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
SQL
my $db = scratch_database();
$db->run(<<'SQL');
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE FUNCTION twice(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2';
CREATE TABLE formed (id int PRIMARY KEY, v varchar(20), c character(10), n numeric(10,3), t timestamp(3), dom positive, j jsonb, u int, n2 int,
	made integer GENERATED ALWAYS AS (twice(id)) STORED, kept text DEFAULT 'default');
CREATE UNIQUE INDEX by_u ON formed (u);
CREATE UNIQUE INDEX by_v ON formed (lower(v)) WHERE id < 100;
CREATE UNIQUE INDEX by_n2 ON formed (n2);
SQL
$db->link_source('src', $my);
$db->run("SELECT alkconv_migrate('src')");
is($db->value("SELECT target_value || ' ' || verdict FROM alkconv_report() WHERE check_name = 'stored form'"), '7 columns ok', 'healthy values');

# damage($name, $sql, $like): what verify says of the table after $sql, all other checks being about values
sub damage {
	my ($name, $sql, $check, $like) = @_;
	like($db->value("BEGIN; $sql; SELECT coalesce(string_agg(target_value || ' (' || note || ')', '; '), 'nothing') FROM alkconv_verify('src') WHERE check_name = '$check' AND verdict = 'mismatch'; ROLLBACK"), $like, $name);
	return;
}

sub typmod { my ($column, $typmod) = @_; return "UPDATE pg_attribute SET atttypmod = $typmod WHERE attrelid = 'formed'::regclass AND attname = '$column'" }

damage('characters beyond the length', typmod('v', 4 + 8), 'stored form', qr/^1 rows? .* \(v: 1 row, such as \(id\)=\(1\)\)$/);
damage('fewer blanks than the length asks for', typmod('c', 4 + 12), 'stored form', qr/\(c: 2 rows, such as \(id\)=\(1\)\)$/);
damage('digits beyond the scale', typmod('n', '(10 << 16) + 2 + 4'), 'stored form', qr/\(n: 2 rows, such as/);
damage('digits beyond the precision', typmod('n', '(4 << 16) + 3 + 4'), 'stored form', qr/\(n: 1 row, such as \(id\)=\(2\)\)$/);
damage('a fraction beyond the digits', typmod('t', 0), 'stored form', qr/\(t: 1 row, such as \(id\)=\(1\)\)$/);
damage('a generated column of another function', 'CREATE OR REPLACE FUNCTION twice(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT $1 * 3 $$', 'stored form', qr/^3 rows .* \(made: 3 rows, such as/);
damage('equal keys under a unique index', "UPDATE pg_index SET indisready = false, indisvalid = false WHERE indexrelid = 'by_n2'::regclass; UPDATE formed SET n2 = 7; UPDATE pg_index SET indisready = true, indisvalid = true WHERE indexrelid = 'by_n2'::regclass",
	'unique', qr/^rows share keys \(by_n2: 1 key of more than one row\)$/);
damage('and under an expression of a partial one', "UPDATE pg_index SET indisready = false, indisvalid = false WHERE indexrelid = 'by_v'::regclass; UPDATE formed SET v = CASE id WHEN 1 THEN 'x' ELSE 'X' END; UPDATE pg_index SET indisready = true, indisvalid = true WHERE indexrelid = 'by_v'::regclass",
	'unique', qr/^rows share keys \(by_v: 1 key of more than one row\)$/);

$db->run('CREATE DOMAIN strict AS integer CONSTRAINT stricter CHECK (VALUE > 5)');
my $stricter = "UPDATE pg_constraint SET conbin = (SELECT conbin FROM pg_constraint WHERE conname = 'stricter') WHERE conname = 'positive_check'";
if (pg_major() >= 16) {
	damage('a value that its domain refuses', $stricter, 'stored form', qr/\(dom: 1 row, such as \(id\)=\(1\)\)$/);
} else { # input functions have no other answer than an ERROR
	$db->fails("BEGIN; $stricter; SELECT alkconv_verify('src'); ROLLBACK", sqlstate => '23514', name => 'a value that its domain refuses');
}
$db->run('ALTER DOMAIN positive ADD CONSTRAINT later CHECK (VALUE > 5) NOT VALID');
is($db->value("SELECT count(*) FROM alkconv_verify('src') WHERE verdict = 'mismatch'"), 0, 'a constraint that existing values may violate says nothing about them');
done_testing();
