# What each root file system holds. A changed list (or recipe, see roots.sh) makes a new root file system.

packages_common="ca-certificates tzdata ccache g++ make cmake pkg-config libgtest-dev perl libipc-run-perl libsimdjson-dev
	liblz4-dev zlib1g-dev libssl-dev openssl procps iproute2 mount rsync"

# The Debian suite of a root file system; what only one part of the tests needs is in one of its own: PostGIS, TimescaleDB.
suite_of() {
	case $1 in
	postgis) echo trixie ;;
	timescale) echo sid ;;
	*) echo "$1" ;;
	esac
}

packages_of() {
	case $1 in
	bookworm)
		echo "$packages_common postgresql-15 postgresql-server-dev-15 libmariadb-dev mariadb-server-core mariadb-client-core"
		;;
	trixie)
		echo "$packages_common postgresql-17 postgresql-server-dev-17 libmariadb-dev mariadb-server-core mariadb-client-core" \
			"postgresql-17-mysql-fdw pgloader clang-format clang-tidy clang libclang-rt-dev"
		;;
	postgis)
		echo "$packages_common postgresql-17 postgresql-server-dev-17 postgresql-17-postgis-3 libmariadb-dev mariadb-server-core" \
			"mariadb-client-core"
		;;
	sid)
		echo "$packages_common postgresql-18 postgresql-server-dev-18 libmysqlclient-dev mysql-server-core mysql-client-core"
		;;
	timescale)
		echo "$(packages_of sid) postgresql-18-timescaledb"
		;;
	*) die "no package list for '$1'" ;;
	esac
}
