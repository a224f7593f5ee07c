# ProofCases: values of every type as SQL literals of both servers, written by hand or drawn at random, so that the proof's
# renderings are compared without any converter in between.
#
# cases($flavor, $count) returns a list of hashes:
#   name, mysql (column type), pg (column type), charset, options (of proof_sql), ddl (SQL for Postgres before), same => [[mysql, pg]...]
#   (equal values, all rows different from each other), kind (the type as proof_sql knows it, if not pg), column (attributes of MySQL's
#   column), mysql_null (the column has to be declared NULL), null => 0 (no row of NULLs), unique => 0 (values may repeat), note,
#   wide => 0 (too large for the table of all columns)
# Each value is a pair of SQL expressions. Random values come from a fixed seed.
package ProofCases;

use strict;
use warnings;
use Exporter qw(import);
use Math::BigInt;

our @EXPORT_OK = qw(cases);

# The same text on both sides, quoted.
sub plain { return map { ["'$_'", "'$_'"] } @_ }
sub number { return map { ["$_", "$_"] } @_ }

# Text given as code points; sent as hex of its UTF-8.
sub hex_of {
	my ($text) = @_;
	utf8::encode($text);
	return unpack 'H*', $text;
}
sub mysql_text { my $hex = hex_of($_[0]); return $hex eq '' ? "''" : "CONVERT(X'$hex' USING utf8mb4)" }
sub pg_text { my $hex = hex_of($_[0]); return "convert_from('\\x$hex','UTF8')" }
sub text { return map { [mysql_text($_), pg_text($_)] } @_ }
sub mysql_bytes { my $hex = unpack 'H*', $_[0]; return $hex eq '' ? "''" : "X'$hex'" }
sub pg_bytes { my $hex = unpack 'H*', $_[0]; return "'\\x$hex'" }
sub bytes { return map { [mysql_bytes($_), pg_bytes($_)] } @_ }

sub rnd { my ($below) = @_; return int rand $below }

# A code point of any plane that Postgres takes.
sub code_point {
	my $which = rnd(8);
	return rnd(95) + 32 if $which < 3;
	return rnd(31) + 1 if $which == 3;
	return 0x7f + rnd(0x780) if $which == 4;
	return 0x800 + rnd(0xd000) if $which == 5;
	return 0xe000 + rnd(0x1ffe) if $which == 6;
	return 0x10000 + rnd(0x100000);
}
sub random_text { my ($max) = @_; return join '', map { chr code_point() } 1 .. rnd($max + 1) }
sub random_bytes { my ($max) = @_; return join '', map { chr rnd(256) } 1 .. rnd($max + 1) }

sub distinct {
	my (@pairs) = @_;
	my %seen;
	return grep { !$seen{"$_->[0]"}++ } @pairs;
}

# Texts that tell renderings apart: separators, quotes, escapes, blanks, case, normal forms, long ones on both sides of the limit.
sub nasty_texts {
	return ('', ' ', 'a', 'A', 'a ', 'NULL', '!', ',', '1:a', '#', "\n", "\r\n", "\t", "'", '"', '\\', '\\N', '\\x41', '%', '_',
		"\x{e9}", "e\x{301}", "\x{df}", 'ss', "\x{200b}", "\x{feff}", "\x{1f600}", "\x{10ffff}", "\x{7f}", "\x{1}", "\x{2028}", '0', '00');
}

my $float_text = sub { my ($v) = @_; return sprintf '%.17g', $v };

sub random_double {
	while (1) {
		my $v = unpack 'd', pack 'Q', (rnd(2**32) << 32) | rnd(2**32);
		next if $v != $v || abs($v) > 1.7e308;
		return $v;
	}
}

sub random_float {
	while (1) {
		my $v = unpack 'f', pack 'L', rnd(2**32);
		next if $v != $v || abs($v) > 3.4e38;
		return $v;
	}
}

sub doubles {
	my ($count) = @_;
	my @special = ('0', '1', '-1', '0.1', '-0.1', '0.5', '1e15', '123456789012345678', '1e16', '1e22', '1e23', '1e100', '-1e-100', '1e-5', '0.0001',
		'4.9406564584124654e-324', '9.8813129168249309e-324', '2.2250738585072009e-308', '2.2250738585072014e-308',
		'2.2250738585072019e-308', '1.7976931348623157e308', '-1.7976931348623157e308', '1.7976931348623155e308',
		'9007199254740991', '9007199254740992', '9007199254740994', '5.6843418860808015e-14', '3.14159265358979312');
	my @powers;
	for my $e (-1074, -1073, -1023, -1022, -1021, -537, -486, -485, -53, -2, 2, 3, 52, 53, 54, 62, 63, 64, 536, 537, 538, 1022, 1023) {
		my $p = 2**$e;
		my $bits = unpack 'Q', pack 'd', $p;
		push @powers, map { unpack 'd', pack 'Q', $_ } $bits, $bits + 1, $bits > 1 ? $bits - 1 : ();
	}
	# whole numbers and short decimals, too: random bits are none of these
	my @random = map { rnd(4) == 0 ? (rnd(2000000) - 1000000) / (10**rnd(6)) : random_double() } 1 .. $count;
	return distinct(negative_zero(), map { [ $_ =~ /[e]/ ? $_ : "${_}e0", "'$_'" ] } @special, map { $float_text->($_) } @powers, @random);
}

sub floats {
	my ($count) = @_;
	my @bits = (1, 2, 0x7fffff, 0x800000, 0x800001, 0x7f7fffff, 0x3dcccccd, 0x3f800000, 0x3f7fffff, 0x4b800000, 0x80000001);
	my @values = ((map { unpack 'f', pack 'L', $_ } @bits), map { random_float() } 1 .. $count);
	return distinct(negative_zero(), map { [ $_ =~ /[e]/ ? $_ : "${_}e0", "'$_'" ] } '0', map { $float_text->($_) } @values);
}

sub datetimes {
	my ($count, $fsp) = @_;
	my @fixed = ('0001-01-01 00:00:00', '0999-12-31 23:59:59', '1000-01-01 00:00:00', '1582-10-04 00:00:00', '1582-10-15 00:00:00',
		'1600-02-29 12:00:00', '1899-12-31 00:00:00', '1969-12-31 23:59:59', '1970-01-01 00:00:00', '2000-02-29 01:02:03', '2020-03-29 02:30:00',
		'2020-10-25 02:30:00', '2038-01-19 03:14:08', '9999-12-31 23:59:59');
	push @fixed, '1969-12-31 23:59:59.999999', '1970-01-01 00:00:00.000001', '9999-12-31 23:59:59.999999', '2021-01-01 00:00:00.100000',
		'2021-01-01 00:00:00.5' if $fsp == 6;
	my @random = map { sprintf '%04d-%02d-%02d %02d:%02d:%02d', 1 + rnd(9999), 1 + rnd(12), 1 + rnd(28), rnd(24), rnd(60), rnd(60) } 1 .. $count;
	@random = map { sprintf '%s.%06d', $_, rnd(1000000) } @random if $fsp == 6;
	return distinct(plain(@fixed, @random));
}

sub clock_times {
	my ($count, $fsp, $day) = @_;
	my @fixed = ('00:00:00', '00:00:01', '23:59:59');
	push @fixed, '-00:00:01', '-23:00:00', '24:00:00', '838:59:59', '-838:59:59', '100:00:00' if !$day;
	push @fixed, '23:59:59.999999', '00:00:00.000001', '01:02:03.5' if $fsp == 6;
	push @fixed, '-00:00:00.500000', '-00:00:00.000001', '-01:00:00.999999', '838:59:58.999999' if $fsp == 6 && !$day;
	my @random = map { ($day || rnd(2) ? '' : '-') . sprintf('%02d:%02d:%02d', rnd($day ? 24 : 838), rnd(60), rnd(60)) . ($fsp == 6 ? sprintf '.%06d', rnd(1000000) : '') } 1 .. $count;
	return distinct(plain(grep { $_ ne '-00:00:00' } @fixed, @random));
}

sub decimals {
	my ($count, $digits, $scale) = @_;
	my @random = map {
		my $whole = join '', map { rnd(10) } 1 .. 1 + rnd($digits - $scale);
		$whole =~ s/^0+(?=\d)//;
		my $text = $scale ? "$whole." . join('', map { rnd(3) ? rnd(10) : 0 } 1 .. $scale) : $whole;
		rnd(2) && $text =~ /[1-9]/ ? "-$text" : $text;
	} 1 .. $count;
	my $nines = '9' x ($digits - $scale) . ($scale ? '.' . '9' x $scale : '');
	my $smallest = $scale ? '0.' . '0' x ($scale - 1) . '1' : '1';
	return distinct(number('0' . ($scale ? '.' . '0' x $scale : ''), $nines, "-$nines", $smallest, "-$smallest",
			$scale ? '10.' . '0' x $scale : '10', $scale ? '100.5' . '0' x ($scale - 1) : '100', @random));
}

sub integers {
	my ($count, $low, $high) = @_;
	my ($l, $h) = (Math::BigInt->new($low), Math::BigInt->new($high));
	my $range = $h - $l + 1;
	my @random = map { my $r = Math::BigInt->new('0x' . join '', map { sprintf '%x', rnd(16) } 1 .. 20); ($l + ($r % $range))->bstr } 1 .. $count;
	return distinct(number($low, $high, 0, 1, ($low < 0 ? -1 : ()), 10, 100, @random));
}

sub uuid_texts {
	my ($count) = @_;
	# of version 4: MariaDB's type refuses some of those that no RFC describes
	my $random = sub { my $hex = join '', map { sprintf '%x', rnd(16) } 1 .. 32; $hex =~ s/^(.{8})(.{4}).(.{3}).(.{3})/$1-$2-4$3-a$4-/; $hex };
	my @pairs = plain('00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff', map { $random->() } 1 .. $count);
	for my $form (sub { uc $_[0] }, sub { $_[0] =~ s/-//gr }, sub { "{$_[0]}" }, sub { uc '{' . $_[0] =~ s/-//gr . '}' },
		sub { my $h = $_[0] =~ s/-//gr; $h =~ s/(.{4})(?=.)/$1-/gr }, sub { my $h = $_[0] =~ s/-//gr; $h =~ s/^(.{4})(.{4})(.{20})(.{2})/$1-$2-$3-$4-/r },
		sub { my $h = $_[0] =~ s/-//gr; $h =~ s/^(.{8})(.{16})/$1-$2-/; "{$h}" }) {
		my $uuid = $random->();
		push @pairs, [ "'" . $form->($uuid) . "'", "'$uuid'" ];
	}
	return @pairs;
}

# JSON without what jsonb writes in another way (numbers with exponents).
sub json_string { my ($text) = @_; $text =~ s/(["\\])/\\$1/g; $text =~ s/([\x00-\x1f])/sprintf '\\u%04x', ord $1/ge; return "\"$text\"" }
sub random_json {
	my ($depth) = @_;
	my $which = rnd($depth > 3 ? 5 : 8);
	return json_string(random_text(12)) if $which < 2;
	return rnd(2) ? rnd(2000000) - 1000000 : (rnd(2) ? '-' : '') . (1 + rnd(9)) . join '', map { rnd(10) } 1 .. rnd(18) if $which == 2;
	return (rnd(2000) - 1000) . '.' . (1 + rnd(9)) if $which == 3;
	return (qw(true false null))[ rnd(3) ] if $which == 4;
	return '[' . join(',', map { random_json($depth + 1) } 1 .. rnd(5)) . ']' if $which == 5;
	my %keys = map { random_text(6) => 1 } 1 .. rnd(6);
	return '{' . join(', ', map { json_string($_) . ' :' . random_json($depth + 1) } keys %keys) . '}';
}

sub jsons {
	my ($count) = @_;
	my @fixed = ('{}', '[]', 'null', 'true', '"x"', '0', '-1', '1.5', '18446744073709551615', '-9223372036854775808', '[1,"a",null,{"b":[]}]',
		'{"b":1,"a":2,"aa":0,"B":3,"":4}', '{"a":1,"a":2}', json_string(join '', map { chr } 1 .. 127), json_string("\x{2028}\x{1f600}/\x{e9}"),
		'"\\u00e9\\ud83d\\ude00\\/"', '{"\\u0001\\"\\\\":"\\b\\f\\n\\r\\t"}', '[[[[[[[[]]]]]]]]', json_string('x' x 5000));
	return distinct(text(@fixed, map { random_json(0) } 1 .. $count));
}

sub code_points { return join '', map { chr } @_ }

# Values of all kinds that stand for bytes; base64 by Perl's own encoder.
sub byte_strings {
	my ($count) = @_;
	return ('', "\0", "\0\0\0", join('', map { chr } 0 .. 255), "x\x9c\\000", "\\", "\\\\\0", "\\2\\3\\a", "\x80", "\xbf\xc0\xff", "a" x 2000, "\xff\x00" x 1000,
		map { random_bytes(40) } 1 .. $count);
}

sub transform_pairs {
	my ($count, $kind) = @_;
	require MIME::Base64;
	return distinct(map { [ mysql_text($_), $kind eq 'base64' ? "'" . MIME::Base64::encode_base64($_, '') . "'" : pg_bytes($_) ] } byte_strings($count));
}

# Of the source: 1107 for 11.7.
sub version {
	my ($major, $minor) = $ENV{ALKCONV_TEST_MYSQL_VERSION} =~ /^(\d+)\.(\d+)/;
	return 100 * $major + $minor;
}

# MariaDB 10.11 stores it as 0.
sub negative_zero { return $ENV{ALKCONV_TEST_MYSQL_FLAVOR} eq 'mariadb' && version() < 1100 ? () : ([ '-0e0', q{'-0'} ]) }

sub cases {
	my ($flavor, $count) = @_;
	srand 20240229;
	my $maria = $flavor eq 'mariadb';
	my @cases;
	my $case = sub { my ($mysql, $pg, $same, %more) = @_; push @cases, { name => "$mysql to $pg" . ($more{note} ? ", $more{note}" : ''), mysql => $mysql, pg => $pg, same => $same, charset => '', options => '', %more } };
	my $chars = sub { my ($mysql, $pg, $same, %more) = @_; $case->($mysql, $pg, $same, charset => 'utf8mb4', %more) };

	# integers
	my %range = (tinyint => [-128, 127], 'tinyint unsigned' => [0, 255], smallint => [-32768, 32767], 'smallint unsigned' => [0, 65535],
		mediumint => [-8388608, 8388607], 'mediumint unsigned' => [0, 16777215], int => [-2147483648, 2147483647], 'int unsigned' => [0, 4294967295],
		bigint => ['-9223372036854775808', '9223372036854775807'], 'bigint unsigned' => ['0', '18446744073709551615']);
	my %target = (tinyint => 'smallint', 'tinyint unsigned' => 'smallint', smallint => 'smallint', 'smallint unsigned' => 'integer', mediumint => 'integer',
		'mediumint unsigned' => 'integer', int => 'integer', 'int unsigned' => 'bigint', bigint => 'bigint', 'bigint unsigned' => 'numeric(20,0)');
	for my $type (sort keys %range) {
		$case->($type, $target{$type}, [integers($count, @{ $range{$type} })]);
		$case->($type, 'text', [map { [ $_->[0], "'$_->[0]'" ] } integers(20, @{ $range{$type} })]);
		$case->($type, 'numeric', [integers(20, @{ $range{$type} })]);
	}
	$case->('int(8) unsigned zerofill', 'bigint', [number(0, 12, 4294967295)]);
	$case->('int(8) unsigned zerofill', 'text', [map { [ $_, "'$_'" ] } 0, 12, 4294967295]);
	$case->('int', 'double precision', [integers(50, -2147483648, 2147483647)]);
	$case->('bigint', 'double precision', [number(0, '9007199254740992', '-9007199254740991', '1000000000000000')]);
	$case->('tinyint(1)', 'boolean', [ [ 0, 'false' ], [ 1, 'true' ] ]);
	$case->('tinyint', 'boolean', [ [ 0, 'false' ], [ 1, 'true' ] ]);
	$case->('year', 'smallint', [number(0, 1901, 1999, 2155)]);
	$case->('year', 'text', [ [ 0, "'0000'" ], [ 2155, "'2155'" ] ]);
	$case->('bit(1)', 'boolean', [ [ "b'0'", 'false' ], [ "b'1'", 'true' ] ]);
	$case->('bit(1)', 'bit(1)', [ [ "b'0'", "B'0'" ], [ "b'1'", "B'1'" ] ]);
	$case->("bit($_)", "bit($_)", [ map { my $n = $_; [ "b'$n'", "B'$n'" ] } '0' x $_, '1' x $_, '1' . '0' x ($_ - 1), '0' x ($_ - 1) . '1' ]) for 7, 8, 9, 63, 64;
	$case->('bit(9)', 'bit varying(20)', [ map { [ "b'$_'", "B'$_'" ] } '000000000', '100000001' ]);
	$case->('bit(64)', 'numeric', [ [ '18446744073709551615', '18446744073709551615' ], [ 0, 0 ], [ 5, 5 ] ]);
	$case->('bit(10)', 'integer', [ [ 1023, 1023 ], [ 0, 0 ], [ 5, 5 ] ]);

	# numbers with fractions
	$case->('decimal(65,30)', 'numeric(65,30)', [decimals($count, 65, 30)]);
	$case->('decimal(10,2)', 'numeric(10,2)', [decimals($count, 10, 2)]);
	$case->('decimal(10,2)', 'numeric', [decimals(50, 10, 2)]);
	$case->('decimal(10,2)', 'double precision', [decimals(50, 10, 2)]);
	$case->('decimal(5,2)', 'real', [decimals(50, 5, 2)]);
	$case->('decimal(10,2)', 'text', [ map { [ $_->[0], "'$_->[0]'" ] } grep { $_->[0] =~ /^-?\d+\.\d\d$/ } decimals(50, 10, 2) ]);
	$case->('decimal(20,0)', 'numeric(20,0)', [decimals($count, 20, 0)]);
	$case->('decimal(18,0)', 'bigint', [decimals(50, 18, 0)]);
	$case->('decimal(10,3) unsigned zerofill', 'numeric(10,3)', [number('0', '1.5', '9999999.999', '0.001')]);
	$case->('double', 'double precision', [doubles($count)]);
	$case->('float', 'real', [floats($count)]);
	$case->('float', 'double precision', [floats(200)]);
	$case->('double', 'bigint', [ map { [ "${_}e0", $_ ] } 0, 1, -1, 1000000, '9007199254740992', '-4503599627370497' ]);
	$case->('float', 'integer', [ map { [ "${_}e0", $_ ] } 0, 1, -1, 16777216 ]);

	# dates and times
	$case->('date', 'date', [ distinct(map { my $d = substr $_->[0], 1, 10; [ "'$d'", "'$d'" ] } datetimes($count, 0)) ]);
	$case->('date', 'timestamp without time zone', [plain('0001-01-01', '1582-10-10', '1969-12-31', '9999-12-31')]);
	$case->('date', 'text', [plain('0001-01-01', '9999-12-31')]);
	$case->('datetime', 'timestamp(0) without time zone', [datetimes($count, 0)]);
	$case->('datetime(6)', 'timestamp(6) without time zone', [datetimes($count, 6)]);
	$case->('datetime(3)', 'timestamp without time zone', [plain('2020-01-01 00:00:00.001', '2020-01-01 00:00:00.999', '1900-01-01 00:00:00.5')]);
	$case->('datetime(3)', 'text', [plain('2020-01-01 00:00:00.001', '2020-01-01 00:00:00.500')]);
	$case->('datetime', 'date', [plain('2020-01-01 00:00:00', '1969-12-31 00:00:00')]);
	my @stamps = ('1970-01-01 00:00:01', '2038-01-19 03:14:07', '2020-03-29 02:30:00', '2020-10-25 01:30:00', '2004-02-29 23:59:59');
	$case->('timestamp', 'timestamp with time zone', [ map { [ "'$_'", "'$_+00'" ] } @stamps ], mysql_null => 1);
	$case->('timestamp', 'timestamp without time zone', [plain(@stamps)], mysql_null => 1);
	$case->('timestamp(6)', 'timestamp with time zone', [ map { [ "'$_'", "'$_+00'" ] } map { ("$_.000001", "$_.999999") } @stamps ], mysql_null => 1);
	$case->('timestamp(3)', 'text', [ map { [ "'$_'", "'$_+00'" ] } '1970-01-01 00:00:01.000', '2020-10-25 01:30:00.250' ], mysql_null => 1);
	$case->('time', 'interval', [clock_times($count, 0, 0)]);
	$case->('time(6)', 'interval', [clock_times($count, 6, 0)]);
	$case->('time(6)', 'time without time zone', [clock_times($count, 6, 1)]);
	$case->('time(2)', 'text', [plain('838:59:59.00', '-00:00:00.50', '01:02:03.25')]);

	# text
	my @texts = (nasty_texts(), map { random_text(60) } 1 .. $count);
	my @padded = grep { !/ $/ } @texts; # CHAR drops trailing blanks
	$chars->('varchar(255)', 'character varying(255)', [distinct(text(@texts))]);
	$chars->('varchar(255)', 'text', [distinct(text(@texts))]);
	$chars->('char(60)', 'character(60)', [distinct(text(@padded))]);
	$chars->('char(60)', 'text', [distinct(text(@padded))]);
	$chars->('text', 'text', [distinct(text(@texts, 'x' x 1023, 'x' x 1024, 'x' x 1025, 'y' x 1024, 'y' x 1025, "\x{e9}" x 512, "\x{e9}" x 513, 'z' x 60000))]);
	$chars->('longtext', 'text', [distinct(text('', 'x', 'x' x 3000000, 'x' x 2999999 . 'y'))], wide => 0);
	$chars->('text', 'bytea', [ distinct(map { my $hex = hex_of($_); [ mysql_text($_), "'\\x$hex'" ] } nasty_texts(), 'x' x 512, 'x' x 513) ]);
	$chars->('varchar(20)', 'text', [ [ "''", 'NULL' ], text('a', ' ', "\x{200b}", 'NULL') ], options => 'empty_to_null', note => 'empty to NULL', null => 0);
	$chars->('char(36)', 'uuid', [ [ "''", 'NULL' ], plain('00000000-0000-0000-0000-00000000000a') ], options => 'empty_to_null', note => 'empty to NULL', null => 0);
	$case->('varchar(255) character set latin1', 'text', [text('', 'a', "\x{e9}", "\x{20ac}", "\x{81}\x{ff}", ',', "\x{152}")], charset => 'latin1');
	$case->('text character set ucs2', 'text', [text('', 'a', "\x{e9}\x{4e2d}", 'x' x 3000)], charset => 'ucs2');
	$case->('varchar(255) character set utf8mb3', 'text', [text('', 'a', "\x{e9}\x{4e2d}")], charset => 'utf8mb3');
	$case->('varchar(255) character set ascii', 'text', [text('', 'a', '~')], charset => 'ascii');
	$chars->('varchar(40)', 'integer', [plain('0', '-1', '2147483647')], note => 'as written');
	$chars->('varchar(60)', 'character varying(60)', [text('a', 'b')], note => 'binary collation', column => 'COLLATE utf8mb4_bin');

	# bytes
	my @bytes = ('', "\0", "\0\0", "\xff", ',', 'a' x 511, 'a' x 512, 'a' x 513, 'b' x 513, map { random_bytes(30) } 1 .. $count);
	$case->('varbinary(600)', 'bytea', [distinct(bytes(@bytes))]);
	$case->('blob', 'bytea', [distinct(bytes(@bytes, 'a' x 65000))]);
	$case->('longblob', 'bytea', [bytes('', "\0" x 2000000, "\0" x 1999999)], wide => 0);
	$case->('binary(4)', 'bytea', [ map { [ mysql_bytes($_), pg_bytes($_) ] } "\0\0\0\0", "ab\0\0", "\xff\xff\xff\xff" ]);
	$case->('blob', 'text', [text('', 'abc', "\x{1f600}", 'x' x 2000)], note => 'UTF-8 bytes');
	$case->('binary(16)', 'uuid', [ map { my $hex = join '', map { sprintf '%02x', rnd(256) } 1 .. 16; [ "X'$hex'", "'$hex'" ] } 1 .. $count ]);
	$case->('varbinary(40)', 'uuid', [ [ "X'00112233445566778899aabbccddeeff'", "'00112233445566778899aabbccddeeff'" ], plain('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11') ]);
	$chars->('char(36)', 'uuid', [ grep { length $_->[0] <= 38 } uuid_texts($count) ]);
	$chars->('varchar(45)', 'uuid', [uuid_texts(20)]);
	$case->('varchar(45) character set latin1', 'uuid', [uuid_texts(20)], charset => 'latin1');
	$case->('geometry', 'bytea', [ [ "ST_GeomFromText('POINT(1 2)')", q{'\x000000000101000000000000000000f03f0000000000000040'} ],
			[ "ST_GeomFromText('POINT(3 2)')", q{'\x00000000010100000000000000000008400000000000000040'} ] ]);

	my $vector = $maria ? 'VEC_FromText' : 'STRING_TO_VECTOR';
	# from MySQL 9.0 and MariaDB 11.7 on
	$case->('vector(2)', 'bytea', [ [ "$vector('[1,2]')", q{'\x0000803f00000040'} ], [ "$vector('[1,-2]')", q{'\x0000803f000000c0'} ] ])
		if version() >= ($maria ? 1107 : 900);

	# labels
	my $enum = q{enum('a','B c','','it''s','ü','1')};
	$chars->($enum, 'text', [plain('a', 'B c', '', "it''s", "\xc3\xbc", '1')]);
	$chars->($enum, 'proof_label', [plain('a', 'B c', '', "it''s", "\xc3\xbc", '1')], kind => 'enum proof_label',
		ddl => "CREATE TYPE proof_label AS ENUM ('a','B c','','it''s','\xc3\xbc','1')");
	my $set = q{set('a','b','NULL','"','ü','c d')};
	$chars->($set, 'text', [plain('', 'a', 'a,b', 'NULL', 'a,NULL', '"', 'c d')]);
	$chars->($set, 'text[]', [ [ "''", "'{}'" ], [ "'a'", "'{a}'" ], [ "'a,b'", "'{a,b}'" ], [ "'NULL'", q('{"NULL"}') ], [ "'a,NULL'", q('{a,"NULL"}') ],
			[ q('"'), q(ARRAY['"']) ], [ "'a,b,NULL,\",\xc3\xbc,c d'", "ARRAY['a','b','NULL','\"','\xc3\xbc','c d']" ] ]);
	$chars->($set, 'proof_set[]', [ [ "''", "'{}'" ], [ "'a,b'", "'{a,b}'" ] ], ddl => q{CREATE TYPE proof_set AS ENUM ('a','b','NULL','"')});

	# json
	my @jsons = jsons($count);
	if ($maria) {
		$chars->('json', 'json', [ map { [ $_->[0], "$_->[1]::json" ] } @jsons ]);
	} else {
		$case->('json', 'json', [ map { [ $_->[0], "$_->[1]::jsonb::json" ] } @jsons ], unique => 0);
		$case->('json', 'jsonb', [ map { [ $_->[0], "$_->[1]::jsonb" ] } @jsons ], unique => 0);
		$case->('json', 'text', [ map { [ $_->[0], "$_->[1]::jsonb::text" ] } @jsons ], unique => 0);
	}
	$chars->('longtext', 'json', [ map { [ $_->[0], "$_->[1]::json" ] } @jsons ], note => 'text');

	# what MariaDB alone has
	if ($maria) {
		$case->('uuid', 'uuid', [ grep { $_->[0] !~ /{/ } uuid_texts(50) ]);
		$case->('uuid', 'text', [ map { [ $_->[1], $_->[1] ] } uuid_texts(20) ]);
		$case->('inet4', 'inet', [plain('0.0.0.0', '255.255.255.255', '1.2.3.4')]);
		$case->('inet6', 'inet', [plain('::', '::1', 'fe80::1', '2001:db8::ff00:42:8329', '::ffff:1.2.3.4', '::1.2.3.4', '64:ff9b::102:304', '1:0:0:2::3', '1:2:3:4:5:6:7:8')]);
		$case->('inet6', 'text', [plain('::', '::1', 'fe80::1')]);
	}

	# transforms
	for my $type ('longtext', 'varchar(6000)') { # two of the latter would exceed MySQL's 65,535 bytes per row
		$chars->($type, 'text', [ transform_pairs($count, 'base64') ], options => 'transform=code_points_to_base64', note => 'code_points_to_base64',
			wide => $type eq 'longtext');
	}
	$chars->('longtext', 'bytea', [ transform_pairs($count, 'bytea') ], options => 'transform=code_points_to_bytea', note => 'code_points_to_bytea');
	transform_cases($case, $chars, $maria);
	return @cases;
}

# What the source's SQL makes of values under each rule, and what the target holds then, written by hand.
sub transform_cases {
	my ($case, $chars, $maria) = @_;
	my $by = sub { my ($rule) = @_; return (options => "transform=$rule", note => $rule, unique => 0) };
	my @dates = (['0', undef], ["'2020-01-31'", "'2020-01-31'"], ["'9999-12-31'", "'9999-12-31'"], ["'0001-01-01'", "'0001-01-01'"]);
	for my $rule (['null', 'NULL'], ['1970-01-01', "'1970-01-01'"], ['-infinity', "'-infinity'"]) {
		my ($argument, $zero) = @$rule;
		my @same = map { [ $_->[0] eq '0' ? "'0000-00-00'" : $_->[0], $_->[1] // $zero ] } @dates;
		$case->('date', 'date', \@same, $by->("zero_date($argument)"));
		$case->('date', 'timestamp without time zone', \@same, $by->("zero_date($argument)"));
		$case->('datetime(3)', 'timestamp without time zone', \@same, $by->("zero_date($argument)"));
		$case->('datetime', 'date', \@same, $by->("zero_date($argument)"));
		$case->('timestamp', 'timestamp with time zone',
			[ [ "'0000-00-00'", $zero =~ /1970/ ? "'1970-01-01 00:00:00+00'" : $zero ], [ "'2020-01-31 10:00:00'", "'2020-01-31 10:00:00+00'" ] ],
			mysql_null => 1, $by->("zero_date($argument)"));
	}
	$case->('datetime(2)', 'text', [ [ "'0000-00-00'", "'1970-01-01 00:00:00.00'" ], [ "'2020-01-01 01:02:03.45'", "'2020-01-01 01:02:03.45'" ] ], $by->('zero_date(1970-01-01)'));
	$case->('date', 'date', [ [ "'2020-00-10'", "'2020-01-01'" ], [ "'2020-05-00'", "'2020-05-01'" ], [ "'2020-00-00'", "'2020-01-01'" ], [ "'2020-02-29'", "'2020-02-29'" ] ],
		$by->('partial_date(first)'));
	$case->('datetime(6)', 'timestamp without time zone', [ [ "'2020-00-10 01:02:03.456'", "'2020-01-01 01:02:03.456'" ], [ "'2020-05-00 23:59:59'", "'2020-05-01 23:59:59'" ],
		[ "'2020-02-29 00:00:00.000001'", "'2020-02-29 00:00:00.000001'" ] ], $by->('partial_date(first)'));
	$case->('date', 'date', [ [ "'2020-00-10'", 'NULL' ], [ "'2020-05-00'", 'NULL' ], [ "'0000-05-10'", 'NULL' ], [ "'2020-02-29'", "'2020-02-29'" ] ], $by->('partial_date(null)'));

	my @nul = ("a\0b", "\0", "\0\0x\0", '', 'a', "\\0", "\x{e9}\0");
	for my $rule ([ 'strip_nul', '' ], [ 'replace_nul', "\x{2400}" ]) {
		my ($name, $to) = @$rule;
		my $mended = sub { my ($text) = @_; $text =~ s/\0/$to/g; return $text };
		$chars->('varchar(20)', 'text', [ map { [ mysql_text($_), pg_text($mended->($_)) ] } @nul ], $by->($name));
		$chars->('longtext', 'text', [ map { [ mysql_text($_), pg_text($mended->($_)) ] } @nul ], $by->($name));
		$case->('varbinary(20)', 'text', [ map { [ mysql_text($_), pg_text($mended->($_)) ] } @nul ], $by->($name));
	}
	my @padded = ('a', 'a ', 'a  ', ' a', '', ' ', "a\t", "a \x{a0}", "\x{e9} ");
	$chars->('varchar(20)', 'text', [ map { (my $t = $_) =~ s/ +\z//; [ mysql_text($_), pg_text($t) ] } @padded ], $by->('trim_pad'));
	$case->('varchar(20)', 'varchar(20)', [ [ "CONVERT(X'6120' USING latin1)", "'a'" ], [ "CONVERT(X'E920' USING latin1)", pg_text("\x{e9}") ] ], charset => 'latin1', $by->('trim_pad'));

	# characters that are the cp1252 reading of UTF-8 bytes; what is none of that, or only half, stays
	my @mojibake = ([ "\x{c3}\x{a9}", "\x{e9}" ], [ "\x{e2}\x{201a}\x{ac}", "\x{20ac}" ], [ "\x{f0}\x{178}\x{2dc}\x{20ac}", "\x{1f600}" ], [ "\x{c3}\x{81}x", "\x{c1}x" ],
		[ "\x{e9}", "\x{e9}" ], [ "\x{c3}", "\x{c3}" ], [ "\x{c3}\x{a9}\x{e9}", "\x{c3}\x{a9}\x{e9}" ], [ "\x{c3}\x{a9}\x{1f600}", "\x{c3}\x{a9}\x{1f600}" ], [ 'plain', 'plain' ], [ '', '' ],
		[ "\x{ed}\x{a0}\x{20ac}", "\x{ed}\x{a0}\x{20ac}" ], [ "\x{c0}\x{20ac}", "\x{c0}\x{20ac}" ], [ "\x{80}", "\x{80}" ]);
	for my $type ('varchar(20)', 'longtext') {
		$chars->($type, 'text', [ map { [ mysql_text($_->[0]), pg_text($_->[1]) ] } @mojibake ], $by->('utf8_in_latin1_repair'));
	}
	$case->('varchar(20)', 'text', [ map { [ mysql_text($_->[0]), pg_text($_->[1]) ] } grep { $_->[0] !~ /[^\x00-\xff]/ && $_->[0] !~ /\x80/ } @mojibake ], charset => 'latin1', $by->('utf8_in_latin1_repair'));

	my $u = '00112233-4455-6677-8899-aabbccddeeff';
	my $swapped = $maria ? "X'66774455001122338899AABBCCDDEEFF'" : "UUID_TO_BIN('$u', 1)";
	$case->('binary(16)', 'uuid', [ [ $swapped, "'$u'" ], [ "X'00000000000000000000000000000001'", "'00000000-0000-0000-0000-000000000001'" ] ], $by->('uuid_swap'));
	$case->('varbinary(16)', 'bytea', [ [ $swapped, "'\\x00112233445566778899aabbccddeeff'" ], [ "X'01'", "'\\x01'" ] ], $by->('uuid_swap'));

	$case->('int', 'smallint', [ [ 32768, 32767 ], [ -2147483648, -32768 ], [ 5, 5 ], [ 32767, 32767 ] ], $by->('clamp'));
	$case->('bigint unsigned', 'bigint', [ [ '18446744073709551615', '9223372036854775807' ], [ 0, 0 ], [ '9223372036854775807', '9223372036854775807' ] ], $by->('clamp'));
	$case->('bigint unsigned', 'numeric(3,1)', [ [ '18446744073709551615', 99 ], [ 7, 7 ] ], $by->('clamp'));
	$case->('decimal(10,2)', 'numeric(4,2)', [ [ '100.00', '99.99' ], [ '-12345678.90', '-99.99' ], [ '1.50', '1.50' ] ], $by->('clamp'));
	$case->('decimal(10,1)', 'numeric(4,2)', [ [ '100.0', '99.9' ], [ '1.5', '1.50' ] ], $by->('clamp'));
	$case->('decimal(30,0)', 'integer', [ [ '3000000000', 2147483647 ], [ '-3000000000', -2147483648 ], [ 1, 1 ] ], $by->('clamp'));
	$case->('double', 'integer', [ [ '1e300', 2147483647 ], [ '-1e300', -2147483648 ], [ '-7e0', -7 ] ], $by->('clamp'));
	$case->('float', 'smallint', [ [ '1e30', 32767 ], [ '-1e30', -32768 ], [ '12e0', 12 ] ], $by->('clamp'));
	$case->('tinyint(1)', 'boolean', [ [ 5, 'true' ], [ -1, 'true' ], [ 0, 'false' ], [ 1, 'true' ] ], $by->('tinyint_to_boolean'));

	$chars->("enum('a','b')", 'text', [ [ "''", 'NULL' ], [ "'a'", "'a'" ] ], $by->('enum_empty(null)'));
	$chars->("enum('a','b')", 'text', [ [ "''", "'b'" ], [ "'a'", "'a'" ] ], $by->('enum_empty(b)'));
	$case->("enum('a','b')", 'text', [ [ "''", "'b'" ], [ "'a'", "'a'" ] ], charset => 'latin1', $by->('enum_empty(b)'));

	my @json = ('{"a": "x\\u0000y"}', '{"a": "\\\\u0000"}', '{"a": "\\\\\\u0000"}', '["\\u0000", "\\u0001"]', '"plain"', '{"\\u0000k": 1}');
	for my $rule ([ 'strip', '' ], [ 'replace', "\x{2400}" ]) {
		my ($argument, $to) = @$rule;
		my $mended = sub { my ($text) = @_; $text =~ s/(\\\\)|\\u0000/defined $1 ? $1 : $to/ge; return $text };
		my $same = [ map { [ mysql_text($_), pg_text($mended->($_)) . '::' ] } @json ];
		$case->('json', 'jsonb', [ map { [ $_->[0], "$_->[1]jsonb" ] } @$same ], $by->("json_nul($argument)")) if !$maria;
		$chars->('longtext', 'json', [ map { [ $_->[0], "$_->[1]json" ] } @$same ], $by->("json_nul($argument)"));
	}
	$chars->('longtext', 'json', [ [ mysql_text($json[0]), 'NULL' ], [ mysql_text($json[1]), pg_text($json[1]) . '::json' ] ], $by->('json_nul(null)'));
	# several of one column, in their order
	$chars->('varchar(20)', 'text', [ [ mysql_text("\0a \0"), "'a'" ], [ mysql_text("\0 \0"), 'NULL' ], [ mysql_text("b"), "'b'" ] ],
		options => 'transform=strip_nul transform=trim_pad empty_to_null', note => 'three rules', unique => 0);
	return;
}

1;
