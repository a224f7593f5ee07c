-- The target of rules.sql, and its rules. The server has profile "mine".
CREATE TABLE governed (
	id integer PRIMARY KEY, exactly text, later text, ranked text, sourced text, zero date, ten text, txn text, typed text, typed_id uuid, spelled_pct text, doubled text, chained text
);
CREATE TABLE camel_case (id serial PRIMARY KEY, first_name varchar(20), last_name varchar(20), upper integer, lower integer, n1 integer, n2 integer, note varchar(20));
CREATE TABLE left_over (id serial PRIMARY KEY, v varchar(20));
CREATE TABLE unsigned_ids (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v bigint);
CREATE TABLE plain_ids (id serial PRIMARY KEY);
CREATE TABLE new_one (id integer PRIMARY KEY, v varchar(20));
CREATE TABLE sessions (id integer PRIMARY KEY, at timestamptz, c text, v varchar(40), j jsonb);
INSERT INTO alkconv.rule (profile, source, table_pattern, column_pattern, action, argument) VALUES
	(NULL, NULL, '%', 'exactl%', 'expression', 'value || '' by pattern'''), (NULL, NULL, '%', 'exactly', 'expression', 'value || '' exactly'''),
	(NULL, NULL, 'governed', 'later', 'expression', 'value || '' first'''), (NULL, NULL, 'governed', 'later', 'expression', 'value || '' later'''),
	(NULL, NULL, 'governed', 'sourced', 'expression', 'value || '' of any source'''), (NULL, 'src', '%', 'sourc%', 'expression', 'value || '' of this source'''),
	(NULL, NULL, '%', 'zer%', 'transform', 'zero_date(null)'), (NULL, NULL, 'governed', 'zero', 'transform', 'zero_date(1970-01-02)'),
	(NULL, NULL, 'governed', 't_n', 'expression', 'upper(value)'), (NULL, NULL, 'governed', 'typed%', 'empty_to_null', 'uuid'),
	(NULL, NULL, 'governed', 'chained', 'transform', 'strip_nul'), (NULL, NULL, 'governed', 'chained', 'transform', 'trim_pad'), (NULL, NULL, 'governed', 'spelled\_pct', 'expression', 'value || ''!'''),
	(NULL, NULL, 'stays', NULL, 'exclude', NULL), (NULL, NULL, 'old\_prefix\_%', NULL, 'rename', 'new_%');
-- as the extension's script ships rules of profiles
ALTER TABLE alkconv.rule DISABLE TRIGGER USER;
INSERT INTO alkconv.rule (rule_id, profile, table_pattern, column_pattern, action, argument, author, author_id, shipped, shipped_name) OVERRIDING SYSTEM VALUE VALUES
	(900, 'mine', 'governed', 'ranked', 'expression', 'value || '' of the profile''', 'postgres', 'postgres'::regrole, true, 'mine 1');
ALTER TABLE alkconv.rule ENABLE TRIGGER USER;
INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ('%', 'rank%', 'expression', 'value || '' own''');
