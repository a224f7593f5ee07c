-- Tables that several readers read in ranges of their keys, for the scenario "ranges".
SET NAMES utf8mb4;
CREATE TABLE digits (i int PRIMARY KEY);
INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
CREATE TABLE counted (id int PRIMARY KEY, v varchar(300), w bigint, x bigint);
INSERT INTO counted SELECT a.i * 100 + b.i * 10 + c.i, REPEAT(CHAR(97 + c.i), 250), b.i, c.i FROM digits a, digits b, digits c;
INSERT INTO counted SELECT id + 1000, v, w, x FROM counted;
CREATE TABLE named (a varchar(20) CHARACTER SET latin1, b int, v varchar(300), PRIMARY KEY (a, b));
INSERT INTO named SELECT CONCAT('k', a.i), b.i * 10 + c.i, REPEAT('y', 250) FROM digits a, digits b, digits c;
INSERT INTO named SELECT 'same', 100 * a.i + b.i * 10 + c.i, REPEAT('z', 250) FROM digits a, digits b, digits c;
CREATE TABLE moments (at datetime(3) PRIMARY KEY, v varchar(300));
INSERT INTO moments SELECT '2024-01-01' + INTERVAL (a.i * 100 + b.i * 10 + c.i) HOUR, REPEAT('m', 280) FROM digits a, digits b, digits c;
-- no key: rows that are equal
CREATE TABLE keyless (a int, v varchar(300));
INSERT INTO keyless SELECT b.i, REPEAT('x', 200) FROM digits a, digits b, digits c;
ANALYZE TABLE counted, named, moments, keyless;
