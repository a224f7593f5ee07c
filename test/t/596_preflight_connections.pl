# testbed: mysql mariadb alone
#
# Preflight over several connections finds what it finds over one, in the same order: the server's option readers asks for them, however small the
# source is, and a table of 16 MB is cut.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $digits = '(' . join(' UNION ALL ', map { "SELECT $_ AS n" } 0 .. 9) . ')';
my $my = scratch_source(<<"SQL");
SET foreign_key_checks = 0;
CREATE TABLE parent (id varchar(20) PRIMARY KEY);
INSERT INTO parent VALUES ('a'), ('b');
CREATE TABLE large (id int PRIMARY KEY, day date, label text, filler varchar(4000), parent varchar(20), CONSTRAINT large_parent FOREIGN KEY (parent) REFERENCES parent (id));
SET sql_mode = '';
INSERT INTO large SELECT 1 + a.n + 10 * b.n + 100 * c.n + 1000 * d.n, IF(a.n = 3 AND b.n = 7, '0000-00-00', '2020-01-01'), IF(c.n = 9 AND a.n = 0, CONCAT('x', CHAR(0)), 'label'),
	REPEAT('f', 3500), CASE a.n WHEN 1 THEN 'A' WHEN 2 THEN 'zz' ELSE 'b' END FROM $digits a, $digits b, $digits c, $digits d;
CREATE TABLE small (id int PRIMARY KEY, day date);
INSERT INTO small VALUES (1, '0000-00-00'), (2, '2020-01-01');
ANALYZE TABLE large;
SQL
my $db = scratch_database();
my $tables = 'CREATE TABLE parent (id text PRIMARY KEY); CREATE TABLE large (id int PRIMARY KEY, day date, label text, filler text, parent text REFERENCES parent);'
	. ' CREATE TABLE small (id int PRIMARY KEY, day date)';
$db->run($tables);
$db->link_source('one', $my, target_schema => 'public', readers => 1);
$db->link_source('four', $my, target_schema => 'public', readers => 4);

my $root = AlkconvTest::Source->main;
sub connects { return $root->value("SHOW GLOBAL STATUS LIKE 'Connections'") =~ /(\d+)/ ? $1 : die }

# The rows, and how many connections they took.
sub preflight {
	my ($source, $arguments) = @_;
	my $before = connects();
	my $found = $db->value("SELECT string_agg(p::text, E'\\n') FROM alkconv_preflight('$source'$arguments) p WHERE check_name <> 'space'"); # which has the free space of this moment
	return ($found =~ s/"?$source"?'?/SOURCE/gr, connects() - $before - 1);
}

for my $arguments ('', q{, exclude => '{large}'}) {
	my ($by_one, $one) = preflight('one', $arguments);
	my ($by_four, $four) = preflight('four', $arguments);
	is($one, 1, "one connection$arguments");
	is($four, 4, 'four where they are asked for');
	is($by_four, $by_one, 'the same rows in the same order');
}

my $found = $db->value(q{SELECT string_agg(concat_ws(' ', table_name, check_name, rows, sample_key), ', ') FROM alkconv_preflight('four') WHERE severity = 'error' AND table_name = 'large'});
is($found =~ tr/,//, 3, 'all that is wrong') or diag($found);
like($found, qr/$_/, $_) for 'large zero_date 100 ', 'large nul_in_text 100 ', 'large orphan 1000 ', 'large parent_spelling 1000 ';

done_testing;
