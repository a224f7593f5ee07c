# testbed: mysql mariadb
#
# alkconv_preflight: what follows from the catalogs, from privileges and from the servers themselves; and that docs/preflight.md names for each check a
# test that knows it.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $my = scratch_source(<<'SQL');
CREATE TABLE fine (id int PRIMARY KEY, v int);
CREATE TABLE names (id int PRIMARY KEY, UserName varchar(10));
CREATE TABLE lacking (id int PRIMARY KEY);
CREATE TABLE zoned (id int PRIMARY KEY, at datetime);
CREATE TABLE shaped (id int PRIMARY KEY, p point);
CREATE TABLE viewed (id int PRIMARY KEY);
CREATE TABLE secured (id int PRIMARY KEY);
CREATE TABLE ruled (id int PRIMARY KEY);
CREATE TABLE published (id int PRIMARY KEY);
CREATE TABLE left_there (id int PRIMARY KEY);
CREATE TABLE mail (id int PRIMARY KEY, address varchar(20) COLLATE utf8mb4_bin, nick varchar(20) COLLATE utf8mb4_bin UNIQUE);
INSERT INTO mail VALUES (1, 'Ann', 'a'), (2, 'ann', 'A'), (3, 'bob', 'b');
INSERT INTO fine VALUES (1, 1);
CREATE TABLE secret (id int PRIMARY KEY, v varchar(10));
SQL
my $db = scratch_database();
$db->run(<<'SQL');
CREATE TABLE fine (id int PRIMARY KEY, v int);
CREATE TABLE names (id int PRIMARY KEY, username text, "USERNAME" text);
CREATE TABLE lacking (id int PRIMARY KEY, needed int NOT NULL);
CREATE TABLE zoned (id int PRIMARY KEY, at timestamptz);
CREATE TABLE shaped (id int PRIMARY KEY, p int);
CREATE VIEW viewed AS SELECT 1 AS id;
CREATE TABLE secured (id int PRIMARY KEY);
ALTER TABLE secured ENABLE ROW LEVEL SECURITY;
CREATE TABLE ruled (id int PRIMARY KEY);
CREATE RULE divert AS ON INSERT TO ruled DO INSTEAD NOTHING;
CREATE TABLE published (id int PRIMARY KEY);
CREATE PUBLICATION everyone FOR TABLE published;
CREATE COLLATION ignore_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE mail (id int PRIMARY KEY, address text COLLATE ignore_case UNIQUE, nick text);
CREATE UNIQUE INDEX nick ON mail (nick COLLATE ignore_case);
CREATE TABLE secret (id int PRIMARY KEY, v text);
INSERT INTO alkconv.rule (table_pattern, action) VALUES ('left_there', 'exclude');
SQL
$db->link_source('src', $my);
my $findings = "SELECT severity, table_name, column_name, check_name, rows, rule IS NOT NULL FROM alkconv_preflight('src', include => ARRAY['%', 'nothing']) WHERE check_name NOT IN ('versions', 'weaker_unique')";
same_text(join("\n", $db->rows($findings)), <<'ROWS' =~ s/\n\z//r, 'catalogs');
error|||invalid_argument||f
error|lacking|needed|not_null_without_source||f
error|names|UserName|ambiguous_name||f
error|published||target_shape||f
error|ruled||target_shape||f
error|shaped|p|cannot_convert||f
error|viewed||unsupported||f
error|zoned|at|zone_unknown||f
warning|mail|address|duplicate|1|f
warning|mail|nick|duplicate|1|f
info|||space||f
info|left_there||table_left_out||f
ROWS
like($db->value("SELECT remedy FROM alkconv_preflight('src') WHERE check_name = 'space'"), qr/have about \d+ MB of data.*The file system of the data directory has \d+ MB left\.$/, 'room');
like($db->value("SELECT remedy FROM alkconv_preflight('src') WHERE table_name = 'published' AND severity = 'error'"), qr/^Publication everyone publishes target table published/, 'a publication');

# ---- privileges on both sides ------------------------------------------------------------------------------------------------------------

my $role = 'alk_' . $db->dbname;
my $password = $my->password;
my $account = "alk_$$";
my $source = $my->dbname;
$my->run("CREATE USER '$account'\@'%' IDENTIFIED BY '$password'; GRANT SELECT ON `$source`.fine TO '$account'\@'%'; GRANT INSERT ON `$source`.secret TO '$account'\@'%'");
$db->run("CREATE ROLE $role LOGIN", "ALTER TABLE secured OWNER TO $role", "ALTER TABLE secured FORCE ROW LEVEL SECURITY", "GRANT USAGE ON FOREIGN SERVER src TO $role",
	"CREATE USER MAPPING FOR $role SERVER src OPTIONS (username 'plain', password '$password')", 'CREATE SCHEMA closed');
my $as_role = sub { my ($sql) = @_; my %result = $db->psql($sql, user => $role); die $result{stderr} if $result{rc} != 0; chomp $result{stdout}; return $result{stdout} };
same_text($as_role->("SELECT severity, table_name, check_name FROM alkconv_preflight('src', include => ARRAY['fine', 'secured']) WHERE severity <> 'info'"), <<'ROWS' =~ s/\n\z//r, 'another owner, row-level security');
error|fine|target_privilege
error|secured|target_shape
warning||one_reader
ROWS
is($as_role->("SELECT severity, check_name FROM alkconv_preflight('src', include => ARRAY['fine'], target_schema => 'closed', mode => 'create') WHERE severity = 'error'"), 'error|target_privilege', 'a schema in which nothing may be created');
unlike($as_role->("SELECT remedy FROM alkconv_preflight('src', include => ARRAY['secured']) WHERE check_name = 'space'"), qr/file system/, 'what is left on the disk is for superusers');
$db->link_source('less', $my, user => $account);
like($db->value("SELECT string_agg(table_name || ' ' || check_name, ', ') FROM alkconv_preflight('less', include => ARRAY['fine', 'secret']) WHERE severity = 'error'"), qr/^secret source_privilege$/, 'a table that the account may not read');
$my->run("DROP USER '$account'\@'%'");
$db->run("DROP OWNED BY $role", "DROP ROLE $role");

# ---- tables to be created -----------------------------------------------------------------------------------------------------------------

$my = scratch_source('CREATE TABLE t (id int PRIMARY KEY, v int) PARTITION BY HASH (id) PARTITIONS 2; CREATE TABLE pl (id int PRIMARY KEY, name varchar(20), FULLTEXT KEY words (name))');
$db = scratch_database();
$db->link_source('src', $my);
cmp_ok($db->value("SELECT count(*) FROM alkconv_preflight('src', mode => 'create') WHERE check_name = 'not_as_in_source' AND severity = 'info'"), '>', 0, 'what the target gets otherwise');

# ---- one value at which the source gives up, and a table of which it says nothing -------------------------------------------------------------

$my = scratch_source(<<'SQL');
CREATE TABLE deep (id int PRIMARY KEY, j text, n int);
INSERT INTO deep VALUES (1, CONCAT('[{"a": [{}], "b":', REPEAT('[', 101), REPEAT(']', 101), '}]'), 7), (2, '[]', 40000);
CREATE TABLE named (id int PRIMARY KEY, j longtext);
INSERT INTO named VALUES (1, '{"\\u0061": 1, "a": 2}'), (2, CONCAT('{"a": [', REPEAT('"",', 500001), '1], "a": 1}')), (3, '{"a": 1e400, "b": 1, "a": 1}'), (4, '{"a": 1, "\\u0062": 1}');
CREATE TABLE part (id int PRIMARY KEY, v varchar(9)) ENGINE = MyISAM;
CREATE TABLE parts (id int, v varchar(9), KEY (id)) ENGINE = MERGE UNION = (part);
DROP TABLE part;
SQL
$db = scratch_database();
$db->run('CREATE TABLE deep (id int PRIMARY KEY, j jsonb, n smallint); CREATE TABLE named (id int PRIMARY KEY, j jsonb); CREATE TABLE parts (id int, v text)');
$db->link_source('src', $my);
is($db->value("SELECT string_agg(concat_ws(' ', table_name, column_name, check_name, rows), ', ') FROM alkconv_preflight('src', include => ARRAY['deep']) WHERE severity = 'error'"), 'deep n out_of_range 1',
	'what can be asked of the table is asked');
cmp_ok($db->value("SELECT count(*) FROM alkconv_preflight('src', include => ARRAY['deep']) WHERE check_name = 'not_checked_ahead' AND column_name = 'j'"), '>', 0, 'and what cannot is told');
is($db->value("SELECT string_agg(concat_ws(' ', check_name, rows, sample_key), ', ') FROM alkconv_preflight('src', include => ARRAY['named']) WHERE column_name = 'j'"),
	flavor() eq 'mysql' ? 'duplicate_member 2 (id)=(1), not_checked_ahead 1 (id)=(3)' : 'duplicate_member 1 (id)=(3), not_checked_ahead 3 (id)=(1)', 'names that occur twice: what each source can tell of them, and what it cannot');
like($db->value("SELECT remedy FROM alkconv_preflight('src', include => ARRAY['parts']) WHERE check_name = 'question' AND severity = 'error'"), qr/^The source did not answer about this table: /, 'a table that cannot be read');

# ---- the page -----------------------------------------------------------------------------------------------------------------------------

my (%listed, %tested);
for (split /\n/, slurp('docs/preflight.md')) {
	my ($first, $file) = /^\| ((?:`\w+`(?:, )?)+) \|(?: `(test\/\S+)` \|$)?/ or next;
	my @checks = $first =~ /`(\w+)`/g;
	if ($file) { $tested{$_}{$file} = 1 for @checks }
	else { $listed{$_} = 1 for @checks }
}
delete @listed{qw(severity table_name column_name check_name rows sample_key sample_value remedy rule)}; # columns of the function
same_text(join(' ', sort keys %tested), join(' ', sort keys %listed), 'for each check a test is named');
for my $check (sort keys %tested) {
	like(slurp($_), qr/\b$check\b/, "$check is in $_") for sort keys %{ $tested{$check} };
}

done_testing();
