# testbed: mysql mariadb
#
# Mode create with foreign keys into another database of the source's server.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $db = scratch_database();

my $hub = scratch_source(<<'SQL');
CREATE TABLE parents (id char(36) CHARACTER SET ascii COLLATE ascii_bin PRIMARY KEY, code int UNIQUE, grp int, KEY (grp));
INSERT INTO parents VALUES ('6ccd780c-baba-1026-9564-5b8c656024db', 5, 1), ('7ccd780c-baba-1026-9564-5b8c656024db', 6, 1);
SQL
my $hub_name = $hub->dbname;
my $my = scratch_source(<<"SQL");
CREATE TABLE children (id int PRIMARY KEY, parent char(36) CHARACTER SET ascii COLLATE ascii_bin, code int,
	CONSTRAINT by_parent FOREIGN KEY (parent) REFERENCES $hub_name.parents (id) ON UPDATE CASCADE ON DELETE SET NULL,
	CONSTRAINT by_code FOREIGN KEY (code) REFERENCES $hub_name.parents (code) ON UPDATE CASCADE ON DELETE CASCADE);
INSERT INTO children VALUES (1, NULL, 5), (2, NULL, NULL);
SQL

sub schema_of { return $_[0]->dump('--schema-only', '--schema=made') }
sub keys_of { return $db->value(q{SELECT string_agg(conname || ' ' || pg_get_constraintdef(oid), '; ' ORDER BY conname) FROM pg_constraint WHERE contype = 'f' AND conrelid = 'made.children'::regclass}) }
sub notes { return $db->value(q{SELECT string_agg(check_name || ': ' || note, '; ' ORDER BY check_name) FROM alkconv_report() WHERE check_name LIKE 'foreign key %' AND verdict = 'note'}) }
sub baseline { return $db->value("SELECT string_agg(statement, E';\n' ORDER BY ordinal) FROM alkconv_baseline('src')") }

sub migrate {
	my ($server) = @_;
	$db->run('SET client_min_messages = warning; DROP SCHEMA IF EXISTS made CASCADE; CREATE SCHEMA made') if $server eq 'src';
	return $db->notices("SELECT alkconv_migrate('$server', mode => 'create')");
}

$db->link_source('src', $my, target_schema => 'made', readers => 1);
$db->link_source('hub', $hub, target_schema => 'hub_here', readers => 1);

# ---- before the other database is there --------------------------------------------------------------------------------------------------

my %later = (by_code => qq{ALTER TABLE made.children ADD CONSTRAINT by_code FOREIGN KEY (code) REFERENCES SCHEMA.parents (code) ON UPDATE CASCADE ON DELETE CASCADE},
	by_parent => qq{ALTER TABLE made.children ADD CONSTRAINT by_parent FOREIGN KEY (parent) REFERENCES SCHEMA.parents (id) ON UPDATE CASCADE ON DELETE SET NULL});
sub noted {
	my ($why, $schema) = @_;
	return join '; ', map { qq{foreign key $_: not made: its parent is in database "$hub_name": $why; to make it later: } . $later{$_} =~ s/SCHEMA/$schema/r } sort keys %later;
}
migrate('src');
is(keys_of(), '', 'no schema has the parents: no foreign key');
is(notes(), noted(qq{there is no schema "$hub_name"}, $hub_name), 'but a note says what to run later');
like(baseline(), qr/^-- foreign key children\.by_code: not made: .*ALTER TABLE made\.children ADD CONSTRAINT by_code /m, 'so does the baseline');
$db->run(qq{CREATE SCHEMA "$hub_name"});
migrate('src');
is(notes(), noted(qq{schema "$hub_name" has no table "parents"}, $hub_name), 'a schema called like the database, still without the table');
$db->run(qq{CREATE TABLE "$hub_name".parents (id uuid, code int)});
migrate('src');
is(notes(), noted('its columns are not a unique key of their own', $hub_name), 'with a table that has no such key');

# ---- where a run has brought it ------------------------------------------------------------------------------------------------------------

$db->run('CREATE SCHEMA hub_here');
migrate('hub');
my $notices = migrate('src');
like($notices, qr/every value proved equal/, 'with the parents: every value proved equal');
my $expected = 'by_code FOREIGN KEY (code) REFERENCES hub_here.parents(code) ON UPDATE CASCADE ON DELETE CASCADE; '
	. 'by_parent FOREIGN KEY (parent) REFERENCES hub_here.parents(id) ON UPDATE CASCADE ON DELETE SET NULL';
is(keys_of(), $expected, 'foreign keys into the schema that a run loaded the other database into, with their actions');
is($db->value(q{SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND conrelid = 'made.children'::regclass AND NOT convalidated}), 0, 'which are valid');
is(notes(), '', 'and nothing is noted');
is($db->value(q{SELECT string_agg(check_name || ' ' || target_value || ' ' || verdict, '; ' ORDER BY check_name) FROM alkconv_report() WHERE check_name LIKE 'foreign key %'}),
	'foreign key by_code no orphans ok; foreign key by_parent no orphans ok', 'they are among the checks');
is($db->value(q{SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'made.children'::regclass AND attname = 'parent'}), 'uuid', 'a child without values has the type of its parent');
my $built = scratch_database(extension => 0);
$built->run('CREATE SCHEMA hub_here; CREATE SCHEMA made', $db->value("SELECT string_agg(statement, E';\n' ORDER BY ordinal) FROM alkconv_baseline('hub')"), baseline());
same_text(schema_of($built), schema_of($db), 'a database built from both baselines is the same');

# what the note said to run gives the same key
$db->run('ALTER TABLE made.children DROP CONSTRAINT by_code', $later{by_code} =~ s/SCHEMA/hub_here/r);
is(keys_of(), $expected, 'what the note says to run later does the same');

# ---- parents that are not what they were ---------------------------------------------------------------------------------------------------

$db->run('DROP SCHEMA made CASCADE; DELETE FROM hub_here.parents WHERE code = 5; CREATE SCHEMA made');
my %orphan = (sqlstate => '23503', like => [qr/verification failed: foreign key by_code of table "children"/, qr/1 orphan in "hub_here\.parents"/, qr/row \(id\)=\(1\) refers to \(code\)=\(5\)/,
	qr/HINT:.*Migrate the parent's database first/]);
$db->fails("SELECT alkconv_migrate('src', mode => 'create')", name => 'a parent that the target has not', %orphan);
$db->run("INSERT INTO hub_here.parents SELECT '6ccd780c-baba-1026-9564-5b8c656024db', 5, 1");
my $psql = 'psql -X -q -h ' . $db->socket . ' -p ' . $db->port . ' -U postgres -d ' . $db->dbname;
$db->fails("BEGIN ISOLATION LEVEL REPEATABLE READ;\nSELECT count(*) FROM hub_here.parents;\n\\! $psql -c 'DELETE FROM hub_here.parents WHERE code = 5'\nSELECT alkconv_migrate('src', mode => 'create');",
	name => 'a parent that is deleted after the snapshot of the transaction', %orphan);
$db->run("INSERT INTO hub_here.parents SELECT '6ccd780c-baba-1026-9564-5b8c656024db', 5, 1");

# types that cannot be compared, and tables of others
$db->run('DROP TABLE hub_here.parents; CREATE TABLE hub_here.parents (id varchar(36) PRIMARY KEY, code text UNIQUE)');
migrate('src');
is(keys_of(), 'by_parent FOREIGN KEY (parent) REFERENCES hub_here.parents(id) ON UPDATE CASCADE ON DELETE SET NULL', 'the parent decides the type, where it can');
like(notes(), qr/^foreign key by_code: not made: its parent is in database "$hub_name": integer cannot refer to text; to make it later: [^;]*$/, 'else a note says why');
my $role = $db->dbname . '_clerk';
$db->run("CREATE ROLE $role; GRANT USAGE ON FOREIGN SERVER src TO $role; GRANT USAGE ON SCHEMA hub_here TO $role; GRANT SELECT, REFERENCES ON hub_here.parents TO $role",
	"DROP SCHEMA made CASCADE; CREATE SCHEMA made AUTHORIZATION $role", "CREATE USER MAPPING FOR $role SERVER src OPTIONS (username '$ENV{ALKCONV_TEST_MYSQL_USER}', password '$ENV{ALKCONV_TEST_MYSQL_PASSWORD}')");
$db->run("SET ROLE $role; SELECT alkconv_migrate('src', mode => 'create')");
is(keys_of(), '', "no key to what is somebody else's");
like(notes(), qr/^foreign key by_code: not made: its parent is in database "$hub_name": it is not yours; to make it later: /, 'and the note says so');
$db->run("DROP SCHEMA made CASCADE; DROP OWNED BY $role; DROP ROLE $role");

$my->run('DROP TABLE children'); # before the database that it refers to
done_testing();
