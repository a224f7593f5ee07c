# testbed: mysql mariadb no-sanitizer
#
# What core::JsonValidator accepts is stored as json without the server's input function having seen it, so the server must accept it, too:
# hand-written hostile texts and thousands of mutations of valid ones, the same each time, are put to both. ALKCONV_JSON_MUTATIONS sets
# how many per text.
use strict;
use warnings;
use AlkconvTest;
use AlkconvTest::JsonTexts qw(json_texts);
use FindBin;
use File::Temp ();
use Test::More;

my $root = "$FindBin::Bin/../..";
my $mutations = $ENV{ALKCONV_JSON_MUTATIONS} // 60;

my $dir = File::Temp->newdir;
my $tool = "$dir/json_accepts";
my @flags = split ' ', qx(pkg-config --cflags --libs simdjson);
my %built = run_command(['c++', '-std=c++17', '-O1', "-I$root/src", '-o', $tool, "$root/test/json/json_accepts.cpp",
	"$root/src/core/json.cpp", "$root/src/core/arena.cpp", @flags]);
is($built{rc}, 0, 'json_accepts builds') or BAIL_OUT($built{stderr});

my @texts = json_texts($mutations);
my @hex = map { unpack 'H*', $_ } @texts;

my $db = scratch_database(extension => 0);
$db->run(<<'SQL');
CREATE TABLE texts (n int, h text);
CREATE FUNCTION valid(h text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	PERFORM convert_from(decode(h, 'hex'), 'UTF8')::json;
	RETURN true;
EXCEPTION WHEN data_exception OR invalid_text_representation OR character_not_in_repertoire OR untranslatable_character OR statement_too_complex THEN
	RETURN false;
END $$;
SQL
for (my $i = 0; $i < @hex; $i += 500) {
	my $last = $i + 499 < $#hex ? $i + 499 : $#hex;
	$db->run("INSERT INTO texts VALUES " . join(',', map { "($_,'$hex[$_]')" } $i .. $last));
}
# the least stack that the server allows: what is accepted must be accepted under all settings
my @server = split //, $db->value("SET max_stack_depth = '100kB'; SELECT string_agg(valid(h)::int::text, '' ORDER BY n) FROM texts");
is(scalar @server, scalar @texts, 'the server judges all ' . @texts . ' texts') or BAIL_OUT('');
my $good = grep { $_ } @server;
cmp_ok($good, '>', 800, "$good are valid for the server");
cmp_ok(@texts - $good, '>', 2000, 'the others are not');

my %list = run_command([ $tool, 'list' ]);
my @implementations = split ' ', $list{stdout};
ok((grep { $_ eq 'fallback' } @implementations), "implementations: @implementations");
for my $implementation ('', @implementations) {
	my %result = run_command([ $tool, $implementation eq '' ? () : $implementation ], input => join('', map { "$_\n" } @hex));
	my $name = $implementation || 'the default';
	is($result{rc}, 0, "$name judges") or diag($result{stderr});
	my @core = split ' ', $result{stdout};
	is(scalar @core, scalar @texts, "$name judges all");
	my @false = grep { $core[$_] && !$server[$_] } 0 .. $#texts;
	is(scalar @false, 0, "$name accepts nothing that the server refuses") or diag(join "\n", map { substr $hex[$_], 0, 200 } @false[0 .. (@false > 9 ? 9 : $#false)]);
	my @left = grep { !$core[$_] && $server[$_] } 0 .. $#texts;
	cmp_ok(@left, '<', $good / 5, "$name leaves " . @left . " of $good valid texts to the server");
}

done_testing();
