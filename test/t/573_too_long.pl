# testbed: mysql mariadb
#
# What does not fit into a page: index entries over 2704 bytes, rows over 8160, vectors of text search over 1 MB. Preflight tells which rows they
# are, a rule leaves such an index out, and the run's error names table, index, row and remedy.
use strict;
use warnings;
use AlkconvTest;
use Digest::SHA qw(sha256_hex);
use Test::More;

my $findings = "SELECT concat_ws('|', severity, table_name, column_name, check_name, rows, sample_key) FROM alkconv_preflight('src') WHERE severity = 'error'";

# ---- index entries, of tables that are created ------------------------------------------------------------------------------------------------

my $my = case_source('index-key-over-2704-bytes');
my $db = scratch_database();
$db->link_source('src', $my, target_schema => 'public');
same_text(join("\n", $db->rows($findings)), <<'ROWS' =~ s/\n\z//r, 'preflight lists each index with count and key');
error|blobs|b|index_entry_too_long|1|(id)=(7)
error|links|url|index_entry_too_long|1|(id)=(2)
error|prefixed|t|index_entry_too_long|1|(id)=(9)
ROWS
for ([ 'blobs', '7', 'b' ], [ 'links', '2', 'url' ], [ 'prefixed', '9', 't' ]) {
	my ($table, $id, $key) = @$_;
	$db->fails("SELECT alkconv_migrate('src', include => ARRAY['$table'])", sqlstate => '54000', like => [
			qr/index "\w+" of table "$table" cannot hold row \(id\)=\($id\): the longest entry has \d+ bytes, and may have 2704/, qr/The server says: index row size/, qr/table_pattern '$table', action skip_index, argument '$key'/,
		], name => "$table: table, index, row and remedy");
}
is($db->value("SELECT string_agg(table_name, ',') FROM alkconv_preflight('src') WHERE check_name = 'index_entry_too_long' AND rule IS NULL AND remedy ~ 'the key is unique: left out .action skip_index, argument ''url''. it no longer keeps equal values apart'"),
	'links', 'no rule leaves a unique key out, the remedy says what is lost with it');
$db->fails("SELECT alkconv_migrate('src', include => ARRAY['links'])", sqlstate => '54000', like => [qr/Leave the index out, which is unique and then keeps no equal values apart, with a rule/, qr/a unique one over a digest/], name => 'so does the run');
$db->run((map { $db->value("SELECT rule FROM alkconv_preflight('src') WHERE table_name = '$_' AND check_name = 'index_entry_too_long'") } qw(blobs prefixed)),
	"INSERT INTO alkconv.rule (table_pattern, action, argument) VALUES ('links', 'skip_index', 'url')");
is($db->value($findings), '', 'with the suggested rules nothing stands in the way');
$db->run("SELECT alkconv_migrate('src')");
is($db->value('SELECT (SELECT count(*) FROM links) + (SELECT count(*) FROM blobs) + (SELECT count(*) FROM prefixed)'), 4, 'all rows arrive');
is($db->value("SELECT count(*) FROM alkconv_report() WHERE note LIKE 'not made: left out by rule skip_index%'"), 3, 'and the report says which indexes were left out');

# ---- of tables that exist: only what the server refuses ------------------------------------------------------------------------------------------

$my = scratch_source(<<'SQL');
SET SESSION group_concat_max_len = 100000;
CREATE TABLE t (a varchar(10), b mediumtext, c mediumtext, PRIMARY KEY (a));
INSERT INTO t WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 25) SELECT 'k', LEFT(GROUP_CONCAT(SHA2(n, 512) ORDER BY n SEPARATOR ''), 3000), REPEAT('c', 100000) FROM r;
INSERT INTO t VALUES ('j', REPEAT('b', 100000), 'c');
CREATE TABLE parent (id varchar(10) PRIMARY KEY, name text, UNIQUE KEY name (name(700)));
SQL
$db = scratch_database();
$db->run('CREATE TABLE t (a text PRIMARY KEY, b text, c text)', 'CREATE INDEX by_c ON t (c)', 'CREATE INDEX by_b ON t (a, b)', 'CREATE TABLE parent (id text PRIMARY KEY, name text)');
$db->link_source('src', $my, target_schema => 'public');
is($db->value($findings), 'error|t|a, b|index_entry_too_long|1|(a)=(k)', 'what compresses is no finding');
$db->fails("SELECT alkconv_migrate('src')", sqlstate => '54000', like => [qr/index "by_b" of table "t" cannot hold row \(a\)=\(k\)/, qr/Drop the index for the run/], name => 'the run names the row');
is($db->value('SELECT count(*) FROM t'), 0, 'and leaves nothing');
$db->run('DROP INDEX by_b', "SELECT alkconv_migrate('src')");
is($db->value('SELECT length(c) FROM t WHERE a = $$k$$'), 100000, 'without that index the rows arrive, the other one is made');

# ---- a rule for an index --------------------------------------------------------------------------------------------------------------------

$my = scratch_source(<<'SQL');
CREATE TABLE p (id int PRIMARY KEY, u int, UNIQUE KEY by_u (u));
CREATE TABLE c (id int PRIMARY KEY, u int, FOREIGN KEY (u) REFERENCES p (u), KEY words (id, u));
SQL
$db = scratch_database();
$db->run(q{INSERT INTO alkconv.rule (table_pattern, action, argument) VALUES ('p', 'skip_index', 'by_u'), ('%', 'skip_index', 'words'), ('%', 'skip_index', 'none_such')});
$db->link_source('src', $my, target_schema => 'public');
$db->run("SELECT alkconv_migrate('src')");
is($db->value("SELECT string_agg(indexname, ',' ORDER BY indexname) FROM pg_indexes WHERE schemaname = 'public' AND indexname !~ 'pkey'") // '', 'u', 'neither is made, the others are');
is($db->value("SELECT count(*) FROM alkconv_report() WHERE note LIKE '%its parent''s columns are not a unique key%'"), 1, 'a foreign key to it is noted');
is($db->value("SELECT string_agg(rule, ',') FROM alkconv_plan('src') WHERE step = 'unused rule'"), 'skip_index(none_such)', 'a rule that names no index is told');

# ---- rows ---------------------------------------------------------------------------------------------------------------------------------------

$my = case_source('wide-tables');
$db = scratch_database();
$db->link_source('src', $my, target_schema => 'public');
is($db->value($findings), 'error|w_text|row_too_long|1|(id)=(42)', 'preflight lists the row that no page holds');
$db->fails("SELECT alkconv_migrate('src')", sqlstate => '54000', like => [qr/row is too big/, qr/table "w_text", key \(id\)=\(42\)/, qr/A row has to fit into a page/], name => 'the run names it');
$db->run("SELECT alkconv_migrate('src', include => ARRAY['w_int'])");
is($db->value('SELECT count(*) FROM w_int'), 2, 'a thousand integers arrive');

# ---- text search -------------------------------------------------------------------------------------------------------------------------------

my $words = join ' ', map { sha256_hex($_) } 1 .. 20000;
$my = scratch_source(<<"SQL");
CREATE TABLE book (id int PRIMARY KEY, body longtext, FULLTEXT KEY words (body));
INSERT INTO book VALUES (1, 'a few words'), (2, REPEAT('the same word ', 100000)), (3, '$words');
SQL
$db = scratch_database();
$db->link_source('src', $my, target_schema => 'public');
is($db->value($findings), 'error|book|body|text_search_too_long|1|(id)=(3)', 'preflight lists the text with too many words, and no other long one');
$db->fails("SELECT alkconv_migrate('src')", sqlstate => '54000', like => [qr/index "\w+" of table "book" cannot hold row \(id\)=\(\d\)/, qr/string is too long for tsvector/, qr/action skip_index, argument 'words'/], name => 'the run names table, index and remedy');
$db->run($db->value("SELECT rule FROM alkconv_preflight('src') WHERE check_name = 'text_search_too_long'"), "SELECT alkconv_migrate('src')");
is($db->value('SELECT count(*) FROM book'), 3, 'without the index the rows arrive');

done_testing;
