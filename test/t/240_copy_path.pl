# testbed: mysql mariadb alone readers
#
# Targets that are loaded through COPY's machinery: partitioned tables, partitions, other access methods, triggers that must fire.
use strict;
use warnings;
use AlkconvTest;
use AlkconvTest::Command;
use Test::More;

my $my = scratch_source(<<'SQL');
CREATE TABLE by_range (id int PRIMARY KEY AUTO_INCREMENT, at datetime(6) NOT NULL, v varchar(50));
INSERT INTO by_range SELECT n.n + 1, TIMESTAMP('2023-12-30') + INTERVAL n.n HOUR, CONCAT('row ', n.n) FROM
	(SELECT a.n + 10 * b.n + 100 * c.n + 1000 * d.n AS n FROM
	 (SELECT 0 n UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9) a,
	 (SELECT 0 n UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9) b,
	 (SELECT 0 n UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9) c,
	 (SELECT 0 n UNION SELECT 1 UNION SELECT 2) d) n;
ALTER TABLE by_range AUTO_INCREMENT = 5000;
CREATE TABLE by_hash (id char(36) PRIMARY KEY, v int);
INSERT INTO by_hash SELECT CONCAT('00000000-0000-4000-8000-', LPAD(HEX(id), 12, '0')), id FROM by_range;
CREATE TABLE hostile (id int PRIMARY KEY, t longtext, b longblob, f float, d double, n decimal(40,20), i time(6), ts timestamp(6) NULL, da date,
	bits bit(12), e enum('a\\b', 'tab\there', ''), s set('x y', 'quo"te', 'NULL'), j json, u bigint unsigned, boo tinyint(1));
INSERT INTO hostile VALUES
	(1, '\\N', x'5c4e00ff0a0d09', 0.1, 0.1, 12345678901234567890.12345678901234567890, '838:59:59', '2023-11-05 05:30:00.123456', '2023-01-02', b'101', 'a\\b', 'x y,NULL', '{"a": "\\\\ \\n"}', 18446744073709551615, 1),
	(2, '\\.', x'', 3.4028234e38, 1.7976931348623157e308, -0.00000000000000000001, '-01:02:03.000004', '2023-11-05 06:30:00', '9999-12-31', b'0', 'tab\there', 'quo"te', '[]', 0, 0),
	(3, '', NULL, 1e-45, 5e-324, 0, '-838:59:59', '1970-01-01 00:00:01', '1000-01-01', b'111111111111', '', '', 'null', 1, NULL),
	(4, NULL, x'0a', -0.0, 1e23, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(5, 'a\tb\nc\rd\\e\\\\f\\', x'5c', 16777216, 0.30000000000000004, 1, '00:00:00', '2038-01-19 03:14:07', '2024-02-29', b'1', 'a\\b', 'x y', '"\\t"', 7, 1),
	(6, REPEAT('aé€𝄞\\', 200000), REPEAT(x'00ff5c', 300000), 1, 1, 1, '01:00:00', '2024-01-01', '2024-01-01', b'1', 'a\\b', '', '{}', 7, 1);
CREATE TABLE counted (id int PRIMARY KEY, v int);
INSERT INTO counted VALUES (1, 10), (2, 20), (3, 30);
CREATE TABLE filled (id int PRIMARY KEY, name varchar(20));
INSERT INTO filled VALUES (1, 'Ann'), (2, 'Bob');
CREATE TABLE damaged (id int PRIMARY KEY, v int);
INSERT INTO damaged VALUES (1, 10), (2, 20), (3, 30);
CREATE TABLE swallowed (id int PRIMARY KEY, v int);
INSERT INTO swallowed VALUES (1, 10), (2, 20), (3, 30);
CREATE TABLE other_method (id int PRIMARY KEY, v int);
INSERT INTO other_method VALUES (1, 10), (2, 20);
CREATE TABLE one_partition (id int PRIMARY KEY, v int);
INSERT INTO one_partition VALUES (1, 10), (99, 990);
CREATE TABLE beyond (id int PRIMARY KEY, v int);
INSERT INTO beyond VALUES (1, 10), (100, 1000);
CREATE TABLE bad_value (id int PRIMARY KEY, v varchar(20));
INSERT INTO bad_value SELECT id, IF(id = 1500, 'abd', 'abc') FROM by_range WHERE id <= 2000;
CREATE TABLE bad_source (id int PRIMARY KEY, v varchar(40));
INSERT INTO bad_source SELECT id, IF(id = 1501, 'not a uuid', '00000000-0000-4000-8000-000000000000') FROM by_range WHERE id <= 2000;
CREATE TABLE bad_check (id int PRIMARY KEY, v int);
INSERT INTO bad_check VALUES (1, 1), (2, 2), (3, -3), (4, 4);
CREATE TABLE bad_key (id int PRIMARY KEY, v int);
INSERT INTO bad_key VALUES (1, 1), (2, 7), (3, 7);
SQL

my $db = scratch_database();
$db->run(<<'SQL');
CREATE TABLE by_range (v text, id serial, at timestamp NOT NULL, day date GENERATED ALWAYS AS (at::date) STORED, kept int DEFAULT 42,
	PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE by_range_2023 PARTITION OF by_range FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE by_range_later (kept int DEFAULT 43, id int NOT NULL, gone int, at timestamp NOT NULL, day date GENERATED ALWAYS AS (at::date) STORED, v text);
ALTER TABLE by_range_later DROP COLUMN gone;
ALTER TABLE by_range ATTACH PARTITION by_range_later FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX ON by_range (v);
CREATE TABLE by_hash (id uuid PRIMARY KEY, v int) PARTITION BY HASH (id);
CREATE TABLE by_hash_0 PARTITION OF by_hash FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE by_hash_1 PARTITION OF by_hash FOR VALUES WITH (MODULUS 3, REMAINDER 1) PARTITION BY HASH (id);
CREATE TABLE by_hash_1_0 PARTITION OF by_hash_1 FOR VALUES WITH (MODULUS 1, REMAINDER 0);
CREATE TABLE by_hash_2 PARTITION OF by_hash FOR VALUES WITH (MODULUS 3, REMAINDER 2);
CREATE TYPE hostile_e AS ENUM ('a\b', E'tab\there', '');
CREATE TABLE hostile (id int, t text, b bytea, f real, d double precision, n numeric, i interval, ts timestamptz, da date,
	bits bit(12), e hostile_e, s text[], j jsonb, u numeric(20), boo boolean) PARTITION BY LIST (id);
CREATE TABLE hostile_all PARTITION OF hostile DEFAULT;
CREATE TABLE tally (what text PRIMARY KEY, n int NOT NULL);
INSERT INTO tally VALUES ('rows', 0), ('before', 0), ('after', 0), ('sum', 0);
CREATE TABLE counted (id int PRIMARY KEY, v int);
CREATE FUNCTION count_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE tally SET n = n + 1 WHERE what = 'rows'; RETURN NULL; END $$;
CREATE TRIGGER count_row AFTER INSERT ON counted FOR EACH ROW EXECUTE FUNCTION count_row();
CREATE FUNCTION count_statement() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE tally SET n = n + 1 WHERE what = lower(tg_when); RETURN NULL; END $$;
CREATE TRIGGER count_before BEFORE INSERT ON counted EXECUTE FUNCTION count_statement();
CREATE TRIGGER count_after AFTER INSERT ON counted EXECUTE FUNCTION count_statement();
CREATE FUNCTION sum_up() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE tally SET n = n + (SELECT sum(v) FROM fresh) WHERE what = 'sum'; RETURN NULL; END $$;
CREATE TRIGGER sum_up AFTER INSERT ON counted REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION sum_up();
CREATE TABLE filled (id int PRIMARY KEY, name text, slug text);
CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.slug := lower(new.name) || '-' || current_user; RETURN new; END $$;
CREATE TRIGGER fill BEFORE INSERT ON filled FOR EACH ROW EXECUTE FUNCTION fill();
CREATE TABLE damaged (id int PRIMARY KEY, v int);
CREATE FUNCTION damage() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF new.id = 2 THEN new.v := new.v + 1; END IF; RETURN new; END $$;
CREATE TRIGGER damage BEFORE INSERT ON damaged FOR EACH ROW EXECUTE FUNCTION damage();
CREATE TABLE swallowed (id int PRIMARY KEY, v int);
CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF new.id = 2 THEN RETURN NULL; END IF; RETURN new; END $$;
CREATE TRIGGER swallow BEFORE INSERT ON swallowed FOR EACH ROW EXECUTE FUNCTION swallow();
CREATE ACCESS METHOD another_heap TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE other_method (id int PRIMARY KEY, v int) USING another_heap;
CREATE TABLE whole (id int PRIMARY KEY, v int) PARTITION BY RANGE (id);
CREATE TABLE one_partition PARTITION OF whole FOR VALUES FROM (0) TO (100);
CREATE TABLE beyond (id int PRIMARY KEY, v int) PARTITION BY RANGE (id);
CREATE TABLE beyond_1 PARTITION OF beyond FOR VALUES FROM (0) TO (100);
CREATE TYPE abc AS ENUM ('abc');
CREATE TABLE bad_value (id int PRIMARY KEY, v abc) PARTITION BY HASH (id);
CREATE TABLE bad_value_0 PARTITION OF bad_value FOR VALUES WITH (MODULUS 1, REMAINDER 0);
CREATE DOMAIN only_abc AS text CHECK (value = 'abc');
CREATE TABLE bad_source (id int PRIMARY KEY, v uuid) PARTITION BY HASH (id);
CREATE TABLE bad_source_0 PARTITION OF bad_source FOR VALUES WITH (MODULUS 1, REMAINDER 0);
CREATE TABLE bad_check (id int PRIMARY KEY, v int CONSTRAINT positive CHECK (v > 0)) PARTITION BY HASH (id);
CREATE TABLE bad_check_0 PARTITION OF bad_check FOR VALUES WITH (MODULUS 1, REMAINDER 0);
CREATE TABLE bad_key (id int, v int CONSTRAINT v_once PRIMARY KEY) PARTITION BY HASH (v);
CREATE TABLE bad_key_0 PARTITION OF bad_key FOR VALUES WITH (MODULUS 1, REMAINDER 0);
SQL
$db->link_source('src', $my);

sub call { return "SELECT alkconv_migrate('src', include => ARRAY[" . join(',', map { "'$_'" } @{ $_[0] }) . ']' . ($_[1] // '') . ')' }

sub refused {
	my ($tables, $arguments, %expected) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $before = $db->dump;
	my $message = $db->fails(call($tables, $arguments), %expected);
	is($db->dump, $before, "$expected{name}: the target is as it was");
	return $message;
}

# ---- what arrives ------------------------------------------------------------------------------------------------------------------

my @good = qw(by_range by_hash hostile counted filled other_method one_partition);
my $before = $db->dump;
$db->run('BEGIN; ' . call(\@good) . '; ROLLBACK');
is($db->dump, $before, 'a rehearsal leaves nothing');

is($db->value("SELECT string_agg(table_name || ': ' || note, E'\\n' ORDER BY table_name) FROM alkconv_plan('src') WHERE step = 'load' AND note LIKE '%COPY%'"
	. " AND table_name IN ('by_range', 'counted', 'one_partition', 'other_method')"), <<'PLAN' =~ s/\n\z//r, 'the plan names the way and the reason');
by_range: loaded through COPY: it is partitioned
counted: loaded through COPY: it has the trigger "count_after" on INSERT
one_partition: loaded through COPY: it is a partition
other_method: loaded through COPY: it uses another access method than heap
PLAN

# Settings under which careless text would not come back as it went.
my $notices = $db->notices("SET client_encoding = 'LATIN1'; SET datestyle = 'German'; SET intervalstyle = 'sql_standard'; SET extra_float_digits = -3;"
	. " SET bytea_output = 'escape'; SET timezone = 'America/New_York'; " . call(\@good));
like($notices, qr/loaded "by_range": 3000 rows, through COPY\n/, 'says how a table is loaded');
unlike($notices, qr/published/, 'there was no heap to publish');
like($notices, qr/migrated "src": 7 tables, 6015 rows, every value proved equal/, 'hostile values, partitions and triggers are proved');
is($db->value("SELECT count(*) FROM alkconv_verify('src', include => ARRAY[" . join(',', map { "'$_'" } @good) . "]) WHERE verdict NOT IN ('ok', 'left out') AND check_name <> 'schema'"), 0, 'and again');
is($db->value('SELECT count(*) || \'/\' || count(DISTINCT tableoid) || \'/\' || sum(kept) || \'/\' || bool_and(day = at::date) FROM by_range'),
	'3000/2/126000/true', 'rows are routed, defaults and generated columns computed as for the parent');
is($db->value('SELECT count(DISTINCT tableoid) FROM by_hash'), 3, 'hash partitions, one of them partitioned again');
is($db->value("SELECT nextval('by_range_id_seq')"), 5000, 'the sequence of a partitioned table continues');
is($db->value("SELECT t FROM hostile WHERE id = 1"), '\N', 'a text that looks like NULL');
is($db->value("SELECT string_agg(what || '=' || n, ' ' ORDER BY what) FROM tally"), 'after=1 before=1 rows=3 sum=60', 'row and statement triggers fired');
is($db->value("SELECT string_agg(slug, ' ' ORDER BY id) FROM filled"), 'ann-postgres bob-postgres', 'a trigger fills what the source lacks');
is($db->value('SELECT count(*) FROM ONLY one_partition'), 2, 'a partition is loaded by itself');

# ---- rows that are there ---------------------------------------------------------------------------------------------------------------

refused(['by_range'], '', name => 'partitions hold rows', sqlstate => '55000',
	like => [qr/target table "by_range" is not empty/, qr/HINT:  .*on_existing => 'replace'/, qr/TABLE NAME:  by_range$/m]);
$db->run("INSERT INTO by_range (at, v) VALUES ('2024-06-01', 'gone after the run')", "UPDATE by_hash SET v = 0", call([qw(by_hash by_range counted)], ", on_existing => 'replace'"));
is($db->value("SELECT count(*) FROM by_range WHERE v LIKE 'gone%'"), 0, 'old rows are replaced');
is($db->value('SELECT (SELECT count(*) FROM by_range) || \' \' || (SELECT sum(v) FROM by_hash) || \' \' || (SELECT count(*) FROM counted)'), '3000 4501500 3',
	'by those of the source');
$db->run('CREATE TABLE outsider (id uuid REFERENCES by_hash)');
refused(['by_hash'], ", on_existing => 'replace'", name => 'a table outside the run refers to the target', sqlstate => '0A000',
	like => [qr/target table "by_hash" is loaded through COPY and holds rows that are to be replaced, and table public\.outsider, which is no part of the run, refers to it/,
		qr/HINT:  Let the run load both tables, drop the foreign key for the run, or empty the target yourself\./, qr/TABLE NAME:  by_hash$/m]);
$db->run('DROP TABLE outsider');

# ---- what is refused -----------------------------------------------------------------------------------------------------------------

my $switch = qr/HINT:  Nothing was changed\. .*trigger.*DISABLE TRIGGER/;
refused([qw(filled damaged)], ", on_existing => 'replace'", name => 'a trigger that damages a value', sqlstate => 'XX001',
	like => [qr/verification failed: digest of table "damaged"/, qr/\(id\)=\(2\)|id.*\b2\b/, qr/\b21\b/, $switch, qr/TABLE NAME:  damaged$/m]);
refused(['swallowed'], '', name => 'a trigger that drops a row', sqlstate => 'XX001',
	like => [qr/verification failed: rows of table "swallowed"/, qr/Source: 3\. Target: 2\./, $switch]);
refused(['beyond'], '', name => 'no partition', sqlstate => '23514',
	like => [qr/no partition of relation "beyond" found for row/, qr/table "beyond", key \(id\)=\(100\)/, qr/HINT:  .*create the partition/, qr/COPY beyond, line 2/]);
refused(['bad_value'], '', name => 'a value that the type refuses', sqlstate => '22P02', unlike => qr/COPY bad_value/,
	like => [qr/"abd"/, qr/column "v" of table "bad_value"/, qr/\(id\)=\(1500\)/, qr/HINT/, qr/TABLE NAME:  bad_value$/m, qr/COLUMN NAME:  v$/m]);
refused(['bad_source'], '', name => 'a value that does not convert', sqlstate => '22P02', unlike => qr/COPY bad_source/,
	like => [qr/column "v" of table "bad_source": "not a uuid"/, qr/\(id\)=\(1501\)/, qr/HINT/, qr/TABLE NAME:  bad_source$/m, qr/COLUMN NAME:  v$/m]);
refused(['bad_check'], '', name => 'a row that a constraint refuses', sqlstate => '23514',
	like => [qr/check constraint "positive"/, qr/table "bad_check", key \(id\)=\(3\)/, qr/COPY bad_check, line 3/, qr/HINT:  Mend the row/]);
refused(['bad_key'], '', name => 'a key that is there twice', sqlstate => '23505',
	like => [qr/Key \(v\)=\(7\) already exists/, qr/COPY bad_key, line 3/, qr/HINT:  The source holds rows/, qr/CONSTRAINT NAME:  bad_key_0_pkey$/m]);

$db->run("ALTER TABLE bad_value ALTER v TYPE only_abc USING v::text");
refused(['bad_value'], '', name => 'a value that a domain refuses', sqlstate => '23514',
	like => [qr/only_abc/, qr/column "v" of table "bad_value"/, qr/\(id\)=\(1500\)/, qr/COLUMN NAME:  v$/m]);

# A row's key is named only where it is that row's: this trigger fails after all rows have been handed over.
$db->run(<<'SQL');
CREATE FUNCTION refuse_late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF new.id = 1 THEN RAISE 'too late for %', new.id
	USING ERRCODE = 'unique_violation', HINT = 'Come earlier.'; END IF; RETURN NULL; END $$;
CREATE TRIGGER refuse_late AFTER INSERT ON counted FOR EACH ROW EXECUTE FUNCTION refuse_late();
SQL
refused(['counted'], ", on_existing => 'replace'", name => 'a trigger that raises', sqlstate => '23505', like => [qr/too late for 1/, qr/HINT:  Come earlier\./],
	unlike => [qr/key \(id\)/]);
$db->run('ALTER TABLE counted DISABLE TRIGGER ALL');
like($db->notices(call(['counted'], ", on_existing => 'replace'")), qr/loaded "counted": 3 rows\npsql.*published 1 table, indexes built/, 'without its triggers it is loaded as a heap');

# ---- foreign keys ----------------------------------------------------------------------------------------------------------------------

my $keys = scratch_source(<<'SQL');
CREATE TABLE heap_parent (id int PRIMARY KEY);
CREATE TABLE heap_child (id int PRIMARY KEY, copy_parent_id int, heap_parent_id int);
CREATE TABLE a_copy_child (id int PRIMARY KEY, heap_parent_id int, z_copy_parent_id int, own_id int);
CREATE TABLE z_copy_parent (id int PRIMARY KEY);
CREATE TABLE circle_a (id int PRIMARY KEY, b int);
CREATE TABLE circle_b (id int PRIMARY KEY, a int);
INSERT INTO heap_parent VALUES (1), (2);
INSERT INTO z_copy_parent VALUES (10), (20);
INSERT INTO heap_child VALUES (100, 10, 1), (200, 20, 2), (300, NULL, NULL);
INSERT INTO a_copy_child VALUES (5, 1, 10, 7), (6, 2, 20, 6), (7, NULL, NULL, NULL);
INSERT INTO circle_a VALUES (1, 1), (2, 1);
INSERT INTO circle_b VALUES (1, 2);
SQL
$db->link_source('keys', $keys, target_schema => 'keyed');
$db->run(<<'SQL');
CREATE SCHEMA keyed;
SET search_path = keyed;
CREATE TABLE heap_parent (id int PRIMARY KEY);
CREATE TABLE z_copy_parent (id int PRIMARY KEY) PARTITION BY HASH (id);
CREATE TABLE z_copy_parent_0 PARTITION OF z_copy_parent FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE z_copy_parent_1 PARTITION OF z_copy_parent FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE heap_child (id int PRIMARY KEY, copy_parent_id int REFERENCES z_copy_parent, heap_parent_id int REFERENCES heap_parent);
CREATE TABLE a_copy_child (id int PRIMARY KEY, heap_parent_id int REFERENCES heap_parent, z_copy_parent_id int REFERENCES z_copy_parent,
	own_id int REFERENCES a_copy_child) PARTITION BY HASH (id);
CREATE TABLE a_copy_child_0 PARTITION OF a_copy_child FOR VALUES WITH (MODULUS 1, REMAINDER 0);
CREATE TABLE circle_a (id int PRIMARY KEY, b int) PARTITION BY HASH (id);
CREATE TABLE circle_a_0 PARTITION OF circle_a FOR VALUES WITH (MODULUS 1, REMAINDER 0);
CREATE TABLE circle_b (id int PRIMARY KEY, a int CONSTRAINT b_to_a REFERENCES circle_a) PARTITION BY HASH (id);
CREATE TABLE circle_b_0 PARTITION OF circle_b FOR VALUES WITH (MODULUS 1, REMAINDER 0);
ALTER TABLE circle_a ADD CONSTRAINT a_to_b FOREIGN KEY (b) REFERENCES circle_b;
SQL
my $keyed = "SELECT alkconv_migrate('keys', exclude => '{circle%}'";
like($db->notices("$keyed)"), qr/published 2 tables.*loaded "z_copy_parent".*loaded "a_copy_child".*verified/s, 'heaps first, then parents before children');
is($db->value('SELECT count(*) FROM keyed.a_copy_child JOIN keyed.z_copy_parent p ON p.id = z_copy_parent_id'), 2, 'and the rows refer to each other');
like($db->notices("$keyed, on_existing => 'replace')"), qr/every value proved equal/, 'replaced although both ways refer to each other');
$before = $db->dump;
$keys->run('UPDATE a_copy_child SET heap_parent_id = 77 WHERE id = 6');
$db->fails("$keyed, on_existing => 'replace')", name => 'orphan through COPY', sqlstate => '23503',
	like => [qr/Key \(heap_parent_id\)=\(77\) is not present in table "heap_parent"/, qr/HINT:  Add the parent rows or delete the orphans/], unlike => qr/key \(id\)/);
$keys->run('UPDATE a_copy_child SET heap_parent_id = 2 WHERE id = 6', 'UPDATE heap_child SET copy_parent_id = 78 WHERE id = 200');
$db->fails("$keyed, on_existing => 'replace')", name => 'orphan in a heap whose parent is loaded through COPY', sqlstate => '23503',
	like => [qr/verification failed: foreign key heap_child_copy_parent_id_fkey/, qr/\(copy_parent_id\)=\(78\)/]);
is($db->dump, $before, 'the target is as it was');
my $circle = "SELECT alkconv_migrate('keys', include => '{circle%}')";
$db->fails($circle, name => 'circle', sqlstate => '23503', like => [qr/violates foreign key constraint "a_to_b"/, qr/HINT:  .*DEFERRABLE INITIALLY DEFERRED/]);
$db->run('ALTER TABLE keyed.circle_a DROP CONSTRAINT a_to_b, ADD CONSTRAINT a_to_b FOREIGN KEY (b) REFERENCES keyed.circle_b DEFERRABLE INITIALLY DEFERRED');
like($db->notices($circle), qr/every value proved equal/, 'with a deferred foreign key a circle is no obstacle');

# ---- roles ------------------------------------------------------------------------------------------------------------------------------

my $role = 'alk_' . $db->dbname;
my $password = $my->password;
$db->run("CREATE ROLE $role LOGIN", "ALTER TABLE filled OWNER TO $role", "GRANT USAGE ON FOREIGN SERVER src TO $role",
	"CREATE USER MAPPING FOR $role SERVER src OPTIONS (username 'reader', password '$password')",
	"CREATE TABLE trace (role text); GRANT INSERT ON trace TO $role", <<'SQL');
CREATE FUNCTION trace() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO trace VALUES (current_user); RETURN new; END $$;
CREATE TRIGGER trace BEFORE INSERT ON filled FOR EACH ROW EXECUTE FUNCTION trace();
SQL
refused(['filled'], ", on_existing => 'replace'", name => 'a trigger of another role finds only what it qualifies', sqlstate => '42P01', like => qr/relation "trace" does not exist/);
my %owner = $db->psql(call(['filled'], ", on_existing => 'replace'"), user => $role);
is($owner{rc}, 0, 'for the owner it finds what it finds in a COPY') or diag($owner{stderr});
$db->run('CREATE TRIGGER truncated AFTER TRUNCATE ON filled EXECUTE FUNCTION trace()');
refused(['filled'], ", on_existing => 'replace'", name => 'a trigger of another role on TRUNCATE', sqlstate => '0A000',
	like => [qr/"filled": it has the trigger "truncated" on TRUNCATE/, qr/HINT:  .*SET ROLE $role/]);
$db->run('DROP TRIGGER truncated ON filled');
$db->run('ALTER FUNCTION trace() SET search_path = public', call(['filled'], ", on_existing => 'replace'"));
is($db->value("SELECT string_agg(DISTINCT role, ' ') || count(*) FROM trace"), "${role}4", 'and always runs as the owner');

# ---- publications ------------------------------------------------------------------------------------------------------------------------

$db->run('CREATE PUBLICATION everything FOR TABLE by_hash, damaged', 'ALTER TABLE damaged DISABLE TRIGGER damage');
like($db->notices(call(['by_hash'], ", on_existing => 'replace'")), qr/every value proved equal/, 'what goes through COPY is replicated');
refused(['damaged'], '', name => 'published heap', sqlstate => '0A000', like => qr/publication "everything" publishes it/);

# ---- a run within a run --------------------------------------------------------------------------------------------------------------------

$db->run(<<'SQL');
TRUNCATE other_method;
CREATE FUNCTION nest() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
	IF new.id = 2 THEN
		BEGIN
			PERFORM alkconv_migrate('src', include => '{bad_value}');
			RAISE 'it should have failed';
		EXCEPTION WHEN check_violation THEN NULL;
		END;
		PERFORM alkconv_migrate('src', include => '{other_method}');
	END IF;
	RETURN new; END $$;
CREATE TRIGGER nest BEFORE INSERT ON counted FOR EACH ROW EXECUTE FUNCTION nest();
SQL
like($db->notices(call(['counted'], ", on_existing => 'replace'")), qr/loaded "other_method": 2 rows, through COPY.*loaded "counted": 3 rows, through COPY/s,
	'a trigger may start another run');
is($db->value('SELECT array_agg(v ORDER BY id) FROM counted'), '{10,20,30}', 'and each has its own rows');
$db->run('DROP TRIGGER nest ON counted');

# ---- broken off ----------------------------------------------------------------------------------------------------------------------------

my $slow = scratch_source(<<'SQL');
CREATE TABLE gate (id int PRIMARY KEY, v text);
INSERT INTO gate VALUES (1, REPEAT('x', 60000));
CREATE TABLE silent (id int PRIMARY KEY, v text);
INSERT INTO silent VALUES (1, 'x');
SQL
$slow->run('INSERT INTO gate SELECT id + (SELECT MAX(id) FROM gate g), v FROM gate') for 1 .. 9;    # 30 MB: more than all buffers hold
$db->link_source('slow', $slow, readers => 1);    # several read ahead: 236_phases
$db->run(<<'SQL');
CREATE TABLE gate (id int PRIMARY KEY, v text);
CREATE FUNCTION pass() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
	PERFORM pg_advisory_lock(240), pg_advisory_unlock(240) WHERE new.id = 2;
	RETURN new; END $$;
CREATE TRIGGER pass BEFORE INSERT ON gate FOR EACH ROW EXECUTE FUNCTION pass();
CREATE TABLE silent (id int PRIMARY KEY, v text) PARTITION BY HASH (id);
CREATE TABLE silent_0 PARTITION OF silent FOR VALUES WITH (MODULUS 1, REMAINDER 0);
SQL
$before = $db->dump;

# A run that waits at the gate, in the middle of its first table.
sub at_the_gate {
	my ($arguments) = @_;
	my $keeper = $db->background('SELECT pg_advisory_lock(240); SELECT pg_sleep(300)');
	wait_until { $keeper->wait_event eq 'Timeout:PgSleep' } 30, 'the gate to be shut';
	my $run = $db->background("SELECT alkconv_migrate('slow'" . ($arguments // '') . ')');
	wait_until { $run->wait_event eq 'Lock:advisory' } 30, 'the run to come to the gate';
	return ($keeper, $run);
}

sub open_gate {
	my ($keeper) = @_;
	$keeper->terminate;
	$keeper->finish;
	return;
}

my ($keeper, $run) = at_the_gate();
is($db->value("SELECT relid::regclass || ' ' || command || ' ' || type || ' ' || (bytes_processed > 0) FROM pg_stat_progress_copy WHERE datname = current_database()"),
	'gate COPY FROM CALLBACK true', 'progress is to be seen');
$run->cancel;
like({ $run->finish }->{stderr}, qr/ERROR:  57014: canceling statement due to user request/, 'cancelled in mid-load');
open_gate($keeper);
is($db->dump, $before, 'cancelled: the target is as it was');

($keeper, $run) = at_the_gate();
$slow->kill_connections;
open_gate($keeper);
like({ $run->finish }->{stderr}, qr/ERROR:  08006: .*/, 'a connection that is lost in mid-load is an error');
is($db->dump, $before, 'connection lost: the target is as it was');

# The source falls silent: the next table is locked. One connection needs no lock for its snapshot.
my $locker = AlkconvTest::Command->start([$slow->{CLIENT}, '-N', '-B', $slow->dbname], input => 'LOCK TABLES silent WRITE; SELECT SLEEP(300);');
wait_until { grep { $_->{info} =~ /^SELECT SLEEP/i } $slow->connections } 30, 'the table to be locked';
($keeper, $run) = at_the_gate(', readers => 1');
open_gate($keeper);
wait_until { grep { $_->{info} =~ /silent/ && $_->{state} =~ /metadata lock/i } $slow->connections } 30, 'the source to fall silent';
$run->cancel;
like({ $run->finish }->{stderr}, qr/ERROR:  57014: canceling statement due to user request/, 'cancelled while the source is silent');
is($db->dump, $before, 'cancelled while silent: the target is as it was');
$slow->mysql("KILL $_->{id}") for grep { $_->{info} =~ /^SELECT SLEEP/i } $slow->connections;
$locker->finish;
wait_until { !$slow->connections } 30, 'no connection to be left';
pass('no connection is left');

$db->run("SELECT alkconv_migrate('slow')");
is($db->value('SELECT (SELECT count(*) FROM gate) + (SELECT count(*) FROM silent)'), 513, 'and then it goes well');

done_testing();

END {
	$db->run("DROP OWNED BY $role CASCADE", "DROP ROLE $role") if $db && $role;
}
