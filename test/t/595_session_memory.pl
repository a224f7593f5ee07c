# testbed: mysql mariadb no-sanitizer alone
#
# A session that runs again and again does not grow: what a run has freed goes back to the system. Measured without JIT, whose library keeps memory
# of its own in a way that depends on what was compiled.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $digits = '(' . join(' UNION ALL ', map { "SELECT $_ AS n" } 0 .. 9) . ')';
my @sql = (<<"SQL", map { "CREATE TABLE t$_ (id int PRIMARY KEY, name varchar(50) NOT NULL, created datetime(6), KEY (name)); INSERT INTO t$_ SELECT id, name, NULL FROM narrow WHERE id <= 50;\n" } 1 .. 40);
CREATE TABLE narrow (id int PRIMARY KEY, name varchar(50) NOT NULL, KEY (name));
INSERT INTO narrow SELECT 1 + a.n + 10 * b.n + 100 * c.n + 1000 * d.n, CONCAT('name ', a.n, b.n, c.n, d.n) FROM $digits a, $digits b, $digits c, $digits d;
CREATE TABLE wide (id int PRIMARY KEY, body longtext, kept text);
INSERT INTO wide SELECT 1 + a.n + 10 * b.n + 100 * c.n, REPEAT(CONCAT(a.n, b.n, c.n, ' '), 15000 + a.n * 1000), REPEAT('x', 100 * a.n) FROM $digits a, $digits b, $digits c;
SQL
my $my = scratch_source(join '', @sql);
my $db = scratch_database();
$db->link_source('src', $my, target_schema => 'public', readers => 3);
$db->run("SELECT alkconv_migrate('src', mode => 'create')");

# Private memory of the backend (kB) after each of twelve calls in one session, above what it had before the first.
sub after_each {
	my ($call) = @_;
	my $measure = q{SELECT 'kB ' || substring(pg_read_file('/proc/self/status') FROM 'RssAnon:\s*(\d+)')};
	my %result = $db->psql(join('', map { "$_;\n" } 'SET jit = off', 'SET client_min_messages = warning', $measure, map { ($call, $measure) } 1 .. 12));
	is($result{rc}, 0, $call) or diag($result{stderr});
	my ($before, @kb) = $result{stdout} =~ /^kB (\d+)$/mg;
	return map { $_ - $before } @kb;
}

sub least { my ($least) = sort { $a <=> $b } @_; return $least }

# What a run holds when it ends differs, since its threads meet as they may; so of some runs the least counts.
for my $case (["SELECT alkconv_migrate('src', on_existing => 'replace')", 16_000], ["SELECT count(*) FROM alkconv_verify('src')", 6_000],
	["SELECT count(*) FROM alkconv_preflight('src', on_existing => 'replace')", 6_000], ["SELECT count(*) FROM alkconv_plan('src', on_existing => 'replace')", 6_000]) {
	my ($call, $most) = @$case;
	my @kb = after_each($call);
	is(scalar @kb, 12, 'it was measured');
	cmp_ok(least(@kb[8 .. 11]), '<', $most, "what it has freed is given back: @kb");
	cmp_ok(least(@kb[8 .. 11]) - least(@kb[3 .. 6]), '<', 5_000, 'and it does not grow');
}

done_testing;
