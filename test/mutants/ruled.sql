-- One table whose every column has a rule of its own, for the scenario "ruled"; ruled_target.sql is its target and has the rules.
SET NAMES utf8mb4;
SET SESSION sql_mode = 'ALLOW_INVALID_DATES', time_zone = '+00:00';
CREATE TABLE ruled (
	id int PRIMARY KEY,
	zero_null date, zero_low datetime(3), zero_day timestamp NULL, part_null date, part_first datetime,
	strip varchar(20), mark longtext, strip_bytes varbinary(20), pad varchar(20),
	json_strip json, json_mark json, json_none json,
	repaired varchar(20), swapped binary(16), flag tinyint(1), top bigint unsigned, top_numeric decimal(20,2), top_double double,
	mood enum('a','b'), mood_b enum('a','b'), empty_id varchar(36), points_bytes longtext, points_64 longtext,
	z blob, z_points longtext, doubled varchar(20), known varchar(20), hexed varbinary(20),
	wall timestamp NULL, instant datetime, wall_again datetime,
	wall_west timestamp NULL, zero_wall timestamp NULL, pad_text varchar(20), empty_text varchar(20)
);
INSERT IGNORE INTO ruled VALUES
	(1, '0000-00-00', '0000-00-00', '0000-00-00', '2020-00-10', '2020-00-10 10:00:00',
	CONCAT('a', CHAR(0), 'b'), CONCAT('a', CHAR(0), 'b'), X'610062', 'a  ',
	'{"a": "x\\u0000y"}', '{"a": "x\\u0000y"}', '{"a": "x\\u0000y"}',
	CONVERT(X'C383C2A9' USING utf8mb4), X'66774455001122338899AABBCCDDEEFF', 4, 18446744073709551615, '12345678.90', 1e300,
	'', '', '', CONVERT(X'78C29C00' USING utf8mb4), CONVERT(X'78C29C00' USING utf8mb4),
	X'789ccb48cdc9c95728cf2fca4901001a0b045d', CONVERT(X'78C29CC38B48C38DC389C38957' USING utf8mb4), 'none', NULL, X'00FF',
	'2024-07-01 12:00:00', '2024-07-01 12:00:00', '2024-10-27 02:30:00', '2024-07-01 12:00:00', '0000-00-00', 'padded  ', ''),
	(2, '2020-02-29', '2020-02-29 01:02:03.004', '2020-02-29 01:02:03', '2023-02-31', '2023-02-31 11:00:00',
	CHAR(0), 'c', X'00', 'b', '{"a": "\\\\u0000"}', '[1]', '[1]',
	CONVERT(X'C3A9' USING utf8mb4), X'00112233445566778899AABBCCDDEEFF', 0, 7, '-1000.00', 3,
	'a', 'a', '00112233-4455-6677-8899-aabbccddeeff', '', '', COMPRESS(REPEAT('x', 4005)), NULL, '21', 'x', X'',
	'2024-01-01 12:00:00', '2024-01-01 12:00:00', '2024-01-01 00:00:00', NULL, '2024-07-01 12:00:00', ' both ', 'x'),
	(3, NULL, '1999-12-31', NULL, '2020-02-29', '2020-05-00 12:00:00', 'c', NULL, 'c', 'c', '[]', NULL, NULL,
	'plain', NULL, -1, 0, '1.10', -1e300, 'b', 'b', NULL, NULL, NULL, '', NULL, '-4', 'unknown', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(4, NULL, '2000-01-01', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
	CONVERT(X'C3A2E2809AC2AC' USING utf8mb4), NULL, NULL, NULL, NULL, NULL, NULL, 'a', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
UPDATE ruled SET z_points = (SELECT CONVERT(X'78C29CC38B48C38DC389C3895728C38F2FC38A490100001A0B045D' USING utf8mb4)) WHERE FALSE;
UPDATE ruled SET z_points = NULL;

SET foreign_key_checks = 0;
CREATE TABLE person (name varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci PRIMARY KEY);
CREATE TABLE team (id int AUTO_INCREMENT PRIMARY KEY, boss varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
	CONSTRAINT boss FOREIGN KEY (boss) REFERENCES person (name));
CREATE TABLE player (id int PRIMARY KEY, team int, captain int,
	CONSTRAINT team FOREIGN KEY (team) REFERENCES team (id), CONSTRAINT captain FOREIGN KEY (captain) REFERENCES player (id));
INSERT INTO person VALUES ('Ann'), ('Bob');
INSERT INTO team VALUES (1, 'ann'), (2, 'Bob'), (3, 'Bob'), (5, NULL);
INSERT INTO player VALUES (1, 1, NULL), (2, 4, 1), (3, 99, NULL), (4, 2, 77), (5, 5, 4);
ALTER TABLE team AUTO_INCREMENT = 50;

CREATE TABLE old_name (id int PRIMARY KEY, was varchar(20), dropped int);
INSERT INTO old_name VALUES (1, 'one', 5), (2, 'two', 6);
CREATE TABLE seeded (id int PRIMARY KEY, what varchar(20));
INSERT INTO seeded VALUES (10, 'from the source'), (11, 'another');
CREATE TABLE stays (id int PRIMARY KEY);
INSERT INTO stays VALUES (1);
-- many rows, long values that compress, in several batches
CREATE TABLE many (id bigint unsigned AUTO_INCREMENT PRIMARY KEY, a varchar(200), n decimal(12,3), doc json, body longtext);
INSERT INTO many (a, n, doc) SELECT CONCAT('row ', x.a * 1000 + y.b), x.a * 1000 + y.b / 8, JSON_OBJECT('k', y.b, 'list', JSON_ARRAY(x.a, TRUE, NULL, 'é', 1.5), 'o', JSON_OBJECT('z', 1, 'aa', 'b'))
	FROM (SELECT 0 AS a UNION ALL SELECT 1 UNION ALL SELECT 2) x, (SELECT p.i * 100 + q.i * 10 + r.i AS b FROM
		(SELECT 0 AS i UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) p,
		(SELECT 0 AS i UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) q,
		(SELECT 0 AS i UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) r) y;
UPDATE many SET body = REPEAT(CONCAT('line ', id, '\r\n'), 500) WHERE id % 500 = 1;
-- through COPY: a partitioned target, and one with a trigger
CREATE TABLE routed (id int, at datetime(6), v varchar(40), d double, f float, day date, j json, b varbinary(10), PRIMARY KEY (id, at));
INSERT INTO routed VALUES (1, '2023-05-01 00:00:00.000001', 'a\tb\nc\\N\r', 0.1, 0.3, '2024-02-03', '{"a": "\\n\\\\"}', X'5C09000A'),
	(2, '2024-05-01 00:00:00', '\\N', 0.30000000000000004, 1e-45, '2024-12-11', NULL, X''),
	(3, '2024-06-01 12:00:00', NULL, NULL, NULL, NULL, '[]', NULL), (4, '2024-06-02 12:00:00', '\\.', 1e22, 16777.217, '1999-01-02', 'null', X'FF'),
	(5, '2024-06-03 12:00:00', 'é😀', -1e-300, -1.5, '0001-01-01', '1', NULL);
CREATE TABLE triggered (id int PRIMARY KEY, v varchar(20));
INSERT INTO triggered VALUES (1, 'a'), (2, NULL), (3, '\\');
