# Messages of the test bed, all on stderr so that the output of what it runs stays clean.

say() { printf 'testbed: %s\n' "$*" >&2; }
loud() { printf '\ntestbed: *** %s ***\n\n' "$*" >&2; }
die() {
	printf 'testbed: error: %s\n' "$*" >&2
	exit 1
}
