# testbed: mysql mariadb
#
# FLOAT(M,D) and DOUBLE(M,D): into decimal and text as the source shows them, into numbers in binary bit for bit.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $my = case_source('float-m-d');
my $db = scratch_database();
$db->run('CREATE TABLE geo (id int PRIMARY KEY, lon numeric(10,6), lat text, d numeric, du numeric(20,10), f varchar(8))');
$db->link_source('src', $my);
like($db->notices("SELECT alkconv_migrate('src')"), qr/every value proved equal$/m, 'decimals and texts are proved by the source\'s own text');
same_text($db->value('SELECT * FROM geo ORDER BY id'), <<'ROWS' =~ s/\n\z//r, 'what the source shows');
1|126.752251|44.916103|123456.78|0.1234567891|1.005
2|-180.000000|0.000001|-999999.99|9999999999.0123460000|9999.999
3|0.000000|0.000000|0.10|0.3000000000|0.001
ROWS
my %shown = map { split /\t/, $_, 2 } $my->rows('SELECT id, CONCAT_WS(\'|\', lon, lat, d, du, f) FROM geo');
for my $id (1 .. 3) {
	is(join('|', split /\|/, $db->value("SELECT lon, lat, round(d, 2), du, f FROM geo WHERE id = $id")), $shown{$id} =~ s/^-0\.000000/0.000000/r, "row $id as it reads there");
}
for my $damage ("lon = lon + 0.000001 WHERE id = 1", "lat = '44.916102' WHERE id = 1", "d = d + 0.001 WHERE id = 2", "f = '1.00' WHERE id = 1") {
	$db->run("BEGIN; UPDATE geo SET $damage; CREATE TEMP TABLE v ON COMMIT DROP AS SELECT * FROM alkconv_verify('src'); DO \$\$ BEGIN ASSERT (SELECT bool_or(verdict = 'mismatch') FROM v); END \$\$; ROLLBACK");
	pass("found: $damage");
}
is($db->value("SELECT string_agg(column_name || ' ' || check_name, ',') FROM alkconv_preflight('src') WHERE severity IN ('error', 'warning')"), '', 'nothing in the way');
$db->run('TRUNCATE geo', 'ALTER TABLE geo ALTER lon TYPE numeric(8,4), ALTER f TYPE varchar(4)');
is($db->value("SELECT string_agg(concat_ws(' ', column_name, check_name, rows), ',' ORDER BY column_name) FROM alkconv_preflight('src') WHERE severity = 'error'"),
	'f text_too_long 3,lon inexact_number 1', 'what has too many digits is found before the run');
$db->fails("SELECT alkconv_migrate('src', on_existing => 'replace')", like => [qr/126\.752251/], name => 'and stops it');

# bit for bit, with a word in the plan; the defaults of mode create
my $created = scratch_database();
$created->link_source('src', $my);
$created->run("SELECT alkconv_migrate('src', mode => 'create')");
is($created->value("SELECT string_agg(format_type(atttypid, atttypmod), ',' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'geo'::regclass AND attnum > 1"),
	'real,real,double precision,double precision,real', 'mode create keeps what MySQL computes with');
is($created->value('SELECT lon::float8, d, du FROM geo WHERE id = 2'), '-180|-999999.99|9999999999.012346', 'and the numbers are those');
is($created->value("SELECT note FROM alkconv_plan('src', on_existing => 'replace') WHERE column_name = 'lon'"), 'the source displays 6 digits after the point, the target all that the number has', 'the plan says what differs');

# none declared: the shortest text of the number, as before
my $plain = scratch_source('CREATE TABLE p (id int PRIMARY KEY, f float, d double); INSERT INTO p VALUES (1, 126.752251, 0.1)');
my $numbers = scratch_database();
$numbers->run('CREATE TABLE p (id int PRIMARY KEY, f numeric, d text)');
$numbers->link_source('src', $plain);
$numbers->run("SELECT alkconv_migrate('src')");
is($numbers->value('SELECT f, d FROM p'), '126.75225|0.1', 'no digits declared');

done_testing();
