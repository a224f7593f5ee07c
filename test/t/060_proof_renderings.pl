# testbed: mysql mariadb no-sanitizer
#
# The proof's renderings, without any converter: the same values written as SQL literals of both servers must have equal digests,
# different values different ones, and a damaged cell must be found. ALKCONV_PROOF_RANDOM sets how many random values are drawn,
# ALKCONV_PROOF_ONLY (a regular expression) which cases run.
use strict;
use warnings;
use AlkconvTest;
use FindBin;
use lib "$FindBin::Bin/../proof";
use File::Temp ();
use ProofCases qw(cases);
use Test::More;

my $root = "$FindBin::Bin/../..";
my $count = $ENV{ALKCONV_PROOF_RANDOM} // 300;
my $pins = 'SET search_path = pg_catalog, pg_temp; SET extra_float_digits = 1; SET TimeZone = "Europe/Sofia"; SET IntervalStyle = sql_standard; SET DateStyle = "SQL, DMY";';
my $mysql_pins = "SET NAMES utf8mb4 COLLATE utf8mb4_bin; SET SESSION time_zone = '+00:00', sql_mode = '';";

my $dir = File::Temp->newdir;
my $tool = "$dir/proof_sql";
my %built = run_command(['c++', '-std=c++17', '-O0', "-I$root/src", '-o', $tool, "$root/test/proof/proof_sql.cpp", core_objects()]);
is($built{rc}, 0, 'proof_sql builds') or BAIL_OUT($built{stderr});

my $my = scratch_source();
my $db = scratch_database(extension => 0);
my $mysql_db = $my->dbname;

# Runs proof_sql on a description and returns the pairs of queries.
sub queries {
	my (@lines) = @_;
	my %result = run_command([$tool], input => join('', map { "$_\n" } 'dialect' . "\t" . flavor(), @lines));
	die "proof_sql: $result{stderr}" if $result{rc} != 0;
	my @sql = split /\n/, $result{stdout}, -1;
	my @pairs;
	push @pairs, [ splice @sql, 0, 2 ] while @sql > 1;
	return @pairs;
}

# Each side's answer to a list of queries, one string per query.
sub answers {
	my ($side, @queries) = @_;
	return answers_of_session($side, $mysql_pins, @queries);
}

# With other pins of the source's session.
sub answers_of_session {
	my ($side, $source_pins, @queries) = @_;
	my @marked = map { ("SELECT 'answer'", $_) } @queries;
	my $output = $side eq 'mysql'
		? $my->run($source_pins . join(";\n", @marked) . ';')
		: $db->run($pins . join(";\n", @marked) . ';');
	my @answers = split /^answer\n?/m, $output, -1;
	shift @answers;
	s/\t/|/g, s/\n\z// for @answers;
	is(scalar @answers, scalar @queries, "$side answers all queries") or BAIL_OUT($output);
	return @answers;
}

# 1. One table per case.
my $only = $ENV{ALKCONV_PROOF_ONLY} // '.';
# From MariaDB 11.8.9 on a column holds no -0.
my $has_minus_zero = $my->value('CREATE TEMPORARY TABLE minus_zero (v double); INSERT INTO minus_zero VALUES (-0e0); SELECT ATAN2(v, -1) < 0 FROM minus_zero');
my @cases = grep { $_->{name} =~ /$only/ } cases(flavor(), $count);
my (@ddl_my, @ddl_pg, @lines);
for my $i (0 .. $#cases) {
	my $case = $cases[$i];
	my @values = grep { $has_minus_zero || $_->[0] ne '-0e0' } @{ $case->{same} };
	push @values, [ 'NULL', 'NULL' ] if $case->{null} // 1;
	my $null = $case->{mysql_null} ? ' NULL' : '';
	push @ddl_my, "CREATE TABLE c$i (id int PRIMARY KEY, v $case->{mysql}$null " . ($case->{column} // '') . ')';
	push @ddl_pg, $case->{ddl} // (), "CREATE TABLE c$i (id int PRIMARY KEY, v $case->{pg})";
	my $id = 0;
	my (@my, @pg);
	for my $pair (@values) {
		$id++;
		push @my, "($id,$pair->[0])";
		push @pg, "($id,$pair->[1])";
	}
	# small statements: some values are long
	while (my @part = splice @my, 0, 200) {
		push @ddl_my, "INSERT INTO c$i VALUES " . join ',', @part;
	}
	while (my @part = splice @pg, 0, 200) {
		# VALUES lists of several rows take unknown literals for text: one row each
		push @ddl_pg, join ";\n", map { "INSERT INTO c$i VALUES $_" } @part;
	}
	$case->{rows} = $id;
	my $kind = $case->{kind} // $case->{pg};
	push @lines, "table\t`$mysql_db`.`c$i`\tpublic.c$i", "column\tid\tid\tint\t\tinteger\tkey", "column\tv\tv\t$case->{mysql}\t$case->{charset}\t$kind\t$case->{options}",
		"query\tdigest", "query\tmethod",
		"table\t`$mysql_db`.`c$i`\tpublic.c$i", "column\tv\tv\t$case->{mysql}\t$case->{charset}\t$kind\t$case->{options}", "query\tdistinct";
}
$my->run($mysql_pins . 'SET autocommit = 0;' . join(";\n", @ddl_my) . '; COMMIT;');
$db->run("BEGIN;\n" . join(";\n", @ddl_pg) . ";\nCOMMIT;");

my @pairs = queries(@lines);
my @digest = map { $pairs[ 3 * $_ ] } 0 .. $#cases;
my @distinct = map { $pairs[ 3 * $_ + 2 ] } 0 .. $#cases;
my @from_mysql = answers('mysql', map { $_->[0] } @digest, @distinct);
my @from_postgres = answers('postgres', map { $_->[1] } @digest, @distinct);
for my $i (0 .. $#cases) {
	my $case = $cases[$i];
	is($pairs[ 3 * $i + 1 ][0], $case->{method} // $pairs[ 3 * $i + 1 ][0], "$case->{name}: method") if $case->{method};
	like($pairs[ 3 * $i + 1 ][0], qr/^digest digest/, "$case->{name}: proved by digest");
	is($from_postgres[$i], $from_mysql[$i], "$case->{name}: equal digests of $case->{rows} rows") or explain_difference($i);
	like($from_mysql[$i], qr/^$case->{rows}\|$case->{rows}\|\d{27}\|\d{27}$/, "$case->{name}: all rows hashed");
	next if !($case->{unique} // 1);
	is($from_mysql[ @cases + $i ], $case->{rows}, "$case->{name}: the source tells all values apart");
	is($from_postgres[ @cases + $i ], $case->{rows}, "$case->{name}: the target tells all values apart");
}

# What is stored does not depend on the session: of instants and JSON neither does the rendering. What a rule puts in their place is in no zone.
my @anywhere = grep { $cases[$_]{mysql} =~ /^(timestamp|json)/ && ($cases[$_]{options} // '') eq '' } 0 .. $#cases;
cmp_ok(scalar @anywhere, '>=', 5, 'cases of instants and JSON');
for my $pins ("SET NAMES latin1; SET SESSION time_zone = '+05:30', sql_mode = '';", "SET NAMES ascii; SET SESSION time_zone = '-09:00', sql_mode = 'PAD_CHAR_TO_FULL_LENGTH';") {
	my @got = answers_of_session('mysql', $pins, map { $_->[0] } @digest[@anywhere]);
	is($got[$_], $from_mysql[ $anywhere[$_] ], "$cases[ $anywhere[$_] ]{name}: the same digest in another session") for 0 .. $#anywhere;
}

# The rows that differ, with both values.
sub explain_difference {
	my ($i) = @_;
	my $case = $cases[$i];
	my ($pair) = queries("table\t`$mysql_db`.`c$i`\tpublic.c$i", "column\tid\tid\tint\t\tinteger\tkey",
		"column\tv\tv\t$case->{mysql}\t$case->{charset}\t" . ($case->{kind} // $case->{pg}) . "\t$case->{options}", join("\t", 'query', 'values', 1 .. $case->{rows}));
	my %mysql = map { /^(\d+)\|/ ? ($1 => $_) : () } split /\n/, (answers('mysql', $pair->[0]))[0];
	my %postgres = map { /^(\d+)\|/ ? ($1 => $_) : () } split /\n/, (answers('postgres', $pair->[1]))[0];
	my $shown = 0;
	for my $id (1 .. $case->{rows}) {
		my ($a, $b) = map { (split /\|/, $_->{$id} // '')[-1] // '' } \%mysql, \%postgres;
		next if $a eq $b;
		diag("row $id: $case->{same}[$id - 1][0]\n  mysql    $mysql{$id}\n  postgres $postgres{$id}") if $shown++ < 5;
	}
	return;
}

# 2. One wide table with a column per case: damage one cell at a time and follow the way to it.
my @wide = grep { $cases[$_]{wide} // 1 } 0 .. $#cases;
my @wide_lines = ("table\t`$mysql_db`.`wide`\tpublic.wide", "column\tid\tid\tchar(36)\tutf8mb4\tuuid\tkey", "column\tn\tn\tint\t\tinteger\tkey");
for my $i (@wide) {
	my $case = $cases[$i];
	push @wide_lines, join "\t", 'column', "v$i", "v$i", $case->{mysql}, $case->{charset}, $case->{kind} // $case->{pg}, $case->{options};
}
my $rows = 200;
my $uuid = sub { sprintf 'aaaaaaaa-0000-4000-8000-%012d', $_[0] };
$my->run($mysql_pins . 'CREATE TABLE wide (id char(36) PRIMARY KEY, n int UNIQUE'
		. join('', map { ", v$_ $cases[$_]{mysql} NULL " . ($cases[$_]{column} // '') } @wide) . ');'
		. 'INSERT INTO wide (id, n) VALUES ' . join(',', map { "('" . uc($uuid->($_)) . "',$_)" } 1 .. $rows) . ';'
		. join(';', map { "UPDATE wide JOIN c$_ ON c$_.id = 1 + wide.n % $cases[$_]{rows} SET wide.v$_ = c$_.v" } @wide));
$db->run('CREATE TABLE wide AS SELECT s.id::uuid AS id, s.n, ' . join(', ', map { "c$_.v AS v$_" } @wide)
		. ' FROM (VALUES ' . join(',', map { "('" . $uuid->($_) . "',$_)" } 1 .. $rows) . ') AS s (id, n) '
		. join(' ', map { "JOIN c$_ ON c$_.id = 1 + s.n % $cases[$_]{rows}" } @wide));

my $victim = 7;
my $key = $uuid->($victim) . ",$victim,";
require Digest::SHA;
my $bucket = substr Digest::SHA::sha256_hex($key), 0, 3;
my @wide_pairs = queries(@wide_lines, "query\tdigest", "query\tbuckets", "query\trows\t$bucket", "query\tvalues\t$key");
my @sound = answers('mysql', map { $_->[0] } @wide_pairs);
is_deeply([ answers('postgres', map { $_->[1] } @wide_pairs[ 0 .. 2 ]) ], [ @sound[ 0 .. 2 ] ], 'wide table: equal digests, buckets and row digests');
like($sound[1], qr/^\Q$bucket\E\|1\|1\|/m, 'wide table: the bucket of a key is the start of its SHA-256');
like($sound[2], qr/^\Q$key\E\|[0-9a-f]{64}$/, 'wide table: the bucket holds the key');

my @script;
for my $i (@wide) {
	# NULL becomes the value of another row, any other value NULL
	push @script, 'BEGIN', "UPDATE public.wide SET v$i = CASE WHEN v$i IS NULL THEN (SELECT v FROM public.c$i WHERE v IS NOT NULL LIMIT 1) END WHERE n = $victim",
		map({ ("SELECT 'answer'", $_->[1]) } @wide_pairs), 'ROLLBACK';
}
my @damaged = split /^answer\n/m, $db->run($pins . join(";\n", @script) . ';'), -1;
shift @damaged;
s/\n\z// for @damaged;
my @sound_values = split /\|/, $sound[3], -1;
for my $i (@wide) {
	my ($digest, $buckets, $row_digests, $values) = splice @damaged, 0, 4;
	my @values = split /\|/, $values, -1;
	my @buckets = differing($sound[1], $buckets);
	my @columns = grep { ($values[ 2 + 2 * $_ ] // '') ne ($sound_values[ 2 + 2 * $_ ] // '') } 0 .. @wide + 1;
	my $position = 2 + (grep { $wide[$_] == $i } 0 .. $#wide)[0];
	ok($digest ne $sound[0] && "@buckets" eq $bucket && $row_digests ne $sound[2] && "@columns" eq "$position",
		"$cases[$i]{name}: a damaged cell is found by digest, bucket, row and column")
		or diag("buckets: @buckets; columns: @columns, expected $position\n$values");
}

# The first fields of the lines that are not in both texts.
sub differing {
	my ($one, $other) = @_;
	my %count;
	$count{$_}++ for split(/\n/, $one), split(/\n/, $other);
	my %fields = map { (split /\|/)[0] => 1 } grep { $count{$_} == 1 } keys %count;
	return sort keys %fields;
}

# 3. What cannot be rendered is never equal to anything: the row is not counted as hashed.
$my->run($mysql_pins . "SET sql_mode = 'ALLOW_INVALID_DATES'; CREATE TABLE bad (id int PRIMARY KEY, d date NOT NULL, t datetime NOT NULL);"
		. "INSERT INTO bad VALUES (1,'0000-00-00','2020-01-01'), (2,'2020-01-01','0000-00-00'), (3,'2020-00-10','2020-01-01'), (4,'2020-01-01','2020-02-31 10:00:00'), (5,'2021-02-29','2020-01-01'), (6,'2020-02-29','2020-01-01')");
my ($bad) = queries("table\t`$mysql_db`.bad\tpublic.bad", "column\tid\tid\tint\t\tinteger\tkey", "column\td\td\tdate\t\tdate\t", "column\tt\tt\tdatetime\t\ttimestamp without time zone\t", "query\tdigest");
like((answers('mysql', $bad->[0]))[0], qr/^6\|1\|/, 'zero, partial and impossible dates are not hashed, and not taken for NULL');

# 4. Base64 that a decoder forgives, and what it does not.
$db->run("CREATE TABLE b64 (id int, v text); INSERT INTO b64 VALUES (1,'QQ=='),(2,'QR=='),(3,'QQ='),(4,'QQ'),(5,'====') ,(6,'Q\nQ='),(7,'QQ==QQ=='),(8,'*QQ='),(9,'')");
my ($b64) = queries("table\t`$mysql_db`.b64\tpublic.b64", "column\tid\tid\tint\t\tinteger\tkey", "column\tv\tv\tlongtext\tutf8mb4\ttext\ttransform=code_points_to_base64", join("\t", 'query', 'values', 1 .. 9));
my %frames = map { my @f = split /\|/; ($f[0] => $f[-1]) } split /\n/, (answers('postgres', $b64->[1]))[0] =~ s/Q\nQ/QQ/r;
is(scalar(grep { $frames{$_} eq $frames{3} } 2 .. 8), 7, 'text that is not the base64 of the bytes equals no source value');
isnt($frames{1}, $frames{3}, 'base64 does');
isnt($frames{9}, $frames{3}, 'and so does the empty string');

# 5. A table without rows, and one without columns that SQL can render.
$my->run('CREATE TABLE none (id int PRIMARY KEY)');
$db->run('CREATE TABLE none (id int PRIMARY KEY)');
my ($none) = queries("table\t`$mysql_db`.none\tpublic.none", "column\tid\tid\tint\t\tinteger\tkey", "query\tdigest");
is((answers('mysql', $none->[0]))[0], '0|0|0|0', 'no rows in the source');
is((answers('postgres', $none->[1]))[0], '0|0|0|0', 'nor in the target');

done_testing();
