# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The tarball built for another machine by a cross-compiler, in a root of
# Debian that has the libraries of that machine beside its own, and its tests
# run by the kernel or by qemu. Needs tests/lib/suite.sh and debroot.sh, and
# the tree `plain` with its tarball.

# What configure calls a machine and what Debian calls its directories; how
# its programs are run. The kernel itself runs those of i386.
declare -A cross_host=([i386]=i686-linux-gnu [arm64]=aarch64-linux-gnu
	[s390x]=s390x-linux-gnu)
declare -A cross_triplet=([i386]=i386-linux-gnu [arm64]=aarch64-linux-gnu
	[s390x]=s390x-linux-gnu)
declare -A cross_runner=([i386]='' [arm64]=qemu-aarch64-static
	[s390x]=qemu-s390x-static)

# The packages, one a line: of BUILD_PACKAGES those with headers come from the
# other machine.
cross_packages()
{
	local name

	printf '%s\n' make pkg-config xz-utils cracklib-runtime \
		qemu-user-static "gcc-${cross_host[$1]}" \
		"libpam-modules:$1"
	for name in "${BUILD_PACKAGES[@]}"; do
		[[ $name != lib*-dev ]] || echo "$name:$1"
	done
}

# The libraries of two machines can only be installed in one version, and a
# mirror need not have the same updates for both.
cross_release=bookworm.main

# A root to build in. It is made again when other packages are wanted.
cross_root()
{
	local stamp=$debroots/$cross_release-$1.packages packages

	packages=$(cross_packages "$1")
	[ "$packages" != "$(cat "$stamp" 2>&1)" ] || return 0
	rm -f "$stamp"
	# shellcheck disable=SC2086 # one argument for each
	debroot_new "$cross_release" "$1" &&
		debroot_run "$cross_release" "$1" sh -exc '
		dpkg --add-architecture "$0"
		apt-get -o Acquire::Languages=none update
		apt-get install --yes --no-install-recommends "$@"
		apt-get clean
		' "$1" $packages && echo "$packages" >"$stamp"
}

cross_dir() { echo "$(debroot_upper "$cross_release" "$1")/srv/tree"; }

# cross_run ARCH COMMAND...: in the tree.
cross_run()
{
	local arch=$1
	shift

	debroot_run "$cross_release" "$arch" env -C /srv/tree \
		PKG_CONFIG_LIBDIR="/usr/lib/${cross_triplet[$arch]}/pkgconfig" \
		"$@"
}

# Without optimization: what differs between machines, the front end says.
cross_configure()
{
	local dir
	dir=$(cross_dir "$1")

	rm -rf "$dir"
	mkdir -p "$dir"
	tar -xJf "$HOSTPASS_BUILD"/plain/hostpass-*.tar.xz -C "$dir" \
		--strip-components=1 &&
		cross_run "$1" ./configure --enable-werror CFLAGS=-O0 \
			--host="${cross_host[$1]}" --prefix=/usr \
			--libdir="/usr/lib/${cross_triplet[$1]}" \
			--localstatedir=/var --sysconfdir=/etc
}

cross_make() { cross_run "$1" make "$JOBS" "${@:2}"; }

# cross_check ARCH [TEST...]: run these tests, or all, and count.
cross_check()
{
	local arch=$1 ok=yes p f
	shift

	run "$arch: make check" "$arch-check" cross_make "$arch" -k check \
		TEST_RUNNER="${cross_runner[$arch]}" BUILD_RULES= \
		${1:+TESTS="$*" check_PROGRAMS="$*"} || ok=no
	p=$(results "$(cross_dir "$arch")" 'PASS\|XFAIL')
	f=$(results "$(cross_dir "$arch")" 'FAIL\|XPASS\|ERROR')
	echo "  $p checks passed, $f failed"
	passed=$((passed + p)) failed=$((failed + f))
	[ "$f" -eq 0 ] || show_failed "$(cross_dir "$arch")"
	[ "$ok" = yes ] || [ "$f" -gt 0 ] || fail "$arch: make check"
}

# The snapshot that this machine writes, and what it reads in that of the
# machine that the tests run on, which is HERE/snapshot.
cross_snapshot()
{
	local arch=$1 here=$2 dir
	dir=$(cross_dir "$arch")

	cp "$here/snapshot" "$dir" &&
		cross_make "$arch" tests/nss/sample_write hostpass &&
		cross_run "$arch" sh -exc '
			$0 tests/nss/sample_write ours
			$0 ./hostpass dump snapshot >dump
			' ${cross_runner[$arch]:-env} &&
		cmp "$here/snapshot" "$dir/ours" &&
		cmp "$here/dump" "$dir/dump"
}

# Programs of that machine find alice by its C library, which loads the module
# and reads the snapshot that was written here. NAME... are those of nss_probe.
cross_lookups()
{
	local arch=$1 here=$2 dir
	shift 2
	dir=$(cross_dir "$arch")

	cp "$here/snapshot" "$dir" &&
		cross_make "$arch" tests/nss/nss_probe &&
		cross_run "$arch" sh -exc '
			to=/usr/lib/$0
			install nss/.libs/libnss_hostpass.so.2 "$to"
			install -D -m 644 snapshot /var/lib/hostpass/snapshot
			printf "%s: files hostpass\n" passwd group \
				>/etc/nsswitch.conf
			for name; do
				'"${cross_runner[$arch]}"' \
				tests/nss/nss_probe "$name" alice admins
			done' "${cross_triplet[$arch]}" "$@"
}
