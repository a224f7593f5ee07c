# testbed: mysql mariadb
#
# Mode create: keys and partitions as they are declared, where information_schema says something else.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $mariadb = flavor() eq 'mariadb';
my $db = scratch_database();

# made($name, $my): a run into a schema of its own; its notices.
sub made {
	my ($name, $my) = @_;
	$db->run("CREATE SCHEMA $name");
	$db->link_source($name, $my, target_schema => $name, readers => 1);
	return $db->notices("SELECT alkconv_migrate('$name', mode => 'create')");
}

sub constraints {
	my ($schema) = @_;
	return $db->value("SELECT string_agg(concat(c.relname, ' ', k.conname, ' ', pg_get_constraintdef(k.oid)), '; ' ORDER BY c.relname, k.conname) FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
		WHERE c.relnamespace = '$schema'::regnamespace AND k.contype IN ('p', 'u', 'f')");
}

sub notes {
	my ($schema, $like) = @_;
	return $db->value("SELECT string_agg(concat(table_name, ' ', check_name, ': ', note), '; ' ORDER BY table_name, check_name) FROM alkconv_report() WHERE verdict = 'note' AND check_name LIKE '$like'");
}

# ---- partitions ------------------------------------------------------------------------------------------------------------------------

my $partitions = case_source('partition-bounds-of-unsigned-keys');
$partitions->run('CREATE TABLE small (n smallint NOT NULL) PARTITION BY RANGE (n) (PARTITION low VALUES LESS THAN (-5), PARTITION mid VALUES LESS THAN (32768), PARTITION rest VALUES LESS THAN MAXVALUE); INSERT INTO small VALUES (-6), (32767)');
$partitions->run('CREATE TABLE listed (n bigint unsigned NOT NULL) PARTITION BY LIST (n) (PARTITION low VALUES IN (1, 9223372036854775808), PARTITION high VALUES IN (18446744073709551615)); INSERT INTO listed VALUES (1)');
like(made('u', $partitions), qr/every value proved equal/, 'unsigned partition keys');
is($db->value(q{SELECT string_agg(concat(c.relname, ' ', pg_get_expr(c.relpartbound, c.oid)), '; ' ORDER BY c.relname) FROM pg_class c WHERE c.relnamespace = 'u'::regnamespace AND c.relispartition AND c.relkind = 'r'}),
	join('; ', q{listed_high FOR VALUES IN ('18446744073709551615')}, q{listed_low FOR VALUES IN ('1', '9223372036854775808')}, q{small_low FOR VALUES FROM (MINVALUE) TO ('-5')},
		q{small_mid FOR VALUES FROM ('-5') TO (MAXVALUE)}, q{u64_high FOR VALUES FROM ('9223372036854775808') TO ('18446744073709551615')}, q{u64_low FOR VALUES FROM (MINVALUE) TO ('9223372036854775808')},
		q{u64_top FOR VALUES FROM ('18446744073709551615') TO (MAXVALUE)}, q{u_low FOR VALUES FROM (MINVALUE) TO ('1000')}, q{u_mid FOR VALUES FROM ('1000') TO ('9223372036854775808')},
		q{u_rest FOR VALUES FROM ('9223372036854775808') TO (MAXVALUE)}), 'bounds are never negative, nor beyond the type');
is($db->value(q{SELECT string_agg(tableoid::regclass || ' ' || id, ', ' ORDER BY id) FROM u.u64}), 'u.u64_low 1, u.u64_high 9223372036854775808, u.u64_top 18446744073709551615', 'each row is where it belongs');
is(notes('u', 'partition %'), 'small partition rest: not made: it is for values that its column cannot have', 'a partition without possible values is noted');

# ---- primary keys in descending order, counters, words of foreign keys in comments ------------------------------------------------------

my $odd = scratch_source(<<'SQL');
CREATE TABLE down (a int, b int, c varchar(200) COMMENT 'CONSTRAINT `down_up` FOREIGN KEY (`a`) REFERENCES `up` (`a`) ON DELETE CASCADE', PRIMARY KEY (a DESC, b), UNIQUE KEY turned (b DESC));
CREATE TABLE up (a int PRIMARY KEY, b int, CONSTRAINT up_down FOREIGN KEY (b) REFERENCES down (b) ON DELETE SET NULL);
INSERT INTO down VALUES (1, 2, 'x'), (3, 4, 'y');
INSERT INTO up VALUES (1, 2);
SQL
made('odd', $odd);
like(constraints('odd'), qr/^down down_pkey PRIMARY KEY \(a, b\); up up_down FOREIGN KEY \(b\) REFERENCES odd\.down\(b\) ON (?:UPDATE RESTRICT ON )?DELETE SET NULL; up up_pkey PRIMARY KEY \(a\)$/, 'a primary key is one');
is(notes('odd', 'primary key %'), 'down primary key PRIMARY: its parts are not in descending order: Postgres reads an index in either direction', 'its order is noted');

my $counters = case_source('counters-at-their-end');
like(made('counters', $counters), qr/every value proved equal/, 'counters at their end do not fail the run');
is($db->value(q{SELECT string_agg(concat_ws(' ', table_name, target_value), ', ' ORDER BY table_name) FROM alkconv_report() WHERE check_name LIKE 'sequence %' AND verdict = 'ok' AND target_value = 'used up'}),
	'b_small used up, c_int used up, e_big used up', 'their sequences are used up, which is no mismatch');
$db->fails('INSERT INTO counters.c_int DEFAULT VALUES', sqlstate => '2200H', name => 'and give no value twice');
is($db->value('INSERT INTO counters.a_tiny DEFAULT VALUES RETURNING id'), 128, 'a wider type goes on');
is($db->value('INSERT INTO counters.k_serial DEFAULT VALUES RETURNING id'), 2, 'so does any other');
is($db->value("SELECT string_agg(table_name || ': ' || note, '; ' ORDER BY table_name) FROM alkconv_plan('counters', target_schema => 'public', mode => 'create') WHERE note ~ 'AUTO_INCREMENT'") =~ s/ stands at \d+/ stands at N/gr,
	join('; ', map({ "$_->[0]: AUTO_INCREMENT stands at N, the end of $_->[1]: the sequence will be used up" } ['b_small', 'smallint'], ['c_int', 'integer'])) . '; '
	. join('; ', map { "$_: AUTO_INCREMENT is not carried over: an identity is an integer, not numeric(20,0); INSERTs must say the value, or the column needs a default of its own" } 'e_big', 'f_ubig', 'g_ubig2')
	=~ s/e_big: AUTO[^;]*;[^;]*/e_big: AUTO_INCREMENT stands at N, the end of bigint: the sequence will be used up/r, 'the plan says so');

# ---- what foreign keys tie together --------------------------------------------------------------------------------------------------------

my $kindred = case_source('fk-between-kindred-types') if !$mariadb;
if ($kindred) {
	like(made('kindred', $kindred), qr/every value proved equal/, 'foreign keys between kindred types');
	my $made = $db->value(q{SELECT string_agg(conname, ' ' ORDER BY conname) FROM pg_constraint WHERE contype = 'f' AND connamespace = 'kindred'::regnamespace});
	is($made, 'f_bin f_bit f_dec f_dt f_enum f_flag f_float f_len f_set f_time f_uuid f_year', 'all twelve exist');
	is($db->value(q{SELECT string_agg(concat_ws(' ', conname, format_type(c.atttypid, NULL), format_type(p.atttypid, NULL)), ', ') FROM pg_constraint JOIN pg_attribute c ON c.attrelid = conrelid AND c.attnum = conkey[1]
		JOIN pg_attribute p ON p.attrelid = confrelid AND p.attnum = confkey[1] WHERE contype = 'f' AND connamespace = 'kindred'::regnamespace AND c.atttypid <> p.atttypid}), '', 'on columns of one type');
	is($db->value(q{SELECT string_agg(DISTINCT format_type(atttypid, atttypmod), ', ') FROM pg_attribute WHERE attrelid IN ('kindred.p_enum'::regclass, 'kindred.c_enum'::regclass) AND attname = 'e'}), 'kindred.p_enum_e', 'one enum type for both');
	$db->run(q{UPDATE kindred.p_enum SET e = 'b' WHERE e = 'c'});
	is($db->value('SELECT e FROM kindred.c_enum WHERE id = 1'), 'b', 'and it cascades');
}

# ---- histories and periods of MariaDB ---------------------------------------------------------------------------------------------------------

if ($mariadb) {
	made('keys', case_source('keys-of-system-versioned-tables-mariadb'));
	is(constraints('keys'), 'c c_pkey PRIMARY KEY (id); c f FOREIGN KEY (p) REFERENCES keys.p(id) ON UPDATE RESTRICT ON DELETE RESTRICT; p code UNIQUE (code); p p_pkey PRIMARY KEY (id); room room UNIQUE (room, until, since)'
		=~ s/room room UNIQUE \(room, until, since\)/room room_room UNIQUE (room, until, since)/r, 'row_end is no part of a key');
	$db->fails("INSERT INTO keys.p (id, code) VALUES (1, 'z')", sqlstate => '23505', name => 'a second row of the same id is refused');
	$db->run("INSERT INTO keys.p (id, code) VALUES (2, 'z')");
	is(notes('keys', 'unique key %'), 'room unique key room: weaker than in the source: WITHOUT OVERLAPS lets no two periods overlap, this one lets none be equal', 'a key over a period is noted');

	like(made('temporal', case_source('mariadb-temporal-tables')), qr/every value proved equal/, 'tables with histories: their present rows');
	is($db->value(q{SELECT string_agg(pg_get_constraintdef(oid), '; ' ORDER BY conrelid::regclass::text) FROM pg_constraint WHERE contype = 'p' AND connamespace = 'temporal'::regnamespace}),
		join('; ', ('PRIMARY KEY (id)') x 6), 'by id alone');
	like(notes('temporal', 'unique key %'), qr/^app unique key room: weaker than in the source: WITHOUT OVERLAPS/, 'the unique key over a period has a note');
	is($db->value('SELECT string_agg(concat_ws(\' \', id, v), \', \' ORDER BY id) FROM temporal.impl'), '1 10, 2 22', 'each once');
	like(notes('temporal', 'column r_'), qr/^expl column re: it says how long a row is present in the source, nothing fills it here; generated in the source, its values are copied;/, 'columns of a history are plain ones, with a note');

	like(made('sequences', case_source('mariadb-sequence-defaults')), qr/every value proved equal/, 'defaults of sequences');
	is(notes('sequences', 'sequence s1'), 's1 sequence s1: not carried over; to make it at its place: CREATE SEQUENCE sequences.s1 INCREMENT BY 10 MINVALUE 1 MAXVALUE 9223372036854775806 START WITH 10100', 'a sequence is noted with the place where it goes on');
	like(notes('sequences', 'default %'), qr/t default id: there is none: .*t default n: there is none: /, 'and so are the defaults');

	my $checks = case_source('checks-violated-mariadb');
	$db->run('CREATE SCHEMA checks');
	$db->link_source('checks', $checks, target_schema => 'checks', readers => 1);
	$db->fails("SELECT alkconv_migrate('checks', mode => 'create')", sqlstate => '22P02', like => [qr/"t"/, qr/\(id\)=\(3\)/], name => 'no JSON is refused with its key');
	$checks->run("UPDATE t SET j = '{}' WHERE id = 3");
	$db->fails("SELECT alkconv_migrate('checks', mode => 'create')", sqlstate => '23514', name => 'so is a row that violates a CHECK');
	is($db->value("SELECT count(*) FROM pg_class WHERE relnamespace = 'checks'::regnamespace"), 0, 'nothing is half done');
	$checks->run('UPDATE t SET n = 1 WHERE id IN (2, 4)');
	like($db->notices("SELECT alkconv_migrate('checks', mode => 'create')"), qr/every value proved equal/, 'with the rows mended it loads');
}

done_testing();
