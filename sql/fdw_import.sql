-- IMPORT FOREIGN SCHEMA: every type, names of every kind, and a warning for whatever is left out.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS alkconv;
RESET client_min_messages;
\getenv host ALKCONV_TEST_MYSQL_HOST
\getenv port ALKCONV_TEST_MYSQL_PORT
\getenv user ALKCONV_TEST_MYSQL_USER
\getenv password ALKCONV_TEST_MYSQL_PASSWORD
SET timezone = 'UTC';
SET datestyle = 'ISO';
SET intervalstyle = 'postgres';

\! "$ALKCONV_TEST_MYSQL_CLIENT" -e 'DROP DATABASE IF EXISTS alk_regress_import; CREATE DATABASE alk_regress_import CHARACTER SET utf8mb4'
\! "$ALKCONV_TEST_MYSQL_CLIENT" alk_regress_import < sql/data/fdw_import.mysql.sql
CREATE SERVER imp FOREIGN DATA WRAPPER alkconv_fdw OPTIONS (host :'host', port :'port');
CREATE USER MAPPING FOR CURRENT_USER SERVER imp OPTIONS (username :'user', password :'password');

-- All of it
CREATE SCHEMA everything;
IMPORT FOREIGN SCHEMA alk_regress_import FROM SERVER imp INTO everything;
SELECT relname, ftoptions FROM pg_foreign_table JOIN pg_class ON pg_class.oid = ftrelid
	WHERE relnamespace = 'everything'::regnamespace ORDER BY relname COLLATE "C";
SELECT attname, format_type(atttypid, atttypmod), CASE WHEN attnotnull THEN 'not null' END AS "null", attfdwoptions FROM pg_attribute
	WHERE attrelid = 'everything.every_type'::regclass AND attnum > 0 ORDER BY attnum;
SELECT attname, format_type(atttypid, atttypmod), CASE WHEN attnotnull THEN 'not null' END AS "null", attfdwoptions FROM pg_attribute
	WHERE attrelid = 'everything."Odd Names"'::regclass AND attnum > 0 ORDER BY attnum;
\x on
SELECT * FROM everything.every_type ORDER BY id;
SELECT * FROM everything."Odd Names";
\x off
SELECT * FROM everything.a_view;
SELECT * FROM everything."Case", everything."case";
SELECT count(*) FROM everything.empty_table;

-- Long names: the beginning and a hash, the same every time
SELECT relname, octet_length(relname) FROM pg_class WHERE relnamespace = 'everything'::regnamespace AND relname LIKE 'таблица%' ORDER BY 1;
SELECT n FROM everything."таблица_с_много_дълго_име_кое_f480ecff";

-- LIMIT TO and EXCEPT, also of a name that does not exist
CREATE SCHEMA part;
IMPORT FOREIGN SCHEMA alk_regress_import LIMIT TO ("Case", a_view, nothing_like_it) FROM SERVER imp INTO part;
IMPORT FOREIGN SCHEMA alk_regress_import EXCEPT ("Case", a_view, every_type, "таблица_с_много_дълго_име_кое_f480ecff") FROM SERVER imp INTO part;
SELECT relname FROM pg_class WHERE relnamespace = 'part'::regnamespace ORDER BY relname COLLATE "C";

-- What cannot be
\set VERBOSITY terse
IMPORT FOREIGN SCHEMA alk_no_such_database FROM SERVER imp INTO part;
\set VERBOSITY default
IMPORT FOREIGN SCHEMA alk_regress_import FROM SERVER imp INTO part OPTIONS (import_not_null 'false');
IMPORT FOREIGN SCHEMA alk_regress_import LIMIT TO ("Case") FROM SERVER imp INTO part;
\! "$ALKCONV_TEST_MYSQL_CLIENT" alk_regress_import -e 'CREATE TABLE twins (xmin int, xmin_ int)'
IMPORT FOREIGN SCHEMA alk_regress_import LIMIT TO (twins) FROM SERVER imp INTO part;
\! "$ALKCONV_TEST_MYSQL_CLIENT" alk_regress_import -e 'CREATE TABLE base (i int, j int); CREATE VIEW broken AS SELECT i FROM base; ALTER TABLE base DROP COLUMN i'
IMPORT FOREIGN SCHEMA alk_regress_import LIMIT TO (broken) FROM SERVER imp INTO part;
SELECT * FROM part.broken;

SET client_min_messages = warning;
DROP SCHEMA everything, part CASCADE;
DROP SERVER imp CASCADE;
\! "$ALKCONV_TEST_MYSQL_CLIENT" -e 'DROP DATABASE alk_regress_import'
