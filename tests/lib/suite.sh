# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What the suites share. A suite starts with
#	. "$(dirname -- "$0")/../lib/suite.sh"
# and ends with suite_finish. Everything that is built goes below
# $HOSTPASS_BUILD, every log to $HOSTPASS_LOGS, or logs below that; the checkout
# is left as it is but for what autoreconf makes.
set -u

TOP=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd) || exit 1
suite=$(basename -- "$0")
if [ -z "${HOSTPASS_BUILD:-}" ]; then
	HOSTPASS_BUILD=$(mktemp -d "/tmp/hostpass-$suite.XXXXXX") || exit 1
	echo "building in $HOSTPASS_BUILD"
fi
LOGS=${HOSTPASS_LOGS:-$HOSTPASS_BUILD/logs}
mkdir -p "$LOGS" || exit 1
JOBS=-j$(nproc)
passed=0 failed=0 skipped=0

# What is needed to build: the libraries of configure.ac and the tools.
# shellcheck disable=SC2034 # the suites use it
BUILD_PACKAGES=(build-essential autoconf automake libtool pkg-config xz-utils
	binutils libevent-dev libcurl4-openssl-dev libjson-c-dev libssl-dev
	libqrencode-dev libsqlite3-dev libinih-dev libsystemd-dev libpam0g-dev
	libcrypt-dev libpwquality-dev cracklib-runtime libcmocka-dev
	libnss-wrapper)

pass() { passed=$((passed + 1)); }
fail() { failed=$((failed + 1)); echo "FAILED: $*"; }
skip() { skipped=$((skipped + 1)); echo "skip: $1 ($2)"; }

# The last words of a suite.
suite_finish()
{
	echo "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
	exit
}

# run "what it does" LOGNAME COMMAND...: say it, do it, time it; the output
# goes to the log.
run()
{
	local what=$1 log=$LOGS/$suite-$2.log begun=$SECONDS
	shift 2

	if "$@" >"$log" 2>&1 </dev/null; then
		echo "$what ($((SECONDS - begun)) s)"
		return 0
	fi
	echo "$what: failed after $((SECONDS - begun)) s; see $log"
	return 1
}

# The same, with the end of the log on the screen if the command fails.
step()
{
	run "$@" && return 0
	tail -n 30 "$LOGS/$suite-$2.log" | sed 's/^/   | /'
	return 1
}

# The same for a step that is a test of its own.
check()
{
	if step "$@"; then pass; else fail "$1"; fi
}

# The same for a step that everything after it needs.
require()
{
	step "$@" || { fail "$1"; suite_finish; }
}

# Installing must not start services on this machine: a policy-rc.d says so
# while apt runs, unless the machine has one of its own.
install_packages()
(
	policy=/usr/sbin/policy-rc.d
	if [ ! -e "$policy" ]; then
		trap 'rm -f "$policy"' EXIT
		printf '#!/bin/sh\nexit 101\n' >"$policy"
		chmod +x "$policy"
	fi
	export DEBIAN_FRONTEND=noninteractive
	apt-get -o DPkg::Lock::Timeout=300 update &&
		apt-get -o DPkg::Lock::Timeout=300 install -y \
			--no-install-recommends "$@"
)

# packages NAME...: install what is missing. Where there is no apt, configure
# says what it misses.
packages()
{
	local name missing=()

	command -v dpkg-query >/dev/null || return 0
	for name in "$@"; do
		dpkg-query -W -f '${db:Status-Status}\n' "$name" 2>/dev/null |
			grep -qx installed || missing+=("$name")
	done
	[ "${#missing[@]}" -gt 0 ] || return 0
	if [ "$(id -u)" -ne 0 ]; then
		fail "please install, as root: apt-get install ${missing[*]}"
		suite_finish
	fi
	require "install ${missing[*]}" packages install_packages "${missing[@]}"
}

has_runtime()
{
	echo 'int main(void) { return 0; }' | "$1" \
		-fsanitize=address,undefined -x c -o /dev/null - 2>/dev/null
}

# All to build with clang and its sanitizers, whose runtimes some Debians have
# in a package that clang only recommends.
clang_packages()
{
	packages "${BUILD_PACKAGES[@]}" clang
	has_runtime clang || packages \
		"libclang-rt-$(clang -dumpversion | cut -d. -f1)-dev"
}

# Make configure, if it is not there or older than what it is made of. Another
# suite may want it at the same time.
make_configure()
(
	cd "$TOP" && exec 9<configure.ac && flock 9 || exit
	[ ! -e configure ] || [ -n "$(find . -name .git -prune -o \
		\( -name configure.ac -o -name '*.mk' -o -name '*.am' \
		-o -name '*.m4' ! -name aclocal.m4 \) -newer configure \
		-print)" ] || exit 0
	autoreconf -i && touch configure
)

# build_tree NAME [ARGUMENT...]: configure with these, once, and build
# everything in $HOSTPASS_BUILD/NAME. Warnings are errors.
build_tree()
{
	local name=$1 dir=$HOSTPASS_BUILD/$1
	shift

	mkdir -p "$dir"
	require "autoreconf" autoreconf make_configure
	if [ ! -e "$dir/Makefile" ] ||
		[ "$TOP/configure $*" != "$(cat "$dir/configured" 2>&1)" ]; then
		require "configure $name --enable-werror${*:+ $*}" \
			"$name-configure" \
			env -C "$dir" "$TOP/configure" --enable-werror "$@"
		echo "$TOP/configure $*" >"$dir/configured"
	fi
	require "make $name" "$name-make" make -C "$dir" "$JOBS" all
}

# make_check NAME WHAT [ARGUMENT...]: `make check` in that tree. What its TAP
# programs said is added to the counts.
make_check()
{
	local dir=$HOSTPASS_BUILD/$1 what=$2 log=$1-check ok=yes p f line
	shift 2

	find "$dir/tests" -name '*.trs' -delete
	run "$what" "$log" make -C "$dir" "$JOBS" check "$@" || ok=no
	p=$(results "$dir" 'PASS\|XFAIL')
	f=$(results "$dir" 'FAIL\|XPASS\|ERROR')
	echo "  $(find "$dir/tests" -name '*.trs' | wc -l) programs:" \
		"$p checks passed, $f failed"
	passed=$((passed + p)) failed=$((failed + f))
	[ "$f" -eq 0 ] || show_failed "$dir"
	if [ "$ok" = no ] && [ "$f" -eq 0 ]; then
		tail -n 30 "$LOGS/$suite-$log.log" | sed 's/^/   | /'
		fail "$what"
	fi
	while read -r line; do
		line=${line/\# SKIP/- }
		skip "${line%% *}" "${line#* - }"
	done < <(sed -n 's/^SKIP: //p' "$LOGS/$suite-$log.log")
}

# How many results of this kind the test programs of a tree had.
results()
{
	find "$1/tests" -name '*.trs' \
		-exec grep -h "^:test-result: \\($2\\)\$" {} + | wc -l
}

# What the test programs that failed said, without what passed.
show_failed()
{
	local trs log

	find "$1/tests" -name '*.trs' -exec \
		grep -l '^:test-result: \(FAIL\|XPASS\|ERROR\)$' {} + |
	while read -r trs; do
		log=${trs%.trs}.log
		echo "   | $log:"
		grep -av '^\(ok\|PASS:\|FAIL:\) ' "$log" | tail -n 30 |
			sed 's/^/   | /'
	done
}
