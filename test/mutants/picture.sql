-- mutants.picture(): all that a run makes, as lines of text: each table's rows as the server sends and stores them, and every property of the
-- schema. Two runs that are the same have the same picture; it shares nothing with the product.
CREATE SCHEMA mutants;

CREATE FUNCTION mutants.foreign_to_extensions(catalog regclass, object oid) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT NOT EXISTS (SELECT FROM pg_depend WHERE classid = catalog AND objid = object AND deptype = 'e') $$;

CREATE VIEW mutants.relations AS
	SELECT c.*, format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
	WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'alkconv', 'mutants') AND n.nspname NOT LIKE 'pg\_temp%'
		AND n.nspname NOT LIKE 'pg\_toast%' AND mutants.foreign_to_extensions('pg_class', c.oid);

-- The bytes that are stored, where the type has a function that sends them, and how many there are with compression.
CREATE FUNCTION mutants.rows_of(relation regclass) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
	parts text;
	result text;
BEGIN
	SELECT string_agg(format('coalesce(encode(%s, ''hex'') || ''/'' || pg_column_size(%2$I), ''-'')',
			CASE WHEN typsend <> 0 THEN format('%s(%I)', typsend::regproc, attname) ELSE format('convert_to(%I::text, ''UTF8'')', attname) END,
			attname), E' || '','' || ' ORDER BY attnum) INTO parts
		FROM pg_attribute JOIN pg_type t ON t.oid = atttypid WHERE attrelid = relation AND attnum > 0 AND NOT attisdropped;
	EXECUTE format('SELECT count(*) || '' '' || coalesce(md5(string_agg(h, '''' ORDER BY h)), '''') FROM (SELECT md5(%s) AS h FROM ONLY %s) r',
		coalesce(parts, ''''''), relation) INTO result;
	RETURN result;
END $$;

CREATE FUNCTION mutants.state_of(sequence regclass) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
	result text;
BEGIN
	EXECUTE format('SELECT last_value || '' '' || is_called FROM %s', sequence) INTO result;
	RETURN result;
END $$;

CREATE FUNCTION mutants.picture() RETURNS SETOF text LANGUAGE sql STABLE AS $$
	SELECT line FROM (
		SELECT concat_ws(' ', 'relation', name, relkind, relpersistence, relreplident, relrowsecurity, reloptions, pg_get_userbyid(relowner), relacl,
			pg_get_expr(relpartbound, oid), CASE relkind WHEN 'p' THEN pg_get_partkeydef(oid) END, obj_description(oid, 'pg_class')) AS line
		FROM mutants.relations WHERE relkind <> 'i' AND relkind <> 'I'
	UNION ALL
		SELECT concat_ws(' ', 'rows', name, mutants.rows_of(oid)) FROM mutants.relations WHERE relkind = 'r'
	UNION ALL
		SELECT concat_ws(' ', 'reject', dense_rank() OVER (ORDER BY started), ordinal, source_table, table_name, key_columns, key, column_name, value, sqlstate, message,
			replayed_by IS NULL) FROM alkconv.reject JOIN alkconv.run USING (run)
	UNION ALL
		SELECT concat_ws(' ', 'report', dense_rank() OVER (ORDER BY started), table_name, source_rows, target_rows, run_table.verdict, run_table.note) FROM alkconv.run_table JOIN alkconv.run USING (run)
	UNION ALL
		SELECT concat_ws(' ', 'column', name, attnum, attname, format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated, attcompression,
			attstorage, CASE WHEN attcollation <> 0 THEN attcollation::regcollation::text END, pg_get_expr(adbin, adrelid), col_description(attrelid, attnum))
		FROM mutants.relations r JOIN pg_attribute ON attrelid = r.oid LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
		WHERE attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'p', 'v', 'f')
	UNION ALL
		SELECT concat_ws(' ', 'constraint', name, conname, pg_get_constraintdef(c.oid), convalidated, condeferrable, condeferred, obj_description(c.oid, 'pg_constraint'))
		FROM mutants.relations r JOIN pg_constraint c ON conrelid = r.oid
	UNION ALL
		SELECT concat_ws(' ', 'index', pg_get_indexdef(indexrelid), indisvalid, indisclustered, obj_description(indexrelid, 'pg_class'))
		FROM mutants.relations r JOIN pg_index ON indrelid = r.oid
	UNION ALL
		SELECT concat_ws(' ', 'sequence', name, seqtypid::regtype, seqstart, seqincrement, seqmax, seqmin, seqcache, seqcycle, mutants.state_of(r.oid))
		FROM mutants.relations r JOIN pg_sequence ON seqrelid = r.oid
	UNION ALL
		SELECT concat_ws(' ', 'owned', r.name, o.name, attname) FROM mutants.relations r
		JOIN pg_depend ON classid = 'pg_class'::regclass AND objid = r.oid AND deptype IN ('a', 'i') AND refclassid = 'pg_class'::regclass
		JOIN mutants.relations o ON o.oid = refobjid JOIN pg_attribute ON attrelid = o.oid AND attnum = refobjsubid WHERE r.relkind = 'S'
	UNION ALL
		SELECT concat_ws(' ', 'enum', enumtypid::regtype, string_agg(quote_literal(enumlabel), ',' ORDER BY enumsortorder)) FROM pg_enum GROUP BY enumtypid
	UNION ALL
		SELECT concat_ws(' ', 'domain', contypid::regtype, pg_get_constraintdef(oid)) FROM pg_constraint WHERE contypid <> 0
			AND mutants.foreign_to_extensions('pg_type', contypid) AND connamespace <> 'information_schema'::regnamespace
	UNION ALL
		SELECT concat_ws(' ', 'trigger', name, pg_get_triggerdef(t.oid), tgenabled) FROM mutants.relations r JOIN pg_trigger t ON tgrelid = r.oid WHERE NOT tgisinternal
	UNION ALL
		SELECT concat_ws(' ', 'function', pg_get_functiondef(p.oid)) FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
		WHERE nspname NOT IN ('pg_catalog', 'information_schema', 'alkconv', 'mutants') AND prokind <> 'a' AND mutants.foreign_to_extensions('pg_proc', p.oid)
	UNION ALL
		SELECT concat_ws(' ', 'statistics', pg_get_statisticsobjdef(oid)) FROM pg_statistic_ext
	) picture ORDER BY line COLLATE "C" $$;
