# testbed: mysql
#
# Mode create in batches of tables: foreign keys between them are there in the end, whichever comes first.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $my = scratch_source(<<'SQL');
CREATE TABLE parent (id char(36) PRIMARY KEY, kind enum('a', 'b') NOT NULL, changed datetime(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3), KEY (kind), UNIQUE KEY (kind, id));
CREATE TABLE child (id int PRIMARY KEY, parent char(36), kind enum('a', 'b'), self int, changed datetime(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
	CONSTRAINT to_parent FOREIGN KEY (parent) REFERENCES parent (id) ON DELETE CASCADE, CONSTRAINT of_kind FOREIGN KEY (kind, parent) REFERENCES parent (kind, id) ON DELETE CASCADE, CONSTRAINT to_self FOREIGN KEY (self) REFERENCES child (id));
CREATE TABLE left_one (id int PRIMARY KEY, r int);
CREATE TABLE right_one (id int PRIMARY KEY, l int, CONSTRAINT to_left FOREIGN KEY (l) REFERENCES left_one (id));
ALTER TABLE left_one ADD CONSTRAINT to_right FOREIGN KEY (r) REFERENCES right_one (id);
INSERT INTO parent (id, kind) VALUES ('6ccd780c-baba-1026-9564-5b8c656024db', 'b');
INSERT INTO child VALUES (1, '6ccd780c-baba-1026-9564-5b8c656024db', 'b', 1, NULL), (2, NULL, NULL, NULL, NULL);
INSERT INTO left_one VALUES (1, NULL); INSERT INTO right_one VALUES (2, 1); UPDATE left_one SET r = 2;
SQL

# The foreign keys, types and functions that runs over these tables, one after another, have made; each with what it noted.
sub batches {
	my ($schema, @batches) = @_;
	my $db = scratch_database();
	$db->run("CREATE SCHEMA $schema");
	$db->link_source('src', $my, target_schema => $schema, readers => 1);
	for my $batch (@batches) {
		like($db->notices("SELECT alkconv_migrate('src', include => '{$batch}', mode => 'create')"), qr/every value proved equal/, "$schema: $batch");
	}
	return ($db, $db->value(q{SELECT string_agg(concat(c.relname, ' ', conname, ' ', pg_get_constraintdef(k.oid), ' ', convalidated), '; ' ORDER BY conname) FROM pg_constraint k JOIN pg_class c ON c.oid = conrelid WHERE contype = 'f' AND connamespace = 'SCHEMA'::regnamespace} =~ s/SCHEMA/$schema/r));
}

my ($db, $all) = batches('made', 'parent,child,left_one,right_one');
like($all, qr/child of_kind .*right_one to_left .*child to_parent .*left_one to_right .*child to_self /, 'in one run: all five');
is((batches('made', 'parent', 'child', 'left_one,right_one'))[1], $all, 'parents first');
my ($late, $made) = batches('made', 'child', 'parent', 'right_one', 'left_one');
is($made, $all, 'children first, and a circle');
is($late->value("SELECT string_agg(DISTINCT format_type(atttypid, NULL), ' ') FROM pg_attribute WHERE attname = 'kind' AND attrelid IN ('made.parent'::regclass, 'made.child'::regclass)"), 'made.parent_kind', 'one enum type');
is($late->value("SELECT string_agg(proname, ' ') FROM pg_proc WHERE pronamespace = 'made'::regnamespace"), 'on_update_changed', 'one function');
is($late->value("SELECT count(*) FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid WHERE NOT tgisinternal AND relnamespace = 'made'::regnamespace"), 2, 'a trigger each');
$late->fails("INSERT INTO made.child (id, parent) VALUES (9, '00000000-0000-0000-0000-000000000000')", sqlstate => '23503', name => 'and they hold');
$late->run("DELETE FROM made.parent");
is($late->value('SELECT count(*) FROM made.child'), 1, 'with their actions');

# what is noted meanwhile
my ($half) = batches('half', 'child');
is($half->value("SELECT string_agg(check_name || ': ' || note, '; ' ORDER BY check_name) FROM alkconv_report() WHERE check_name LIKE 'foreign key %' AND verdict = 'note'"),
	'foreign key of_kind: not made: its parent "parent" is left out, a run that makes it makes the key; foreign key to_parent: not made: its parent "parent" is left out, a run that makes it makes the key', 'a note until then');

# a child whose rows have no parent by now ends the run, as within one run
$half->run("INSERT INTO half.child (id, parent) VALUES (7, '11111111-1111-1111-1111-111111111111')");
$half->fails("SELECT alkconv_migrate('src', include => '{parent}', mode => 'create')", sqlstate => '23503', like => [qr/to_parent/, qr/11111111/], name => 'orphans of an earlier table');
$half->run('DELETE FROM half.child WHERE id = 7');

# a key that the child cannot have
$half->run('ALTER TABLE half.child ALTER COLUMN parent TYPE int USING NULL');
$half->run("SELECT alkconv_migrate('src', include => '{parent}', mode => 'create')");
is($half->value("SELECT string_agg(check_name || ': ' || note, '; ' ORDER BY check_name) FROM alkconv_report() WHERE check_name LIKE 'foreign key %' AND verdict = 'note'"),
	'foreign key of_kind: not made: integer cannot refer to character varying(36); foreign key to_parent: not made: integer cannot refer to character varying(36)', 'is noted with the reason');

# tables of which no run has noted anything are somebody else's
my $own = scratch_database();
$own->run('CREATE SCHEMA own; CREATE TABLE own.child (id int PRIMARY KEY, parent uuid)');
$own->link_source('src', $my, target_schema => 'own', readers => 1);
$own->run("SELECT alkconv_migrate('src', include => '{parent}', mode => 'create')");
is($own->value("SELECT count(*) FROM pg_constraint WHERE conrelid = 'own.child'::regclass AND contype = 'f'"), 0, 'tables that no run has made are left alone');

done_testing();
