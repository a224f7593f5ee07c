# TESTBED=host: the same on this machine's own Postgres, client library and MariaDB (or MySQL), for where root file systems
# cannot be made. Nothing is installed into the system's Postgres: the servers run from a private prefix made of links.

host_packages() {
	local major=${1:-}
	echo "$packages_common postgresql-$major postgresql-server-dev-$major"
	command -v mysql_config >/dev/null && ! command -v mariadb_config >/dev/null || echo libmariadb-dev
	command -v mariadbd >/dev/null || command -v mysqld >/dev/null || echo mariadb-server-core
	command -v mariadb >/dev/null || command -v mysql >/dev/null || echo mariadb-client-core
}

# The newest Postgres here, or the one apt would install.
host_postgres() {
	local bin
	bin=$(ls -d /usr/lib/postgresql/*/bin/postgres 2>/dev/null | sort -V | tail -n 1)
	if [ -n "$bin" ]; then
		bin=${bin%/bin/postgres}
		echo "${bin##*/}"
	else
		apt-cache depends postgresql 2>/dev/null | sed -n 's/.*Depends: postgresql-\([0-9]*\)$/\1/p' | head -n 1
	fi
}

host_prepare() {
	local missing=() package
	[ "$(id -u)" != 0 ] || apt-cache show postgresql >/dev/null 2>&1 || apt-get -q update >&2
	HOST_PG=$(host_postgres)
	[ -n "$HOST_PG" ] || die "TESTBED=host: this machine has no Postgres, and apt knows none"
	for package in $(host_packages "$HOST_PG"); do
		dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
	done
	if [ ${#missing[@]} -gt 0 ]; then
		[ "$(id -u)" = 0 ] || die "TESTBED=host needs packages; as root: apt-get install --no-install-recommends ${missing[*]}"
		loud "installing on this machine: ${missing[*]}"
		RUNLEVEL=1 apt_install "${missing[@]}" || die "apt-get failed"
	fi
}

host_flavor() { if command -v mariadbd >/dev/null; then echo mariadb; else echo mysql; fi; }
host_platform_name() { echo "host-$(host_flavor)"; }

# The counterpart of the chroot: a clean environment, and what was started is stopped by recorded pid when it ends.
host_platform() {
	local name=$1 run=$SESSION/$1
	shift
	[ ${#run} -le 60 ] || die "$run is too long for sockets: set ALKCONV_TESTBED_CACHE to a shorter path"
	P_NAME=$name P_ROOT=host P_SOURCE_ROOT=host P_FLAVOR=$(host_flavor) P_PG=$HOST_PG
	if command -v mariadb_config >/dev/null; then P_CLIENT=mariadb; else P_CLIENT=mysql; fi
	mkdir -p "$run/cache" "$run/tree"
	ln -sfn "$SESSION/src" "$run/src"
	ln -sfn "$CACHE/build" "$run/cache/build"
	ln -sfn "$CACHE/templates" "$run/cache/templates"
	host_prefix "$run/prefix" "$HOST_PG"
	mapfile -t variables < <(platform_environment)
	env --default-signal=INT,QUIT -i "${variables[@]}" PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
		HOME="$HOME" LANG=C.UTF-8 LC_ALL=C.UTF-8 ALKCONV_RUN="$run" ALKCONV_SRC="$run/tree" \
		setpriv --pdeathsig TERM bash "$run/src/test/testbed/inside" "$@" <&3 &
	ENTERED=$!
	wait "$ENTERED"
}

# Postgres finds its files relative to its binaries: real binaries, links to everything else, room for the extension.
host_prefix() { # PREFIX MAJOR
	local lib=$1/usr/lib/postgresql/$2 share=$1/usr/share/postgresql/$2
	mkdir -p "$lib/lib" "$share/extension" "$1/usr/include"
	cp -a "/usr/lib/postgresql/$2/bin" "$lib/"
	ln -s "/usr/lib/postgresql/$2/lib/"* "$lib/lib/"
	find "/usr/share/postgresql/$2" -mindepth 1 -maxdepth 1 ! -name extension -exec ln -s -t "$share" {} +
	ln -s "/usr/share/postgresql/$2/extension/"* "$share/extension/"
	ln -s /usr/include/postgresql "$1/usr/include/postgresql"
}
