# testbed: mysql mariadb smoke
#
# A database with every scalar type at its limits, imported and read: the values must be what the source's own SQL says.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $fixture = "$ENV{ALKCONV_SRC}/test/fixtures/alltypes";
my $my = scratch_source(undef);
$my->load("$fixture/mysql.sql");
my $name = $my->dbname;
my $db = scratch_database();
$db->link_source('src', $my);
$db->run('CREATE SCHEMA imported', "IMPORT FOREIGN SCHEMA $name FROM SERVER src INTO imported");

# ---- the import: every table, every column, every row --------------------------------------------------------------------------------

my %source = map { my ($t, $c) = split /\t/; ($t => $c) }
	$my->rows("SELECT table_name, COUNT(*) FROM information_schema.columns WHERE table_schema = '$name' GROUP BY table_name");
my %imported = map { my ($t, $c) = split /\|/; ($t => $c) } $db->rows('SELECT relname, relnatts FROM pg_class'
	. " WHERE relnamespace = 'imported'::regnamespace AND relkind = 'f'");
is_deeply(\%imported, \%source, 'every table and view is imported, with every column');
for my $table (grep { $_ ne 'documents' } sort keys %source) {
	my $rows = $my->value("SELECT COUNT(*) FROM `$table`");
	is($db->value(qq{SELECT count(*) FROM (SELECT * FROM imported."$table" OFFSET 0) x WHERE x IS NOT DISTINCT FROM x}), $rows, "$table: $rows rows can be read");
}

# ---- both renderings of the same value, as far as the two servers spell them alike -----------------------------------------------------

sub same {
	my ($what, $mysql, $postgres) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my @expected = map { s/\t/|/gr =~ s/\\\\/\\/gr } $my->rows($mysql); # the client doubles backslashes
	is_deeply([$db->rows("SET timezone = 'UTC'; SET intervalstyle = 'postgres'; $postgres")], \@expected, $what);
	return;
}

for my $column (qw(ti ti_u flag si si_u mi mi_u i i_u i_zero bi bi_u bi_u_low)) {
	same("integers.$column", "SELECT id, IFNULL(`$column` + 0, '') FROM integers ORDER BY id", "SELECT id, $column FROM imported.integers ORDER BY id");
}
for my $column (qw(d1_0 d5_2 d10_2_u d18_9 d30_30 d65_0 d65_30)) {
	same("decimals.$column", "SELECT id, IFNULL($column, '') FROM decimals ORDER BY id", "SELECT id, $column FROM imported.decimals ORDER BY id");
}
for my $column (qw(b1 b1_bool b10 b64)) {
	my $width = $column eq 'b64' ? 64 : $column eq 'b10' ? 10 : 1;
	same("bits.$column", "SELECT id, IFNULL(LPAD(BIN($column + 0), $width, '0'), '') FROM bits ORDER BY id", "SELECT id, $column FROM imported.bits ORDER BY id");
}
is($db->value("SELECT string_agg(encode(float4send(f), 'hex') || ' ' || encode(float8send(d), 'hex'), ',' ORDER BY id) FROM imported.floats WHERE id < 7"),
	join(',', map { unpack('H*', pack('f>', $_->[0])) . ' ' . unpack('H*', pack('d>', $_->[1])) }
		[16777.217, 16777.217], [1.401298464324817e-45, 2.2250738585072014e-308], [3.4028234663852886e38, 1.7976931348623157e308],
		[-3.4028234663852886e38, -1.7976931348623157e308], [1.17549435e-38, 4.9406564584124654e-324], [0.1, 0.30000000000000004]),
	'floats: every bit');
same('floats: the sign of zero', "SELECT id, CAST(f AS CHAR) LIKE '-%', CAST(d AS CHAR) LIKE '-%' FROM floats WHERE d = 0 ORDER BY id",
	"SELECT id, (f::text LIKE '-%')::int, (d::text LIKE '-%')::int FROM imported.floats WHERE d = 0 ORDER BY id");
for my $fsp (0 .. 6) {
	same("moments.dt$fsp", "SELECT id, IFNULL(TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM DATE_FORMAT(dt$fsp, '%Y-%m-%d %H:%i:%s.%f'))), '') FROM moments ORDER BY id",
		"SELECT id, dt$fsp FROM imported.moments ORDER BY id");
	same("moments.ts$fsp", "SELECT id, IFNULL(CONCAT(TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM DATE_FORMAT(ts$fsp, '%Y-%m-%d %H:%i:%s.%f'))), '+00'), '') FROM moments ORDER BY id",
		"SELECT id, ts$fsp FROM imported.moments ORDER BY id");
	same("spans.tm$fsp", "SELECT id, IFNULL(IF(TIME_TO_SEC(tm$fsp) < 0 OR tm$fsp < 0, -1, 1) * (HOUR(tm$fsp) * 3600000000 + MINUTE(tm$fsp) * 60000000 + SECOND(tm$fsp) * 1000000 + MICROSECOND(tm$fsp)), '') FROM spans ORDER BY id",
		"SELECT id, (extract(epoch FROM tm$fsp) * 1000000)::bigint FROM imported.spans ORDER BY id");
}
same('moments: year and date', "SELECT id, IFNULL(y + 0, ''), IFNULL(d, '') FROM moments ORDER BY id", 'SELECT id, y, d FROM imported.moments ORDER BY id');
for my $column (qw(c c_empty v v_long v_bin v_latin1 v_utf8mb3 v_utf32 v_koi8r tt t mt lt)) {
	same("texts.$column", "SELECT id, IFNULL(LOWER(SHA2(CONVERT($column USING utf8mb4), 256)), '') FROM texts ORDER BY id",
		"SELECT id, encode(sha256(convert_to($column, 'UTF8')), 'hex') FROM imported.texts ORDER BY id");
}
for my $column (qw(b4 b_empty vb tb b mb lb)) {
	same("binaries.$column", "SELECT id, IFNULL(LOWER(SHA2($column, 256)), '') FROM binaries ORDER BY id",
		"SELECT id, encode(sha256($column), 'hex') FROM imported.binaries ORDER BY id");
}
same('labels', "SELECT id, IFNULL(e, ''), IFNULL(e_text, ''), IFNULL(REPLACE(s, ',', ';'), ''), IFNULL(REPLACE(s_text, ',', ';'), '') FROM labels ORDER BY id",
	"SELECT id, e, e_text, array_to_string(s, ';', '?'), array_to_string(s_text, ';', '?') FROM imported.labels ORDER BY id");
same('shapes', "SELECT id, IFNULL(LOWER(HEX(g)), ''), IFNULL(LOWER(HEX(a)), '') FROM shapes ORDER BY id",
	"SELECT id, encode(g, 'hex'), encode(a, 'hex') FROM imported.shapes ORDER BY id");
same('a hidden column and generated ones', 'SELECT id, price, hidden, doubled, rounded FROM derived ORDER BY id',
	'SELECT id, price, hidden, doubled, rounded FROM imported.derived ORDER BY id');
same('names', 'SELECT `Id`, IFNULL(`camelCase`, \'\'), IFNULL(`do"uble`, \'\'), IFNULL(`ba``ck`, \'\'), IFNULL(`100%`, \'\') FROM `MixedCase` ORDER BY 1',
	'SELECT "Id", "camelCase", "do""uble", "ba`ck", "100%" FROM imported."MixedCase" ORDER BY 1');

# ---- json: jsonb refuses what it cannot hold; json keeps every character --------------------------------------------------------------

$db->fails('SELECT j_json FROM imported.documents', sqlstate => '22P05', like => [qr/column "j_json" of table "documents"/, qr/\(id\)=\(4\)/, qr/HINT:.*json/],
	name => 'documents: an escape that jsonb cannot hold');
$db->run('ALTER FOREIGN TABLE imported.documents ALTER COLUMN j_json TYPE json, ALTER COLUMN j_text TYPE text');
for my $column (qw(j_json j_text)) {
	same("documents.$column", "SELECT id, IFNULL(LOWER(SHA2(CONVERT($column USING utf8mb4), 256)), '') FROM documents ORDER BY id",
		"SELECT id, encode(sha256(convert_to($column\::text, 'UTF8')), 'hex') FROM imported.documents ORDER BY id");
}
is($db->value("SELECT j_jsonb = '[0, -1, 9223372036854775807, -9223372036854775808, 18446744073709551615]' FROM imported.documents WHERE id = 6"), 't',
	'documents: integers in jsonb keep their digits');

done_testing();
