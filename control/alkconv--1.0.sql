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

-- ---- state -----------------------------------------------------------------------------------------------------------------

CREATE SCHEMA alkconv;
GRANT USAGE ON SCHEMA alkconv TO PUBLIC;
COMMENT ON SCHEMA alkconv IS 'rules and run records of the extension alkconv';

CREATE TABLE alkconv.rule (
	rule_id bigint GENERATED ALWAYS AS IDENTITY (START WITH 1000) PRIMARY KEY,
	profile text,
	source name,
	target_schema name,
	table_pattern text NOT NULL,
	column_pattern text,
	action text NOT NULL,
	argument text,
	reason text,
	author name NOT NULL,
	author_id oid NOT NULL,
	shipped boolean NOT NULL DEFAULT false,
	shipped_name text UNIQUE,
	CONSTRAINT shipped_rules_have_names CHECK (shipped OPERATOR(pg_catalog.=) (shipped_name IS NOT NULL))
);
COMMENT ON TABLE alkconv.rule IS 'what is decided explicitly for tables and columns of a source; own rules win over shipped ones, those for one source or target schema over those for any, exact names over patterns, lower ids over higher';
COMMENT ON COLUMN alkconv.rule.rule_id IS 'number of the rule; those below 1000 are for shipped ones';
COMMENT ON COLUMN alkconv.rule.profile IS 'applies to servers whose option profile has this value; null: to every source';
COMMENT ON COLUMN alkconv.rule.source IS 'applies to this foreign server; null: to every source';
COMMENT ON COLUMN alkconv.rule.target_schema IS 'applies to this schema of the target; null: to every one';
COMMENT ON COLUMN alkconv.rule.table_pattern IS 'LIKE pattern of source table names; case matters';
COMMENT ON COLUMN alkconv.rule.column_pattern IS 'LIKE pattern of source column names; null for the actions on tables';
COMMENT ON COLUMN alkconv.rule.action IS 'what is done: one of the actions that alkconv_vocabulary() lists';
COMMENT ON COLUMN alkconv.rule.argument IS 'what the action needs to know: a transform, a name, a type, an expression; alkconv_vocabulary() says which';
COMMENT ON COLUMN alkconv.rule.reason IS 'why; shown in plans and reports';
COMMENT ON COLUMN alkconv.rule.author IS 'role that wrote the rule, with whose privileges an expression runs; only a superuser may name another than himself';
COMMENT ON COLUMN alkconv.rule.author_id IS 'its oid: a later role of the same name is another one';
COMMENT ON COLUMN alkconv.rule.shipped IS 'came with the extension; pg_dump keeps the others, and which of these were deleted or changed';
COMMENT ON COLUMN alkconv.rule.shipped_name IS 'name of a shipped rule, the same in all versions';
GRANT SELECT ON alkconv.rule TO PUBLIC;

CREATE TABLE alkconv.changed_rule (
	shipped_name text PRIMARY KEY
);
COMMENT ON TABLE alkconv.changed_rule IS 'shipped rules that were deleted or changed here: they do not come back with a restored dump or a newer version';
GRANT SELECT ON alkconv.changed_rule TO PUBLIC;

SELECT pg_catalog.pg_extension_config_dump('alkconv.rule', 'WHERE NOT shipped');
SELECT pg_catalog.pg_extension_config_dump('alkconv.rule_rule_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('alkconv.changed_rule', '');

CREATE FUNCTION alkconv_vocabulary(OUT kind text, OUT name text, OUT applies_to text, OUT argument text, OUT meaning text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME' LANGUAGE C STRICT STABLE PARALLEL SAFE;
COMMENT ON FUNCTION alkconv_vocabulary() IS 'the actions and transforms that rules may name; transforms in the order in which those of one column are applied';

CREATE FUNCTION alkconv_rule_check() RETURNS trigger
	AS 'MODULE_PATHNAME' LANGUAGE C;
COMMENT ON FUNCTION alkconv_rule_check() IS 'sets the author of a rule; refuses changes of other roles'' rules, and rules that cannot be: unknown actions, transforms, types, collations, arguments that do not fit';
REVOKE EXECUTE ON FUNCTION alkconv_rule_check() FROM PUBLIC;
CREATE TRIGGER rule_check BEFORE INSERT OR UPDATE OR DELETE ON alkconv.rule FOR EACH ROW EXECUTE FUNCTION alkconv_rule_check();
COMMENT ON TRIGGER rule_check ON alkconv.rule IS 'a rule has an author, and one that cannot be is refused when it is written';

CREATE FUNCTION alkconv_rule_remember() RETURNS trigger
	AS 'MODULE_PATHNAME' LANGUAGE C;
COMMENT ON FUNCTION alkconv_rule_remember() IS 'notes in alkconv.changed_rule which shipped rules are deleted or changed';
REVOKE EXECUTE ON FUNCTION alkconv_rule_remember() FROM PUBLIC;
CREATE TRIGGER rule_remember AFTER UPDATE OR DELETE ON alkconv.rule FOR EACH ROW EXECUTE FUNCTION alkconv_rule_remember();
COMMENT ON TRIGGER rule_remember ON alkconv.rule IS 'a shipped rule that was deleted or changed does not come back';
CREATE TRIGGER rule_remember_all BEFORE TRUNCATE ON alkconv.rule FOR EACH STATEMENT EXECUTE FUNCTION alkconv_rule_remember();
COMMENT ON TRIGGER rule_remember_all ON alkconv.rule IS 'shipped rules that were deleted do not come back';

CREATE FUNCTION alkconv_rule_forget() RETURNS trigger
	AS 'MODULE_PATHNAME' LANGUAGE C;
COMMENT ON FUNCTION alkconv_rule_forget() IS 'deletes the shipped rules that alkconv.changed_rule lists';
REVOKE EXECUTE ON FUNCTION alkconv_rule_forget() FROM PUBLIC;
CREATE TRIGGER rule_forget AFTER INSERT ON alkconv.changed_rule FOR EACH ROW EXECUTE FUNCTION alkconv_rule_forget();
COMMENT ON TRIGGER rule_forget ON alkconv.changed_rule IS 'what a restored dump says of shipped rules becomes so';

-- Numbers and names are for ever: a later version adds rules with new ones, below 1000.
INSERT INTO alkconv.rule (rule_id, profile, table_pattern, column_pattern, action, argument, reason, shipped, shipped_name) OVERRIDING SYSTEM VALUE VALUES
	(1, 'kratos', 'schema\_migration', NULL, 'exclude', NULL, 'each engine has its own list of migrations', true, 'kratos/schema_migration'),
	(2, 'kratos', '\_kratos\_migrations', NULL, 'exclude', NULL, 'each engine has its own list of migrations', true, 'kratos/_kratos_migrations'),
	(3, 'kratos', 'identity\_credential\_types', NULL, 'replace_seeded', NULL, 'seeded by the application with the same ids', true, 'kratos/identity_credential_types'),
	(4, 'kratos', 'networks', NULL, 'replace_seeded', NULL, 'the first start of Kratos makes a row with a random id; every nid refers to the source''s. Restart a Kratos that is running on the target: until then it keeps the old id, and every login fails', true, 'kratos/networks'),
	(5, 'kratos', '%', '%', 'empty_to_null', 'uuid', 'an id that is not set', true, 'kratos/empty ids'),
	(6, 'alkemio', 'migrations\_typeorm', NULL, 'exclude', NULL, 'each engine has its own list of migrations', true, 'alkemio/migrations_typeorm'),
	(7, 'alkemio', 'query-result-cache', NULL, 'exclude', NULL, 'a cache of the application', true, 'alkemio/query-result-cache'),
	(8, 'alkemio', 'challenge', NULL, 'exclude', NULL, 'left over from an older version of the application', true, 'alkemio/challenge'),
	(9, 'alkemio', 'opportunity', NULL, 'exclude', NULL, 'left over from an older version of the application', true, 'alkemio/opportunity'),
	(10, 'alkemio', '%', '%', 'empty_to_null', 'uuid', 'an id that is not set', true, 'alkemio/empty ids'),
	(11, 'alkemio', 'whiteboard', 'content', 'transform', 'code_points_to_base64', 'zlib stream kept as one code point a byte; the application on Postgres reads base64', true, 'alkemio/whiteboard'),
	(12, 'alkemio', 'callout\_contribution\_defaults', 'whiteboardContent', 'transform', 'code_points_to_base64', 'zlib stream kept as one code point a byte; the application on Postgres reads base64', true, 'alkemio/callout_contribution_defaults'),
	(13, 'kratos', 'identity\_credentials', 'config', 'secret', NULL, 'a credential, or what holds one', true, 'kratos/secret identity_credentials.config'),
	(14, 'kratos', 'identity\_%\_codes', 'code', 'secret', NULL, 'a credential, or what holds one', true, 'kratos/secret identity_%_codes.code'),
	(15, 'kratos', 'identity\_%\_codes', 'code\_hmac', 'secret', NULL, 'a credential, or what holds one', true, 'kratos/secret identity_%_codes.code_hmac'),
	(16, 'kratos', 'identity\_%\_tokens', 'token', 'secret', NULL, 'a credential, or what holds one', true, 'kratos/secret identity_%_tokens.token'),
	(17, 'kratos', 'sessions', '%token', 'secret', NULL, 'a credential, or what holds one', true, 'kratos/secret sessions.%token'),
	(18, 'kratos', 'session\_token\_exchanges', '%\_code', 'secret', NULL, 'a credential, or what holds one', true, 'kratos/secret session_token_exchanges.%_code'),
	(19, 'kratos', 'selfservice\_%', 'csrf\_token', 'secret', NULL, 'a credential, or what holds one', true, 'kratos/secret selfservice_%.csrf_token'),
	(20, 'kratos', 'selfservice\_%\_flows', 'internal\_context', 'secret', NULL, 'a credential, or what holds one', true, 'kratos/secret selfservice_%_flows.internal_context'),
	(21, 'kratos', 'selfservice\_%\_flows', 'oauth2\_login\_challenge%', 'secret', NULL, 'a credential, or what holds one', true, 'kratos/secret selfservice_%_flows.oauth2_login_challenge%'),
	(22, 'kratos', 'courier\_messages', 'body', 'secret', NULL, 'a credential, or what holds one', true, 'kratos/secret courier_messages.body'),
	(23, 'kratos', 'courier\_messages', 'template\_data', 'secret', NULL, 'a credential, or what holds one', true, 'kratos/secret courier_messages.template_data'),
	(24, 'kratos', 'continuity\_containers', 'payload', 'secret', NULL, 'a credential, or what holds one', true, 'kratos/secret continuity_containers.payload'),
	(25, 'kratos', 'schema\_migration', 'version', 'same_maximum', NULL, 'Migrate the source''s Kratos to the version of the target''s first (kratos migrate sql), or make the target''s schema by the source''s version', true, 'kratos/same version');

INSERT INTO alkconv.rule (rule_id, profile, table_pattern, action, reason, shipped, shipped_name) OVERRIDING SYSTEM VALUE
	SELECT 100 OPERATOR(pg_catalog.+) n, 'alkemio', pg_catalog.replace(t, '_', '\_'), 'replace_seeded', 'the application''s first migration seeds it', true, 'alkemio/' OPERATOR(pg_catalog.||) t
	FROM pg_catalog.unnest(ARRAY['ai_server', 'authorization_policy', 'form', 'forum', 'library', 'license', 'license_entitlement', 'license_plan', 'license_policy',
		'licensing_framework', 'platform', 'role', 'role_set', 'storage_aggregator', 'storage_bucket', 'template_default', 'templates_manager', 'templates_set']) WITH ORDINALITY AS s(t, n)
	ORDER BY n;

CREATE TABLE alkconv.run (
	run uuid PRIMARY KEY DEFAULT pg_catalog.gen_random_uuid(),
	started timestamptz NOT NULL DEFAULT pg_catalog.transaction_timestamp(),
	finished timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
	source text NOT NULL,
	source_version text NOT NULL,
	source_database text NOT NULL,
	target_version text NOT NULL,
	target_schema text NOT NULL,
	caller text NOT NULL,
	caller_id oid NOT NULL,
	profile text,
	mode text NOT NULL,
	on_existing text NOT NULL,
	verify text NOT NULL,
	snapshot_method text NOT NULL,
	readers int NOT NULL,
	binlog_position text,
	gtid text,
	on_bad_value text NOT NULL,
	tables int NOT NULL,
	rows bigint NOT NULL,
	rejected bigint NOT NULL,
	bytes bigint NOT NULL,
	load_seconds float8 NOT NULL,
	publish_seconds float8 NOT NULL,
	verify_seconds float8 NOT NULL
);
COMMENT ON TABLE alkconv.run IS 'one row per run that was committed; shown to members of the role that called it';
COMMENT ON COLUMN alkconv.run.run IS 'id of the run, as alkconv_migrate returned it';
COMMENT ON COLUMN alkconv.run.started IS 'start of the transaction';
COMMENT ON COLUMN alkconv.run.snapshot_method IS 'how the one consistent snapshot of the source was taken';
COMMENT ON COLUMN alkconv.run.readers IS 'threads that may have read the source''s tables at a time, each over a connection of its own';
COMMENT ON COLUMN alkconv.run.binlog_position IS 'file:position of the source''s binary log at the snapshot, if the account may see it';
COMMENT ON COLUMN alkconv.run.mode IS 'argument mode of alkconv_migrate; replay: a run of alkconv_replay';
COMMENT ON COLUMN alkconv.run.rejected IS 'rows that did not convert and are in alkconv.reject, those that refer to them included';
COMMENT ON COLUMN alkconv.run.bytes IS 'bytes of values fetched';
COMMENT ON COLUMN alkconv.run.load_seconds IS 'reading, converting and writing all tables';
COMMENT ON COLUMN alkconv.run.publish_seconds IS 'building indexes, sequences, statistics';

CREATE TABLE alkconv.run_table (
	run uuid NOT NULL REFERENCES alkconv.run ON DELETE CASCADE,
	ordinal int NOT NULL,
	table_name text NOT NULL,
	source_rows bigint,
	target_rows bigint,
	bytes bigint,
	load_seconds float8,
	verdict text NOT NULL,
	note text,
	PRIMARY KEY (run, ordinal)
);
COMMENT ON TABLE alkconv.run_table IS 'one row per table of a run; verdict ok, rejected N (that many rows are in alkconv.reject, the others are proved), left out (the table, or columns of it by rules) or excluded (a table, by the profile); note: what rules changed, or why the table was left out';

CREATE TABLE alkconv.run_check (
	run uuid NOT NULL REFERENCES alkconv.run ON DELETE CASCADE,
	ordinal int NOT NULL,
	table_name text NOT NULL,
	check_name text NOT NULL,
	source_value text,
	target_value text,
	verdict text NOT NULL,
	note text,
	PRIMARY KEY (run, ordinal)
);
COMMENT ON TABLE alkconv.run_check IS 'one row per check of a run, as alkconv_verify gives them; verdict note: what mode create did not carry over, source_value: as the source spells it; left out: a column that is not copied, or that the source lacks';

CREATE TABLE alkconv.reject (
	run uuid NOT NULL REFERENCES alkconv.run ON DELETE CASCADE,
	ordinal bigint NOT NULL,
	source_table text NOT NULL,
	table_name text NOT NULL,
	key_columns text[] NOT NULL,
	key text[] NOT NULL,
	column_name text,
	value bytea,
	sqlstate text NOT NULL,
	message text NOT NULL,
	hint text,
	replayed_by uuid REFERENCES alkconv.run ON DELETE SET NULL,
	PRIMARY KEY (run, ordinal)
);
COMMENT ON TABLE alkconv.reject IS 'one row per row of the source that a run with on_bad_value => ''reject'' kept out; alkconv_replay brings them';
COMMENT ON COLUMN alkconv.reject.source_table IS 'table of the source';
COMMENT ON COLUMN alkconv.reject.table_name IS 'table of the target';
COMMENT ON COLUMN alkconv.reject.key_columns IS 'columns of the source that identify the row';
COMMENT ON COLUMN alkconv.reject.key IS 'their values as text, binary ones as \x and hex digits; to be corrected where mending the row changed its key';
COMMENT ON COLUMN alkconv.reject.column_name IS 'column of the source whose value does not convert; null: the row as a whole breaks a constraint';
COMMENT ON COLUMN alkconv.reject.value IS 'its bytes as the source sent them, numbers and dates as text, of values above 256 MB the first 256 MB; null: NULL, or the row refers to a rejected one';
COMMENT ON COLUMN alkconv.reject.sqlstate IS 'SQLSTATE of the error that the value would have been; 23503: the row refers to a rejected one';
COMMENT ON COLUMN alkconv.reject.replayed_by IS 'run of alkconv_replay that brought the row';

SELECT pg_catalog.pg_extension_config_dump('alkconv.run', '');
SELECT pg_catalog.pg_extension_config_dump('alkconv.run_table', '');
SELECT pg_catalog.pg_extension_config_dump('alkconv.run_check', '');
SELECT pg_catalog.pg_extension_config_dump('alkconv.reject', '');

-- Values and sources of views are not for everybody: a run is shown to the members of the role that called it. The
-- owner of the tables, who writes the records, sees all; a policy of the DBA's own lets others in. A later role of the
-- caller's name did not call it, nor did one that has its number in another cluster.
GRANT SELECT ON alkconv.run, alkconv.run_table, alkconv.run_check, alkconv.reject TO PUBLIC;
ALTER TABLE alkconv.run ENABLE ROW LEVEL SECURITY;
ALTER TABLE alkconv.run_table ENABLE ROW LEVEL SECURITY;
ALTER TABLE alkconv.run_check ENABLE ROW LEVEL SECURITY;
ALTER TABLE alkconv.reject ENABLE ROW LEVEL SECURITY;
CREATE POLICY members_of_the_caller ON alkconv.run USING (EXISTS (SELECT FROM pg_catalog.pg_roles r
	WHERE r.oid OPERATOR(pg_catalog.=) run.caller_id AND r.rolname OPERATOR(pg_catalog.=) run.caller
	AND pg_catalog.pg_has_role(r.oid, 'MEMBER')));
CREATE POLICY readers_of_the_run ON alkconv.run_table USING (EXISTS (SELECT FROM alkconv.run r WHERE r.run OPERATOR(pg_catalog.=) run_table.run));
CREATE POLICY readers_of_the_run ON alkconv.run_check USING (EXISTS (SELECT FROM alkconv.run r WHERE r.run OPERATOR(pg_catalog.=) run_check.run));
CREATE POLICY readers_of_the_run ON alkconv.reject USING (EXISTS (SELECT FROM alkconv.run r WHERE r.run OPERATOR(pg_catalog.=) reject.run));

-- ---- functions -------------------------------------------------------------------------------------------------------------

CREATE FUNCTION alkconv_plan(source name, target_schema name DEFAULT NULL, include text[] DEFAULT NULL, exclude text[] DEFAULT NULL,
	mode text DEFAULT 'auto', on_existing text DEFAULT 'error',
	OUT step text, OUT table_name text, OUT column_name text, OUT source_type text, OUT target_type text, OUT conversion text, OUT rule text, OUT note text,
	OUT rows bigint, OUT bytes bigint)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION alkconv_plan(name, name, text[], text[], text, text) IS
	'what alkconv_migrate would do, without doing anything: a row per problem, table and column. conversion: how the values of a column are converted, of a table which conversions (of a new one: which types) its columns take, and how many of them; rows, bytes: of a table, as the source''s statistics estimate them. alkconv_plan_summary tells it in 120 columns';

CREATE FUNCTION alkconv_preflight(source name, target_schema name DEFAULT NULL, include text[] DEFAULT NULL, exclude text[] DEFAULT NULL,
	mode text DEFAULT 'auto', on_existing text DEFAULT 'error',
	OUT severity text, OUT table_name text, OUT column_name text, OUT check_name text, OUT rows bigint, OUT sample_key text, OUT sample_value text, OUT remedy text, OUT rule text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION alkconv_preflight(name, name, text[], text[], text, text) IS
	'what would go wrong in alkconv_migrate, all of it, without doing anything: a row per problem. severity: error (the run would fail), warning, info; rows: how many; sample: the first of them by key; rule: a statement that settles it, if there is one';

CREATE FUNCTION alkconv_migrate(source name, target_schema name DEFAULT NULL, include text[] DEFAULT NULL, exclude text[] DEFAULT NULL,
	mode text DEFAULT 'auto', on_existing text DEFAULT 'error', verify text DEFAULT 'full', readers int DEFAULT NULL, on_bad_value text DEFAULT 'error')
	RETURNS uuid
	AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION alkconv_migrate(name, name, text[], text[], text, text, text, int, text) IS
	'moves the source''s database into the target schema and proves the result, in the caller''s transaction; returns the id of the run. include, exclude: LIKE patterns of source tables. mode: auto, existing, create. on_existing: error, replace. verify: full, counts. readers: threads that read the source, each over a connection of its own; null: as the server option says, else as many as the writer needs, at most one for every two processors, with verify => ''counts'' one for each, 4 at most; 1: one connection for everything, and nothing is locked for the snapshot. on_bad_value: error; reject: rows that do not convert, and rows that refer to them, go to alkconv.reject, up to alkconv.reject_limit';

CREATE FUNCTION alkconv_replay(run uuid) RETURNS uuid
	AS 'MODULE_PATHNAME' LANGUAGE C STRICT VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION alkconv_replay(uuid) IS
	'reads the rows that a run rejected again, adds them to the targets and proves them, all or none; returns the id of the new run, null when none are left';

CREATE FUNCTION alkconv_baseline(source name, target_schema name DEFAULT NULL, include text[] DEFAULT NULL, exclude text[] DEFAULT NULL,
	OUT ordinal int, OUT kind text, OUT object text, OUT statement text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION alkconv_baseline(name, name, text[], text[]) IS
	'the statements by which alkconv_migrate makes a target schema in mode create, in their order, then what it does not carry over as comments; ready for \gexec';

CREATE FUNCTION alkconv_verify(source name, target_schema name DEFAULT NULL, include text[] DEFAULT NULL, exclude text[] DEFAULT NULL,
	verify text DEFAULT 'full',
	OUT table_name text, OUT check_name text, OUT source_value text, OUT target_value text, OUT verdict text, OUT note text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION alkconv_verify(name, name, text[], text[], text) IS
	'compares source and target as they are now, without loading: a row per table and check; a mismatch is a row, not an error';

CREATE FUNCTION alkconv.reported_run(run uuid) RETURNS uuid
	AS 'MODULE_PATHNAME', 'alkconv_reported_run' LANGUAGE C STABLE PARALLEL RESTRICTED;
COMMENT ON FUNCTION alkconv.reported_run(uuid) IS 'the run itself, the last one for null; an ERROR where there is none that the caller may read';

-- the run is looked up in any case, also where there is nothing to join with it
CREATE FUNCTION alkconv_report(run uuid DEFAULT NULL,
	OUT table_name text, OUT check_name text, OUT source_value text, OUT target_value text, OUT verdict text, OUT note text)
	RETURNS SETOF record
	LANGUAGE sql STABLE PARALLEL RESTRICTED
BEGIN ATOMIC
	SELECT line.table_name, line.check_name, line.source_value, line.target_value, line.verdict, line.note
	FROM (SELECT alkconv.reported_run(alkconv_report.run) AS run OFFSET 0) chosen LEFT JOIN LATERAL (
		SELECT t.table_name, 0 AS part, t.ordinal, 'table' AS check_name, t.source_rows::text AS source_value, t.target_rows::text AS target_value,
			t.verdict, t.note
		FROM alkconv.run_table t WHERE t.run OPERATOR(pg_catalog.=) chosen.run
		UNION ALL
		SELECT c.table_name, 1, c.ordinal, c.check_name, c.source_value, c.target_value, c.verdict, c.note
		FROM alkconv.run_check c WHERE c.run OPERATOR(pg_catalog.=) chosen.run
	) line ON true
	WHERE pg_catalog.num_nulls(line.check_name) OPERATOR(pg_catalog.=) 0
	ORDER BY line.table_name COLLATE "C", line.part, line.ordinal;
END;
COMMENT ON FUNCTION alkconv_report(uuid) IS 'what a run did and proved (default: the last one): a row per table (check_name table, values are row counts), then each of its checks; a run that does not exist is an error';

CREATE FUNCTION alkconv_report_json(run uuid DEFAULT NULL) RETURNS jsonb
	LANGUAGE sql STABLE PARALLEL RESTRICTED
BEGIN ATOMIC
	SELECT (SELECT pg_catalog.to_jsonb(r) FROM alkconv.run r WHERE r.run OPERATOR(pg_catalog.=) chosen.run) OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object(
		'table_list', (SELECT pg_catalog.jsonb_agg(pg_catalog.to_jsonb(t) OPERATOR(pg_catalog.-) 'run' ORDER BY t.ordinal)
			FROM alkconv.run_table t WHERE t.run OPERATOR(pg_catalog.=) chosen.run),
		'checks', (SELECT pg_catalog.jsonb_agg(pg_catalog.to_jsonb(c) OPERATOR(pg_catalog.-) 'run' ORDER BY c.ordinal)
			FROM alkconv.run_check c WHERE c.run OPERATOR(pg_catalog.=) chosen.run))
	FROM (SELECT alkconv.reported_run(alkconv_report_json.run) AS run OFFSET 0) chosen;
END;
COMMENT ON FUNCTION alkconv_report_json(uuid) IS 'the record of a run (default: the last one) with its tables and checks as one jsonb document; a run that does not exist is an error';

-- ---- summaries: what a terminal of 120 columns shows without breaking its lines ----------------------------------------------
-- A table of n columns takes 3 n - 1 columns for its rules and blanks.

CREATE FUNCTION alkconv_wrapped(note text, width int) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN pg_catalog.rtrim(pg_catalog.regexp_replace(
		pg_catalog.regexp_replace(note, pg_catalog.format('(\S{%s})(?=\S)', width), E'\\1\n', 'g'),
		pg_catalog.format('(.{1,%s})(\s+|$)', width), E'\\1\n', 'g'), E'\n');
COMMENT ON FUNCTION alkconv_wrapped(text, int) IS 'the text in lines of at most so many characters, broken at blanks, and within words that are longer than a line';

CREATE FUNCTION alkconv_plan_summary(source name, target_schema name DEFAULT NULL, include text[] DEFAULT NULL, exclude text[] DEFAULT NULL,
	mode text DEFAULT 'auto', on_existing text DEFAULT 'error',
	OUT step text, OUT table_name text, OUT rows bigint, OUT size text, OUT note text)
	RETURNS SETOF record
	LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	WITH plan AS MATERIALIZED (
		SELECT p.* FROM alkconv_plan(alkconv_plan_summary.source, alkconv_plan_summary.target_schema, alkconv_plan_summary.include,
			alkconv_plan_summary.exclude, alkconv_plan_summary.mode, alkconv_plan_summary.on_existing) WITH ORDINALITY AS
			p(step, table_name, column_name, source_type, target_type, conversion, rule, note, rows, bytes, ordinal)
	), line AS (
		SELECT p.ordinal, p.step, p.table_name, p.rows, pg_catalog.pg_size_pretty(p.bytes) AS size,
			pg_catalog.concat_ws('; ', p.conversion, p.rule, p.note,
				(SELECT pg_catalog.string_agg(pg_catalog.format('%s left out: %s', c.column_name, c.note), '; ' ORDER BY c.ordinal)
				 FROM plan c WHERE p.bytes IS NOT NULL AND c.table_name OPERATOR(pg_catalog.=) p.table_name
					AND c.conversion OPERATOR(pg_catalog.=) 'left out')) AS note
		FROM plan p WHERE p.step OPERATOR(pg_catalog.<>) ALL (ARRAY['column', 'source column', 'target column'])
	), page AS (
		SELECT GREATEST(40, 106 OPERATOR(pg_catalog.-) pg_catalog.max(pg_catalog.length(line.step))
			OPERATOR(pg_catalog.-) GREATEST(10, pg_catalog.max(pg_catalog.length(line.table_name)))
			OPERATOR(pg_catalog.-) GREATEST(4, pg_catalog.max(pg_catalog.length(line.rows::text)))
			OPERATOR(pg_catalog.-) GREATEST(4, pg_catalog.max(pg_catalog.length(line.size)))) AS width
		FROM line
	)
	SELECT line.step, line.table_name, line.rows, line.size, alkconv_wrapped(line.note, page.width) FROM line, page ORDER BY line.ordinal;
END;
COMMENT ON FUNCTION alkconv_plan_summary(name, name, text[], text[], text, text) IS
	'what alkconv_migrate would do, a row per problem and table, in 120 columns: the arguments of alkconv_plan, which tells each column. rows, size: as the source''s statistics estimate them; note: which conversions its columns take and how many of them (of a new table: which types), rules, what is left out';

CREATE FUNCTION alkconv_preflight_summary(source name, target_schema name DEFAULT NULL, include text[] DEFAULT NULL, exclude text[] DEFAULT NULL,
	mode text DEFAULT 'auto', on_existing text DEFAULT 'error',
	OUT severity text, OUT place text, OUT check_name text, OUT rows bigint, OUT note text)
	RETURNS SETOF record
	LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	WITH line AS (
		SELECT f.ordinal, f.severity, f.check_name, f.rows, f.table_name, pg_catalog.concat('.', f.column_name) AS column_name,
			pg_catalog.concat_ws('.', f.table_name, f.column_name) AS place,
			pg_catalog.concat_ws(E'\n', NULLIF(pg_catalog.concat_ws(': ', f.sample_key, f.sample_value), ''), f.remedy, f.rule) AS note
		FROM alkconv_preflight(alkconv_preflight_summary.source, alkconv_preflight_summary.target_schema, alkconv_preflight_summary.include,
			alkconv_preflight_summary.exclude, alkconv_preflight_summary.mode, alkconv_preflight_summary.on_existing) WITH ORDINALITY AS
			f(severity, table_name, column_name, check_name, rows, sample_key, sample_value, remedy, rule, ordinal)
	), placed AS (
		SELECT line.ordinal, line.severity, line.check_name, line.rows, line.note,
			CASE WHEN pg_catalog.length(line.place) OPERATOR(pg_catalog.<=) 30 THEN line.place
				ELSE pg_catalog.concat_ws(E'\n', line.table_name, NULLIF(line.column_name, '.')) END AS place
		FROM line
	), page AS (
		SELECT GREATEST(40, 106 OPERATOR(pg_catalog.-) GREATEST(8, pg_catalog.max(pg_catalog.length(placed.severity)))
			OPERATOR(pg_catalog.-) GREATEST(5, pg_catalog.max((SELECT pg_catalog.max(pg_catalog.length(part)) FROM
				pg_catalog.string_to_table(placed.place, E'\n') AS part)))
			OPERATOR(pg_catalog.-) GREATEST(10, pg_catalog.max(pg_catalog.length(placed.check_name)))
			OPERATOR(pg_catalog.-) GREATEST(4, pg_catalog.max(pg_catalog.length(placed.rows::text)))) AS width
		FROM placed
	)
	SELECT placed.severity, placed.place, placed.check_name, placed.rows,
		(SELECT pg_catalog.string_agg(alkconv_wrapped(part.line, page.width), E'\n' ORDER BY part.n)
		 FROM pg_catalog.string_to_table(placed.note, E'\n') WITH ORDINALITY AS part(line, n))
	FROM placed, page ORDER BY placed.ordinal;
END;
COMMENT ON FUNCTION alkconv_preflight_summary(name, name, text[], text[], text, text) IS
	'what would go wrong in alkconv_migrate, a row per problem, in 120 columns: the arguments of alkconv_preflight, which tells each fact in a column of its own. note: the first value and its key, what to do, and the rule that settles it if there is one';

CREATE FUNCTION alkconv_report_summary(run uuid DEFAULT NULL,
	OUT table_name text, OUT source_rows bigint, OUT target_rows bigint, OUT verdict text, OUT checks text, OUT note text)
	RETURNS SETOF record
	LANGUAGE sql STABLE PARALLEL RESTRICTED
BEGIN ATOMIC
	WITH report AS MATERIALIZED (
		SELECT r.* FROM alkconv_report(alkconv_report_summary.run) WITH ORDINALITY AS
			r(table_name, check_name, source_value, target_value, verdict, note, ordinal)
	), line AS (
		SELECT t.ordinal, t.table_name, t.source_value::bigint AS source_rows, t.target_value::bigint AS target_rows, t.verdict,
			checked.text AS checks, pg_catalog.concat_ws('; ', t.note, checked.others) AS note
		FROM report t CROSS JOIN LATERAL (
			SELECT CASE WHEN pg_catalog.count(*) OPERATOR(pg_catalog.>) 0 THEN
					pg_catalog.format('%s of %s ok', pg_catalog.count(*) FILTER (WHERE c.verdict OPERATOR(pg_catalog.=) 'ok'), pg_catalog.count(*)) END AS text,
				pg_catalog.string_agg(pg_catalog.concat_ws(': ', c.check_name, c.verdict, c.note), '; ' ORDER BY c.ordinal)
					FILTER (WHERE c.verdict OPERATOR(pg_catalog.<>) 'ok') AS others
			FROM report c WHERE c.table_name OPERATOR(pg_catalog.=) t.table_name
				AND c.check_name OPERATOR(pg_catalog.<>) 'table' AND c.verdict OPERATOR(pg_catalog.<>) 'note') AS checked
		WHERE t.check_name OPERATOR(pg_catalog.=) 'table'
		UNION ALL
		SELECT t.ordinal, t.table_name, NULL, NULL, t.verdict, NULL, pg_catalog.concat_ws(': ', t.check_name, t.note)
		FROM report t WHERE t.verdict OPERATOR(pg_catalog.=) 'note'
	), page AS (
		SELECT GREATEST(30, 103 OPERATOR(pg_catalog.-) GREATEST(10, pg_catalog.max(pg_catalog.length(line.table_name)))
			OPERATOR(pg_catalog.-) GREATEST(11, pg_catalog.max(pg_catalog.length(line.source_rows::text)))
			OPERATOR(pg_catalog.-) GREATEST(11, pg_catalog.max(pg_catalog.length(line.target_rows::text)))
			OPERATOR(pg_catalog.-) GREATEST(7, pg_catalog.max(pg_catalog.length(line.verdict)))
			OPERATOR(pg_catalog.-) GREATEST(6, pg_catalog.max(pg_catalog.length(line.checks)))) AS width
		FROM line
	)
	SELECT line.table_name, line.source_rows, line.target_rows, line.verdict, line.checks, NULLIF(alkconv_wrapped(line.note, page.width), '')
	FROM line, page ORDER BY line.ordinal;
END;
COMMENT ON FUNCTION alkconv_report_summary(uuid) IS
	'what a run did and proved (default: the last one), a row per table, in 120 columns; alkconv_report tells each check. checks: how many were right; note: what rules changed, checks that were not right; rows of verdict note: what mode create did not carry over';
