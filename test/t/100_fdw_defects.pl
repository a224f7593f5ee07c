# testbed: mysql mariadb
#
# What mysql_fdw 2.9.2 gets wrong, each found by running it: R1 to R9. The first three lose rows without a word.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $my = scratch_source(<<'SQL');
CREATE TABLE wide_json (id int PRIMARY KEY, doc json);
INSERT INTO wide_json WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 50)
	SELECT i, JSON_OBJECT('n', i, 'text', REPEAT('x', IF(i = 10, 100 * 1024, 10))) FROM n;
CREATE TABLE wide_blob (id int PRIMARY KEY, b longblob);
INSERT INTO wide_blob WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 50)
	SELECT i, REPEAT(CHAR(i), IF(i = 10, 20 * 1024 * 1024, 10)) FROM n;
CREATE TABLE digits (d int);
INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
CREATE TABLE million (id int PRIMARY KEY, filler varchar(100));
INSERT INTO million SELECT a.d + 10 * b.d + 100 * c.d + 1000 * d.d + 10000 * e.d + 100000 * f.d, REPEAT('f', 100)
	FROM digits a, digits b, digits c, digits d, digits e, digits f;
CREATE TABLE years (id int PRIMARY KEY, y year);
INSERT INTO years VALUES (1, 1901), (2, 2155), (3, 0), (4, NULL);
CREATE TABLE unsigneds (id int unsigned PRIMARY KEY, ti tinyint unsigned, si smallint unsigned, mi mediumint unsigned, bi bigint unsigned);
INSERT INTO unsigneds VALUES (4000000000, 255, 65535, 16777215, 18446744073709551615);
CREATE TABLE bits (id int PRIMARY KEY, b1 bit(1), b16 bit(16), b64 bit(64));
INSERT INTO bits VALUES (1, b'1', b'1010101010101010', 0x8000000000000001), (2, b'0', b'1', 0);
CREATE TABLE instants (id int PRIMARY KEY, ts timestamp NULL, dt datetime);
SET time_zone = '+03:00';
INSERT INTO instants VALUES (1, '2024-06-01 12:00:00', '2024-06-01 12:00:00'), (2, '2024-03-31 04:30:00', '2024-03-31 03:30:00');
CREATE TABLE words (id int PRIMARY KEY, txt varchar(20) COLLATE utf8mb4_general_ci);
INSERT INTO words VALUES (1, 'ABC'), (2, 'abc'), (3, 'Straße'), (4, 'abc  ');
CREATE TABLE floats (id int PRIMARY KEY, f float, d double);
INSERT INTO floats VALUES (1, 16777.217, 0.1), (2, 1e-45, 4.9406564584124654e-324), (3, 0.1, 1.7976931348623157e308);
SQL
my $name = $my->dbname;
my $db = scratch_database();
$db->link_source('src', $my);
$db->run("IMPORT FOREIGN SCHEMA $name FROM SERVER src INTO public");

# R1, R2
is($db->value('CREATE TABLE copied AS SELECT * FROM wide_json; SELECT count(*), max(length(doc::text)) FROM copied'), '50|102421',
	'R1: a json value of 100 KB in mid-table arrives, and so do the rows after it');
is($db->value('CREATE TABLE copied_blob AS SELECT * FROM wide_blob; SELECT count(*), max(length(b)), sum(length(b)) FROM copied_blob'),
	'50|20971520|20972010', 'R2: a longblob of 20 MiB in mid-table arrives, and so do the rows after it');
is($db->value("SELECT count(*) FROM copied_blob WHERE b = convert_to(repeat(chr(id), CASE id WHEN 10 THEN 20971520 ELSE 10 END), 'UTF8')"), 50,
	'R2: byte for byte');

# R3: the cursor has seen a little of a million rows when the connection goes
my $kill = q{\! for id in $("$ALKCONV_TEST_MYSQL_CLIENT" -N -e "SELECT id FROM information_schema.processlist WHERE db = '} . $name
	. q{' AND id <> CONNECTION_ID()"); do "$ALKCONV_TEST_MYSQL_CLIENT" -e "KILL $id"; done};
$db->fails("BEGIN;\nDECLARE c CURSOR FOR SELECT * FROM million;\nMOVE 1000 IN c;\n$kill\nMOVE ALL IN c;\nCOMMIT;", sqlstate => '08006',
	like => [qr/scan of foreign table "million"/], name => 'R3: a connection killed in mid-scan of a million rows is an error');
is($db->value('SELECT count(*) FROM million'), 1000000, 'R3: the next transaction connects anew and sees them all');
my $copy = $db->background('CREATE TABLE copied_million AS SELECT *, CASE WHEN id = 1000 THEN pg_sleep(5)::text END AS paused FROM million');
wait_until { grep { $_->{info} =~ /^SELECT `id`/i } $my->connections } 60, 'the scan';
$my->kill_connections;
my %copied = $copy->finish(120);
isnt($copied{rc}, 0, 'R3: CREATE TABLE AS fails, too');
like($copied{stderr}, qr/08006/, 'R3: with the same SQLSTATE');
is($db->value("SELECT to_regclass('copied_million') IS NULL"), 't', 'R3: and leaves no short table behind');

# R4, R5, R6
is($db->value('SELECT string_agg(y::text, \',\' ORDER BY id) FROM years'), '1901,2155,0', 'R4: a YEAR column does not stop the import');
is($db->value("SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'years'::regclass AND attname = 'y'"), 'smallint', 'R4: it is smallint');
is($db->value('SELECT * FROM unsigneds'), '4000000000|255|65535|16777215|18446744073709551615', 'R5: unsigned integers have room');
is(join(';', $db->rows('SELECT b1, b16, b64 FROM bits ORDER BY id')),
	'1|1010101010101010|1' . '0' x 62 . '1;0|0000000000000001|' . '0' x 64, 'R6: bit(n) has n bits, the right way round');

# R7
is($db->value("SET timezone = 'Europe/Sofia'; SELECT ts, dt FROM instants WHERE id = 1"), '2024-06-01 12:00:00+03|2024-06-01 12:00:00',
	'R7: a TIMESTAMP is the same instant whatever the zones of either side');
is($db->value("SET timezone = 'America/New_York'; SELECT ts = '2024-06-01 09:00+00', dt FROM instants WHERE id = 1"), 't|2024-06-01 12:00:00',
	'R7: in New York as well; a DATETIME is what the clock on the wall showed');
is($db->value("SET timezone = 'Europe/Sofia'; SELECT dt FROM instants WHERE id = 2"), '2024-03-31 03:30:00', 'R7: also at a time that Sofia skipped');

# R8
is($db->value("SELECT string_agg(id::text, ',' ORDER BY id) FROM words WHERE txt = 'abc'"), '2', 'R8: WHERE means what Postgres means: no case folding, no padding');
is($db->value("SELECT count(*) FROM words WHERE txt = 'Strasse'"), 0, 'R8: no equivalents either');
is($db->value("SET plan_cache_mode = force_generic_plan; PREPARE p(text) AS SELECT id FROM words WHERE txt = \$1; EXECUTE p('ABC')"), '1', 'R8: with a parameter, too');
unlike($db->value("EXPLAIN (VERBOSE) SELECT id FROM words WHERE txt = 'abc'"), qr/Remote SQL:.*WHERE/, 'R8: because the comparison stays here');

# R9
is(join(';', $db->rows('SELECT f, d FROM floats ORDER BY id')), '16777.217|0.1;1e-45|5e-324;0.1|1.7976931348623157e+308', 'R9: FLOAT and DOUBLE are exact');

is(scalar(() = $my->connections), 0, 'no connection is left behind');
done_testing();
