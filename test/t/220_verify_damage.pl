# testbed: mysql mariadb readers
#
# The proof finds what is wrong: after a good run, one cell of every column of every type is damaged in the target, and alkconv_verify
# names exactly that table, column and key. The same for rows, keys and sequences, and for nothing at all.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $fixture = 'test/fixtures/alltypes';
my $my = scratch_source();
$my->load("$fixture/" . flavor() . '.sql');
my $db = scratch_database();
$db->run(slurp("$fixture/postgres.sql"));
$db->link_source('src', $my);
$db->run("SELECT alkconv_migrate('src')");
my $good = "SELECT count(*) FILTER (WHERE verdict = 'ok') > 80, count(*) FILTER (WHERE verdict NOT IN ('ok', 'left out')) FROM alkconv_verify('src')";
is($db->value($good), 't|0', 'all is well after the run');

# Another value of the same type, as near as the type allows.
sub damaged {
	my ($v, $type) = @_;
	my ($digits) = $type =~ /\((\d+)\)/;
	my $fraction = sub { my ($n) = @_; '0.' . '0' x ($n - 1) . '1' };
	my $second = !defined $digits ? "interval '1 us'" : $digits == 0 ? "interval '1 s'" : "interval '" . $fraction->($digits) . " s'";
	return "CASE WHEN $v > 0 THEN $v - 1 ELSE $v + 1 END" if $type =~ /^(smallint|integer|bigint)$/;
	if ($type =~ /^numeric\(\d+,(\d+)\)/) {
		my $unit = $1 ? $fraction->($1) : 1;
		return "CASE WHEN $v > 0 THEN $v - $unit ELSE $v + $unit END";
	}
	return "($v * (1 + 2.220446049250313e-16::float8))" if $type eq 'double precision';
	return "($v * (1 + 1.1920929e-07::float8))::real" if $type eq 'real';
	return "NOT $v" if $type eq 'boolean';
	return "~$v" if $type =~ /^bit/;
	return "$v - 1" if $type eq 'date';
	return "$v - $second" if $type =~ /^(timestamp|time\b|interval)/;
	return "CASE WHEN length($v) = 0 THEN '\\x00' ELSE set_byte($v, length($v) - 1, get_byte($v, length($v) - 1) # 1) END" if $type eq 'bytea';
	return "translate($v\:\:text, '0123456789abcdef', '123456789abcdef0')::uuid" if $type eq 'uuid';
	return "array_append($v, 'one more')" if $type eq 'text[]';
	return "CASE WHEN $v = 'plain' THEN 'Mixed Case' ELSE 'plain' END::labels_e" if $type =~ /labels_e/;
	return "jsonb_build_array($v)" if $type eq 'jsonb';
	return "json_build_array($v)" if $type eq 'json';
	return "$v + 1" if $type eq 'inet';
	return "CASE WHEN right($v, 1) = 'x' THEN left($v, -1) || 'X' WHEN $v = '' THEN 'x' ELSE left($v, -1) || 'x' END" if $type =~ /^(text|character)/;
	die "no damage for type $type\n";
}

# A value for a cell that is null.
sub something {
	my ($type) = @_;
	return "'{}'" if $type =~ /^(text\[\]|json)/;
	return "''" if $type =~ /^(text|character|bytea)/;
	return "'epoch'" if $type =~ /^(date|timestamp)/;
	return "'00:00:00'" if $type =~ /^(time\b|interval)/;
	return "'00000000-0000-0000-0000-000000000000'" if $type eq 'uuid';
	return "'plain'" if $type =~ /labels_e/;
	return "'0.0.0.0'" if $type eq 'inet';
	return 'false' if $type eq 'boolean';
	return "repeat('0', $1)::varbit::bit($1)" if $type =~ /^bit\((\d+)\)/;
	return '0';
}

sub ident { my ($name) = @_; return '"' . $name =~ s/"/""/gr . '"' }

# Every loaded column but keys, with a row that has a value and one that has none; tables with a key of one column.
my %keys = map { split /\|/, $_, 2 } $db->rows("SELECT relname, min(attname) FROM pg_index JOIN pg_class c ON c.oid = indrelid
	JOIN pg_attribute ON attrelid = c.oid AND attnum = indkey[0] WHERE indisprimary AND indnkeyatts = 1 AND relnamespace = 'public'::regnamespace GROUP BY relname");
my @queries;
for my $line ($db->rows("SELECT table_name, column_name, target_type FROM alkconv_plan('src') WHERE step = 'column' ORDER BY table_name, column_name")) {
	my ($table, $column, $type) = split /\|/, $line;
	next if !defined $keys{$table} || $keys{$table} eq $column;
	my ($t, $c, $key) = map { ident($_) } $table, $column, $keys{$table};
	# near one: the smallest denormal times one and a bit is itself
	my $order = $type =~ /^(real|double)/ ? "abs($c) BETWEEN 0.05 AND 2 DESC, $key" : $key;
	push @queries, sprintf 'SELECT %s, %s, %s, (SELECT string_agg(k::text, \',\') FROM (SELECT %s AS k FROM %s WHERE %s IS NOT NULL ORDER BY %s LIMIT 2) q), (SELECT %s::text FROM %s WHERE %s IS NULL ORDER BY 1 LIMIT 1)',
		(map { "'" . s/'/''/gr . "'" } $table, $column, $type =~ s/^public\.//r), $key, $t, $c, $order, $key, $t, $c;
}
my $not_null = join '|', $db->rows("SELECT attrelid::regclass || ' ' || attname FROM pg_attribute WHERE attnotnull AND attrelid IN (SELECT oid FROM pg_class WHERE relkind = 'r')");
my (@rounds, %round); # each round a hash by table: cells to damage, in different rows
my $cells = 0;
for my $line ($db->rows(join ' UNION ALL ', @queries)) {
	my ($table, $column, $type, $values, $null) = split /\|/, $line, -1;
	my ($c, $key) = (ident($column), $keys{$table});
	my ($first, $second) = split /,/, $values;
	my @damages = ([ $first, damaged($c, $type) ], [ $null, something($type) ]);
	push @damages, [ $second // $first, 'NULL' ] if $not_null !~ /(^|\|)\Q$table $column\E(\||$)/;
	my %used;
	for my $damage (grep { ($_->[0] // '') ne '' } @damages) {
		$round{$table}++ if !%used || $used{ $damage->[0] }++;
		$used{ $damage->[0] } = 1;
		push @{ $rounds[$round{$table} - 1]{$table} },
			{ place => "($key)=($damage->[0]): column \"$column\": source ", sql => "SET $c = $damage->[1] WHERE " . ident($key) . " = '$damage->[0]'" };
		$cells++;
	}
}

# Each round damages one cell in each table that has one left; one session for all, each round rolled back, which mends it.
my $found = "SELECT 'table', table_name, check_name, coalesce(note, '') FROM alkconv_verify('src') WHERE verdict NOT IN ('ok', 'left out')";
my $script = "SET session_replication_role = replica;\n"; # or a key that is damaged would be refused
for my $round (@rounds) {
	$script .= "BEGIN;\n";
	for my $table (sort keys %$round) {
		$script .= 'UPDATE ' . ident($table) . " $_->{sql};\n" for @{ $round->{$table} };
	}
	$script .= "SELECT 'round';\n$found;\nROLLBACK;\n";
}
my %result = $db->psql($script . "SELECT 'round';\n$good;\n", args => [ '-F', "\t" ]);
is($result{rc}, 0, "$cells damaged cells are verified in " . @rounds . ' rounds') or BAIL_OUT($result{stderr});
my (undef, @answers) = split /^round\n/m, $result{stdout};
is(pop @answers, "t\t0\n", 'mended, all is well again');
is(scalar @answers, scalar @rounds, 'an answer per round');
cmp_ok($cells, '>', 250, 'no cell was forgotten');
for my $i (0 .. $#rounds) {
	my %reported;
	push @{ $reported{ (split /\t/)[1] } }, [ (split /\t/)[2, 3] ] for grep { length } split /\n(?=table\t)|\n\z/, $answers[$i];
	my @faults;
	for my $table (sort keys %{ $rounds[$i] }) {
		my $cells = $rounds[$i]{$table};
		my @reports = grep { $_->[0] !~ /^foreign key/ } @{ delete $reported{$table} // [] };
		my @notes = map { split /; (?=\()/, $_->[1] } @reports;
		my $ok = @reports == 1 && $reports[0][0] =~ /^(digest|reread )/ && @notes == @$cells && !grep { /, column "/ } @notes;
		for my $cell (@$cells) {
			$ok &&= (grep { index($_, $cell->{place}) == 0 } @notes) == 1;
		}
		push @faults, join "\n  ", "$table:", (map { "damage: $_->{sql}" } @$cells), @reports ? map { "found: @$_" } @reports : 'nothing found' if !$ok;
	}
	push @faults, "$_: reported without damage" for sort keys %reported;
	ok(!@faults, 'damage ' . ($i + 1) . ': exactly the damaged cells are found') or diag(join "\n", @faults);
}

# ---- what is not one cell ------------------------------------------------------------------------------------------------------------

# damage(name, SQL, list of [table, check, regex of the note]): what is found after the SQL, which is rolled back.
sub damage {
	my ($name, $sql, @expected) = @_;
	my @found = map { [ (split /\t/)[1 .. 3] ] } split /\n(?=table\t)|\n\z/, {
		$db->psql("BEGIN;\n$sql;\n$found;\nROLLBACK;", args => [ '-F', "\t" ])
	}->{stdout};
	my @faults;
	push @faults, 'found ' . @found . ' instead of ' . @expected if @found != @expected;
	for my $i (0 .. $#expected) {
		my ($table, $check, $note) = @{ $expected[$i] };
		push @faults, "no mismatch of $check of $table like $note" if !grep { $_->[0] eq $table && $_->[1] eq $check && ($_->[2] // '') =~ $note } @found;
	}
	ok(!@faults, $name) or diag(join "\n", @faults, map { join ' | ', @$_ } @found);
	return;
}

damage('a row that is missing', 'DELETE FROM spans WHERE id = 3', [ 'spans', 'rows', qr/^$/ ], [ 'spans', 'digest', qr/^\(id\)=\(3\): missing in the target$/ ]);
damage('a row with a column that is read again is missing', 'DELETE FROM documents WHERE id = 2', [ 'documents', 'rows', qr/^$/ ],
	[ 'documents', 'digest', qr/^\(id\)=\(2\): missing in the target$/ ]);
damage('and another one differs', "DELETE FROM documents WHERE id = 2; UPDATE documents SET j_jsonb = '\"else\"' WHERE id = 1", [ 'documents', 'rows', qr/^$/ ],
	[ 'documents', 'digest', qr/^\(id\)=\(2\): missing in the target$/ ], [ 'documents', 'reread j_jsonb', qr/^\(id\)=\(1\): column "j_jsonb": source [^;]*$/ ]);
damage('a row too many', "INSERT INTO spans (id) VALUES (77)", [ 'spans', 'rows', qr/^$/ ], [ 'spans', 'digest', qr/^\(id\)=\(77\): only in the target$/ ]);
damage('a row under another key', 'UPDATE spans SET id = 33 WHERE id = 3',
	[ 'spans', 'digest', qr/^\(id\)=\(3\): missing in the target; \(id\)=\(33\): only in the target$/ ]);
damage('two values exchanged between rows', 'UPDATE integers SET si_u = CASE id WHEN 2 THEN 32768 ELSE 65535 END WHERE id IN (2, 3)',
	[ 'integers', 'digest', qr/^\(id\)=\(2\): column "si_u": source '65535', target '32768'; \(id\)=\(3\): column "si_u": source '32768', target '65535'$/ ]);
damage('two values exchanged between columns', q{UPDATE composite SET first = last, last = first WHERE a = 'x' AND b = 1 AND z = '2024-01-01'},
	[ 'composite', 'digest', qr/column "first": source 'a', target 'b'/ ]);
damage('a key of several columns', "UPDATE composite SET last = 'c' WHERE a = ' x'", [ 'composite', 'digest', qr/^\(a, b, z\)=\( x, 1, 2024-01-01\): column "last": source NULL, target 'c'$/ ]);
damage('without a key', "UPDATE keyless SET b = 'twicE' WHERE ctid = (SELECT min(ctid) FROM keyless WHERE a = 1)",
	[ 'keyless', 'digest', qr/row \(a, b\)=\(1, twicE\): only in the target/ ]);
damage('a row more often', 'INSERT INTO keyless VALUES (NULL, NULL)', [ 'keyless', 'rows', qr/^$/ ],
	[ 'keyless', 'digest', qr/^row \(a, b\)=\(NULL, NULL\): occurs more often in the target$/ ]);
damage('the last of a million characters', "UPDATE texts SET lt = left(lt, -1) || 'J' WHERE id = 4", [ 'texts', 'digest', qr/^\(id\)=\(4\): column "lt": / ]);
damage('upper case for lower', "UPDATE texts SET v_latin1 = 'Café' WHERE id = 2", [ 'texts', 'digest', qr/column "v_latin1": source 'café', target 'Café'/ ]);
damage('an accent of two characters', "UPDATE texts SET v = U&'e\\0301' WHERE id = 5", [ 'texts', 'digest', qr/\(id\)=\(5\): column "v": / ]);
damage('a trailing blank', "UPDATE texts SET v = 'trailing blanks  ' WHERE id = 2", [ 'texts', 'digest', qr/column "v": source 'trailing blanks   ', target 'trailing blanks  '/ ]);
damage('text for null', "UPDATE texts SET t = 'NULL' WHERE id = 6", [ 'texts', 'digest', qr/column "t": source NULL, target 'NULL'/ ]);
damage('the sign of zero', 'UPDATE floats SET d = -d WHERE id = 7', [ 'floats', 'digest', qr/^\(id\)=\(7\): column "d": / ]);
damage('every row of a table', 'UPDATE floats SET d_u = -1', [ 'floats', 'digest', qr/^(\(id\)=\(\d+\): column "d_u": [^;]+(; |$)){10}$/ ]);
damage('all rows', 'DELETE FROM keyless', [ 'keyless', 'rows', qr/^$/ ], [ 'keyless', 'digest', qr/^row .*missing in the target; row .*/ ]);
damage('an orphan', "SET LOCAL session_replication_role = replica; UPDATE composite_detail SET z = '1999-09-09' WHERE id = 2",
	[ 'composite_detail', 'digest', qr/\(id\)=\(2\): column "z"/ ],
	[ 'composite_detail', 'foreign key composite_detail_fk', qr/^row \(id\)=\(2\) refers to \(a, b, z\)=\(y, 1, 1999-09-09\)$/ ]);
damage('a sequence set back', 'ALTER SEQUENCE integers_id_seq RESTART WITH 5', [ 'integers', 'sequence of id', qr/highest value 5/ ]);
damage('an index that is not valid', "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'composite_names'::regclass", [ 'composite', 'unique', qr/composite_names/ ]);
damage('a check that was never true', "ALTER TABLE keyless ADD CONSTRAINT never CHECK (a < 2) NOT VALID", [ 'keyless', 'check never', qr/a < 2/ ]);
damage('nothing', 'SET LOCAL work_mem = 1000');

# ---- constraints that the server does not enforce ------------------------------------------------------------------------------------

# From 18 on a constraint may be NOT ENFORCED: rows may violate it, and a run loads them as the server would.
my $violated = "ALTER TABLE keyless ADD CONSTRAINT never CHECK (a < 2) %1\$s; ALTER TABLE composite_detail DROP CONSTRAINT composite_detail_fk;
	ALTER TABLE composite_detail ADD CONSTRAINT nowhere FOREIGN KEY (id) REFERENCES empty_table %1\$s";
my $violations = "SELECT coalesce(string_agg(check_name, ', ' ORDER BY check_name), 'none') FROM alkconv_verify('src') WHERE verdict NOT IN ('ok', 'left out') AND check_name <> 'schema'";
is($db->value('BEGIN; ' . sprintf($violated, 'NOT VALID') . "; $violations; ROLLBACK"), 'check never, foreign key nowhere', 'NOT VALID: violations are found');
my $not_enforced = 'BEGIN; ' . sprintf($violated, 'NOT ENFORCED');
if ($db->value('SHOW server_version_num') >= 180000) {
	is($db->value("$not_enforced; $violations; ROLLBACK"), 'none', 'NOT ENFORCED: they are none');
	is($db->value("$not_enforced; SELECT alkconv_migrate('src', on_existing => 'replace') IS NOT NULL; ROLLBACK"), 't', 'and no obstacle to a run');
} else {
	$db->fails($not_enforced, sqlstate => '42601', name => 'NOT ENFORCED: not in this version');
}

# ---- the source goes on ----------------------------------------------------------------------------------------------------------------

$my->run("UPDATE spans SET tm6 = '00:00:01' WHERE id = 3; INSERT INTO empty_table VALUES (1, 'new')");
damage('the source has changed', 'SET LOCAL work_mem = 1000', [ 'spans', 'digest', qr/^\(id\)=\(3\): column "tm6": / ], [ 'empty_table', 'rows', qr/^$/ ],
	[ 'empty_table', 'digest', qr/^\(id\)=\(1\): missing in the target$/ ]);
is($db->value("SELECT count(*) FROM alkconv_verify('src', include => ARRAY['empty%'], verify => 'counts') WHERE verdict <> 'ok'"), 1, 'counts see new rows');
is($db->value("SELECT count(*) FROM alkconv_verify('src', exclude => ARRAY['empty%'], verify => 'counts') WHERE verdict NOT IN ('ok', 'left out')"), 0, 'and not new values');
is($db->value("SELECT string_agg(DISTINCT table_name, ', ') FROM alkconv_verify('src', include => ARRAY['s%s'])"), 'shapes, spans', 'include and exclude choose tables');
$db->run("SELECT alkconv_migrate('src', on_existing => 'replace')");
is($db->value($good), 't|0', 'after another run all is well');

done_testing();
