# The runs in which each mutant is tried. prepare($database) makes source and target, and gives back what must live as long as the scenario;
# run is the SQL of the run.
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
		name => 'ruled', # every rule, rows that are kept out, foreign keys, both ways of loading
		prepare => sub {
			my ($db) = @_;
			$db->run(slurp('test/mutants/ruled_target.sql'));
			return linked($db, loaded('test/mutants/ruled.sql'));
		},
		run => q{SELECT alkconv_migrate('src', on_bad_value => 'reject')},
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
		name => 'objects', # every object of a schema
		prepare => sub {
			my ($db) = @_;
			$db->run('CREATE SCHEMA made');
			return linked($db, loaded("$fixtures/allobjects/" . flavor() . '.sql'), target_schema => 'made');
		},
		run => q{SELECT alkconv_migrate('src', mode => 'create')},
	},
];
