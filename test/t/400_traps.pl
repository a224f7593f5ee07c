# testbed: mysql mariadb
#
# What migrates wrongly elsewhere, trap by trap, and what is right: each is a test of its own, on a few rows of the real source. The numbers
# are those of docs/peers.md, R1 to R16 what was seen to go wrong when other tools were run.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $mariadb = flavor() eq 'mariadb';
my $restrict = $mariadb ? ' ON UPDATE RESTRICT ON DELETE RESTRICT' : ''; # how it shows a foreign key without actions
my $db = scratch_database();
my $serial = 0;

# trap($name, $source, $code): a subtest with a source database that $source (SQL) has filled, a server for it and a target schema of that name.
# A helper that dies fails its trap, and the others go on.
sub trap {
	my ($name, $source, $code) = @_;
	return subtest $name => sub {
		my $done = eval {
			my $my = scratch_source("SET SESSION sql_mode = 'ALLOW_INVALID_DATES';\n$source");
			$code->(Trap->new($my, 'trap_' . ++$serial), $my);
			1;
		};
		ok($done, 'nothing unexpected happens') or diag($@);
	};
}

package Trap;

use Test::More;

# A migration of $my into the schema $name through the server $name.
sub new {
	my ($class, $my, $name, %options) = @_;
	$db->link_source($name, $my, target_schema => $name, readers => 1, %options); # several would lock the source that all test files share
	return bless { my => $my, name => $name }, $class;
}

sub my_source { return $_[0]{my} }

# The target's schema, empty, with what $sql makes in it.
sub target {
	my ($self, $sql) = @_;
	$db->run("SET client_min_messages = warning; DROP SCHEMA IF EXISTS $self->{name} CASCADE; CREATE SCHEMA $self->{name}; SET search_path = $self->{name}; $sql");
	return;
}

sub migrate_sql { return "SET TimeZone = 'Europe/Sofia'; SELECT alkconv_migrate('$_[0]{name}', mode => '$_[1]')" }

# A run that must end with every verdict ok, in a session whose time zone has summer time.
sub _goes_well {
	my ($self, $mode) = @_;
	my %result = $db->psql($self->migrate_sql($mode));
	is($result{rc}, 0, "mode $mode goes well") or diag($result{stderr});
	is($db->value("SELECT string_agg(concat_ws(' ', table_name, check_name, verdict, note), '; ') FROM alkconv_report() WHERE verdict NOT IN ('ok', 'excluded', 'note', 'left out')"), '',
		'every verdict is ok');
	return $result{stderr};
}

sub existing {
	my ($self, $sql) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 2;
	$self->target($sql);
	return $self->_goes_well('existing');
}

sub create {
	my ($self) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 2;
	$self->target('');
	return $self->_goes_well('create');
}

# refused($sql, sqlstate =>, like =>, name =>): a run into tables that $sql makes fails, and leaves no row. Without $sql: in mode create.
sub refused {
	my ($self, $sql, %expected) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	$self->target($sql // '');
	$db->fails($self->migrate_sql(defined $sql ? 'existing' : 'create'), %expected);
	is($db->value("SELECT coalesce(sum((xpath('//n/text()', query_to_xml(format('SELECT count(*) AS n FROM %s', oid::regclass), true, true, '')))[1]::text::int), 0)
		FROM pg_class WHERE relnamespace = '$self->{name}'::regnamespace AND relkind = 'r'"), 0, "$expected{name}: no row is left");
	return;
}

# with_rule($rule, $code): while a rule holds.
sub with_rule {
	my ($self, $rule, $code) = @_;
	my ($table, $column, $action, $argument) = map { defined ? "'" . s/'/''/gr . "'" : 'NULL' } @$rule, undef;
	$db->run("INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument, reason) VALUES ($table, $column, $action, $argument, 'trap')");
	$code->();
	$db->run('DELETE FROM alkconv.rule WHERE NOT shipped');
	return;
}

# value($sql): in the target schema, in UTC.
sub value {
	my ($self, $sql) = @_;
	return $db->value("SET TimeZone = 'UTC'; SET search_path = $self->{name}, public; $sql");
}

sub types {
	my ($self, $table) = @_;
	return $db->value("SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum) FROM pg_attribute
		WHERE attrelid = '$self->{name}.$table'::regclass AND attnum > 0 AND attname <> 'id'");
}

# What the report of the last run says of a table: check and note.
sub notes {
	my ($self, $table) = @_;
	return $db->value("SELECT string_agg(concat_ws(': ', check_name, note), '; ' ORDER BY check_name) FROM alkconv_report()
		WHERE note <> '' AND table_name = '$table'");
}

sub constraints {
	my ($self, $table, $type) = @_;
	return $self->value("SELECT string_agg(pg_get_constraintdef(oid), '; ' ORDER BY conname COLLATE \"C\") FROM pg_constraint WHERE conrelid = '$table'::regclass AND contype = '$type'");
}

package main;

# ---- rows and instants -----------------------------------------------------------------------------------------------------------------

# A server whose defaults are hostile to readers: modes that change what is read, and limits that end what takes long.
my $hostile = AlkconvTest::Source->start('hostile_defaults', '--sql-mode=ANSI_QUOTES,PAD_CHAR_TO_FULL_LENGTH,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT',
	'--group-concat-max-len=4', '--net-write-timeout=1', $mariadb ? '--max-statement-time=2' : '--max-execution-time=2000');
my $unlimited = $mariadb ? 'SET max_statement_time = 0;' : '';
my $strange = scratch_source(<<"SQL", server => $hostile);
$unlimited SET SESSION sql_mode = '';
CREATE TABLE digits (d int);
INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
CREATE TABLE big (id int PRIMARY KEY, filler varchar(8000));
INSERT INTO big SELECT a.d + 10 * b.d + 100 * c.d + 1000 * d.d, REPEAT('f', 6000) FROM digits a, digits b, digits c, digits d;
SQL
$db->link_source('strange', $strange, readers => 1);
$db->run("CREATE FOREIGN TABLE big (id int, filler text) SERVER strange");

trap('trap 1, R1, R2, R3: the row stream ends early', <<'SQL', sub {
CREATE TABLE wide (id int PRIMARY KEY, doc json, b longblob);
INSERT INTO wide VALUES (1, '{}', 'x'), (2, JSON_OBJECT('text', REPEAT('x', 102400)), REPEAT('b', 17 * 1024 * 1024)), (3, '[]', 'z');
SQL
	my ($t) = @_;
	$t->create;
	is($t->value("SELECT string_agg(length(doc::text) || ' ' || length(b), ', ' ORDER BY id) FROM wide"), '2 1, 102412 17825792, 2 1', 'wide rows arrive, and those after them');
	is($db->value("SELECT source_value || ' ' || target_value FROM alkconv_report() WHERE table_name = 'wide' AND check_name = 'table'"), '3 3', 'both sides count the same rows');
	my $session = $db->background('CREATE TABLE short AS SELECT id, CASE WHEN id = 10 THEN pg_sleep(5)::text END AS paused, filler FROM big');
	wait_until { grep { $_->{info} =~ /^SELECT `id`/i } $strange->connections } 60, 'the scan';
	$strange->kill_connections;
	my %ended = $session->finish(60);
	like($ended{stderr}, qr/ERROR:  08006:.*"big"/s, 'a lost connection is an error, not the end of the data');
	is($db->value("SELECT to_regclass('short') IS NULL"), 't', 'and no short table is left');
});

trap('trap 2, R7, R15: TIMESTAMP and DATETIME', <<'SQL', sub {
SET time_zone = '+03:00';
CREATE TABLE moments (id int PRIMARY KEY, ts timestamp NULL, dt datetime);
INSERT INTO moments VALUES (1, '2024-06-01 12:00:00', '2024-06-01 12:00:00');
SQL
	my ($t) = @_;
	$t->create;
	is($t->types('moments'), 'ts timestamp(0) with time zone, dt timestamp(0) without time zone', 'one is an instant, the other is not');
	is($t->value('SELECT ts, dt FROM moments'), '2024-06-01 09:00:00+00|2024-06-01 12:00:00', 'the same instant, the same wall time');
	$t->refused('CREATE TABLE moments (id int PRIMARY KEY, ts timestamptz, dt timestamptz)', name => 'an instant of a wall time', sqlstate => '42846',
		like => [qr/"moments"\."dt"/, qr/ERROR: .*of which time zone the wall times are is not known/, qr/HINT:  Say it by the option time_zone/]);
	$t->with_rule([ 'moments', 'dt', 'transform', 'wall_time(Asia/Kathmandu)' ], sub {
		$t->existing('CREATE TABLE moments (id int PRIMARY KEY, ts timestamptz, dt timestamptz)');
		is($t->value('SELECT dt FROM moments'), '2024-06-01 06:15:00+00', 'the zone is decided by a rule');
		$t->with_rule([ 'moments', 'dt', 'target_type', 'timestamptz(0)' ], sub {
			$t->create;
			is($t->types('moments') . ' ' . $t->value('SELECT dt FROM moments'), 'ts timestamp(0) with time zone, dt timestamp(0) with time zone 2024-06-01 06:15:00+00', 'where alkconv creates the table, too');
		});
	});
});

trap('trap 3, R14: wall times that a summer time skips or repeats', <<'SQL', sub {
CREATE TABLE walls (id int PRIMARY KEY, dt datetime(3), ts timestamp NULL);
INSERT INTO walls VALUES (1, '2024-03-31 03:30:00.125', '2024-10-27 00:30:00'), (2, '2024-10-27 03:30:00', '2024-10-27 01:30:00');
SQL
	my ($t, $my) = @_;
	$t->create;
	is($t->value("SELECT string_agg(dt || ' ' || ts, ', ' ORDER BY id) FROM walls"), '2024-03-31 03:30:00.125 2024-10-27 00:30:00+00, 2024-10-27 03:30:00 2024-10-27 01:30:00+00',
		'in a session in Europe/Sofia');
	my $existing = 'CREATE TABLE walls (id int PRIMARY KEY, dt timestamptz(3), ts timestamptz)';
	$t->with_rule([ 'walls', 'dt', 'transform', 'wall_time(Europe/Sofia)' ], sub {
		$t->refused($existing, name => 'a wall time that the zone of a rule skips', sqlstate => '22008',
			like => [qr/2024-03-31 03:30:00\.125/, qr/"dt"/, qr/\(id\)=\(1\)/, qr/wall_time\(ZONE, first\)/]);
	});
	$t->with_rule([ 'walls', 'dt', 'transform', 'wall_time(Europe/Sofia, second)' ], sub {
		$my->run("UPDATE walls SET dt = '2024-03-31 02:59:59.999' WHERE id = 1");
		$t->existing($existing);
		is($t->value("SELECT string_agg(dt::text, ', ' ORDER BY id) FROM walls"), '2024-03-31 00:59:59.999+00, 2024-10-27 01:30:00+00', 'the last instant before, and the later of two');
	});
});

trap('trap 4, R12: zero, partial and impossible dates', <<'SQL', sub {
CREATE TABLE aaa_good (id int PRIMARY KEY);
INSERT INTO aaa_good VALUES (1);
CREATE TABLE days (id int PRIMARY KEY, d date);
INSERT INTO days VALUES (1, '2020-02-29'), (2, '0000-00-00');
SQL
	my ($t, $my) = @_;
	my $target = 'CREATE TABLE aaa_good (id int PRIMARY KEY); CREATE TABLE days (id int PRIMARY KEY, d date)';
	for my $day ('0000-00-00', '2020-00-00', '2020-02-31') {
		$my->run("SET SESSION sql_mode = 'ALLOW_INVALID_DATES'; UPDATE days SET d = '$day' WHERE id = 2");
		$t->refused($target, name => $day, sqlstate => '22007', like => [qr/"$day"/, qr/table "days"/, qr/\(id\)=\(2\)/, qr/HINT/]);
	}
	$t->refused(undef, name => 'mode create', sqlstate => '22007', like => qr/"2020-02-31"/);
	is($db->value("SELECT check_name || ' ' || rows || ' ' || sample_key FROM alkconv_preflight('$t->{name}', mode => 'create') WHERE severity = 'error'"), 'partial_date 1 (id)=(2)', 'counted beforehand');
	$t->with_rule(['days', 'd', 'transform', 'partial_date(first)'], sub {
		$t->create;
		is($t->value("SELECT string_agg(d::text, ' ' ORDER BY id) FROM days"), '2020-02-29 2020-02-01', 'decided by a rule');
		like($t->notes('days'), qr/d: changed 1 of \d+ values? by transform\(partial_date\(first\)\)/, 'and counted');
	});
});

trap('trap 5: times beyond a day, and negative ones', <<'SQL', sub {
CREATE TABLE spans (id int PRIMARY KEY, tm time(1), short time);
INSERT INTO spans VALUES (1, '-838:59:59.0', '23:59:59'), (2, '-00:00:00.5', '00:00:00'), (3, '838:59:59', NULL);
SQL
	my ($t) = @_;
	$t->create;
	is($t->types('spans'), 'tm interval, short time(0) without time zone', 'an interval, unless all are times of a day');
	is($t->value("SELECT string_agg(tm::text, ', ' ORDER BY id) FROM spans"), '-838:59:59, -00:00:00.5, 838:59:59', 'every value');
	$t->refused('CREATE TABLE spans (id int PRIMARY KEY, tm time, short time)', name => 'no time of day', sqlstate => '22003', like => [qr/"-838:59:59.0"/, qr/HINT:.*interval/]);
});

# ---- numbers ---------------------------------------------------------------------------------------------------------------------------

trap('trap 6, R9: FLOAT is shown with six digits', <<'SQL', sub {
CREATE TABLE floats (id int PRIMARY KEY, f float, d double);
INSERT INTO floats VALUES (1, 16777.217, 0.1), (2, 3.4028234663852886e38, 1.7976931348623157e308), (3, 1e-45, 5e-324);
SQL
	my ($t) = @_;
	$t->create;
	is($t->types('floats'), 'f real, d double precision', 'types');
	is($t->value("SELECT string_agg(encode(float4send(f), 'hex') || ' ' || encode(float8send(d), 'hex'), ', ' ORDER BY id) FROM floats"),
		join(', ', map { unpack('H*', pack('f>', $_->[0])) . ' ' . unpack('H*', pack('d>', $_->[1])) } [16777.217, 0.1], [3.4028234663852886e38, 1.7976931348623157e308], [1.401298464324817e-45, 4.9406564584124654e-324]),
		'every bit');
});

trap('trap 7: the sign of zero', <<'SQL', sub {
CREATE TABLE zeros (id int PRIMARY KEY, f float, d double);
INSERT INTO zeros VALUES (1, -0e0, -0e0), (2, 0, 0);
SQL
	my ($t, $my) = @_;
	$t->create;
	my $source = join ' ', map { /^-/ ? '-0' : '0' } split /\s+/, $my->value('SELECT f, d FROM zeros ORDER BY id');
	is($source, '-0 -0 0 0', 'the source has it') if !$mariadb;
	is($t->value("SELECT string_agg(f || ' ' || d, ' ' ORDER BY id) FROM zeros"), $source, 'the target has it, too');
});

trap('trap 8, R5, R13: unsigned keys and their children', <<'SQL', sub {
CREATE TABLE huge (id bigint unsigned PRIMARY KEY);
INSERT INTO huge VALUES (18446744073709551615), (1);
CREATE TABLE of_huge (id int PRIMARY KEY, parent bigint unsigned, FOREIGN KEY (parent) REFERENCES huge (id));
INSERT INTO of_huge VALUES (1, 1);
CREATE TABLE usual (id bigint unsigned AUTO_INCREMENT PRIMARY KEY, n int unsigned);
INSERT INTO usual VALUES (9, 4294967295);
CREATE TABLE of_usual (id int PRIMARY KEY, parent bigint unsigned, FOREIGN KEY (parent) REFERENCES usual (id));
INSERT INTO of_usual VALUES (1, 9);
SQL
	my ($t) = @_;
	$t->create;
	is($t->value("SELECT pg_typeof(h.id) || ' ' || pg_typeof(c.parent) || ' ' || max(h.id) OVER () FROM huge h LEFT JOIN of_huge c ON true LIMIT 1"), 'numeric numeric 18446744073709551615', 'numeric, also where the values of the child are small');
	is($t->value('SELECT pg_typeof(u.id), pg_typeof(c.parent), pg_typeof(n), n FROM usual u JOIN of_usual c ON c.parent = u.id'), 'bigint|bigint|bigint|4294967295', 'bigint where it is enough');
	is($t->constraints('of_huge', 'f') =~ s/ ON .*//r . '; ' . $t->constraints('of_usual', 'f') =~ s/ ON .*//r, 'FOREIGN KEY (parent) REFERENCES huge(id); FOREIGN KEY (parent) REFERENCES usual(id)', 'both have their foreign keys');
	is($t->value('INSERT INTO usual DEFAULT VALUES RETURNING id'), 10, 'and the parent its identity');
	$t->refused('CREATE TABLE huge (id bigint PRIMARY KEY); CREATE TABLE of_huge (id int PRIMARY KEY, parent bigint); CREATE TABLE usual (id bigint, n bigint); CREATE TABLE of_usual (id int, parent bigint)',
		name => 'too small a target', sqlstate => '22003', like => [qr/"18446744073709551615" is out of range for type bigint/]);
});

trap('trap 9: display width is no range', <<'SQL', sub {
CREATE TABLE widths (id int(10) PRIMARY KEY, i11 int(11), i1 int(1), s smallint(6), t4 tinyint(4), z int(8) unsigned zerofill);
INSERT INTO widths VALUES (1, 2147483647, -2147483648, -32768, -128, 42);
SQL
	my ($t) = @_;
	$t->create;
	is($t->types('widths'), 'i11 integer, i1 integer, s smallint, t4 smallint, z bigint', 'types');
	is($t->value('SELECT * FROM widths'), '1|2147483647|-2147483648|-32768|-128|42', 'values');
});

trap('trap 10, R16: tinyint(1) that is no boolean', <<'SQL', sub {
CREATE TABLE flags (id int PRIMARY KEY, truth tinyint(1), level tinyint(1));
INSERT INTO flags VALUES (1, 1, 5), (2, 0, 1), (3, NULL, -128);
SQL
	my ($t) = @_;
	$t->create;
	is($t->types('flags'), 'truth boolean, level smallint', 'boolean only where all values are 0 or 1');
	is($t->value("SELECT string_agg(concat_ws(' ', truth, level), ', ' ORDER BY id) FROM flags"), 't 5, f 1, -128', 'values');
	$t->refused('CREATE TABLE flags (id int PRIMARY KEY, truth boolean, level boolean)', name => 'no boolean', sqlstate => '22003', like => [qr/"5" is not a boolean/, qr/column "level"/, qr/\(id\)=\(1\)/]);
});

trap('trap 11, R6: bits, their order and their number', <<'SQL', sub {
CREATE TABLE bits (id int PRIMARY KEY, b1 bit(1), b16 bit(16), b64 bit(64));
INSERT INTO bits VALUES (1, b'1', b'1010000000000001', 0x8000000000000003), (2, b'0', b'1', 0);
SQL
	my ($t) = @_;
	$t->create;
	is($t->types('bits'), 'b1 bit(1), b16 bit(16), b64 bit(64)', 'types');
	is($t->value("SELECT string_agg(concat_ws(' ', b1, b16, b64), ', ' ORDER BY id) FROM bits"), '1 1010000000000001 1' . '0' x 61 . '11, 0 0000000000000001 ' . '0' x 64, 'values');
	$t->existing('CREATE TABLE bits (id int PRIMARY KEY, b1 boolean, b16 integer, b64 bit(64))');
	is($t->value("SELECT string_agg(concat_ws(' ', b1, b16), ', ' ORDER BY id) FROM bits"), 't 40961, f 1', 'by the target: boolean, integer');
});

trap('trap 12: decimals keep precision and scale', <<'SQL', sub {
CREATE TABLE amounts (id int PRIMARY KEY, money decimal(19,2), wide decimal(65,30), whole decimal(10,0));
INSERT INTO amounts VALUES (1, 12345678901234567.10, 99999999999999999999999999999999999.999999999999999999999999999999, 5), (2, -0.01, -0.000000000000000000000000000001, -5);
SQL
	my ($t) = @_;
	$t->create;
	is($t->types('amounts'), 'money numeric(19,2), wide numeric(65,30), whole numeric(10,0)', 'types');
	is($t->value("SELECT string_agg(concat_ws(' ', money, wide, whole), ', ' ORDER BY id) FROM amounts"),
		'12345678901234567.10 ' . '9' x 35 . '.' . '9' x 30 . ' 5, -0.01 -0.' . '0' x 29 . '1 -5', 'every digit');
});

# ---- text ------------------------------------------------------------------------------------------------------------------------------

trap('trap 13: the padding of char(n)', <<'SQL', sub {
CREATE TABLE codes (id int PRIMARY KEY, c char(10));
INSERT INTO codes VALUES (1, 'ab'), (2, 'cd   '), (3, '  e');
SQL
	my ($t) = @_;
	$t->create;
	is($t->types('codes'), 'c character varying(10)', 'no padding where the table is made');
	is($t->value("SELECT string_agg('<' || c || '>', ' ' ORDER BY id) FROM codes"), '<ab> <cd> <  e>', 'values as the source reads them');
	$t->existing('CREATE TABLE codes (id int PRIMARY KEY, c char(10))');
	is($t->value("SELECT string_agg(octet_length(c) || '<' || c::text || '>', ' ' ORDER BY id) FROM codes"), '10<ab> 10<cd> 10<  e>', 'padded where the target says so');
});

trap('trap 14: blanks at the end that the source does not compare', <<'SQL', sub {
CREATE TABLE parents (code varchar(10) COLLATE utf8mb4_general_ci PRIMARY KEY);
INSERT INTO parents VALUES ('a'), ('b ');
CREATE TABLE children (id int PRIMARY KEY, code varchar(10) COLLATE utf8mb4_general_ci, CONSTRAINT by_code FOREIGN KEY (code) REFERENCES parents (code));
INSERT INTO children VALUES (1, 'a'), (2, 'b ');
SQL
	my ($t, $my) = @_;
	$t->create;
	is($t->value("SELECT string_agg('<' || code || '>', ' ' ORDER BY code) FROM parents"), '<a> <b >', 'never trimmed');
	like($t->notes('parents'), qr/unique key "PRIMARY" ignores case in the source \(utf8mb4_general_ci\), not in the target/, 'the guarantee that is lost is in the report');
	$my->run("INSERT INTO children VALUES (3, 'a ')");
	$t->refused('CREATE TABLE parents (code text PRIMARY KEY); CREATE TABLE children (id int PRIMARY KEY, code text REFERENCES parents)', name => 'a child that differs in blanks', sqlstate => '23503',
		like => [qr/row \(id\)=\(3\) refers to \(code\)=\(a \)/, qr/1 orphan in "parents"/]);
	$t->refused(undef, name => 'mode create', sqlstate => '23503',
		like => [qr/foreign key by_code of table "children"/, qr/row \(id\)=\(3\) refers to \(code\)=\(a \)/, qr/1 orphan in "parents"/, qr/HINT:.*parent_spelling/]);
	is($db->value("SELECT string_agg(check_name || ' ' || rows || ' ' || sample_key, ', ' ORDER BY check_name) FROM alkconv_preflight('$t->{name}', mode => 'create') WHERE severity = 'error'"),
		'parent_spelling 1 (id)=(3)', 'counted beforehand');
	$t->with_rule(['children', 'code', 'transform', 'parent_spelling'], sub {
		$t->create;
		is($t->value("SELECT string_agg('<' || code || '>', ' ' ORDER BY id) FROM children"), '<a> <b > <a>', 'spelled as the parents by a rule');
		is($t->constraints('children', 'f'), 'FOREIGN KEY (code) REFERENCES parents(code)' . $restrict, 'under the foreign key');
	});
});

trap('trap 15: case and accents that the source does not compare', <<'SQL', sub {
CREATE TABLE people (name varchar(20) COLLATE utf8mb4_unicode_ci PRIMARY KEY);
INSERT INTO people VALUES ('Bob'), ('Zoë');
CREATE TABLE posts (id int PRIMARY KEY, author varchar(20) COLLATE utf8mb4_unicode_ci, CONSTRAINT by_author FOREIGN KEY (author) REFERENCES people (name));
INSERT INTO posts VALUES (1, 'Bob'), (2, 'bob'), (3, 'zoe');
SQL
	my ($t, $my) = @_;
	$t->refused('CREATE TABLE people (name text PRIMARY KEY); CREATE TABLE posts (id int PRIMARY KEY, author text REFERENCES people)', name => 'children that differ in case', sqlstate => '23503',
		like => [qr/2 orphans in "people"/, qr/row \(id\)=\(2\) refers to \(author\)=\(bob\)/]);
	$t->refused(undef, name => 'mode create', sqlstate => '23503',
		like => [qr/foreign key by_author of table "posts"/, qr/2 orphans in "people"/, qr/row \(id\)=\(2\) refers to \(author\)=\(bob\)/, qr/HINT:.*parent_spelling/]);
	is($db->value("SELECT string_agg(check_name || ' ' || rows || ' ' || sample_key, ', ' ORDER BY check_name) FROM alkconv_preflight('$t->{name}', mode => 'create') WHERE severity = 'error'"),
		'parent_spelling 2 (id)=(2)', 'counted beforehand');
	$t->with_rule(['posts', 'author', 'transform', 'parent_spelling'], sub {
		$t->create;
		is($t->value("SELECT string_agg(author, ' ' ORDER BY id) FROM posts"), 'Bob Bob Zoë', 'spelled as the parents by a rule');
	});
	$my->run('DELETE FROM posts WHERE id > 1');
	$t->create;
	like($t->notes('people'), qr/unique key "PRIMARY" ignores case in the source \(utf8mb4_unicode_ci\), not in the target/, 'the guarantee that is lost is in the report');
	is($t->value("SELECT count(*) FROM people WHERE name = 'bob'"), 0, 'because it is lost');
});

trap('trap 16, R8: conditions under another collation', <<'SQL', sub {
CREATE TABLE words (id int PRIMARY KEY, txt varchar(20) COLLATE utf8mb4_unicode_ci);
INSERT INTO words VALUES (1, 'ABC'), (2, 'abc'), (3, 'Straße'), (4, 'abc  ');
SQL
	my ($t) = @_;
	$t->target("CREATE FOREIGN TABLE words (id int, txt text) SERVER $t->{name}");
	is($t->value("SELECT string_agg(id::text, ' ') FROM words WHERE txt = 'abc'"), '2', 'equal means equal');
	is($t->value("SELECT count(*) FROM words WHERE txt IN ('Strasse', 'STRASSE')"), 0, 'no equivalents');
	is($t->value("SELECT string_agg(id::text, ' ' ORDER BY txt COLLATE \"C\") FROM words WHERE txt < 'abc' COLLATE \"C\""), '1 3', 'the order is that of Postgres');
});

trap('trap 17, R16: NUL in text', <<'SQL', sub {
CREATE TABLE texts (id int PRIMARY KEY, v varchar(20));
INSERT INTO texts VALUES (1, 'fine'), (2, CONCAT('x', CHAR(0), 'y'));
SQL
	my ($t) = @_;
	$t->refused(undef, name => 'mode create', sqlstate => '22P05', like => [qr/"x\\x00y" contains U\+0000/, qr/table "texts"/, qr/\(id\)=\(2\)/]);
	$t->refused('CREATE TABLE texts (id int PRIMARY KEY, v text)', name => 'mode existing', sqlstate => '22P05', like => qr/"x\\x00y" contains U\+0000/);
	$t->existing('CREATE TABLE texts (id int PRIMARY KEY, v bytea)');
	is($t->value("SELECT string_agg(v::text, ' ' ORDER BY id) FROM texts"), '\x66696e65 \x780079', 'bytea holds it');
	$t->with_rule(['texts', 'v', 'transform', 'replace_nul'], sub {
		$t->create;
		is($t->value("SELECT string_agg(v, ' ' ORDER BY id) FROM texts"), 'fine x␀y', 'replaced by a rule');
		like($t->notes('texts'), qr/v: changed 1 of \d+ values? by transform\(replace_nul\)/, 'and counted');
	});
});

trap('trap 18: \u0000 and half a pair of surrogates in JSON', <<'SQL', sub {
CREATE TABLE documents (id int PRIMARY KEY, j longtext);
INSERT INTO documents VALUES (1, '{"a": "\\\\u0000 is no NUL"}'), (2, '{"a": "x\\u0000y"}');
CREATE TABLE halves (id int PRIMARY KEY, j longtext);
INSERT INTO halves VALUES (1, '"\\ud83d\\ude00"'), (2, '"\\ud800"');
SQL
	my ($t) = @_;
	$t->refused('CREATE TABLE documents (id int PRIMARY KEY, j jsonb); CREATE TABLE halves (id int PRIMARY KEY, j json)', name => '\u0000 for jsonb', sqlstate => '22P05', like => [qr/escape \\u0000/, qr/\(id\)=\(2\)/]);
	$t->refused('CREATE TABLE documents (id int PRIMARY KEY, j json); CREATE TABLE halves (id int PRIMARY KEY, j jsonb)', name => 'a half for jsonb', sqlstate => '22P02', like => [qr/table "halves"/, qr/\(id\)=\(2\)/]);
	$t->existing('CREATE TABLE documents (id int PRIMARY KEY, j json); CREATE TABLE halves (id int PRIMARY KEY, j json)');
	is($t->value("SELECT string_agg(d.j || ' ' || h.j, ', ' ORDER BY id) FROM documents d JOIN halves h USING (id)"),
		'{"a": "\\\\u0000 is no NUL"} "\ud83d\ude00", {"a": "x\u0000y"} "\ud800"', 'json keeps them');
	is($db->value("SELECT string_agg(table_name || ' ' || check_name || ' ' || rows, ', ') FROM alkconv_preflight('$t->{name}', on_existing => 'replace') WHERE severity = 'error'"), '', 'and nothing is listed beforehand');
	$t->target('CREATE TABLE documents (id int PRIMARY KEY, j jsonb); CREATE TABLE halves (id int PRIMARY KEY, j jsonb)');
	is($db->value("SELECT string_agg(table_name || ' ' || check_name || ' ' || rows, ', ') FROM alkconv_preflight('$t->{name}') WHERE severity = 'error'"), 'documents nul_in_json 1, halves surrogate_in_json 1', 'for jsonb both are');
});

trap('trap 19: numbers and keys in JSON', <<'SQL', sub {
CREATE TABLE documents (id int PRIMARY KEY, j json);
INSERT INTO documents VALUES (1, '[-9223372036854775808, 18446744073709551615, 0.1, 1e300, 1.5, true, null]'), (2, '{"bb": 1, "a": {"é": "\\"", "": []}}');
SQL
	my ($t, $my) = @_;
	$t->create;
	is($t->types('documents'), 'j jsonb', 'jsonb');
	is($t->value(q{SELECT j = '[-9223372036854775808, 18446744073709551615, 0.1, 1e300, 1.5, true, null]' FROM documents WHERE id = 1}), 't', 'integers of 64 bits and doubles');
	is($t->value(q{SELECT j = '{"a": {"": [], "é": "\""}, "bb": 1}' FROM documents WHERE id = 2}), 't', 'objects, whatever the order of their keys');
	$t->existing('CREATE TABLE documents (id int PRIMARY KEY, j json)');
	is($t->value('SELECT j FROM documents WHERE id = 1'), $my->value('SELECT j FROM documents WHERE id = 1'), 'json has the text of the server');
});

trap('trap 20: JSON that MariaDB calls longtext', <<'SQL', sub {
CREATE TABLE documents (id int PRIMARY KEY, j json, t longtext);
INSERT INTO documents VALUES (1, '{"a": [1]}', '{"a": [1]}');
SQL
	my ($t, $my) = @_;
	is($my->value("SELECT data_type FROM information_schema.columns WHERE table_schema = DATABASE() AND column_name = 'j'"), $mariadb ? 'longtext' : 'json', 'what the source calls it');
	$t->create;
	is($t->types('documents'), 'j jsonb, t text', 'types');
	is($t->value("SELECT j -> 'a' FROM documents"), '[1]', 'value');
});

trap("trap 21: '' for uuid, json, dates, addresses and numbers", <<'SQL', sub {
CREATE TABLE empties (id int PRIMARY KEY, u char(36), j longtext, d varchar(10), i varchar(20), n varchar(10), t varchar(10) NOT NULL);
INSERT INTO empties VALUES (1, '', '', '', '', '', ''), (2, '6ccd780c-baba-1026-9564-5b8c656024db', '{}', '2020-02-29', '10.0.0.1', '5', 'x');
SQL
	my ($t) = @_;
	my $target = 'CREATE TABLE empties (id int PRIMARY KEY, u uuid, j jsonb, d date, i inet, n int, t text NOT NULL)';
	$t->refused($target, name => 'without a rule', sqlstate => '22P02', like => [qr/"" is an empty string, not a uuid/, qr/HINT:  .*empty_to_null/]);
	$t->with_rule(['%', '%', 'empty_to_null'], sub {
		$t->existing($target);
		is($t->value("SELECT concat_ws(' ', u, j, d, i, n, '<' || t || '>') FROM empties WHERE id = 1"), '<>', 'NULL by rule, where the target is nullable');
		is($t->value('SELECT count(u) + count(j) + count(d) + count(i) + count(n) FROM empties'), 5, 'other values are as they were');
		like($t->notes('empties'), qr/u: changed 1 of 2 values by empty_to_null/, 'counted');
	});
});

trap('trap 22: the spellings of a uuid', <<'SQL', sub {
CREATE TABLE ids (id int PRIMARY KEY, u varchar(38), b binary(16));
INSERT INTO ids VALUES (1, '6CCD780C-BABA-1026-9564-5B8C656024DB', 0x6CCD780CBABA102695645B8C656024DB), (2, '6ccd780cbaba102695645b8c656024db', NULL), (3, '{6ccd780c-baba-1026-9564-5b8c656024db}', NULL);
SQL
	my ($t, $my) = @_;
	$t->existing('CREATE TABLE ids (id int PRIMARY KEY, u uuid, b uuid)');
	is($t->value('SELECT string_agg(DISTINCT u::text, \' \') || count(*) FROM ids'), '6ccd780c-baba-1026-9564-5b8c656024db3', 'one value');
	is($t->value('SELECT b FROM ids WHERE id = 1'), '6ccd780c-baba-1026-9564-5b8c656024db', 'sixteen bytes in their order');
	$t->create;
	is($t->types('ids'), 'u character varying(38), b uuid', 'sixteen bytes with version and variant of a uuid become one');
	$my->run("INSERT INTO ids VALUES (4, 'no uuid', 0xD41D8CD98F00B204E9800998ECF8427E)");
	$t->create;
	is($t->types('ids'), 'u character varying(38), b bytea', 'others do not');
	$t->with_rule(['ids', 'b', 'transform', 'uuid_swap'], sub {
		$t->existing('CREATE TABLE ids (id int PRIMARY KEY, u text, b uuid)');
		is($t->value('SELECT b FROM ids WHERE id = 1'), 'baba1026-780c-6ccd-9564-5b8c656024db', 'swapped by a rule');
	});
	$t->refused('CREATE TABLE ids (id int PRIMARY KEY, u uuid, b uuid)', name => 'no uuid', sqlstate => '22P02', like => [qr/"no uuid" is not a uuid/, qr/\(id\)=\(4\)/]);
});

trap('trap 23: texts that look like NULL, escapes or quotes', <<'SQL', sub {
CREATE TABLE texts (id int PRIMARY KEY, v varchar(40), j json);
INSERT INTO texts VALUES (1, 'NULL', '"NULL"'), (2, '\\N', '{"a": "\\"\\"NULL\\"\\""}'), (3, NULL, 'null'), (4, '"a","b"', NULL), (5, 'tab\tline\nreturn\r\\.', '[]'), (6, '', '""');
SQL
	my ($t) = @_;
	$t->create;
	is($t->value("SELECT string_agg(coalesce(encode(convert_to(v, 'UTF8'), 'hex'), '-'), ' ' ORDER BY id) FROM texts"),
		join(' ', map { defined ? unpack 'H*', $_ : '-' } 'NULL', '\N', undef, '"a","b"', "tab\tline\nreturn\r\\.", ''), 'texts');
	is($t->value("SELECT string_agg(coalesce(j::text, '-'), ' ' ORDER BY id) FROM texts"), '"NULL" {"a": "\"\"NULL\"\""} null - [] ""', 'and JSON');
});

# ---- bytes and encodings ---------------------------------------------------------------------------------------------------------------

trap('trap 24: bytes are bytes', 'CREATE TABLE bytes (id int PRIMARY KEY, b varbinary(300), f binary(4)); INSERT INTO bytes VALUES (1, 0x' . join('', map { sprintf '%02x', $_ } 0 .. 255)
	. ", 0x6100), (2, '', 0x00000000), (3, 'X6262', '\\\\x61');", sub {
	my ($t) = @_;
	$t->create;
	is($t->types('bytes'), 'b bytea, f bytea', 'types');
	is($t->value("SELECT string_agg(encode(b, 'hex') || ' ' || encode(f, 'hex'), ', ' ORDER BY id) FROM bytes"),
		join('', map { sprintf '%02x', $_ } 0 .. 255) . ' 61000000,  00000000, 5836323632 5c783631', 'values, with the padding that binary(n) has');
});

trap('trap 25: compressed bytes in text', <<'SQL', sub {
CREATE TABLE packed (id int PRIMARY KEY, v longtext);
INSERT INTO packed VALUES (1, CONVERT(CAST(UNHEX('78C29CC38B48C38D000000') AS CHAR CHARACTER SET binary) USING utf8mb4)), (2, 'H4sIAAAAAAAAA0tMSgYAwkEkNQMAAAA=');
SQL
	my ($t) = @_;
	my $target = 'CREATE TABLE packed (id int PRIMARY KEY, v text)';
	$t->refused($target, name => 'without a rule', sqlstate => '22P05', like => [qr/U\+0000/, qr/HINT:  .*code_points_to_base64/]);
	is($db->value("SELECT string_agg(check_name || ' ' || rows || ' ' || sample_key, ', ' ORDER BY check_name) FROM alkconv_preflight('$t->{name}') WHERE check_name LIKE 'compressed%'"),
		'compressed_base64 1 (id)=(2), compressed_text 1 (id)=(1)', 'both are recognised beforehand');
	$t->my_source->run('DELETE FROM packed WHERE id = 2');
	$t->with_rule(['packed', 'v', 'transform', 'code_points_to_base64'], sub {
		$t->existing($target);
		is($t->value('SELECT v FROM packed'), 'eJzLSM0AAAA=', 'base64 of the bytes by rule');
	});
	$t->with_rule(['packed', 'v', 'transform', 'code_points_to_bytea'], sub {
		$t->existing('CREATE TABLE packed (id int PRIMARY KEY, v bytea)');
		is($t->value('SELECT v FROM packed'), '\x789ccb48cd000000', 'or the bytes');
	});
});

trap('trap 26: latin1 is cp1252, and may hold UTF-8', <<'SQL', sub {
CREATE TABLE western (id int PRIMARY KEY, v varchar(20) CHARACTER SET latin1);
INSERT INTO western VALUES (1, CONVERT(X'E980' USING latin1)), (2, CONVERT(X'C3A9' USING latin1)), (3, CONVERT(X'81' USING latin1));
SQL
	my ($t) = @_;
	$t->create;
	is($t->value("SELECT string_agg(v, ' ' ORDER BY id) FROM western WHERE id < 3"), 'é€ Ã©', 'as the source reads them, without guesses');
	is($t->value('SELECT ascii(v) FROM western WHERE id = 3'), 129, 'also the five that Windows lacks');
	$t->target('CREATE TABLE western (id int PRIMARY KEY, v text)');
	is($db->value("SELECT severity || ' ' || rows || ' ' || sample_key FROM alkconv_preflight('$t->{name}') WHERE check_name = 'double_encoding'"), 'warning 1 (id)=(2)', 'what looks encoded twice is listed');
	$t->with_rule(['western', 'v', 'transform', 'utf8_in_latin1_repair'], sub {
		$t->create;
		is($t->value("SELECT string_agg(v, ' ' ORDER BY id) FROM western WHERE id < 3"), 'é€ é', 'and repaired by a rule');
		like($t->notes('western'), qr/v: changed 1 of \d+ values? by transform\(utf8_in_latin1_repair\)/, 'and counted');
	});
});

trap('trap 27: characters beyond the first plane', <<'SQL', sub {
CREATE TABLE signs (id int PRIMARY KEY, four varchar(10) CHARACTER SET utf8mb4, three varchar(10) CHARACTER SET utf8mb3, sixteen varchar(10) CHARACTER SET utf16);
INSERT INTO signs VALUES (1, '😀é', 'é€', '😀');
SQL
	my ($t) = @_;
	$t->create;
	is($t->value('SELECT four, three, sixteen, length(four) FROM signs'), '😀é|é€|😀|2', 'every character');
});

trap("trap 28: an enum's '', its order, and sets", <<'SQL', sub {
CREATE TABLE labels (id int PRIMARY KEY, e enum('small', 'medium', 'large', 'x, y'), s set('a b', 'it''s', '{x}', '"q"', 'back\\slash'));
INSERT INTO labels VALUES (1, 'large', 'it''s,{x},"q"'), (2, 'small', ''), (3, 'x, y', 'a b,back\\slash'), (4, NULL, NULL);
SQL
	my ($t, $my) = @_;
	$t->create;
	is($t->value("SELECT string_agg(e::text, ' < ' ORDER BY e) FROM labels"), 'small < large < x, y', 'the order of the labels, not of the alphabet');
	is($t->value("SELECT string_agg(array_to_string(s, ';', '?'), ' | ' ORDER BY id) FROM labels"), q(it's;{x};"q" |  | a b;back\slash), 'sets are arrays');
	$my->run("SET sql_mode = ''; INSERT IGNORE INTO labels VALUES (5, 'bad', '')");
	$t->refused(undef, name => 'an enum of index 0', sqlstate => '22P02', like => [qr/"" is not a label of type/, qr/\(id\)=\(5\)/]);
	$t->with_rule(['labels', 'e', 'transform', 'enum_empty(null)'], sub {
		$t->create;
		is($t->value('SELECT count(*) FROM labels WHERE e IS NULL'), 2, 'NULL by a rule');
	});
});

# ---- what the schema means -------------------------------------------------------------------------------------------------------------

trap('trap 29: ON UPDATE CURRENT_TIMESTAMP', <<'SQL', sub {
CREATE TABLE touched (id int PRIMARY KEY, v int, changed timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP);
INSERT INTO touched VALUES (1, 1, '2001-01-01 00:00:00');
SQL
	my ($t) = @_;
	$t->create;
	is($t->value('UPDATE touched SET v = 1; SELECT changed FROM touched'), '2001-01-01 00:00:00+00', 'not when nothing changes');
	is($t->value("UPDATE touched SET v = 2, changed = '2002-02-02 00:00:00Z'; SELECT changed FROM touched"), '2002-02-02 00:00:00+00', 'not when the column is set');
	is($t->value("UPDATE touched SET v = 3; SELECT changed > now() - interval '1 hour' FROM touched"), 't', 'otherwise it is the time of the change');
});

trap('trap 30: defaults', <<'SQL', sub {
CREATE TABLE defaults (id int AUTO_INCREMENT PRIMARY KEY, n int DEFAULT -5, s varchar(40) DEFAULT 'it''s \\ "q"', d datetime(3) DEFAULT CURRENT_TIMESTAMP(3), ts timestamp(6) NULL DEFAULT CURRENT_TIMESTAMP(6),
	b bit(3) DEFAULT b'101', g varchar(36) DEFAULT (uuid()), x int DEFAULT (1 + 2 * 3), odd varchar(10) DEFAULT (SOUNDEX('word')), nothing varchar(10) NOT NULL DEFAULT '');
SQL
	my ($t) = @_;
	$t->create;
	is($t->value("INSERT INTO defaults DEFAULT VALUES RETURNING n, s, b, length(g), x, odd IS NULL, '<' || nothing || '>'"), q(-5|it's \ "q"|101|36|7|t|<>), 'literals and expressions');
	is($t->value("SELECT d BETWEEN now()::timestamp - interval '1 hour' AND now()::timestamp + interval '1 hour', ts > now() - interval '1 hour', d = date_trunc('milliseconds', d) FROM defaults"), 't|t|t', 'times, with their digits');
	like($t->notes('defaults'), qr/default odd: there is none: .*soundex/i, 'what is not translated is dropped, and reported');
});

trap('trap 31: what is computed', <<'SQL', sub {
CREATE TABLE computed (id int PRIMARY KEY, price decimal(10,2), amount int, name varchar(20) COLLATE utf8mb4_general_ci,
	total decimal(20,2) GENERATED ALWAYS AS (price * amount) STORED, whole int GENERATED ALWAYS AS (amount DIV 2) STORED, part decimal(14,4) GENERATED ALWAYS AS (amount / 3) STORED,
	odd varchar(20) GENERATED ALWAYS AS (SOUNDEX(name)) STORED, ann int GENERATED ALWAYS AS (name = 'ann') STORED);
INSERT INTO computed (id, price, amount, name) VALUES (1, 1.25, 3, 'ANN'), (2, 9.99, -7, 'Bob'), (3, NULL, 0, NULL);
SQL
	my ($t, $my) = @_;
	$t->create;
	my $columns = 'id, total, whole, part, odd, ann';
	is($t->value("SELECT $columns FROM computed ORDER BY id"), $my->value("SELECT $columns FROM computed ORDER BY id") =~ s/NULL//gr =~ s/\t/|/gr, 'the values of the source');
	is($t->value("SELECT attgenerated FROM pg_attribute WHERE attrelid = 'computed'::regclass AND attname = 'total'"), 's', 'computed here where the meaning is the same');
	like($t->notes('computed'), qr/odd/, 'a plain column where it is not, and reported');
	# whatever is computed here must be what the source computes
	my ($new, $computed) = ("(4, 0.10, -3, 'Ann')", $t->value("SELECT string_agg(attname, ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'computed'::regclass AND attgenerated <> ''"));
	$_->value("INSERT INTO computed (id, price, amount, name) VALUES $new") for $t, $my;
	is($t->value("SELECT $computed FROM computed WHERE id = 4"), $my->value("SELECT $computed FROM computed WHERE id = 4") =~ s/\t/|/gr, "also of new rows: $computed");
});

trap('trap 32: columns that SELECT * does not show', ($mariadb ? '' : "SET SESSION sql_generate_invisible_primary_key = ON;\n") . <<'SQL', sub {
CREATE TABLE no_key (v int, hidden int NOT NULL DEFAULT 7 INVISIBLE);
INSERT INTO no_key (v) VALUES (10), (20);
SQL
	my ($t) = @_;
	$t->create;
	is($t->types('no_key'), $mariadb ? 'v integer, hidden integer' : 'my_row_id bigint, v integer, hidden integer', 'all are there');
	is($t->value("SELECT string_agg(v || ' ' || hidden, ', ' ORDER BY v) FROM no_key"), '10 7, 20 7', 'with their values');
	is($t->constraints('no_key', 'p'), $mariadb ? '' : 'PRIMARY KEY (my_row_id)', 'and the key that the server made');
	my $target = 'CREATE TABLE no_key (v int PRIMARY KEY, hidden int)';
	$mariadb ? $t->existing($target) : $t->with_rule(['no_key', 'my_row_id', 'skip_column'], sub { $t->existing($target) });
	is($t->value('SELECT sum(v + hidden) FROM no_key'), 44, 'the key that the server made can be left behind');
});

trap('trap 33: a counter above the highest key', <<'SQL', sub {
CREATE TABLE counted (id int AUTO_INCREMENT PRIMARY KEY, v int);
INSERT INTO counted VALUES (3, 1);
ANALYZE TABLE counted;
SELECT auto_increment FROM information_schema.tables WHERE table_schema = DATABASE();
INSERT INTO counted VALUES (99, 2);
DELETE FROM counted WHERE id = 99;
CREATE TABLE below (id int AUTO_INCREMENT PRIMARY KEY, v int);
INSERT INTO below VALUES (7, 1);
SQL
	my ($t) = @_;
	$t->create;
	is($t->value('INSERT INTO counted (v) VALUES (5) RETURNING id'), 100, 'no number is given twice, although statistics of the source are old');
	is($t->value('INSERT INTO below (v) VALUES (5) RETURNING id'), 8, 'nor one left out');
	$t->existing('CREATE TABLE counted (id serial PRIMARY KEY, v int); CREATE TABLE below (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v int)');
	is($t->value('INSERT INTO counted (v) VALUES (5) RETURNING id'), 100, 'a serial as well');
	is($t->value('INSERT INTO below (v) VALUES (5) RETURNING id'), 8, 'and an identity');
});

my $long = 'é' x 40; # 80 bytes
trap('trap 34: names', <<"SQL", sub {
CREATE TABLE `Twin` (id int PRIMARY KEY, `select` int, `\$x` int, `1st` int, `Ünï"cödé` int, `$long` int, `${long}b` int);
INSERT INTO `Twin` VALUES (1, 2, 3, 4, 5, 6, 7);
CREATE TABLE `twin` (id int PRIMARY KEY);
CREATE TABLE `$long` (id int PRIMARY KEY);
CREATE TABLE `${long}b` (id int PRIMARY KEY);
SQL
	my ($t) = @_;
	$t->create;
	is($t->value('SELECT "select", "$x", "1st", "Ünï""cödé" FROM "Twin"'), '2|3|4|5', 'kept as they are spelled');
	is($t->value('SELECT count(*) FROM twin'), 0, 'a twin that differs in case is another table');
	my $names = q{SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relname LIKE 'é%'};
	my $first = $t->value($names);
	like($first, qr/^(é)+_[0-9a-f]{8} (é)+_[0-9a-f]{8}$/, 'too long in bytes: two names, each with a hash');
	is((grep { length > 63 } split / /, $first), 0, 'of 63 bytes at most');
	like($t->notes($long), qr/renamed table/, 'the report has the names');
	$t->create;
	is($t->value($names), $first, 'the same each time');
});

trap('trap 35: index names that several tables use', <<'SQL', sub {
CREATE TABLE one (id int PRIMARY KEY, x int, KEY idx (x));
CREATE TABLE two (id int PRIMARY KEY, x int, KEY idx (x), KEY one (x));
SQL
	my ($t) = @_;
	$t->create;
	is($t->value(q{SELECT string_agg(indrelid::regclass || ' ' || relname, ', ' ORDER BY indrelid::regclass::text, relname) FROM pg_index JOIN pg_class ON oid = indexrelid
		WHERE relnamespace = current_schema()::regnamespace AND NOT indisprimary}), 'one one_idx, two two_idx, two two_one', 'begin with the name of the table');
});

trap('trap 36: keys over the beginning of a value', <<'SQL', sub {
CREATE TABLE prefixes (id int PRIMARY KEY, t text, b blob, UNIQUE KEY by_start (t(5)), KEY by_bytes (b(3)));
INSERT INTO prefixes VALUES (1, CONCAT('abcde', REPEAT('x', 9000)), REPEAT('y', 9000)), (2, 'abcd', NULL);
SQL
	my ($t) = @_;
	$t->create;
	like($t->value("SELECT string_agg(pg_get_indexdef(indexrelid), ' ' ORDER BY indexrelid::regclass::text) FROM pg_index WHERE indrelid = 'prefixes'::regclass AND NOT indisprimary"),
		qr/USING btree \(substr\(b, 1, 3\)\).*UNIQUE INDEX.*USING btree \("left"\(t, 5\)\)/, 'as long as in the source');
	$db->fails("INSERT INTO $t->{name}.prefixes VALUES (3, 'abcdef')", sqlstate => '23505', name => 'and unique');
});

trap('trap 37: NULLs in unique keys', <<'SQL', sub {
CREATE TABLE nulls (id int PRIMARY KEY, a int, b int, UNIQUE KEY (a), UNIQUE KEY ab (a, b));
INSERT INTO nulls VALUES (1, NULL, 1), (2, NULL, 1), (3, NULL, NULL), (4, 4, NULL);
SQL
	my ($t) = @_;
	$t->create;
	is($t->value('SELECT count(*), count(a) FROM nulls'), '4|1', 'all rows');
	is($t->constraints('nulls', 'u'), 'UNIQUE (a); UNIQUE (a, b)', 'under both constraints');
	is($t->value('INSERT INTO nulls VALUES (5, NULL, 1) RETURNING id'), 5, 'another is welcome');
});

trap('trap 38: orphans', <<'SQL', sub {
SET foreign_key_checks = 0;
CREATE TABLE parents (id int PRIMARY KEY);
INSERT INTO parents VALUES (1);
CREATE TABLE children (id int PRIMARY KEY, parent int, CONSTRAINT by_parent FOREIGN KEY (parent) REFERENCES parents (id));
INSERT INTO children VALUES (1, 1), (2, 99), (3, NULL), (4, 98);
CREATE TABLE texts (id varchar(100) PRIMARY KEY, parent varchar(100), CONSTRAINT by_text FOREIGN KEY (parent) REFERENCES texts (id));
SQL
	my ($t, $my) = @_;
	my %orphans = (sqlstate => '23503', like => [qr/foreign key by_parent of table "children"/, qr/2 orphans in "parents"/,
		qr/row \(id\)=\(2\) refers to \(parent\)=\(99\); row \(id\)=\(4\) refers to \(parent\)=\(98\)/, qr/HINT:.*action orphans with argument delete or null/]);
	$t->refused(undef, name => 'mode create', %orphans);
	$t->refused('CREATE TABLE parents (id int PRIMARY KEY); CREATE TABLE children (id int PRIMARY KEY, parent int CONSTRAINT by_parent REFERENCES parents);
		CREATE TABLE texts (id text PRIMARY KEY, parent text)', name => 'mode existing', %orphans);
	is($db->value("SELECT string_agg(check_name || ' ' || rows || ' ' || sample_key, ', ' ORDER BY check_name) FROM alkconv_preflight('$t->{name}', mode => 'create') WHERE severity = 'error'"),
		'orphan 2 (id)=(2)', 'counted beforehand');
	for my $case (['null', '1:1 2: 3: 4:', 'changed 2 of 4 values'], ['delete', '1:1 3:', '2 rows left out']) {
		my ($argument, $rows, $touched) = @$case;
		$t->with_rule(['children', 'parent', 'orphans', $argument], sub {
			$t->create;
			is($t->value("SELECT string_agg(id || ':' || coalesce(parent::text, ''), ' ' ORDER BY id) FROM children"), $rows, "orphans made good by a rule: $argument");
			is($t->constraints('children', 'f'), 'FOREIGN KEY (parent) REFERENCES parents(id)' . $restrict, 'under the foreign key');
			is($db->value("SELECT string_agg(conname, ' ') FROM pg_constraint WHERE connamespace = 'trap_$serial'::regnamespace AND NOT convalidated"), '', 'which is valid');
			like($t->notes('children'), qr/\b$touched by orphans\($argument\)/, 'counted');
		});
	}
	$my->run("SET foreign_key_checks = 0; UPDATE children SET parent = 1; INSERT INTO texts VALUES (REPEAT('ä', 60), REPEAT('b', 90))");
	$t->refused(undef, name => 'a long value', sqlstate => '23503', like => [qr/row \(id\)=\(@{['ä' x 19]}\.\.\.\) refers to \(parent\)=\(b{19}\.\.\.\)/]);
});

my $elsewhere = scratch_source('CREATE TABLE parents (id int PRIMARY KEY); INSERT INTO parents VALUES (5);');
trap('trap 39: a foreign key into another database', 'CREATE TABLE children (id int PRIMARY KEY, parent int, CONSTRAINT by_parent FOREIGN KEY (parent) REFERENCES ' . $elsewhere->dbname
	. '.parents (id)); INSERT INTO children VALUES (1, 5);', sub {
	my ($t, $my) = @_;
	$t->create;
	like($t->notes('children'), qr/foreign key by_parent: not made: its parent is in database "@{[$elsewhere->dbname]}"/, 'is not made, and the report says why');
	is($t->value('SELECT parent FROM children'), 5, 'the rows are there');
	$db->run('CREATE SCHEMA trap_39_parents');
	Trap->new($elsewhere, 'trap_39_parents')->create;
	$t->create;
	is($t->constraints('children', 'f'), 'FOREIGN KEY (parent) REFERENCES trap_39_parents.parents(id)' . $restrict, 'is made where a run has brought the other database');
	$t->target('');
	$db->run('DELETE FROM trap_39_parents.parents');
	$t->refused(undef, name => 'a parent that is not there', sqlstate => '23503', like => [qr/foreign key by_parent of table "children"/, qr/1 orphan in "trap_39_parents\.parents"/]);
	$my->run('DROP TABLE children');
});

# ---- what a source may be set to -------------------------------------------------------------------------------------------------------

subtest 'trap 40: modes of the source that change what is read' => sub {
	my $my = scratch_source(<<'SQL', server => $hostile);
SET SESSION sql_mode = 'ALLOW_INVALID_DATES';
CREATE TABLE modes (id int PRIMARY KEY, c char(10), v varchar(20), `do"uble` int, d date DEFAULT NULL);
INSERT INTO modes VALUES (1, 'ab', 'back\\slash ''q'' "d"', 5, NULL);
SQL
	is($my->value('SELECT CHAR_LENGTH(c), @@sql_mode LIKE "%ANSI%" FROM modes' =~ s/"/'/gr), "10\t1", 'other sessions read char(10) with its padding');
	my $t = Trap->new($my, 'trap_modes');
	$t->create;
	is($t->value('SELECT \'<\' || c || \'>\', v, "do""uble" FROM modes'), q(<ab>|back\slash 'q' "d"|5), 'ours does not');
};

subtest 'trap 41: lists of columns that the source would cut' => sub {
	my @columns = map { sprintf 'a_column_with_a_name_that_is_long_%02d', $_ } 1 .. 16;
	my $my = scratch_source('SET SESSION sql_mode = \'\'; CREATE TABLE many (' . join(', ', map { "$_ int NOT NULL" } @columns) . ', PRIMARY KEY (' . join(', ', reverse @columns) . '));'
		. 'CREATE TABLE child (id int PRIMARY KEY, ' . join(', ', map { "$_ int NOT NULL" } @columns) . ', CONSTRAINT to_many FOREIGN KEY (' . join(', ', reverse @columns) . ') REFERENCES many ('
		. join(', ', reverse @columns) . '));', server => $hostile);
	is($my->value('SELECT @@group_concat_max_len'), 4, 'the source cuts lists after four bytes');
	my $t = Trap->new($my, 'trap_lists');
	$t->create;
	my $list = join ', ', reverse @columns;
	is($t->constraints('many', 'p'), "PRIMARY KEY ($list)", 'the whole primary key');
	like($t->constraints('child', 'f'), qr/^FOREIGN KEY \($list\) REFERENCES many\($list\)/, 'the whole foreign key');
};

subtest 'trap 42: time limits of the source' => sub {
	is($strange->value('SELECT @@net_write_timeout'), 1, 'the source waits a second for whoever reads slowly');
	is($db->value('SELECT count(*), count(paused), min(length(filler)) FROM (SELECT id, filler, CASE WHEN id = 10 THEN pg_sleep(4)::text END AS paused FROM big) b'), '10000|1|6000',
		'a scan that takes longer than it allows sees every row');
};

trap('trap 43: tables read at different times', <<'SQL', sub {
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (id int PRIMARY KEY);
INSERT INTO a VALUES (1);
INSERT INTO b VALUES (1);
SQL
	my ($t, $my) = @_;
	$t->target("CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(2); RETURN new; END';"
		. join ' ', map { "CREATE TABLE $_ (id int PRIMARY KEY); CREATE TRIGGER slowly BEFORE INSERT ON $_ FOR EACH ROW EXECUTE FUNCTION slowly();" } qw(a b));
	my $run = $db->background($t->migrate_sql('existing'));
	wait_until { $run->wait_event eq 'Timeout:PgSleep' } 60, 'the first row';
	$my->run('INSERT INTO a VALUES (2); INSERT INTO b VALUES (2); COMMIT');
	my %ended = $run->finish(60);
	is($ended{rc}, 0, 'the run goes well, the proof included') or diag($ended{stderr});
	is($t->value('SELECT (SELECT count(*) FROM a), (SELECT count(*) FROM b)'), '1|1', 'all tables are of one moment');
});

trap('trap 44: the character set binary', <<'SQL', sub {
CREATE TABLE strings (id int PRIMARY KEY, b varchar(20) CHARACTER SET binary, v varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, t text CHARACTER SET latin1 COLLATE latin1_bin, j json);
INSERT INTO strings VALUES (1, '{"a": 1}', 'é', CONVERT(X'E9' USING latin1), JSON_OBJECT('k', 'é'));
SQL
	my ($t) = @_;
	$t->create;
	is($t->types('strings'), 'b bytea, v character varying(20), t text, j jsonb', 'the declaration says what is bytes, not the value or the collation');
	is($t->value("SELECT b, v, t, j ->> 'k' FROM strings"), '\x7b2261223a20317d|é|é|é', 'values');
});

trap('trap 45: views, sequences, partitions, histories', <<'SQL' . ($mariadb ? <<'MARIADB' : ''), sub {
CREATE TABLE parts (id int PRIMARY KEY, v int) PARTITION BY RANGE (id) (PARTITION low VALUES LESS THAN (10), PARTITION high VALUES LESS THAN MAXVALUE);
INSERT INTO parts VALUES (1, 1), (10, 2);
CREATE VIEW seen AS SELECT id FROM parts;
SQL
CREATE SEQUENCE numbers;
CREATE TABLE history (id int PRIMARY KEY, v int) WITH SYSTEM VERSIONING;
INSERT INTO history VALUES (1, 1);
UPDATE history SET v = 2;
MARIADB
	my ($t) = @_;
	$t->create;
	is($t->value("SELECT string_agg(relname || ' ' || relkind::text, ', ' ORDER BY relname) FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'S')"),
		($mariadb ? 'history r, ' : '') . 'parts p, parts_high r, parts_low r', 'each table once, and nothing that is none');
	is($t->value('SELECT string_agg(tableoid::regclass || \' \' || v, \', \' ORDER BY id) FROM parts'), 'parts_low 1, parts_high 2', 'rows are where they belong');
	is($t->value('SELECT array_agg((id, v)) FROM history'), '{"(1,2)"}', 'present rows only') if $mariadb;
	my $sequence = $mariadb ? qr/sequence numbers not carried over; to make it at its place: CREATE SEQUENCE \S+ [^,]* START WITH 1, / : '';
	like($db->value("SELECT string_agg(check_name || ' ' || note, ', ' ORDER BY check_name) FROM alkconv_report() WHERE check_name ~ '^(view|sequence) '"),
		qr/^${sequence}view seen not carried over$/, 'the rest is listed');
});

trap('trap 46: the reference system of a shape', <<'SQL', sub {
CREATE TABLE shapes (id int PRIMARY KEY, g geometry);
INSERT INTO shapes VALUES (1, ST_GeomFromText('POINT(42.5 23.25)', 4326)), (2, ST_GeomFromText('LINESTRING(0 0, 1 2)')), (3, NULL);
SQL
	my ($t, $my) = @_;
	$t->create;
	is($t->types('shapes'), 'g bytea', 'bytes');
	is($t->value("SELECT string_agg(coalesce(upper(encode(g, 'hex')), 'NULL'), ' ' ORDER BY id) FROM shapes"), join(' ', $my->rows('SELECT HEX(g) FROM shapes ORDER BY id')), 'those of the source');
	like($t->value("SELECT encode(g, 'hex') FROM shapes WHERE id = 1"), qr/^e6100000/, 'the reference system first');
});

# ---- what was seen to go wrong ---------------------------------------------------------------------------------------------------------

trap('R4: YEAR', 'CREATE TABLE years (id int PRIMARY KEY, y year); INSERT INTO years VALUES (1, 1901), (2, 2155), (3, 0), (4, NULL);', sub {
	my ($t, $my) = @_;
	$t->create;
	is($t->types('years'), 'y smallint', 'its type');
	is($t->value("SELECT string_agg(coalesce(y::text, '-'), ' ' ORDER BY id) FROM years"), '1901 2155 0 -', 'values');
	$t->target('');
	$db->run('IMPORT FOREIGN SCHEMA ' . $my->dbname . " FROM SERVER $t->{name} INTO $t->{name}");
	is($t->value('SELECT sum(y) FROM years'), 4056, 'a foreign table');
});

trap('R10: a numeric parameter of a generic plan', 'CREATE TABLE amounts (id int PRIMARY KEY, n decimal(30,10)); INSERT INTO amounts VALUES (1, 12345678901234567890.0123456789), (2, 0.1);', sub {
	my ($t) = @_;
	$t->target("CREATE FOREIGN TABLE amounts (id int, n numeric(30,10)) SERVER $t->{name}");
	is($t->value("SET plan_cache_mode = force_$_; PREPARE p(numeric) AS SELECT id FROM amounts WHERE n = \$1; EXECUTE p(12345678901234567890.0123456789); EXECUTE p(0.1)"), "1\n2", "force_$_")
		for qw(generic_plan custom_plan);
});

trap('R11: the authentication that servers have by default', 'CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1);', sub {
	my ($t, $my) = @_;
	my ($user, $database) = ('r11_' . $$, $my->dbname);
	my $password = 'pw-' . join '', map { ('a' .. 'z')[rand 26] } 1 .. 12;
	$my->run("CREATE USER '$user'\@'%' IDENTIFIED BY '$password'; GRANT ALL ON $database.* TO '$user'\@'%'");
	my $plugin = $my->value("SELECT plugin FROM mysql.user WHERE user = '$user'");
	is($plugin, $mariadb ? 'mysql_native_password' : 'caching_sha2_password', 'how it logs in');
	my $other = Trap->new($my, 'trap_r11', user => $user, password => $password);
	$other->create;
	is($other->value('SELECT count(*) FROM t'), 1, 'the first login of a new account goes well');
	$my->run("DROP USER '$user'\@'%'");
});

trap('R12, R13: a run that lost something does not succeed', <<'SQL', sub {
CREATE TABLE first (id int PRIMARY KEY);
INSERT INTO first VALUES (1), (2);
CREATE TABLE second (id int PRIMARY KEY, tm time);
INSERT INTO second VALUES (1, '01:00:00'), (2, '-838:59:59');
SQL
	my ($t) = @_;
	$t->target('CREATE TABLE first (id int PRIMARY KEY); CREATE TABLE second (id int PRIMARY KEY, tm time)');
	my $runs = $db->value('SELECT count(*) FROM alkconv.run');
	my %result = $db->psql($t->migrate_sql('existing'));
	is($result{rc}, 3, 'psql tells it');
	like($result{stderr}, qr/ERROR:  22003:.*"-838:59:59"/, 'and the reason');
	is($t->value('SELECT (SELECT count(*) FROM first), (SELECT count(*) FROM second)'), '0|0', 'no table is filled, also not the good one');
	is($db->value('SELECT count(*) FROM alkconv.run'), $runs, 'no run is recorded');
});

trap('R16: small things that get lost', <<'SQL', sub {
CREATE TABLE small (id int PRIMARY KEY, z varchar(10), f float, t varchar(100), doubled int GENERATED ALWAYS AS (id * 2) STORED, KEY by_start (t(20)));
INSERT INTO small (id, z, f, t) VALUES (1, 'z  ', 16777.217, 'text');
SQL
	my ($t) = @_;
	$t->create;
	is($t->value("SELECT '<' || z || '>', f, doubled FROM small"), '<z  >|16777.217|2', 'blanks, digits, what was computed');
	like($t->value("SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = 'small'::regclass AND NOT indisprimary"), qr/"left"\(\(?t\)?(::text)?, 20\)/, 'the length of a key');
});

done_testing();
