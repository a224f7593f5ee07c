# testbed: mysql mariadb
#
# Mode create: a row that Postgres makes by its defaults is the row that the source makes by the same statement, whatever the default reads
# like and whatever information_schema shows of it.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $mariadb = flavor() eq 'mariadb';
my $db = scratch_database();
my $schemas = 0;

# made($my): the schema that a run makes of the source.
sub made {
	my ($my) = @_;
	my $name = 'made_' . ++$schemas;
	$db->run("CREATE SCHEMA $name");
	$db->link_source($name, $my, target_schema => $name, readers => 1);
	$db->run("SELECT alkconv_migrate('$name', mode => 'create')");
	return $name;
}
# The row that both sides make by INSERT of the id alone. Each column with what it is compared by on either side.
sub same_defaults {
	my ($my, $schema, $table, $name, %columns) = @_;
	my @columns = sort keys %columns;
	my ($source, $target) = map { my $side = $_; join ', ', map { "coalesce($columns{$_}[$side], '(null)')" } @columns } 0, 1;
	my @source = split /\|/, $my->value("INSERT INTO `$table` (id) VALUES (7); SELECT concat_ws('|', $source) FROM `$table` WHERE id = 7"), -1;
	my @target = split /\|/, $db->value("INSERT INTO $schema.$table (id) VALUES (7) RETURNING concat_ws('|', $target)"), -1;
	for my $i (0 .. $#columns) {
		is($target[$i], $source[$i], "$name: $columns[$i]");
	}
	return;
}

sub text { my ($c) = @_; return ($c => ["LOWER(HEX(CONVERT(`$c` USING utf8mb4)))", "encode(convert_to(\"$c\"::text, 'UTF8'), 'hex')"]) }
sub bytes { my ($c) = @_; return ($c => ["LOWER(HEX(`$c`))", "encode(\"$c\", 'hex')"]) }
sub bits { my ($c) = @_; return ($c => ["BIN(`$c`)", "coalesce(nullif(ltrim(\"$c\"::text, '0'), ''), '0')"]) }
sub number { my ($c) = @_; return ($c => ["CAST(`$c` + 0e0 AS CHAR)", "replace(\"$c\"::float8::text, 'e+', 'e')"]) }
sub moment { my ($c) = @_; return ($c => ["CAST(UNIX_TIMESTAMP(`$c`) AS SIGNED)", "extract(epoch FROM \"$c\")::bigint::text"]) }
sub span { my ($c) = @_; return ($c => ["CAST(TIME_TO_SEC(`$c`) AS SIGNED)", "extract(epoch FROM \"$c\")::int::text"]) }

# ---- texts that read like something else ------------------------------------------------------------------------------------------------

my $clock = case_source('text-default-that-reads-like-a-clock');
same_defaults($clock, made($clock), 'd', 'a text', map { text($_) } qw(w w2 w3 e n f));
is($db->value("SELECT abs(extract(epoch FROM LOCALTIMESTAMP - t)) < 100, c ~ '^\\d{4}-' FROM made_1.d WHERE id = 7"), 't|t', 'the clocks are clocks');

my $literals = case_source('literal-defaults');
my $schema = made($literals);
same_defaults($literals, $schema, 'd', 'a literal', (map { text($_) } qw(dot ip word fn nul nul2 q qq bs bs2 nl pct sp spc em uni lat gb num hex tru intro i i2 u dc dc0 da dt en y)),
	(map { bits($_) } qw(b16 b8 b64 b1 b2)), (map { number($_) } qw(fl db y0 z t4)), (map { span($_) } qw(ti ti2)), t1 => ['t1', 't1::int::text'], t0 => ['t0', 't0::int::text'],
	dt6 => ["DATE_FORMAT(dt6, '%Y-%m-%d %H:%i:%s.%f')", "to_char(dt6, 'YYYY-MM-DD HH24:MI:SS.US')"], st => ['st', "array_to_string(st, ',')"], st0 => ['st0', "array_to_string(st0, ',')"]);
is($db->value("SELECT string_agg(check_name, ', ') FROM alkconv_report() WHERE verdict = 'note' AND check_name LIKE 'default %'"), '', 'all of them are carried over');

# ---- what information_schema does not show whole -----------------------------------------------------------------------------------------

my $binary = case_source('binary-and-double-m-d-defaults');
same_defaults($binary, made($binary), 'd', 'beyond a zero byte', (map { bytes($_) } qw(ar_timestamp full3 bi3 vb plain em title)), map { number($_) } qw(dm dz fm));
is($db->value("SELECT string_agg(check_name, ', ') FROM alkconv_report() WHERE verdict = 'note' AND check_name LIKE 'default %'"), '', 'all of them are carried over');

# empty: the source is asked about defaults without a row; full: with one
for my $rows (0, 1) {
	my $lossy = scratch_source(<<'SQL');
SET NAMES utf8mb4; SET time_zone = '+05:00';
CREATE TABLE t (id int PRIMARY KEY, smile varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT 'x😀é?', asks varchar(20) CHARACTER SET utf8mb4 DEFAULT 'why?', plain varchar(9) CHARACTER SET latin1 DEFAULT 'é?',
	label enum('😀', 'b') CHARACTER SET utf8mb4 DEFAULT '😀', bytes varbinary(9) DEFAULT X'00FF3F00', padded binary(4) DEFAULT 'a?', at timestamp NULL DEFAULT '2020-01-01 00:00:00',
	f float DEFAULT 16777217, f2 float(12,6) DEFAULT 126.752251, d2 double(20,3) DEFAULT 12345678901234.567,
	made varchar(40) CHARACTER SET utf8mb4 DEFAULT (concat('😀', 'é')), sum_of varchar(40) CHARACTER SET utf8mb4 AS (concat(asks, '😀é')) STORED, CONSTRAINT smiles CHECK (smile <> '😀é'));
SQL
	$lossy->run('INSERT INTO t (id) VALUES (1)') if $rows;
	my $made = made($lossy);
	# before MariaDB 11 the whole statement of SHOW CREATE TABLE is lost where a binary default in it is no UTF-8: what it alone shows is refused
	my $lost = $lossy->value('SELECT VERSION()') =~ /^10\..*MariaDB/;
	same_defaults($lossy, $made, 't', $rows ? 'a table with a row' : 'a table without rows', (map { text($_) } qw(smile asks plain label), $lost ? () : qw(made sum_of)), (map { bytes($_) } qw(bytes padded)),
		(map { number($_) } qw(f f2 d2)), moment('at'));
	if ($lost) {
		is($db->value("SELECT count(*) FROM alkconv_report() WHERE verdict = 'note' AND check_name IN ('column sum_of', 'default made', 'check smiles')"), 3, 'and noted');
	} else {
		$db->fails("INSERT INTO $made.t (id, smile) VALUES (9, '😀é')", sqlstate => '23514', name => 'a CHECK knows the character');
	}
	$db->run("INSERT INTO $made.t (id, smile) VALUES (10, '????é')");
}

# a column that cannot be NULL, of a table without rows: MySQL says it elsewhere, MariaDB nowhere, which is noted
my $strict = scratch_source("SET NAMES utf8mb4; CREATE TABLE t (id int PRIMARY KEY, smile varchar(20) CHARACTER SET utf8mb4 NOT NULL DEFAULT 'x😀', bytes binary(4) NOT NULL DEFAULT 'a', "
	. "at timestamp NOT NULL DEFAULT '2020-01-01 00:00:00', m double(16,4) NOT NULL DEFAULT 0.5)");
my $made = made($strict);
same_defaults($strict, $made, 't', 'NOT NULL', text('smile'), bytes('bytes'), number('m'), moment('at')) if !$mariadb;
is($db->value("SELECT string_agg(concat(check_name, ': ', note), '; ') FROM alkconv_report() WHERE verdict = 'note' AND check_name LIKE 'default %'"),
	$mariadb ? 'default smile: there is none: information_schema shows a question mark, which may stand for any character beyond utf8mb3' : '', 'what nobody says is noted, nothing is guessed');

# ---- years, character sets, addresses ------------------------------------------------------------------------------------------------------

my $years = case_source('year-zero');
$schema = made($years);
is($db->value("SELECT string_agg(concat_ws(' ', y, q, y2, y3), ', ' ORDER BY y, q) FROM $schema.m"), $years->value("SELECT group_concat(concat_ws(' ', CAST(y AS SIGNED), q, CAST(y2 AS SIGNED), CAST(y3 AS SIGNED)) ORDER BY y, q SEPARATOR ', ') FROM m"), 'years are numbers, enums labels');
$db->run("INSERT INTO $schema.m (q) VALUES ('1') ON CONFLICT DO NOTHING; INSERT INTO $schema.m (y, q) VALUES (1, '1')");
is($db->value("SELECT y2, y3 FROM $schema.m WHERE y = 1"), '1970|2069', 'so are their defaults');

if (!$mariadb) { # which has no gb18030
	my $charsets = case_source('every-charset');
	$schema = made($charsets);
	for my $table (split ' ', $charsets->value("SELECT group_concat(table_name ORDER BY table_name SEPARATOR ' ') FROM information_schema.tables WHERE table_schema = DATABASE()")) {
		my $key = $table =~ /^one/ ? 'b' : 'id';
		is($db->value("SELECT string_agg(upper(encode(convert_to(v, 'UTF8'), 'hex')), ' ' ORDER BY $key) FROM $schema.$table"),
			$charsets->value("SET SESSION group_concat_max_len = 100000; SELECT group_concat(HEX(CONVERT(v USING utf8mb4)) ORDER BY $key SEPARATOR ' ') FROM $table"), "$table: every value");
		next if $table =~ /^one/;
		is($db->value("INSERT INTO $schema.$table (id) VALUES (7); SELECT upper(string_agg(encode(convert_to(concat(e, ' ', array_to_string(s, ',')), 'UTF8'), 'hex'), '|' ORDER BY id)) FROM $schema.$table WHERE id < 3;"),
			$charsets->value("SELECT group_concat(HEX(concat(CONVERT(e USING utf8mb4), ' ', CONVERT(s USING utf8mb4))) ORDER BY id SEPARATOR '|') FROM $table"), "$table: labels");
		is($db->value("SELECT v IS NOT DISTINCT FROM (SELECT v FROM $schema.$table WHERE id = 2) FROM $schema.$table WHERE id = 7"), 't', "$table: default");
		is($db->value("SELECT upper(encode(convert_to(obj_description('$schema.$table'::regclass), 'UTF8'), 'hex'))"),
			$charsets->value("SELECT HEX(CONVERT(table_comment USING utf8mb4)) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = '$table'"), "$table: comment");
	}
}

my $addresses = case_source('addresses-and-NULL-text');
$db->run('CREATE SCHEMA a; CREATE TABLE a.requests_log__2021 (who_ip inet, note varchar(20), n int)');
$db->link_source('a', $addresses, target_schema => 'a', readers => 1);
like($db->value("SELECT note FROM alkconv_plan('a', mode => 'existing') WHERE note ~ 'who_ip'"), qr/who_ip/, 'bytes of an address are refused by name');
like($db->value("SELECT concat_ws('|', check_name, column_name, remedy) FROM alkconv_preflight('a', mode => 'existing') WHERE severity = 'error'"),
	qr/^cannot_convert\|who_ip\|.*action expression/, 'with what to do');
my ($rule) = slurp('docs/rules.md') =~ /\('visit', 'address', ('expression', \$\$.*?\$\$)\)/s or die "docs/rules.md has no rule for addresses\n";
$db->run("INSERT INTO alkconv.rule (source, table_pattern, column_pattern, action, argument) VALUES ('a', '%', 'who_ip', $rule)", "SELECT alkconv_migrate('a', mode => 'existing')");
is($db->value("SELECT string_agg(concat_ws(' ', n, coalesce(host(who_ip), '-')), ', ' ORDER BY n) FROM a.requests_log__2021"), '1 192.0.2.33, 2 2001:db8::1, 3 -, 4 ::ffff:10.0.0.1',
	'by the rule of the documentation they arrive as addresses');
$schema = made($addresses);
is($db->value("SELECT string_agg(coalesce(note, '(null)'), ',' ORDER BY n), string_agg(coalesce(encode(who_ip, 'hex'), ''), ',' ORDER BY n) FROM $schema.requests_log__2021"),
	'NULL,(null),\\N,|c0000221,20010db8000000000000000000000001,,00000000000000000000ffff0a000001', 'texts that read like NULL, and bytes');

done_testing();
