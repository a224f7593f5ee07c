-- The target of pairs.sql.
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE TABLE numbers (
	id integer PRIMARY KEY,
	i_real real, i_double double precision, i_numeric numeric(12,2), i_text text, i_oid oid,
	y_int integer, y_numeric numeric(4), y_text varchar(4),
	b_small smallint, b_int integer, b_big bigint, b_numeric numeric(20), b_varbit bit varying(12), b_flag boolean, b_digits text,
	d_small smallint, d_int integer, d_big bigint, d_real real, d_double double precision, d_text text, d_free numeric, d_long numeric(40,20),
	f_small smallint, f_int integer, f_big bigint, f_double double precision, f_numeric numeric(10,4), f_text text, db_int integer, db_numeric numeric, db_text text, db_real real, fm_text text,
	twice integer GENERATED ALWAYS AS (d_int / 2) STORED, made text DEFAULT 'by the target'
);
CREATE TABLE moments (
	id integer PRIMARY KEY, d_text text, d_stamp timestamp, d_zoned timestamptz, dt_date date, dt_text char(30), dt_zoned timestamptz, ts_text text, ts_wall timestamp, t_text text, t_time time(6), t_span interval
);
CREATE TABLE spelled (
	id integer PRIMARY KEY, t_bytea bytea, t_uuid uuid, t_small smallint, t_int integer, t_big bigint, t_real real, t_double double precision, t_numeric numeric, t_date date, t_time time,
	t_stamp timestamp, t_zoned timestamptz, t_interval interval, t_mood mood, t_json json, t_jsonb jsonb, t_bool boolean, t_inet inet, t_array text[], t_name name,
	b_uuid uuid, b_text text, b_json json, b_jsonb jsonb, e_text varchar(5), e_bool boolean, s_text text, s_array text[],
	j_text text, padded char(8), empty_bool boolean, points bytea
);
CREATE TABLE long_texts (id integer PRIMARY KEY, a text COMPRESSION lz4, b text, c bytea COMPRESSION lz4, d varchar(100), n integer);
INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES
	('moments', 'd\_zoned', 'transform', 'wall_time(Europe/Berlin)'), ('moments', 'dt\_zoned', 'transform', 'wall_time(America/New_York)'), ('moments', 'ts\_wall', 'transform', 'wall_time(Europe/Sofia)'),
	('spelled', 'points', 'transform', 'code_points_to_bytea'), ('numbers', 'b\_digits', 'expression', 'value || ''b''');
