# AlkconvTest::Source: a MySQL or MariaDB server, and with a database name a database of it.
#
# Accounts: root, reader (SELECT and what a snapshot over several connections takes), plain (SELECT); one password.
package AlkconvTest::Source;

use strict;
use warnings;
use parent -norequire, 'AlkconvTest::Server';
use AlkconvTest::Command;
use AlkconvTest::Server;

my $owner = $$;

# The platform's source, which all test files share: no global settings there.
sub main {
	my ($class) = @_;
	return $class->_existing('source');
}

# start($name, '--option=value'...): a server of the test's own, of the platform's flavour; flavor => 'mariadb' as a first pair
# of arguments takes another, where the platform has it.
sub start {
	my ($class, $name, @options) = @_;
	my $flavor = $ENV{ALKCONV_TEST_MYSQL_FLAVOR};
	(undef, $flavor) = splice @options, 0, 2 if @options && $options[0] eq 'flavor';
	return $class->_start($flavor, $name, @options);
}

sub flavor { return $_[0]{FLAVOR} }
sub is_mariadb { return $_[0]{FLAVOR} eq 'mariadb' }
sub password { return $ENV{ALKCONV_TEST_MYSQL_PASSWORD} }
sub dbname { return $_[0]{dbname} }

# mysql://user:password@host:port/database
sub dsn {
	my ($self, $user) = @_;
	return sprintf 'mysql://%s:%s@%s:%s/%s', $user // 'root', $self->password, $self->host, $self->port, $self->dbname // '';
}

sub create_database {
	my ($self, $name) = @_;
	$self->run("DROP DATABASE IF EXISTS `$name`; CREATE DATABASE `$name` CHARACTER SET utf8mb4");
	my $database = $self->database($name);
	$database->{drop} = 1;
	return $database;
}

sub database {
	my ($self, $name) = @_;
	return bless { %$self, extra => 0, server => $self, dbname => $name }, ref $self;
}

# mysql($sql, args => [...]): a hash of rc, stdout, stderr. One session, which starts in UTC unless the SQL says otherwise.
sub mysql {
	my ($self, $sql, %options) = @_;
	return run_command([$self->{CLIENT}, '-N', '-B', '--init-command=SET time_zone = "+00:00"', @{ $options{args} // [] }, $self->{dbname} // ()],
		input => $sql);
}

# run($sql...): dies on an error; the output of the last (columns separated by tabs).
sub run {
	my ($self, @statements) = @_;
	my $output;
	for my $sql (@statements) {
		my %result = $self->mysql($sql);
		die "mysql failed: $result{stderr}\n" . substr($sql, 0, 2000) . "\n" if $result{rc} != 0;
		$output = $result{stdout};
	}
	chomp $output;
	return $output;
}

sub value { my ($self, $sql) = @_; return $self->run($sql) }
sub rows { my ($self, $sql) = @_; return split /\n/, $self->run($sql) }

# load($file): runs a file of SQL.
sub load {
	my ($self, $file) = @_;
	return $self->run(slurp($file));
}

# The sessions of others: a list of hashes id, user, db, command, state, info.
sub connections {
	my ($self) = @_;
	my @found;
	for my $line ($self->rows("SELECT id, user, IFNULL(db, ''), command, IFNULL(state, ''), IFNULL(info, '')"
		. ' FROM information_schema.processlist WHERE id <> CONNECTION_ID()')) {
		my %row;
		@row{qw(id user db command state info)} = split /\t/, $line, 6;
		next if $row{command} =~ /^(Daemon|Binlog Dump)/ || $row{user} =~ /^(event_scheduler|system user)$/;
		push @found, \%row;
	}
	return grep { !defined $self->{dbname} || $_->{db} eq $self->{dbname} } @found;
}

sub kill_connections {
	my ($self) = @_;
	my @connections = $self->connections;
	$self->mysql("KILL $_->{id}") for @connections;
	return scalar @connections;
}

# make_certificates($dir, host => name): ca.pem, another-ca.pem, server-cert.pem and server-key.pem (signed by ca.pem, for
# that host name; default localhost and 127.0.0.1) in $dir. For --ssl-ca and its like, and for the option ssl_ca.
sub make_certificates {
	my ($class, $dir, %options) = @_;
	my $names = $options{host} ? "DNS:$options{host}" : 'DNS:localhost,IP:127.0.0.1';
	mkdir $dir;
	chmod 0755, $dir;
	for my $ca (qw(ca another-ca)) {
		_openssl(qw(req -x509 -newkey rsa:2048 -nodes -days 3 -subj), "/CN=alkconv test $ca", '-keyout', "$dir/$ca-key.pem", '-out', "$dir/$ca.pem");
	}
	_openssl(qw(req -newkey rsa:2048 -nodes -subj), '/CN=' . ($options{host} // 'localhost'), '-keyout', "$dir/server-key.pem", '-out', "$dir/server.csr");
	spew("$dir/server.ext", "subjectAltName = $names\n");
	_openssl(qw(x509 -req -days 3 -CAcreateserial -in), "$dir/server.csr", '-CA', "$dir/ca.pem", '-CAkey', "$dir/ca-key.pem",
		'-extfile', "$dir/server.ext", '-out', "$dir/server-cert.pem");
	chmod 0644, glob "$dir/*.pem";
	return ("--ssl-ca=$dir/ca.pem", "--ssl-cert=$dir/server-cert.pem", "--ssl-key=$dir/server-key.pem");
}

sub _openssl {
	my (@arguments) = @_;
	my %result = run_command(['openssl', @arguments]);
	die "openssl @arguments: $result{stderr}\n" if $result{rc} != 0;
	return;
}

sub DESTROY {
	my ($self) = @_;
	if (delete $self->{drop} and $$ == $owner) {
		local ($?, $@);
		eval { $self->run("DROP DATABASE IF EXISTS `$self->{dbname}`") };
	}
	$self->SUPER::DESTROY;
	return;
}

1;
