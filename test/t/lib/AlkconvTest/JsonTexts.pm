# Texts for whatever reads JSON: valid ones, hostile ones, and mutations of the valid ones, the same each time.
package AlkconvTest::JsonTexts;

use strict;
use warnings;
use Exporter qw(import);

our @EXPORT_OK = qw(json_texts);

sub nested { my ($open, $close, $depth) = @_; return ($open x $depth) . ($open =~ /:/ ? '1' : '') . ($close x $depth) }

# Valid ones first: those are mutated.
my @valid = (
	'{}', '[]', 'null', 'true', 'false', '0', '-0', '1', '-1', '""', '"a"', '1e1', '1E+1', '1e-1', '0.0', '-0.0e-0', '12345.678e9',
	'{"a":1}', '{"a": 1, "a": 2}', '[1,2,3]', ' [ 1 , 2 ] ', "\t{\n\"a\"\r:\n[]}\n", '{"a":{"b":{"c":[{}]}}}', '[[],{},"",0,null,true,false]',
	'"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\\u0041"', '"\\u00e9\\u20AC"', '"\\ud83d\\ude00"', "\"\xc3\xa9\"", "\"\xf0\x9f\x98\x80\"", "\"\x7f\"",
	"\"\xef\xbb\xbf\"", "\"\xe2\x80\xa8\"", "\"\xef\xbf\xbf\"", '"' . ('x' x 200) . '"', '"' . ('\\n' x 100) . '"', '[' . join(',', 1 .. 100) . ']',
	'{"row": 17, "tags": ["a", "b"], "ok": true, "none": null, "deep": {"x": [1.5e3, -2, "\\u0009"]}, "t": "2024-01-01T00:00:00.000Z"}',
	'[{"privileges":["create","read"],"cascade":true,"inheritable":false,"criterias":[{"type":"global","resourceID":""}]}]',
	'9223372036854775807', '-9223372036854775808', '18446744073709551615', '1.7976931348623157e308', '4.9e-324', '0.1234567890123456789',
);
my @hostile = (
	'', ' ', "\n", ',', ':', '{', '}', '[', ']', '"', '\\', "'a'", '{a:1}', '{"a"}', '{"a":}', '{"a":1,}', '{,}', '[1,]', '[,1]', '[1 2]', '{"a" 1}',
	'{"a":1 "b":2}', '{1:2}', '{null:1}', '[1]]', '[[1]', '{}{}', '[][]', '1 2', '"a""b"', 'nul', 'nulll', 'NULL', 'True', 'tru', 'truee', 'undefined',
	'NaN', '-NaN', 'Infinity', '-Infinity', 'inf', '+1', '01', '-01', '00', '-', '--1', '.5', '5.', '-.5', '1.e1', '1e', '1e+', '1E', '0x10', '1_000',
	'1e400', '-1e400', '1e-400', '1e99999999999', '0e999999', '18446744073709551616', '-9223372036854775809', '9' x 400, '-' . '9' x 400,
	'0.' . '0' x 400 . '1', '1' . '0' x 2000 . '.5', '1e' . '0' x 400 . '1', '0' x 100, '"\\ud800"', '"\\udc00"', '"\\udc00\\ud800"', '"\\ud800\\ud800"',
	'"\\ud800x"', '"\\ud800\\n"', '"\\ud83d\\u0041"', '"\\uD8"', '"\\u"', '"\\u000"', '"\\u00g0"', '"\\u 041"', '"\\u0000"', '{"\\u0000":1}', '"\\U0041"',
	'"\\x41"', '"\\a"', '"\\\'"', '"\\', '"\\"', '"\\\\', '"a', 'a"', "\"\n\"", "\"\t\"", "\"\r\"", "\"\x01\"", "\"\x1f\"", "\"\0\"", "\0", "1\0",
	"{}\0", "[\0]", "\0{}", "null\0", "true\0true", "{}\x01", "{}\x0b", "{}\x0c", "{}\x1a", "{}\x7f", "\x0b{}", "{}\xc2\xa0", "\xc2\xa0{}",
	"\xef\xbb\xbf{}", "\xef\xbb\xbf", "\xef\xbb\xbf 1", "{}\xef\xbb\xbf", "\xfe\xff{}", "\xef\xbb{}", "\xe2\x80\xa8{}", "\"\xc3\"", "\"\xc3(\"", "\"\xed\xa0\x80\"",
	"\"\xc0\x80\"", "\"\xf4\x90\x80\x80\"", "\"\xff\"", "\x80", "\"\xe2\x82", '/**/{}', '{}//', '{"a":/**/1}', '#', ';', '{};', '{"a":1;"b":2}', '[1;2]', '{"a"=1}', '<>',
	'`a`', '[1,,2]', '[,]', '{"a":1,,"b":2}', '{:1}', '["a":1]', '{"a","b"}', '{"a":1:2}', '}{', '][', '[}', '{]', '[{]}', "[1\x0c,2]",
	(map { my $depth = $_; nested('[', ']', $depth), nested('{"a":', '}', $depth), '[' x $depth . ']' x ($depth - 1), '[' x ($depth - 1) . ']' x $depth }
		99, 100, 101, 127, 128, 129, 1023, 1024, 1025, 3000),
	'"' . 'x' x 70000 . '"', '"' . 'x' x 70000, '[' . '1,' x 40000 . '1]', '[' . '1,' x 40000 . ']',
	'"' . 'y' x 1048574 . '"', '"' . 'y' x 1048575 . '"',
);
# Ends at every place in a block of 64 bytes: the parser reads in blocks.
for my $length (1 .. 130) {
	push @hostile, '"' . 'b' x $length . '"', '"' . 'b' x $length, '"' . 'b' x $length . '\\"', '"' . 'b' x $length . '\\', ' ' x $length . '1', ' ' x $length . '1x',
		'1' . ' ' x $length, '[' . ' ' x $length, '"' . 'b' x $length . "\xc3", '"' . 'b' x $length . "\xc3\xa9\"", '1' . '2' x $length, '-' . '3' x $length . '.', '"' . '\\' x $length . '"',
		'tru' . 'e' x $length, ' ' x $length . 'true', ' ' x $length . 'tru', ' ' x $length . 'nul', ' ' x $length . 'fals', ' ' x $length . '-', '"' . 'b' x $length . "\x1f\"";
}

my @alphabet = (map({ chr } 0x20 .. 0x7e), "\0", "\1", "\t", "\n", "\r", "\x0b", "\x0c", "\x1f", "\x7f", "\x80", "\xc3\xa9", "\xef\xbb\xbf", "\xff", '\\u', '\\u0000', '\\ud800',
	'\\udc00', '\\n', '\\x', '""', '{}', '[]', 'null', 'true', 'e', 'E', '.', '-', '0', '00', '{"', '"}', ',', ':', '1e999', '1' x 25);
sub mutated {
	my ($text) = @_;
	for (0 .. int rand 3) {
		my $at = int rand(length($text) + 1);
		my $length = int rand 3;
		my $what = int rand 5;
		if ($what == 0) { substr($text, $at, $length, '') if $at < length $text }
		elsif ($what == 1) { substr($text, $at, 0, $alphabet[rand @alphabet]) }
		elsif ($what == 2) { substr($text, $at, 1, $alphabet[rand @alphabet]) if $at < length $text }
		elsif ($what == 3) { $text = substr $text, 0, $at }
		else { substr($text, $at, 0, substr $text, int rand(length($text) + 1), 1 + int rand 8) }
	}
	return $text;
}

# Each text once: ours, those in `more` (valid ones, too), and so many mutations of each valid one.
sub json_texts {
	my ($mutations, @more) = @_;
	srand 20260131;
	my %seen;
	return grep { !$seen{$_}++ } @valid, @more, @hostile, map { my $text = $_; map { mutated($text) } 1 .. $mutations } @valid, @more;
}

1;
