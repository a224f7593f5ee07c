# testbed: mysql mariadb
#
# A rule's expression is the code of the role that wrote it. Whoever plans, migrates, verifies or replays: it runs as its author.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $my = scratch_source(<<'SQL');
CREATE TABLE t (id int PRIMARY KEY, v varchar(20));
INSERT INTO t VALUES (1, 'one'), (2, 'two');
CREATE TABLE d (id int PRIMARY KEY, v varchar(20));
INSERT INTO d VALUES (1, 'one');
SQL
my $db = scratch_database();
my ($mallory, $joe) = ('alk520_mallory', 'alk520_joe');
my $roles = "'$mallory', '$joe', 'alk520_other'";
$db->run("DO \$\$ DECLARE r name; BEGIN FOR r IN SELECT rolname FROM pg_roles WHERE rolname IN ($roles) LOOP EXECUTE format('DROP ROLE %I', r); END LOOP; END \$\$");
$db->run(<<"SQL");
CREATE ROLE $mallory LOGIN;
CREATE ROLE $joe LOGIN;
GRANT INSERT, UPDATE, DELETE ON alkconv.rule TO $mallory, $joe;
GRANT USAGE ON FOREIGN DATA WRAPPER alkconv_fdw TO $mallory;
CREATE SCHEMA evil AUTHORIZATION $mallory;
GRANT USAGE ON SCHEMA evil TO PUBLIC;
CREATE TABLE t (id int PRIMARY KEY, v text);
SET ROLE $mallory;
CREATE FUNCTION evil.grab() RETURNS void LANGUAGE plpgsql AS \$\$
BEGIN
	RAISE NOTICE 'ran as %', current_user;
	PERFORM set_config('search_path', 'evil', false);
	ALTER ROLE $mallory SUPERUSER;
EXCEPTION WHEN insufficient_privilege THEN
	NULL;
END \$\$;
CREATE FUNCTION evil.f(value text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS \$\$
BEGIN
	PERFORM evil.grab();
	IF value = 'bad' THEN
		RAISE EXCEPTION 'a bad value';
	END IF;
	RETURN upper(value);
END \$\$;
CREATE TYPE evil.mood AS ENUM ('a');
CREATE FUNCTION evil.mood_text(evil.mood) RETURNS text IMMUTABLE LANGUAGE plpgsql AS \$\$ BEGIN PERFORM evil.grab(); RETURN 'cast'; END \$\$;
CREATE CAST (evil.mood AS text) WITH FUNCTION evil.mood_text(evil.mood) AS ASSIGNMENT;
CREATE FUNCTION evil.holds(text) RETURNS boolean LANGUAGE plpgsql AS \$\$ BEGIN PERFORM evil.grab(); RETURN true; END \$\$;
CREATE DOMAIN evil.word AS text CHECK (evil.holds(VALUE));
SQL
$db->link_source('src', $my);

sub rule_of {
	my ($role, $column, $action, $argument, $table) = @_;
	$argument =~ s/'/''/g;
	$table //= 't';
	my %result = $db->psql("INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ('$table', '$column', '$action', '$argument')", user => $role);
	return $result{rc} == 0 ? $result{stderr} : die $result{stderr};
}
sub forget { $db->run('DELETE FROM alkconv.rule WHERE NOT shipped'); return }
# Runs as the superuser; the roles as which the function ran.
sub ran_as {
	my ($sql) = @_;
	my $notices = $db->notices($sql);
	my %roles = map { $_ => 1 } $notices =~ /ran as (\w+)/g;
	return join ',', sort keys %roles;
}
sub no_superuser { is($db->value("SELECT rolsuper FROM pg_roles WHERE rolname = '$mallory'"), 'f', $_[0]); return }

# ---- writing a rule --------------------------------------------------------------------------------------------------------
like(rule_of($mallory, 'v', 'expression', q(evil.f('constant') || evil.f(value))), qr/ran as $mallory/, 'constants are computed as the author');
is($db->value("SELECT author FROM alkconv.rule WHERE NOT shipped"), $mallory, 'the author is who writes the rule');
is($db->value("SELECT author_id::regrole FROM alkconv.rule WHERE NOT shipped"), $mallory, 'and known by its oid');
$db->fails("INSERT INTO alkconv.rule (table_pattern, action, author) VALUES ('t', 'exclude', 'postgres')", user => $mallory, sqlstate => '42501', like => qr/only a superuser may name the author/, name => 'nobody else can be named');
$db->fails("INSERT INTO alkconv.rule (table_pattern, action, shipped, shipped_name) VALUES ('t', 'exclude', true, 'kratos/x')", user => $mallory, sqlstate => '42501', name => 'nothing else is shipped');
$db->fails("UPDATE alkconv.rule SET argument = 'value' WHERE NOT shipped", user => $joe, sqlstate => '42501', like => qr/is of role "$mallory"/, name => 'a rule of another role is not to be changed');
$db->fails("UPDATE alkconv.rule SET author = '$joe' WHERE NOT shipped", user => $joe, sqlstate => '42501', name => 'nor taken over');
$db->fails("DELETE FROM alkconv.rule WHERE author = '$mallory'", user => $joe, sqlstate => '42501', name => 'nor deleted');
$db->fails("DELETE FROM alkconv.rule WHERE shipped", user => $joe, sqlstate => '42501', name => 'nor are shipped ones');
is(ran_as("UPDATE alkconv.rule SET reason = 'looked at' WHERE NOT shipped"), '', 'a superuser who changes a rule runs nothing of it');
is($db->value("SELECT author FROM alkconv.rule WHERE NOT shipped"), $mallory, 'and does not become its author');
$db->run("INSERT INTO alkconv.rule (table_pattern, action) VALUES ('none', 'exclude')");
$db->fails("UPDATE alkconv.rule SET argument = 'evil.f(value)', action = 'expression', column_pattern = 'v' WHERE author = 'postgres' AND NOT shipped", user => $mallory, sqlstate => '42501', name => 'no code under the name of a superuser');
no_superuser('nothing was gained by writing');

# ---- whose runs a rule is for ----------------------------------------------------------------------------------------------
is(ran_as("SELECT * FROM alkconv_plan('src', include => '{t}'); SELECT alkconv_migrate('src', include => '{t}', mode => 'existing')"), '', 'it is not for the runs of others');
is(join(',', $db->rows('SELECT v FROM t ORDER BY id')), 'one,two', 'and changes nothing there');
is($db->value("SELECT note FROM alkconv_plan('src') WHERE step = 'unused rule' AND table_name = 't'"), qq(it is of role "$mallory", for runs of its members and servers of its own), 'the plan says so');

# ---- the server is the author's: his rules are for all who read it ---------------------------------------------------------
$db->run("ALTER SERVER src OWNER TO $mallory");
my %calls = (
	plan => "SELECT * FROM alkconv_plan('src', include => '{t}')",
	preflight => "SELECT * FROM alkconv_preflight('src', include => '{t}')",
	verify => "SELECT * FROM alkconv_verify('src', include => '{t}')",
);
is(ran_as("SELECT alkconv_migrate('src', include => '{t}', on_existing => 'replace')"), $mallory, 'migrate: as the author only');
is(join(',', $db->rows('SELECT v FROM t ORDER BY id')), 'CONSTANTONE,CONSTANTTWO', 'the rule is at work');
for my $name (sort keys %calls) {
	my $as = ran_as($calls{$name});
	ok($as eq '' || $as eq $mallory, "$name: as the author only");
}
is(ran_as($calls{verify}), $mallory, 'verify computes it');
is($db->value("SELECT string_agg(DISTINCT verdict, ',') FROM alkconv_verify('src', include => '{t}')"), 'ok', 'and finds what it gives');
$db->run('CREATE SCHEMA parts; CREATE TABLE parts.t (id int PRIMARY KEY, v text) PARTITION BY RANGE (id); CREATE TABLE parts.all_of_it PARTITION OF parts.t DEFAULT');
is(ran_as("SELECT alkconv_migrate('src', 'parts', include => '{t}')"), $mallory, 'through COPY: as the author only');
no_superuser('nothing was gained by a run');
is($db->value("SELECT alkconv_migrate('src', include => '{t}', on_existing => 'replace') IS NOT NULL, current_setting('search_path')"), 't|"$user", public', 'what the code sets ends with it');

# ---- rejects and replay ----------------------------------------------------------------------------------------------------
$my->run("INSERT INTO t VALUES (3, 'bad')");
my $run = $db->value("SET client_min_messages = error; SELECT alkconv_migrate('src', include => '{t}', on_existing => 'replace', on_bad_value => 'reject')");
is($db->value("SELECT message FROM alkconv.reject WHERE run = '$run'"), 'column "v" of table "t": a bad value', 'what the code refuses is rejected');
$my->run("UPDATE t SET v = 'good' WHERE id = 3");
is(ran_as("SELECT alkconv_replay('$run')"), $mallory, 'replay: as the author only');
is($db->value('SELECT v FROM t WHERE id = 3'), 'CONSTANTGOOD', 'the row is there');
no_superuser('nothing was gained by rejects');
forget();

# ---- what lies between the expression and the column -----------------------------------------------------------------------
rule_of($mallory, 'v', 'expression', q('a'::evil.mood));
is(ran_as("SELECT alkconv_migrate('src', include => '{t}', on_existing => 'replace')"), '', 'a cast of the author is run as nobody, not as the owner of the table');
is(join(',', $db->rows('SELECT v FROM t ORDER BY id')), 'a,a,a', 'the column has the text of the output function');
is(ran_as($calls{$_}), '', "$_: nor is it run") for sort keys %calls;
is($db->value("SELECT string_agg(DISTINCT verdict, ',') FROM alkconv_verify('src', include => '{t}')"), 'ok', 'which is proved');
forget();
rule_of($mallory, 'v', 'expression', q(('a'::evil.mood)::text));
is(ran_as("SELECT alkconv_migrate('src', include => '{t}', on_existing => 'replace')"), $mallory, 'written into the rule it is his own code');
is(join(',', $db->rows('SELECT v FROM t ORDER BY id')), 'cast,cast,cast', 'and gives what the cast gives');
forget();
rule_of($mallory, 'v', 'target_type', 'evil.word', 'd');
$db->fails("SELECT alkconv_migrate('src', include => '{d}', mode => 'create')", sqlstate => '42501', like => qr/gives type evil\.word, which belongs to role "$mallory"/, unlike => qr/ran as/, name => 'nor a type of the author');
forget();
$db->fails("INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ('t', 'v', 'target_type', 'text -- ')", user => $mallory, sqlstate => '22023', name => 'nor what else a type could carry');
no_superuser('nothing was gained by casts and types');

# ---- the author is gone, renamed, or another one of that name --------------------------------------------------------------
$db->run("CREATE ROLE alk520_other; INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument, author) VALUES ('t', 'v', 'expression', 'value', 'alk520_other'); DROP ROLE alk520_other");
my $gone = $db->value("SELECT rule_id FROM alkconv.rule WHERE author = 'alk520_other'");
$db->fails("SELECT * FROM alkconv_plan('src')", sqlstate => '42704', like => [ qr/rule $gone \(expression\) has no author: role "alk520_other", which wrote it, does not exist/, qr/HINT:.*rule_id = $gone/ ], name => 'an author that is gone');
$db->run('CREATE ROLE alk520_other');
$db->fails("SELECT * FROM alkconv_plan('src')", sqlstate => '42704', like => qr/rule $gone/, name => 'a later role of that name did not write it');
$db->run("UPDATE alkconv.rule SET author = 'alk520_other' WHERE rule_id = $gone");
is($db->value("SELECT count(*) FROM alkconv_plan('src', include => '{t}') WHERE step = 'load'"), 1, 'until a superuser says so');
$db->run('ALTER ROLE alk520_other RENAME TO alk520_renamed');
$db->fails("SELECT * FROM alkconv_plan('src')", sqlstate => '42704', like => qr/The role is called "alk520_renamed" now/, name => 'a renamed author');
$db->run('ALTER ROLE alk520_renamed RENAME TO alk520_other');
forget();
like($db->notices("INSERT INTO alkconv.rule (table_pattern, action, author) VALUES ('t', 'exclude', 'alk520_nobody')"), qr/WARNING:  role "alk520_nobody" does not exist/, 'a dump is restored where a role is missing');
$db->fails("SELECT alkconv_migrate('src')", sqlstate => '42704', name => 'and its rule is no rule');
forget();

$db->run("DROP SERVER src CASCADE", "DROP OWNED BY $mallory, $joe, alk520_other CASCADE", "DROP ROLE $mallory, $joe, alk520_other");
done_testing();
