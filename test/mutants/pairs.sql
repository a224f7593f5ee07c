-- Every converter whose target is not the natural one, with values that it takes, for the scenario "pairs".
SET NAMES utf8mb4;
SET SESSION sql_mode = '', time_zone = '+00:00';
CREATE TABLE numbers (
	id int PRIMARY KEY,
	i_real int, i_double bigint, i_numeric int, i_text bigint, i_oid int unsigned,
	y_int year, y_numeric year, y_text year,
	b_small bit(10), b_int bit(20), b_big bit(40), b_numeric bit(64), b_varbit bit(10), b_flag bit(1), b_digits bit(6),
	d_small decimal(5,0), d_int decimal(12,2), d_big decimal(20,0), d_real decimal(8,3), d_double decimal(12,4), d_text decimal(10,2), d_free decimal(12,3), d_long decimal(40,20),
	f_small float, f_int float, f_big double, f_double float, f_numeric float, f_text float, db_int double, db_numeric double, db_text double, db_real double, fm_text float(10,2)
);
INSERT INTO numbers VALUES
	(1, -5, -9007199254740992, -42, -9223372036854775808, 0, 0, 0, 0, b'1000000001', b'11110000111100001111', b'1', 0xFFFFFFFFFFFFFFFF, b'1000000011', b'1', b'110100',
	-32768, -2147483648.00, -9223372036854775808, -1.125, -0.0625, -10.10, -1.500, -12345678901234567890.12345678901234567890,
	-5, -16777216, -9007199254740992, -0.1, -1.5, -1e-45, -2147483648, -1e-7, -1e300, -1.5, -1.25),
	(2, 16777216, 9007199254740992, 2147483647, 7, 4294967295, 2024, 1901, 2155, b'11', b'1', b'1111111111111111111111111111111111111111', 1, b'1', b'0', b'1',
	32767, 2147483647.00, 9223372036854775807, 4096.5, 12345678.5, 99999999.99, 0.001, 0.00000000000000000001,
	32767, 16777216, 4503599627370496, 0.3, 0.25, 16777.217, 2147483647, 0.1, 0.30000000000000004, 0.5, 0.1),
	(3, 0, 0, 0, 0, 1, 1970, 2000, 1999, 0, 0, 0, 0, 0, 0, 0, -5, -5, -5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1e15, 0, 0),
	(4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
CREATE TABLE moments (
	id int PRIMARY KEY, d_text date, d_stamp date, d_zoned date, dt_date datetime, dt_text datetime(3), dt_zoned datetime(6), ts_text timestamp(3) NULL, ts_wall timestamp(6) NULL, t_text time(1), t_time time(6), t_span time(3)
);
INSERT INTO moments VALUES
	(1, '2024-02-03', '2024-02-29', '2024-07-01', '2024-12-31', '2024-02-03 04:05:06.789', '2024-07-01 12:34:56.789012', '2024-02-03 04:05:06.789', '2024-07-01 12:34:56.000001', '-838:59:58.9', '23:59:59.999999', '-01:02:03.004'),
	(2, '0001-12-31', '1999-12-31', '2024-01-01', '1900-03-01', '0999-01-02 00:00:00', '2024-01-01 00:00:00', '1970-01-01 00:00:01', '2024-10-27 01:30:00', '120:00:00', '00:00:00', '838:59:59'),
	(3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
CREATE TABLE spelled (
	id int PRIMARY KEY, t_bytea varchar(20), t_uuid varchar(40), t_small varchar(20), t_int varchar(20), t_big varchar(30), t_real varchar(20), t_double varchar(30), t_numeric varchar(40), t_date varchar(20), t_time varchar(20),
	t_stamp varchar(40), t_zoned varchar(40), t_interval varchar(40), t_mood varchar(10), t_json text, t_jsonb longtext, t_bool varchar(10), t_inet varchar(40), t_array varchar(40), t_name varchar(64),
	b_uuid varbinary(40), b_text varbinary(40), b_json blob, b_jsonb mediumblob, e_text enum('x', 'yy'), e_bool enum('true', 'false'), s_text set('a', 'b'), s_array set('a', 'b c', 'q"', 'back\\slash'),
	j_text json, padded char(5), empty_bool varchar(10), points text
);
INSERT INTO spelled VALUES
	(1, 'é\\', '6CCD780CBABA102695645B8C656024DB', ' -5', '2147483647', '-9223372036854775808', '0.5', '1e-7', '-12345678901234567890.123', '2024-02-29', '12:34:56.789',
	'2024-02-03T04:05:06.7', '2024-02-03 04:05:06.789012+05:30', '-100:00:01.5', 'a', '{"a" : [1, 2.50]}', '{"s": "\\ud83d\\ude00 \\u00e4\\u00AB\\n\\/", "n": [-1e300, 1.5e-300, 0.00001234, -12345678901234567890.123, 10000, 100000.5, -0.0]}', 'yes', '192.0.2.33/24', '{a,NULL,"b c"}', 'a name',
	'6ccd780c-baba-1026-9564-5b8c656024db', 'bytes é', '[1,  2]', '{"z": 1, "a": {"bb": true, "c": null}}', 'yy', 'true', 'a,b', 'a,b c,q",back\\slash', '{"k": [true, "x"]}', 'ab', 'true', 'ÿÀ'),
	(2, '', '{6ccd780c-baba1026-95645b8c-656024db}', '32767', '-0', '9223372036854775807', '-1.25', '123456789.25', 'NaN', '0001-01-01', '24:00:00',
	'1999-12-31 23:59:59', '1999-12-31 23:59:59-08', '1 day 02:00', 'b', 'null', CONCAT('[', REPEAT('"abc", 12345, false, ', 30), '{"longer": 1, "k": {"aa": "b", "a": "c"}, "j": []}]'), 'f', '2001:db8::1', '{}', REPEAT('n', 63),
	X'6CCD780CBABA102695645B8C656024DB', '', 'true', '"text"', 'x', 'false', '', 'back\\slash', '[]', 'abcde', 'false', 'A'),
	(3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
-- long and short values in turn, in several charsets
CREATE TABLE long_texts (id int PRIMARY KEY, a longtext, b text CHARACTER SET latin1, c longblob, d varchar(100) CHARACTER SET utf16, n int);
INSERT INTO long_texts VALUES (1, REPEAT('0123456789é', 1000), REPEAT('ÿ', 5000), REPEAT(X'00FF10', 3000), 'é😀', 1), (2, 'short', NULL, NULL, NULL, NULL), (3, NULL, 'é', X'00', 'x', 3), (4, REPEAT('😀', 3000), '', X'', '', 4);
