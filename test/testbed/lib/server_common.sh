# What Postgres and MySQL servers share.

existing() {
	NAME=$1
	DIR=$ALKCONV_RUN/servers/$NAME
	[ -e "$DIR/kind" ] || die "no server named $NAME"
}

# A port nobody uses now; taken from the kernel, so two runs do not get the same.
free_port() {
	perl -MSocket -e 'socket(S, PF_INET, SOCK_STREAM, 0); bind(S, sockaddr_in(0, INADDR_LOOPBACK)) or die;
		print +(sockaddr_in(getsockname(S)))[0], "\n"'
}

# Sets AS to what makes a command run as the account of a server: Postgres refuses to run as root. Empty when we are not root.
as_user() { # USER
	AS=()
	[ "$(id -u)" != 0 ] || AS=(setpriv --reuid="$1" --regid="$1" --init-groups)
}

own_by() { # USER PATH...
	local user=$1
	shift
	[ "$(id -u)" != 0 ] || chown -R "$user:" "$@"
}

# copy_template NAME RECIPE MAKER...: an initialised data folder, made once for each content of the file RECIPE (MAKER gets the
# folder) and kept in the cache; copied to DIR/data.
copy_template() {
	local name=$ALKCONV_RUN/cache/templates/$1 template
	template=$name-$(sha256sum <"$2" | cut -c 1-8)
	shift 2
	(
		flock 9
		if [ ! -d "$template" ]; then
			rm -rf --one-file-system "$name"-*
			mkdir -p "$name-new"
			"$@" "$name-new"
			mv "$name-new" "$template"
		fi
		cp -a --reflink=auto "$template" "$DIR/data"
	) 9>"$name.lock"
}

alive() { [ -e "$DIR/pid" ] && kill -0 "$(cat "$DIR/pid")" 2>/dev/null; }

stop_one() { # fast|kill
	local pid signal=TERM waited=0
	alive || { rm -f "$DIR/pid"; return 0; }
	pid=$(cat "$DIR/pid")
	if [ "$1" = kill ]; then
		signal=KILL
	elif [ "$(cat "$DIR/kind")" = postgres ]; then
		signal=INT
	fi
	kill -"$signal" "$pid" 2>/dev/null || true
	while alive; do
		sleep 0.05
		waited=$((waited + 1))
		[ $waited -lt 400 ] || { kill -KILL "$pid" 2>/dev/null || true; }
	done
	rm -f "$DIR/pid"
}

write_env() { # NAME=VALUE...
	printf '%s\n' "NAME=$NAME" "$@" >"$DIR/env"
}
