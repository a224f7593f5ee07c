# testbed: mysql mariadb smoke readers
#
# A run into tables that exist: what the target's catalog has is kept, what the source holds arrives, and what is recorded is true.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $my = scratch_source(<<'SQL');
SET SESSION foreign_key_checks = 0;
CREATE TABLE `org-unit` (id int AUTO_INCREMENT PRIMARY KEY, parent_id int, name varchar(30) NOT NULL,
	FOREIGN KEY (parent_id) REFERENCES `org-unit` (id)) AUTO_INCREMENT = 1000;
INSERT INTO `org-unit` VALUES (1, 3, 'below'), (2, 1, 'deepest'), (3, NULL, 'top');
CREATE TABLE Team (Id int PRIMARY KEY, leaderId int, `order` int NOT NULL);
CREATE TABLE person (id int PRIMARY KEY, team_id int, FOREIGN KEY (team_id) REFERENCES Team (Id));
INSERT INTO Team VALUES (1, 12, 5), (2, 11, 6), (3, NULL, 7);
INSERT INTO person VALUES (10, 1), (11, 2), (12, 2);
ALTER TABLE Team ADD FOREIGN KEY (leaderId) REFERENCES person (id);
CREATE TABLE `select` (`from` bigint AUTO_INCREMENT PRIMARY KEY, `table` char(36), userName varchar(20));
INSERT INTO `select` VALUES (7, '6CCD780C-BABA-1026-9564-5B8C656024DB', 'ann'), (9, '00000000-0000-0000-0000-000000000001', NULL);
CREATE TABLE derived (id int PRIMARY KEY, price decimal(8,2) NOT NULL,
	twice decimal(9,2) GENERATED ALWAYS AS (price * 2) STORED, thrice decimal(9,2) GENERATED ALWAYS AS (price * 3) VIRTUAL,
	secret int NOT NULL DEFAULT 7 INVISIBLE);
INSERT INTO derived (id, price) VALUES (1, 1.25);
INSERT INTO derived (id, price, secret) VALUES (2, 9999.99, -1);
CREATE TABLE seeded (id int PRIMARY KEY, name varchar(20));
INSERT INTO seeded VALUES (1, 'from the source'), (2, 'this one too');
CREATE TABLE rare (id int PRIMARY KEY, keep_me int, drop_me int);
INSERT INTO rare VALUES (1, 2, 3);
CREATE TABLE journal (id int PRIMARY KEY);
CREATE VIEW a_view AS SELECT id FROM person;
SQL

my $db = scratch_database();
my $role = 'alk_reader_' . $db->dbname;
$db->run("CREATE ROLE $role", <<'SQL');
CREATE TABLE "org-unit" (name text NOT NULL, id serial PRIMARY KEY, parent_id int CONSTRAINT own_parent REFERENCES "org-unit",
	note text, created date NOT NULL DEFAULT '2001-02-03', label text GENERATED ALWAYS AS (upper(name)) STORED);
CREATE TABLE "Team" ("order" int NOT NULL CHECK ("order" > 0), "Id" int PRIMARY KEY, "leaderId" int);
CREATE TABLE person (dropped text, id int PRIMARY KEY, team_id int REFERENCES "Team" ON DELETE CASCADE);
ALTER TABLE person DROP dropped;
ALTER TABLE "Team" ADD CONSTRAINT leader FOREIGN KEY ("leaderId") REFERENCES person DEFERRABLE INITIALLY DEFERRED;
CREATE TABLE "select" ("table" uuid UNIQUE, user_name varchar(20), "from" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
CREATE TABLE derived (id int PRIMARY KEY, secret int NOT NULL, thrice numeric(9,2) GENERATED ALWAYS AS (price * 3) STORED, price numeric(8,2) NOT NULL,
	twice numeric(9,2));
CREATE TABLE seeded (id int PRIMARY KEY, name text);
INSERT INTO seeded VALUES (1, 'by the application'), (5, 'gone after the run');
CREATE UNLOGGED TABLE rare (id int PRIMARY KEY, keep_me int);
INSERT INTO rare VALUES (9, 9);
ALTER TABLE rare ADD added int NOT NULL DEFAULT 5;
DELETE FROM rare;
CREATE TABLE journal (id int PRIMARY KEY);
CREATE TABLE target_only (id int);
INSERT INTO target_only VALUES (42);
ALTER SEQUENCE "org-unit_id_seq" RESTART WITH 77;

-- what must survive
CREATE INDEX by_lower_name ON "org-unit" (lower(name)) WHERE parent_id IS NOT NULL;
CREATE INDEX person_team ON person (team_id) WITH (fillfactor = 70);
CLUSTER person USING person_team;
CREATE STATISTICS team_statistics ON "order", "leaderId" FROM "Team";
ALTER TABLE person SET (autovacuum_vacuum_scale_factor = 0.3);
ALTER TABLE "org-unit" ALTER name SET STORAGE EXTERNAL, ALTER name SET STATISTICS 500, ALTER note SET COMPRESSION pglz;
CREATE VIEW units AS SELECT u.id, p.name AS parent FROM "org-unit" u LEFT JOIN "org-unit" p ON p.id = u.parent_id;
CREATE MATERIALIZED VIEW unit_count AS SELECT count(*) FROM "org-unit";
CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE TRIGGER at_update BEFORE UPDATE ON person FOR EACH ROW EXECUTE FUNCTION nothing();
CREATE TRIGGER switched_off BEFORE INSERT ON person FOR EACH ROW EXECUTE FUNCTION nothing();
ALTER TABLE person DISABLE TRIGGER switched_off;
COMMENT ON TABLE person IS 'people';
COMMENT ON COLUMN person.team_id IS 'where they work';
ALTER TABLE journal REPLICA IDENTITY FULL;
CREATE RULE no_delete AS ON DELETE TO journal DO INSTEAD NOTHING;
SQL
$db->run("GRANT SELECT ON person, units TO $role", "GRANT UPDATE (name) ON \"org-unit\" TO $role WITH GRANT OPTION",
	"INSERT INTO alkconv.rule (table_pattern, column_pattern, action, reason) VALUES ('rare', 'drop_me', 'skip_column', 'nobody reads it'),
	('seeded', NULL, 'replace_seeded', 'made by the application')");
$db->link_source('src', $my);

sub report { return $db->value('SELECT * FROM alkconv_report()') }
# Everything but the records of runs.
sub contents { return $db->dump('--exclude-schema=alkconv') }
my $oids = q{SELECT array_agg((relname, oid) ORDER BY oid) FROM pg_class WHERE relnamespace = 'public'::regnamespace};
my $files = q{SELECT count(*) FROM pg_class WHERE relname LIKE 'pg_temp%' OR relname LIKE 'pg\_toast\_temp%'};

# ---- the plan ------------------------------------------------------------------------------------------------------------------------

my $before = $db->dump;
my $plan = $db->value("SELECT * FROM alkconv_plan('src')");
is($db->value("SELECT * FROM alkconv_plan('src')"), $plan, 'the plan is the same each time');
same_text($db->dump, $before, 'and changes nothing');
is($db->value("SELECT count(*) FROM alkconv_plan('src') WHERE step = 'problem'"), 0, 'it has no problems');
is($db->value(q{SELECT string_agg(concat_ws(' ', step, column_name, target_type, note), '; ' ORDER BY step, column_name) FROM alkconv_plan('src') WHERE table_name = 'derived'
	AND column_name IS NOT NULL}),
	'column id integer; column price numeric(8,2); column secret integer; column twice numeric(9,2) generated in the source, its values are copied; '
	. 'source column thrice generated by the source; target column thrice generated by the target', 'generated and invisible columns');
is($db->value(q{SELECT string_agg(concat_ws(' ', step, column_name, note), '; ' ORDER BY column_name) FROM alkconv_plan('src') WHERE table_name = 'org-unit' AND step LIKE '%column'
	AND note IS NOT NULL}),
	'target column created keeps its default; target column label generated by the target; target column note NULL: not in the source', 'columns that only the target has');
is($db->value(q{SELECT note FROM alkconv_plan('src') WHERE column_name = 'userName'}), 'the target is spelled "user_name"', 'another spelling');
is($db->value(q{SELECT string_agg(concat_ws(' ', step, column_name, rule, note), '; ' ORDER BY step) FROM alkconv_plan('src')
	WHERE step IN ('source column', 'replace') AND table_name IN ('rare', 'seeded')}),
	'replace replace_seeded: made by the application; source column drop_me rule skip_column: nobody reads it', 'rules give their reasons');

# ---- a rehearsal ---------------------------------------------------------------------------------------------------------------------

my %rehearsal = $db->psql(qq{BEGIN; SELECT alkconv_migrate('src'); SELECT count(*) FROM person; SELECT nextval('"org-unit_id_seq"'); $files; ROLLBACK});
is($rehearsal{rc}, 0, 'a rehearsal') or diag($rehearsal{stderr});
like($rehearsal{stdout}, qr/^[0-9a-f-]{36}\n3\n1000\n0\n$/, 'shows the rows and the sequence');
same_text($db->dump, $before, 'and leaves everything identical, sequences and records included');

# ---- the run -------------------------------------------------------------------------------------------------------------------------

my $schema = $db->dump('--schema-only');
my $oids_before = $db->value($oids);
my $run = $db->value("SELECT alkconv_migrate('src')");
my $contents = contents();
same_text($db->dump('--schema-only'), $schema, 'definitions, views, grants, comments, triggers, indexes and settings are as they were');
is($db->value($oids), $oids_before, 'and so are the OIDs of all tables, views and sequences');

is($db->value('SELECT array_agg((id, parent_id, name, note, created, label) ORDER BY id) FROM "org-unit"'),
	'{"(1,3,below,,2001-02-03,BELOW)","(2,1,deepest,,2001-02-03,DEEPEST)","(3,,top,,2001-02-03,TOP)"}',
	'columns in another order; a default, a null and a generated value for what the source does not have; a self-reference');
is($db->value('SELECT array_agg(("Id", "leaderId", "order") ORDER BY "Id") FROM "Team"'), '{"(1,12,5)","(2,11,6)","(3,,7)"}', 'one half of the cycle');
is($db->value('SELECT array_agg((id, team_id) ORDER BY id) FROM person'), '{"(10,1)","(11,2)","(12,2)"}', 'and the other');
is($db->value('SELECT array_agg(("from", "table", user_name) ORDER BY "from") FROM "select"'),
	'{"(7,6ccd780c-baba-1026-9564-5b8c656024db,ann)","(9,00000000-0000-0000-0000-000000000001,)"}', 'reserved words, values for an identity column');
is($db->value('SELECT array_agg((id, price, twice, thrice, secret) ORDER BY id) FROM derived'), '{"(1,1.25,2.50,3.75,7)","(2,9999.99,19999.98,29999.97,-1)"}',
	'a generated source column is copied, a generated target column computed, an invisible column arrives');
is($db->value('SELECT id, keep_me, added FROM rare'), '1|2|5', 'a column that was added later, an unlogged table');
is($db->value('SELECT array_agg((id, name) ORDER BY id) FROM seeded'), '{"(1,\"from the source\")","(2,\"this one too\")"}', 'seeded rows are replaced');
is($db->value('SELECT count(*) FROM target_only'), 1, 'a table that only the target has is left alone');
is($db->value('SELECT parent FROM units WHERE id = 2'), 'below', 'a view shows the new rows');
is($db->value('SELECT last_value, is_called FROM "org-unit_id_seq"'), '1000|f', 'a serial goes on where AUTO_INCREMENT would');
is($db->value('SELECT last_value, is_called FROM select_from_seq'), '10|f', 'an identity after the highest value');
is($db->value("SET enable_seqscan = off; SELECT id FROM person WHERE team_id = 1"), 10, 'an index finds the new rows');
$db->fails('INSERT INTO person VALUES (99, 99)', sqlstate => '23503', name => 'foreign keys are on guard');
$db->fails(q{INSERT INTO "select" ("from", "table") OVERRIDING SYSTEM VALUE VALUES (8, '6ccd780c-baba-1026-9564-5b8c656024db')}, sqlstate => '23505', name => 'and unique keys');
is($db->value("$files"), 0, 'no transient table is left');
is($db->value('SELECT count(*) FROM pg_constraint WHERE NOT convalidated'), 0, 'all constraints are valid');
cmp_ok($db->value("SELECT reltuples FROM pg_class WHERE relname = 'person'"), '==', 3, 'the planner knows the tables');

# ---- the record ------------------------------------------------------------------------------------------------------------------------

is($db->value('SELECT run FROM alkconv.run'), $run, 'the run is recorded under the id that was returned');
my $readers = $db->value('SELECT readers FROM alkconv.run');
like($readers, $ENV{ALKCONV_TEST_READERS} ? qr/^$ENV{ALKCONV_TEST_READERS}$/ : qr/^[1-4]$/, 'with as many readers as asked for, or as there are processors for');
is($db->value('SELECT source, source_database, target_schema, caller, mode, on_existing, verify, snapshot_method, tables, rows FROM alkconv.run'),
	join('|', 'src', $my->dbname, 'public', 'postgres', 'auto', 'error', 'full', ($ENV{ALKCONV_TEST_READERS} // 0) == 1 ? 'single connection' : 'lock tables', 8, 16), 'with what was done');
like($db->value('SELECT source_version, target_version, binlog_position FROM alkconv.run'), qr/^(MySQL|MariaDB) \d+\.\d+.*\|\d+\.?\d*.*\|.+:\d+$/, 'where and at which position');
is($db->value("SELECT count(*) FROM alkconv_report() WHERE verdict NOT IN ('ok', 'left out')"), 0, 'every verdict is ok');
is($db->value("SELECT string_agg(table_name || ' ' || check_name, ', ' ORDER BY table_name, check_name) FROM alkconv_report() WHERE verdict = 'left out' AND (check_name = 'table' OR check_name LIKE 'source%')"),
	'rare source column drop_me, rare table', 'but of the table of which a rule leaves a column out; what both sides compute is not left out');
is($db->value("SELECT string_agg(table_name || ' ' || source_value || '=' || target_value, ', ' ORDER BY table_name COLLATE \"C\") FROM alkconv_report() WHERE check_name = 'table'"),
	'Team 3=3, derived 2=2, journal 0=0, org-unit 3=3, person 3=3, rare 1=1, seeded 2=2, select 2=2', 'and the counts are those of the tables');
is($db->value("SELECT count(DISTINCT table_name) FROM alkconv_report() WHERE check_name = 'digest'"), 8, 'each table was proved by digests');
is($db->value("SELECT string_agg(check_name, ', ' ORDER BY check_name) FROM alkconv_report() WHERE check_name LIKE 'foreign key%'"),
	'foreign key leader, foreign key own_parent, foreign key person_team_id_fkey', 'each foreign key was checked');
is($db->value("SELECT note FROM alkconv_report() WHERE table_name = 'rare' AND check_name = 'table'"), 'drop_me left out by skip_column: nobody reads it',
	'a skipped column is in the report');
is($db->value("SELECT note FROM alkconv_report() WHERE table_name = 'seeded' AND check_name = 'table'"), '2 rows replaced by replace_seeded: made by the application',
	'and so are replaced rows');
is($db->value("SELECT j->>'run', j->>'rows', jsonb_array_length(j->'table_list'), jsonb_array_length(j->'checks') = (SELECT count(*) FROM alkconv.run_check) FROM alkconv_report_json() j"),
	"$run|16|8|t", 'the same as one document');

# ---- again ---------------------------------------------------------------------------------------------------------------------------

my $first = report();
$db->fails("SELECT alkconv_migrate('src')", sqlstate => '55000', like => qr/is not empty/, name => 'a second run does not mix its rows with those of the first');
my $second = $db->value("SELECT alkconv_migrate('src', on_existing => 'replace')");
isnt($second, $run, 'a second run that replaces has an id of its own');
same_text(strip_replaced(report()), strip_replaced($first), 'the same report');
same_text(contents(), $contents, 'and the same contents');
like($db->value("SELECT string_agg(note, ', ' ORDER BY table_name COLLATE \"C\") FROM alkconv_report() WHERE check_name = 'table'"),
	qr/^3 rows replaced by on_existing, 2 rows replaced by on_existing, 3 rows replaced by on_existing, 3 rows/, 'which says how many rows were replaced');
is($db->value("SELECT count(*) FROM alkconv_report('$run') WHERE note LIKE '%by on_existing%'"), 0, 'the report of the first run is still to be had');

# How many rows were replaced is what may differ.
sub strip_replaced { return $_[0] =~ s/(; )?\d+ rows? replaced by [^;|\n]*//gr }

# Within larger transactions.
my $replace = "SELECT alkconv_migrate('src', on_existing => 'replace')";
$db->run("BEGIN; SELECT count(*) FROM person; SAVEPOINT s; $replace; ROLLBACK TO s; $replace; $replace; COMMIT");
same_text(contents(), $contents, 'run, taken back and run twice in one transaction');
is($db->value('SELECT count(*) FROM alkconv.run'), 4, 'what was taken back is not recorded');
$db->run("BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT count(*) FROM person; $replace; SELECT count(*) FROM person; COMMIT");
same_text(contents(), $contents, 'in a serializable transaction that has seen the old rows');
like($db->notices(q{DO $$ BEGIN PERFORM alkconv_migrate('src'); EXCEPTION WHEN object_not_in_prerequisite_state THEN RAISE NOTICE 'caught'; END $$}), qr/caught/,
	'an error can be caught');
same_text(contents(), $contents, 'and leaves nothing');

# ---- sequences never go back --------------------------------------------------------------------------------------------------------

my $sequence_check = q{SELECT target_value, verdict FROM alkconv_report() WHERE check_name = 'sequence of id'};
is($db->value(q{SELECT nextval('"org-unit_id_seq"')}), 1000, 'a number is handed out');
$db->run($replace);
is($db->value($sequence_check), 'next value 1001|ok', 'a run that replaces the rows does not take it back');
is($db->value(q{SELECT nextval('"org-unit_id_seq"')}), 1001, 'the next one is another');
$db->run(q{SELECT setval('"org-unit_id_seq"', 5000, false)}, $replace);
is($db->value($sequence_check), 'next value 5000|ok', 'a sequence that is ahead of the source stays there');
is($db->value(q{SELECT nextval('"org-unit_id_seq"')}), 5000, 'to the number');
$db->run('ALTER SEQUENCE "org-unit_id_seq" RESTART WITH 3', $replace);
is($db->value(q{SELECT nextval('"org-unit_id_seq"')}), 1000, 'one that is behind it is advanced');

# ---- counts only, and parts ----------------------------------------------------------------------------------------------------------

my $parts = $db->notices("SELECT alkconv_migrate('src', on_existing => 'replace', verify => 'counts', include => ARRAY['person', 'Team', 'se%'], exclude => ARRAY['seed%'])");
like($parts, qr/NOTICE:  table "seeded" is left out: excluded by argument\n.*NOTICE:  4 tables are left out: not among the included\n.*NOTICE:  loaded/,
	'what is not among the included is counted');
like($parts, qr/row counts proved equal; left out: 5 tables/, 'in the last NOTICE with the others');
is(() = $parts =~ /left out/g, 3, 'and not listed') or diag($parts);
is($db->value("SELECT count(*) FROM alkconv_plan('src', include => ARRAY['person']) WHERE note = 'not among the included'"), 7, 'the plan lists it');
is($db->value("SELECT string_agg(DISTINCT table_name, ', ') FROM alkconv_report() WHERE verdict = 'ok'"), 'Team, person, select', 'include and exclude choose tables');
is($db->value("SELECT string_agg(DISTINCT split_part(check_name, ' ', 1), ', ') FROM alkconv_report()"), 'check, foreign, not, rows, sequence, table, unique',
	'counts: everything but the digests');
is($db->value("SELECT string_agg(table_name || ': ' || note, ', ' ORDER BY table_name) FROM alkconv_report() WHERE verdict = 'left out' AND check_name = 'table' AND table_name LIKE 'se%' AND note NOT LIKE 'not among%'"),
	'seeded: excluded by argument', 'what was left out is in the report');

# ---- into another schema, made by the run ----------------------------------------------------------------------------------------------

$db->run('CREATE SCHEMA made');
my $made = $db->notices("SELECT alkconv_migrate('src', target_schema => 'made', mode => 'create')");
like($made, qr/migrated "src": 8 tables, 16 rows, every value proved equal/, 'mode create');
is($db->value("SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod) || CASE WHEN attnotnull THEN '!' ELSE '' END, ', ' ORDER BY attnum)
	FROM pg_attribute WHERE attrelid = 'made.\"select\"'::regclass AND attnum > 0"), 'from bigint!, table character varying(36), userName character varying(20)', 'makes columns: a uuid in capitals would come back in another spelling');
is($db->value('SELECT array_agg(("Id", "leaderId") ORDER BY "Id") FROM made."Team"'), '{"(1,12)","(2,11)","(3,)"}', 'and fills them');
$db->fails('INSERT INTO made.person VALUES (10, NULL)', sqlstate => '23505', name => 'primary keys are made');
is($db->value("SELECT mode FROM alkconv.run ORDER BY finished DESC LIMIT 1"), 'create', 'and it is recorded');
$db->run('CREATE SCHEMA empty_one');
like($db->notices("SELECT alkconv_migrate('src', target_schema => 'empty_one')"), qr/migrated "src": 8 tables/, 'mode auto makes the tables where there are none');

done_testing();
END { $db->run("DROP OWNED BY $role CASCADE", "DROP ROLE $role") if $db && $role }
