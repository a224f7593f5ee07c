# testbed: mysql mariadb smoke
#
# Wall times and instants: what a zone makes of one that becomes the other, by rule, by the server's option, by the source's own word; in runs, in
# foreign tables, and in the proof. The source of the test bed is at -03:30, the session of Postgres in Europe/Sofia.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $findings = "SELECT column_name, check_name, rows FROM alkconv_preflight('src') WHERE severity = 'error' AND check_name <> 'target_not_empty' ORDER BY 1";
# The end of the last NOTICE: nothing is left out. A zone is a rule only where a rule says it.
my $proved = 'proved equal to what 1 rule makes of them$';
my $by_option = sub { my ($values, $said) = @_; return "every value proved equal, $values wall times? by " . ($said // 'server option time_zone') . '$' };

# ---- the case --------------------------------------------------------------------------------------------------------------------------

my $my = case_source('wall-times-of-another-zone');
my $db = scratch_database();
case_target($db, 'wall-times-of-another-zone');
$db->link_source('src', $my);
same_text($db->value($findings), "expires_at|zone_unknown|\nmade|zone_unknown|", 'without a zone preflight finds both columns');
like($db->value("SELECT remedy FROM alkconv_preflight('src') WHERE column_name = 'made'"),
	qr/of which time zone .*datetime to timestamp\(?\d?\)? ?with time zone; the source's own time_zone is -03:30\)\. Say it by the option time_zone .*connectionTimeZone/,
	'and says what to do');
is($db->value("SELECT count(*) FROM alkconv_plan('src') WHERE note ~ 'of which time zone the wall times are is not known'"), 2, 'so does the plan');
$db->fails("SELECT alkconv_migrate('src')", sqlstate => '42846', like => [qr/"code"\."expires_at"/, qr/more problem/, qr/option time_zone/], name => 'so does a run');
$db->fails("SELECT alkconv_verify('src')", sqlstate => '42846', like => [qr/"code"\."expires_at"/], name => 'and a proof without one');

my $values = "SET TimeZone = 'UTC'; SELECT expires_at, made FROM code ORDER BY id";
$db->run("ALTER SERVER src OPTIONS (ADD time_zone '+05:00')");
same_text($db->value($findings), '', 'with the zone of the sessions nothing is in the way');
like($db->notices("SELECT alkconv_migrate('src')"), qr/1 row, @{[ $by_option->(2) ]}/m, 'the run goes well, and says by whose word');
is($db->value($values), '2026-01-01 12:00:00|2026-01-01 07:00:00+00', 'with what the application wrote');
is($db->value("SELECT note FROM alkconv_plan('src') WHERE column_name = 'expires_at'"), 'instants are stored as wall times of +05:00 (server option time_zone)', 'the plan says how');
like($db->value("SELECT note FROM alkconv_report() WHERE check_name = 'table'"), qr/^expires_at: changed 1 of 1 value by server option time_zone; made: changed 1 of 1 value by server option time_zone$/, 'the report counts');
$db->run("ALTER SERVER src OPTIONS (SET time_zone '+04:00')");
is($db->value("SELECT string_agg(verdict, ',' ORDER BY check_name) FROM alkconv_verify('src') WHERE check_name IN ('digest', 'rows')"), 'mismatch,ok', 'another zone is another result');
for my $zone ('source', 'Etc/GMT+3') {
	$db->run("ALTER SERVER src OPTIONS (SET time_zone '$zone')", "SELECT alkconv_migrate('src', on_existing => 'replace')");
	my $hour = $zone eq 'source' ? '03:30:00|2026-01-01 15:30:00+00' : '04:00:00|2026-01-01 15:00:00+00';
	is($db->value($values), "2026-01-01 $hour", "option $zone");
}
$db->run('ALTER SERVER src OPTIONS (DROP time_zone)',
	"INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ('%', '%', 'transform', 'wall_time(+05:00)')",
	"SELECT alkconv_migrate('src', on_existing => 'replace')");
is($db->value($values), '2026-01-01 12:00:00|2026-01-01 07:00:00+00', 'a rule by pattern does the same');

# ---- what a zone is ----------------------------------------------------------------------------------------------------------------------

for my $bad ('+5', 'EEST', 'EET', 'Europe/Sofa', 'FOO+3', 'EST5EDT', 'Europe/Sofia, third', '') {
	$db->fails("INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ('%', '%', 'transform', 'wall_time($bad)')",
		sqlstate => '22023', like => [qr/Europe\/Sofia/], name => "a rule refuses \"$bad\"");
	$db->fails("ALTER SERVER src OPTIONS (ADD time_zone '$bad')", sqlstate => '22023', like => [qr/time zone ".*" cannot be used/], name => "the option, too");
}

# ---- a zone with summer time --------------------------------------------------------------------------------------------------------------

$my = scratch_source(<<'SQL');
SET time_zone = '+00:00', sql_mode = '';
CREATE TABLE t (id int PRIMARY KEY, ts timestamp(6) NULL, dt datetime(6), plain datetime(6), instant timestamp(6) NULL, day date, txt varchar(40));
INSERT INTO t VALUES (1, '2024-01-01 12:00:00.000001', '2024-01-01 12:00:00.000001', '2024-01-01 12:00:00.000001', '2024-01-01 12:00:00.000001', '2024-01-01', '2024-01-01 12:00:00'),
	(2, '2024-07-01 12:00:00', '2024-07-01 12:00:00', NULL, NULL, NULL, NULL), (3, NULL, NULL, NULL, NULL, NULL, NULL),
	(4, '2024-03-31 00:59:59.999999', '2024-03-31 02:59:59.999999', NULL, NULL, NULL, NULL), (5, '2024-03-31 01:00:00', '2024-03-31 04:00:00', NULL, NULL, NULL, NULL),
	(6, '2024-10-26 23:59:59', '2024-10-27 02:59:59', NULL, NULL, NULL, NULL), (7, '2024-10-27 02:00:00', '2024-10-27 04:00:00', NULL, NULL, NULL, NULL),
	(8, '1970-01-01 00:00:01', '1000-01-01 00:00:00', NULL, NULL, NULL, NULL), (9, '2038-01-19 03:14:07.499999', '9999-12-31 23:59:59.499999', NULL, NULL, NULL, NULL),
	(10, '1980-07-01 00:00:00', '1943-07-01 00:00:00', NULL, NULL, NULL, NULL), (11, '2037-07-01 00:00:00', '2824-07-01 00:00:00', NULL, NULL, NULL, NULL);
SQL
$db = scratch_database();
my $target = 'CREATE TABLE t (id int PRIMARY KEY, ts timestamp, dt timestamptz, plain timestamp, instant timestamptz, day date, txt text)';
$db->run($target);
$db->link_source('src', $my, time_zone => 'Europe/Sofia');
like($db->notices("SELECT alkconv_migrate('src')"), qr/@{[ $by_option->('\d+') ]}/m, 'a named zone');
my $t = "SET TimeZone = 'UTC'; SELECT ts, dt FROM t WHERE id = ";
is($db->value("${t}1"), '2024-01-01 14:00:00.000001|2024-01-01 10:00:00.000001+00', 'winter');
is($db->value("${t}2"), '2024-07-01 15:00:00|2024-07-01 09:00:00+00', 'summer');
is($db->value("${t}3"), '|', 'null');
is($db->value("${t}4") . $db->value("${t}5"), '2024-03-31 02:59:59.999999|2024-03-31 00:59:59.999999+00' . '2024-03-31 04:00:00|2024-03-31 01:00:00+00', 'before and after a gap');
is($db->value("${t}6") . $db->value("${t}7"), '2024-10-27 02:59:59|2024-10-26 23:59:59+00' . '2024-10-27 04:00:00|2024-10-27 02:00:00+00', 'before and after a doubled hour');
is($db->value("SELECT count(*) FROM t WHERE dt IS DISTINCT FROM (CASE id WHEN 1 THEN '2024-01-01 12:00:00.000001' WHEN 8 THEN '1000-01-01' WHEN 9 THEN '9999-12-31 23:59:59.499999' WHEN 10 THEN '1943-07-01' WHEN 11 THEN '2824-07-01' END)::timestamp AT TIME ZONE 'Europe/Sofia' AND id IN (1, 8, 9, 10, 11)"),
	0, 'the server itself reads wall times of all times so');
is($db->value("SELECT ts FROM t WHERE id = 9"), '2038-01-19 05:14:07.499999', 'to the end of TIMESTAMP');
is($db->value("SET TimeZone = 'UTC'; SELECT plain, instant, day, txt FROM t WHERE id = 1"), '2024-01-01 12:00:00.000001|2024-01-01 12:00:00.000001+00|2024-01-01|2024-01-01 12:00:00', 'other columns are as they were');

# damage of an hour, in either direction, in winter, in summer, at the changes of the clock
my $verdict = "SELECT string_agg(DISTINCT verdict, ',') FROM alkconv_verify('src')";
is($db->value($verdict), 'ok', 'verified');
for my $damage ("ts = ts + interval '1h' WHERE id = 1", "ts = ts - interval '1h' WHERE id = 5", "ts = ts + interval '1h' WHERE id = 4", "ts = ts + interval '1h' WHERE id = 6", "ts = ts - interval '1h' WHERE id = 7",
	"ts = ts + interval '1us' WHERE id = 9", "dt = dt + interval '1h' WHERE id = 1", "dt = dt - interval '1h' WHERE id = 5", "dt = dt + interval '1h' WHERE id = 4", "dt = dt + interval '1h' WHERE id = 6",
	"dt = dt - interval '1h' WHERE id = 7", "dt = dt + interval '1us' WHERE id = 9", "dt = '-infinity' WHERE id = 8", "ts = 'infinity' WHERE id = 8") {
	$db->run("BEGIN; UPDATE t SET $damage; CREATE TEMP TABLE v ON COMMIT DROP AS SELECT * FROM alkconv_verify('src'); DO \$\$ BEGIN ASSERT (SELECT bool_or(verdict = 'mismatch' AND note ~ '\\mid\\M') FROM v); END \$\$; ROLLBACK");
	pass("found: $damage");
}

# what a change of the clock makes doubtful
$my->run(<<'SQL');
SET time_zone = '+00:00';
INSERT INTO t (id, ts) VALUES (20, '2024-10-27 00:30:00'), (21, '2024-10-27 01:30:00');
SQL
like($db->notices("SELECT alkconv_migrate('src', on_existing => 'replace')"), qr/@{[ $by_option->('\d+') ]}/m, 'two instants may be one wall time');
is($db->value('SELECT string_agg(ts::text, \',\' ORDER BY id) FROM t WHERE id >= 20'), '2024-10-27 03:30:00,2024-10-27 03:30:00', 'as the clock showed');
like($db->value("SELECT note FROM alkconv_report() WHERE check_name = 'table'"), qr/\bts: changed 2 of 13 values by server option time_zone, where clocks were set forward or back/, 'they are counted');
$db->run("BEGIN; UPDATE t SET ts = ts + interval '1h' WHERE id = 20; CREATE TEMP TABLE v ON COMMIT DROP AS SELECT * FROM alkconv_verify('src'); DO \$\$ BEGIN ASSERT (SELECT bool_or(verdict = 'mismatch') FROM v); END \$\$; ROLLBACK");
$my->run("INSERT INTO t (id, dt) VALUES (30, '2024-03-31 03:30:00'), (31, '2024-10-27 03:30:00'), (32, '2824-03-31 03:00:00'), (33, '1880-01-01 00:10:00')");
same_text($db->value($findings), 'dt|doubtful_wall_time|' . 4, 'preflight counts wall times that never were, or were twice');
$db->fails("SELECT alkconv_migrate('src', on_existing => 'replace')", sqlstate => '22008', like => [qr/2024-03-31 03:30:00/, qr/\(id\)=\(30\)/, qr/wall_time\(ZONE, first\)/], name => 'a run stops at one');
my %gives = (first => '2024-03-31 01:30:00+00,2024-10-27 00:30:00+00', second => '2024-03-31 00:30:00+00,2024-10-27 01:30:00+00');
for my $choice (qw(first second)) {
	$db->run('DELETE FROM alkconv.rule WHERE NOT shipped',
		"INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ('%', '%', 'transform', 'wall_time(Europe/Sofia, $choice)')");
	same_text($db->value($findings), '', "$choice: nothing is in the way");
	is($db->value("SELECT rows FROM alkconv_preflight('src') WHERE check_name = 'doubtful_wall_time' AND severity = 'info'"), 4, "$choice: they are counted all the same");
	like($db->notices("SELECT alkconv_migrate('src', on_existing => 'replace')"), qr/$proved/m, "$choice: proved");
	is($db->value("SET TimeZone = 'UTC'; SELECT string_agg(dt::text, ',' ORDER BY id) FROM t WHERE id IN (30, 31)"), $gives{$choice}, "$choice: read so");
	like($db->value("SELECT note FROM alkconv_report() WHERE check_name = 'table'"), qr/\bdt: changed 4 of 17 values by transform\(wall_time\(Europe\/Sofia, $choice\)\), where clocks were set forward or back/, "$choice: the report counts");
	for my $damage ("dt = dt + interval '1h' WHERE id = 30", "dt = dt - interval '1h' WHERE id = 30", "dt = dt + interval '1h' WHERE id = 31", "dt = dt - interval '1h' WHERE id = 31", "dt = dt + interval '1h' WHERE id = 32") {
		$db->run("BEGIN; UPDATE t SET $damage; CREATE TEMP TABLE v ON COMMIT DROP AS SELECT * FROM alkconv_verify('src'); DO \$\$ BEGIN ASSERT (SELECT bool_or(verdict = 'mismatch') FROM v); END \$\$; ROLLBACK");
		pass("$choice, found: $damage");
	}
}
$db->run("INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ('t', 'dt', 'transform', 'wall_time(Europe/Sofia, refuse)')");
same_text($db->value($findings), 'dt|doubtful_wall_time|4', 'refuse, of one column, stands above the general rule');
$my->run('DELETE FROM t WHERE id >= 30');
$db->run('DELETE FROM alkconv.rule WHERE NOT shipped');

# zero dates beside it
$my->run("SET sql_mode = ''; UPDATE t SET ts = '0000-00-00', dt = '0000-00-00' WHERE id = 3");
for my $rule ([ 'null', '|' ], [ '-infinity', '-infinity|-infinity' ], [ '2000-07-01', '2000-07-01 00:00:00|2000-06-30 21:00:00+00' ]) {
	my ($argument, $gives) = @$rule;
	$db->run('DELETE FROM alkconv.rule WHERE NOT shipped',
		"INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ('%', '%', 'transform', 'zero_date($argument)')");
	like($db->notices("SELECT alkconv_migrate('src', on_existing => 'replace')"), qr/rows, proved equal to what 1 rule makes of them, \d+ wall times by server option time_zone(?:, 1 column by reading it again with the converter)?$/m, "zero_date($argument): proved");
	is($db->value("${t}3"), $gives, "zero_date($argument)");
}

$my->run('UPDATE t SET ts = NULL, dt = NULL WHERE id = 3');

# ---- foreign tables ------------------------------------------------------------------------------------------------------------------------

$db->run('DELETE FROM alkconv.rule WHERE NOT shipped', "CREATE FOREIGN TABLE f (id int, ts timestamp, dt timestamptz, plain timestamp) SERVER src OPTIONS (table_name 't')");
is($db->value("SET TimeZone = 'UTC'; SELECT ts, dt FROM f WHERE id = 2"), '2024-07-01 15:00:00|2024-07-01 09:00:00+00', 'a foreign table reads them in the zone of its server');
$db->run("ALTER SERVER src OPTIONS (SET time_zone 'source')");
is($db->value("SET TimeZone = 'UTC'; SELECT ts, dt FROM f WHERE id = 2"), '2024-07-01 08:30:00|2024-07-01 15:30:00+00', 'of its source');
$db->run("ALTER SERVER src OPTIONS (DROP time_zone)");
is($db->value('SELECT plain FROM f WHERE id = 1'), '2024-01-01 12:00:00.000001', 'other columns need none');
$db->fails('SELECT ts FROM f', sqlstate => '42846', like => [qr/of which time zone/, qr/column "ts" of foreign table "f"/], name => 'without one it is refused');
$my->run("INSERT INTO t (id, dt) VALUES (30, '2024-03-31 03:30:00')");
$db->run("ALTER SERVER src OPTIONS (ADD time_zone 'Europe/Sofia')");
$db->fails('SELECT dt FROM f', sqlstate => '22008', like => [qr/2024-03-31 03:30:00/], name => 'and so is a wall time that never was');

# ---- the source's own time zone tables ---------------------------------------------------------------------------------------------------

my $tables = "SELECT remedy, sample_value FROM alkconv_preflight('src') WHERE check_name = 'zone_tables'";
like($db->value($tables), qr/^The source does not know time zone Europe\/Sofia: .*mysql_tzinfo_to_sql; an offset such as/, 'a source without tables');

# ---- a source in UTC, and one that does not say --------------------------------------------------------------------------------------------

my $utc = do {
	local $ENV{TZ} = 'GMT0BST,M3.5.0/1,M10.5.0'; # London, of which SYSTEM says GMT in winter
	AlkconvTest::Source->start('in_utc', '--default-time-zone=+00:00');
};
my $there = $utc->create_database('wall');
$there->run("SET time_zone = '+00:00'; CREATE TABLE code (id int PRIMARY KEY, expires_at timestamp NULL, made datetime); INSERT INTO code VALUES (1, '2026-01-01 12:00:00', '2026-01-01 12:00:00')");
$db = scratch_database();
case_target($db, 'wall-times-of-another-zone');
$db->link_source('src', $there);
like($db->notices("SELECT alkconv_migrate('src')"), qr/@{[ $by_option->(1, "the source's time_zone") ]}/m, 'a source in UTC needs no word');
is($db->value($values), '2026-01-01 12:00:00|2026-01-01 12:00:00+00', 'its wall times are those of UTC');
is($db->value("SELECT note FROM alkconv_plan('src') WHERE column_name = 'made'"), "wall times are taken for those of UTC (the source's time_zone)", 'and the plan says so');
$utc->run("INSERT INTO mysql.time_zone (Time_zone_id, Use_leap_seconds) VALUES (7001, 'N'); INSERT INTO mysql.time_zone_name VALUES ('Europe/Sofia', 7001);"
	. "INSERT INTO mysql.time_zone_transition_type VALUES (7001, 0, 7200, 0, 'EET')");
$db->run("ALTER SERVER src OPTIONS (ADD time_zone 'Europe/Sofia')");
like($db->value($tables), qr/^The source's tables say of time zone Europe\/Sofia something else .*\|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC: 7200 seconds in the source, 10800 in the target$/, 'a source with other tables');
like($db->notices("SELECT alkconv_migrate('src', on_existing => 'replace')"), qr/@{[ $by_option->(2) ]}/m, 'and proved all the same');
$db->run("ALTER SERVER src OPTIONS (DROP time_zone)");
$there->run("SET GLOBAL time_zone = 'SYSTEM'");
like($there->value('SELECT @@system_time_zone'), qr/^(?:GMT|BST)$/, 'a source in London');
is($db->value("SELECT count(*) FROM alkconv_plan('src') WHERE note ~ 'of which time zone the wall times are is not known .*SYSTEM .(GMT|BST)'"), 2, 'is not taken for one in UTC');
$db->fails("SELECT alkconv_migrate('src', on_existing => 'replace')", sqlstate => '42846', like => [qr/SYSTEM \((?:GMT|BST)\)/], name => 'in no season');
$db->run("ALTER SERVER src OPTIONS (ADD time_zone 'source')");
$db->fails("SELECT alkconv_migrate('src', on_existing => 'replace')", sqlstate => '22023',
	like => [qr/the source does not say for certain which time zone it is in: SYSTEM/, qr/ALTER SERVER src OPTIONS \(SET time_zone/], name => 'nor is its abbreviation taken for a zone');

done_testing();
