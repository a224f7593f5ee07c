# A MySQL or MariaDB server. Its zone is neither UTC nor Postgres', so that a session that forgets to pin its own shows.
#
# Accounts, all from anywhere (we listen on loopback only) and with the password of the run:
#   root    everything
#   reader  SELECT and what a consistent snapshot over several connections takes
#   plain   SELECT only

# The root file system that holds the server of this flavour: prefix for commands, empty when it is the one we are in.
mysql_root() { # FLAVOR
	local root
	if [ "$TB_MODE" = host ]; then
		return
	elif [ "$1" = "$TB_FLAVOR" ]; then
		root=$TB_SOURCE_ROOT
	elif [ "$1" = mariadb ] && [ -x /usr/sbin/mariadbd ]; then
		root=$TB_ROOT
	elif [ "$1" = mysql ] && [ -x /usr/sbin/mysqld ] && [ ! -L /usr/sbin/mysqld ]; then
		root=$TB_ROOT
	else
		die "there is no $1 on $TB_PLATFORM"
	fi
	[ "$root" = "$TB_ROOT" ] || echo "/$root"
}

in_root() { # ROOT COMMAND...
	local root=$1
	shift
	if [ -n "$root" ]; then
		chroot "$root" "$@"
	else
		"$@"
	fi
}

mysql_account() { [ "$(id -u)" != 0 ] && id -un || { getent passwd mysql >/dev/null && echo mysql || echo postgres; }; }
mysql_as() { # ROOT: the option that makes a server started by root leave that account
	[ "$(id -u)" != 0 ] || echo "--user=$(mysql_account)"
}

# chown by the numbers of the server's own root file system.
mysql_own() { # ROOT PATH...
	local root=$1
	shift
	[ "$(id -u)" != 0 ] || in_root "$root" chown -R "$(mysql_account):" "$@"
}

mysql_daemon() { # FLAVOR
	if [ "$1" = mariadb ]; then echo mariadbd; else echo mysqld; fi
}

mysql_initialize() { # FLAVOR ROOT DIR
	local root=$2 dir=$3
	mysql_own "$root" "$dir"
	if [ "$1" = mariadb ]; then
		in_root "$root" mariadb-install-db --no-defaults --datadir="$dir" $(mysql_as) --auth-root-authentication-method=normal \
			--skip-test-db --innodb-log-file-size=128M >&2
	else
		rmdir "$dir"
		mkdir -p "$dir"
		mysql_own "$root" "$dir"
		in_root "$root" mysqld --no-defaults --initialize-insecure --datadir="$dir" $(mysql_as) \
			--innodb-redo-log-capacity=128M --innodb-doublewrite=OFF --log-error-verbosity=1 >&2
	fi
	rm -f "$dir/auto.cnf" # every server an identity of its own
}

mysql_make() { # FLAVOR
	local flavor=$1 root root_id
	root=$(mysql_root "$flavor")
	root_id=TB_ROOT_ID_${root#/}
	[ -n "$root" ] || root_id=TB_ROOT_ID_$TB_ROOT
	copy_template "${!root_id:-host-$(id -u)}-$flavor" "$TB/lib/server_mysql.sh" mysql_initialize "$flavor" "$root"
	mkdir -p "$DIR/sock"
	mysql_accounts "$flavor" >"$DIR/init.sql"
	{
		mysql_settings "$flavor"
		sed -n 's/^--//p' "$DIR/options" # last one wins
	} >"$DIR/my.cnf"
	mysql_own "$root" "$DIR"
	chmod 700 "$DIR/data"
	chmod 755 "$DIR" "$DIR/sock"
	mysql_client "$flavor" "$root"
}

mysql_accounts() { # FLAVOR
	local password snapshot="RELOAD, LOCK TABLES, SHOW VIEW, REPLICATION CLIENT"
	password=$(cat "$ALKCONV_RUN/password")
	if [ "$1" = mariadb ]; then
		snapshot="RELOAD, LOCK TABLES, SHOW VIEW, BINLOG MONITOR"
		# No anonymous accounts, and none for root that would come before root@'%'.
		echo "DELETE FROM mysql.global_priv WHERE User = '' OR (User = 'root' AND Host NOT IN ('localhost', '%'));"
		echo "DELETE FROM mysql.proxies_priv WHERE Host NOT IN ('localhost', '%');"
		echo "FLUSH PRIVILEGES;"
	fi
	cat <<-SQL
		ALTER USER 'root'@'localhost' IDENTIFIED BY '$password';
		CREATE USER IF NOT EXISTS 'root'@'%', 'reader'@'%', 'plain'@'%';
		ALTER USER 'root'@'%' IDENTIFIED BY '$password', 'reader'@'%' IDENTIFIED BY '$password', 'plain'@'%' IDENTIFIED BY '$password';
		GRANT ALL PRIVILEGES ON *.* TO 'root'@'%' WITH GRANT OPTION;
		GRANT SELECT, $snapshot ON *.* TO 'reader'@'%';
		GRANT SELECT ON *.* TO 'plain'@'%';
	SQL
}

mysql_settings() { # FLAVOR
	local redo=128M
	cat <<-CONF
		[mysqld]
		datadir = $DIR/data
		socket = $DIR/sock/mysqld.sock
		pid-file = $DIR/data/mysqld.pid
		log-error = $ALKCONV_RUN/logs/$NAME.server.log
		init-file = $DIR/init.sql
		bind-address = 127.0.0.1
		port = $(cat "$DIR/port")
		skip-name-resolve
		max-connect-errors = 1000000
		max-connections = 100
		max-allowed-packet = 256M
		secure-file-priv =
		local-infile = ON
		server-id = 1
		log-bin = binlog
		default-time-zone = -03:30
		character-set-server = utf8mb4
		performance-schema = OFF
	CONF
	if [ "${TB_PROFILE:-check}" = bench ]; then
		redo=2G
		printf '%s\n' "innodb-buffer-pool-size = 2G" "innodb-doublewrite = OFF"
		# Clients differ in whether they encrypt, which costs time.
		if [ "$1" = mariadb ]; then echo "ssl = OFF"; else echo "tls-version ="; fi
	else
		printf '%s\n' "innodb-buffer-pool-size = 256M" "innodb-flush-log-at-trx-commit = 0" "sync-binlog = 0" "innodb-doublewrite = OFF"
		[ "$1" = mariadb ] || echo "innodb-flush-method = nosync"
	fi
	if [ "$1" = mariadb ]; then
		echo "innodb-log-file-size = $redo"
	else
		printf '%s\n' "mysqlx = OFF" "gtid-mode = ON" "enforce-gtid-consistency = ON" "innodb-redo-log-capacity = $redo"
	fi
}

# A command that is the command line client, connected as root; takes options, a database, a script on its input.
mysql_client() { # FLAVOR ROOT
	local program=mysql
	[ "$1" != mariadb ] || program=mariadb
	cat >"$DIR/client.cnf" <<-CONF
		[client]
		host = 127.0.0.1
		port = $(cat "$DIR/port")
		user = root
		password = $(cat "$ALKCONV_RUN/password")
		default-character-set = utf8mb4
		[${program/mariadb/mariadb-client}]
		max-allowed-packet = 256M
		local-infile = ON
	CONF
	# Newer versions refuse servers without TLS, or to send a password to them, which tests start on purpose.
	if [ "$1" = mariadb ]; then echo "skip-ssl-verify-server-cert"; else echo "get-server-public-key"; fi >>"$DIR/client.cnf"
	cat >"$DIR/client" <<-SCRIPT
		#!/bin/sh
		exec ${2:+chroot $2 }$program --defaults-file=$DIR/client.cnf "\$@"
	SCRIPT
	chmod 755 "$DIR/client"
}

mysql_start() { # FLAVOR
	local flavor=$1 root version waited=0 port
	root=$(mysql_root "$flavor")
	port=$(cat "$DIR/port")
	local daemon log=$ALKCONV_RUN/logs/$NAME.server.log
	daemon=$(mysql_daemon "$flavor")
	[ -e "$log" ] || : >"$log"
	mysql_own "$root" "$log"
	if [ -n "$root" ]; then
		setsid chroot "$root" "$daemon" --defaults-file="$DIR/my.cnf" $(mysql_as) >"$DIR/out" 2>&1 </dev/null \
			3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
	else
		setsid "$daemon" --defaults-file="$DIR/my.cnf" $(mysql_as) >"$DIR/out" 2>&1 </dev/null \
			3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
	fi
	echo $! >"$DIR/pid"
	until version=$("$DIR/client" -h localhost -S "$DIR/sock/mysqld.sock" -N -B -e 'SELECT VERSION()' 2>"$DIR/client.err"); do
		sleep 0.1
		waited=$((waited + 1))
		if ! alive || [ $waited -ge 900 ]; then
			tail -n 30 "$log" "$DIR/out" "$DIR/client.err" >&2
			die "$flavor '$NAME' does not start"
		fi
	done
	write_env "FLAVOR=$flavor" HOST=127.0.0.1 "PORT=$port" "SOCKET=$DIR/sock/mysqld.sock" "PID=$(cat "$DIR/pid")" \
		"DATA=$DIR/data" "LOG=$log" "CLIENT=$DIR/client" "VERSION='$version'"
}
