-- The source of the regression test fdw_scan.
SET time_zone = '+00:00', sql_mode = '';
CREATE TABLE kinds (
	id int NOT NULL PRIMARY KEY,
	u bigint unsigned,
	flag tinyint(1),
	big bigint unsigned,
	amount decimal(12,3),
	f float,
	d double,
	b bit(16),
	y year,
	day date,
	at datetime(6),
	ts timestamp(3) NULL,
	t time,
	name varchar(20),
	`key` char(36),
	bin varbinary(20),
	colour enum('red', 'green', 'it''s'),
	tags set('a', 'b c', 'd"e'),
	doc json
);
INSERT INTO kinds VALUES
	(1, 18446744073709551615, 1, 18446744073709551615, 123456789.123, 16777.217, 0.1, b'1010101010101010', 2024, '2024-02-29',
		'2024-03-31 03:30:00.123456', '2024-06-01 09:00:00.125', '-838:59:59', 'grüße 😀', '123e4567-e89b-12d3-a456-426614174000',
		x'00ff10', 'it''s', 'a,b c', '{"a": "x", "b": [1, 2.5, null]}'),
	(2, 0, 0, 0, -0.001, -0.1, -1.7976931348623157e308, b'0', 1901, '1000-01-01', '1000-01-01 00:00:00', '1970-01-01 00:00:01', '00:00:00', '',
		'00000000-0000-0000-0000-000000000000', '', 'red', '', '[]'),
	(3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

CREATE TABLE misfits (id int NOT NULL PRIMARY KEY, n decimal(10,0), flag tinyint(1), day date, u varchar(40), s varchar(10), doc json, note text);
INSERT INTO misfits VALUES
	(1, 1, 1, '2024-01-01', '123e4567-e89b-12d3-a456-426614174000', 'abc', '{}', 'x'),
	(7, 70000, 5, '2020-00-10', 'no uuid', 'abcd', '{"a": "\\u0000"}', NULL);

CREATE TABLE misfits_late (id int NOT NULL PRIMARY KEY, n int);
INSERT INTO misfits_late VALUES (1, 1), (2, 2), (3, 3), (4, 99999), (5, 5);

CREATE TABLE words (id int NOT NULL PRIMARY KEY, word varchar(40) COLLATE utf8mb4_unicode_ci, other varchar(10));
INSERT INTO words VALUES (1, 'ABC', NULL), (2, 'Straße', NULL), (3, 'zz', NULL), (4, 'abd', NULL);

CREATE VIEW a_view AS SELECT id, UPPER(word) AS upper_word FROM words WHERE id IN (1, 4);
