# testbed: mysql mariadb
#
# Mode create: the target is made of the source's catalog alone, and holds what that says.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $fixtures = 'test/fixtures';
my $mariadb = flavor() eq 'mariadb';

# The schema as pg_dump writes it.
sub schema_of { return $_[0]->dump('--schema-only', '--schema=made') }
sub bad { return $_[0]->value("SELECT string_agg(concat_ws(' ', table_name, check_name, verdict, note), '; ') FROM alkconv_report() WHERE verdict NOT IN ('ok', 'excluded', 'note')") }

# create_from($source, link option => value...): a database whose schema made a run has made, and the run's notices.
sub create_from {
	my ($source, %options) = @_;
	my $target = scratch_database();
	$target->run('CREATE SCHEMA made');
	$target->link_source('src', $source, target_schema => 'made', %options);
	my $notices = $target->notices("SELECT alkconv_migrate('src', mode => 'create')");
	return ($target, $notices);
}

# Another database built from the baseline, without the extension, has the same schema.
sub same_baseline {
	my ($target, $name) = @_;
	my $built = scratch_database(extension => 0);
	$built->run('CREATE SCHEMA made', $target->value("SELECT string_agg(statement, E';\n' ORDER BY ordinal) FROM alkconv_baseline('src')"));
	return same_text(schema_of($built), schema_of($target), "$name: a database built from the baseline is the same");
}

my $my = scratch_source();
$my->load("$fixtures/allobjects/" . flavor() . '.sql');
my ($db, $notices) = create_from($my);
my $tables = $mariadb ? 29 : 26;
like($notices, qr/migrated "src": $tables tables, \d+ rows, every value proved equal(?:, \d+ columns? by reading (?:it|them) again(?:,? (?:\d+ of them )?with the converter)?)?(?:; left out: [^\n]*)?$/m, 'every property and object');
is(bad($db), '', 'every verdict is ok');
is($db->value("SELECT count(*) FROM alkconv_report() WHERE check_name = 'table' AND verdict = 'ok'"), $tables, 'of every table');
same_baseline($db, 'all objects');

sub type_of {
	my ($table, @columns) = @_;
	my $list = join ', ', map { "'$_'" } @columns;
	return $db->value("SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum) FROM pg_attribute
		WHERE attrelid = 'made.$table'::regclass AND attnum > 0" . (@columns ? " AND attname IN ($list)" : ''));
}

# ---- types -----------------------------------------------------------------------------------------------------------------------------

is(type_of('facts'), 'id bigint, flag boolean, no_flag smallint, empty_flag boolean, big numeric(20,0), fits bigint, duration interval, '
	. 'of_day time(3) without time zone, unknown interval, id_text uuid, no_id character varying(36), id_bytes uuid, hash bytea', 'what the rows decide');
is(type_of('parent_big') . '; ' . type_of('child_big'), 'id numeric(20,0), code uuid; id integer, parent numeric(20,0), code uuid', 'columns tied by foreign keys have one type');
is($db->value('SELECT array_agg((id, flag, no_flag, of_day, id_bytes) ORDER BY id) FROM made.facts'),
	'{"(1,f,2,00:00:00,6ccd780c-baba-1026-9564-5b8c656024db)","(2,t,0,23:59:59.999,00000000-0000-0000-0000-000000000000)","(7,t,,,)"}', 'and the values are there');
is($db->value(q{SELECT enum_range(NULL::made.labels_e)::text}), q({plain,"Mixed Case","with, comma",it's,"back\\\\slash",""}), 'an enum has its labels in their order');
$db->fails(q{UPDATE made.labels SET s = '{other}'}, sqlstate => '23514', name => 'a set takes its labels only');
$db->fails(q{UPDATE made.labels SET long_label = 'other'}, sqlstate => '23514', name => 'so does an enum whose labels are too long for one');

# ---- identities ------------------------------------------------------------------------------------------------------------------------

is($db->value('INSERT INTO made.facts (flag) VALUES (true) RETURNING id'), 100, 'an identity goes on after the counter of the source');
is($db->value('INSERT INTO made.tree DEFAULT VALUES RETURNING id'), 4, 'and after the highest value');
is($db->value('INSERT INTO made.by_hash DEFAULT VALUES RETURNING id'), 6, 'of a partitioned table as well');

# ---- keys ------------------------------------------------------------------------------------------------------------------------------

is($db->value(q{SELECT string_agg(substr(pg_get_indexdef(indexrelid), position('USING' IN pg_get_indexdef(indexrelid))), '; ' ORDER BY indexrelid::regclass::text COLLATE "C")
	FROM pg_index WHERE indrelid = 'made.keys'::regclass AND indexrelid::regclass::text !~ 'functional|summed|hidden'}),
	join('; ', 'USING btree (f)', 'USING btree ("left"((e)::text, 8))', 'USING btree ("left"(c, 20))', 'USING btree (g DESC, f)', 'USING btree (b, a)',
		q{USING gin (to_tsvector('simple'::regconfig, ((COALESCE((b)::text, ''::text) || ' '::text) || COALESCE(c, ''::text))))},
		'USING btree (a, substr(d, 1, 10))', q{USING gin (to_tsvector('simple'::regconfig, COALESCE(c, ''::text)))}), 'indexes of all kinds');
$db->fails(q{INSERT INTO made.keys (a, b, c) VALUES (9, 'x', 'the quick brown fox is slow')}, sqlstate => '23505', like => [qr/by_prefix/], name => 'a unique prefix is unique');
is($db->value(q{SELECT count(*) FROM made.keys WHERE to_tsvector('simple', coalesce(c::text, '')) @@ to_tsquery('simple', 'quick & fox')}), 1, 'and full text is found');
is($db->value(q{SELECT string_agg(line, ', ' ORDER BY line COLLATE "C") FROM alkconv_report() r, string_to_table(r.source_value, E'\n') line
	WHERE r.check_name LIKE 'renamed index%' AND line LIKE 'same%'}),
	'same_a.idx: same_a_idx, same_a.keys: same_a_keys, same_b.idx: same_b_idx_e45daf39, same_b.same_a: same_b_same_a', 'names that others have are qualified, and the report says so');

# ---- foreign keys ----------------------------------------------------------------------------------------------------------------------

is($db->value(q{SELECT string_agg(conname || ' ' || pg_get_constraintdef(oid), '; ' ORDER BY conrelid::regclass::text, conname COLLATE "C") FROM pg_constraint
	WHERE contype = 'f' AND conrelid::regclass::text IN ('made.tree', 'made.leaf', 'made.child_big')}) =~ s/leaf_ibfk_1|(?<=; )1(?= )/LEAF/r,
	join('; ', 'child_code FOREIGN KEY (code) REFERENCES made.parent_big(code) ON ' . ($mariadb ? 'UPDATE RESTRICT ON ' : '') . 'DELETE CASCADE',
		'child_parent FOREIGN KEY (parent) REFERENCES made.parent_big(id) ON UPDATE CASCADE ON DELETE SET NULL',
		'LEAF FOREIGN KEY (tree_id) REFERENCES made.tree(id)' . ($mariadb ? ' ON UPDATE RESTRICT ON DELETE RESTRICT' : ''),
		'leaf_keys FOREIGN KEY (b, a) REFERENCES made.keys(b, a) ON UPDATE CASCADE ON DELETE SET NULL',
		'tree_leaf FOREIGN KEY (leaf) REFERENCES made.leaf(id) ON ' . ($mariadb ? 'UPDATE RESTRICT ON ' : '') . 'DELETE SET NULL',
		'tree_parent FOREIGN KEY (parent) REFERENCES made.tree(id) ON UPDATE RESTRICT ON DELETE CASCADE'), 'foreign keys with their actions');

# ---- ON UPDATE CURRENT_TIMESTAMP -------------------------------------------------------------------------------------------------------

my $touched = q{SELECT changed = date_trunc('second', statement_timestamp()), changed, changed_ms FROM made.touched WHERE id = 1};
my $old = $db->value("SET TimeZone = 'UTC'; $touched");
is($old, 'f|2001-01-01 00:00:00+00|', 'before');
$db->run('UPDATE made.touched SET v = v WHERE id = 1');
is($db->value("SET TimeZone = 'UTC'; $touched"), $old, 'a row that does not change keeps its times');
$db->run("UPDATE made.touched SET v = 5, changed = '2003-03-03 03:03:03+00' WHERE id = 1");
like($db->value("SET TimeZone = 'UTC'; $touched"), qr/^f\|2003-03-03 03:03:03\+00\|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,3})?$/, 'one that is set is kept, the other becomes the time of the statement');
is($db->value("UPDATE made.touched SET j = '[]' WHERE id = 1 RETURNING changed = date_trunc('second', statement_timestamp())"), 't', 'without fractions where there were none');

# ---- partitions ------------------------------------------------------------------------------------------------------------------------

is($db->value(q{SELECT string_agg(c.relname || ' ' || pg_get_expr(c.relpartbound, c.oid), '; ' ORDER BY c.relname COLLATE "C") FROM pg_class c
	WHERE c.relispartition AND c.relkind = 'r' AND c.relname NOT LIKE 'by_hash%'}),
	q{by_columns_p0 FOR VALUES FROM (MINVALUE, MINVALUE) TO ('2020-01-01', 5); by_columns_p1 FOR VALUES FROM ('2020-01-01', 5) TO ('2020-01-01', 10); }
	. q{by_columns_p2 FOR VALUES FROM ('2020-01-01', 10) TO (MAXVALUE, MAXVALUE); by_list_north FOR VALUES IN (1, 3, 5); by_list_south FOR VALUES IN (NULL, 2, 4); }
	. q{by_range_max FOR VALUES FROM (20) TO (MAXVALUE); by_range_p0 FOR VALUES FROM (MINVALUE) TO (10); by_range_p1 FOR VALUES FROM (10) TO (20)}, 'partitions');
is($db->value(q{SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class WHERE relkind = 'p'}), 'by_columns by_hash by_list by_range', 'of the tables that can have them');
is($db->value(q{SELECT string_agg(table_name || ': ' || note, '; ' ORDER BY table_name) FROM alkconv_report() WHERE check_name LIKE 'partitions %'}),
	'by_expression: it becomes a plain table: it is partitioned by an expression; by_key: it becomes a plain table: KEY has no counterpart; '
	. 'by_sub: it becomes a plain table: it has subpartitions; by_text: it becomes a plain table: values of character varying(20) are compared in another way', 'the others say why');

# ---- names -----------------------------------------------------------------------------------------------------------------------------

is($db->value(q{SELECT "Id", "select", "do""uble", "ba`ck", "with space", "100%", "$$" FROM made."Order" WHERE "Id" = 1}), '1||2|3|6|7|8', 'names are kept');
is($db->value(q{SELECT count(*) FROM pg_class WHERE relname LIKE 'ein_name_mit%' AND relkind = 'r' AND octet_length(relname) <= 63}), 1, 'or cut with a hash');
is($db->value(q{SELECT obj_description('made."Order"'::regclass), col_description('made."Order"'::regclass, 2), obj_description('made.facts'::regclass)}),
	q{the "Order"|a 'reserved' word|what rows say: it's \\ all}, 'comments');

# ---- what is not carried over ----------------------------------------------------------------------------------------------------------

is($db->value(q{SELECT string_agg(concat_ws(' ', check_name, note), '; ' ORDER BY check_name) FROM alkconv_report() WHERE verdict = 'note' AND check_name ~ '^(view|trigger|procedure|function|event|sequence) '}),
	join('; ', 'event never not carried over', 'function one_more not carried over', 'procedure count_facts not carried over', $mariadb ? 'sequence counter not carried over; to make it at its place: CREATE SEQUENCE made.counter INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775806 START WITH 5' : (),
		'trigger before_tree not carried over', 'view big_facts not carried over'), 'views, routines, triggers and events are listed');
is($db->value(q{SELECT count(*) FROM alkconv_report() WHERE check_name ~ '^(view|trigger|procedure|function|event|sequence) ' AND source_value ~ 'CREATE'}), $mariadb ? 6 : 5,
	'with the text that makes them');
is($db->value(q{SELECT count(*) FROM alkconv_baseline('src') WHERE kind = 'note' AND statement ~ '^-- (view|trigger)[^\n]*\n-- CREATE'}), 2, 'in the baseline as comments');
is($db->value(q{SELECT count(*) FROM alkconv_plan('src', target_schema => 'public', mode => 'create') WHERE step = 'note' AND note ~ '^(view|trigger) "'}), 2, 'and in the plan');
is($db->value(q{SELECT note FROM alkconv_report() WHERE table_name = 'accounts' AND check_name = 'column email'}),
	'unique key "email" ignores case in the source (utf8mb4_unicode_ci), not in the target', 'a collation on which uniqueness relied');
is($db->value('SELECT array_agg((id, v)) FROM made.history'), '{"(1,10)"}', 'the present rows of a table with a history') if $mariadb;

# ---- again -----------------------------------------------------------------------------------------------------------------------------

is($db->value("SELECT string_agg(v::text, ';') FILTER (WHERE verdict <> 'ok'), count(*) FILTER (WHERE check_name = 'rows') FROM alkconv_verify('src', exclude => '{tree,facts,by_hash,touched}') v"),
	'|' . ($tables - 4), 'renamed tables and columns are found again');
my $baseline = "SELECT count(*) FILTER (WHERE kind = 'table'), md5(string_agg(b::text, ',')) FROM alkconv_baseline('src') b";
my $first = $db->value($baseline);
like($first, qr/^$tables\|[0-9a-f]{32}$/, 'the baseline makes all tables');
is($db->value($baseline), $first, 'and is the same each time');

done_testing();
