# testbed: mysql mariadb no-sanitizer
#
# Translated expressions compute what MySQL computes: expressions over a table of hostile values become stored generated columns
# of the source; what information_schema says of them is translated, becomes a stored generated column in Postgres over the same
# values, and the two are compared value by value. Defaults likewise, by a row of defaults. What cannot be the same is refused.
use strict;
use warnings;
use AlkconvTest;
use Encode qw(encode);
use FindBin;
use lib "$FindBin::Bin/../expressions";
use ExpressionCases qw(columns defaults expressions refusals);
use File::Temp ();
use JSON::PP ();
use Test::More;

my $root = "$FindBin::Bin/../..";
my $rows = 120;
my $mysql_pins = "SET NAMES utf8mb4 COLLATE utf8mb4_bin; SET SESSION time_zone = '+00:00', sql_mode = '';\n";
my $pins = 'SET client_min_messages = warning; SET DateStyle = ISO; SET extra_float_digits = 1;';

my $dir = File::Temp->newdir;
my $tool = "$dir/translate_expressions";
my %built = run_command(['c++', '-std=c++17', '-O0', "-I$root/src", '-o', $tool, "$root/test/expressions/translate_expressions.cpp", core_objects()]);
is($built{rc}, 0, 'translate_expressions builds') or BAIL_OUT($built{stderr});

my $my = scratch_source();
my $db = scratch_database(extension => 0);
my $mysql_db = $my->dbname;
my @columns = columns(flavor());

sub mysql { my ($sql, @args) = @_; return $my->mysql(encode('UTF-8', $mysql_pins . $sql), args => \@args) }
sub postgres { my ($sql) = @_; return $db->psql(encode('UTF-8', $pins . $sql)) }

# ---- the values ----

sub literal {
	my ($side, $type, $value) = @_;
	return 'NULL' if !defined $value;
	return $side eq 'mysql' ? $value : sprintf "B'%08b'", $value if $type =~ /^bit/;
	return $side eq 'mysql' ? "x'" . unpack('H*', $value) . "'" : "'\\x" . unpack('H*', $value) . "'" if $type =~ /^varbinary/;
	$value =~ s/([\\'])/\\$1/g;
	return $side eq 'mysql' ? "'$value'" : "E'$value'";
}

# Lists of different lengths, and another shift each time round: the columns' values meet in many combinations.
sub value_of {
	my ($column, $row) = @_;
	my (undef, undef, undef, @values) = @$column;
	return $values[ ($row + int($row / @values)) % @values ];
}

my $names = join ', ', map { "`$_->[0]`" } @columns;
my $target_names = join ', ', map { "\"$_->[0]\"" } @columns;
my $source_columns = join ', ', map { "`$_->[0]` $_->[1]" } @columns;
my (@source_rows, @target_rows);
for my $row (1 .. $rows) {
	push @source_rows, '(' . join(', ', $row, map { literal('mysql', $_->[1], value_of($_, $row)) } @columns) . ')';
	push @target_rows, '(' . join(', ', $row, map { literal('postgres', $_->[1], value_of($_, $row)) } @columns) . ')';
}
my %made = mysql("CREATE TABLE v (id int PRIMARY KEY, $source_columns); INSERT INTO v VALUES " . join(",\n", @source_rows) . ';');
is($made{rc}, 0, 'the values are in the source') or BAIL_OUT($made{stderr});
# one row for each statement: VALUES lists of several take unknown literals for text
%made = postgres("SET TimeZone = 'UTC'; BEGIN; CREATE TABLE v (id int PRIMARY KEY, " . join(', ', map { "\"$_->[0]\" $_->[2]" } @columns) . ');'
	. join('', map { "INSERT INTO v VALUES $_;\n" } @target_rows) . 'COMMIT;');
is($made{rc}, 0, 'and in the target') or BAIL_OUT($made{stderr});

# ---- what the source says of the expressions ----

my @cases;
for my $group (expressions(flavor())) {
	my ($type, $target, $compared, @list) = @$group;
	push @cases, map { { type => $type, target => $target, compared => $compared, expression => $_ } } @list;
}
push @cases, map { { type => 'int', target => 'integer', refused => 1, expression => $_ } } refusals(flavor());
my $n = 0;
$_->{table} = 'e' . $n++ for @cases;
my %result = mysql(join('', map { "CREATE TABLE $_->{table} (id int PRIMARY KEY, $source_columns, g $_->{type} GENERATED ALWAYS AS ($_->{expression}) STORED);\n"
		. "INSERT IGNORE INTO $_->{table} (id, $names) SELECT id, $names FROM v;\n" } @cases), '--force');
my %spelled;
%result = mysql("SELECT TABLE_NAME, COLUMN_NAME, HEX(COLUMN_TYPE), HEX(IFNULL(CHARACTER_SET_NAME, '')), HEX(IFNULL(COLLATION_NAME, '')), HEX(IFNULL(GENERATION_EXPRESSION, ''))"
	. " FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '$mysql_db'");
for my $line (split /\n/, $result{stdout}) {
	my ($table, $column, @fields) = split /\t/, $line, -1;
	$spelled{$table}{$column} = \@fields;
}

my (@input, @translated);
push @input, 'dialect' . "\t" . flavor();
for my $column (@columns) {
	my ($type, $charset, $collation) = @{ $spelled{v}{ $column->[0] } };
	$type = unpack 'H*', 'json' if $column->[1] eq 'json'; # MariaDB says longtext
	push @input, join "\t", 'column', unpack('H*', $column->[0]), unpack('H*', $column->[0]), $type, $charset, $collation, unpack('H*', $column->[2]);
}
my $refused_by_source = 0;
for my $case (@cases) {
	my $spelling = $spelled{ $case->{table} }{g};
	if (!$spelling) {
		$refused_by_source++;
		note("the source takes no $case->{expression}");
		next;
	}
	my ($type, $charset, $collation, $expression) = @$spelling;
	$type = unpack 'H*', 'json' if $case->{type} eq 'json';
	$case->{spelled} = pack 'H*', $expression;
	push @input, join "\t", 'generated', $expression, $type, $charset, $collation, unpack 'H*', $case->{target};
	push @translated, $case;
}
cmp_ok($refused_by_source, '<', 16, "the source takes all expressions but $refused_by_source");

sub translate {
	my (@lines) = @_;
	my %output = run_command([$tool], input => join '', map { "$_\n" } @lines);
	die "translate_expressions: $output{stderr}" if $output{rc} != 0;
	return map { [ map { pack 'H*', $_ } split /\t/, $_, -1 ] } split /\n/, $output{stdout}, -1;
}
my @translations = translate(@input);
@$_{qw(sql refusal)} = @{ shift @translations } for @translated;

# ---- values against values ----

my %mysql_rendering = (
	text => 'CAST(g AS CHAR)', number => 'g + 0E0', hex => 'HEX(g)', time => 'TIME_TO_SEC(g)', json => 'HEX(CAST(g AS CHAR))', bits => 'g + 0', set => 'HEX(g)', epoch => 'UNIX_TIMESTAMP(g)',
);

sub rendering {
	my ($compared, $target) = @_;
	return $compared eq 'number' ? 'g::float8::text'
		: $compared eq 'hex' ? "upper(encode(" . ($target eq 'bytea' ? 'g' : "convert_to(g::text, 'UTF8')") . ", 'hex'))"
		: $compared eq 'time' || $compared eq 'epoch' ? 'extract(epoch FROM g)::bigint::text'
		: $compared eq 'json' ? "encode(convert_to(g::text, 'UTF8'), 'hex')"
		: $compared eq 'set' ? "encode(convert_to(array_to_string(g, ','), 'UTF8'), 'hex')"
		: $target eq 'inet' ? 'host(g)'
		: $compared eq 'bits' || $target eq 'boolean' ? 'g::int::text'
		: $target =~ /^timestamp\((\d)\)/ && $1 > 0 ? "to_char(g, 'YYYY-MM-DD HH24:MI:SS." . ($1 == 3 ? 'MS' : 'US') . "')"
		: 'g::text';
}

my $json = JSON::PP->new->utf8->allow_nonref->canonical;

sub same {
	my ($compared, $one, $other) = @_;
	return $one eq $other if $one eq 'NULL' || $other eq 'NULL';
	return $one == $other if $compared eq 'number';
	return $json->encode($json->decode(pack 'H*', $one)) eq $json->encode($json->decode(pack 'H*', $other)) if $compared eq 'json';
	return lc $one eq lc $other;
}

my @compared = grep { !$_->{refused} && $_->{sql} ne '' } @translated;
%result = mysql(join '', map { "SELECT '$_->{table}', id, IFNULL($mysql_rendering{ $_->{compared} }, 'NULL') FROM $_->{table} ORDER BY id;\n" } @compared);
die $result{stderr} if $result{rc} != 0;
my %expected;
for my $line (split /\n/, $result{stdout}) {
	my ($table, $id, $value) = split /\t/, $line, -1;
	$expected{$table}[$id] = $value;
}
for my $case (@translated) {
	my $name = encode('UTF-8', $case->{expression}) =~ s/\n/\\n/gr;
	if ($case->{refused}) {
		ok($case->{refusal} ne '' && $case->{sql} eq '', "refused: $name") or diag("$case->{spelled}\n$case->{sql}");
		note("$name: $case->{refusal}");
		next;
	}
	if ($case->{refusal} ne '') {
		fail("$name: translated");
		diag("$case->{spelled}: $case->{refusal}");
		next;
	}
	my $g = rendering($case->{compared}, $case->{target});
	# the session's zone must not matter
	%result = $db->psql(encode('UTF-8', "$pins SET TimeZone = 'Europe/Sofia'; CREATE TABLE $case->{table} (LIKE v, g $case->{target} GENERATED ALWAYS AS (") . $case->{sql} . ") STORED);"
			. "INSERT INTO $case->{table} (id, $target_names) SELECT id, $target_names FROM v; SELECT id, COALESCE($g, 'NULL') FROM $case->{table} ORDER BY id;");
	if ($result{rc} != 0) {
		fail("$name: evaluated");
		diag("$case->{spelled}\n$case->{sql}\n$result{stderr}");
		next;
	}
	my @got;
	for my $line (split /\n/, $result{stdout}) {
		my ($id, $value) = split /[|]/, $line, 2;
		$got[$id] = $value;
	}
	my @different = grep { !same($case->{compared}, $expected{ $case->{table} }[$_] // 'missing', $got[$_] // 'missing') } 1 .. $rows;
	is(scalar @different, 0, "$case->{target}: $name")
		or diag("$case->{spelled}\n$case->{sql}\n" . join "\n", map { "row $_: mysql $expected{ $case->{table} }[$_], postgres $got[$_]" } @different > 4 ? @different[0 .. 3] : @different);
}

# ---- defaults ----

my @defaults = defaults(flavor());
%result = mysql(join('', map { "CREATE TABLE d$_ (id int PRIMARY KEY, g $defaults[$_][0] DEFAULT $defaults[$_][3]); INSERT INTO d$_ (id) VALUES (1);\n" } 0 .. $#defaults));
is($result{rc}, 0, 'the source takes all defaults') or BAIL_OUT($result{stderr});
%result = mysql("SELECT TABLE_NAME, HEX(IFNULL(COLUMN_DEFAULT, 'none')), COLUMN_DEFAULT IS NULL, EXTRA LIKE '%DEFAULT_GENERATED%', HEX(COLUMN_TYPE), HEX(IFNULL(CHARACTER_SET_NAME, '')), HEX(IFNULL(COLLATION_NAME, ''))"
	. " FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '$mysql_db' AND COLUMN_NAME = 'g' AND TABLE_NAME LIKE 'd%'");
my %default = map { my ($table, @fields) = split /\t/, $_, -1; ($table => \@fields) } split /\n/, $result{stdout};
@input = ('dialect' . "\t" . flavor());
my @given;
for my $i (0 .. $#defaults) {
	my ($text, $none, $generated, $type, $charset, $collation) = @{ $default{"d$i"} };
	next if $none;
	$type = unpack 'H*', 'json' if $defaults[$i][0] eq 'json';
	push @input, join "\t", 'default', $text, unpack('H*', $generated), $type, $charset, $collation, unpack 'H*', $defaults[$i][1];
	push @given, $i;
}
@translations = translate(@input);
my %clause = map { $_ => shift @translations } @given;
postgres("CREATE TYPE mood AS ENUM ('a', 'B c')");
for my $i (0 .. $#defaults) {
	my ($type, $target, $compared, $source) = @{ $defaults[$i] };
	my $name = encode('UTF-8', "$type DEFAULT $source");
	my ($sql, $refusal) = $clause{$i} ? @{ $clause{$i} } : ('', '');
	if ($type =~ /binary|blob/ && pack('H*', $default{"d$i"}[0]) =~ /^'.*[?].*'$/s) { # MariaDB 10.11 shows x'00ff' so
		like($refusal, qr/question mark/, "$name: refused");
		next;
	}
	if ($refusal ne '') {
		fail("$name: translated");
		diag(pack('H*', $default{"d$i"}[0]) . ": $refusal");
		next;
	}
	%result = mysql("SELECT IFNULL($mysql_rendering{$compared}, 'NULL') FROM d$i");
	chomp(my $wanted = $result{stdout});
	my $g = rendering($compared, $target);
	%result = $db->psql(encode('UTF-8', "$pins SET TimeZone = 'Europe/Sofia'; CREATE TABLE d$i (id int, g $target") . ($sql eq '' ? '' : " DEFAULT $sql") . "); INSERT INTO d$i VALUES (1); SELECT COALESCE($g, 'NULL') FROM d$i;");
	chomp(my $got = $result{stdout});
	ok($result{rc} == 0 && same($compared, $wanted, $got), $name) or diag("$sql\nmysql $wanted, postgres $got\n$result{stderr}");
}

done_testing();
