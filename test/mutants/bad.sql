-- One row for each check of a value, which is to be rejected; row 0 is good, and so is every other value of the rows. For the scenarios "bad" and
-- "replay".
SET NAMES utf8mb4;
SET SESSION sql_mode = '', time_zone = '+00:00';
CREATE TABLE bad (
	id int AUTO_INCREMENT PRIMARY KEY,
	small int, flag tinyint, big_real bigint, dec_int decimal(5,1), dec_range decimal(12,0), num_digits decimal(10,2), num_scale decimal(10,4), dbl_int double, dbl_frac double, dbl_real double, dec_real decimal(20,10),
	txt_long varchar(50), txt_blank varchar(20), txt_nul varchar(20), bin_text varbinary(20), txt_uuid varchar(40), txt_json varchar(40), txt_jsonb varchar(40), txt_int varchar(20), txt_num varchar(20), txt_date varchar(20),
	txt_zoned varchar(40), txt_stamp varchar(40), txt_interval varchar(40), zero date, part datetime, fraction datetime(6), dt_date datetime, span time, mood enum('a', 'b'), label varchar(10),
	present int, named varchar(80), doubtful datetime, positive int, domained varchar(20), nul_jsonb varchar(40), points varchar(20), mood_text enum('a', 'b')
);
SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES';
INSERT INTO bad VALUES (0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 'a', 'a', 'a', 'a', '6ccd780c-baba-1026-9564-5b8c656024db', '1', '1', '1', '1', '2024-01-01',
	'2024-01-01 00:00:00Z', '2024-01-01 00:00:00', '1 day', '2024-01-01', '2024-01-01', '2024-01-01', '2024-01-01', '01:00:00', 'a', 'a', 1, 'a', '2024-01-01', 1, 'a', '1', 'a', 'a');
INSERT INTO bad (id, present, small) VALUES (1, 1, 70000);
INSERT INTO bad (id, present, flag) VALUES (2, 1, 2);
INSERT INTO bad (id, present, big_real) VALUES (3, 1, 16777217);
INSERT INTO bad (id, present, dec_int) VALUES (4, 1, 1.5);
INSERT INTO bad (id, present, dec_range) VALUES (5, 1, 3000000000);
INSERT INTO bad (id, present, num_digits) VALUES (6, 1, 12345.67);
INSERT INTO bad (id, present, num_scale) VALUES (7, 1, 1.2345);
INSERT INTO bad (id, present, dbl_int) VALUES (8, 1, 1e300);
INSERT INTO bad (id, present, dbl_frac) VALUES (9, 1, 1.5);
INSERT INTO bad (id, present, dbl_real) VALUES (10, 1, 0.1);
INSERT INTO bad (id, present, dec_real) VALUES (11, 1, 0.1234567891);
INSERT INTO bad (id, present, txt_long) VALUES (12, 1, 'abcdefgh');
INSERT INTO bad (id, present, txt_blank) VALUES (13, 1, 'ab ');
INSERT INTO bad (id, present, txt_nul) VALUES (14, 1, CONCAT('a', CHAR(0), 'b'));
INSERT INTO bad (id, present, bin_text) VALUES (15, 1, X'41FF42');
INSERT INTO bad (id, present, txt_uuid) VALUES (16, 1, '6ccd780c-baba-1026-9564-5b8c656024dg');
INSERT INTO bad (id, present, txt_json) VALUES (17, 1, '{no json');
INSERT INTO bad (id, present, txt_jsonb) VALUES (18, 1, '{"a": 1, "a": 2}');
INSERT INTO bad (id, present, txt_int) VALUES (19, 1, '1.0');
INSERT INTO bad (id, present, txt_num) VALUES (20, 1, '1.239');
INSERT INTO bad (id, present, txt_date) VALUES (21, 1, '2024-02-30');
INSERT INTO bad (id, present, txt_zoned) VALUES (22, 1, '2024-01-01 00:00:00');
INSERT INTO bad (id, present, txt_stamp) VALUES (23, 1, '2024-01-01T00:00:00+05:00');
INSERT INTO bad (id, present, txt_interval) VALUES (24, 1, '1 day 00:00:00.1234567');
INSERT INTO bad (id, present, zero) VALUES (25, 1, '0000-00-00');
INSERT INTO bad (id, present, part) VALUES (26, 1, '2023-02-31 01:00:00');
INSERT INTO bad (id, present, fraction) VALUES (27, 1, '2024-01-01 00:00:00.123456');
INSERT INTO bad (id, present, dt_date) VALUES (28, 1, '2024-01-01 12:30:00');
INSERT INTO bad (id, present, span) VALUES (29, 1, '30:00:00');
INSERT INTO bad (id, present, mood) VALUES (30, 1, 'none of them');
INSERT INTO bad (id, present, label) VALUES (31, 1, 'c');
INSERT INTO bad (id, present) VALUES (32, NULL);
INSERT INTO bad (id, present, named) VALUES (33, 1, REPEAT('n', 70));
INSERT INTO bad (id, present, doubtful) VALUES (34, 1, '2024-10-27 02:30:00');
INSERT INTO bad (id, present, positive) VALUES (35, 1, -1);
INSERT INTO bad (id, present, domained) VALUES (36, 1, 'not this');
INSERT INTO bad (id, present, nul_jsonb) VALUES (37, 1, '"\\u0000"');
INSERT INTO bad (id, present, points) VALUES (38, 1, 'Ω');
INSERT INTO bad (id, present, mood_text) VALUES (39, 1, 'none of them');
CREATE TABLE bad_child (id int PRIMARY KEY, bad int, CONSTRAINT of_bad FOREIGN KEY (bad) REFERENCES bad (id));
INSERT INTO bad_child VALUES (1, 0), (2, 1), (3, NULL), (4, 38);
CREATE TABLE bad_pairs (a varchar(10) CHARACTER SET latin1, b binary(4), n varchar(10), PRIMARY KEY (a, b));
INSERT INTO bad_pairs VALUES ('é', X'00FF0041', 'nine'), ('é', X'00FF0042', '9'), ('x', X'00FF0041', '10'), ('y', X'00000000', 'ten');
CREATE TABLE bad_routed (id int PRIMARY KEY, n varchar(10), a varchar(20));
INSERT INTO bad_routed VALUES (1, '1', '192.0.2.1'), (2, 'two', NULL), (3, '3', '::1'), (4, NULL, NULL), (5, '5', 'no address');
CREATE TABLE bad_many (id int AUTO_INCREMENT PRIMARY KEY, n varchar(10));
INSERT INTO bad_many (n) SELECT IF(a.i * 100 + b.i * 10 + c.i IN (63, 64, 500), 'bad', a.i * 100 + b.i * 10 + c.i) FROM
	(SELECT 0 AS i UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) a,
	(SELECT 0 AS i UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) b,
	(SELECT 0 AS i UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) c;
-- the order of tables follows their sizes, and the server's estimates change when it likes
ALTER TABLE bad STATS_AUTO_RECALC = 0;
ALTER TABLE bad_many STATS_AUTO_RECALC = 0;
ANALYZE TABLE bad, bad_child, bad_pairs, bad_routed, bad_many;
