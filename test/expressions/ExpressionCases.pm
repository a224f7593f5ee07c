# ExpressionCases: what test/t/066_expressions.pl puts to both servers.
package ExpressionCases;

use strict;
use warnings;
use Exporter qw(import);

our @EXPORT_OK = qw(columns expressions refusals defaults);

# columns($flavor): name, MySQL's type, Postgres' type, values as they stand in both servers' literals; undef is NULL. The numbers
# of values have few factors in common, so that rows combine them.
sub columns {
	my ($flavor) = @_;
	my $exact = $flavor eq 'mysql' ? 'utf8mb4_0900_bin' : 'utf8mb4_nopad_bin';
	my @texts = ('', 'a', 'A', ' ', 'a ', ' a', "a\tb", "a\nb", 'abc', 'ABC', "it's", 'back\\slash', '100%', '_x_', "\x{e9}t\x{e9}", "\x{df}", "\x{1F600}\x{e9}",
		'0', '-1.5e3', 'NULL', "\x{0130}I\x{131}", 'aaaXaaa', 'x' x 50, undef);
	return (
		[ i => 'int', 'integer', 0, 1, -1, 2, 5, 7, 100, 2147483647, -2147483648, -7, undef ],
		[ k => 'smallint', 'smallint', 3, 0, -3, 12, undef, -32768, 32767 ],
		[ b => 'bigint', 'bigint', 0, 1, -1, 3, 4294967296, -4294967296, 1000000007, undef, 2000000000000 ],
		[ u => 'int unsigned', 'bigint', 0, 1, 4294967295, 5, 255, undef ],
		[ n => 'bigint unsigned', 'numeric(20,0)', 0, 1, '18446744073709551615', '9223372036854775808', undef, 6 ],
		[ d => 'decimal(10,2)', 'numeric(10,2)', '0.00', '1.50', '-1.50', '2.45', '-2.55', '99999999.99', '-99999999.99', undef, '0.01', '3.00', '-0.05', '10.00', '0.50' ],
		[ f => 'double', 'double precision', 0, '1.5', '-1.5', '0.1', '1e10', '-2.5', undef, '1e-5', '123456.789', 4 ],
		[ r => 'float', 'real', 0, '1.5', '0.1', '-2.25', undef ],
		[ y => 'year', 'smallint', 1901, 2024, 2155, undef, 1999 ],
		[ flag => 'tinyint(1)', 'boolean', 0, 1, undef ],
		[ s => 'varchar(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin', 'character varying(60)', @texts ],
		[ x => "varchar(60) CHARACTER SET utf8mb4 COLLATE $exact", 'character varying(60)', reverse(@texts), 'b', 'aa' ],
		[ c => 'varchar(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci', 'character varying(60)', @texts, 'c' ],
		[ a => 'varchar(20) CHARACTER SET ascii COLLATE ascii_bin', 'character varying(20)', 'abc', 'ABC', '', 'a-Z_9', undef, ' x ' ],
		[ l => 'varchar(20) CHARACTER SET latin1 COLLATE latin1_bin', 'character varying(20)', 'abc', "\x{e9}", "\x{20ac}", undef, '' ],
		[ h => 'char(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin', 'character varying(10)', 'abc', 'ab', '', undef, "\x{e9}" ],
		[ w => 'varbinary(20)', 'bytea', 'abc', '', "\0\1\xff", undef, 'abc ' ],
		[ t => 'datetime', 'timestamp(0) without time zone', '2020-02-29 12:34:56', '1999-12-31 23:59:59', '9999-12-31 23:59:59', undef, '1000-01-01 00:00:00', '2024-03-31 03:30:00', '2020-01-31 00:00:00' ],
		[ t3 => 'datetime(3)', 'timestamp(3) without time zone', '2020-02-29 12:34:56.500', '1999-12-31 23:59:59.999', undef, '2021-06-15 00:00:00.000', '1999-12-31 23:59:58.500', '1000-01-01 00:00:00.500', '1970-01-01 00:00:01.499' ],
		[ da => 'date', 'date', '2020-02-29', '2020-01-31', '1000-01-01', '9999-12-31', undef, '2021-12-26', '2024-03-31' ],
		[ tm => 'time', 'interval', '00:00:00', '-01:02:03', '838:59:59', '12:34:56', undef ],
		[ ts => 'timestamp NULL', 'timestamp(0) with time zone', '2020-02-29 12:34:56', '1970-01-02 00:00:00', undef, '2038-01-19 03:14:07' ],
		[ j => 'json', 'jsonb', '{"a": {"b": [1, "two", null]}, "s": "te\"xt", "n": null, "t": true, "i": -5, "x y": "\u00e9"}', '[1, 2, {"a": "q"}]', '"scalar"', '5', 'null', '{}', '[]', undef, '{"a": 1, "0": "zero"}' ],
		[ jt => 'json', 'json', '{"a": {"b": [1, "two", null]}, "s": "te\"xt", "n": null, "t": true, "i": -5, "x y": "\u00e9"}', '[1, 2, {"a": "q"}]', '"scalar"', '5', 'null', '{}', '[]', undef, '{"a": 1, "0": "zero"}' ],
		[ bb => 'bit(8)', 'bit(8)', 0, 1, 255, 170, undef ],
		[ e => q{enum('new','Old','') CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci}, 'text', 'new', 'Old', '', undef ],
	);
}

# Expressions by the type of the column that gets them: [MySQL's type, Postgres' type, how they are compared, expressions]
sub expressions {
	my ($flavor) = @_;
	my @found = (
		[ 'bigint', 'bigint', 'text',
			'i + 1', 'i - b', '-i', '-(-i)', 'i * 3', 'u + 1', 'i + k * 2 - 1', '(i + 1) * 2', 'i - (k - 1)', 'i DIV 2', 'i DIV k', '-7 DIV k', 'i % 3', 'MOD(i, k)', 'i % 0', 'i DIV 0', 'u DIV 3', 'u % 7',
			'i & 255', 'u | 256', 'u ^ 3', 'u >> 2', 'u << 3', 'u & 15 | 1', 'bb & 15', 'bb + 1', 'flag + 1', 'flag * 2', 'y + 1', 'k * k', 'n DIV 3 DIV 3', 'n % 1000',
			'ABS(i)', 'ABS(k)', 'SIGN(d)', 'SIGN(i)', 'FLOOR(i)', 'ROUND(i)', 'IF(i, 1, 2)', 'IF(flag, i, k)', 'IF(f, 1, 0)', 'IFNULL(i, 0)', 'COALESCE(i, k, 9)', 'COALESCE(NULL, i)', 'NULLIF(i, 1)', 'NULLIF(s, \'a\') IS NULL',
			'GREATEST(i, k)', 'LEAST(i, k, 5)', 'CASE WHEN i > 0 THEN 1 WHEN i < 0 THEN -1 ELSE 0 END', 'CASE i WHEN 1 THEN 10 WHEN NULL THEN 20 END', 'CASE WHEN i IS NULL THEN NULL ELSE k END',
			'CAST(d AS SIGNED)', 'CAST(i AS SIGNED)', 'CAST(u AS UNSIGNED)', 'CAST(flag AS SIGNED)',
			'CHAR_LENGTH(s)', 'LENGTH(s)', 'OCTET_LENGTH(x)', 'BIT_LENGTH(s)', 'CHAR_LENGTH(c)', 'LENGTH(w)', 'CHAR_LENGTH(TRIM(c))', 'CHAR_LENGTH(l)', 'CHAR_LENGTH(h)', 'LOCATE(\'a\', x)', 'INSTR(s, \'A\')', 'INSTR(x, \'\')', 'FIELD(i, 1, 5, NULL)', 'FIELD(x, \'a\', \'b\')',
			'YEAR(t)', 'MONTH(da)', 'DAY(da)', 'DAYOFMONTH(t)', 'HOUR(t)', 'MINUTE(t)', 'SECOND(t)', 'SECOND(t3)', 'MICROSECOND(t3)', 'QUARTER(da)', 'DAYOFYEAR(da)', 'DAYOFWEEK(da)', 'WEEKDAY(da)', 'WEEKOFYEAR(da)', 'HOUR(tm)', 'MINUTE(tm)', 'SECOND(tm)', 'HOUR(da)',
			'EXTRACT(YEAR FROM t)', 'EXTRACT(YEAR_MONTH FROM da)', 'DATEDIFF(da, t)', 'DATEDIFF(t, \'2020-01-01\')', 'TO_DAYS(da)', 'TIMESTAMPDIFF(SECOND, t, t3)', 'TIMESTAMPDIFF(DAY, da, t)', 'TIMESTAMPDIFF(HOUR, t3, t)', 'TIMESTAMPDIFF(WEEK, t3, t)', 'TIMESTAMPDIFF(MINUTE, da, t)',
			'(i > 0) + (k > 0)', '(i > 0) = (k > 0)', '(i IS NULL) * 5' ],
		[ 'tinyint(1)', 'boolean', 'text',
			'i = 1', 'i <> k', 'i < k', 'i >= 5', 'i <=> NULL', 'i <=> k', 'NOT i', '!i', 'NOT (i > 0)', 'i AND k', 'i OR k', 'i XOR k', 'i && flag || k', 'flag', 'NOT flag', 'flag = 1', 'flag = 0', 'flag <> 1', '(flag = 1) IS TRUE', 'flag IS NOT TRUE',
			'i IS TRUE', 'i IS NOT FALSE', 'i IS NULL', 's IS NOT NULL', 'j IS NULL', '(i = 1) IS UNKNOWN', 'i BETWEEN 1 AND 5', 'i NOT BETWEEN k AND 5', 'i IN (1, 2, 5)', 'i NOT IN (1, 2)', 'i IN (1, NULL)', 'd IN (1.5, 3)', 'd = 1.5', 'd > f', 'f = 0.1', 'r = 0.1', 'r > 0.1', 'i = f', 'n > 5', 'n = 18446744073709551615', 'u > i', 'n > i', 'i = 1.0', 'i < 1.5', 'i = 0x01', 'u > 0xff', 'bb = b\'101\'',
			'y = 2024', 'y > 1999',
			's = \'a\'', 's <> \'\'', 's = \'a \'', 's IN (\'a\', \'abc\')', 'x = \'a\'', 'x = \'a \'', 'x < \'b\'', 'x BETWEEN \'a\' AND \'b\'', 's = h', 'c COLLATE utf8mb4_bin = \'A\'', 's = \'it\'\'s\'', 's = \'back\\\\slash\'', "x = '\x{e9}t\x{e9}'", "x = '\x{df}'", 's = \'a\nb\'',
			's LIKE \'a%\'', 's LIKE \'%a\'', 's NOT LIKE \'a_\'', 's LIKE \'100\\%\'', 's LIKE \'\\_x\\_\'', 's LIKE \'a|%\' ESCAPE \'|\'', 's LIKE \'back\\\\\\\\%\'', 's LIKE \'\'', 'x LIKE \'a\\\\\'', 'a LIKE \'a%\'',
			'e = \'new\'', 'e = \'NEW\'', 'e <> \'old\'', 'e IN (\'new\', \'old\')', 'e IS NULL', 'e = \'\'',
			't > \'2020-01-01\'', 't = \'2020-02-29 12:34:56\'', 't < da', 'da = t', 'da >= \'2020-01-31\'', 'da BETWEEN \'2000-01-01\' AND \'2020-12-31\'', 't3 > \'1999-12-31 23:59:59.998\'', 'da IN (\'2020-02-29\', \'2020-01-31\')', 'tm > \'01:00:00\'', 'tm < TIME\'00:00:00\'', 'da = DATE\'2020-02-29\'', 't > TIMESTAMP\'2020-01-01 00:00:00\'',
			'w = \'abc\'', 'w > x\'00\'', 'w <> \'abc \'', 'MOD(i, 2) = 1', 'CHAR_LENGTH(c) > 0 AND (s = \'a\' OR s = \'A\')', 'JSON_UNQUOTE(JSON_EXTRACT(jt, \'$.a.b[1]\')) = \'two\'', 'JSON_EXTRACT(j, \'$.zzz\') IS NULL' ],
		[ 'decimal(30,6)', 'numeric(30,6)', 'text',
			'd', 'd + 1', 'd - 0.001', 'd * 2', 'd * d', 'd * 1.005', '-d', 'd + i', 'd * i', 'd / 2', 'd / 100', 'd / 1', 'i / 4', 'i / 1000', 'd % 1', 'd % 0.3', 'i % 1.5', 'd % 0', 'ABS(d)', 'ROUND(d)', 'ROUND(d, 1)', 'ROUND(d, 5)', 'TRUNCATE(d, 1)', 'TRUNCATE(d, 0)', 'FLOOR(d)', 'CEIL(d)', 'CEILING(d)',
			'IF(flag, d, i)', 'IFNULL(d, 0)', 'COALESCE(d, i, 1.25)', 'NULLIF(d, 1.5)', 'GREATEST(d, i)', 'LEAST(d, 0.5)', 'CASE WHEN i > 0 THEN 1.5 ELSE i END', 'CAST(d AS DECIMAL(10,1))', 'CAST(i AS DECIMAL(10,3))', 'CAST(d AS DECIMAL(4,2))', 'CAST(d AS DECIMAL)', 'u * 1.5', 'n * 0.5', '1e0 IS NULL' ],
		[ 'double', 'double precision', 'number',
			'f + 1', 'f * d', 'f - i', 'f / 4', 'f / i', 'f / 0', '-f', 'f * f', 'r + 0', 'r * 2', 'ABS(f)', 'FLOOR(f)', 'CEIL(f)', 'SQRT(f)', 'SQRT(i)', 'IF(flag, f, d)', 'COALESCE(f, 1)', 'CAST(d AS DOUBLE)', 'd + 1e0', 'GREATEST(f, i)', '1.5e3 + i', 'd', 'i', 'n', 'NULLIF(f, 0.1)' ],
		[ 'float', 'real', 'number', 'r', 'd', 'i', 'f / 4' ],
		[ 'varchar(400) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin', 'character varying(400)', 'hex',
			's', 'CONCAT(s, c)', 'CONCAT(s, \'-\', i)', 'CONCAT(a, d)', 'CONCAT(i, u, n, b)', 'CONCAT(d * 2, \'/\', d / 2, \'/\', d + 1.005)', 'CONCAT(flag, i > 0)', 'CONCAT(y, IF(flag, y, i))', 'CONCAT(da, \' \', t)', 'CONCAT(t3)', 'CONCAT(IF(i > 0, d, 1.25), \'\')', 'CONCAT(ROUND(d, 1), \':\', ROUND(d, 4), \':\', FLOOR(d))', 'CONCAT(COALESCE(d, 0.25), \'\')', 'CONCAT(i % 1.5, \'\')', 'CONCAT(d % 7, \'\')', 'CONCAT(d * 1.50, \'\')', 'CONCAT(TRUNCATE(d, 1), TRUNCATE(d, 4))', 'CONCAT(LEAST(d, 0.12), \'\')', 'CONCAT(NULLIF(d, 0), \'\')',
			'CONCAT_WS(\'-\', s, c, i)', 'CONCAT_WS(s, a, a)', 'CONCAT_WS(NULL, s)', 'CONCAT_WS(\',\', NULL, a, NULL, \'z\')', 'LEFT(s, 3)', 'LEFT(s, 0)', 'LEFT(s, -1)', 'RIGHT(s, 2)', 'RIGHT(s, 100)', 'SUBSTRING(s, 2)', 'SUBSTRING(s, 2, 3)', 'SUBSTR(s, -3)', 'SUBSTR(s, -3, 2)', 'SUBSTR(s, 0)', 'SUBSTR(s, 2, 0)', 'SUBSTR(s, 1, -1)', 'MID(c, 2, 2)', 'SUBSTR(s, 100)',
			'TRIM(s)', 'LTRIM(s)', 'RTRIM(s)', 'TRIM(LEADING \'a\' FROM s)', 'TRIM(TRAILING \'a\' FROM s)', 'TRIM(BOTH \'x\' FROM s)', 'TRIM(c)', 'REPLACE(s, \'a\', \'bb\')', 'REPLACE(s, \'\', \'z\')', 'REPLACE(c, \'A\', \'*\')', 'REPLACE(s, \'\\\\\', \'/\')', 'REVERSE(s)', 'REPEAT(a, 3)', 'REPEAT(a, -1)', 'LPAD(s, 5, \'xy\')', 'RPAD(a, 7, \'-\')', 'LPAD(i, 3, \'0\')', 'LOWER(a)', 'UPPER(a)', 'UPPER(HEX(u))',
			'HEX(u)', 'HEX(s)', 'HEX(w)', 'SHA2(s, 256)', 'SHA2(s, 0)', 'SHA2(w, 512)', 'SHA2(a, 224)', 'IF(i > 0, \'yes\', s)', 'IFNULL(s, \'none\')', 'COALESCE(s, a)', 'NULLIF(s, \'a\')', 'CASE WHEN i > 0 THEN \'plus\' WHEN i < 0 THEN \'minus\' END', 'CASE e WHEN \'new\' THEN 1 ELSE s END', 'ELT(k, \'a\', \'b\', \'c\')', 'COALESCE(i, \'none\')',
			'CAST(i AS CHAR)', 'CAST(i AS CHAR(2))', 'CAST(d AS CHAR)', 'CAST(t AS CHAR)', 'CONVERT(s USING utf8mb4)', 'CAST(s AS CHAR)', 'CAST(s AS CHAR(2))', 'e', 'h', "CONCAT('\x{e9}\x{20ac}', s)", 'CONCAT(\'a"b\\\\c\\n\', s)', 'GREATEST(x, \'b\')', 'LEAST(x, \'A\', \'b\')',
			'DATE_FORMAT(t, \'%Y-%m-%d %H:%i:%s\')', 'DATE_FORMAT(da, \'%y%c%e|%j|%k|%T %%\')' ],
		[ 'char(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin', 'character varying(60)', 'hex', 's', 'CONCAT(a, \'  \')', 'LEFT(c, 5)' ],
		[ 'varbinary(300)', 'bytea', 'hex', 'w', 'CAST(s AS BINARY)', 'x\'00ff\'', 'CAST(i AS BINARY)' ],
		[ 'date', 'date', 'text', 'da', 'DATE(t)', 'CAST(t3 AS DATE)', 'da + INTERVAL 1 DAY', 'da - INTERVAL 1 MONTH', 'da + INTERVAL k DAY', 'da + INTERVAL 1 QUARTER', 'DATE_ADD(da, INTERVAL 2 WEEK)', 'DATE_SUB(da, INTERVAL -1 YEAR)', 'LAST_DAY(da)', 'LAST_DAY(t)', 'IF(flag, da, DATE\'2000-01-01\')', 'COALESCE(da, DATE(t))', 'GREATEST(da, DATE\'2020-02-01\')', 'NULLIF(da, \'2020-02-29\')' ],
		[ 'datetime(6)', 'timestamp(6) without time zone', 'text', 't', 't3', 'da', 't + INTERVAL 1 DAY', 't3 + INTERVAL 90 MINUTE', 't - INTERVAL 1 MONTH', 't + INTERVAL k SECOND', 't + INTERVAL 1 MICROSECOND', 'da + INTERVAL 5 HOUR', 'CAST(da AS DATETIME)', 'CAST(t3 AS DATETIME(3))', 'COALESCE(t, da)', 'IF(flag, t, t3)', 'LEAST(t, t3)', 't + INTERVAL 1 YEAR' ],
		[ 'time', 'interval', 'time', 'tm', 'CAST(t AS TIME)', 'IF(flag, tm, TIME\'10:00:00\')' ],
		[ 'json', 'jsonb', 'json', 'j', 'JSON_EXTRACT(j, \'$.a\')', 'JSON_EXTRACT(j, \'$.a.b\')', 'JSON_EXTRACT(j, \'$[1]\')', 'JSON_EXTRACT(j, \'$.n\')', 'JSON_EXTRACT(j, \'$.t\')', 'JSON_ARRAY(1, \'a"b\', NULL)', 'JSON_OBJECT(\'k\', 1, \'l\', \'x\\\\y\')', 'JSON_EXTRACT(j, \'$[0]\')', 'JSON_EXTRACT(j, \'$.a.b[0]\')' ],
	);
	push @{ $found[0] }, 'UNIX_TIMESTAMP(ts)' if $flavor eq 'mariadb';
	push @{ $found[0] }, 'EXTRACT(HOUR FROM tm)', 'EXTRACT(SECOND FROM tm)' if $flavor eq 'mysql';
	# MariaDB rounds or cuts off, as sql_mode has it
	push @found, [ 'datetime', 'timestamp(0) without time zone', 'text', 't3', 't3 + INTERVAL 1 MICROSECOND' ],
		[ 'datetime(6)', 'timestamp(6) without time zone', 'text', 'CAST(t3 AS DATETIME)', 'CAST(t3 AS DATETIME(1))', 'CAST(t3 AS DATETIME(2))' ] if $flavor eq 'mysql';
	push @{ $found[1] }, 'JSON_VALID(j)';
	my @paths = ('$.s', '$.a.b[1]', '$.n', '$.t', '$.i', '$[2].a', '$."x y"', '$."0"');
	push @{ $found[5] }, map { "JSON_UNQUOTE(JSON_EXTRACT(jt, '$_'))" } @paths;
	push @{ $found[5] }, map { "JSON_UNQUOTE(JSON_EXTRACT(j, '$_'))" } @paths, '$[0]' if $flavor eq 'mysql';
	push @{ $found[5] }, 'MD5(s)', 'MD5(w)' if $flavor eq 'mariadb';
	return @found;
}

# Expressions for an int that must be refused on both servers.
sub refusals {
	my ($flavor) = @_;
	return ($flavor eq 'mysql' ? ('y = 5') : ('CAST(t3 AS DATETIME) = t', 'EXTRACT(HOUR FROM tm)', 'JSON_UNQUOTE(JSON_EXTRACT(j, \'$.s\')) = \'a\''), 'c = \'a\'', 'c LIKE \'a%\'', 'c IN (\'a\')', 's < \'b\'', 's = 5', 'i = \'5\'', 'i + s', 'IF(s, 1, 2)', 's = c COLLATE utf8mb4_general_ci', 'i / 3 > 1', 'u - i', 'n - u', '~i', 'i << 1', 'i & k', 'ROUND(f, 1)', 'f % 2', 'YEAR(s)', 'da + 0', 't = \'20200229123456\'', 'CHAR_LENGTH(f)', 'LENGTH(l)',
		'LOWER(s) = \'a\' COLLATE utf8mb4_bin', 's REGEXP \'^a\'', 'POW(i, 2)', 'CRC32(s)', 'STRCMP(s, a)', 'j = 5', 'GREATEST(s, a) = \'a\'', 'CONCAT(IF(flag, d, 1.125), s) = \'a\'', 'COALESCE(tm, \'01:02:03\') = tm', 'CAST(s AS SIGNED)', 'TRIM(\'ab\' FROM s) = \'x\'', 'LEFT(s, i) = \'x\'', 'CHAR(65) = s', 'CONVERT(s USING latin1) = \'a\'', 'i = (1 = 2) + s', 'da + INTERVAL i DAY > da', 'INSTR(c, \'a\')', 'JSON_EXTRACT(j, \'$.*\') IS NULL', 'DATE_FORMAT(t, \'%M\') = s', 'CAST(t3 AS TIME) = tm');
}

# [MySQL's type, Postgres' type, how they are compared, default]
sub defaults {
	my ($flavor) = @_;
	return (
		[ 'int', 'integer', 'text', '-5' ], [ 'int', 'integer', 'text', '(1 + 2 * 3)' ], [ 'int', 'integer', 'text', 'NULL' ], [ 'tinyint(1)', 'boolean', 'text', '1' ], [ 'tinyint(1)', 'boolean', 'text', 'false' ], [ 'bigint unsigned', 'numeric(20,0)', 'text', '18446744073709551615' ],
		[ 'decimal(8,3)', 'numeric(8,3)', 'text', '1.5' ], [ 'decimal(8,3)', 'numeric(8,3)', 'text', '(-2.25)' ], [ 'double', 'double precision', 'number', '1e30' ], [ 'double', 'double precision', 'number', '-0.1' ], [ 'float', 'real', 'number', '0.1' ], [ 'year', 'smallint', 'text', '2024' ], [ 'bit(12)', 'bit(12)', 'bits', 'b\'101\'' ], [ 'bit(1)', 'boolean', 'bits', 'b\'1\'' ],
		[ 'varchar(30)', 'character varying(30)', 'hex', '\'it\'\'s \\\\ \\n x\'' ], [ 'varchar(30)', 'character varying(30)', 'hex', '\'NULL\'' ], [ 'varchar(30)', 'character varying(30)', 'hex', '\'\'' ], [ 'varchar(30)', 'character varying(30)', 'hex', "'\x{e9}\x{20ac}'" ], [ 'varchar(30)', 'character varying(30)', 'hex', '\'a  \'' ], [ 'char(8)', 'character varying(8)', 'hex', '\'ab  \'' ], [ 'varchar(30)', 'character varying(30)', 'hex', '(CONCAT(\'a\', 1 + 1))' ], [ 'text', 'text', 'hex', "('\x{e9} \"x\"')" ],
		[ 'date', 'date', 'text', '\'2020-02-29\'' ], [ 'datetime', 'timestamp(0) without time zone', 'text', '\'2020-02-29 10:11:12\'' ], [ 'datetime(3)', 'timestamp(3) without time zone', 'text', '\'2020-02-29 10:11:12.5\'' ], [ 'time', 'interval', 'time', '\'-01:02:03\'' ], [ 'date', 'date', 'text', '(DATE\'2020-01-31\' + INTERVAL 1 MONTH)' ],
		[ q{enum('a','B c')}, 'text', 'hex', '\'B c\'' ], [ q{enum('a','B c')}, 'mood', 'hex', '\'B c\'' ], [ q{set('a','b','c')}, 'text[]', 'set', '\'a,c\'' ], [ q{set('a','b','c')}, 'text[]', 'set', '\'\'' ],
		[ 'varbinary(3)', 'bytea', 'hex', 'x\'616263\'' ], [ 'varbinary(3)', 'bytea', 'hex', '\'\'' ], [ 'blob', 'bytea', 'hex', '(x\'00ff\')' ], [ 'json', 'jsonb', 'json', '(JSON_ARRAY())' ], [ 'json', 'jsonb', 'json', '(JSON_OBJECT(\'k\', JSON_ARRAY(1, NULL, TRUE)))' ], [ 'json', 'jsonb', 'json', '(\'{"a": "x\\\\ny"}\')' ],
		$flavor eq 'mariadb' ? ([ 'timestamp', 'timestamp(0) with time zone', 'epoch', '\'2020-02-29 10:11:12\'' ], [ 'binary(4)', 'bytea', 'hex', '\'ab\'' ], [ 'varbinary(9)', 'bytea', 'hex', 'x\'00ff\'' ], [ 'uuid', 'uuid', 'text', '\'00112233-4455-6677-8899-aabbccddeeff\'' ], [ 'inet6', 'inet', 'text', '\'::1\'' ]) : (),
	);
}

1;
