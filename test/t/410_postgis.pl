# testbed: postgis
#
# Shapes where the target has PostGIS: each coordinate, each reference system, whatever order of axes the source shows; proved by digests; what
# the target would take for something else is refused.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $mariadb = flavor() eq 'mariadb';
my $long_lat = $mariadb ? '' : ", 'axis-order=long-lat'";

# The source writes latitude first where it follows the definition of the reference system: 42.7 N, 23.3 E is Sofia.
my $sofia = $mariadb ? "ST_GeomFromText('POINT(23.3 42.7)', 4326)" : "ST_GeomFromText('POINT(42.7 23.3)', 4326)";
my $rome = $mariadb ? "ST_GeomFromText('POINT(12.5 41.9)', 4326)" : "ST_GeomFromText('POINT(41.9 12.5)', 4326)";
my $srid = $mariadb ? '' : 'SRID 4326';
my $my = scratch_source(<<"SQL");
CREATE TABLE shapes (id int PRIMARY KEY, g geometry);
INSERT INTO shapes VALUES (1, $sofia), (2, NULL), (3, ST_GeomFromText('POINT(1 2)')), (4, ST_GeomFromText('POINT(-0.5 1e-300)', 3857)),
	(5, ST_GeomFromText('LINESTRING(0 0, 1 2, 3.25 -4)')), (6, ST_GeomFromText('POLYGON((0 0, 10 0, 10 10, 0 10, 0 0), (2 2, 2 4, 4 4, 4 2, 2 2))')),
	(7, ST_GeomFromText('MULTIPOINT(1 2, 3 4)', 3857)), (8, ST_GeomFromText('MULTILINESTRING((0 0, 1 1), (2 2, 3 3, 4 5))')),
	(9, ST_GeomFromText('MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))')),
	(10, ST_GeomFromText('GEOMETRYCOLLECTION(POINT(1 2), LINESTRING(3 4, 5 6), GEOMETRYCOLLECTION(POINT(7 8)))', 3857)), (11, ST_GeomFromText('GEOMETRYCOLLECTION EMPTY'));
INSERT INTO shapes SELECT 12, ST_GeomFromText(CONCAT('LINESTRING(', GROUP_CONCAT(CONCAT(d1.d * 10 + d2.d, ' ', d1.d) SEPARATOR ','), ')'))
	FROM (SELECT 0 AS d UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9) d1,
	(SELECT 0 AS d UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9) d2;
CREATE TABLE places (id int PRIMARY KEY, p point NOT NULL $srid, l linestring, c geometrycollection, SPATIAL KEY near (p));
INSERT INTO places VALUES (1, $sofia, ST_GeomFromText('LINESTRING(0 0, 1 1)'), NULL), (2, $rome, NULL, ST_GeomFromText('GEOMETRYCOLLECTION(POINT(1 2))'));
CREATE TABLE unknown (id int PRIMARY KEY, g geometry);
INSERT INTO unknown VALUES (1, $sofia), (2, ST_GeomFromText('POINT(12.5 41.9)')), (3, NULL), (4, ST_GeomFromText('POINT(1 2)'));
SQL

# The source's own words: WKB with the longitude first, and the reference system.
sub source_shapes { my ($table, $column) = @_; return join "\n", map { s/\t/|/gr =~ s/NULL//gr } $my->rows("SELECT id, ST_SRID($column), HEX(ST_AsWKB($column$long_lat)) FROM $table ORDER BY id") }

my $db = scratch_database();
$db->run('CREATE EXTENSION postgis');
$db->link_source('src', $my);
sub target_shapes { my ($table, $column) = @_; return $db->value("SELECT string_agg(concat_ws('|', id, coalesce(ST_SRID($column)::text, ''), coalesce(upper(encode(ST_AsBinary($column, 'NDR'), 'hex')), '')), E'\n' ORDER BY id) FROM $table") }
sub migrate_sql { my ($include) = @_; return "SELECT alkconv_migrate('src', include => '{$include}', on_existing => 'replace')" }
sub mismatches { my ($include) = @_; return $db->value("SELECT string_agg(concat_ws(' ', table_name, check_name, note), '; ') FROM alkconv_verify('src', include => '{$include}') WHERE verdict = 'mismatch'") }

# ---- into tables that there are --------------------------------------------------------------------------------------------------------

$db->run(<<'SQL');
CREATE TABLE shapes (id int PRIMARY KEY, g geometry);
CREATE TABLE places (id int PRIMARY KEY, p geography(Point,4326) NOT NULL, l geometry(LineString), c geometry) PARTITION BY LIST (id);
CREATE TABLE places_all PARTITION OF places DEFAULT;
SQL
like($db->notices(migrate_sql('shapes')), qr/migrated "src": 1 table, 12 rows, every value proved equal(?:; left out: \d+ tables?)?$/m, 'shapes of all kinds, proved by digests');
same_text(target_shapes('shapes', 'g'), source_shapes('shapes', 'g'), 'each coordinate and each reference system');
is($db->value('SELECT ST_X(g), ST_Y(g) FROM shapes WHERE id = 1'), '23.3|42.7', 'longitude first');
like($db->notices(migrate_sql('places')), qr/through COPY\n.*every value proved equal(?:; left out: \d+ tables?)?$/ms, 'geography and kinds of shapes, through COPY');
is($db->value('SELECT round(ST_Distance(a.p, b.p) / 1000) FROM places a, places b WHERE a.id = 1 AND b.id = 2'), 894, 'as far from Sofia to Rome as it is');
is($db->value("SELECT string_agg(ST_AsText(coalesce(l, c)), '; ' ORDER BY id) FROM places"), 'LINESTRING(0 0,1 1); GEOMETRYCOLLECTION(POINT(1 2))', 'the other columns');

for my $damage ('ST_FlipCoordinates(g)', 'ST_SetSRID(g, 3857)', 'ST_Translate(g, 0, 1e-13)', 'ST_Force3D(g)', 'NULL') {
	$db->run("UPDATE shapes SET g = $damage WHERE id = 1");
	like(mismatches('shapes'), qr/^shapes digest.*\(id\)=\(1\)/, "$damage is found");
	$db->run(migrate_sql('shapes'));
}

# ---- what is refused -------------------------------------------------------------------------------------------------------------------

my $none = [ qr/TABLE NAME:  unknown/, qr/column "g"/, qr/\(id\)=\(2\)/, qr/reference system \(SRID\) that type/, qr/HINT:.*expression/ ];
for my $type ('geometry(Point,4326)', 'geography', 'geography(Point,4326)', 'geometry(Geometry,4326)') {
	$db->run("DROP TABLE IF EXISTS unknown; CREATE TABLE unknown (id int PRIMARY KEY, g $type)");
	$db->fails(migrate_sql('unknown'), name => "no reference system for $type", sqlstate => '22P02', like => $none);
	is($db->value("SELECT string_agg(concat_ws(' ', column_name, check_name, rows, sample_key), ', ') FROM alkconv_preflight('src', include => '{unknown}') WHERE severity = 'error'"),
		'g reference_system 2 (id)=(2)', "$type: counted beforehand");
}
my ($recipe) = slurp('docs/rules.md') =~ /\('place', 'position', 'expression', \$\$(.*?)\$\$\)/s;
$db->run("INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ('unknown', 'g', 'expression', \$\$$recipe\$\$)");
like($db->notices(migrate_sql('unknown')), qr/proved equal to what 1 rule makes of them, 1 column by reading it again(?:; left out: \d+ tables?)?$/m, 'a rule says which it is');
is($db->value("SELECT string_agg(coalesce(ST_AsEWKT(g), ''), '; ' ORDER BY id) FROM unknown"), 'SRID=4326;POINT(23.3 42.7); SRID=4326;POINT(12.5 41.9); ; SRID=4326;POINT(1 2)', 'for those that have none');
$db->run('DELETE FROM alkconv.rule WHERE NOT shipped');

$db->run('DROP TABLE shapes; CREATE TABLE shapes (id int PRIMARY KEY, g geometry(Point))');
$db->fails(migrate_sql('shapes'), name => 'another kind of shape', sqlstate => '22023', like => [ qr/Geometry type \(LineString\)/, qr/\(id\)=\(5\)/, qr/column "g" of table "shapes"/ ]);
$db->run('DROP TABLE shapes; CREATE TABLE shapes (id int PRIMARY KEY, g text)');
$db->fails(migrate_sql('shapes'), name => 'no shape', sqlstate => '42846', like => [qr/HINT:.*PostGIS/]);
$db->run('DROP TABLE shapes; CREATE TABLE shapes (id int PRIMARY KEY, g bytea)');
$db->run(migrate_sql('shapes'));
is($db->value("SELECT string_agg(concat_ws(' ', id, upper(encode(g, 'hex'))), ';' ORDER BY id) FROM shapes WHERE g IS NOT NULL"), join(';', map { s/\t/ /r } $my->rows('SELECT id, HEX(g) FROM shapes WHERE g IS NOT NULL ORDER BY id')),
	'bytes where the target has bytes');

# ---- foreign tables --------------------------------------------------------------------------------------------------------------------

$db->run("CREATE FOREIGN TABLE far (id int, p geometry) SERVER src OPTIONS (table_name 'places')");
is($db->value("SELECT string_agg(ST_AsEWKT(p), '; ' ORDER BY id) FROM far"), 'SRID=4326;POINT(23.3 42.7); SRID=4326;POINT(12.5 41.9)', 'a foreign table');

# ---- tables that alkconv makes ---------------------------------------------------------------------------------------------------------

for my $schema ('public', '"Geo Tools"') {
	my $made = scratch_database();
	$made->run("CREATE SCHEMA IF NOT EXISTS $schema", "CREATE EXTENSION postgis SCHEMA $schema", 'CREATE SCHEMA made');
	$made->link_source('src', $my, target_schema => 'made');
	$made->run("INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ('unknown', 'g', 'target_type', \$\$$schema.geometry(Point)\$\$)");
	like($made->notices("SELECT alkconv_migrate('src', mode => 'create')"), qr/migrated "src": 3 tables, 18 rows, every value proved equal$/m, "mode create, PostGIS in $schema");
	my $name = $schema eq 'public' ? 'geometry' : "$schema.geometry";
	is($made->value("SET search_path = public; SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attrelid::regclass::text, attnum) FROM pg_attribute WHERE attrelid IN ('made.shapes'::regclass,
		'made.places'::regclass, 'made.unknown'::regclass) AND attnum > 1"), "p $name(Point" . ($mariadb ? '' : ',4326') . "), l $name(LineString), c $name(GeometryCollection), g $name, g $name(Point)", 'shapes are those of PostGIS');
	like($made->value("SELECT indexdef FROM pg_indexes WHERE schemaname = 'made' AND indexdef LIKE '%gist%'"), qr/near.* USING gist \(p\)/, 'a spatial index');
	is($made->value("SELECT string_agg(DISTINCT verdict, ',') FROM alkconv_verify('src') WHERE verdict <> 'note'"), 'ok', 'verified again');
	next if $schema ne 'public';
	my $built = scratch_database(extension => 0);
	$built->run('CREATE EXTENSION postgis', 'CREATE SCHEMA made', $made->value("SELECT string_agg(statement, E';\n' ORDER BY ordinal) FROM alkconv_baseline('src')"));
	same_text($built->dump('--schema-only', '--schema=made'), $made->dump('--schema-only', '--schema=made'), 'a database built from the baseline is the same');
}

done_testing();
