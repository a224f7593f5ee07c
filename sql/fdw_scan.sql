-- Foreign scans on a real source: conversions, projection, rescans, one snapshot per transaction, errors that name the place.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS alkconv;
RESET client_min_messages;
\getenv host ALKCONV_TEST_MYSQL_HOST
\getenv port ALKCONV_TEST_MYSQL_PORT
\getenv user ALKCONV_TEST_MYSQL_USER
\getenv password ALKCONV_TEST_MYSQL_PASSWORD
SET timezone = 'Europe/Sofia';

-- The source
\! "$ALKCONV_TEST_MYSQL_CLIENT" -e 'DROP DATABASE IF EXISTS alk_regress_fdw; CREATE DATABASE alk_regress_fdw CHARACTER SET utf8mb4'
\! "$ALKCONV_TEST_MYSQL_CLIENT" alk_regress_fdw < sql/data/fdw_scan.mysql.sql

CREATE SERVER src FOREIGN DATA WRAPPER alkconv_fdw OPTIONS (host :'host', port :'port', dbname 'alk_regress_fdw');
CREATE USER MAPPING FOR CURRENT_USER SERVER src OPTIONS (username :'user', password :'password');

-- Types of the foreign table decide, and every one has its value
CREATE FOREIGN TABLE kinds (
	id int,
	u text,
	flag boolean,
	big numeric(20),
	amount numeric(12,3),
	f real,
	d double precision,
	b bit(16),
	y smallint,
	day date,
	at timestamp(6),
	ts timestamptz(3),
	t interval,
	name varchar(20),
	key uuid,
	bin bytea,
	colour text,
	tags text[],
	doc jsonb
) SERVER src;
\x on
SELECT * FROM kinds ORDER BY id;
\x off

-- The same column as other types
CREATE FOREIGN TABLE other_kinds (
	n bigint OPTIONS (column_name 'id'),
	f double precision,
	b varbit(16),
	y text,
	day text,
	at text,
	t text,
	key text,
	colour varchar(10),
	tags text,
	doc json
) SERVER src OPTIONS (table_name 'kinds');
SELECT n, f, b, y, day, at, t FROM other_kinds ORDER BY n;
SELECT n, key, colour, tags, doc FROM other_kinds ORDER BY n;

-- A domain's own check speaks, and says where
CREATE DOMAIN small_amount AS numeric CHECK (VALUE < 100);
CREATE FOREIGN TABLE with_domain (id int, amount small_amount) SERVER src OPTIONS (table_name 'kinds');
\set VERBOSITY default
SELECT * FROM with_domain;

-- Values that do not fit: table, column, key, value, types and remedy
CREATE FOREIGN TABLE misfits (id int, n smallint, flag boolean, day date, u uuid, s varchar(3), doc jsonb) SERVER src;
SELECT id, n FROM misfits ORDER BY id;
SELECT flag FROM misfits;
SELECT day FROM misfits;
SELECT u FROM misfits;
SELECT s FROM misfits;
\set VERBOSITY terse
SELECT doc FROM misfits;
\set VERBOSITY default
CREATE FOREIGN TABLE strict (id int, note text NOT NULL) SERVER src OPTIONS (table_name 'misfits');
SELECT note FROM strict;
-- what is not asked for is not converted
SELECT count(*), sum(id) FROM misfits;
CREATE FOREIGN TABLE other_syntax (id int, name point) SERVER src OPTIONS (table_name 'kinds');
SELECT name FROM other_syntax;
CREATE FOREIGN TABLE impossible (id int, bin timestamp) SERVER src OPTIONS (table_name 'kinds');
SELECT bin FROM impossible;
\set VERBOSITY terse

-- Names that do not exist in the source
CREATE FOREIGN TABLE nowhere (id int) SERVER src;
SELECT * FROM nowhere;
CREATE FOREIGN TABLE elsewhere (id int) SERVER src OPTIONS (dbname 'alk_no_such_database', table_name 'kinds');
SELECT * FROM elsewhere;
CREATE FOREIGN TABLE wrong_column (id int, nothing int) SERVER src OPTIONS (table_name 'kinds');
SELECT id FROM wrong_column ORDER BY id;
SELECT nothing FROM wrong_column;

-- Projection and local evaluation: WHERE compares as Postgres does, whatever the collation in MySQL
CREATE FOREIGN TABLE words (id int, word text, other text) SERVER src;
SELECT word FROM words WHERE word = 'abc';
SELECT word FROM words WHERE word = 'Strasse';
SELECT word FROM words WHERE word IN ('ABC', 'Straße') ORDER BY word COLLATE "C";
SELECT count(*) FROM words;
SELECT w.id, w FROM words w WHERE id = 1;
SELECT id, tableoid::regclass FROM words WHERE id = 2;

-- Parameters
PREPARE by_amount(numeric) AS SELECT id FROM kinds WHERE amount = $1;
SET plan_cache_mode = force_generic_plan;
EXECUTE by_amount(123456789.123);
EXECUTE by_amount(0);
RESET plan_cache_mode;

-- Rescans: nested loops, correlated subqueries, lateral, LIMIT inside
SET enable_hashjoin = off;
SET enable_mergejoin = off;
SET enable_material = off;
SET enable_memoize = off;
EXPLAIN (COSTS OFF) SELECT count(*) FROM words a, words b WHERE a.id <= b.id;
SELECT count(*) FROM words a, words b WHERE a.id <= b.id;
SELECT count(*) FROM words a, words b, words c;
SELECT id, (SELECT count(*) FROM words i WHERE i.id < o.id) FROM words o ORDER BY id;
SELECT id, (SELECT word FROM words i WHERE i.id >= o.id LIMIT 1) FROM words o ORDER BY id;
SELECT o.id, l.word FROM words o, LATERAL (SELECT word FROM words i WHERE i.id = o.id OFFSET 0) l ORDER BY 1;
SELECT g, array_agg(w.id ORDER BY w.id) FROM generate_series(1, 3) g LEFT JOIN words w ON w.id > g GROUP BY g ORDER BY g;
RESET enable_hashjoin;
RESET enable_mergejoin;
RESET enable_material;
RESET enable_memoize;

-- Cursors: two at once, forward and back, and one that outlives the transaction
BEGIN;
DECLARE one CURSOR FOR SELECT id, word FROM words;
DECLARE two SCROLL CURSOR FOR SELECT id FROM words;
FETCH 2 FROM one;
FETCH 1 FROM two;
FETCH 1 FROM one;
FETCH ALL FROM two;
FETCH BACKWARD 2 FROM two;
FETCH ALL FROM one;
MOVE ABSOLUTE 0 IN two;
FETCH 1 FROM two;
DECLARE kept CURSOR WITH HOLD FOR SELECT id FROM words;
COMMIT;
FETCH ALL FROM kept;
CLOSE kept;

-- One snapshot per transaction: what others commit in between does not show, in no scan and no column
BEGIN;
SELECT count(*) FROM words;
\! "$ALKCONV_TEST_MYSQL_CLIENT" alk_regress_fdw -e 'INSERT INTO words VALUES (100, "new", NULL); UPDATE words SET other = "changed"'
SELECT count(*), count(other) FROM words;
SELECT count(*) FROM words a JOIN words b USING (id);
SAVEPOINT s;
SELECT count(other) FROM words;
ROLLBACK TO s;
SELECT count(*), count(other) FROM words;
COMMIT;
SELECT count(*), count(other) FROM words;

-- An error in a subtransaction costs neither the session nor its snapshot
BEGIN;
DECLARE c CURSOR FOR SELECT id FROM words;
FETCH 2 FROM c;
\! "$ALKCONV_TEST_MYSQL_CLIENT" alk_regress_fdw -e 'DELETE FROM words WHERE id = 100'
SAVEPOINT s;
SELECT n FROM misfits;
ROLLBACK TO s;
SELECT count(*) FROM words;
FETCH ALL FROM c;
SAVEPOINT s;
SELECT * FROM nowhere;
ROLLBACK TO s;
SELECT count(*) FROM words;
SELECT word FROM words LIMIT 1;
SELECT count(*) FROM words;
COMMIT;
SELECT count(*) FROM words;

-- Bad rows of a scan that has to make way are its own affair
CREATE FOREIGN TABLE misfits_late (id int, n smallint) SERVER src;
BEGIN;
DECLARE late CURSOR FOR SELECT id, n FROM misfits_late;
FETCH 2 FROM late;
SAVEPOINT s;
SELECT count(*) FROM words;
ROLLBACK TO s;
FETCH 1 FROM late;
ROLLBACK;

-- Options may change between transactions, not within one
BEGIN;
SELECT count(*) FROM words;
ALTER SERVER src OPTIONS (ADD read_timeout '100');
SELECT count(*) FROM words;
ROLLBACK;
ALTER SERVER src OPTIONS (ADD read_timeout '100');
SELECT count(*) FROM words;

-- PL/pgSQL: loops with early exit, exceptions, and scans within scans
DO $$
DECLARE r record; i record; n int := 0;
BEGIN
	FOR r IN SELECT id FROM words ORDER BY id LOOP
		FOR i IN SELECT id FROM words LOOP
			n := n + 1;
			EXIT WHEN n % 2 = 0;
		END LOOP;
		BEGIN
			PERFORM m.n FROM misfits m;
		EXCEPTION WHEN numeric_value_out_of_range THEN NULL;
		END;
	END LOOP;
	RAISE NOTICE 'n = %', n;
END $$;

-- Views
CREATE FOREIGN TABLE a_view (id int, upper_word text) SERVER src;
SELECT * FROM a_view ORDER BY id;

SET client_min_messages = warning;
DROP SERVER src CASCADE;
DROP DOMAIN small_amount;
\! "$ALKCONV_TEST_MYSQL_CLIENT" -e 'DROP DATABASE alk_regress_fdw'
