# testbed: mysql mariadb
#
# The schema that mode create makes is proved: the run's report says what was compared, and alkconv_verify names every property that is damaged
# afterwards, by table, object and both sides. Each damage is done in a transaction of its own, which is rolled back.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $my = scratch_source(<<'SQL');
CREATE TABLE parent (id int PRIMARY KEY, a int NOT NULL, b int NOT NULL, UNIQUE KEY ab (a, b)) COMMENT 'the parents';
CREATE TABLE child (
	id int AUTO_INCREMENT PRIMARY KEY,
	parent int, other int NOT NULL DEFAULT 7,
	name varchar(20) NOT NULL DEFAULT 'it''s' COMMENT 'what it is called',
	code char(10) DEFAULT '', price decimal(9,2) DEFAULT 1.50, ratio double DEFAULT 0.5,
	at datetime(3) DEFAULT CURRENT_TIMESTAMP(3),
	day date DEFAULT '2020-02-29', span time(2) DEFAULT '-01:30:00', stamp timestamp(6) NULL,
	mood enum('good','bad','it''s') DEFAULT 'bad', tags set('x','y') DEFAULT 'x,y', flags bit(4) DEFAULT b'0101',
	yes tinyint(1) DEFAULT 1, doubled int AS (other * 2) STORED,
	UNIQUE KEY names (name, code), UNIQUE KEY begins (code(3), price), KEY late (at DESC, price), KEY plain (price),
	CONSTRAINT fk FOREIGN KEY (parent) REFERENCES parent (id) ON DELETE SET NULL ON UPDATE CASCADE,
	CONSTRAINT positive CHECK (price > 0), CONSTRAINT few CHECK (other BETWEEN -1 AND 100 OR other IN (200, 300)));
CREATE TABLE touched (id int PRIMARY KEY, at datetime(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3), made int AS (id + 1) STORED);
CREATE TABLE words (id int PRIMARY KEY, word varchar(9));
CREATE TABLE clocks (s timestamp DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, d datetime(1) DEFAULT CURRENT_TIMESTAMP(1) ON UPDATE CURRENT_TIMESTAMP(1), u timestamp(6) DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6), ident char(36) DEFAULT (uuid()));
CREATE TABLE parts (id int NOT NULL, v int) PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (20), PARTITION rest VALUES LESS THAN MAXVALUE);
CREATE TABLE kinds (kind int NOT NULL, v int) PARTITION BY LIST (kind) (PARTITION odd VALUES IN (1, 3), PARTITION even VALUES IN (2, 4));
CREATE TABLE spread (id int NOT NULL, v int) PARTITION BY HASH (id) PARTITIONS 3;
INSERT INTO parent VALUES (1, 1, 2), (2, 2, 1);
INSERT INTO child (parent, name, price) VALUES (1, 'a', 1), (2, 'b', 2), (NULL, 'c', 3);
INSERT INTO parts VALUES (1, 1), (10, 2), (11, 3), (99, 4);
INSERT INTO kinds VALUES (1, 1), (2, 2), (3, 3);
INSERT INTO spread VALUES (1, 1), (2, 2), (3, 3), (4, 4);
SQL
my $db = scratch_database();
$db->run('CREATE SCHEMA made');
$db->link_source('src', $my, target_schema => 'made');
$db->run("INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ('words', 'word', 'collation', 'pg_catalog.\"C\"')");
$db->run("SELECT alkconv_migrate('src', mode => 'create')");

# ---- the healthy run -------------------------------------------------------------------------------------------------------------------

is(join('; ', $db->rows("SELECT check_name || ' ' || target_value FROM alkconv_report() WHERE table_name = 'child' AND check_name LIKE 'schema: %' ORDER BY check_name")),
	'schema: checks 3 compared; schema: columns 16 compared; schema: comments 1 compared; schema: defaults 12 compared; schema: foreign keys 1 compared; schema: keys ' . ($db->value("SELECT count(*) FROM pg_index WHERE indrelid = 'made.child'::regclass")) . ' compared',
	'the report says what was compared');
is($db->value("SELECT string_agg(table_name || ' ' || target_value, ', ' ORDER BY table_name) FROM alkconv_report() WHERE check_name = 'schema: partitions'"), 'kinds 2 compared, parts 3 compared, spread 3 compared', 'of partitions too');
my $verify = "SELECT table_name || ': ' || check_name || ': ' || note FROM alkconv_verify('src') WHERE verdict NOT IN ('ok', 'left out')";
is(join('; ', $db->rows($verify)), '', 'a schema that nobody has touched is as the run has made it');
is($db->value("SELECT count(*) FROM alkconv_verify('src') WHERE check_name LIKE 'schema: %'"), $db->value("SELECT count(*) FROM alkconv_report() WHERE check_name LIKE 'schema: %'"), 'by the checks of the run');

# ---- damages ---------------------------------------------------------------------------------------------------------------------------

my @damages = (
	# statements, table, kind, what the note must say
	['ALTER TABLE made.parent DROP CONSTRAINT ab', 'parent', 'keys', qr/key ab: unique ab \(a, b\) in the source, no such key in the target/],
	['ALTER TABLE made.parent DROP CONSTRAINT ab, ADD CONSTRAINT ab UNIQUE (b, a)', 'parent', 'keys', qr/unique ab \(a, b\) in the source, unique ab \(b, a\) in the target/],
	['ALTER TABLE made.parent DROP CONSTRAINT ab; CREATE INDEX ab ON made.parent (a, b)', 'parent', 'keys', qr/in the source, index ab \(a, b\) in the target/],
	['ALTER TABLE made.parent DROP CONSTRAINT ab; CREATE UNIQUE INDEX ab ON made.parent (a, b) WHERE a > 0', 'parent', 'keys', qr/of some rows in the target/],
	['ALTER TABLE made.child DROP CONSTRAINT child_pkey; CREATE UNIQUE INDEX ON made.child (id)', 'child', 'keys', qr/key PRIMARY: primary key PRIMARY \(id\) in the source, unique child_id_idx \(id\) in the target/],
	['DROP INDEX made.begins; CREATE UNIQUE INDEX begins ON made.child (left(code, 2), price)', 'child', 'keys', qr/begins \(code\(3\), price\)/],
	['DROP INDEX made.late; CREATE INDEX late ON made.child (at, price)', 'child', 'keys', qr/late \(at DESC, price\) in the source, index late \(at, price\) in the target/],
	['DROP INDEX made.plain', 'child', 'keys', qr/index plain \(price\) in the source, no such key/],
	['ALTER TABLE made.child DROP CONSTRAINT fk', 'child', 'foreign keys', qr/fk: \(parent\) to parent \(id\) ON UPDATE CASCADE ON DELETE SET NULL in the source, no such foreign key/],
	['ALTER TABLE made.child DROP CONSTRAINT fk, ADD CONSTRAINT fk FOREIGN KEY (parent) REFERENCES made.parent ON DELETE CASCADE ON UPDATE CASCADE', 'child', 'foreign keys', qr/ON DELETE CASCADE in the target/],
	['ALTER TABLE made.child DROP CONSTRAINT fk, ADD CONSTRAINT fk FOREIGN KEY (parent) REFERENCES made.parent ON DELETE SET NULL', 'child', 'foreign keys', qr/ON UPDATE NO ACTION/],
	['ALTER TABLE made.child DROP CONSTRAINT positive', 'child', 'checks', qr/check positive: .* no such check/],
	['ALTER TABLE made.child DROP CONSTRAINT few, ADD CONSTRAINT few CHECK (other >= -1)', 'child', 'checks', qr/check few: .* another answer where other is 101/],
	['ALTER TABLE made.child DROP CONSTRAINT few, ADD CONSTRAINT few CHECK (other BETWEEN -1 AND 100 OR other IN (200, 300) OR true)', 'child', 'checks', qr/check few: .* another answer where other is -2/],
	['ALTER TABLE made.child DROP CONSTRAINT positive, ADD CONSTRAINT positive CHECK (true)', 'child', 'checks', qr/check positive: .* true in the target/],
	['ALTER TABLE made.child DROP CONSTRAINT positive, ADD CONSTRAINT positive CHECK (price > 0) NOT VALID', 'child', 'checks', qr/NOT VALID in the target/],
	["DO \$\$ BEGIN EXECUTE (SELECT format('ALTER TABLE made.child DROP CONSTRAINT %I', conname) FROM pg_constraint WHERE conrelid = 'made.child'::regclass AND contype = 'c' AND pg_get_constraintdef(oid) ~ 'tags'); END \$\$", 'child', 'checks', qr/labels of column tags/],
	['ALTER TABLE made.child ALTER name DROP NOT NULL', 'child', 'columns', qr/column name: NOT NULL in the source, may be NULL in the target/],
	['ALTER TABLE made.child ALTER id DROP IDENTITY', 'child', 'columns', qr/column id: AUTO_INCREMENT in the source, no identity/],
	['ALTER TABLE made.child ALTER id SET GENERATED ALWAYS', 'child', 'columns', qr/column id: AUTO_INCREMENT/],
	['ALTER TABLE made.child ALTER name TYPE varchar(10)', 'child', 'columns', qr/column name: varchar\(20\) in the source, character varying\(10\)/],
	['ALTER TABLE made.child ALTER name TYPE varchar(30)', 'child', 'columns', qr/character varying\(30\)/],
	['ALTER TABLE made.child ALTER price TYPE numeric(10,2)', 'child', 'columns', qr/decimal\(9,2\) in the source, numeric\(10,2\)/],
	['ALTER TABLE made.child ALTER at TYPE timestamp(6)', 'child', 'columns', qr/datetime\(3\) in the source, timestamp\(6\) without/],
	['ALTER TABLE made.child ALTER stamp TYPE timestamptz(0)', 'child', 'columns', qr/column stamp: timestamp\(6\)/],
	['ALTER TABLE made.child ALTER doubled DROP EXPRESSION', 'child', 'columns', qr/column doubled: generated in the source, not generated/],
	["ALTER TYPE made.child_mood RENAME VALUE 'good' TO 'fine'", 'child', 'columns', qr/enum \(fine, bad, it's\)/],
	["UPDATE pg_enum SET enumsortorder = 99 WHERE enumtypid = 'made.child_mood'::regtype AND enumlabel = 'good'", 'child', 'columns', qr/enum \(bad, it's, good\)/],
	['ALTER TABLE made.child ALTER name DROP DEFAULT', 'child', 'defaults', qr/column name: it's in the source, none in the target/],
	["ALTER TABLE made.child ALTER name SET DEFAULT 'its'", 'child', 'defaults', qr/column name: it's in the source, its in the target/],
	['ALTER TABLE made.child ALTER other SET DEFAULT 8', 'child', 'defaults', qr/column other: 7 in the source, 8/],
	['ALTER TABLE made.child ALTER other SET DEFAULT 7 + random() * 0', 'child', 'defaults', qr/column other: 7 in the source/],
	['ALTER TABLE made.child ALTER price SET DEFAULT 1.51', 'child', 'defaults', qr/column price/],
	['ALTER TABLE made.child ALTER ratio SET DEFAULT 0.25', 'child', 'defaults', qr/column ratio/],
	["ALTER TABLE made.child ALTER day SET DEFAULT '2020-03-01'", 'child', 'defaults', qr/column day: 2020-02-29 in the source, 2020-03-01/],
	["ALTER TABLE made.child ALTER span SET DEFAULT '01:30:00'", 'child', 'defaults', qr/column span/],
	["ALTER TABLE made.child ALTER mood SET DEFAULT 'good'", 'child', 'defaults', qr/column mood: bad in the source, good/],
	["ALTER TABLE made.child ALTER tags SET DEFAULT '{y}'", 'child', 'defaults', qr/column tags: x,y in the source, y/],
	["ALTER TABLE made.child ALTER flags SET DEFAULT '0111'", 'child', 'defaults', qr/column flags/],
	['ALTER TABLE made.child ALTER yes SET DEFAULT false', 'child', 'defaults', qr/column yes: 1 in the source, f/],
	['ALTER TABLE made.child ALTER at SET DEFAULT LOCALTIMESTAMP(3)', 'child', 'defaults', qr/column at: .*LOCALTIMESTAMP\(3\) in the target/],
	["ALTER TABLE made.child ALTER at SET DEFAULT date_trunc('second', LOCALTIMESTAMP)", 'child', 'defaults', qr/column at: .*date_trunc/],
	['ALTER TABLE made.clocks ALTER s SET DEFAULT CURRENT_TIMESTAMP', 'clocks', 'defaults', qr/column s: .*CURRENT_TIMESTAMP in the target/],
	["ALTER TABLE made.clocks ALTER u SET DEFAULT date_trunc('second', CURRENT_TIMESTAMP)", 'clocks', 'defaults', qr/column u: /],
	["ALTER TABLE made.clocks ALTER ident SET DEFAULT 'uuid()'", 'clocks', 'defaults', qr/column ident: uuid\(\) in the source, 'uuid\(\)'/],
	['ALTER TABLE made.words ALTER word TYPE varchar(9) COLLATE "default"', 'words', 'columns', qr/column word: collation C by rule in the source, the default collation in the target/],
	['ALTER TABLE made.words ALTER word TYPE varchar(9) COLLATE "POSIX"', 'words', 'columns', qr/collation POSIX in the target/],
	["ALTER TABLE made.child ALTER at SET DEFAULT '2020-01-01'", 'child', 'defaults', qr/column at: .*current_timestamp/i],
	["DO \$\$ BEGIN EXECUTE (SELECT format('DROP TRIGGER %I ON made.touched', tgname) FROM pg_trigger WHERE tgrelid = 'made.touched'::regclass AND NOT tgisinternal); END \$\$", 'touched', 'on update', qr/column at: ON UPDATE CURRENT_TIMESTAMP in the source, no trigger/],
	['ALTER TABLE made.touched DISABLE TRIGGER USER', 'touched', 'on update', qr/no trigger BEFORE UPDATE/],
	["DO \$\$ BEGIN EXECUTE (SELECT replace(pg_get_functiondef(tgfoid), '1 millisecond', '1 second') FROM pg_trigger WHERE tgrelid = 'made.touched'::regclass AND NOT tgisinternal); END \$\$", 'touched', 'on update', qr/a trigger of other digits/],
	["DO \$\$ BEGIN EXECUTE (SELECT replace(pg_get_functiondef(tgfoid), 'IS NOT DISTINCT', 'IS DISTINCT') FROM pg_trigger WHERE tgrelid = 'made.touched'::regclass AND NOT tgisinternal); END \$\$", 'touched', 'on update', qr/a trigger of other changes/],
	["DO \$\$ BEGIN EXECUTE (SELECT regexp_replace(pg_get_triggerdef(oid), '^CREATE (.*) WHEN .* EXECUTE', 'CREATE OR REPLACE \\1 EXECUTE') FROM pg_trigger WHERE tgrelid = 'made.touched'::regclass AND NOT tgisinternal); END \$\$", 'touched', 'on update', qr/a trigger of other changes/],
	["COMMENT ON TABLE made.parent IS NULL", 'parent', 'comments', qr/table: the parents in the source, none in the target/],
	["COMMENT ON COLUMN made.child.name IS 'what'", 'child', 'comments', qr/column name: what it is called in the source, what in the target/],
	['ALTER TABLE made.parts DETACH PARTITION made.parts_p1; ALTER TABLE made.parts DETACH PARTITION made.parts_p0; INSERT INTO made.parts_p0 SELECT * FROM made.parts_p1 WHERE id < 11; DELETE FROM made.parts_p1 WHERE id < 11;'
		. ' ALTER TABLE made.parts ATTACH PARTITION made.parts_p0 FOR VALUES FROM (MINVALUE) TO (11); ALTER TABLE made.parts ATTACH PARTITION made.parts_p1 FOR VALUES FROM (11) TO (20)', 'parts', 'partitions',
		qr/partition parts_p0: 10 in the source, FOR VALUES FROM \(MINVALUE\) TO \(11\) in the target; partition parts_p0: 1 rows in the source, 2 rows/],
	['ALTER TABLE made.kinds DETACH PARTITION made.kinds_even; ALTER TABLE made.kinds ATTACH PARTITION made.kinds_even FOR VALUES IN (2, 4, 6)', 'kinds', 'partitions', qr/2,4 in the source, FOR VALUES IN \(2, 4, 6\)/],
);
for my $damage (@damages) {
	my ($statements, $table, $kind, $says) = @$damage;
	my @found = $db->rows("BEGIN; SET LOCAL client_min_messages = warning; $statements; SELECT table_name || '|' || check_name || '|' || note FROM alkconv_verify('src') WHERE verdict = 'mismatch' AND check_name LIKE 'schema: %'; ROLLBACK");
	is(join(' ', map { /^([^|]*\|[^|]*)/ } @found), "$table|schema: $kind", "found: $statements") or diag join "\n", @found;
	like($found[0] // '', $says, 'and shown');
}
# What only the target has besides is a note: whoever goes on with his schema adds to it.
is(join('; ', $db->rows("BEGIN; CREATE INDEX more ON made.child (ratio); ALTER TABLE made.child ALTER ratio SET NOT NULL; $verify; ROLLBACK")) =~ s/"//gr,
	'child: schema: columns: column ratio: may be NULL in the source, NOT NULL in the target; child: schema: keys: index more: no such key in the source, index more (ratio) in the target', 'what the target has besides is told');
is($db->value("BEGIN; CREATE INDEX more ON made.child (ratio); SELECT string_agg(DISTINCT verdict, ',') FROM alkconv_verify('src') WHERE verdict <> 'ok'; ROLLBACK"), 'note', 'and is no fault');

# ---- a run that loses something --------------------------------------------------------------------------------------------------------

# Somebody's event trigger stands for a fault of the run: what it does behind the statements is what their maker would have got wrong.
$db->run('CREATE SCHEMA harmed');
$db->link_source('harmed', $my, target_schema => 'harmed');
for my $harm (['ALTER TABLE harmed.parent DROP CONSTRAINT ab', 'keys', 'parent', qr/Source: unique ab \(a, b\)\. Target: no such key: key ab/],
	['ALTER TABLE harmed.child DROP CONSTRAINT positive', 'checks', 'child', qr/Target: no such check: check positive/],
	['ALTER TABLE harmed.child ALTER other SET DEFAULT 70', 'defaults', 'child', qr/Source: 7\. Target: 70: column other/],
	['CREATE UNIQUE INDEX more ON harmed.child (id)', 'keys', 'child', qr/Target: unique more \(id\): index more/]) {
	my ($statement, $kind, $table, $says) = @$harm;
	$db->run("CREATE FUNCTION harm() RETURNS event_trigger LANGUAGE plpgsql AS \$\$ BEGIN IF pg_catalog.current_setting('alkconv_test.harmed', true) IS DISTINCT FROM 'yes' THEN PERFORM pg_catalog.set_config('alkconv_test.harmed', 'yes', true); $statement; END IF; END \$\$",
		"CREATE EVENT TRIGGER harm ON ddl_command_end WHEN TAG IN ('COMMENT') EXECUTE FUNCTION harm()");
	$db->fails("SELECT alkconv_migrate('harmed', mode => 'create')", sqlstate => 'XX001', like => [ qr/verification failed: schema: $kind of table "$table"/, $says ], name => "the run ends: $statement");
	$db->run('DROP EVENT TRIGGER harm; DROP FUNCTION harm()');
}

# ---- schemas of others -----------------------------------------------------------------------------------------------------------------

$db->run('CREATE SCHEMA own; CREATE TABLE own.parent (id int, a int NOT NULL, b int); CREATE TABLE own.kinds (kind int NOT NULL, v int)');
$db->link_source('own', $my, target_schema => 'own');
$db->run("SELECT alkconv_migrate('own', include => '{parent,kinds}', mode => 'existing')");
is($db->value("SELECT count(*) FROM alkconv_report() WHERE check_name LIKE 'schema%'"), 0, 'a run proves the schema that it makes');
is(join('; ', $db->rows("SELECT table_name, check_name, source_value, verdict FROM alkconv_verify('own', include => '{parent,kinds}') WHERE check_name LIKE 'schema%'")),
	'parent|schema|column id: NOT NULL; column b: NOT NULL; key PRIMARY: primary key PRIMARY (id); key ab: unique ab (a, b)|note', 'what a table of others lacks is told, and is no fault');

done_testing();
