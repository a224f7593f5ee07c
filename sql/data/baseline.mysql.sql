CREATE TABLE shelf (
	id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
	label varchar(20) COLLATE utf8mb4_bin NOT NULL DEFAULT 'it''s',
	kind enum('wood', 'steel') NOT NULL DEFAULT 'wood',
	width decimal(6,2) NOT NULL,
	height decimal(6,2) NOT NULL,
	face decimal(14,4) GENERATED ALWAYS AS (width * height) STORED,
	UNIQUE KEY by_label (label),
	CONSTRAINT is_wide CHECK (width > 0)
) COMMENT 'where things are';
INSERT INTO shelf (label, kind, width, height) VALUES ('a', 'steel', 1.5, 2);
CREATE TABLE item (
	code char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
	shelf int unsigned,
	is_new tinyint(1) NOT NULL DEFAULT 1,
	tags set('red', 'blue'),
	description text COLLATE utf8mb4_bin,
	changed datetime(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
	KEY by_description (description(12)),
	FULLTEXT KEY words (description),
	CONSTRAINT item_shelf FOREIGN KEY (shelf) REFERENCES shelf (id) ON UPDATE CASCADE ON DELETE SET NULL
);
INSERT INTO item (code, shelf) VALUES ('6ccd780c-baba-1026-9564-5b8c656024db', 1);
CREATE TABLE log (day date NOT NULL, note varchar(99)) PARTITION BY RANGE COLUMNS (day) (PARTITION early VALUES LESS THAN ('2020-01-01'), PARTITION late VALUES LESS THAN (MAXVALUE));
CREATE TABLE odd (n int NOT NULL PRIMARY KEY) PARTITION BY KEY (n) PARTITIONS 2;
