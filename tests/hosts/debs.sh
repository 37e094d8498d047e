# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The Debian packages, built as docs/install.md says in a root of the release
# that they are for. Needs tests/lib/suite.sh, debroot.sh and document.sh.

# What the release is that a test is about, unless more are asked for.
# shellcheck disable=SC2034 # the suites use it
DEBS_RELEASES=${HOSTPASS_RELEASES:-bookworm}

# The version in debian/changelog, without the revision.
debs_version()
{
	sed -n '1s/.*(\(.*\)-[^-]*).*/\1/p' "$TOP/debian/changelog"
}

# debs_dir RELEASE [NAME]: where the packages are.
debs_dir()
{
	echo "$HOSTPASS_BUILD/debs/$1${2:+-$2}"
}

# The tarball of a release, from the tree `plain`.
debs_tarball()
{
	make -C "$HOSTPASS_BUILD/plain" dist
}

# A root with what building needs; kept as a starting point.
debs_prepare()
{
	debroot_base "$1" && debroot_new "$1" tools &&
		debs_put "$1" tools / &&
		debroot_run "$1" tools sh -ec '
			apt-get install --yes --no-install-recommends \
				build-essential xz-utils lintian
			cd /tmp; tar -xf /hostpass-*.tar.xz; cd hostpass-*
			apt-get build-dep --yes --no-install-recommends ./'
}

# debs_put RELEASE NAME DIRECTORY: the tarball, into a root.
debs_put()
{
	local to
	to=$(debroot_upper "$1" "$2")$3

	mkdir -p "$to"
	cp "$HOSTPASS_BUILD/plain/hostpass-$(debs_version).tar.xz" "$to"
}

# debs_build RELEASE NAME DIRECTORY [COMMAND]: the block deb-build in a root
# with the tools, below DIRECTORY, with DEB_BUILD_OPTIONS as it is here; first
# COMMAND changes the unpacked sources.
debs_build()
{
	local script
	script=$(document_block docs/install.md deb-build) || return
	[ -z "${4:-}" ] || script=${script/dpkg-buildpackage/"$4"$'\n'dpkg-buildpackage}

	debroot_new "$1" "$2" tools && debs_put "$1" "$2" "$3" &&
		debroot_run "$1" "$2" env -C "$3" \
			DEB_BUILD_OPTIONS="${DEB_BUILD_OPTIONS:-}" \
			sh -c "$script" &&
		debs_take "$1" "$2" "$3"
}

debs_take()
{
	local to
	to=$(debs_dir "$1" "$2")

	rm -rf "$to"
	mkdir -p "$to"
	cp "$(debroot_upper "$1" "$2")$3"/*.{deb,buildinfo,changes} "$to"
}
