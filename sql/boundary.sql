-- The boundary between C++ and Postgres: what crosses it, what is destroyed, what is joined. Needs no MySQL.
CREATE EXTENSION alkconv_test;
\set VERBOSITY terse
SET client_min_messages = warning;
\pset format unaligned

-- What a statement fails with, every field of it.
CREATE FUNCTION failure(statement text, OUT state text, OUT message text, OUT detail text, OUT hint text,
						OUT tab text, OUT col text, OUT others text, OUT context text) LANGUAGE plpgsql AS $$
DECLARE schem text; typ text; con text;
BEGIN
	EXECUTE statement;
EXCEPTION WHEN OTHERS OR query_canceled THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT,
		tab = TABLE_NAME, col = COLUMN_NAME, schem = SCHEMA_NAME, typ = PG_DATATYPE_NAME, con = CONSTRAINT_NAME,
		context = PG_EXCEPTION_CONTEXT;
	others := concat_ws(', ', nullif(schem, ''), nullif(typ, ''), nullif(con, ''));
	context := rtrim(split_part(context, 'SQL statement', 1), E'\n');
END $$;

-- ---- from C++ to Postgres ----

-- every code has its SQLSTATE, and every field arrives
SELECT code, alkconv_test_code_name(code) AS name, f.state
	FROM generate_series(0, 255) AS code, failure(format('SELECT alkconv_test_throw(''error'', %s)', code)) AS f
	WHERE alkconv_test_code_name(code) IS NOT NULL ORDER BY code;
SELECT f.message, f.detail, f.hint, f.tab, f.col, f.others, f.context, count(*)
	FROM generate_series(0, 255) AS code, failure(format('SELECT alkconv_test_throw(''error'', %s)', code)) AS f
	WHERE alkconv_test_code_name(code) IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6, 7;

-- every other exception
SELECT kind, f.state, f.message, f.detail, f.hint
	FROM unnest('{bad_alloc, runtime_error, optional, int}'::text[]) WITH ORDINALITY AS k (kind, n),
		failure(format('SELECT alkconv_test_throw(%L)', kind)) AS f ORDER BY n;
SELECT kind, f.state, f.message ~ pattern AS says_why
	FROM (VALUES ('length_error', 'basic_string'), ('system_error', 'a system error.*ermission')) AS k (kind, pattern),
		failure(format('SELECT alkconv_test_throw(%L)', kind)) AS f ORDER BY kind;

-- texts that are too long are cut between characters
SELECT kind, f.state, length(f.message) AS message, length(f.detail) AS detail, length(f.hint) AS hint, length(f.tab) AS tab,
		length(f.col) AS col, octet_length(replace(f.message || f.detail || f.hint || f.tab || f.col, '€', '')) AS rest
	FROM unnest('{long_message, long_what}'::text[]) AS kind, failure(format('SELECT alkconv_test_throw(%L)', kind)) AS f ORDER BY kind;

-- results
SELECT alkconv_test_edge_result();
SELECT * FROM failure('SELECT alkconv_test_report()');

-- an error-context callback that fails does not hide the error it describes
SELECT * FROM failure('SELECT alkconv_test_failing_description()');

-- no object was jumped over
SELECT alkconv_test_live();

-- ---- from Postgres to C++ ----

-- the error arrives as if there were no C++ in between, context included
SELECT * FROM failure('SELECT alkconv_test_sample_error()');
SELECT count(DISTINCT f), min(f::text) = (SELECT s::text FROM failure('SELECT alkconv_test_sample_error()') AS s) AS the_same
	FROM generate_series(1, 10) AS depth, failure(format('SELECT alkconv_test_nested_error(%s)', depth)) AS f;
SELECT count(*), f.state, f.message, f.detail, f.hint, f.tab, f.col
	FROM generate_series(1, 10) AS depth, failure(format('SELECT alkconv_test_nested_error(%s, true)', depth)) AS f GROUP BY 2, 3, 4, 5, 6, 7;
SELECT alkconv_test_live();
SELECT alkconv_test_events() IS NOT NULL AS cleared;
SELECT * FROM failure('SELECT alkconv_test_nested_error(3)') AS f;
SELECT alkconv_test_events();

-- a real one, and the call that works afterwards
SELECT alkconv_test_parse('41');
SELECT alkconv_test_parse('4x1');
SELECT alkconv_test_parse('42');
SELECT alkconv_test_events();
SELECT alkconv_test_live();

-- PG_exception_stack, error_context_stack and CurrentMemoryContext are as before
SELECT alkconv_test_stacks();

-- ---- objects owned by memory contexts ----

SELECT alkconv_test_events() IS NOT NULL AS cleared;
SELECT alkconv_test_own('delete');
SELECT alkconv_test_events();
SELECT alkconv_test_own('reset');
SELECT alkconv_test_events();
SELECT alkconv_test_own('error');
SELECT alkconv_test_events();
SELECT alkconv_test_own('constructor');
SELECT alkconv_test_events();
-- in a subtransaction of a transaction that goes on
BEGIN;
SAVEPOINT a;
SELECT alkconv_test_own('error');
ROLLBACK TO a;
SELECT alkconv_test_events();
COMMIT;
SELECT alkconv_test_live();

-- ---- threads ----

SELECT alkconv_test_await('value');
SELECT alkconv_test_threads();
SELECT kind, f.state, f.message, f.detail, f.hint, f.tab, f.col
	FROM unnest('{error, bad_alloc, runtime_error, int}'::text[]) WITH ORDINALITY AS k (kind, n),
		failure(format('SELECT alkconv_test_await(%L)', kind)) AS f ORDER BY n;
SELECT alkconv_test_threads();

-- cancelled in mid-work: interrupted, waited for, its objects destroyed after it, and nothing is left
SELECT alkconv_test_workers() IS NOT NULL AS cleared;
SET statement_timeout = '200ms';
SELECT alkconv_test_await_forever();
RESET statement_timeout;
SELECT alkconv_test_workers();
SELECT alkconv_test_threads();
-- work that cannot be interrupted is waited for all the same
SET statement_timeout = '50ms';
SELECT alkconv_test_await('deaf');
RESET statement_timeout;
SELECT alkconv_test_workers();
SELECT alkconv_test_threads();
-- in a subtransaction
BEGIN;
SAVEPOINT a;
SET LOCAL statement_timeout = '200ms';
SELECT alkconv_test_await_forever();
ROLLBACK TO a;
SELECT alkconv_test_workers();
SELECT alkconv_test_threads();
SELECT alkconv_test_await('value');
COMMIT;
-- below an exception block, inside one statement
DO $$
BEGIN
	PERFORM alkconv_test_await('error');
EXCEPTION WHEN connection_failure THEN
	IF alkconv_test_threads() <> 1 THEN
		RAISE EXCEPTION 'a thread is left';
	END IF;
END $$;

-- a backend that is terminated in mid-work: its thread is interrupted and waited for before the process ends
SELECT setting || '/psql' AS psql FROM pg_config() WHERE name = 'BINDIR' \gset
SELECT format('%s/alkconv_test_%s', current_setting('data_directory'), pg_backend_pid()) AS marker \gset
\setenv ALKCONV_PSQL :psql
\setenv ALKCONV_MARKER :marker
\setenv PGDATABASE :DBNAME
\setenv PGAPPNAME alkconv_test_victim
\! "$ALKCONV_PSQL" -X -q -c "SELECT alkconv_test_await_forever('$ALKCONV_MARKER')" > /dev/null 2>&1 &
DO $$
BEGIN
	FOR i IN 1 .. 1200 LOOP
		PERFORM pg_stat_clear_snapshot();
		IF EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'alkconv_test_victim' AND wait_event_type = 'Extension') THEN
			RETURN;
		END IF;
		PERFORM pg_sleep(0.05);
	END LOOP;
	RAISE EXCEPTION 'the victim does not wait for its thread';
END $$;
SELECT pg_terminate_backend(pid, 60000) AS gone FROM pg_stat_activity WHERE application_name = 'alkconv_test_victim';
SELECT pg_read_file(:'marker') AS thread;
\setenv ALKCONV_MARKER :marker
\! rm -f "$ALKCONV_MARKER"

-- ---- nothing grows ----

-- What `statement` leaves behind when it fails `rounds` times: live objects, threads, private memory and memory contexts
-- (both below 1 MB), and how many rounds did not fail.
CREATE FUNCTION growth(statement text, rounds int, OUT unfailed int, OUT live bigint, OUT threads bigint, OUT memory text, OUT contexts text)
LANGUAGE plpgsql AS $$
DECLARE
	memory_before bigint;
	contexts_before bigint;
BEGIN
	unfailed := 0;
	FOR i IN 1 .. rounds + 1000 LOOP
		IF i = 1001 THEN -- caches are filled, the heap has its size
			memory_before := alkconv_test_memory();
			contexts_before := alkconv_test_contexts();
		END IF;
		BEGIN
			EXECUTE statement;
			unfailed := unfailed + 1;
		EXCEPTION WHEN OTHERS THEN NULL;
		END;
	END LOOP;
	live := alkconv_test_live();
	threads := alkconv_test_threads();
	memory := CASE WHEN alkconv_test_memory() - memory_before < 1048576 THEN 'below 1 MB'
		ELSE pg_size_pretty(alkconv_test_memory() - memory_before) END;
	contexts := CASE WHEN alkconv_test_contexts() - contexts_before < 1048576 THEN 'below 1 MB'
		ELSE pg_size_pretty(alkconv_test_contexts() - contexts_before) END;
END $$;
SELECT statement, g.* FROM unnest(ARRAY[
		'SELECT alkconv_test_throw(''error'')', 'SELECT alkconv_test_throw(''bad_alloc'')', 'SELECT alkconv_test_throw(''runtime_error'')',
		'SELECT alkconv_test_throw(''int'')', 'SELECT alkconv_test_report()', 'SELECT alkconv_test_parse(''x'')',
		'SELECT alkconv_test_nested_error(1)', 'SELECT alkconv_test_nested_error(3)', 'SELECT alkconv_test_nested_error(3, true)',
		'SELECT alkconv_test_own(''error'')', 'SELECT alkconv_test_own(''constructor'')',
		'SELECT alkconv_test_await(''error'')']) WITH ORDINALITY AS s (statement, n), growth(statement, 100000) AS g ORDER BY n;

-- ---- values and types ----

SELECT alkconv_test_datum(kind) FROM generate_series(0, 255) AS kind WHERE alkconv_test_datum(kind) IS NOT NULL ORDER BY kind;
SET bytea_output = hex;
SELECT alkconv_test_sized(false, 0), alkconv_test_sized(true, 0), alkconv_test_sized(false, 1000);
SELECT size, by_input, f.state, f.message
	FROM unnest('{1073741819, 1073741820, 1073741823, 1099511627776}'::bigint[]) AS size, unnest('{f, t}'::bool[]) AS by_input,
		failure(format('SELECT alkconv_test_sized(%L, %s)', by_input, size)) AS f
	WHERE (by_input AND size >= 1073741823) OR (NOT by_input AND size >= 1073741820) ORDER BY 1, 2;

CREATE TYPE mood AS ENUM ('sad', 'it''s ok', 'happy');
ALTER TYPE mood ADD VALUE 'so so' BEFORE 'happy';
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE DOMAIN price AS numeric(10,2);
CREATE DOMAIN list_price AS price CHECK (VALUE >= 0);
CREATE DOMAIN feeling AS mood;
CREATE TABLE every_type (
	a boolean, b smallint, c integer, d bigint, e real, f double precision, g numeric, h numeric(10,3), i numeric(5,-2), j text, k varchar,
	l varchar(7), m char, n char(9), o name, p bytea, q uuid, r json, s jsonb, t date, u time, v time(3), w timestamp, x timestamp(0),
	y timestamptz(6), z interval, aa interval(2), ab interval day to second, ac bit(5), ad bit, ae varbit, af varbit(8), ag mood, ah text[],
	ai inet, aj positive, ak xml, al int4range, am list_price, an feeling);
SELECT attname, alkconv_test_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'every_type'::regclass AND attnum > 0 ORDER BY attnum;

SELECT type, alkconv_test_input(type::regtype, typmod, value)
	FROM (VALUES ('mood', -1, 'it''s ok'), ('positive', -1, '7'), ('jsonb', -1, '{"a": [1, 2]}'), ('text[]', -1, '{a,"b c"}'),
		('numeric', ((10 << 16) | 2) + 4, '1234.567'), ('varchar', 7, 'abc'), ('inet', -1, '::1'), ('int4range', -1, '[1,3)')) AS v (type, typmod, value);
SELECT type, f.state, f.message, f.others
	FROM (VALUES ('mood', -1, 'angry'), ('positive', -1, '0'), ('list_price', -1, '-1'), ('jsonb', -1, '{"a"'), ('varchar', 7, 'abcd')) AS v (type, typmod, value),
		failure(format('SELECT alkconv_test_input(%L::regtype, %s, %L)', type, typmod, value)) AS f;

-- NULL is looked at by domains only
CREATE DOMAIN present AS integer NOT NULL;
SELECT alkconv_test_input('integer'::regtype, -1, NULL) IS NULL AS of_integer, alkconv_test_input('positive'::regtype, -1, NULL) IS NULL AS of_domain;
SELECT alkconv_test_input('present'::regtype, -1, NULL);

-- ---- a source drained as the loader does it ----

SELECT alkconv_test_drain(0);
SELECT alkconv_test_drain(10000, batch_rows => 999);
SELECT alkconv_test_drain(3000, pause => 2);
-- an error of the source is never the end of the data
SELECT * FROM failure('SELECT alkconv_test_drain(10000, fail_after => 2500)');
-- a value that the server refuses: table, column, key, types, value, remedy; and a whole row's
SELECT state, message, tab, col, hint <> '' AS has_hint FROM failure($$SELECT alkconv_test_drain(10, odd_row => 7, odd_column => 2, odd_text => '{"row"')$$);
SELECT unnest(string_to_array(context, E'\n')) AS context
	FROM failure($$SELECT alkconv_test_drain(10, odd_row => 7, odd_column => 2, odd_text => '{"row"')$$);
SELECT state, tab, col FROM failure('SELECT alkconv_test_drain(5000, odd_row => 4321)');
-- cancelled while the source is silent
SET statement_timeout = '200ms';
SELECT alkconv_test_drain(10, stall_after => 0);
RESET statement_timeout;
SELECT alkconv_test_drain(10);

DROP TABLE every_type;
DROP DOMAIN list_price, price, feeling;
DROP TYPE mood;
DROP DOMAIN positive, present;
DROP FUNCTION growth, failure;
DROP EXTENSION alkconv_test;
