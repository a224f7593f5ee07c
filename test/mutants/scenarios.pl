# The runs in which each mutant is tried. prepare($database) makes source and target, and gives back what must live as long as the scenario;
# run is the SQL of the run; refused: the healthy code raises an ERROR, and so must a mutant, that names the scenario in its list.
use strict;
use warnings;
use AlkconvTest;

my $fixtures = 'test/fixtures';

sub linked {
	my ($db, $source, %options) = @_;
	$db->link_source('src', $source, %options);
	return $source;
}

sub loaded { my ($path) = @_; my $source = scratch_source(); $source->load($path); return $source }

# Source and target of test/mutants/NAME.sql and NAME_target.sql.
sub existing {
	my ($name, %options) = @_;
	return sub {
		my ($db) = @_;
		$db->run(slurp("test/mutants/${name}_target.sql"));
		return linked($db, loaded("test/mutants/$name.sql"), %options);
	};
}

# The rows that a run has rejected, mended since.
sub rejected {
	my ($db) = @_;
	my $source = existing('bad')->($db);
	$source->run('DELETE FROM bad_child WHERE bad > 3', 'DELETE FROM bad WHERE id > 3');
	$db->run(q{SELECT alkconv_migrate('src', on_bad_value => 'reject')});
	$source->run(q{UPDATE bad SET small = 7, flag = 1, big_real = 8, txt_json = '{"a":  1}', txt_jsonb = '[true]', dbl_real = 0.5 WHERE id > 0},
		q{UPDATE bad_pairs SET n = 11 WHERE n = 'nine'}, q{UPDATE bad_pairs SET n = 12 WHERE n = 'ten'}, q{UPDATE bad_routed SET n = id, a = '10.0.0.1/8' WHERE id IN (2, 5)}, q{UPDATE bad_many SET n = 5 WHERE n = 'bad'});
	return $source;
}

return [
	{
		name => 'types', # every type into a target that is there
		prepare => sub {
			my ($db) = @_;
			$db->run(slurp("$fixtures/alltypes/postgres.sql"));
			return linked($db, loaded("$fixtures/alltypes/" . flavor() . '.sql'));
		},
		run => q{SELECT alkconv_migrate('src')},
	},
	{
		name => 'pairs', # every converter whose target is not the natural one
		prepare => existing('pairs'),
		run => q{SELECT alkconv_migrate('src')},
	},
	{
		name => 'ruled', # every rule that changes values, foreign keys, both ways of loading
		prepare => existing('ruled'),
		run => q{SELECT alkconv_migrate('src')},
	},
	{
		name => 'rules', # rules that compete, names, counters, what the session decides
		prepare => existing('rules', profile => 'mine'),
		run => q{SELECT alkconv_migrate('src')},
	},
	{
		name => 'bad', # a row for each check, rejected
		prepare => existing('bad'),
		run => q{SELECT alkconv_migrate('src', on_bad_value => 'reject')},
	},
	{
		name => 'replay', # rows that were rejected are brought
		prepare => \&rejected,
		run => q{SELECT alkconv_replay((SELECT run FROM alkconv.run))},
	},
	{
		name => 'ranges', # several readers, in ranges of keys
		prepare => existing('ranges'),
		run => q{SELECT alkconv_migrate('src', readers => 2)},
	},
	{
		name => 'duplicates', # rows that are equal under a unique key of the target
		refused => 1,
		prepare => sub {
			my ($db) = @_;
			$db->run('CREATE TABLE twice (id integer PRIMARY KEY, v varchar(10) UNIQUE)');
			return linked($db, scratch_source(q{CREATE TABLE twice (id int PRIMARY KEY, v varchar(10)); INSERT INTO twice VALUES (1, 'a'), (2, 'b'), (3, 'a')}));
		},
		run => q{SELECT alkconv_migrate('src')},
	},
	{
		name => 'made', # the types' own choice, in a schema that alkconv makes
		prepare => sub {
			my ($db) = @_;
			$db->run('CREATE SCHEMA made', q{INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ('documents', 'j_json', 'target_type', 'json')});
			return linked($db, loaded("$fixtures/alltypes/" . flavor() . '.sql'), target_schema => 'made');
		},
		run => q{SELECT alkconv_migrate('src', mode => 'create')},
	},
	{
		name => 'schema', # properties that no row shows
		prepare => sub {
			my ($db) = @_;
			$db->run('CREATE SCHEMA made', q{INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument) VALUES ('colors', 'v', 'collation', '"C"'), ('colors', 'flag', 'transform', 'tinyint_to_boolean')});
			return linked($db, loaded('test/mutants/schema.sql'), target_schema => 'made');
		},
		run => q{SELECT alkconv_migrate('src', mode => 'create')},
	},
	{
		name => 'objects', # every object of a schema
		prepare => sub {
			my ($db) = @_;
			$db->run('CREATE SCHEMA made');
			return linked($db, loaded("$fixtures/allobjects/" . flavor() . '.sql'), target_schema => 'made');
		},
		run => q{SELECT alkconv_migrate('src', mode => 'create')},
	},
];
