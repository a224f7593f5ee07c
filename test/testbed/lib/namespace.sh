#!/bin/bash
# namespace.sh SESSION PLATFORM CACHE ROOTS ENVIRONMENT COMMAND...: first process of the private namespaces. Puts the root
# file systems together and becomes `inside`. ROOTS is "suite=path ..."; the first is the one entered, the others appear in
# it at /suite. Everything of this run is at /run/alkconv in each of them, so that a socket has one path.
set -eu
session=$1 platform=$2 cache=$3 roots=$4 environment=$5
shift 5
mount --make-rprivate /
mnt=$session/$platform/mnt
mkdir -p "$mnt"
# The writable layers lie beside the session; where that file system cannot carry an overlay, in memory.
layers=$session/$platform/layers
mkdir -p "$layers"

overlay() {
	mkdir -p "$layers/$1/upper" "$layers/$1/work" "$mnt/$1"
	if ! mount -t overlay overlay -o "lowerdir=$2,upperdir=$layers/$1/upper,workdir=$layers/$1/work" "$mnt/$1" 2>/dev/null; then
		mountpoint -q "$layers" || mount -t tmpfs tmpfs "$layers"
		mkdir -p "$layers/$1/upper" "$layers/$1/work"
		mount -t overlay overlay -o "lowerdir=$2,upperdir=$layers/$1/upper,workdir=$layers/$1/work" "$mnt/$1"
	fi
	mount -t proc proc "$mnt/$1/proc"
	mount --rbind /dev "$mnt/$1/dev"
	mount -t tmpfs -o mode=1777 tmpfs "$mnt/$1/dev/shm"
	mkdir -p "$mnt/$1/run/alkconv" "$mnt/$1/alkconv"
	mount --bind "$session/$platform" "$mnt/$1/run/alkconv"
	[ -s "$mnt/$1/etc/hosts" ] || printf '127.0.0.1 localhost\n' >"$mnt/$1/etc/hosts"
}

mkdir -p "$session/$platform/src" "$session/$platform/cache/build" "$session/$platform/cache/templates"
mount --bind "$session/src" "$session/$platform/src"
mount -o remount,bind,ro "$session/$platform/src"
mount --bind "$cache/build" "$session/$platform/cache/build"
mount --bind "$cache/templates" "$session/$platform/cache/templates"

first=""
mapfile -t variables <<<"$environment"
for root in $roots; do
	suite=${root%%=*}
	overlay "$suite" "${root#*=}"
	variables+=("TB_ROOT_ID_$suite=${root##*/}")
	# The bind above is not recursive.
	for dir in src cache/build cache/templates; do
		mount --bind "$session/$platform/$dir" "$mnt/$suite/run/alkconv/$dir"
	done
	if [ -z "$first" ]; then
		first=$suite
	else
		mkdir -p "$mnt/$first/$suite"
		mount --rbind "$mnt/$suite" "$mnt/$first/$suite"
	fi
done
cd /
exec chroot "$mnt/$first" /usr/bin/env -i "${variables[@]}" \
	PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 LC_ALL=C.UTF-8 \
	ALKCONV_RUN=/run/alkconv ALKCONV_SRC=/alkconv \
	/bin/bash /run/alkconv/src/test/testbed/inside "$@"
