-- Options of the foreign-data wrapper: which exist where, what they accept, who may set them. Nothing here connects.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS alkconv;
RESET client_min_messages;
SELECT alkconv_version() ~ '^alkconv \d+\.\d+\.\d+, lib(mysqlclient|mariadb) \d+\.\d+' AS version;

-- Unknown ones, with the list of those that exist
CREATE SERVER bad FOREIGN DATA WRAPPER alkconv_fdw OPTIONS (hots 'x');
CREATE SERVER bad FOREIGN DATA WRAPPER alkconv_fdw OPTIONS (username 'x');
CREATE SERVER bad FOREIGN DATA WRAPPER alkconv_fdw OPTIONS (quite_another_thing 'x');
ALTER FOREIGN DATA WRAPPER alkconv_fdw OPTIONS (ADD host 'x');

CREATE SERVER src FOREIGN DATA WRAPPER alkconv_fdw
	OPTIONS (host 'db.invalid', port '3307', dbname 'shop', ssl_mode 'verify_identity', ssl_ca '/etc/ssl/ca.pem', connect_timeout '3',
		read_timeout '60', profile 'kratos', target_schema 'public', readers '4');
CREATE USER MAPPING FOR CURRENT_USER SERVER src OPTIONS (user 'x');
CREATE USER MAPPING FOR CURRENT_USER SERVER src OPTIONS (username 'x', pasword 'secret');
CREATE FOREIGN TABLE bad (a int) SERVER src OPTIONS (tablename 't');
CREATE FOREIGN TABLE bad (a int OPTIONS (name 'b')) SERVER src;

-- Values
ALTER SERVER src OPTIONS (SET port '0');
ALTER SERVER src OPTIONS (SET port '65536');
ALTER SERVER src OPTIONS (SET port '3306x');
ALTER SERVER src OPTIONS (SET port '-1');
ALTER SERVER src OPTIONS (SET connect_timeout '0');
ALTER SERVER src OPTIONS (SET read_timeout 'forever');
ALTER SERVER src OPTIONS (SET readers '0');
ALTER SERVER src OPTIONS (SET readers '65');
ALTER SERVER src OPTIONS (SET ssl_mode 'maybe');
ALTER SERVER src OPTIONS (SET host '');
ALTER SERVER src OPTIONS (SET dbname '');
ALTER SERVER src OPTIONS (SET ssl_ca 'ca.pem');
ALTER SERVER src OPTIONS (ADD socket 'mysqld.sock');
CREATE FOREIGN TABLE bad (a int) SERVER src OPTIONS (table_name '');
ALTER SERVER src OPTIONS (SET ssl_mode 'VERIFY-IDENTITY', SET read_timeout '0', DROP readers);

-- Files and sockets of the Postgres server are for superusers
CREATE ROLE regress_alkconv_user;
GRANT USAGE ON FOREIGN DATA WRAPPER alkconv_fdw TO regress_alkconv_user;
GRANT USAGE ON FOREIGN SERVER src TO regress_alkconv_user;
GRANT CREATE ON SCHEMA public TO regress_alkconv_user;
SET ROLE regress_alkconv_user;
CREATE SERVER theirs FOREIGN DATA WRAPPER alkconv_fdw OPTIONS (socket '/run/mysqld/mysqld.sock');
CREATE SERVER theirs FOREIGN DATA WRAPPER alkconv_fdw OPTIONS (ssl_key '/etc/ssl/private/key.pem');
CREATE SERVER theirs FOREIGN DATA WRAPPER alkconv_fdw OPTIONS (host 'db.invalid', ssl_mode 'required');

-- Who connects: no mapping, no password
CREATE FOREIGN TABLE ft (a int) SERVER src;
SELECT * FROM ft;
CREATE USER MAPPING FOR CURRENT_USER SERVER src OPTIONS (username 'x');
SELECT * FROM ft;
ALTER USER MAPPING FOR CURRENT_USER SERVER src OPTIONS (ADD password '');
SELECT * FROM ft;
DROP USER MAPPING FOR CURRENT_USER SERVER src;
IMPORT FOREIGN SCHEMA shop FROM SERVER src INTO public;
RESET ROLE;

-- A database must be named somewhere
CREATE USER MAPPING FOR CURRENT_USER SERVER src OPTIONS (username 'x', password 'y');
ALTER SERVER src OPTIONS (DROP dbname);
SELECT * FROM ft;
EXPLAIN (VERBOSE, COSTS OFF) SELECT * FROM ft;

-- Plans: the columns that are needed and no others; WHERE, joins and limits stay here. None of it connects.
CREATE FOREIGN TABLE wide (
	id uuid,
	"Camel" text OPTIONS (column_name 'camel''s back'),
	gone int,
	n numeric(10,2),
	"quo`te" int,
	at timestamptz OPTIONS (column_name 'created_at')
) SERVER src OPTIONS (dbname 'my`shop', table_name 'Wide Table');
ALTER FOREIGN TABLE wide DROP COLUMN gone;
EXPLAIN (VERBOSE, COSTS OFF) SELECT * FROM wide;
EXPLAIN (VERBOSE, COSTS OFF) SELECT n FROM wide WHERE "Camel" = 'x' AND at > '2024-01-01 00:00+00';
EXPLAIN (VERBOSE, COSTS OFF) SELECT count(*) FROM wide;
EXPLAIN (VERBOSE, COSTS OFF) SELECT w FROM wide w LIMIT 3;
EXPLAIN (VERBOSE, COSTS OFF) SELECT "quo`te", tableoid::regclass FROM wide;
PREPARE by_name(text) AS SELECT n FROM wide WHERE "Camel" = $1;
SET plan_cache_mode = force_generic_plan;
EXPLAIN (VERBOSE, COSTS OFF) EXECUTE by_name('x');
ALTER FOREIGN TABLE wide ALTER COLUMN n OPTIONS (ADD column_name 'amount');
EXPLAIN (VERBOSE, COSTS OFF) EXECUTE by_name('x');
RESET plan_cache_mode;

-- Only reading
INSERT INTO wide (n) VALUES (1);
UPDATE wide SET n = 1;
DELETE FROM wide;
TRUNCATE wide;
COPY wide FROM STDIN;
\.
ANALYZE wide;
SELECT table_name, is_insertable_into FROM information_schema.tables WHERE table_name = 'wide';

-- IMPORT has no options
IMPORT FOREIGN SCHEMA shop FROM SERVER src INTO public OPTIONS (import_default 'true');

SET client_min_messages = warning;
DROP SERVER src CASCADE;
DROP SERVER theirs CASCADE;
REVOKE ALL ON FOREIGN DATA WRAPPER alkconv_fdw FROM regress_alkconv_user;
REVOKE ALL ON SCHEMA public FROM regress_alkconv_user;
DROP ROLE regress_alkconv_user;
