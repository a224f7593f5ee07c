/* test/module/alkconv_test--1.0.sql */

\echo Use "CREATE EXTENSION alkconv_test" to load this file. \quit

-- what the tests measure
CREATE FUNCTION alkconv_test_live() RETURNS bigint AS 'MODULE_PATHNAME' LANGUAGE C STRICT;
CREATE FUNCTION alkconv_test_events() RETURNS text AS 'MODULE_PATHNAME' LANGUAGE C STRICT;
CREATE FUNCTION alkconv_test_threads() RETURNS bigint AS 'MODULE_PATHNAME' LANGUAGE C STRICT;
CREATE FUNCTION alkconv_test_memory() RETURNS bigint AS 'MODULE_PATHNAME' LANGUAGE C STRICT;
CREATE FUNCTION alkconv_test_contexts() RETURNS bigint AS 'MODULE_PATHNAME' LANGUAGE C STRICT;

-- from C++ to Postgres
CREATE FUNCTION alkconv_test_code_name(code integer) RETURNS text AS 'MODULE_PATHNAME' LANGUAGE C STRICT;
CREATE FUNCTION alkconv_test_throw(kind text, code integer DEFAULT 1) RETURNS void AS 'MODULE_PATHNAME' LANGUAGE C STRICT;
CREATE FUNCTION alkconv_test_edge_result() RETURNS text AS 'MODULE_PATHNAME' LANGUAGE C STRICT;
CREATE FUNCTION alkconv_test_report() RETURNS void AS 'MODULE_PATHNAME' LANGUAGE C STRICT;
CREATE FUNCTION alkconv_test_failing_description() RETURNS void AS 'MODULE_PATHNAME' LANGUAGE C STRICT;

-- from Postgres to C++
CREATE FUNCTION alkconv_test_sample_error() RETURNS void AS 'MODULE_PATHNAME' LANGUAGE C STRICT;
CREATE FUNCTION alkconv_test_nested_error(depth integer, of_cpp boolean DEFAULT false) RETURNS void AS 'MODULE_PATHNAME' LANGUAGE C STRICT;
CREATE FUNCTION alkconv_test_parse(text) RETURNS integer AS 'MODULE_PATHNAME' LANGUAGE C STRICT;
CREATE FUNCTION alkconv_test_stacks() RETURNS text AS 'MODULE_PATHNAME' LANGUAGE C STRICT;

-- objects owned by memory contexts
CREATE FUNCTION alkconv_test_own(ending text) RETURNS void AS 'MODULE_PATHNAME' LANGUAGE C STRICT;

-- threads
CREATE FUNCTION alkconv_test_await(kind text) RETURNS integer AS 'MODULE_PATHNAME' LANGUAGE C STRICT;
CREATE FUNCTION alkconv_test_await_forever(marker text DEFAULT '') RETURNS void AS 'MODULE_PATHNAME' LANGUAGE C STRICT;
CREATE FUNCTION alkconv_test_workers() RETURNS text AS 'MODULE_PATHNAME' LANGUAGE C STRICT;

-- values and types
CREATE FUNCTION alkconv_test_datum(kind integer) RETURNS text AS 'MODULE_PATHNAME' LANGUAGE C STRICT;
CREATE FUNCTION alkconv_test_input(type oid, typmod integer, value text) RETURNS text AS 'MODULE_PATHNAME' LANGUAGE C;
CREATE FUNCTION alkconv_test_sized(by_input boolean, size bigint) RETURNS bigint AS 'MODULE_PATHNAME' LANGUAGE C STRICT;
CREATE FUNCTION alkconv_test_jsonb(document bytea) RETURNS text AS 'MODULE_PATHNAME' LANGUAGE C STRICT;
CREATE FUNCTION alkconv_test_jsonb_bytes(value jsonb) RETURNS bytea AS 'MODULE_PATHNAME' LANGUAGE C STRICT;
CREATE FUNCTION alkconv_test_type(type oid, typmod integer) RETURNS text AS 'MODULE_PATHNAME' LANGUAGE C STRICT;

-- a source that needs no MySQL
CREATE FUNCTION alkconv_test_drain(rows bigint, batch_rows bigint DEFAULT 1000, fail_after bigint DEFAULT NULL,
		stall_after bigint DEFAULT NULL, pause integer DEFAULT 0, odd_row bigint DEFAULT NULL, odd_column integer DEFAULT 0,
		odd_text text DEFAULT NULL)
	RETURNS text AS 'MODULE_PATHNAME' LANGUAGE C;
