# The platforms: which root file system, Postgres, client library and source server make up each of them.
#
#   name          root      Postgres  client    source   its root
platform_table() {
	cat <<'TABLE'
	pg17-mysql    trixie    17        mariadb   mysql    sid
	pg17-mariadb  trixie    17        mariadb   mariadb  trixie
	pg18-mysql    sid       18        mysql     mysql    sid
	pg18-mariadb  sid       18        mysql     mariadb  trixie
	pg15-mysql    bookworm  15        mariadb   mysql    sid
	pg15-mariadb  bookworm  15        mariadb   mariadb  bookworm
	postgis-mysql   postgis  17       mariadb   mysql    sid
	postgis-mariadb postgis  17       mariadb   mariadb  postgis
	timescale-mysql timescale 18      mysql     mysql    timescale
TABLE
}

platform_names() { platform_table | awk '{ print $1 }'; }

# platform_load NAME: sets P_NAME P_ROOT P_PG P_CLIENT P_FLAVOR P_SOURCE_ROOT.
platform_load() {
	local row
	row=$(platform_table | awk -v name="$1" '$1 == name')
	[ -n "$row" ] || die "unknown platform '$1'; there are: $(platform_names | xargs)"
	read -r P_NAME P_ROOT P_PG P_CLIENT P_FLAVOR P_SOURCE_ROOT <<<"$row"
}

# The root file systems that a platform needs, its own first.
platform_roots() {
	platform_load "$1"
	echo "$P_ROOT"
	[ "$P_ROOT" = "$P_SOURCE_ROOT" ] || echo "$P_SOURCE_ROOT"
}
