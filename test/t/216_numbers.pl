# testbed: mysql mariadb
#
# numeric values are made without their input function where they are short enough: they must be the same to the last bit, scale included.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my @columns = map { my ($precision, $scale) = @$_; { name => "d${precision}_$scale", precision => $precision, scale => $scale } }
	[ 1, 0 ], [ 4, 0 ], [ 4, 4 ], [ 5, 1 ], [ 9, 2 ], [ 10, 5 ], [ 17, 3 ], [ 18, 0 ], [ 18, 18 ], [ 19, 4 ], [ 20, 0 ], [ 38, 10 ], [ 65, 30 ];
my @rows;
for my $row (0 .. 79) {
	my @values;
	for my $column (@columns) {
		my $digits = $row == 0 ? '0' x $column->{precision} : $row == 1 ? '9' x $column->{precision} : $row == 2 ? '1' . '0' x ($column->{precision} - 1)
			: $row == 3 ? '0' x ($column->{precision} - 1) . '1' : substr('0' x 65 . substr(('73019' x 4 . '20000' x 3 . '8' x 30 . '00') x 2, $row % 60, 1 + $row * 7 % 65), -$column->{precision});
		my $whole = $column->{precision} - $column->{scale};
		push @values, ($row % 2 ? '-' : '') . (substr($digits, 0, $whole) || '0') . ($column->{scale} ? '.' . substr $digits, $whole : '');
	}
	push @rows, "($row, " . join(', ', @values) . ')';
}
my $my = scratch_source();
$my->run('CREATE TABLE numbers (id int PRIMARY KEY, ' . join(', ', map { "$_->{name} decimal($_->{precision}, $_->{scale})" } @columns) . ');'
		. 'INSERT INTO numbers VALUES ' . join(', ', @rows) . ';'
		. join '', map { "CREATE TABLE $_ LIKE numbers; INSERT INTO $_ SELECT * FROM numbers;" } qw(same unlimited wider texts));
my $db = scratch_database();
my %type = (
	same => sub { "numeric($_->{precision}, $_->{scale})" },
	unlimited => sub { 'numeric' },
	wider => sub { 'numeric(' . ($_->{precision} + 9) . ', ' . ($_->{scale} + 7) . ')' },
	texts => sub { 'text' },
);
for my $table (sort keys %type) {
	$db->run("CREATE TABLE $table (id int PRIMARY KEY, " . join(', ', map { "$_->{name} " . $type{$table}->() } @columns) . ')');
}
$db->link_source('src', $my);
$db->run("SELECT alkconv_migrate('src', include => ARRAY['same', 'unlimited', 'wider', 'texts'])");
for my $table (qw(same unlimited wider)) {
	for (@columns) {
		my $numeric = "n.$_->{name}";
		my $read = "t.$_->{name}::" . $type{$table}->();
		is($db->value("SELECT count(*) FROM $table n JOIN texts t USING (id) WHERE numeric_send($numeric) = numeric_send($read)"
					. " AND pg_column_size($numeric) <= pg_column_size($read) AND $numeric\::text = $read\::text"), scalar @rows, "$table.$_->{name}");
	}
}

done_testing();
