# testbed: mysql mariadb
#
# Mode create with databases as they are met: two that DBAs know, every scalar type, and the schemas of Kratos and Alkemio.
use strict;
use warnings;
use AlkconvTest;
use Test::More;

my $fixtures = 'test/fixtures';

sub schema_of { return $_[0]->dump('--schema-only', '--schema=made') }

# created($fixture, rows of generate.pl or 0, profile, SQL for rules): the database that a run has made of a fixture; its baseline is the same.
sub created {
	my ($fixture, $rows, $profile, $rules) = @_;
	my $source = scratch_source();
	$source->load("$fixtures/$fixture/" . flavor() . '.sql');
	if ($rows) {
		my %rows = run_command(['perl', "$fixtures/generate.pl", '--db', $fixture, '--rows', $rows, '--flavor', flavor()]);
		die "generate.pl: $rows{stderr}" if $rows{rc} != 0;
		$source->run($rows{stdout});
	}
	my $target = scratch_database();
	$target->run('CREATE SCHEMA made', $rules // ());
	$target->link_source('src', $source, target_schema => 'made', profile => $profile);
	my $notices = $target->notices("SELECT alkconv_migrate('src', mode => 'create')");
	my ($tables) = $notices =~ /migrated "src": (\d+) tables, \d+ rows, (?:every value proved equal|proved equal to what \d+ rules? makes? of them)(?:, \d+ columns? by reading (?:it|them) again(?:,? (?:\d+ of them )?with the converter)?)?(?:; left out: [^\n]*)?$/m;
	cmp_ok($tables // 0, '>', 0, "$fixture: every value proved equal");
	is($target->value("SELECT string_agg(concat_ws(' ', table_name, check_name, note), '; ') FROM alkconv_report() WHERE verdict NOT IN ('ok', 'excluded', 'note')"), '', "$fixture: every verdict is ok");
	is($target->value("SELECT count(*) FROM alkconv_report() WHERE check_name = 'table' AND verdict = 'ok'"), $tables, "$fixture: of every table");
	my $built = scratch_database(extension => 0);
	$built->run('CREATE SCHEMA made', $target->value("SELECT string_agg(statement, E';\n' ORDER BY ordinal) FROM alkconv_baseline('src')"));
	same_text(schema_of($built), schema_of($target), "$fixture: a database built from the baseline is the same");
	is($target->value("SELECT string_agg(v::text, '; ') FILTER (WHERE verdict <> 'ok'), count(*) FILTER (WHERE check_name = 'rows') FROM alkconv_verify('src') v"), "|$tables", "$fixture: verified again");
	return ($target, $source);
}

# constraints and indexes of both sides, by number
sub count_of { return $_[0]->value("SELECT count(*) FROM pg_constraint WHERE contype = '$_[1]' AND conparentid = 0 AND connamespace = 'made'::regnamespace") }
sub foreign_keys { return $_[0]->value("SELECT COUNT(DISTINCT TABLE_NAME, CONSTRAINT_NAME) FROM information_schema.KEY_COLUMN_USAGE WHERE TABLE_SCHEMA = DATABASE() AND REFERENCED_TABLE_NAME IS NOT NULL") }

my ($db, $my) = created('rental', 0);
is(count_of($db, 'f'), foreign_keys($my), 'rental: all foreign keys');
is($db->value(q{SELECT string_agg(format_type(atttypid, atttypmod), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'made.film'::regclass AND attnum > 0}),
	'integer, character varying(128), text, smallint, smallint, smallint, smallint, numeric(4,2), integer, numeric(5,2), made.film_rating, text[], timestamp(0) with time zone', 'rental: types of film');
is($db->value('SELECT active, special_features, rating FROM made.staff, made.film WHERE staff_id = 2 AND film_id = 7'), 'f|{Trailers,Commentaries,"Deleted Scenes"}|PG-13', 'rental: values');
is($db->value(q{SELECT count(*) FROM made.film_text WHERE to_tsvector('simple', coalesce(title::text, '') || ' ' || coalesce(description::text, '')) @@ to_tsquery('simple', 'film & 77')}), 1, 'rental: full text');
is($db->value("INSERT INTO made.film (title, language_id) VALUES ('new', 1) RETURNING film_id, rental_duration, rental_rate, rating, last_update = date_trunc('second', statement_timestamp())"),
	'201|3|4.99|G|t', 'rental: identity and defaults');
is($db->value(q{UPDATE made.actor SET first_name = 'Penelope' WHERE actor_id = 1 RETURNING last_update = date_trunc('second', statement_timestamp())}), 't', 'rental: time of the last change');
$db->fails('DELETE FROM made.country WHERE country_id = 1', like => [qr/fk_city_country/], name => 'rental: RESTRICT');
is($db->value(q{SELECT count(*) FROM alkconv_report() WHERE verdict = 'note' AND check_name ~ '^(view|trigger|procedure|function) '}), 5, 'rental: what is no table is listed');

($db, $my) = created('staff', 0);
is(count_of($db, 'f'), foreign_keys($my), 'staff: all foreign keys');
is($db->value(q{SELECT string_agg(tableoid::regclass || ' ' || n, ', ' ORDER BY tableoid::regclass::text) FROM (SELECT tableoid, count(*) AS n FROM made.salaries GROUP BY tableoid) s}),
	join(', ', map { "made.salaries_$_ " . $my->value("SELECT COUNT(*) FROM salaries PARTITION ($_)") } sort qw(p85 p95 p05 later)), 'staff: rows lie in the same partitions');
is($db->value(q{SELECT note FROM alkconv_report() WHERE check_name = 'partitions salaries_by_year'}), 'it becomes a plain table: it is partitioned by an expression', 'staff: or there are none');

($db, $my) = created('alltypes', 0, undef, q{INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument, reason)
	VALUES ('documents', 'j_json', 'target_type', 'json', 'jsonb cannot hold \\u0000')});
is($db->value(q{SELECT string_agg(format_type(atttypid, atttypmod), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'made.integers'::regclass AND attnum > 0}),
	'integer, smallint, smallint, boolean, smallint, integer, integer, integer, integer, bigint, bigint, bigint, numeric(20,0), bigint', 'alltypes: integers');

for my $application (['kratos_v131', 'kratos'], ['kratos_head', 'kratos'], ['alkemio', 'alkemio']) {
	my ($fixture, $profile) = @$application;
	($db, $my) = created($fixture, 300, $profile);
	my $keys = foreign_keys($my);
	cmp_ok($keys, '>', 10, "$fixture: there are foreign keys");
	is(count_of($db, 'f'), $keys, "$fixture: all of them");
}

done_testing();
