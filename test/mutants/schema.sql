-- Properties of a schema that no row shows, for the scenario "schema", which is made in mode create.
SET NAMES utf8mb4;
SET SESSION sql_mode = '', time_zone = '+00:00';
CREATE TABLE parts (id int NOT NULL, v int, PRIMARY KEY (id)) PARTITION BY RANGE (id)
	(PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (20), PARTITION p2 VALUES LESS THAN (30), PARTITION rest VALUES LESS THAN MAXVALUE);
INSERT INTO parts VALUES (5, 1), (10, 3), (25, 2);
CREATE TABLE listed (id int, r int) PARTITION BY LIST (r) (PARTITION a VALUES IN (1, 2, 3), PARTITION b VALUES IN (4), PARTITION c VALUES IN (5));
INSERT INTO listed VALUES (1, 1), (2, 2), (3, 4);
CREATE TABLE hashed (id int NOT NULL PRIMARY KEY, v int) PARTITION BY HASH (id) PARTITIONS 3;
INSERT INTO hashed VALUES (1, 1), (2, 2), (3, 3), (4, 4), (7, 7);
CREATE TABLE colors (
	id int NOT NULL AUTO_INCREMENT PRIMARY KEY COMMENT 'the id', c enum('red', 'green', 'blue', 'never') NOT NULL DEFAULT 'green' COMMENT 'the color', s set('a', 'b', 'never') NOT NULL DEFAULT 'a,b',
	wide enum('short', 'a label of more than sixty-three bytes, which no enum of Postgres can have', 'never'),
	n decimal(10,2) NOT NULL DEFAULT 1.25, flag tinyint(1) NOT NULL DEFAULT 0, at timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3), wall datetime DEFAULT '2001-02-03 04:05:06',
	v varchar(30) NOT NULL DEFAULT 'it''s', b varbinary(20) DEFAULT 'ab', f float DEFAULT 1.5, u bigint unsigned, y year, t time(2), bits bit(6) DEFAULT b'101', doc json, ident char(36), expr int DEFAULT (1 + 2),
	nothing varchar(20)
) COMMENT = 'colors of all kinds';
INSERT INTO colors VALUES (1, 'red', 'a', 'short', 1, 1, '2024-01-01 00:00:00', '2024-01-01 00:00:00', 'v', 'b', 1, 18446744073709551615, 2024, '100:00:00', 1, '{}', '6ccd780c-baba-1026-9564-5b8c656024db', 5, NULL),
	(2, 'blue', '', NULL, 2, 0, '2024-01-02 00:00:00.123', NULL, '', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'x');
ALTER TABLE colors AUTO_INCREMENT = 70;
CREATE TABLE parent (a int NOT NULL, b varchar(10) NOT NULL, c varchar(20) COLLATE utf8mb4_unicode_ci, d int, PRIMARY KEY (a, b), UNIQUE KEY by_d (d), UNIQUE KEY by_c (c(5)), KEY by_cd (c, d DESC), KEY by_dc (d, c), FULLTEXT KEY words (c));
INSERT INTO parent VALUES (1, 'x', 'first text', 10), (2, 'y', 'other text', 20), (3, 'y', NULL, NULL);
CREATE TABLE child (
	id int NOT NULL PRIMARY KEY, a int, b varchar(10), d int, d2 int, d3 int, n int NOT NULL, m int, name varchar(20) COLLATE utf8mb4_bin,
	CONSTRAINT to_pair FOREIGN KEY (a, b) REFERENCES parent (a, b) ON DELETE CASCADE ON UPDATE CASCADE, CONSTRAINT to_d FOREIGN KEY (d) REFERENCES parent (d) ON DELETE SET NULL,
	CONSTRAINT to_d2 FOREIGN KEY (d2) REFERENCES parent (d) ON UPDATE CASCADE, CONSTRAINT to_d3 FOREIGN KEY (d3) REFERENCES parent (d),
	CONSTRAINT n_positive CHECK (n > 0), CONSTRAINT m_range CHECK (m BETWEEN 1 AND 100), twice int GENERATED ALWAYS AS (n * 2) STORED, loud varchar(20) GENERATED ALWAYS AS (UPPER(name)) STORED
);
INSERT INTO child (id, a, b, d, d2, d3, n, m, name) VALUES (1, 1, 'x', 10, 20, 10, 5, 50, 'Ann'), (2, NULL, NULL, NULL, NULL, NULL, 1, NULL, NULL);
