# testbed: mysql mariadb
#
# The COPY path: what the server refuses for its size names table, object, key and remedy as on the heap path; so do errors about rows of tables with
# secret columns, without the values. COPY stores rows in portions: the row is the right one, not the last.
use strict;
use warnings;
use AlkconvTest;
use Digest::SHA qw(sha256_hex);
use Test::More;

my $long = join '', map { sha256_hex($_) } 1 .. 60; # 3840 characters that do not compress below half of it
my $words = join ' ', map { sha256_hex($_) } 1 .. 20000;
my $rows = sub { my ($last) = @_; "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < $last)" };
my $my = scratch_source(<<"SQL");
CREATE TABLE entries (id int PRIMARY KEY, v mediumtext);
INSERT INTO entries @{[ $rows->(900) ]} SELECT n, IF(n = 450, '$long', CONCAT('v', n)) FROM r;
CREATE TABLE early (id int PRIMARY KEY, v mediumtext);
INSERT INTO early @{[ $rows->(990) ]} SELECT n + 2000, IF(n = 5, '$long', CONCAT('v', n)) FROM r;
INSERT INTO early @{[ $rows->(500) ]} SELECT n, IF(n = 1, REPEAT('x', 70000), 'before') FROM r; -- a portion by itself
CREATE TABLE book (id int PRIMARY KEY, body longtext);
INSERT INTO book VALUES (1, 'a few words'), (2, '$words'), (3, 'more');
CREATE TABLE codes (id int PRIMARY KEY, code varchar(4000), n int);
INSERT INTO codes @{[ $rows->(20) ]} SELECT n, CONCAT('hunter', n), IF(n = 7, -1, n) FROM r;
SQL
my $db = scratch_database();
$db->run(<<"SQL");
CREATE TABLE entries (id int PRIMARY KEY, v text) PARTITION BY RANGE (id);
CREATE TABLE entries_1 PARTITION OF entries FOR VALUES FROM (0) TO (10000);
CREATE INDEX by_v ON entries (v);
CREATE TABLE early (id int PRIMARY KEY, v text) PARTITION BY HASH (id);
CREATE TABLE early_0 PARTITION OF early FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE early_1 PARTITION OF early FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE INDEX early_v ON early (v);
CREATE TABLE book (id int PRIMARY KEY, body text) PARTITION BY RANGE (id);
CREATE TABLE book_1 PARTITION OF book DEFAULT;
CREATE INDEX ON book USING gin (to_tsvector('simple', body));
CREATE TABLE codes (id int, code text, n int CONSTRAINT positive CHECK (n > 0), PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE TABLE codes_1 PARTITION OF codes DEFAULT;
CREATE INDEX ON codes (code);
SQL
$db->link_source('src', $my);
my $refused = sub {
	my ($table, %expected) = @_;
	$db->fails("SELECT alkconv_migrate('src', include => ARRAY['$table'])", %expected);
	is($db->value("SELECT count(*) FROM $table"), 0, "$expected{name}: nothing is left");
};

# ---- sizes ------------------------------------------------------------------------------------------------------------------------------------

my $remedy = qr/HINT:  Drop the index for the run, and make one afterwards that can hold the row, over a digest or a prefix of the value/;
$refused->('entries', sqlstate => '54000', name => 'an index entry', like => [qr/index "entries_1_v_idx" of table "entries" cannot hold row \(id\)=\(450\)/, qr/The server says: index row size/, $remedy, qr/TABLE NAME:  entries$/m]);
$refused->('early', sqlstate => '54000', name => 'an index entry of a portion that began in another batch', like => [qr/index "early_\d_v_idx" of table "early" cannot hold row \(id\)=\(2005\)/, $remedy]);
$refused->('book', sqlstate => '54000', name => 'words', like => [qr/string is too long for tsvector/, qr/table "book", key \(id\)=\(2\)/, qr/HINT:  A value is too long for what an index/, qr/TABLE NAME:  book$/m]);

my $wide = case_source('wide-tables');
my ($columns) = $wide->value("SELECT COUNT(*) - 1 FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '" . $wide->dbname . "' AND TABLE_NAME = 'w_text'");
$db->run('CREATE TABLE w_text (id int PRIMARY KEY, ' . join(', ', map { "t$_ varchar(30)" } 1 .. $columns) . ') PARTITION BY RANGE (id)', 'CREATE TABLE w_text_1 PARTITION OF w_text DEFAULT');
$db->link_source('wide', $wide);
$wide->run('INSERT INTO w_text (id) VALUES (1000), (1001)');
$db->fails("SELECT alkconv_migrate('wide', include => ARRAY['w_text'])", sqlstate => '54000', name => 'a row, not the last of its portion',
	like => [qr/row is too big/, qr/table "w_text", key \(id\)=\(42\)/, qr/HINT:  A row has to fit into a page/, qr/TABLE NAME:  w_text$/m]);

# ---- secrets ----------------------------------------------------------------------------------------------------------------------------------

my $hash = qr/secret:[0-9a-f]{12}/;
$refused->('codes', sqlstate => '23514', name => 'without a secret', like => [qr/violates check constraint "positive"/, qr/table "codes", key \(id\)=\(7\)/, qr/hunter7/]);
$db->run("INSERT INTO alkconv.rule (table_pattern, column_pattern, action) VALUES ('codes', 'code', 'secret')");
my %quiet = (unlike => qr/hunter/);
$refused->('codes', sqlstate => '23514', name => 'a CHECK', %quiet, like => [qr/violates check constraint "positive"/, qr/table "codes", key \(id\)=\(7\)/]);
$my->run('UPDATE codes SET n = 2147483647 WHERE id = 9', 'ALTER TABLE codes MODIFY n bigint', 'UPDATE codes SET n = 3000000000 WHERE id = 9', 'UPDATE codes SET n = 7 WHERE id = 7');
$refused->('codes', sqlstate => '22003', name => 'a value of another column', %quiet, like => [qr/3000000000/, qr/column "n" of table "codes"/, qr/\(id\)=\(9\)/]);
$my->run("UPDATE codes SET n = 9 WHERE id = 9", "UPDATE codes SET code = CONCAT('hunter', '$long') WHERE id = 11");
$refused->('codes', sqlstate => '54000', name => 'an index entry', %quiet, like => [qr/index "codes_1_code_idx" of table "codes" cannot hold row \(id\)=\(11\)/, $remedy]);
$db->run("INSERT INTO alkconv.rule (table_pattern, column_pattern, action) VALUES ('codes', 'id', 'secret')");
$refused->('codes', sqlstate => '54000', name => 'a key that is secret', %quiet, like => [qr/cannot hold row \(id\)=\($hash\)/], unlike => qr/hunter|=\(11\)/);
$my->run("UPDATE codes SET code = 'hunter' WHERE id = 11");
like($db->notices("SELECT alkconv_migrate('src', include => ARRAY['codes'])"), qr/every value proved equal/, 'then all is well');

# ---- the heap path keeps the key, too -----------------------------------------------------------------------------------------------------

$db = scratch_database();
$db->run('CREATE TABLE codes (id int PRIMARY KEY, code text, n int CONSTRAINT positive CHECK (n > 8))', "INSERT INTO alkconv.rule (table_pattern, column_pattern, action) VALUES ('codes', 'code', 'secret')");
$db->link_source('src', $my);
$refused->('codes', sqlstate => '23514', name => 'a CHECK', %quiet, like => [qr/violates check constraint "positive"/, qr/table "codes", key \(id\)=\(1\)/]);

done_testing;
