# testbed: mysql mariadb
#
# What belongs to a table or a type is code of its owner: casts, domains, operators and their classes, index expressions and predicates, statistics,
# CHECKs, defaults, generated columns, policies, triggers. A superuser calls; every such function says as whom it runs, and tries to become superuser
# when that is anybody but its owner. None ever does, on any path, and those that have to run do run.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $my = scratch_source(<<'SQL');
CREATE TABLE evil_t (id int PRIMARY KEY AUTO_INCREMENT, e varchar(10) NOT NULL, es varchar(40), pair varchar(20), dom varchar(10), num varchar(20), b int, x varchar(10), UNIQUE (e));
INSERT INTO evil_t VALUES (1, 'good', '{good}', '(1,x)', 'A', '1.50', 1, 'GOOD'), (2, 'bad', '{bad,good}', '(2,y)', 'B', '2.5', 2, 'BAD'),
	(3, 'ugly', NULL, NULL, NULL, NULL, NULL, NULL);
CREATE TABLE evil_p LIKE evil_t;
INSERT INTO evil_p SELECT * FROM evil_t;
CREATE TABLE evil_child (id int PRIMARY KEY, e varchar(10), FOREIGN KEY (e) REFERENCES evil_t (e));
INSERT INTO evil_child VALUES (1, 'good'), (2, 'good'), (3, NULL);
CREATE TABLE mine (id int PRIMARY KEY, e varchar(10));
INSERT INTO mine VALUES (1, 'good'), (2, 'bad');
CREATE TABLE made (id int PRIMARY KEY, e varchar(10));
INSERT INTO made VALUES (1, 'good'), (2, 'bad');
CREATE TABLE parent (id int PRIMARY KEY, name varchar(10));
INSERT INTO parent VALUES (1, 'one'), (2, 'two');
SQL

my $db = scratch_database();
my ($evil, $stranger, $dba) = map { $_ . $db->dbname } qw(evil_ stranger_ dba_);
my @roles = ($evil, $stranger, $dba);
$db->run("CREATE ROLE $_ LOGIN", "CREATE SCHEMA $_ AUTHORIZATION $_") for @roles;

# spy(what) of a role in its schema, and a function for each place that calls it.
sub spies {
	my ($role) = @_;
	$db->run(<<"SQL");
SET ROLE $role; SET search_path = $role;
CREATE FUNCTION spy(what text) RETURNS void LANGUAGE plpgsql AS \$\$
BEGIN
	IF current_user <> '$role' THEN
		RAISE WARNING 'ESCALATED: % as %', what, current_user;
		BEGIN
			EXECUTE 'ALTER ROLE $role SUPERUSER';
		EXCEPTION WHEN OTHERS THEN NULL;
		END;
	ELSE
		RAISE WARNING 'ran: %', what;
	END IF;
END \$\$;
CREATE FUNCTION spied(what text, v anyelement) RETURNS anyelement IMMUTABLE LANGUAGE plpgsql AS \$\$ BEGIN PERFORM $role.spy(what); RETURN v; END \$\$;
CREATE FUNCTION yes(what text) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS \$\$ BEGIN PERFORM $role.spy(what); RETURN true; END \$\$;
CREATE TYPE mood AS ENUM ('good', 'bad', 'ugly');
CREATE FUNCTION mood_text(v mood) RETURNS text IMMUTABLE LANGUAGE plpgsql AS \$\$ BEGIN PERFORM $role.spy('cast of enum'); RETURN pg_catalog.concat(v); END \$\$;
CREATE CAST (mood AS text) WITH FUNCTION mood_text(mood) AS IMPLICIT;
CREATE FUNCTION text_mood(v text) RETURNS mood IMMUTABLE LANGUAGE plpgsql AS \$\$ BEGIN PERFORM $role.spy('cast to enum'); RETURN 'bad'; END \$\$;
CREATE CAST (text AS mood) WITH FUNCTION text_mood(text) AS IMPLICIT;
CREATE FUNCTION moods_text(v mood[]) RETURNS text IMMUTABLE LANGUAGE plpgsql AS \$\$ BEGIN PERFORM $role.spy('cast of array'); RETURN pg_catalog.concat(v); END \$\$;
CREATE CAST (mood[] AS text) WITH FUNCTION moods_text(mood[]) AS IMPLICIT;
CREATE TYPE pair AS (n int, t text);
CREATE FUNCTION pair_text(v pair) RETURNS text IMMUTABLE LANGUAGE plpgsql AS \$\$ BEGIN PERFORM $role.spy('cast of composite'); RETURN pg_catalog.concat(v); END \$\$;
CREATE CAST (pair AS text) WITH FUNCTION pair_text(pair) AS IMPLICIT;
CREATE DOMAIN dom AS text CHECK (yes('domain'));
CREATE DOMAIN num AS numeric CHECK (yes('domain of numbers'));
CREATE FUNCTION same(a mood, b mood) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS \$\$ BEGIN PERFORM $role.spy('operator'); RETURN pg_catalog.enum_eq(a, b); END \$\$;
CREATE FUNCTION less(a mood, b mood) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS \$\$ BEGIN PERFORM $role.spy('operator <'); RETURN pg_catalog.enum_lt(a, b); END \$\$;
CREATE FUNCTION compare(a mood, b mood) RETURNS int IMMUTABLE LANGUAGE plpgsql AS \$\$ BEGIN PERFORM $role.spy('operator class'); RETURN pg_catalog.enum_cmp(a, b); END \$\$;
CREATE OPERATOR === (LEFTARG = mood, RIGHTARG = mood, FUNCTION = same, COMMUTATOR = ===, RESTRICT = eqsel, JOIN = eqjoinsel);
CREATE OPERATOR <<< (LEFTARG = mood, RIGHTARG = mood, FUNCTION = less);
CREATE FUNCTION fire() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN PERFORM $role.spy('trigger'); RETURN new; END \$\$;
RESET ROLE;
CREATE OPERATOR CLASS moods FOR TYPE mood USING btree AS OPERATOR 1 <<<, OPERATOR 3 ===, FUNCTION 1 compare(mood, mood);
SQL
	return;
}
spies($_) for $evil, $stranger;

# A table with everything; its columns are those of the source's evil_t.
sub hostile_table {
	my ($name, $rest) = @_;
	return <<"SQL";
CREATE TABLE public.$name (id int, e $evil.mood NOT NULL, es $evil.mood[], pair $evil.pair, dom $evil.dom, num $evil.num, b int, x $evil.mood,
	gen int GENERATED ALWAYS AS ($evil.spied('generated column', b)) STORED, def int DEFAULT $evil.spied('default', 7),
	CONSTRAINT a_check CHECK ($evil.yes('CHECK')), PRIMARY KEY (id)) $rest;
CREATE INDEX ON public.$name (($evil.spied('index expression', b)));
CREATE INDEX ON public.$name ((b + $evil.spied('folded index expression', 1)));
CREATE INDEX ON public.$name (b) WHERE $evil.spied('index predicate', b) > 0;
CREATE INDEX ON public.$name (b) WHERE $evil.yes('folded index predicate');
CREATE STATISTICS public.${name}_s ON ($evil.spied('statistics', b)), b FROM public.$name;
CREATE STATISTICS public.${name}_f ON (b + $evil.spied('folded statistics', 1)), b FROM public.$name;
ALTER TABLE public.$name ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY a_policy ON public.$name USING ($evil.yes('policy') AND id > 1);
CREATE RULE a_rule AS ON UPDATE TO public.$name DO ALSO SELECT $evil.spy('rule');
SQL
}
$db->run("GRANT USAGE, CREATE ON SCHEMA public TO $evil, $dba", "SET ROLE $evil; " . hostile_table('evil_t', ''),
	"SET ROLE $evil; " . hostile_table('evil_p', 'PARTITION BY RANGE (id)') . 'CREATE TABLE public.evil_p1 PARTITION OF public.evil_p DEFAULT;'
		. "CREATE TRIGGER a_trigger BEFORE INSERT ON public.evil_p FOR EACH ROW EXECUTE FUNCTION $evil.fire()",
	"CREATE UNIQUE INDEX evil_t_e ON public.evil_t (e $evil.moods)",
	"SET ROLE $evil; CREATE TABLE public.evil_child (id int PRIMARY KEY, e $evil.mood REFERENCES public.evil_t (e))",
	# the superuser's own tables with a type of somebody else
	"CREATE TABLE mine (id int PRIMARY KEY, e $evil.mood)",
	"CREATE SCHEMA new",
	# a view with the name of a target, where the caller looks first
	"SET ROLE $evil; CREATE VIEW $evil.mine AS SELECT $evil.spied('view', 1) AS id, 'good'::$evil.mood AS e",
	"INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument, reason) VALUES ('made', 'e', 'target_type', '$evil.mood', 'an enum of others'),"
		. " ('evil%', 'x', 'expression', 'lower(value)', 'labels are in lower case'), ('evil%', 'dom', 'expression', 'lower(value)', 'the domain looks at the result')");
$db->link_source('src', $my);

my %seen;

# Runs SQL as superuser: nobody's code ran as anybody else, and what has to run did.
sub harmless {
	my ($name, $sql, @has_to_run) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	$db->run("ALTER ROLE $_ NOSUPERUSER") for $evil, $stranger; # the test's own queries are not so careful
	my %result = $db->psql($sql, verbosity => 'terse');
	is($result{rc}, 0, "$name: succeeds") or diag($result{stderr});
	my @escalated = $result{stderr} =~ /^.*ESCALATED: (.*)$/mg;
	my %once = map { $_ => 1 } @escalated;
	is(join('; ', sort keys %once), '', "$name: no code of others ran with the caller's rights");
	my %ran = map { $_ => 1 } $result{stderr} =~ /ran: (.*)$/mg;
	$seen{$_}++ for keys %ran;
	is(join(', ', grep { !$ran{$_} } @has_to_run), '', "$name: what has to run does");
	is($db->value("SELECT string_agg(rolname, ', ') FROM pg_roles WHERE rolsuper AND rolname IN ('$evil', '$stranger')"), '', "$name: nobody became superuser");
	chomp $result{stdout};
	return $result{stdout};
}

my @stored = ('index expression', 'folded index expression', 'index predicate', 'CHECK', 'domain', 'domain of numbers', 'generated column', 'default');
my $tables = "ARRAY['evil%', 'mine']";

harmless('plan', "SELECT count(*) FROM alkconv_plan('src', 'public', include => $tables)");
harmless('preflight', "SELECT count(*) FROM alkconv_preflight('src', 'public', include => $tables)");
harmless('preflight of new tables', "SELECT count(*) FROM alkconv_preflight('src', 'new', include => ARRAY['made'], mode => 'create')");
harmless('migrate', "SET search_path = $evil, public; SELECT public.alkconv_migrate('src', 'public', include => $tables)", @stored, 'operator class', 'trigger');
is($db->value("SELECT string_agg(concat_ws(' ', id, concat(e), concat(es), concat(pair), dom, num, b, x, gen, def), ';' ORDER BY id) FROM evil_t"),
	'1 good {good} (1,x) a 1.50 1 good 1 7;2 bad {bad,good} (2,y) b 2.5 2 bad 2 7;3 ugly   7', 'and the rows are right, a forced policy notwithstanding');
harmless('migrate with replacement', "SELECT alkconv_migrate('src', 'public', include => $tables, on_existing => 'replace')", @stored);
harmless('migrate by counts', "SELECT alkconv_migrate('src', 'public', include => $tables, on_existing => 'replace', verify => 'counts')", @stored);
harmless('create', "SELECT alkconv_migrate('src', 'new', include => ARRAY['made'], mode => 'create')");
is($db->value("SELECT format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = 'new.made'::regclass AND attname = 'e'"), "$evil.mood", 'the type is that of the rule');
my $verified = harmless('verify', "SELECT table_name, check_name, note FROM alkconv_verify('src', 'public', include => $tables) WHERE verdict NOT IN ('ok', 'left out') AND check_name <> 'schema'", 'CHECK', 'folded index expression');
is($verified, '', 'and all is equal');
harmless('verify of created tables', "SELECT count(*) FROM alkconv_verify('src', 'new', include => ARRAY['made'])");

# What differs is located and shown, and read again.
$db->run("DELETE FROM evil_t WHERE id = 3; UPDATE evil_t SET e = 'ugly', num = 9, x = 'ugly' WHERE id = 2; UPDATE mine SET e = 'ugly' WHERE id = 1");
like(harmless('verify with differences', "SELECT table_name, check_name, verdict, note FROM alkconv_verify('src', 'public', include => $tables) WHERE verdict <> 'ok'", 'operator'),
	qr/evil_t\|digest\|mismatch\|.*\(id\)=\(2\): column "e": source 'bad', target 'ugly'/, 'and the difference is shown');
ok($seen{$_}, "somewhere it ran as its owner: $_") for 'operator', 'operator class', 'trigger', 'domain', 'statistics';
ok(!$seen{$_}, "nowhere it ran: $_") for 'cast of enum', 'cast to enum', 'cast of array', 'cast of composite', 'view', 'rule', 'policy';

# ---- rejects and their replay ----------------------------------------------------------------------------------------------------

# A row that does not convert, and one that refers to it.
$my->run("UPDATE evil_t SET num = 'x' WHERE id = 3; UPDATE evil_child SET e = 'ugly' WHERE id = 3");
harmless('rejects', "SELECT alkconv_migrate('src', 'public', include => ARRAY['evil_t', 'evil_child'], on_existing => 'replace', on_bad_value => 'reject')", @stored, 'operator');
is(join(';', $db->rows('SELECT table_name, key FROM alkconv.reject ORDER BY ordinal')), 'evil_t|{3};evil_child|{3}', 'the row and its child are rejected');
$my->run("UPDATE evil_t SET num = '3' WHERE id = 3");
harmless('replay', "SELECT alkconv_replay(run) IS NOT NULL FROM alkconv.run ORDER BY finished DESC LIMIT 1", 'CHECK', 'domain', 'folded index expression', 'operator');
is($db->value('SELECT count(*) FROM evil_t t, evil_child c WHERE t.id = 3 AND c.id = 3 AND concat(t.e) = concat(c.e)'), 1, 'both came');

# ---- a stranger who may refer to a table -----------------------------------------------------------------------------------------

# His type becomes a number by a function of his; the server itself would call it as the parent's owner for each of his rows.
$db->run("CREATE TABLE parent (id int PRIMARY KEY, name text); ALTER TABLE parent OWNER TO $dba; INSERT INTO parent VALUES (1, 'old')",
	"GRANT REFERENCES ON parent TO $stranger; GRANT USAGE ON SCHEMA public TO $stranger; GRANT USAGE ON FOREIGN SERVER src TO $dba",
	<<"SQL", "SET session_replication_role = replica; INSERT INTO $stranger.child SELECT n, (ARRAY['one', 'two'])[1 + n % 2]::$stranger.word FROM generate_series(1, 3000) n");
SET ROLE $stranger; SET search_path = $stranger;
CREATE TYPE word AS ENUM ('one', 'two', 'three');
CREATE FUNCTION number(v word) RETURNS int IMMUTABLE LANGUAGE plpgsql AS \$\$ BEGIN PERFORM $stranger.spy('cast to a number'); RETURN CASE pg_catalog.concat(v) WHEN 'one' THEN 1 WHEN 'two' THEN 2 ELSE 3 END; END \$\$;
CREATE CAST (word AS int) WITH FUNCTION number(word) AS IMPLICIT;
CREATE FUNCTION word_text(v word) RETURNS text IMMUTABLE LANGUAGE plpgsql AS \$\$ BEGIN PERFORM $stranger.spy('cast of enum'); RETURN pg_catalog.concat(v); END \$\$;
CREATE CAST (word AS text) WITH FUNCTION word_text(word) AS IMPLICIT;
CREATE TABLE child (id int PRIMARY KEY, word word REFERENCES public.parent (id));
CREATE INDEX ON child ((id + spied('folded index expression', 1)));
ALTER TABLE child ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY nothing ON child USING (yes('policy') AND false);
SQL
$db->run('CREATE USER MAPPING FOR ' . $dba . " SERVER src OPTIONS (username 'root', password '" . $my->password . "')");

my $migrate = "SELECT alkconv_migrate('src', 'public', include => ARRAY['parent'], on_existing => 'replace')";
harmless('a referencing table, called by a superuser', $migrate, 'cast to a number', 'folded index expression');
harmless('a referencing table, called by the parent\'s owner', "SET ROLE $dba; $migrate", 'cast to a number');
is($db->value("SELECT target_value || ' ' || verdict FROM alkconv_report() WHERE check_name LIKE 'foreign key%'"), 'no orphans ok', 'who may not even use the schema of that table');
harmless('verify with it', "SELECT count(*) FROM alkconv_verify('src', 'public', include => ARRAY['parent'])", 'cast to a number');
ok(!$seen{policy}, 'no policy was asked');

# Orphans are counted, all of them, and shown to those who may read them.
$db->run("SET session_replication_role = replica; INSERT INTO $stranger.child VALUES (10001, 'three'), (10002, 'three')");
my @orphans = (sqlstate => '23503', name => 'orphans of the stranger');
$db->fails($migrate, @orphans, like => [qr/foreign key child_word_fkey of table "child"/, qr/DETAIL:  Target: 2 orphans in "public\.parent": row \(id\)=\(10001\) refers to \(word\)=\(three\)/], unlike => qr/ESCALATED/);
$db->fails("SET ROLE $dba; $migrate", @orphans, like => qr/Target: 2 orphans in "public\.parent": they are not shown: you may not read them/, unlike => [qr/10001/, qr/ESCALATED/]);

done_testing();

END {
	$db->run(map { "DROP OWNED BY $_ CASCADE; DROP ROLE $_" } @roles) if $db && @roles;
}
