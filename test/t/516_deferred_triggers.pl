# testbed: mysql mariadb
#
# What a deferred trigger changes at the COMMIT would come after the proof: it fires before. And secret values that verdicts name are hashes.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $my = scratch_source("CREATE TABLE t (id int PRIMARY KEY, v varchar(20)); INSERT INTO t VALUES (1, 'a'), (2, 'b'); CREATE TABLE m (v varchar(20)); INSERT INTO m VALUES ('hunter2'); CREATE TABLE k (v varchar(20) PRIMARY KEY, w varchar(20)); INSERT INTO k VALUES ('hunter2', 'seven');"
	. "CREATE TABLE heir (v varchar(20), FOREIGN KEY (v) REFERENCES k (v)); INSERT INTO heir VALUES ('hunter2')");
my $db = scratch_database();
$db->run(<<'SQL');
CREATE SCHEMA app;
CREATE TABLE seen (id int);
CREATE FUNCTION app.change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE t SET v = upper(v); RETURN NULL; END $$;
CREATE FUNCTION app.look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO seen VALUES (new.id); RETURN NULL; END $$;
CREATE TABLE t (id int PRIMARY KEY, v text) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t DEFAULT;
SQL
$db->link_source('src', $my);
my $run = "SELECT alkconv_migrate('src', include => '{t}', on_existing => 'replace')";
for my $when ('DEFERRABLE INITIALLY DEFERRED', 'DEFERRABLE INITIALLY IMMEDIATE', 'NOT DEFERRABLE') {
	my $call = $when =~ /IMMEDIATE/ ? "BEGIN; SET CONSTRAINTS ALL DEFERRED; $run; COMMIT" : $run;
	$db->run("CREATE CONSTRAINT TRIGGER \"a trigger\" AFTER INSERT ON t_1 $when FOR EACH ROW EXECUTE FUNCTION app.change()");
	$db->fails($call, sqlstate => 'XX001', like => [ qr/verification failed: digest of table "t"/, qr/DISABLE TRIGGER/ ], name => "$when: a trigger that changes rows is found out");
	is($db->value('SELECT count(*) FROM t'), 0, "$when: nothing is left");
	$db->run('DROP TRIGGER "a trigger" ON t_1', "CREATE CONSTRAINT TRIGGER looks AFTER INSERT ON t_1 $when FOR EACH ROW EXECUTE FUNCTION app.look()");
	$db->run($call);
	is($db->value('SELECT string_agg(v, NULL ORDER BY id), (SELECT count(*) FROM seen) FROM t'), 'ab|2', "$when: one that looks at them fires once for each");
	$db->run('DROP TRIGGER looks ON t_1', 'DELETE FROM t', 'DELETE FROM seen');
}
$db->run('CREATE CONSTRAINT TRIGGER looks AFTER INSERT ON t_1 DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.look()',
	"BEGIN; $run; INSERT INTO t VALUES (9, 'later'); CREATE TABLE counted AS SELECT count(*) FROM seen; COMMIT");
is($db->value('SELECT count, (SELECT count(*) FROM seen) FROM counted'), '2|3', 'after the run it is deferred again');

$db->run('CREATE TABLE m (v text)', "INSERT INTO m VALUES ('hunter1')",
	"INSERT INTO alkconv.rule (table_pattern, column_pattern, action) VALUES ('m', 'v', 'same_maximum'), ('m', 'v', 'secret')");
$db->fails("SELECT alkconv_migrate('src', include => '{m}')", sqlstate => '55000', like => qr/is "secret:[0-9a-f]{12}" in the source and "secret:[0-9a-f]{12}" in the target/, unlike => qr/hunter/, name => 'the highest value of a secret column');

$db->run('CREATE TABLE heir (v text)', "INSERT INTO heir VALUES ('hunter1')",
	"INSERT INTO alkconv.rule (table_pattern, column_pattern, action) VALUES ('heir', 'v', 'same_maximum'), ('k', 'v', 'secret')");
$db->fails("SELECT alkconv_migrate('src', include => '{heir}')", sqlstate => '55000', like => qr/is "secret:[0-9a-f]{12}" in the source/, unlike => qr/hunter/, name => 'that of a column which refers to a secret one');

$db->run('CREATE TABLE k (v text PRIMARY KEY, w int)', 'DELETE FROM alkconv.rule WHERE NOT shipped', "INSERT INTO alkconv.rule (table_pattern, column_pattern, action) VALUES ('k', 'v', 'secret')");
my $note = $db->value("SELECT string_agg(note, ' ') FROM alkconv_verify('src', include => '{k}') WHERE verdict = 'mismatch'");
like($note, qr/a row of the source does not convert: \(v\)=\(secret:[0-9a-f]{12}\)/, 'nor a secret key of a row that does not convert');
unlike($note, qr/hunter/, 'anywhere');

done_testing();
