# testbed: mysql mariadb
#
# Samples of orphans: hashes stand for values of secret columns and of columns that refer to one, everything else is shown.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $hash = qr/secret:[0-9a-f]{12}/;
my $my = scratch_source(<<'SQL');
CREATE TABLE team (id int PRIMARY KEY, code varchar(20));
INSERT INTO team VALUES (1, 'hunter1');
CREATE TABLE player (id int PRIMARY KEY, team int, token varchar(20));
INSERT INTO player VALUES (11, 1, 'hunter2'), (12, 99, 'hunter3');
CREATE TABLE badge (token varchar(20) PRIMARY KEY, team int);
INSERT INTO badge VALUES ('hunter4', 98);
SQL
my $db = scratch_database();
$db->run(<<'SQL');
CREATE TABLE team (id int PRIMARY KEY, code text UNIQUE);
CREATE TABLE player (id int PRIMARY KEY, team int REFERENCES team, token text);
CREATE TABLE badge (token text PRIMARY KEY, team int REFERENCES team);
CREATE TABLE outside (id int PRIMARY KEY, code text REFERENCES team (code), note text);
INSERT INTO alkconv.rule (table_pattern, column_pattern, action) VALUES ('%', 'token', 'secret'), ('%', 'code', 'secret');
SQL
$db->link_source('src', $my);
my $fails = sub { my ($tables, %expected) = @_; $db->fails("SELECT alkconv_migrate('src', include => '{$tables}', on_existing => 'replace')", sqlstate => '23503', unlike => qr/hunter/, %expected) };
$fails->('team,player', name => 'an open column of a table with a secret one', like => [qr/row \(id\)=\(12\) refers to \(team\)=\(99\)/]);
$fails->('team,badge', name => 'a secret key', like => [qr/row \(token\)=\($hash\) refers to \(team\)=\(98\)/]);
$db->run("INSERT INTO team VALUES (1, 'hunter1'), (5, 'hunter5')", "INSERT INTO outside VALUES (7, 'hunter5', 'open')");
$fails->('team', name => 'a table outside the run that refers to a secret column', like => [qr/row \(id\)=\(7\) refers to \(code\)=\($hash\)/]);

# the same hash for the same value, in one run
my %said = $db->psql("SELECT alkconv_migrate('src', include => '{team,badge}', on_existing => 'replace')");
unlike($said{stderr}, qr/not shown/, 'nothing is withheld whole');

# what refers to a secret column holds the same values
my $kin = scratch_source(<<'SQL');
CREATE TABLE holder (v varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci PRIMARY KEY);
CREATE TABLE heir (id int PRIMARY KEY, w varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci, CONSTRAINT kin FOREIGN KEY (w) REFERENCES holder (v));
INSERT INTO holder VALUES ('hunter2');
INSERT INTO heir VALUES (1, 'HUNTER2');
SQL
my $other = scratch_database();
$other->run('CREATE TABLE holder (v text PRIMARY KEY)', 'CREATE TABLE heir (id int PRIMARY KEY, w text CONSTRAINT kin REFERENCES holder)',
	"INSERT INTO alkconv.rule (table_pattern, column_pattern, action) VALUES ('holder', 'v', 'secret')");
$other->link_source('kin', $kin);
my $found = $other->value("SELECT string_agg(p::text, E'\n') FROM alkconv_preflight('kin') p");
like($found, qr/heir/, 'preflight finds the other spelling');
unlike($found, qr/hunter/i, 'and shows no value of a column that refers to a secret one');
$other->fails("SELECT alkconv_migrate('kin')", sqlstate => '23503', unlike => qr/hunter/i, name => 'nor does the run');

done_testing;
