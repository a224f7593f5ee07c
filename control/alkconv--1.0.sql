/* control/alkconv--1.0.sql */

-- complain if the script is sourced in psql rather than by CREATE EXTENSION
\echo Use "CREATE EXTENSION alkconv" to load this file. \quit

-- ---- foreign-data wrapper --------------------------------------------------------------------------------------------------

CREATE FUNCTION alkconv_fdw_handler() RETURNS fdw_handler
	AS 'MODULE_PATHNAME' LANGUAGE C STRICT;
COMMENT ON FUNCTION alkconv_fdw_handler() IS 'handler of the foreign-data wrapper alkconv_fdw';

CREATE FUNCTION alkconv_fdw_validator(options text[], catalog oid) RETURNS void
	AS 'MODULE_PATHNAME' LANGUAGE C STRICT;
COMMENT ON FUNCTION alkconv_fdw_validator(text[], oid) IS
	'checks the options of foreign servers, user mappings, foreign tables and their columns; unknown ones are refused with the list of those that exist';

CREATE FOREIGN DATA WRAPPER alkconv_fdw
	HANDLER alkconv_fdw_handler
	VALIDATOR alkconv_fdw_validator;
COMMENT ON FOREIGN DATA WRAPPER alkconv_fdw IS 'reads MySQL and MariaDB tables; exact values, one snapshot per transaction, never a silently short result';

CREATE FUNCTION alkconv_version() RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C STRICT IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION alkconv_version() IS 'version of the alkconv library and of the MySQL client library it uses';
