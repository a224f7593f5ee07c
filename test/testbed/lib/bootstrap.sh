#!/bin/bash
# bootstrap.sh SUITE DIR MIRROR PACKAGE...: fills DIR with a root file system of a Debian suite. Run in namespaces of its own.
#
# The Release file of sid may be past its date on a mirror that lags; its signature is still checked.
set -eu -o pipefail
suite=$1 dir=$2 mirror=$3
shift 3
mount --make-rprivate /
export DEBIAN_FRONTEND=noninteractive LC_ALL=C

write_mysql_user() { # the server packages without service do not make one
	chroot "$dir" sh -c 'getent passwd mysql >/dev/null || useradd --system --user-group --no-create-home --shell /usr/sbin/nologin mysql'
}

if command -v mmdebstrap >/dev/null; then
	mmdebstrap --mode=root --variant=apt --format=directory \
		--aptopt='Acquire::Check-Valid-Until "false"' --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Retries "3"' \
		--dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' \
		--include="$(printf '%s,' "$@" | sed 's/,$//')" "$suite" "$dir" "$mirror"
else
	debootstrap --variant=minbase "$suite" "$dir" "$mirror"
	cat >"$dir/etc/apt/apt.conf.d/99testbed" <<-'CONF'
		Acquire::Check-Valid-Until "false";
		Acquire::Retries "3";
		APT::Install-Recommends "false";
	CONF
	printf 'path-exclude=/usr/share/%s/*\n' man doc locale info >"$dir/etc/dpkg/dpkg.cfg.d/99testbed"
	printf '#!/bin/sh\nexit 101\n' >"$dir/usr/sbin/policy-rc.d" # no service starts in there
	chmod 755 "$dir/usr/sbin/policy-rc.d"
	mount -t proc proc "$dir/proc"
	chroot "$dir" apt-get -q update
	chroot "$dir" apt-get -q install -y "$@"
	chroot "$dir" apt-get clean
	umount "$dir/proc"
fi
write_mysql_user
printf '127.0.0.1 localhost\n::1 localhost ip6-localhost\n' >"$dir/etc/hosts"
