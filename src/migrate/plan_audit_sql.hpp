// Regime: Postgres (may longjmp, never throws)
//
// The SQL of the plan's audit, in parts that are joined. Parameters: $1 tables and $2 columns of the source as it
// lists them now; $3 tables, $4 columns, $5 tables left out, $6 columns of the target that get nothing, $7 rules
// about keys, all of the plan; $8 include and $9 exclude patterns; $10 profile, $11 source, $12 target schema; $13
// whether an argument lets rows be replaced. All but the last four are JSON.
#pragma once

namespace alkconv::migrate {

// Names are compared by their bytes; a pattern that ends in the middle of an escape means the backslash itself.
constexpr const char *kAuditGiven = R"(
WITH RECURSIVE
st AS MATERIALIZED (SELECT x.n COLLATE "C" AS n, x.counter FROM json_to_recordset($1::json) AS x(n text,
	counter numeric)),
sc AS MATERIALIZED (SELECT x.t COLLATE "C" AS t, x.n COLLATE "C" AS n, x.type, x.declared, x.charset, x.generated,
	x.counts
	FROM json_to_recordset($2::json) AS x(t text, n text, type text, declared text, charset text, generated boolean,
		counts boolean)
	WHERE x.t COLLATE "C" IN (SELECT n FROM st)),
pt AS MATERIALIZED (SELECT x.s COLLATE "C" AS s, x.target COLLATE "C" AS target, x.id, x.made, x.replace, x.counter
	FROM json_to_recordset($3::json) AS x(s text, target text, id oid, made boolean, replace boolean,
		counter numeric)),
pc AS MATERIALIZED (SELECT x.t COLLATE "C" AS t, x.s COLLATE "C" AS s, x.target COLLATE "C" AS target, x.id, x.num,
	x.how, x.ids, x.secret, x.json, x.counts, x.declared, x.charset, x.stored,
		x.not_null, x.transforms, x.empty, x.expression, x.author, x.zone, x.clock, x.unnamed
	FROM json_to_recordset($4::json) AS x(t text, s text, target text, id oid, num smallint, how text, ids bigint[],
		secret boolean, json boolean, counts boolean, declared text, charset text, stored text,
		not_null boolean, transforms text[], empty boolean, expression text, author oid, zone text, clock text,
			unnamed boolean)),
ex AS MATERIALIZED (SELECT x.n COLLATE "C" AS n FROM json_to_recordset($5::json) AS x(n text)),
pa AS MATERIALIZED (SELECT x.t COLLATE "C" AS t, x.n COLLATE "C" AS n FROM json_to_recordset($6::json) AS x(t text,
	n text)),
pk AS MATERIALIZED (SELECT x.t COLLATE "C" AS t, x.id FROM json_to_recordset($7::json) AS x(t text, id bigint)),
argument AS MATERIALIZED (SELECT x.p || CASE WHEN x.p ~ '(^|[^\\])(\\\\)*\\$' THEN '\' ELSE '' END AS p, x.included
	FROM (SELECT p, true FROM json_array_elements_text($8::json) AS i(p) UNION ALL SELECT p, false
		FROM json_array_elements_text($9::json) AS e(p)) AS x(p, included)),
attribute AS MATERIALIZED (SELECT a.attrelid AS id, a.attnum AS num, a.attname::text COLLATE "C" AS n,
	a.attnotnull AS not_null, a.atttypid AS type, a.atttypmod AS typmod,
		CASE t.typtype WHEN 'd' THEN b.typname ELSE t.typname END::text AS type_name, t.typcategory AS category
	FROM pt JOIN pg_attribute a ON a.attrelid = pt.id AND a.attnum > 0 AND NOT a.attisdropped
		JOIN pg_type t ON t.oid = a.atttypid
		LEFT JOIN pg_type b ON b.oid = t.typbasetype),
)";

// Whose rules a run takes, and which of them match what. `texact` and `cexact`: the pattern spells the name, as it
// stands or with its escapes taken away. Of empty_to_null one governs for each target type that rules name.
constexpr const char *kAuditRules = R"(
written AS (SELECT r.*, CASE WHEN r.shipped THEN own.relowner ELSE r.author_id END AS by, own.relowner AS owner
	FROM alkconv.rule r, pg_class own
	WHERE own.oid = 'alkconv.rule'::regclass AND (r.profile IS NULL OR r.profile = $10) AND (r.source IS NULL
		OR r.source = $11) AND (r.target_schema IS NULL OR r.target_schema = $12)
		AND NOT (r.shipped AND EXISTS (SELECT FROM alkconv.changed_rule c WHERE c.shipped_name = r.shipped_name))),
member(who, role) AS (
	SELECT x.who, x.who FROM (SELECT by FROM written UNION SELECT oid FROM pg_roles
		WHERE rolname = current_user) AS x(who)
	UNION SELECT m.who, g.roleid FROM member m JOIN pg_auth_members g ON g.member = m.role),
rule AS MATERIALIZED (SELECT r.rule_id AS id, NOT r.shipped AS own, r.source IS NOT NULL AS of_source,
	r.target_schema IS NOT NULL AS of_schema, r.action, r.by AS author,
		COALESCE(r.argument, '') COLLATE "C" AS argument, r.table_pattern COLLATE "C" AS tp,
			COALESCE(r.column_pattern, '') COLLATE "C" AS cp,
		CASE WHEN r.action = 'transform' THEN split_part(r.argument, '(', 1) ELSE '' END AS transform
	FROM written r
	WHERE r.by = r.owner OR EXISTS (SELECT FROM pg_roles a WHERE a.oid = r.by AND a.rolsuper)
		OR EXISTS (SELECT FROM member m JOIN pg_roles c ON c.oid = m.who WHERE c.rolname = current_user
			AND m.role = r.by)
		OR EXISTS (SELECT FROM member m JOIN pg_foreign_server s ON s.srvowner = m.role WHERE s.srvname = $11::name
			AND m.who = r.by)),
pattern AS MATERIALIZED (SELECT p, p || CASE WHEN p ~ '(^|[^\\])(\\\\)*\\$' THEN '\' ELSE '' END AS likes,
		CASE WHEN regexp_replace(p, '\\.', '', 'g') !~ '[%_]' THEN regexp_replace(p, '\\(.)', '\1', 'g') END AS spells
	FROM (SELECT tp FROM rule UNION SELECT cp FROM rule) AS x(p)),
tr AS MATERIALIZED (SELECT st.n AS t, rule.*, (rule.tp = st.n OR p.spells = st.n) IS TRUE AS texact
	FROM st CROSS JOIN rule JOIN pattern p ON p.p = rule.tp WHERE st.n LIKE p.likes),
table_rule AS MATERIALIZED (SELECT DISTINCT ON (t, action) t, action, id, argument, tp FROM tr WHERE cp = ''
	ORDER BY t, action, own DESC, of_source DESC, of_schema DESC, texact DESC, id),
cr AS MATERIALIZED (SELECT sc.n AS c, tr.*, (tr.cp = sc.n OR p.spells = sc.n) IS TRUE AS cexact
	FROM tr JOIN pattern p ON p.p = tr.cp JOIN sc ON sc.t = tr.t WHERE tr.cp <> '' AND sc.n LIKE p.likes),
column_rule AS MATERIALIZED (SELECT DISTINCT ON (t, c, action, transform, kept) cr.*, CASE action
	WHEN 'empty_to_null' THEN argument ELSE '' END AS kept FROM cr
	ORDER BY t, c, action, transform, kept, own DESC, of_source DESC, of_schema DESC, cexact DESC, texact DESC, id),
)";

// What things are to be called: a rule's argument, in which % stands for what the only % of the pattern matches.
// `snake` folds createdDate and created_date into one, and upper and lower case.
constexpr const char *kAuditNames = R"(
renaming AS (
	SELECT t, NULL::text COLLATE "C" AS c, t AS name, tp AS p, argument FROM table_rule WHERE action = 'rename'
	UNION ALL SELECT t, c, c, cp, argument FROM column_rule WHERE action = 'rename'),
renamed AS MATERIALIZED (SELECT r.t, r.c, NULLIF(CASE WHEN a.at = 0 THEN replace(r.argument, '\%', '%')
	ELSE replace(left(r.argument, a.at - 1), '\%', '%')
			|| substr(r.name, before.length + 1, GREATEST(char_length(r.name) - before.length - behind.length,
				0)) || replace(substr(r.argument, a.at + 1), '\%', '%') END, '') AS name
	FROM renaming r
	CROSS JOIN LATERAL (SELECT strpos(regexp_replace(r.argument, '\\.', '##', 'g'), '%') AS at) a
	CROSS JOIN LATERAL (SELECT strpos(regexp_replace(r.p, '\\.', '##', 'g'), '%') AS at) w
	CROSS JOIN LATERAL (SELECT char_length(regexp_replace(left(r.p, GREATEST(w.at - 1, 0)), '\\.', '#',
		'g')) AS length) before
	CROSS JOIN LATERAL (SELECT char_length(regexp_replace(substr(r.p, w.at + 1), '\\.', '#', 'g')) AS length) behind),
wanted AS MATERIALIZED (
	SELECT pt.s AS t, NULL::text COLLATE "C" AS c, pt.id, pt.target AS got, COALESCE(r.name,
		pt.s) COLLATE "C" AS name FROM pt LEFT JOIN renamed r ON r.t = pt.s AND r.c IS NULL
	UNION ALL SELECT pc.t, pc.s, pt.id, pc.target, COALESCE(r.name, pc.s) COLLATE "C" FROM pc JOIN pt ON pt.s = pc.t
		LEFT JOIN renamed r ON r.t = pc.t AND r.c = pc.s
		WHERE pc.how IN ('copied', 'generated')),
misnamed AS MATERIALIZED (SELECT w.*, lower(regexp_replace(regexp_replace(w.name, '([a-z0-9])([A-Z])', '\1_\2', 'g'),
	'([A-Z])([A-Z][a-z])', '\1_\2', 'g')) AS snake,
		lower(regexp_replace(regexp_replace(w.got, '([a-z0-9])([A-Z])', '\1_\2', 'g'), '([A-Z])([A-Z][a-z])',
			'\1_\2', 'g')) AS got_snake
	FROM wanted w WHERE w.got <> w.name),
)";

// Which transforms a pattern must not pass over, by the type of the source and of the target. Those that are missing
// here need a rule that spells the column.
constexpr const char *kAuditFits = R"(
fits(transform, source, target) AS (VALUES
	('utf8_in_latin1_repair', '^(char|varchar|(tiny|medium|long)?text)$', '^(text|varchar|bpchar)$'),
	('trim_pad', '^(char|varchar|(tiny|medium|long)?text)$', '^(text|varchar|bpchar)$'),
	('strip_nul', '^(char|varchar|(tiny|medium|long)?text)$', '^(text|varchar|bpchar)$'),
	('replace_nul', '^(char|varchar|(tiny|medium|long)?text)$', '^(text|varchar|bpchar)$'),
	('zero_date', '^(date|datetime|timestamp)$', '^(date|timestamp|timestamptz)$'),
	('partial_date', '^(date|datetime)$', '^(date|timestamp|timestamptz)$'),
	('wall_time', '^timestamp$', '^timestamp$'),
	('wall_time', '^datetime$', '^timestamptz$'),
	('uuid_swap', '^binary$', '^uuid$'),
	('clamp', '^((tiny|small|medium|big)?int|decimal)$', '^int[248]$'),
	('clamp', '^(float|double)$', '^int[24]$'),
	('tinyint_to_boolean', '^(tiny|small|medium|big)?int$', '^bool$'),
	('code_points_to_bytea', '^(char|varchar|(tiny|medium|long)?text)$', '^bytea$'),
	('code_points_to_base64', '^(char|varchar|(tiny|medium|long)?text)$', '^(text|varchar|bpchar)$')),
copied AS MATERIALIZED (SELECT pc.t, pc.s, pc.json, sc.type, a.not_null, a.type_name, format_type(a.type,
	a.typmod) AS stored, format_type(a.type, NULL) AS plain FROM pc JOIN sc ON sc.t = pc.t AND sc.n = pc.s
		JOIN attribute a ON a.id = pc.id AND a.num = pc.num WHERE pc.how = 'copied'),
coded AS MATERIALIZED (SELECT DISTINCT t, c FROM column_rule WHERE transform IN ('inflate', 'code_points_to_base64',
	'code_points_to_bytea')),
computed AS MATERIALIZED (SELECT t, c FROM column_rule WHERE action = 'expression'),
due AS MATERIALIZED (SELECT r.t, r.c, r.id, r.action = 'empty_to_null' AS of_empty FROM column_rule r
	JOIN copied p ON p.t = r.t AND p.s = r.c LEFT JOIN coded b ON b.t = r.t AND b.c = r.c
	LEFT JOIN computed e ON e.t = r.t AND e.c = r.c
	WHERE r.action = 'expression'
		OR (r.action = 'empty_to_null' AND p.type ~ '^(char|varchar|(tiny|medium|long)?text)$' AND NOT p.json
			AND NOT p.not_null AND r.argument IN ('', p.stored, p.plain))
		OR (r.action = 'transform' AND r.transform NOT IN ('parent_spelling', 'empty_to_null')
			AND r.argument NOT LIKE '%(reject)'
		AND NOT (r.argument LIKE '%(null)' AND p.not_null)
		AND NOT (r.transform IN ('utf8_in_latin1_repair', 'strip_nul', 'replace_nul', 'trim_pad') AND p.json)
		AND NOT (r.transform IN ('utf8_in_latin1_repair', 'strip_nul', 'replace_nul', 'trim_pad', 'json_nul') AND b.t IS NOT NULL)
		AND e.t IS NULL
		AND (r.cexact OR EXISTS (SELECT FROM fits f WHERE f.transform = r.transform AND p.type ~ f.source
			AND p.type_name ~ f.target)))),
)";

// The differences: table, column, what the source and its rules say, what the plan says, note. A counter that has
// gone on since the plan read it is looked at by the caller (`later`).
constexpr const char *kAuditTables = R"(
out AS MATERIALIZED (SELECT st.n, (EXISTS (SELECT FROM argument WHERE included) AND NOT EXISTS (SELECT
	FROM argument a WHERE a.included AND st.n LIKE a.p))
		OR EXISTS (SELECT FROM argument a WHERE NOT a.included AND st.n LIKE a.p) OR EXISTS (SELECT FROM table_rule r
			WHERE r.t = st.n AND r.action = 'exclude') AS so FROM st),
found(t, c, source, plan, note, later) AS (
SELECT COALESCE(st.n, p.n), NULL::text, CASE WHEN st.n IS NULL THEN 'no such table' ELSE 'a table' END,
	COALESCE(p.times, 0) || ' times planned or left out', 'each table of the source is copied or left out, once',
	false
	FROM st FULL JOIN (SELECT n, count(*) AS times FROM (SELECT s AS n FROM pt UNION ALL SELECT n
		FROM ex) AS x GROUP BY n) AS p ON p.n = st.n
	WHERE st.n IS NULL OR p.times IS DISTINCT FROM 1
UNION ALL SELECT o.n, NULL, CASE WHEN o.so THEN 'to be left out' ELSE 'to be copied' END, CASE
	WHEN o.so THEN 'copied' ELSE 'left out' END,
	'by rules with action exclude and the arguments include and exclude', false
	FROM out o WHERE CASE WHEN o.so THEN EXISTS (SELECT FROM pt WHERE pt.s = o.n) ELSE EXISTS (SELECT FROM ex
		WHERE ex.n = o.n) END
UNION ALL SELECT pt.s, NULL, 'table ' || quote_ident(w.name), 'table ' || quote_ident(w.got),
	'the target''s name is neither the source''s nor a rule''s', false
	FROM pt JOIN misnamed w ON w.t = pt.s AND w.c IS NULL
	WHERE NOT ((lower(w.got) = lower(w.name) OR w.got_snake = w.snake) AND NOT EXISTS (SELECT FROM pg_class c
		WHERE c.relname = w.name AND c.relnamespace = (SELECT n.oid FROM pg_namespace n WHERE n.nspname = $12)
		AND c.relkind IN ('r', 'p', 'v', 'm', 'f')))
		AND NOT (octet_length(w.name) > 63 AND w.got ~ '_[0-9a-f]{8}$' AND starts_with(w.name, left(w.got, -9)))
UNION ALL SELECT pt.s, NULL, 'table ' || quote_ident(pt.target), 'relation ' || pt.id::regclass::text,
	'the target is not the table of that name and schema', false
	FROM pt LEFT JOIN pg_class c ON c.oid = pt.id LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
	WHERE c.relname IS DISTINCT FROM pt.target OR n.nspname IS DISTINCT FROM $12
UNION ALL SELECT pt.s, NULL, CASE WHEN r.id IS NULL AND NOT $13::boolean THEN 'rows of the target stay'
	ELSE 'rows of the target are replaced' END, CASE WHEN pt.replace THEN 'replaced' ELSE 'not replaced' END,
	'by rules with action replace_seeded and argument on_existing', false
	FROM pt LEFT JOIN table_rule r ON r.t = pt.s AND r.action = 'replace_seeded'
		WHERE pt.replace <> (r.id IS NOT NULL OR $13::boolean)
UNION ALL SELECT pt.s, NULL, 'AUTO_INCREMENT ' || COALESCE(st.counter, 0), 'AUTO_INCREMENT ' || pt.counter,
	'the counter was asked for once more', pt.counter < COALESCE(st.counter, 0)
	FROM pt JOIN st ON st.n = pt.s WHERE pt.counter <> COALESCE(st.counter, 0)
UNION ALL SELECT pk.t, NULL, 'no such rule governs', 'rule ' || pk.id, 'a rule about keys', false FROM pk
	WHERE NOT EXISTS (SELECT FROM column_rule r WHERE r.t = pk.t AND r.id = pk.id AND (r.action = 'orphans'
		OR r.transform = 'parent_spelling'))
		AND NOT EXISTS (SELECT FROM tr r WHERE r.t = pk.t AND r.id = pk.id AND r.action = 'keep_one')
)";

constexpr const char *kAuditColumns = R"(
UNION ALL SELECT x.t, x.n, CASE WHEN x.listed THEN 'a column' ELSE 'no such column' END,
	x.copied || ' times copied, ' || x.generated || ' times computed, ' || x.omitted || ' times left out',
	'each column of the source is copied or left out, once', false
	FROM (SELECT COALESCE(sc.t, pc.t) AS t, COALESCE(sc.n, pc.s) AS n, bool_or(sc.n IS NOT NULL) AS listed,
		count(*) FILTER (WHERE pc.how = 'copied') AS copied,
			count(*) FILTER (WHERE pc.how = 'generated') AS generated, count(*) FILTER (WHERE pc.how IN ('omitted',
				'ruled')) AS omitted
		FROM (SELECT * FROM sc WHERE sc.t IN (SELECT s FROM pt)) sc FULL JOIN pc ON pc.t = sc.t
			AND pc.s = sc.n GROUP BY 1, 2) x
	WHERE NOT x.listed OR NOT ((x.copied = 1 AND x.generated + x.omitted = 0) OR (x.copied = 0 AND x.generated <= 1
		AND x.omitted <= 1 AND x.generated + x.omitted > 0))
UNION ALL SELECT pc.t, pc.s, CASE WHEN r.id IS NULL THEN 'no rule skips it' ELSE 'skipped by rule ' || r.id END,
	CASE pc.how WHEN 'ruled' THEN 'left out by a rule' WHEN 'omitted' THEN 'left out' ELSE 'copied' END,
	'by rules with action skip_column', false
	FROM pc LEFT JOIN column_rule r ON r.t = pc.t AND r.c = pc.s AND r.action = 'skip_column'
		WHERE (pc.how = 'ruled') <> (r.id IS NOT NULL)
UNION ALL SELECT pc.t, pc.s, 'not generated', 'left out as generated', 'no rule leaves it out', false FROM pc
	JOIN sc ON sc.t = pc.t AND sc.n = pc.s WHERE pc.how IN ('omitted', 'generated') AND NOT sc.generated
UNION ALL SELECT w.t, w.c, 'column ' || quote_ident(w.name), 'column ' || quote_ident(w.got),
	'the target''s name is neither the source''s nor a rule''s', false
	FROM misnamed w LEFT JOIN attribute a ON a.id = w.id AND a.n = w.name
	WHERE w.c IS NOT NULL AND NOT ((lower(w.got) = lower(w.name) OR w.got_snake = w.snake) AND a.n IS NULL)
		AND NOT ((octet_length(w.name) > 63 OR w.name IN ('tableoid', 'ctid', 'xmin', 'xmax', 'cmin', 'cmax')
			OR EXISTS (SELECT FROM sc LEFT JOIN renamed r ON r.t = sc.t AND r.c = sc.n
				WHERE sc.t = w.t AND sc.n <> w.c AND COALESCE(r.name, sc.n) = w.name)) AND w.got ~ '_[0-9a-f]{8}$'
					AND starts_with(w.name, left(w.got, -9)))
UNION ALL SELECT pc.t, pc.s, 'column ' || quote_ident(pc.target), 'number ' || pc.num || COALESCE(', column ' ||
	quote_ident(a.n), ''), 'the target''s column of that number has another name', false
	FROM pc LEFT JOIN attribute a ON a.id = pc.id AND a.num = pc.num WHERE pc.how IN ('copied', 'generated')
		AND a.n IS DISTINCT FROM pc.target
UNION ALL SELECT pt.s, a.n, 'a column of the target', COALESCE(f.times, 0) || ' times filled' || CASE
	WHEN l.n IS NULL THEN ', not left out' ELSE '' END, 'each column of the target is filled or left out, once', false
	FROM pt JOIN attribute a ON a.id = pt.id LEFT JOIN (SELECT DISTINCT t, n FROM pa) AS l ON l.t = pt.s AND l.n = a.n
	LEFT JOIN (SELECT id, num, count(*) AS times FROM pc WHERE how IN ('copied', 'generated') GROUP BY id,
		num) AS f ON f.id = a.id AND f.num = a.num
	WHERE f.times > 1 OR (f.times IS NULL AND l.n IS NULL)
)";

constexpr const char *kAuditGoverning = R"(
UNION ALL SELECT pc.t, pc.s, 'another rule governs, or none', 'rule ' || i.id, 'a rule that changes values', false
	FROM pc LEFT JOIN attribute a ON a.id = pc.id AND a.num = pc.num CROSS JOIN LATERAL unnest(pc.ids) AS i(id)
	WHERE NOT EXISTS (SELECT FROM column_rule r WHERE r.t = pc.t AND r.c = pc.s AND r.id = i.id
		AND (r.action IN ('transform', 'expression')
		OR (r.action = 'empty_to_null' AND (r.argument IN ('', format_type(a.type, a.typmod), format_type(a.type,
			NULL), regexp_replace(format_type(a.type, a.typmod), '\(.*?\)', ''))))))
UNION ALL SELECT d.t, d.c, 'rule ' || d.id || ' governs', 'not applied', 'a rule that changes values', false
	FROM due d JOIN pc ON pc.t = d.t AND pc.s = d.c WHERE pc.how = 'copied' AND NOT d.id = ANY (pc.ids)
		AND NOT (d.of_empty AND pc.empty)
UNION ALL SELECT x.t, x.s, x.rules, x.plan, 'what the rules that govern say, and what is planned', false
	FROM (SELECT pc.t, pc.s, concat_ws('; ', string_agg(r.argument, ', '
		ORDER BY r.argument) FILTER (WHERE r.action = 'transform' AND r.transform NOT IN ('empty_to_null',
		'wall_time')), string_agg('wall_time(' || z.zone || ', ' || z.clock || ')',
		', ') FILTER (WHERE r.transform = 'wall_time'),
				CASE WHEN bool_or(r.action = 'empty_to_null' OR r.transform = 'empty_to_null') THEN 'empty_to_null'
					END, max('expression ' || r.argument || ' of ' || r.author) FILTER (WHERE r.action =
					'expression')) AS rules,
			(SELECT concat_ws('; ', string_agg(u.n, ', ' ORDER BY u.n) FILTER (WHERE u.n NOT LIKE 'wall\_time(%'),
				CASE WHEN bool_or(u.n LIKE 'wall\_time(%') THEN 'wall_time(' || pc.zone || ', ' || pc.clock || ')'
				END,
				CASE WHEN pc.empty THEN 'empty_to_null' END, 'expression ' || NULLIF(pc.expression,
					'') || ' of ' || pc.author) FROM unnest(pc.transforms COLLATE "C") AS u(n)) AS plan
		FROM pc LEFT JOIN column_rule r ON r.t = pc.t AND r.c = pc.s AND r.id = ANY (pc.ids)
			AND r.action IN ('transform', 'expression', 'empty_to_null')
		CROSS JOIN LATERAL (SELECT btrim(split_part(substr(r.argument, 11), ',', 1), ' )') AS zone,
			COALESCE(NULLIF(btrim(split_part(r.argument, ',', 2), ' )'), ''), 'refuse') AS clock) AS z
		WHERE pc.how = 'copied' AND (cardinality(pc.ids) > 0 OR cardinality(pc.transforms) > 0 OR pc.empty
			OR pc.expression <> '') AND NOT pc.unnamed
		GROUP BY pc.t, pc.s, pc.transforms, pc.zone, pc.clock, pc.empty, pc.expression, pc.author) AS x
	WHERE x.rules <> x.plan
UNION ALL SELECT pc.t, pc.s, 'secret by rule ' || r.id, 'not secret', 'by rules with action secret', false
	FROM pc JOIN column_rule r ON r.t = pc.t AND r.c = pc.s AND r.action = 'secret' WHERE pc.how = 'copied'
		AND NOT pc.secret
UNION ALL SELECT pc.t, pc.s, 'type ' || r.argument, 'type ' || format_type(a.type, a.typmod),
	'by rules with action target_type', false
	FROM pc JOIN pt ON pt.s = pc.t AND pt.made JOIN column_rule r ON r.t = pc.t AND r.c = pc.s
		AND r.action = 'target_type' JOIN attribute a ON a.id = pc.id AND a.num = pc.num
	WHERE pc.how = 'copied' AND CASE WHEN pt.made THEN to_regtype(r.argument)::oid <> a.type END
UNION ALL SELECT pc.t, pc.s, CASE WHEN sc.counts THEN 'AUTO_INCREMENT' ELSE 'no AUTO_INCREMENT' END, CASE
	WHEN pc.counts THEN 'AUTO_INCREMENT' ELSE 'no AUTO_INCREMENT' END, 'the column was asked for once more', false
	FROM pc JOIN sc ON sc.t = pc.t AND sc.n = pc.s WHERE pc.how = 'copied' AND pc.counts <> sc.counts
UNION ALL SELECT pc.t, pc.s, 'type ' || sc.declared, 'type ' || pc.declared, 'the column was asked for once more',
	false
	FROM pc JOIN sc ON sc.t = pc.t AND sc.n = pc.s WHERE pc.how IN ('copied', 'generated')
		AND pc.declared <> sc.declared
UNION ALL SELECT pc.t, pc.s, 'character set ' || sc.charset, 'character set ' || pc.charset,
	'the column was asked for once more', false
	FROM pc JOIN sc ON sc.t = pc.t AND sc.n = pc.s WHERE pc.how IN ('copied', 'generated')
		AND pc.charset <> sc.charset
UNION ALL SELECT pc.t, pc.s, CASE WHEN a.not_null THEN 'NOT NULL' ELSE 'NULL' END || ' in the target', CASE
	WHEN pc.not_null THEN 'NOT NULL' ELSE 'NULL' END || ' in the target', 'as the target''s catalog has it', false
	FROM pc JOIN attribute a ON a.id = pc.id AND a.num = pc.num WHERE pc.how = 'copied' AND pc.not_null <> a.not_null
UNION ALL SELECT pc.t, pc.s, 'target type ' || format_type(a.type, a.typmod), 'target type ' || pc.stored,
	'as the target''s catalog has it', false
	FROM pc JOIN attribute a ON a.id = pc.id AND a.num = pc.num WHERE pc.how IN ('copied', 'generated')
		AND pc.stored <> format_type(a.type, a.typmod)
)
SELECT t, c, source, plan, note, later FROM found ORDER BY later, t COLLATE "C", c COLLATE "C" NULLS FIRST, note, plan
)";

} // namespace alkconv::migrate
