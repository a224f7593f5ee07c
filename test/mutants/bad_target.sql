-- The target of bad.sql.
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE DOMAIN domained AS text CHECK (value <> 'not this');
CREATE TABLE bad (
	id serial PRIMARY KEY,
	small smallint, flag boolean, big_real real, dec_int integer, dec_range integer, num_digits numeric(5,2), num_scale numeric(10,2), dbl_int integer, dbl_frac integer, dbl_real real, dec_real real,
	txt_long varchar(5), txt_blank char(5), txt_nul text, bin_text text, txt_uuid uuid, txt_json json, txt_jsonb jsonb, txt_int integer, txt_num numeric(5,2), txt_date date,
	txt_zoned timestamptz, txt_stamp timestamp, txt_interval interval, zero date, part timestamp, fraction timestamp(0), dt_date date, span time, mood mood, label mood,
	present integer NOT NULL, named name, doubtful timestamptz, positive integer CHECK (positive > 0), domained domained, nul_jsonb jsonb, points bytea, mood_text text
);
CREATE TABLE bad_child (id integer PRIMARY KEY, bad integer CONSTRAINT of_bad REFERENCES bad (id));
CREATE TABLE bad_pairs (a varchar(10), b bytea, n integer, PRIMARY KEY (a, b));
CREATE TABLE bad_routed (id integer PRIMARY KEY, n integer, a inet) PARTITION BY HASH (id);
CREATE TABLE bad_routed_0 PARTITION OF bad_routed FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE bad_routed_1 PARTITION OF bad_routed FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE bad_many (id serial PRIMARY KEY, n integer);
INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ('bad', 'doubtful', 'transform', 'wall_time(Europe/Berlin)'), ('bad', 'points', 'transform', 'code_points_to_bytea');
