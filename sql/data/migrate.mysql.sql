SET time_zone = '+00:00';
CREATE TABLE customer (
	id char(36) NOT NULL PRIMARY KEY,
	name varchar(50) NOT NULL,
	referredBy char(36),
	vip tinyint(1) NOT NULL DEFAULT 0,
	birthday date
);
INSERT INTO customer VALUES
	('6CCD780C-BABA-1026-9564-5B8C656024DB', 'Ann', NULL, 1, '1990-02-28'),
	('7CCD780C-BABA-1026-9564-5B8C656024DB', 'Боб 😀', '6ccd780c-baba-1026-9564-5b8c656024db', 0, NULL),
	('8CCD780C-BABA-1026-9564-5B8C656024DB', 'Cleo', '', 0, '2000-12-31');
CREATE TABLE invoice (
	number int NOT NULL AUTO_INCREMENT PRIMARY KEY,
	customer char(36) NOT NULL,
	amount decimal(10,2) unsigned NOT NULL,
	paid timestamp NULL,
	items json,
	total decimal(13,4) GENERATED ALWAYS AS (amount * 1.2) VIRTUAL,
	old_id bigint
) AUTO_INCREMENT = 500;
INSERT INTO invoice (number, customer, amount, paid, items, old_id) VALUES
	(1, '6CCD780C-BABA-1026-9564-5B8C656024DB', 10.50, '2024-03-31 01:30:00', '[{"what": "tea", "count": 2}]', 77),
	(2, '8CCD780C-BABA-1026-9564-5B8C656024DB', 99999999.99, NULL, NULL, 78);
CREATE TABLE migrations (id int NOT NULL PRIMARY KEY, name varchar(100));
INSERT INTO migrations VALUES (1, 'first');
