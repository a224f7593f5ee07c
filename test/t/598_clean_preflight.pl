# testbed: mysql mariadb
#
# What preflight asks of a clean source is little: one look at each table, and the keys of parents and children once. What is not clean is found
# all the same, with every row of it.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $server = AlkconvTest::Source->start('logged598', '--general-log=1', '--log-output=TABLE');
my $digits = '(' . join(' UNION ALL ', map { "SELECT $_ AS n" } 0 .. 9) . ')';
my $uuid = "CONCAT('00000000-0000-4000-8000-', LPAD(%s, 12, '0'))";
my $my = scratch_source(<<"SQL", server => $server);
CREATE TABLE parent (id char(36) PRIMARY KEY, number bigint NOT NULL UNIQUE, name varchar(20) NOT NULL UNIQUE, at datetime, amount decimal(8,2));
INSERT INTO parent SELECT @{[sprintf $uuid, 'n']}, n, CONCAT('name ', n), '2020-01-01', n FROM (SELECT a.n + 10 * b.n AS n FROM $digits a, $digits b) x;
CREATE TABLE child (id int PRIMARY KEY, by_uuid char(36), by_number bigint, by_name varchar(20), self int, CONSTRAINT c_uuid FOREIGN KEY (by_uuid) REFERENCES parent (id),
	CONSTRAINT c_number FOREIGN KEY (by_number) REFERENCES parent (number), CONSTRAINT c_name FOREIGN KEY (by_name) REFERENCES parent (name), CONSTRAINT c_self FOREIGN KEY (self) REFERENCES child (id));
INSERT INTO child SELECT n + 1, IF(n % 3 = 0, NULL, @{[sprintf $uuid, 'n % 100']}), n % 100, CONCAT('name ', n % 100), NULL FROM (SELECT a.n + 10 * b.n + 100 * c.n AS n FROM $digits a, $digits b, $digits c) x;
UPDATE child SET self = id;
ANALYZE TABLE parent, child;
SQL
my $db = scratch_database();
$db->run('CREATE TABLE parent (id uuid PRIMARY KEY, number bigint NOT NULL UNIQUE, name varchar(20) NOT NULL UNIQUE, at timestamp, amount numeric(8,2));'
	. ' CREATE TABLE child (id int PRIMARY KEY, by_uuid uuid REFERENCES parent, by_number bigint REFERENCES parent (number), by_name varchar(20) REFERENCES parent (name), self int REFERENCES child)');
$db->link_source('src', $my, target_schema => 'public');

sub found { return $db->value(q{SELECT coalesce(string_agg(concat_ws(' ', check_name, column_name, rows, sample_value), E'\n'), '') FROM alkconv_preflight('src') WHERE severity <> 'info'}) }

# What was found, and the statements about the two tables.
sub asked {
	$server->run('TRUNCATE mysql.general_log');
	my $found = found();
	my $database = $my->dbname;
	return ($found, $server->rows("SELECT REPLACE(CONVERT(argument USING utf8mb4), '\\n', ' ') FROM mysql.general_log WHERE command_type IN ('Query', 'Prepare', 'Execute') AND argument LIKE '%FROM `$database`.`%'"));
}

my ($found, @statements) = asked();
is($found, '', 'a clean source');
is(scalar(grep { /SELECT EXISTS\(SELECT 1 FROM `[^`]*`\.`(?:parent|child)` WHERE/ } @statements), 2, 'one look at each table') or diag(join "\n", @statements);
is(scalar(grep { /COUNT\(CASE|MIN\(CASE/ } @statements), 0, 'nothing is counted');
is(scalar(grep { /NOT EXISTS\(/ } @statements), 0, 'and no parent is looked for');
unlike(join("\n", @statements), qr/amount.{0,40}10{6}/, 'no number is compared with a limit that its own type has');

$my->run("SET foreign_key_checks = 0; UPDATE child SET by_uuid = '00000000-0000-4000-8000-00000000ffff' WHERE id IN (5, 6); UPDATE child SET by_number = 1000 WHERE id = 7;"
	. " UPDATE child SET by_name = 'NAME 1' WHERE id BETWEEN 11 AND 13; UPDATE child SET by_name = 'nobody' WHERE id = 14; UPDATE child SET self = 0 WHERE id = 15");
is(found(), <<'FOUND' =~ s/\n\z//r, 'rows without a parent, however they came there');
orphan by_name 1 nobody
parent_spelling by_name 3 NAME 1
orphan by_number 1 1000
orphan by_uuid 2 00000000-0000-4000-8000-00000000ffff
orphan self 1 0
FOUND

# the same uuid in other letters is the same uuid, which the bytes do not say
$my->run("SET foreign_key_checks = 0; DELETE FROM child WHERE id BETWEEN 5 AND 15; UPDATE child SET self = NULL; UPDATE child SET by_uuid = UPPER('00000000-0000-4000-8000-00000000000a') WHERE id = 1;"
	. " INSERT INTO parent VALUES ('00000000-0000-4000-8000-00000000000a', 1000, 'hexadecimal', NULL, NULL)");
($found, @statements) = asked();
is($found, '', 'a parent in another spelling of its uuid');
cmp_ok(scalar(grep { /SELECT EXISTS\(SELECT 1 .*NOT EXISTS\(/ } @statements), '>=', 1, 'of which the source is asked');

$my->run("SET sql_mode = ''; UPDATE parent SET at = '0000-00-00' WHERE number < 3; UPDATE parent SET name = CONCAT('x', CHAR(0)) WHERE number = 1000");
is(found(), "zero_date at 3 0000-00-00 00:00:00\nnul_in_text name 1 x\\x00", 'values are counted where there are any');

done_testing;
