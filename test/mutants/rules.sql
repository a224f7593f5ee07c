-- Rules that compete, and names and columns that may be taken for each other, for the scenario "rules".
SET NAMES utf8mb4;
SET SESSION sql_mode = '', time_zone = '+00:00';
CREATE TABLE governed (
	id int PRIMARY KEY, exactly varchar(20), later varchar(20), ranked varchar(20), sourced varchar(20), zero date, ten varchar(20), txn varchar(20), typed varchar(40), typed_id varchar(40), spelled_pct varchar(20), doubled varchar(20), chained varchar(20)
);
INSERT INTO governed VALUES (1, 'a', 'b', 'c', 'd', '0000-00-00', 'ten', 'txn', '', '', 'p', 'q', CONCAT(' x', CHAR(0), ' ')), (2, NULL, NULL, NULL, NULL, '2024-01-01', NULL, NULL, 'text', '6ccd780c-baba-1026-9564-5b8c656024db', NULL, NULL, NULL);
CREATE TABLE `CamelCase` (`Id` int AUTO_INCREMENT PRIMARY KEY, `firstName` varchar(20), `lastName` varchar(20), `UPPER` int, `LOWER` int, n1 int, n2 int, `note` varchar(20));
INSERT INTO `CamelCase` VALUES (1, 'Ann', 'Example', 1, 2, 3, 4, 'x'), (2, 'Bob', NULL, NULL, NULL, NULL, 6, NULL);
ALTER TABLE `CamelCase` AUTO_INCREMENT = 100;
CREATE TABLE left_over (id int AUTO_INCREMENT PRIMARY KEY, v varchar(20));
INSERT INTO left_over VALUES (7, 'v'), (9, 'w');
CREATE TABLE unsigned_ids (id int unsigned AUTO_INCREMENT PRIMARY KEY, v bigint);
INSERT INTO unsigned_ids VALUES (3000000000, 1);
CREATE TABLE plain_ids (id int PRIMARY KEY);
INSERT INTO plain_ids VALUES (5), (8);
CREATE TABLE stays (id int PRIMARY KEY);
INSERT INTO stays VALUES (1);
CREATE TABLE old_prefix_one (id int PRIMARY KEY, v varchar(20));
INSERT INTO old_prefix_one VALUES (1, 'one');
-- of TIMESTAMP and CHAR the session decides what is read
CREATE TABLE sessions (id int PRIMARY KEY, at timestamp NULL, c char(10), v varchar(40), j json);
INSERT INTO sessions VALUES (1, '2024-01-01 00:00:00', 'short', 'é😀', '{"a": "é😀"}'), (2, '1970-01-01 00:00:01', '', 'Жя', '["日本"]'), (3, NULL, NULL, NULL, NULL);
