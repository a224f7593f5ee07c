-- alkconv_baseline: the statements of mode create as rows, for a file or for \gexec.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS alkconv;
RESET client_min_messages;
\getenv host ALKCONV_TEST_MYSQL_HOST
\getenv port ALKCONV_TEST_MYSQL_PORT
\getenv user ALKCONV_TEST_MYSQL_USER
\getenv password ALKCONV_TEST_MYSQL_PASSWORD
\! "$ALKCONV_TEST_MYSQL_CLIENT" -e 'DROP DATABASE IF EXISTS alk_regress_baseline; CREATE DATABASE alk_regress_baseline CHARACTER SET utf8mb4'
\! "$ALKCONV_TEST_MYSQL_CLIENT" alk_regress_baseline < sql/data/baseline.mysql.sql
CREATE SERVER store FOREIGN DATA WRAPPER alkconv_fdw OPTIONS (host :'host', port :'port', dbname 'alk_regress_baseline', target_schema 'store');
CREATE USER MAPPING FOR CURRENT_USER SERVER store OPTIONS (username :'user', password :'password');

-- The schema need not exist yet
\pset format unaligned
SELECT * FROM alkconv_baseline('store');

-- Some tables only, into another schema, and what cannot be
SELECT ordinal, kind, object FROM alkconv_baseline('store', target_schema => 'other', exclude => ARRAY['shelf', 'log', 'odd']);
SELECT * FROM alkconv_baseline('store', include => ARRAY['nothing']);

-- What it makes is what a run loads
CREATE SCHEMA store;
SELECT statement FROM alkconv_baseline('store') \gexec
SET client_min_messages = warning;
SELECT alkconv_migrate('store', mode => 'existing') IS NOT NULL AS run;
SELECT code, shelf, face FROM store.item JOIN store.shelf ON shelf = id;

DROP SCHEMA store CASCADE;
DROP SERVER store CASCADE;
TRUNCATE alkconv.run CASCADE;
\! "$ALKCONV_TEST_MYSQL_CLIENT" -e 'DROP DATABASE alk_regress_baseline'
