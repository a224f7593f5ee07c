# AlkconvTest::Postgres: a Postgres cluster, and with a database name a database of it.
package AlkconvTest::Postgres;

use strict;
use warnings;
use parent -norequire, 'AlkconvTest::Server';
use AlkconvTest::Command;
use AlkconvTest::Server;
use Test::More ();

my $owner = $$;

# The platform's cluster, which all test files share: no server-wide settings there.
sub main {
	my ($class) = @_;
	return $class->_existing('main');
}

# A cluster of the test's own, with lines of postgresql.conf.
sub start {
	my ($class, $name, @lines) = @_;
	return $class->_start('postgres', $name, @lines);
}

# create_database(name, with_extension): a database, dropped when the object goes.
sub create_database {
	my ($self, $name, $extension) = @_;
	my $database = $self->database($name);
	$self->database('postgres')->run(qq{DROP DATABASE IF EXISTS "$name" WITH (FORCE)}, qq{CREATE DATABASE "$name" TEMPLATE template0});
	$database->{drop} = 1;
	$database->run('CREATE EXTENSION alkconv') if $extension;
	return $database;
}

# An existing database. The cluster stays up as long as one of its databases is in use.
sub database {
	my ($self, $name) = @_;
	return bless { %$self, extra => 0, cluster => $self, dbname => $name }, ref $self;
}

sub dbname { return $_[0]{dbname} }

# psql arguments; user => role connects as somebody else.
sub _psql {
	my ($self, %options) = @_;
	return ('psql', '-X', '-q', '-h', $self->socket, '-p', $self->port, '-U', $options{user} // 'postgres',
		'-d', $self->{dbname} // 'postgres', '-v', "VERBOSITY=" . ($options{verbosity} // 'verbose'), '-v', 'ON_ERROR_STOP=1');
}

# psql($sql, user =>, verbosity =>, args => [...]): a hash of rc, stdout, stderr. All statements in one session, each a
# transaction of its own.
sub psql {
	my ($self, $sql, %options) = @_;
	return run_command([$self->_psql(%options), '-A', '-t', @{ $options{args} // [] }, '-f', '-'], input => $sql, env => $options{env});
}

# run($sql...): runs each and dies on an error; the standard output of the last.
sub run {
	my ($self, @statements) = @_;
	my $output;
	for my $sql (@statements) {
		my %result = $self->psql($sql);
		die "psql failed: $result{stderr}\n$sql\n" if $result{rc} != 0;
		$output = $result{stdout};
	}
	chomp $output;
	return $output;
}

# value($sql): the one value, or rows of columns separated by |.
sub value {
	my ($self, $sql) = @_;
	return $self->run($sql);
}

# rows($sql): a list of lines.
sub rows {
	my ($self, $sql) = @_;
	return split /\n/, $self->run($sql);
}

# notices($sql): what it said on the side (NOTICE, WARNING), message texts only.
sub notices {
	my ($self, $sql) = @_;
	my %result = $self->psql($sql, verbosity => 'terse');
	die "psql failed: $result{stderr}\n$sql\n" if $result{rc} != 0;
	return $result{stderr};
}

# fails($sql, sqlstate =>, like => regex or list, unlike => regex or list, name =>, user =>): one test, that it is refused
# with this SQLSTATE and a message (with detail, hint and context) like that. Returns the message.
sub fails {
	my ($self, $sql, %expected) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my %result = $self->psql($sql, user => $expected{user});
	my @faults;
	push @faults, 'it succeeded' if $result{rc} == 0;
	my ($state) = $result{stderr} =~ /^(?:psql:[^\n]*?)?(?:ERROR|FATAL):  (\w{5}):/m;
	push @faults, 'SQLSTATE ' . ($state // 'none') . " instead of $expected{sqlstate}"
		if defined $expected{sqlstate} && ($state // '') ne $expected{sqlstate};
	for my $regex (ref $expected{like} eq 'ARRAY' ? @{ $expected{like} } : $expected{like} // ()) {
		push @faults, "not like $regex" if $result{stderr} !~ $regex;
	}
	for my $regex (ref $expected{unlike} eq 'ARRAY' ? @{ $expected{unlike} } : $expected{unlike} // ()) {
		push @faults, "like $regex" if $result{stderr} =~ $regex;
	}
	Test::More::ok(!@faults, $expected{name} // "refused: $sql")
		or Test::More::diag(join("\n", @faults, "stdout: $result{stdout}", "stderr: $result{stderr}"));
	return $result{stderr};
}

# background($sql, user =>): the same in another session; an object with pid of the backend, cancel, terminate and finish.
sub background {
	my ($self, $sql, %options) = @_;
	return AlkconvTest::Postgres::Session->new($self, $sql, %options);
}

# The text of pg_dump (options: '--schema=...' and the like), without what changes from run to run: for before and after.
sub dump {
	my ($self, @options) = @_;
	my %result = run_command(['pg_dump', '-h', $self->socket, '-p', $self->port, '-U', 'postgres', '-d', $self->dbname, @options]);
	die "pg_dump: $result{stderr}\n" if $result{rc} != 0;
	$result{stdout} =~ s/^\\(un)?restrict .*\n//mg; # a random word
	return $result{stdout};
}

# link_source($server_name, $source, server option => value..., user => 'reader', password =>): server and user mapping. The
# environment's ALKCONV_TEST_READERS is the number of readers, where the test does not name one (readers => undef: the default).
sub link_source {
	my ($self, $name, $source, %options) = @_;
	my $user = delete $options{user} // 'root';
	my $password = delete $options{password} // $source->password;
	my %server = (host => $source->host, port => $source->port, dbname => $source->dbname, readers => $ENV{ALKCONV_TEST_READERS}, %options);
	delete $server{$_} for grep { !defined $server{$_} } keys %server;
	my $list = join ', ', map { "$_ " . quote_literal($server{$_}) } sort keys %server;
	$self->run(
		"CREATE SERVER $name FOREIGN DATA WRAPPER alkconv_fdw OPTIONS ($list)",
		"CREATE USER MAPPING FOR CURRENT_USER SERVER $name OPTIONS (username " . quote_literal($user) . ', password '
			. quote_literal($password) . ')');
	return;
}

sub quote_literal {
	my ($text) = @_;
	$text =~ s/'/''/g;
	return $text =~ /\\/ ? " E'" . ($text =~ s/\\/\\\\/gr) . "'" : "'$text'";
}

sub DESTROY {
	my ($self) = @_;
	if (delete $self->{drop} and $$ == $owner and $self->{cluster}) {
		local ($?, $@);
		eval { $self->{cluster}->database('postgres')->run(qq{DROP DATABASE IF EXISTS "$self->{dbname}" WITH (FORCE)}) };
	}
	$self->SUPER::DESTROY;
	return;
}

# A session in the background.
package AlkconvTest::Postgres::Session;

use AlkconvTest::Command;

my $serial = 0;

sub new {
	my ($class, $database, $sql, %options) = @_;
	my $self = bless { database => $database, tag => sprintf('alk_%d_%d', $$, ++$serial) }, $class;
	$self->{process} = AlkconvTest::Command->start([$database->_psql(%options), '-A', '-t', '-f', '-'],
		input => $sql, env => { PGAPPNAME => $self->{tag}, %{ $options{env} // {} } });
	return $self;
}

# The backend's process id; waits for it to appear.
sub pid {
	my ($self) = @_;
	return $self->{pid} //= wait_until {
		!$self->{process}->running && die "the session has ended: " . $self->{process}->errors;
		$self->{database}->value("SELECT pid FROM pg_stat_activity WHERE application_name = '$self->{tag}'");
	} 30, 'a backend';
}

sub running { return $_[0]{process}->running }
sub output { return $_[0]{process}->output }
sub cancel { return $_[0]{database}->value('SELECT pg_cancel_backend(' . $_[0]->pid . ')') }
sub terminate { return $_[0]{database}->value('SELECT pg_terminate_backend(' . $_[0]->pid . ')') }

# What it waits for, as pg_stat_activity says: "Lock:relation", or "" when it runs or is gone.
sub wait_event {
	my ($self) = @_;
	return $self->{database}->value("SELECT wait_event_type || ':' || wait_event FROM pg_stat_activity WHERE pid = " . $self->pid);
}

# Threads, open file descriptors and resident memory (kB) of the backend, from /proc.
sub threads { return AlkconvTest::Postgres::threads_of($_[0]->pid) }
sub descriptors { return AlkconvTest::Postgres::descriptors_of($_[0]->pid) }
sub resident { return AlkconvTest::Postgres::resident_of($_[0]->pid) }

# finish(timeout): rc, stdout, stderr, seconds.
sub finish { return $_[0]{process}->finish($_[1]) }

# kill: SIGKILL for psql, as if the client vanished.
sub vanish { kill 'KILL', $_[0]{process}->pid; return }

package AlkconvTest::Postgres;

sub threads_of { my @tasks = glob "/proc/$_[0]/task/*"; return scalar @tasks }
sub descriptors_of { my @files = glob "/proc/$_[0]/fd/*"; return scalar @files }
sub resident_of { return slurp("/proc/$_[0]/status") =~ /^VmRSS:\s+(\d+)/m ? $1 : 0 }

1;
