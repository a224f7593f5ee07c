# testbed: mysql mariadb readers
#
# What real databases hold: every scalar type at its limits, and the databases of Kratos and Alkemio with their profiles.
use strict;
use warnings;
use AlkconvTest;
use Compress::Zlib qw(uncompress);
use MIME::Base64 qw(decode_base64);
use Test::More;

my $fixtures = 'test/fixtures';

sub bad { return $_[0]->value("SELECT count(*) FROM alkconv_report() WHERE verdict NOT IN ('ok', 'excluded', 'left out') OR check_name = 'table' AND verdict = 'left out'") }
sub noted { my ($db, $table) = @_; return $db->value("SELECT note FROM alkconv_report() WHERE table_name = '$table' AND check_name = 'table'") }

# ---- every type ----------------------------------------------------------------------------------------------------------------------

my $types = scratch_source();
$types->load("$fixtures/alltypes/" . flavor() . '.sql');
my $db = scratch_database();
$db->run(slurp("$fixtures/alltypes/postgres.sql"));
$db->link_source('src', $types);
my $tables = flavor() eq 'mysql' ? 21 : 22;
my $notices = $db->notices("SELECT alkconv_migrate('src')");
like($notices, qr/migrated "src": $tables tables, \d+ rows, every value proved equal(?:, \d+ columns? by reading (?:it|them) again(?:,? (?:\d+ of them )?with the converter)?)?(?:; left out: [^\n]*)?$/m, 'every type, name and table');
is(bad($db), 0, 'every verdict is ok');
is($db->value("SELECT count(*) FROM alkconv_report() WHERE check_name = 'digest'"), $tables, 'by digests');
# what the report cannot show: values written down here by hand, independent of converter and proof
is($db->value('SELECT ti, si_u, bi_u, bi_u_low FROM integers WHERE id = 2'), '127|65535|18446744073709551615|9223372036854775807', 'integers');
is($db->value('SELECT d65_30 FROM decimals WHERE id = 2'), '-99999999999999999999999999999999999.999999999999999999999999999999', 'decimals');
is($db->value('SELECT f, d FROM floats WHERE id IN (5, 6) ORDER BY id'), "1.1754944e-38|5e-324\n0.1|0.30000000000000004", 'floats');
is($db->value("SET TimeZone = 'UTC'; SELECT y, d, dt6, ts6 FROM moments WHERE id = 2"), '2155|9999-12-31|9999-12-31 23:59:59.999999|2038-01-19 03:14:07.499999+00', 'dates');
is($db->value('SELECT tm6, time_of_day FROM spans WHERE id = 1'), '-838:59:58.999999|00:00:00', 'times');
is($db->value("SELECT v_koi8r, v_utf32, mt FROM texts WHERE id = 3"), 'Жълта дюля|😀 日本|{"a": 1}', 'character sets');
is($db->value('SELECT length(lt), md5(mt) = md5(repeat(\'абв😀\', 20000)) FROM texts WHERE id = 4'), '1000000|t', 'long texts');
is($db->value('SELECT b4, vb, length(lb), sha256(lb) = sha256(decode(repeat(\'FEDCBA9876543210\', 120000), \'hex\')) FROM binaries WHERE id = 5'),
	'\x61620000|\x' . '00ff' x 127 . '|960000|t', 'bytes');
is($db->value("SELECT id, by_bytes, other FROM identifiers WHERE as_bytes IS NOT NULL ORDER BY id DESC LIMIT 1"),
	join('|', ('6ccd780c-baba-1026-9564-5b8c656024db') x 3), 'uuids from text and bytes');
is($db->value("SELECT e, s, array_length(s, 1), s_text FROM labels WHERE id = 3"), q(with, comma|{a,"b c",it's,ü,"\"q\"","{x}","NULL","back\\\\slash"}|8|one,two,three), 'labels');
is($db->value("SELECT j_jsonb->'', j_jsonb->'ключ' FROM documents WHERE id = 5"), '{"deep": [[[[[]]]]]}|"стойност"', 'documents');
is($db->value("SELECT encode(p, 'hex') FROM shapes WHERE id = 1"), '000000000101000000000000000000f8bf7dc39425ad49b254', 'shapes');
is($db->value('SELECT id, hidden, rounded, origin FROM derived WHERE id = 3'), '3|2147483647|-1|made by the target', 'an invisible column, a generated one, a default');
is($db->value(q{SELECT "from", "order" FROM "select" WHERE "user" = 'me'}), '1|asc', 'reserved words');
is($db->value(q{SELECT "do""uble", "ba`ck", "100%" FROM "MixedCase" WHERE "Id" = 1}), '6|7|8', 'quotes in names');
is($db->value("SELECT nextval('integers_id_seq')"), 6, 'the sequence goes on');

# Whatever the session's settings are: the same rows, and the same proof.
my $contents = $db->dump('--exclude-schema=alkconv', '--data-only');
my $settings = q{SET bytea_output = 'escape'; SET DateStyle = 'SQL, DMY'; SET IntervalStyle = 'sql_standard'; SET extra_float_digits = -10;
	SET TimeZone = 'America/St_Johns'; SET standard_conforming_strings = off; SET escape_string_warning = off; SET array_nulls = off; SET quote_all_identifiers = on;
	SET client_encoding = 'LATIN1'; SET search_path = '"$user"'; SET transform_null_equals = on; SET default_toast_compression = 'pglz'; SET enable_seqscan = off;
	SET default_transaction_isolation = 'repeatable read'; SET work_mem = '64kB'; SET max_parallel_workers_per_gather = 4; SET parallel_setup_cost = 0;
	SET min_parallel_table_scan_size = 0;};
$db->run("$settings SELECT public.alkconv_migrate('src', 'public', on_existing => 'replace')");
is(bad($db), 0, 'under other settings every verdict is ok');
same_text($db->dump('--exclude-schema=alkconv', '--data-only') =~ s/(integers_id_seq', )6, false/${1}6, true/r, $contents, 'and every value the same');

# ---- Kratos and Alkemio ----------------------------------------------------------------------------------------------------------------

# application(name of the fixture, rows): a filled source and a target as the application's own first start leaves it, migrated.
sub application {
	my ($fixture, $rows) = @_;
	my $source = scratch_source();
	$source->load("$fixtures/$fixture/" . flavor() . '.sql');
	my %rows = run_command(['perl', "$fixtures/generate.pl", '--db', $fixture, '--rows', $rows, '--flavor', flavor()]);
	die "generate.pl: $rows{stderr}" if $rows{rc} != 0;
	$source->run($rows{stdout});
	my $target = scratch_database();
	$target->run(slurp("$fixtures/$fixture/postgres.sql") . slurp("$fixtures/$fixture/postgres_seed.sql"));
	$target->link_source('src', $source, profile => $fixture =~ s/_.*//r, time_zone => 'UTC'); # that of the sessions that wrote the fixture
	my $schema = $target->dump('--schema-only');
	$target->run("SELECT alkconv_migrate('src')");
	is(bad($target), 0, "$fixture: every verdict is ok");
	cmp_ok($target->value("SELECT count(*) FROM alkconv_report() WHERE verdict = 'ok'"), '>', 150, "$fixture: and there are many");
	same_text($target->dump('--schema-only'), $schema, "$fixture: the application's schema is as it was");
	return ($source, $target);
}

for my $fixture (qw(kratos_v131 kratos_head)) {
	my ($source, $target) = application($fixture, 1000);
	is($target->value('SELECT id FROM networks ORDER BY id'), lc $source->value('SELECT id FROM networks ORDER BY id'), "$fixture: the source's networks replace the seeded one");
	like(noted($target, 'networks'), qr/^1 row replaced by replace_seeded: /, "$fixture: the report says so");
	my $empty = $source->value("SELECT COUNT(*) FROM identities WHERE organization_id = ''");
	cmp_ok($empty, '>', 0, "$fixture: there are ids that are not set");
	like(noted($target, 'identities'), qr/organization_id: changed $empty of \d+ values by empty_to_null\(uuid\): an id that is not set/, "$fixture: they become null, and are counted");
	is($target->value('SELECT count(*) FROM identities WHERE organization_id IS NULL'),
		$source->value("SELECT COUNT(*) FROM identities WHERE organization_id = '' OR organization_id IS NULL"), "$fixture: no others do");
	is($target->value("SELECT count(*) FROM alkconv_report() WHERE verdict = 'excluded' AND table_name = 'schema_migration'"), 1, "$fixture: the engine's migrations stay");
}

my ($source, $target) = application('alkemio', 1000);
is($target->value("SELECT string_agg(table_name, ', ' ORDER BY table_name) FROM alkconv_report() WHERE verdict = 'excluded'"),
	'challenge, migrations_typeorm, opportunity, query-result-cache', 'alkemio: what is left out');
is($target->value('SELECT count(*) FROM platform'), $source->value('SELECT COUNT(*) FROM platform'), 'alkemio: seeded tables hold what the source holds');
like(noted($target, 'platform'), qr/^1 row replaced by replace_seeded: the application's first migration seeds it$/, 'alkemio: the report says so');
my $drawings = $source->value("SELECT COUNT(*) FROM whiteboard WHERE content <> ''");
cmp_ok($drawings, '>', 5, 'alkemio: there are drawings');
like(noted($target, 'whiteboard'), qr/content: changed \d+ of \d+ values by transform\(code_points_to_base64\)/, 'alkemio: drawings are transformed, and counted');
my %stored = map { split /\|/ } $target->rows("SELECT id, translate(content, E'\\n', '') FROM whiteboard WHERE content <> ''");
my ($inflated, $same) = (0, 0);
for my $line ($source->rows("SELECT LOWER(id), HEX(content) FROM whiteboard WHERE content <> ''")) {
	my ($id, $hex) = split /\t/, $line;
	my $bytes = pack 'H*', $hex;
	utf8::decode($bytes);
	utf8::downgrade($bytes, 1) or next; # one code point a byte
	my $kept = decode_base64($stored{$id} // '');
	$same++ if $kept eq $bytes;
	$inflated++ if defined uncompress($kept);
}
is($same, $drawings, 'alkemio: each is base64 of the same bytes');
is($inflated, $drawings, 'alkemio: and inflates');

done_testing();
