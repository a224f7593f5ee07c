# testbed: mysql mariadb
#
# Literal defaults of NOT NULL columns of tables without rows are proved like those of others: the two tables get the same defaults, and the report
# has a line for each.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my @columns = (
	"a varchar(20) NOT NULL DEFAULT 'it''s \\\\ \"x\" %'", "b char(8) NOT NULL DEFAULT 'x '", "c int NOT NULL DEFAULT -7", 'd bigint unsigned NOT NULL DEFAULT 18446744073709551615', 'e decimal(12,4) NOT NULL DEFAULT 1.5',
	'f float NOT NULL DEFAULT 0.1', 'g double NOT NULL DEFAULT -2.5e-3', 'h bit(9) NOT NULL DEFAULT b\'100000001\'', "i binary(4) NOT NULL DEFAULT 'ab'", "j varbinary(8) NOT NULL DEFAULT X'610062'",
	"k date NOT NULL DEFAULT '2024-02-29'", "l datetime(3) NOT NULL DEFAULT '2024-02-29 12:00:00.125'", "m time(2) NOT NULL DEFAULT '-12:30:00.25'", 'n year NOT NULL DEFAULT 2024',
	"o enum('x','y z') NOT NULL DEFAULT 'y z'", "p set('x','y','z') NOT NULL DEFAULT 'x,z'", "q varchar(20) NOT NULL DEFAULT ''", "r varchar(40) CHARACTER SET latin1 NOT NULL DEFAULT 'caf\xc3\xa9'",
	"s varchar(40) NOT NULL DEFAULT 'CURRENT_TIMESTAMP'", 't tinyint(1) NOT NULL DEFAULT 1', "u timestamp NOT NULL DEFAULT '2024-01-01 00:00:00'",
);
my $list = join ",\n", @columns;
my $my = scratch_source("SET NAMES utf8mb4; SET time_zone = '+00:00'; CREATE TABLE filled (id int PRIMARY KEY, $list); CREATE TABLE hollow (id int PRIMARY KEY, $list); INSERT INTO filled (id) VALUES (1);");
my $db = scratch_database();
$db->link_source('src', $my, target_schema => 'public');
$db->run("SELECT alkconv_migrate('src')");
my $defaults = sub { my ($table) = @_; $db->rows("SELECT attname || ' ' || pg_get_expr(adbin, adrelid) FROM pg_attrdef JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum WHERE adrelid = '$table'::regclass ORDER BY adnum") };
my @filled = $defaults->('filled');
same_text(join("\n", map { s/\bhollow_/filled_/gr } $defaults->('hollow')), join("\n", @filled), 'the same defaults');
cmp_ok(scalar(@filled), '>=', 20, 'as many as the source has');
like($db->value("SELECT string_agg(table_name || ': ' || check_name || ' ' || target_value || ' ' || verdict, ', ' ORDER BY table_name, check_name) FROM alkconv_report() WHERE check_name LIKE 'literal defaults%'"),
	qr/^filled: literal defaults @{[ scalar @filled ]} columns ok, hollow: literal defaults by their text (?:19|2\d) columns ok$/, 'the report says how each was proved');
is($db->value("SELECT count(*) FROM alkconv_report() WHERE check_name LIKE 'default of %' AND (verdict <> 'note' OR note NOT LIKE 'not compared: by its text %')"), 0, 'and which a CAST does not show');

done_testing;
