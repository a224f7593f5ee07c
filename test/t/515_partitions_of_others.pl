# testbed: mysql mariadb
#
# A table's partitions are read and stored with it: the code of a partition would run as the table's owner. One of a role that has not his privileges
# is refused on every path, before any of its code runs; types and functions of others that look like an earlier run's are not used.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $my = scratch_source(<<'SQL');
CREATE TABLE part (id int PRIMARY KEY, v varchar(20));
INSERT INTO part VALUES (1, 'a'), (2, 'b');
CREATE TABLE moody (id int PRIMARY KEY, mood enum('good', 'bad'), v int);
CREATE TABLE stamped (id int PRIMARY KEY, v int, changed timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP);
SQL
my $db = scratch_database();
my ($evil, $dba) = map { $_ . $db->dbname } qw(evil_ dba_);
$db->run(map { "CREATE ROLE $_ LOGIN; CREATE SCHEMA $_ AUTHORIZATION $_; GRANT CREATE, USAGE ON SCHEMA public TO $_" } $evil, $dba);
$db->run(<<"SQL");
SET ROLE $evil; SET search_path = $evil;
CREATE FUNCTION spy(what text) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS \$\$ BEGIN IF current_user <> '$evil' THEN RAISE WARNING 'ESCALATED: % as %', what, current_user; END IF; RETURN true; END \$\$;
CREATE FUNCTION fire() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN PERFORM $evil.spy('trigger'); RETURN new; END \$\$;
CREATE TABLE public.part_2 (id int PRIMARY KEY, v text);
RESET ROLE;
CREATE TABLE public.part (id int PRIMARY KEY, v text) PARTITION BY RANGE (id);
CREATE TABLE public.part_1 PARTITION OF public.part FOR VALUES FROM (1) TO (10) PARTITION BY RANGE (id);
ALTER TABLE public.part_1 ATTACH PARTITION public.part_2 DEFAULT;
SET ROLE $evil;
ALTER TABLE public.part_2 ADD CONSTRAINT spied CHECK ($evil.spy('CHECK'));
CREATE INDEX ON public.part_2 (v) WHERE $evil.spy('predicate');
CREATE TRIGGER t BEFORE INSERT ON public.part_2 FOR EACH ROW EXECUTE FUNCTION $evil.fire();
SQL
$db->link_source('src', $my);

# Runs it as superuser; what it gives, and what is said on the side.
sub tried {
	my ($name, $sql) = @_;
	my %result = $db->psql($sql);
	unlike($result{stderr}, qr/ESCALATED/, "$name: no code of others ran with other rights");
	return $result{stdout} . $result{stderr};
}
my $why = qr/it has the partition public\.part_2 of role $evil, whose code would run with the privileges of role postgres/;
my %calls = (
	migrate => "SELECT alkconv_migrate('src', include => '{part}')",
	'migrate with replacement' => "SELECT alkconv_migrate('src', include => '{part}', on_existing => 'replace')",
	'migrate with rejects' => "SELECT alkconv_migrate('src', include => '{part}', on_bad_value => 'reject')",
	verify => "SELECT * FROM alkconv_verify('src', include => '{part}')",
);
like(tried("plan ($_)", "SELECT note FROM alkconv_plan('src', include => '{part}', on_existing => '$_') WHERE step = 'problem'"), qr/$why/, "plan ($_) says why") for 'error', 'replace';
like(tried('preflight', "SELECT check_name, remedy FROM alkconv_preflight('src', include => '{part}')"), qr/^target_shape\|Target table part has the partition public\.part_2 of role $evil.* ALTER TABLE public\.part_2 OWNER TO postgres/m, 'preflight says why, and what to do');
for my $name (sort keys %calls) {
	tried($name, $calls{$name});
	$db->fails($calls{$name}, sqlstate => '0A000', like => [ $why, qr/ALTER TABLE public\.part_2 OWNER TO postgres/ ], unlike => qr/ESCALATED/, name => "$name is refused");
}

# Partitions of roles that have the owner's privileges anyhow.
$db->run("DROP TRIGGER t ON part_2; DROP INDEX part_2_v_idx; ALTER TABLE part_2 DROP CONSTRAINT spied", "GRANT $dba TO $evil", "ALTER TABLE part OWNER TO $dba; ALTER TABLE part_1 OWNER TO postgres");
like(tried('members and superusers', $calls{migrate}), qr/every value proved equal/, 'a partition of a member of the owner, and one of a superuser, are loaded');
$db->run("REVOKE $dba FROM $evil");
$db->fails($calls{verify}, sqlstate => '0A000', like => qr/privileges of role $dba/, name => 'no longer a member, no longer');

# ---- what looks as if an earlier run had made it ---------------------------------------------------------------------------------

my %made = map { $_ => $db->value("SELECT statement FROM alkconv_baseline('src', '$evil', include => '{moody,stamped}') WHERE kind = '$_'") } qw(type function);
like($made{$_}, qr/^CREATE \U$_/, "a $_ is made") for sort keys %made;
for my $case ([ type => 'moody' ], [ function => 'stamped' ]) {
	my ($kind, $table) = @$case;
	my $create = "SELECT alkconv_migrate('src', '$evil', include => '{$table}', mode => 'create')";
	$db->run("SET ROLE $evil; $made{$kind}");
	$db->fails($create, like => qr/already exists/, name => "a $kind of somebody who may change it later is not used");
	my $name = $kind eq 'type' ? "TYPE $evil.moody_mood" : "FUNCTION $evil.on_update_changed()";
	$db->run("ALTER $name OWNER TO postgres", $create);
	is($db->value("SELECT count(*) FROM pg_class WHERE oid = to_regclass('$evil.$table')"), 1, "one of the caller's own is");
}

# ---- records and rules --------------------------------------------------------------------------------------------------------------

my $joe = 'joe_' . $db->dbname;
$db->run("CREATE ROLE $joe", "UPDATE alkconv.run SET caller = '$joe', caller_id = '$joe'::regrole");
cmp_ok($db->value("SET ROLE $joe; SELECT count(*) FROM alkconv.run"), '>', 0, 'a role reads its records');
$db->run("DROP ROLE $joe; CREATE ROLE $joe");
is($db->value("SET ROLE $joe; SELECT count(*) FROM alkconv.run"), 0, 'a later role of that name does not');
$db->run("DROP ROLE $joe");

$db->run("GRANT INSERT ON alkconv.rule TO $evil");
for my $number (999, 0, -1, 1_000_000) {
	$db->fails("INSERT INTO alkconv.rule (rule_id, table_pattern, action) OVERRIDING SYSTEM VALUE VALUES ($number, 'none', 'exclude')", user => $evil, sqlstate => '42501', like => qr/rule_id $number is not for a rule of your own/, name => "rule number $number is nobody's to take");
}
$db->fails("INSERT INTO alkconv.rule (rule_id, table_pattern, action) OVERRIDING SYSTEM VALUE VALUES (30, 'none', 'exclude')", sqlstate => '42501', name => 'shipped numbers are not even the superuser\'s');
$db->run("INSERT INTO alkconv.rule (table_pattern, action) SELECT 'none', 'exclude' FROM generate_series(1, 3)");
is($db->value("SELECT count(*) FROM alkconv.rule WHERE NOT shipped AND rule_id >= 1000"), 3, 'numbers are given');
for my $function (qw(alkconv_rule_check alkconv_rule_remember)) {
	$db->run("CREATE TABLE $function (a int); CREATE TRIGGER t BEFORE INSERT ON $function FOR EACH ROW EXECUTE FUNCTION public.$function()");
	$db->fails("INSERT INTO $function VALUES (1)", sqlstate => '39P01', like => qr/is the trigger of alkconv\.rule, not of "$function"/, name => "$function() is the trigger of one table");
}

done_testing();

END {
	$db->run(map { "DROP OWNED BY $_ CASCADE; DROP ROLE $_" } $evil, $dba) if $db && $evil;
}
