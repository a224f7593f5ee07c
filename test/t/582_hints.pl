# testbed: mysql mariadb
#
# Hints that say what works: for this pair of types, this rule, this key, this value.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $my = scratch_source(<<'SQL');
SET SESSION sql_mode = '';
CREATE TABLE stamped (id int PRIMARY KEY, v binary(14));
INSERT INTO stamped VALUES (1, '20240229101500'), (2, NULL);
CREATE TABLE located (id int PRIMARY KEY, v varbinary(16));
INSERT INTO located VALUES (1, INET6_ATON('192.168.1.200')), (2, INET6_ATON('2001:db8::1')), (3, NULL);
CREATE TABLE twice (id int PRIMARY KEY, v text);
INSERT INTO twice VALUES (1, '{"a": 1, "a": 2}');
CREATE TABLE shouted (id int PRIMARY KEY, v varchar(20) COLLATE utf8mb4_bin UNIQUE);
INSERT INTO shouted VALUES (1, 'ann'), (2, 'ANN');
CREATE TABLE same (id int PRIMARY KEY, v varchar(20));
INSERT INTO same VALUES (1, 'ann'), (2, 'ann');
CREATE TABLE priced (id int PRIMARY KEY, v varchar(20));
INSERT INTO priced VALUES (1, '1,5'), (2, 'free');
CREATE TABLE nul (id int PRIMARY KEY, v varchar(20));
INSERT INTO nul VALUES (1, CHAR(0));
CREATE TABLE kind (id int PRIMARY KEY, v enum('a','b'));
INSERT IGNORE INTO kind VALUES (1, 'a'), (2, 'c');
CREATE TABLE kind_b (id int PRIMARY KEY, v enum('a','b'));
INSERT INTO kind_b VALUES (1, 'b');
CREATE TABLE alive (id int PRIMARY KEY, email varchar(20) COLLATE utf8mb4_bin, gone datetime, living tinyint AS (IF(gone IS NULL, 1, NULL)), UNIQUE KEY one_living (email, living));
CREATE TABLE warned (id int PRIMARY KEY, v int);
INSERT INTO warned VALUES (1, 1);
CREATE TABLE lengthy (id int PRIMARY KEY, v longtext, b blob);
INSERT INTO lengthy VALUES (1, CONCAT(REPEAT('x', 5000), 'äone', REPEAT('y', 5000)), CONCAT(REPEAT('x', 5000), 'a'));
CREATE TABLE later (id int PRIMARY KEY, v int);
INSERT INTO later VALUES (1, 1);
SQL
my $db = scratch_database();
$db->run(<<'SQL');
CREATE TYPE mood AS ENUM ('a');
CREATE TABLE stamped (id int PRIMARY KEY, v timestamptz);
CREATE TABLE located (id int PRIMARY KEY, v inet);
CREATE TABLE twice (id int PRIMARY KEY, v jsonb);
CREATE TABLE shouted (id int PRIMARY KEY, v text UNIQUE);
CREATE TABLE same (id int PRIMARY KEY, v text UNIQUE);
CREATE TABLE priced (id int PRIMARY KEY, v numeric(6,2));
CREATE TABLE nul (id int PRIMARY KEY, v numeric(6,2));
CREATE TABLE kind (id int PRIMARY KEY, v mood);
CREATE TABLE kind_b (id int PRIMARY KEY, v mood);
CREATE TABLE alive (id int PRIMARY KEY, email text, gone timestamp);
CREATE UNIQUE INDEX one_living ON alive (email) WHERE gone IS NULL;
CREATE TABLE warned (id int PRIMARY KEY, v int);
CREATE FUNCTION says() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE NOTICE 'seen' USING ERRCODE = 'unique_violation'; RETURN NEW; END$$;
CREATE TRIGGER says BEFORE INSERT ON warned FOR EACH ROW EXECUTE FUNCTION says();
CREATE TABLE lengthy (id int PRIMARY KEY, v text, b bytea);
CREATE TABLE later (id int PRIMARY KEY, v int);
CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NULL; END$$;
CREATE CONSTRAINT TRIGGER later AFTER INSERT ON later DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nothing();
INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ('shouted', 'v', 'expression', 'lower(value)'), ('priced', 'v', 'expression', 'replace(value, '','', ''.'')::numeric'), ('nul', 'v', 'expression', 'value::numeric');
SQL
$db->link_source('src', $my);
sub run_of { my ($table) = @_; return "SELECT alkconv_migrate('src', include => '{$table}')" }

# ---- pairs without a conversion: the expression of docs/rules.md works --------------------------------------------------------------------------

for my $table ('stamped', 'located') {
	$db->fails(run_of($table), name => "$table: no conversion", sqlstate => '42846', like => [qr/HINT:  .*action expression in alkconv\.rule.*convert_from\(value::bytea, 'UTF8'\)/]);
}
my ($recipe) = slurp('docs/rules.md') =~ /\*\*Bytes that spell something else\.\*\*.*?```sql\n(.*?)```/s;
$db->run($recipe =~ s/'revision', 'made'/'stamped', 'v'/r =~ s/'visit', 'address'/'located', 'v'/r);
$db->run("SET timezone = 'UTC'; " . run_of('stamped'), run_of('located'));
is($db->value("SELECT string_agg(coalesce(v::text, '-'), ' ' ORDER BY id) FROM (SELECT id, v AT TIME ZONE 'UTC' AS v FROM stamped) s"), '2024-02-29 10:15:00 -', 'a timestamp of fourteen bytes');
is($db->value("SELECT string_agg(coalesce(host(v), '-'), ' ' ORDER BY id) FROM located"), '192.168.1.200 2001:db8::1 -', 'addresses of INET6_ATON');

# ---- what the rule, the key, the value is --------------------------------------------------------------------------------------------------------

$db->fails(run_of('twice'), name => 'two members of one name', sqlstate => '22030', like => [qr/HINT:  .*argument value::jsonb in alkconv\.rule/]);
$db->fails(run_of('shouted'), name => 'a rule makes rows equal', sqlstate => '23505', like => [qr/HINT:  Rules make other values.*expression/], unlike => [qr/The source holds rows/]);
$db->fails(run_of('same'), name => 'the source holds them', sqlstate => '23505', like => [qr/HINT:  The source holds rows/]);
$db->fails(run_of('priced'), name => 'an expression that fails', sqlstate => '22P02', like => [ qr/target type numeric\(6,2\)/, qr/HINT:  The rule with action expression/ ], unlike => [qr/target type text/]);
$db->fails(run_of('nul'), name => 'text that an expression cannot take', sqlstate => '22P05', like => [qr/the target column "v" has type numeric\(6,2\)/]);
$db->fails(run_of('kind'), name => 'index 0', sqlstate => '22P02', like => [qr/HINT:  The value has the index 0.*enum_empty\(null\)/], unlike => [qr/ADD VALUE/]);
$db->fails(run_of('kind_b'), name => 'a label that the target lacks', sqlstate => '22P02', like => [qr/HINT:  Add the label with ALTER TYPE/]);
is($db->value("SELECT count(*) FROM alkconv_preflight('src', include => '{alive}') WHERE remedy LIKE '%no unique index of the target stands for it%'"), 0, 'a partial index may stand for the key of the source');
my $said = $db->notices(run_of('warned'));
like($said, qr/NOTICE:\s+(?:\w+: )?seen/, 'a trigger speaks');
unlike($said, qr/HINT/, 'and nothing is added to that');
unlike($db->notices(run_of('later')), qr/at COMMIT/, 'deferred triggers have fired before the proof');

# ---- a reread that fails names the key's column ------------------------------------------------------------------------------------------------------

$my->run("DELETE FROM priced WHERE id = 2");
$db->run(run_of('priced'));
$my->run("INSERT INTO priced VALUES (2, 'free')");
my %verified = $db->psql("SELECT * FROM alkconv_verify('src', include => '{priced}')");
unlike($verified{stderr} . $verified{stdout}, qr/\(key\)=/, 'not (key)=');
like($verified{stderr} . $verified{stdout}, qr/\(id\)=\(2\)|only in the source|missing|different|mismatch/, 'the key by its name');

# ---- values that differ behind their excerpts ---------------------------------------------------------------------------------------------------------

$db->run(run_of('lengthy'), "UPDATE lengthy SET v = replace(v, 'äone', 'ätwo'), b = substr(b, 1, 5000) || 'b'");
my $note = $db->value("SELECT note FROM alkconv_verify('src', include => '{lengthy}') WHERE check_name = 'digest'");
like($note, qr/column "v": source '\.\.\.x+äoney+\.\.\.', target '\.\.\.x+ätwoy+\.\.\.'/, 'text is shown where it differs');
like($note, qr/column "b": source '\.\.\.[78]+61', target '\.\.\.[78]+62'/, 'so are bytes');

# ---- deferred triggers of another owner -----------------------------------------------------------------------------------------------------------------

my $role = 'alk_' . $db->dbname;
$db->run("CREATE ROLE $role; ALTER TABLE later OWNER TO $role; DELETE FROM later");
$db->fails(run_of('later'), name => 'for the owner only', sqlstate => '42501', like => [qr/HINT:  Deferred triggers and foreign keys of a table are queued for its owner only.*SET ROLE $role/]);
$db->run("DROP OWNED BY $role", "DROP ROLE $role");

# ---- IMPORT of a database that is not there ----------------------------------------------------------------------------------------------------------------

$db->fails('IMPORT FOREIGN SCHEMA nowhere_at_all FROM SERVER src INTO public', name => 'IMPORT', sqlstate => '3D000', like => [ qr/has no database "nowhere_at_all"/, qr/HINT:  The name is that of a database, spelled as SHOW DATABASES/ ]);

done_testing();
