# testbed: mysql mariadb
#
# Large values are compressed before the server sees them, as it would have done itself: which columns, from what size, and that all of them
# come back. The server tells what it makes of the same rows in a plain INSERT.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

# A row of the header's 24 bytes, the key's 4 and a value's 4 + n is stored as it is up to 2032 bytes: n = 2000. One value alone, without the key, up to 2004.
my @sizes = (0, 1, 100, 1900, 1999, 2000, 2001, 2003, 2004, 2005, 2006, 2500, 8000, 300_000, 1_500_000);
my @types = ([ 'x', 'extended' ], [ 'm', 'main' ], [ 'e', 'external' ], [ 'p', 'pglz' ], [ 'l', 'lz4' ], [ 'j', 'json' ], [ 'b', 'bytes' ], [ 'd', 'padded' ]);
my $rows = 0;
my @values;
for my $size (@sizes) {
	my $text = "REPEAT('alkconv ', CEIL($size / 8))";
	my $value = "LEFT($text, $size)";
	push @values, '(' . join(', ', ++$rows, ($value) x 5, "JSON_QUOTE($value)", $value, "LEFT($text, 50)") . ')';
}
my $my = scratch_source();
$my->run("CREATE TABLE t (id int PRIMARY KEY, x longtext, m longtext, e longtext, p longtext, l longtext, j json, b longblob, d char(50));"
		. "INSERT INTO t VALUES " . join(',', @values) . ';'
		# what does not shrink: hashes of numbers
		. "CREATE TABLE noise (id int PRIMARY KEY, b longblob);"
		. "INSERT INTO noise VALUES " . join(',', map { my $row = $_; "($row, CONCAT(" . join(',', map { "UNHEX(SHA2('$row.$_', 512))" } 1 .. 40 * $row) . "))" } 1 .. 3) . ';'
		. 'CREATE TABLE big (id int PRIMARY KEY, x longtext);');
my $db = scratch_database();
my $columns = "id int PRIMARY KEY, x text, m text, e text, p text COMPRESSION pglz, l text COMPRESSION lz4, j json, b bytea, d character(3000)";
my $storage = "ALTER COLUMN m SET STORAGE MAIN, ALTER COLUMN e SET STORAGE EXTERNAL";
$db->run("CREATE TABLE t ($columns)", "ALTER TABLE t $storage", 'CREATE TABLE noise (id int PRIMARY KEY, b bytea)');
$db->link_source('src', $my);

my $default = $db->value('SHOW default_toast_compression');
is($db->value("SELECT count(*) FROM alkconv_migrate('src', include => ARRAY['t', 'noise'])"), 1, 'loaded with the whole proof');
is($db->value('SHOW default_toast_compression'), $default, 'the setting is as before');

# The same rows inserted by the server itself, one column at a time so that a row's other values do not matter.
for (@types) {
	my ($column, $name) = @$_;
	my ($declared) = $columns =~ /\b($column [^,]+)/;
	$db->run("CREATE TABLE loaded_$column (id int PRIMARY KEY, $declared)", "CREATE TABLE inserted_$column (id int PRIMARY KEY, $declared)",
		map { my $table = $_; $column eq 'm' ? "ALTER TABLE $table ALTER COLUMN m SET STORAGE MAIN" : $column eq 'e' ? "ALTER TABLE $table ALTER COLUMN e SET STORAGE EXTERNAL" : () } "loaded_$column", "inserted_$column");
	$my->run("CREATE TABLE loaded_$column AS SELECT id, $column FROM t; ALTER TABLE loaded_$column ADD PRIMARY KEY (id)");
	# by way of text, which is not compressed any more
	my ($type) = $declared =~ /^\w (\w+(?:\(\d+\))?)/;
	$db->run("SET default_toast_compression = lz4; INSERT INTO inserted_$column SELECT id, substr('#' || $column\::text, 2)::$type FROM t");
	is($db->value("SELECT count(*) FROM alkconv_migrate('src', include => ARRAY['loaded_$column'])"), 1, "$name: loaded with the whole proof");
	is($db->value("SELECT count(*) FROM loaded_$column JOIN inserted_$column USING (id) WHERE loaded_$column.$column\::text = inserted_$column.$column\::text"), scalar @sizes, "$name: equal values");
	my $how = sub { $db->value("SELECT string_agg(id || ':' || coalesce(pg_column_compression($column), '-') || ':' || pg_column_size($column), ' ' ORDER BY id) FROM $_[0]_$column") };
	is($how->('loaded'), $how->('inserted'), "$name: compressed as the server does it");
}
like($db->value("SELECT string_agg(DISTINCT pg_column_compression(x), ',') FROM loaded_x"), qr/^lz4$/, 'extended: by lz4');
like($db->value("SELECT string_agg(DISTINCT pg_column_compression(p), ',') FROM loaded_p"), qr/^pglz$/, 'pglz: by pglz');
is($db->value("SELECT count(pg_column_compression(e)) FROM loaded_e"), 0, 'external: not at all');
is($db->value("SELECT count(pg_column_compression(b)) FROM noise"), 0, 'what does not shrink is stored as it is');
is($db->value("SELECT string_agg(octet_length(b)::text, ',' ORDER BY id) FROM noise"), '2560,5120,7680', 'whole');

# Another target of rows, and a CHECK constraint and a generated column that look at compressed values.
$db->run('CREATE TABLE loaded_o (id int PRIMARY KEY, x text CHECK (length(x) >= 0), n int GENERATED ALWAYS AS (length(x)) STORED) WITH (toast_tuple_target = 8000)');
$my->run('CREATE TABLE loaded_o AS SELECT id, x FROM t; ALTER TABLE loaded_o ADD PRIMARY KEY (id)');
is($db->value("SELECT count(*) FROM alkconv_migrate('src', include => ARRAY['loaded_o'])"), 1, 'toast_tuple_target = 8000: loaded');
is($db->value('SELECT string_agg(n::text, \',\' ORDER BY id) FROM loaded_o'), join(',', @sizes), 'the generated column sees them whole');
is($db->value('SELECT string_agg(DISTINCT n::text, \',\') FROM loaded_o WHERE pg_column_compression(x) IS NULL AND n BETWEEN 2001 AND 7900'), '2001,2003,2004,2005,2006,2500', 'not compressed below the target');

# 64 MB
$my->run("INSERT INTO big VALUES (1, REPEAT('alkconv', 9586981))");
$db->run('CREATE TABLE big (id int PRIMARY KEY, x text)');
is($db->value("SELECT count(*) FROM alkconv_migrate('src', include => ARRAY['big'], verify => 'counts')"), 1, '64 MB: loaded');
is($db->value("SELECT pg_column_compression(x) || ' ' || length(x) || ' ' || (x = repeat('alkconv', 9586981)) FROM big"), 'lz4 67108867 true', '64 MB: equal');

done_testing();
