-- Rules are examined when they are written: what cannot be is refused, with what could be.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS alkconv;
RESET client_min_messages;
\set VERBOSITY terse

-- the vocabulary: one list, from which the check and the plan are made
SELECT kind, name, applies_to, argument FROM alkconv_vocabulary();
SELECT count(*) FILTER (WHERE meaning IS NULL OR meaning = '') AS without_meaning FROM alkconv_vocabulary();

BEGIN;
-- every action and transform with an argument that it takes
INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES
	('t', NULL, 'exclude', NULL),
	('t', NULL, 'replace_seeded', NULL),
	('t', NULL, 'rename', 'other'),
	('t', NULL, 'flatten', NULL),
	('t', NULL, 'skip_index', 'words'),
	('t', NULL, 'keep_one', '(a, "b c"), last by d'),
	('t', NULL, 'skip_validation', 'positive'),
	('t', 'c', 'skip_column', NULL),
	('t', 'c', 'rename', 'other'),
	('t', 'c', 'target_type', 'numeric(12,2)'),
	('t', 'c', 'collation', '"C"'),
	('t', 'c', 'secret', NULL),
	('old\_%', NULL, 'rename', '%'),
	('t', 'c', 'orphans', 'delete'),
	('t', 'c', 'orphans', 'null'),
	('t', 'c', 'empty_to_null', NULL),
	('t', 'c', 'empty_to_null', 'timestamp without time zone'),
	('t', 'c', 'expression', 'nullif(lower(value), ''none'')'),
	('t', 'c', 'transform', 'parent_spelling'),
	('t', 'c', 'transform', 'utf8_in_latin1_repair'),
	('t', 'c', 'transform', 'inflate'),
	('t', 'c', 'transform', 'strip_nul'),
	('t', 'c', 'transform', 'replace_nul'),
	('t', 'c', 'transform', 'trim_pad'),
	('t', 'c', 'transform', 'json_nul(strip)'),
	('t', 'c', 'transform', 'enum_empty(''null'')'),
	('t', 'c', 'transform', 'empty_to_null'),
	('t', 'c', 'transform', 'zero_date(-infinity)'),
	('t', 'c', 'transform', 'zero_date(1970-01-01)'),
	('t', 'c', 'transform', 'partial_date(first)'),
	('t', 'c', 'transform', 'wall_time(-03:30)'),
	('t', 'c', 'transform', 'wall_time(Europe/Sofia, first)'),
	('t', 'c', 'transform', 'uuid_swap'),
	('t', 'c', 'transform', 'clamp'),
	('t', 'c', 'transform', 'tinyint_to_boolean'),
	('t', 'c', 'transform', 'code_points_to_base64'),
	('t', 'c', 'transform', 'code_points_to_bytea'),
	('t', 'c', 'same_maximum', NULL);
SELECT count(*) FROM alkconv.rule WHERE NOT shipped;
ROLLBACK;

-- what is refused; the same for an UPDATE
\pset format unaligned
\pset tuples_only on
\set VERBOSITY default
CREATE FUNCTION pg_temp.refused(table_pattern text, column_pattern text, action text, argument text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	message text;
	hint text;
BEGIN
	INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ($1, $2, $3, $4);
	RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
	RETURN SQLSTATE || ': ' || message || ' - ' || hint;
END $$;
SELECT pg_temp.refused('t', 'c', 'drop', NULL);
SELECT pg_temp.refused('t', NULL, NULL, NULL);
SELECT pg_temp.refused('', NULL, 'exclude', NULL);
SELECT pg_temp.refused('t', 'c', 'exclude', NULL);
SELECT pg_temp.refused('t', NULL, 'exclude', 'x');
SELECT pg_temp.refused('t', NULL, 'skip_column', NULL);
SELECT pg_temp.refused('t', '', 'skip_column', NULL);
SELECT pg_temp.refused('t', 'c', 'rename', NULL);
SELECT pg_temp.refused('t', NULL, 'rename', repeat('n', 64));
SELECT pg_temp.refused('t', NULL, 'rename', 'new_%');
SELECT pg_temp.refused('t', 'c', 'secret', 'x');
SELECT pg_temp.refused('t', 'c', 'target_type', 'text -- ');
SELECT pg_temp.refused('t', 'c', 'orphans', 'keep');
SELECT pg_temp.refused('t', 'c', 'transform', NULL);
SELECT pg_temp.refused('t', 'c', 'transform', 'zip');
SELECT pg_temp.refused('t', 'c', 'transform', 'strip_nul(all)');
SELECT pg_temp.refused('t', 'c', 'transform', 'zero_date');
SELECT pg_temp.refused('t', 'c', 'transform', 'zero_date(2020-02-31)');
SELECT pg_temp.refused('t', 'c', 'target_type', 'no_such_type');
SELECT pg_temp.refused('t', 'c', 'empty_to_null', 'no_such_type');
SELECT pg_temp.refused('t', 'c', 'empty_to_null', 'varchar');
SELECT pg_temp.refused('t', 'c', 'collation', 'no_such_collation');
SELECT pg_temp.refused('t', 'c', 'expression', 'value +');
SELECT pg_temp.refused('t', 'c', 'expression', '*');
SELECT pg_temp.refused('t', 'c', 'expression', 'value, value');
SELECT pg_temp.refused('t', 'c', 'expression', 'value FROM alkconv.rule');
SELECT pg_temp.refused('t', 'c', 'expression', 'value || other');
SELECT pg_temp.refused('t', 'c', 'expression', '(SELECT value)');
SELECT pg_temp.refused('t', 'c', 'expression', 'max(value)');
SELECT pg_temp.refused('t', 'c', 'expression', 'value || random()::text');
SELECT pg_temp.refused('t', 'c', 'expression', 'no_such_function(value)');
SELECT count(*) FROM alkconv.rule WHERE NOT shipped;

BEGIN;
INSERT INTO alkconv.rule (table_pattern, action) VALUES ('t', 'exclude');
\set VERBOSITY terse
UPDATE alkconv.rule SET action = 'drop' WHERE table_pattern = 't';
ROLLBACK;

-- what the extension ships passes its own check
BEGIN;
UPDATE alkconv.rule SET reason = reason WHERE shipped;
ROLLBACK;

-- no business of anybody else's
SELECT alkconv_rule_check();
