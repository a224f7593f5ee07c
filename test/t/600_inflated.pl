# testbed: mysql mariadb
#
# Compressed values are inflated by the source for the proof, in every form that a rule takes; what the source cannot inflate is read again, and
# only in the column that holds it.
use strict;
use warnings;
use AlkconvTest;
use Compress::Zlib;
use Test::More;

# One character for each byte.
sub code_points {
	my ($bytes) = @_;
	utf8::upgrade($bytes);
	utf8::encode($bytes);
	return unpack 'H*', $bytes;
}

my @plain = ('', 'a', join('', map { chr } 0 .. 255) x 3, pack('C*', map { ($_ * 7919 + 13) % 251 } 1 .. 5000), 'x' x 100_000, 'ends with a blank ');
my $my = scratch_source('CREATE TABLE packed (id int PRIMARY KEY, z longblob, own longblob, points longtext CHARACTER SET utf8mb4, words longblob)');
for my $id (0 .. $#plain) {
	my ($hex, $stream) = (unpack('H*', $plain[$id]), compress($plain[$id]));
	$my->run("INSERT INTO packed VALUES ($id, X'" . unpack('H*', $stream) . "', COMPRESS(X'$hex'), CONVERT(X'" . code_points($stream) . "' USING utf8mb4), X'" . unpack('H*', compress("words $id")) . "')");
}
$my->run('INSERT INTO packed (id) VALUES (100)', "INSERT INTO packed VALUES (101, '', '', '', '')");
my $db = scratch_database();
$db->link_source('src', $my);
$db->run('CREATE TABLE packed (id int PRIMARY KEY, z bytea, own bytea, points bytea, words text)',
	map { "INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ('packed', '$_', 'transform', 'inflate')" } qw(z own points words));
like($db->notices("SELECT alkconv_migrate('src')"), qr/, proved equal to what 4 rules make of them$/m, 'the source says what it has compressed');
is_deeply([ $db->rows("SELECT md5(z) || md5(own) || md5(points) || words FROM packed WHERE id < 100 ORDER BY id") ],
	[ map { my $md5 = $db->value("SELECT md5('\\x" . unpack('H*', $plain[$_]) . "'::bytea)"); $md5 x 3 . "words $_" } 0 .. $#plain ], 'and each value is there');

for my $column (qw(z own points words)) {
	my $damage = $column eq 'words' ? "words || '!'" : "set_byte($column, octet_length($column) - 1, 7)";
	my $found = $db->value("BEGIN; UPDATE packed SET $column = $damage WHERE id = 3; SELECT string_agg(check_name || ': ' || note, ';') FROM alkconv_verify('src') WHERE verdict = 'mismatch'; ROLLBACK");
	like($found, qr/^digest: \(id\)=\(3\): column "$column": source/, "a damaged $column is found");
}

# gzip's format is none of the source's
my $gzip = unpack 'H*', Compress::Zlib::memGzip('seven');
$my->run("INSERT INTO packed VALUES (7, X'$gzip', NULL, NULL, NULL)");
like($db->notices("SELECT alkconv_migrate('src', on_existing => 'replace')"), qr/rules make of them, 1 column by reading it again with the converter$/m, 'the column that holds such a value is read again');
is($db->value("SELECT check_name || ': ' || target_value || ': ' || note FROM alkconv_report() WHERE check_name LIKE 'reread%'"),
	"reread z: equal, converted again: the digests differed: the source inflates neither gzip's format nor more than 64 MB", 'and it alone, with the reason');
is($db->value("SELECT convert_from(z, 'UTF8') FROM packed WHERE id = 7"), 'seven', 'its value is there');
done_testing();
