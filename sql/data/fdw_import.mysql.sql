-- The source of the regression test fdw_import: what MySQL and MariaDB have in common.
SET NAMES utf8mb4, time_zone = '+00:00', sql_mode = '';
CREATE TABLE every_type (
	id int NOT NULL PRIMARY KEY,
	c_tinyint tinyint, c_tinyint_u tinyint unsigned NOT NULL, c_bool tinyint(1),
	c_smallint smallint, c_smallint_u smallint unsigned,
	c_mediumint mediumint, c_mediumint_u mediumint unsigned,
	c_int int, c_int_u int unsigned, c_int_11 int(11), c_zerofill int(8) unsigned zerofill,
	c_bigint bigint, c_bigint_u bigint unsigned,
	c_decimal decimal(10,2) NOT NULL, c_decimal_big decimal(65,30),
	c_float float, c_double double,
	c_bit1 bit(1), c_bit16 bit(16),
	c_year year,
	c_date date, c_datetime datetime, c_datetime6 datetime(6), c_timestamp timestamp NULL, c_timestamp3 timestamp(3) NULL,
	c_time time, c_time6 time(6),
	c_char char(10), c_varchar varchar(30) NOT NULL, c_tinytext tinytext, c_text text, c_mediumtext mediumtext, c_longtext longtext,
	c_binary binary(4), c_varbinary varbinary(10), c_tinyblob tinyblob, c_blob blob, c_mediumblob mediumblob, c_longblob longblob,
	c_enum enum('x', 'y z', 'it''s'), c_set set('a', 'b c'),
	c_json json,
	c_point point,
	c_virtual int AS (id * 2) VIRTUAL, c_stored int AS (id * 3) STORED
);
INSERT INTO every_type VALUES (1, -128, 255, 1, -32768, 65535, -8388608, 16777215, -2147483648, 4294967295, 7, 42,
	-9223372036854775808, 18446744073709551615, 1.10, -99999999999999999999999999999999999.999999999999999999999999999999,
	16777.217, 0.1, b'1', b'1000000000000001', 2155,
	'9999-12-31', '2024-03-31 03:30:00', '2024-03-31 03:30:00.000001', '2038-01-19 03:14:07', '2024-01-01 00:00:00.125', '-838:59:59', '25:00:00.5',
	'char  ', 'varchar  ', 'tinytext', 'text', 'mediumtext', 'longtext',
	'ab', x'00ff', '', x'00', x'01', x'02', 'it''s', 'a,b c', '{"a": [1, null]}', ST_GeomFromText('POINT(1 2)'), DEFAULT, DEFAULT);

CREATE TABLE `Odd Names` (
	`select` int NOT NULL, `CamelCase` int, `with"quote` int, `back``tick` int, `it's` int, `xmin` int, `ctid` int, `100%` int, `\\` int,
	`a_name_of_sixty_three_bytes_which_is_the_longest_that_both_have` int,
	`колона_с_име_по_дълго_от_шестдесет_и_три_байта` int
);
INSERT INTO `Odd Names` VALUES (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);

CREATE TABLE `таблица_с_много_дълго_име_което_не_се_побира` (n int);
INSERT INTO `таблица_с_много_дълго_име_което_не_се_побира` VALUES (42);
CREATE TABLE `таблица_с_много_дълго_име_което_също_не_се_побира` (n int);

CREATE TABLE `Case` (upper_case int);
INSERT INTO `Case` VALUES (1);
CREATE TABLE `case` (lower_case int);
INSERT INTO `case` VALUES (2);
CREATE TABLE empty_table (id int NOT NULL PRIMARY KEY);
CREATE VIEW a_view AS SELECT id, c_varchar AS v FROM every_type;
CREATE TRIGGER a_trigger BEFORE INSERT ON empty_table FOR EACH ROW SET NEW.id = NEW.id;
