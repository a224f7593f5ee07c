# testbed: mysql mariadb
#
# What core::JsonbBuilder makes is stored without the server's input function having seen the text, so it must be, byte for byte, what that makes:
# hostile texts, mutations, random documents and all shapes of numbers, the same each time; then the same through a migration, COPY's machinery
# and the foreign table. ALKCONV_JSON_MUTATIONS sets how many mutations per text.
use strict;
use warnings;
use AlkconvTest;
use AlkconvTest::JsonTexts qw(json_texts);
use Test::More;

my $mutations = $ENV{ALKCONV_JSON_MUTATIONS} // 60;

srand 20260207;
sub pick { return $_[rand @_] }

my @signs = ('', '-');
my @wholes = ('0', '1', '9', '10', '42', '99', '100', '999', '1000', '9999', '10000', '10001', '12345', '99999999', '100000000', '100000001', '4294967296',
	'9223372036854775807', '9223372036854775808', '18446744073709551615', '18446744073709551616', '1' . '0' x 40, '123456789' x 5);
my @fractions = ('', '.0', '.5', '.50', '.05', '.005', '.0005', '.00005', '.000000001', '.1234', '.12345', '.12340', '.99999999', '.0000', '.' . '0' x 62, '.' . '0' x 63,
	'.' . '0' x 64, '.' . '0' x 63 . '1', '.' . '123456789' x 9);
my @exponents = ('', 'e0', 'E1', 'e+2', 'e3', 'e4', 'e5', 'e-1', 'e-2', 'e-3', 'e-4', 'e-5', 'e17', 'E-17', 'e63', 'e-63', 'e-64', 'e250', 'e255', 'e256', 'e-250', 'e-308', 'e00003');
my @numbers = map { my $sign = $_; map { my $whole = $_; map { my $fraction = $_; map { "$sign$whole$fraction$_" } @exponents } @fractions } @wholes } @signs;
my @edges = map { ($_, "-$_") } '1e-16383', '1e-16384', '0e-16383', '0e-16384', '0e16384', '0e131072', '0e1000000', '0e1000001', '1e-1000000', '0.' . '0' x 16382, '0.' . '0' x 16383, '0.' . '0' x 16384,
	'1.' . '3' x 16383, '1.' . '3' x 16384, '1e-400', '0.' . '0' x 9000 . '7e-7382', '1' x 308, '1' x 309, '5' x 300 . '.' . '5' x 300, '1e0' . '0' x 300 . '1';

my @characters = (map({ chr } 0x20, 0x21, 0x23 .. 0x5b, 0x5d .. 0x7f), "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xef\xbf\xbf", '\\n', '\\"', '\\\\', '\\/', '\\b', '\\f', '\\r', '\\t',
	'\\u0001', '\\u001f', '\\u0041', '\\u007F', '\\u0080', '\\u00e9', '\\u07ff', '\\u0800', '\\u20AC', '\\uFFFF', '\\ud800\\udc00', '\\uD83D\\uDE00', '\\udbff\\udfff', '\\\\u0000');
sub random_string { return '"' . join('', map { pick(@characters) } 1 .. int rand pick(1, 3, 8, 40, 300)) . '"' }
sub random_key { return rand() < 0.5 ? '"' . pick('a', 'b', 'A', 'aa', 'ab', 'ba', '', "\xc3\xa9", '\\u0061', '\\u00e9', 'z', 'Z', '~', 'key') . '"' : random_string() }
sub blank { return rand() < 0.8 ? '' : pick(' ', "\n", "\t", "\r", '  ') }
sub random_value {
	my ($depth) = @_;
	my $what = rand($depth > 0 ? 10 : 5);
	return pick('null', 'true', 'false') if $what < 1;
	return pick(@numbers) if $what < 2.5;
	return random_string() if $what < 5;
	my $count = int rand pick(1, 3, 5, 10, $depth > 2 ? 80 : 20);
	my ($open, $close, $member) = $what < 7 ? ('[', ']', sub { random_value($depth - 1) }) : ('{', '}', sub { random_key() . blank() . ':' . blank() . random_value($depth - 1) });
	return $open . blank() . join(blank() . ',' . blank(), map { $member->() } 1 .. $count) . blank() . $close;
}

# lengths around the stride of the offsets, all kinds of children, all remainders of the alignment
my @strides = map {
	my $count = $_;
	my @kinds = ('null', 'true', '""', '"x"', '"xy"', '"xyz"', '7', '-1.25', '[]', '{}', '["a"]', '{"k":1}');
	('[' . join(',', map { $kinds[$_ % @kinds] } 1 .. $count) . ']', '[' . join(',', map { '"' . 'v' x ($_ % 7) . '"' } 1 .. $count) . ']',
		'{' . join(',', map { "\"k$_\":" . $kinds[$_ % @kinds] } 1 .. $count) . '}', '{' . join(',', map { '"' . 'k' x $_ . '":' . $_ } reverse 1 .. $count) . '}')
} 1, 2, 15, 16, 17, 31, 32, 33, 63, 64, 65, 96, 97, 200;
my @duplicates = (
	'{"a":1,"a":2}', '{"a":1,"b":2,"a":{"c":3}}', '{"a":{"a":1,"a":2},"a":{"a":3,"a":4}}', '{"\\u0061":1,"a":2}', '{"a":1,"\\u0061":2}', '{"":1,"":2}', '{"a":[],"a":""}',
	'{' . join(',', map { '"' . ($_ % 13) . "\":$_" } 1 .. 300) . '}', '{' . join(',', map { "\"a\":$_" } 1 .. 300) . '}',
	'{"' . 'k' x 70000 . '":1,"' . 'k' x 70000 . '":2,"' . 'k' x 69999 . '":3}', '{"b":1,"a":2,"bb":3,"aa":4,"B":5,"' . "\xc3\xa9" . '":6,"\\u00e8":7}',
);
my @nested = map { my $depth = $_; ('[' x $depth . ']' x $depth, '{"a":' x $depth . '1' . '}' x $depth, '["xyz",' x $depth . '1.5' . ']' x $depth, '[{"k":' x $depth . '"v"' . '}]' x $depth) } 1, 2, 3, 10, 50, 64, 100, 127;

my @left = map { my $object = $_; ('[' x 200 . $object . ']' x 200, '{"d":' x 3000 . $object . '}' x 3000, "[$object,\"" . 'x' x 1_200_000 . '"]', "[1e400,$object]", '{"o":[' . $object . ',"' . 'y' x 1_100_000 . '"],"p":{}}') }
	'{"a":1,"a":2}', '{"a":1,"b":[{"a":1},{"a":"a"}]}', '{"\\u00e9":1,"' . "\xc3\xa9" . '":2}', '{"\\ud83d\\ude00x":1,"' . "\xf0\x9f\x98\x80" . 'x":{"\\"":"}{"}}',
	'{"a\\\\":1,"a\\"":2,"a/":3,"a\\/":4}', '{"":{"":0},"b":"\",\\"b\\":"}', '{"\\ud800":1,"\\ud800":2}', '["a","a",{"a":"b","b":"a"}]'; # too deep, too long, too large for the reader
my @arrays; # all numbers, some at a time
for (my @rest = @numbers; @rest;) { push @arrays, '[' . join(',', splice @rest, 0, 25) . ']' }
my @nuls = map { ("\"$_\"", "[\"a\", \"$_\"]", "{\"$_\": 1}", "{\"a\": \"$_\", \"a\": 1}") } '\\u0000', 'x\\u0000', '\\\\\\u0000y';
my @documents = (@nuls, @arrays, @edges, (map { "[$_]" } @edges), @strides, @duplicates, @nested, map { random_value($_ % 4 + 1) } 1 .. 1500);
my @texts = json_texts($mutations, pick(@numbers), '{"a":1,"bb":"\\u00e9","a":[1.50,{}]}', '[1e5,-0.0,0.00001,"\\ud83d\\ude00",[[]],{"":null}]', '{"k":{"kk":{"k":[true,false,null]}},"kk":-12.5e-3}');
push @texts, @documents, @left;

my $db = scratch_database();
$db->run('CREATE EXTENSION alkconv_test', 'CREATE TABLE texts (n int, t bytea)', <<'SQL');
CREATE FUNCTION judged(t bytea) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN alkconv_test_jsonb(t);
EXCEPTION WHEN OTHERS THEN
	RETURN 'error ' || SQLSTATE;
END $$;
CREATE FUNCTION server(t bytea) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM convert_from(t, 'UTF8')::jsonb;
	RETURN 'ok';
EXCEPTION WHEN OTHERS THEN
	RETURN 'error ' || SQLSTATE;
END $$;
SQL
for (my $i = 0; $i < @texts; $i += 500) {
	my $last = $i + 499 < $#texts ? $i + 499 : $#texts;
	$db->run('INSERT INTO texts VALUES ' . join(',', map { "($_,'\\x" . unpack('H*', $texts[$_]) . "')" } $i .. $last));
}
$db->run('CREATE TABLE judgements AS SELECT n, t, judged(t) AS core, server(t) AS server FROM texts');
my %count = map { my ($core, $server, $count) = split /\|/; ("$core, $server" => $count) }
	$db->rows("SELECT CASE WHEN core IN ('equal', 'input') OR core LIKE 'error%' OR length(core) < 20 THEN core ELSE 'other bytes' END, server, count(*) FROM judgements GROUP BY 1, 2");
note(join "\n", map { "$_: $count{$_}" } sort keys %count);
my @bad = $db->rows("SELECT n, left(core, 300), server, left(encode(t, 'escape'), 200) FROM judgements"
	. " WHERE NOT coalesce(core IN ('equal', 'duplicate_member') AND server = 'ok' OR core = 'input' OR core IN ('nul_in_json', 'nul_in_text', 'invalid_encoding', 'duplicate_member') AND server <> 'ok', false) ORDER BY n LIMIT 10");
is(scalar @bad, 0, 'the very bytes that the server makes of all ' . @texts . ' texts, or none') or diag(join "\n", @bad);
cmp_ok($count{'equal, ok'}, '>', 3000, "$count{'equal, ok'} are made");
my $left = $count{'input, ok'} // 0;
cmp_ok($left, '<', $count{'equal, ok'} / 10, "$left valid ones are left to the server");
is($db->value("SELECT count(*) FROM judgements WHERE core = 'nul_in_json' AND server <> 'error 22P05' AND server <> 'error 22P02'"), 0, 'U+0000 is what the server refuses, too');
cmp_ok($db->value("SELECT count(*) FROM judgements WHERE core = 'nul_in_json' AND server = 'error 22P05'"), '>', 5, 'U+0000 occurs');
if ($db->value('SHOW server_version_num') >= 160000) {
	my $judged = "SELECT count(*) FROM judgements WHERE CASE WHEN server = 'ok' THEN convert_from(t, 'UTF8') IS";
	is($db->value("$judged NOT JSON WITH UNIQUE KEYS AND core IN ('equal', 'input') END"), 0, 'no member is dropped without a word');
	is($db->value("$judged JSON WITH UNIQUE KEYS AND core = 'duplicate_member' END"), 0, 'no others are refused');
}
is($db->value("SELECT count(*) FROM judgements WHERE length(t) > 1200000 AND core = 'duplicate_member'"), 4, 'long ones, too');
my %duplicate = map { $_ => 1 } $db->rows("SELECT encode(t, 'hex') FROM judgements WHERE core = 'duplicate_member'");
cmp_ok(scalar keys %duplicate, '>=', 10, 'names that occur twice are refused');

# Through a migration, compressed where it is large; through COPY's machinery; through a foreign table.
my %seen;
my @loaded = grep { !$seen{$_}++ && length($_) < 60_000 && !$duplicate{ unpack 'H*', $_ } } grep { $_ !~ /[\x00'\\]/ } @duplicates, @strides, @nested, @arrays[0 .. 40], map { random_value(3) } 1 .. 100;
my $my = scratch_source('CREATE TABLE d (id int PRIMARY KEY, t longtext NOT NULL) DEFAULT CHARSET utf8mb4; '
	. join('', map { "INSERT INTO d VALUES ($_, CONVERT(x'" . unpack('H*', $loaded[$_]) . "' USING utf8mb4));" } 0 .. $#loaded)
	. 'CREATE TABLE parted AS SELECT * FROM d; ALTER TABLE parted ADD PRIMARY KEY (id);');
$db->run('CREATE TABLE d (id int PRIMARY KEY, t jsonb NOT NULL)', 'CREATE TABLE parted (id int PRIMARY KEY, t jsonb NOT NULL) PARTITION BY RANGE (id)',
	'CREATE TABLE parted_all PARTITION OF parted DEFAULT', 'CREATE TABLE expected (id int PRIMARY KEY, t jsonb COMPRESSION lz4 NOT NULL)');
for my $id (0 .. $#loaded) {
	$db->run("INSERT INTO expected SELECT $id, convert_from('\\x" . unpack('H*', $loaded[$id]) . "', 'UTF8')::jsonb");
}
$db->link_source('src', $my);
is($db->value("SELECT count(*) FROM alkconv_migrate('src', include => ARRAY['d', 'parted'])"), 1, 'loaded with the whole proof');
$db->run('CREATE FOREIGN TABLE f (id int, t jsonb) SERVER src OPTIONS (table_name \'d\')');
for my $table (qw(d parted f)) {
	is($db->value("SELECT count(*) FROM $table"), scalar @loaded, "$table: all rows");
	my @other = $db->rows("SELECT id, left(e.t::text, 200) FROM $table AS o JOIN expected AS e USING (id) WHERE alkconv_test_jsonb_bytes(o.t) <> alkconv_test_jsonb_bytes(e.t) ORDER BY id LIMIT 5");
	is(scalar @other, 0, "$table: every byte") or diag(join "\n", @other);
}
my $sizes = sub { $db->value("SELECT md5(string_agg(id || ':' || coalesce(pg_column_compression(t), '-') || ':' || pg_column_size(t), ' ' ORDER BY id)) FROM $_[0]") };
is($sizes->('d'), $sizes->('expected'), 'compressed as the server does it');

done_testing();
