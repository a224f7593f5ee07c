# testbed: mysql mariadb
#
# Values of secret columns stand in no message, sample, note or record: a hash stands for them, another one in each run.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $secret = 'hunter2';
my $hash = qr/secret:[0-9a-f]{12}/;
my $my = scratch_source(<<"SQL");
CREATE TABLE uuids (id int PRIMARY KEY, v varchar(40)); INSERT INTO uuids VALUES (1, '$secret');
CREATE TABLE inets (id int PRIMARY KEY, v varchar(40)); INSERT INTO inets VALUES (1, '$secret');
CREATE TABLE docs (id int PRIMARY KEY, v text); INSERT INTO docs VALUES (1, '{"password": $secret}');
CREATE TABLE checked (id int PRIMARY KEY, v varchar(40)); INSERT INTO checked VALUES (1, '$secret');
CREATE TABLE uniques (id int PRIMARY KEY, v varchar(40)); INSERT INTO uniques VALUES (1, '$secret'), (2, '$secret');
CREATE TABLE computed (id int PRIMARY KEY, v varchar(40)); INSERT INTO computed VALUES (1, '$secret');
CREATE TABLE made (id int PRIMARY KEY, v varchar(40)); INSERT INTO made VALUES (1, '$secret');
CREATE TABLE parts (id int PRIMARY KEY, v varchar(40)); INSERT INTO parts VALUES (1, '$secret');
CREATE TABLE fired (id int PRIMARY KEY, v varchar(40)); INSERT INTO fired VALUES (1, '$secret');
CREATE TABLE bykey (v varchar(40) PRIMARY KEY, n bigint); INSERT INTO bykey VALUES ('$secret', 9000000000);
CREATE TABLE parent (v varchar(40) PRIMARY KEY);
CREATE TABLE child (id int PRIMARY KEY, v varchar(40)); INSERT INTO child VALUES (1, '$secret');
CREATE TABLE good (id int PRIMARY KEY, v varchar(40), w varchar(40)); INSERT INTO good VALUES (1, '$secret', 'open');
SQL
my $db = scratch_database();
$db->run(<<'SQL');
CREATE FUNCTION refuse(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RAISE EXCEPTION 'not %', $1 USING DETAIL = $1, HINT = $1; END $$;
CREATE FUNCTION fire() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not %', NEW.v; END $$;
CREATE TABLE uuids (id int PRIMARY KEY, v uuid);
CREATE TABLE inets (id int PRIMARY KEY, v inet);
CREATE TABLE docs (id int PRIMARY KEY, v jsonb);
CREATE TABLE checked (id int PRIMARY KEY, v text CONSTRAINT short CHECK (length(v) < 3));
CREATE TABLE uniques (id int PRIMARY KEY, v text UNIQUE);
CREATE TABLE computed (id int PRIMARY KEY, v text);
CREATE TABLE made (id int PRIMARY KEY, v text, g int GENERATED ALWAYS AS (v::int) STORED);
CREATE TABLE parts (id int, v text, PRIMARY KEY (id, v)) PARTITION BY LIST (v);
CREATE TABLE fired (id int PRIMARY KEY, v text);
CREATE TRIGGER fire BEFORE INSERT ON fired FOR EACH ROW EXECUTE FUNCTION fire();
CREATE TABLE bykey (v text PRIMARY KEY, n int);
CREATE TABLE parent (v text PRIMARY KEY);
CREATE TABLE child (id int PRIMARY KEY, v text REFERENCES parent);
CREATE TABLE good (id int PRIMARY KEY, v text, w text);
SQL
$db->link_source('src', $my);
my $migrate = sub { my ($tables, $more) = @_; return "SELECT alkconv_migrate('src', include => '{$tables}', on_existing => 'replace'" . ($more // '') . ')' };
my %cases = ( # SQLSTATE, and what still has to be said
	uuids => [ '22P02', qr/column "v" of table "uuids": "$hash" is not a uuid/, qr/\(id\)=\(1\)/ ],
	inets => [ '22P02', qr/value $hash cannot be stored as type inet/, qr/column "v" of table "inets", key \(id\)=\(1\)/ ],
	docs => [ '22P02', qr/$hash/ ],
	checked => [ '23514', qr/violates check constraint "short"/ ],
	uniques => [ '23505', qr/could not create unique index "uniques_v_key"/ ],
	computed => [ 'P0001', qr/value $hash cannot be stored as type text/ ],
	made => [ '22P02', qr/could not store a row of table "made"/ ],
	parts => [ '23514', qr/table "parts"|relation "parts"/ ],
	fired => [ 'P0001', qr/could not store a row of table "fired"/ ],
	bykey => [ '22003', qr/\(v\)=\($hash\)/, qr/9000000000/ ],
	'child,parent' => [ '23503', qr/1 orphan in "parent"/ ],
);
$db->run("INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ('computed', 'v', 'expression', 'public.refuse(value)')");
for my $tables (sort keys %cases) {
	my ($state, @like) = @{ $cases{$tables} };
	$db->fails($migrate->($tables), sqlstate => $state, like => qr/$secret/, name => "$tables: without a rule the value is shown") unless $tables eq 'parts';
}
$db->run("INSERT INTO alkconv.rule (table_pattern, column_pattern, action) VALUES ('%', 'v', 'secret')");
for my $tables (sort keys %cases) {
	my ($state, @like) = @{ $cases{$tables} };
	$db->fails($migrate->($tables), sqlstate => $state, like => \@like, unlike => qr/$secret/, name => "$tables: with it a hash");
}

# ---- preflight -------------------------------------------------------------------------------------------------------------
my $found = $db->value("SELECT string_agg(p::text, E'\\n') FROM alkconv_preflight('src', include => '{uuids,inets,docs,checked,uniques,bykey,child,parent}') p");
unlike($found, qr/$secret/, 'preflight shows none');
like($found, qr/$hash/, 'but hashes');
like($found, qr/\(v\)=\($hash\)/, 'in keys, too');

# ---- rejects ---------------------------------------------------------------------------------------------------------------
$db->run($migrate->('uuids,inets,docs', ", on_bad_value => 'reject'"));
my $rejects = $db->value("SELECT string_agg(r::text || convert_from(value, 'UTF8'), E'\\n') FROM alkconv.reject r");
unlike($rejects, qr/$secret/, 'rejects hold none');
like($rejects, qr/^.*$hash$/m, 'but hashes');
is($db->value('SELECT count(*) FROM alkconv.reject'), 3, 'one for each row');
my $run = $db->value('SELECT run FROM alkconv.run ORDER BY finished DESC LIMIT 1');
$my->run("UPDATE uuids SET v = NULL; UPDATE inets SET v = '10.0.0.1'; UPDATE docs SET v = '{}'");
like($db->notices("SELECT alkconv_replay('$run')"), qr/replayed run $run: 3 rows/, 'they come when they are mended');
$db->fails($migrate->('bykey', ", on_bad_value => 'reject'"), sqlstate => '22003', like => qr/The row cannot be rejected: a rule with action secret is about its key/, unlike => qr/$secret/, name => 'a secret key is not written down');

# ---- differences -----------------------------------------------------------------------------------------------------------
$db->run($migrate->('good'));
my $verify = "SELECT note FROM alkconv_verify('src', include => '{good}') WHERE verdict = 'mismatch'";
$db->run("UPDATE good SET v = 'damaged', w = 'changed'");
my ($first, $second) = map { $db->value($verify) } 1 .. 2;
unlike($first, qr/$secret|damaged/, 'differences show none');
like($first, qr/column "v": source '($hash)', target '($hash)'/, 'but two hashes');
like($first, qr/column "w": source 'open', target 'changed'/, 'and what is not secret');
isnt($first, $second, 'another salt each time');
$db->run("INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ('good', 'v', 'expression', 'lower(value)')");
unlike($db->value($verify), qr/$secret|damaged/, 'nor do values that are converted again');
is($db->value("SELECT note FROM alkconv_plan('src', include => '{good}') WHERE column_name = 'v'"), 'secret: messages show a hash in place of its values', 'the plan says so');

# ---- the profile of Kratos -------------------------------------------------------------------------------------------------
for my $version ('kratos_v131', 'kratos_head') {
	my $kratos = scratch_database();
	my $source = scratch_source(slurp('test/fixtures/' . $version . '/' . (flavor() eq 'mariadb' ? 'mariadb' : 'mysql') . '.sql'));
	$kratos->link_source('k', $source, profile => 'kratos');
	my %marked = map { $_ => 1 } $kratos->rows("SELECT table_name || '.' || column_name FROM alkconv_plan('k', mode => 'create') WHERE note LIKE '%secret:%'");
	for my $column (qw(identity_credentials.config sessions.token sessions.logout_token identity_recovery_tokens.token identity_verification_tokens.token identity_recovery_codes.code
		identity_login_codes.code identity_registration_codes.code session_token_exchanges.init_code session_token_exchanges.return_to_code courier_messages.body courier_messages.template_data)) {
		ok($marked{$column}, "$version: $column");
	}
	ok(!$marked{'identities.traits'} && !$marked{'identities.id'}, "$version: not everything");
}

done_testing();
